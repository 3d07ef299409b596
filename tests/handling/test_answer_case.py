"""Answering the customer, at /kasittely/<id>/vastaa/."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.errors import CaseAlreadyAnswered, CaseAlreadyClosed
from palauteketju.handling.models import Case, Message

ANSWER = "Kiitos palautteesta. Korjasimme jonotuksen."


@pytest.fixture
def url(case):
    return f"/kasittely/{case.pk}/vastaa/"


@pytest.fixture
def sending():
    return {"kind": "response", "text": ANSWER, "step": "send"}


def test_it_works(client, people, case, url, sending):
    client.force_login(people.aino)
    response = client.post(url, sending)

    assert response.url == f"/kasittely/{case.pk}/"
    case.refresh_from_db()
    assert case.outcome == Case.Outcome.ANSWERED
    assert case.answered_at == case.closed_at == case.first_reaction_at
    message = case.messages.get()
    assert (message.kind, message.text, message.author) == ("response", ANSWER, people.aino)
    assert Entry.objects.last().action == "handling.case.answered"


def test_it_is_shown_as_the_customer_will_see_it_before_it_is_sent(english, people, case, url, sending):
    english.force_login(people.aino)
    response = english.post(url, sending | {"step": "preview"})

    page = response.content.decode()
    assert "This is what the customer sees" in page
    assert ANSWER in page
    assert "Aino" not in page.split('class="preview"')[1].split("</div>")[0]
    assert not Message.objects.exists()


def test_the_preview_speaks_the_language_of_the_customers_form(english, people, open_case, sending):
    case = open_case(language="sv")
    english.force_login(people.aino)
    page = english.post(f"/kasittely/{case.pk}/vastaa/", sending | {"step": "preview"}).content.decode()
    shown = page.split('class="preview"')[1].split("</ol>")[0]
    assert '<p lang="sv">' in shown
    assert "Keskustan terveysasema sv svarar" in shown
    assert "This is what the customer sees" in page


def test_what_cannot_be_sent_is_not_shown_as_if_it_could(english, people, open_case, sending, at):
    """The first answer of a case that stays open until somebody calls."""
    case = open_case(way="phone", value="+358401234567")
    actions.answer(case, "Soitamme sinulle.", by=people.eero, at=at)
    english.force_login(people.aino)
    page = english.post(f"/kasittely/{case.pk}/vastaa/", sending | {"step": "preview"})
    assert page.status_code == 409
    assert "The case has already been answered or closed." in page.content.decode()
    assert ANSWER in page.content.decode()


def test_the_text_can_be_changed_after_the_preview(client, people, case, url, sending):
    client.force_login(people.aino)
    response = client.post(url, sending | {"step": "edit"})
    assert response.status_code == 200
    assert response.context["reply"]["text"].value() == ANSWER


@pytest.mark.parametrize("broken", [{"text": ""}, {"kind": ""}, {"kind": "note"}, {"text": "x" * 5001}])
def test_what_is_missing_or_too_long_is_said_and_nothing_lost(client, people, case, url, sending, broken):
    client.force_login(people.aino)
    response = client.post(url, sending | broken)

    assert response.status_code == 422
    assert response.context["reply"]["text"].value() == (sending | broken)["text"]
    assert not Message.objects.exists()


def test_the_first_answer_stands(client, people, case, url, sending, at):
    actions.answer(case, "Ensimmäinen.", by=people.eero, at=at)

    client.force_login(people.aino)
    response = client.post(url, sending)

    assert response.status_code == 409
    assert ANSWER in response.content.decode()  # it is handed back, for its writer to copy
    assert case.messages.get().text == "Ensimmäinen."


def test_of_two_at_the_same_moment_one_stands(at_once, open_case, people, at):
    case = open_case()
    results = at_once(
        lambda: actions.answer(case, "Ainon vastaus", by=people.aino, at=at),
        lambda: actions.answer(case, "Eeron vastaus", by=people.eero, at=at),
    )

    sent = [result for result in results if isinstance(result, Message)]
    refused = [result for result in results if isinstance(result, CaseAlreadyAnswered)]
    assert (len(sent), len(refused)) == (1, 1)
    assert Message.objects.get().text == sent[0].text
    assert Entry.objects.filter(action="handling.case.answered").count() == 1


def test_a_case_closed_without_an_answer_takes_none(case, people, at):
    actions.close_case(case, Case.Outcome.NO_ANSWER_POSSIBLE, by=people.eero, at=at, done="Asiakas perui.")
    with pytest.raises(CaseAlreadyClosed):
        actions.answer(case, ANSWER, by=people.aino, at=at)


def test_where_nobody_asked_for_an_answer_the_case_stays_open(open_case, people, at):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.", way=None)
    actions.answer(case, ANSWER, by=people.aino, at=at)
    case.refresh_from_db()
    assert case.answered_at == at
    assert not case.is_closed


def test_another_units_handler_finds_nothing(client, people, url, sending):
    client.force_login(people.outi)
    assert client.post(url, sending).status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["mikko", "jaana", "viivi", "aada", "petra"])
def test_only_handlers_answer(client, people, url, sending, name):
    client.force_login(getattr(people, name))
    assert client.post(url, sending).status_code == 404
    assert not Message.objects.exists()


def test_who_lost_the_role_while_writing_sends_nothing(client, people, url, sending):
    client.force_login(people.aino)
    people.aino.roles.all().delete()
    assert client.post(url, sending).status_code == 404
    assert not Message.objects.exists()


def test_the_customer_is_told_by_mail_without_a_word_of_it(open_case, people, postbox, at):
    case = open_case("Salainen asia", way="email", value="matti.asiakas@example.fi")
    message = actions.answer(case, ANSWER, by=people.aino, at=at)
    job = ProcrastinateJob.objects.get(task_name="palauteketju.tell_customer")
    assert job.args == {"message_id": message.pk}

    assert actions.tell_customer(message.pk, at=at)
    assert not actions.tell_customer(message.pk, at=at)

    (mail,) = postbox.taken
    assert mail["To"] == "matti.asiakas@example.fi"
    assert mail["Subject"] == "There is an answer to your feedback"
    assert "/palautteeni/?kieli=en" in mail.get_content()
    for secret in (*ANSWER.split(), "Salainen", "Keskustan", "Aino"):
        assert secret not in mail.as_string() + mail.get_content()


def test_a_customer_who_reads_it_here_is_sent_no_mail(case, people, postbox, at):
    message = actions.answer(case, ANSWER, by=people.aino, at=at)
    assert not ProcrastinateJob.objects.filter(task_name="palauteketju.tell_customer").exists()
    assert not actions.tell_customer(message.pk, at=at + timedelta(minutes=1))
    assert postbox.taken == []


def test_reading_the_page_again_after_a_press_shows_the_case(client, people, case, url):
    client.force_login(people.aino)
    assert client.get(url).url == f"/kasittely/{case.pk}/"
