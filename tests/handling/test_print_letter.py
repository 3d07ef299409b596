"""An answer by letter: written, printed with the address, posted, closed."""

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.models import Case
from palauteketju.handling.replies.letters import letter_data

ANSWER = "Kiitos palautteesta.\nKorjasimme jonotuksen."
ADDRESS = "Maija Mallinen\nEsimerkkikatu 1 A 2\n00100 Helsinki"


@pytest.fixture
def case(open_case):
    return open_case(way="letter", value=ADDRESS, language="fi")


@pytest.fixture
def answered(case, people, at):
    return actions.answer(case, ANSWER, by=people.aino, at=at)


@pytest.fixture
def url(case, answered):
    return f"/kasittely/{case.pk}/kirje/{answered.pk}/"


def test_it_works(client, people, case, answered, url, at):
    client.force_login(people.aino)
    response = client.post(url)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"%PDF-")

    words = letter_data(answered, address=ADDRESS, language="fi", at=at)
    assert words["address"] == ["Maija Mallinen", "Esimerkkikatu 1 A 2", "00100 Helsinki"]
    assert words["paragraphs"] == ["Kiitos palautteesta.", "Korjasimme jonotuksen."]
    assert words["unit"] == "Keskustan terveysasema"
    assert "Aino" not in str({**words, "look": ""})


def test_the_case_stays_open_until_the_letter_is_posted(english, people, case, answered):
    case.refresh_from_db()
    assert case.answered_at
    assert not case.is_closed
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "The answer is written and waits to be posted or told on the phone" in page
    assert "reply-box" not in page
    assert "Close the case when the letter has been posted" in page

    english.post(f"/kasittely/{case.pk}/sulje/", {"outcome": "answered"})
    case.refresh_from_db()
    assert case.outcome == Case.Outcome.ANSWERED


def test_each_printing_is_recorded(client, people, case, answered, url):
    client.force_login(people.eero)
    client.post(url)
    client.post(url)
    entries = Entry.objects.filter(action="handling.contact.read")
    assert [(entry.actor, entry.facts) for entry in entries] == 2 * [(people.eero, {"letter": answered.pk})]


def test_a_question_is_printed_too(client, people, case, at):
    question = actions.ask_clarification(case, "Milloin kävit?", by=people.aino, at=at)
    client.force_login(people.aino)
    response = client.post(f"/kasittely/{case.pk}/kirje/{question.pk}/")
    assert response.content.startswith(b"%PDF-")


def test_it_has_no_address(client, people, case, url):
    client.force_login(people.aino)
    assert client.get(url).url == f"/kasittely/{case.pk}/"


def test_after_the_closing_the_address_is_hidden(client, people, case, url, at):
    actions.close_case(case, Case.Outcome.ANSWERED, by=people.aino, at=at)
    client.force_login(people.aino)
    assert client.post(url).url == f"/kasittely/{case.pk}/"
    assert not Entry.objects.filter(action="handling.contact.read").exists()


@pytest.mark.parametrize("name", ["outi", "mikko", "jaana", "viivi", "aada", "petra"])
def test_only_its_handlers_print_it(client, people, url, name):
    client.force_login(getattr(people, name))
    assert client.post(url).status_code == 404


def test_a_note_is_not_printed(client, people, case, at):
    note = actions.record_note(case, "Sisäinen", by=people.aino, at=at)
    client.force_login(people.aino)
    assert client.post(f"/kasittely/{case.pk}/kirje/{note.pk}/").status_code == 404


def test_another_cases_message_is_not_printed(client, people, case, open_case, answered):
    other = open_case(way="letter", value=ADDRESS)
    client.force_login(people.aino)
    assert client.post(f"/kasittely/{other.pk}/kirje/{answered.pk}/").status_code == 404


def test_who_asked_for_no_letter_gets_none(client, people, open_case, at):
    case = open_case(way="phone", value="+358401234567")
    question = actions.ask_clarification(case, "Milloin?", by=people.aino, at=at)
    client.force_login(people.aino)
    assert client.post(f"/kasittely/{case.pk}/kirje/{question.pk}/").status_code == 404


def test_letters_that_no_font_can_draw_stop_nothing(client, people, case, at):
    message = actions.answer(case, "Kiitos 😀 *ei lihava* #ei", by=people.aino, at=at)
    client.force_login(people.aino)
    response = client.post(f"/kasittely/{case.pk}/kirje/{message.pk}/")
    assert response.content.startswith(b"%PDF-")
