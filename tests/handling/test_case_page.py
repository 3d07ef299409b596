"""The page of a case, at /kasittely/<id>/."""

import pytest

from palauteketju.handling import actions
from palauteketju.handling.models import Case
from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Role

TEXT = "Sinikello-huoneessa isäni jäi ilman hoitoa ja melkein kuoli. <b>Apua</b>"


@pytest.fixture
def case(open_case):
    return open_case(TEXT, way="phone", value="+358401234567")


@pytest.fixture
def url(case):
    return f"/kasittely/{case.pk}/"


def test_it_works(english, people, url):
    english.force_login(people.aino)
    page = english.get(url).content.decode()

    assert "Sinikello-huoneessa isäni jäi ilman hoitoa" in page.replace("<mark>", "").replace("</mark>", "")
    assert "&lt;b&gt;Apua&lt;/b&gt;" in page
    assert "Urgent, an answer was asked for" in page
    assert "17 Nov 2026" in page.replace("\xa0", " ")
    assert "The last day: the deadline is at its end" in page
    assert "Web form" in page
    assert "I got help when I needed it." in page


def test_on_a_phone_it_says_at_the_top_that_it_is_urgent_and_why(english, people, open_case):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.")
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    top = page[page.index('<p class="place">') : page.index("Feedback as written")]
    assert "Urgent" in top
    assert "Danger to life or safety" in top
    assert 'href="#urgency"' in top
    # The controls themselves are there once.
    assert page.count('id="urgency"') == page.count("This is not urgent") == 1
    assert "<button" not in top


def test_of_an_ordinary_case_the_top_says_no_such_thing(english, people, open_case):
    case = open_case()
    english.force_login(people.aino)
    assert 'href="#urgency"' not in english.get(f"/kasittely/{case.pk}/").content.decode()


def test_contact_details_are_not_on_it(client, people, url):
    client.force_login(people.aino)
    assert "401234567" not in client.get(url).content.decode()


def test_contact_details_are_shown_on_a_press(client, people, url):
    client.force_login(people.aino)
    response = client.post(f"{url}yhteystiedot/")
    assert "+358401234567" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_contact_details_have_no_address(client, people, url):
    client.force_login(people.aino)
    response = client.get(f"{url}yhteystiedot/")
    assert response.url == url


def test_contact_details_of_a_closed_case_are_not_shown(client, people, case, url, at):
    actions.answer(case, "Kiitos.", by=people.eero, at=at)
    actions.close_case(case, Case.Outcome.ANSWERED, by=people.aino, at=at, done="Soitettu.")
    client.force_login(people.aino)
    response = client.post(f"{url}yhteystiedot/", follow=True)
    assert "401234567" not in response.content.decode()


@pytest.mark.parametrize("name", ["mikko", "outi", "jaana", "viivi", "aada", "petra"])
def test_only_its_handlers_see_contact_details(client, people, url, name):
    client.force_login(getattr(people, name))
    assert client.post(f"{url}yhteystiedot/").status_code == 404


def test_a_manager_sees_how_it_stands_and_no_word_of_it(english, people, case, url, at):
    actions.record_note(case, "Kurjenmiekka", by=people.aino, at=at)
    english.force_login(people.mikko)
    page = english.get(url).content.decode()

    assert "Urgent, an answer was asked for" in page
    assert "17 Nov 2026" in page.replace("\xa0", " ")
    for secret in ("Sinikello", "Kurjenmiekka", "Aino", "401234567", *[str(code) for code in case.why]):
        assert secret not in page
    assert "Danger" not in page
    assert "<textarea" not in page
    assert '<a class="alone" href="/tyolista/">Back to the worklist</a>' in page


def test_a_manager_who_also_handles_the_unit_reads_it(client, people, units, url):
    Role.objects.create(person=people.mikko, kind=Role.Kind.HANDLER, unit=units.keskusta)
    client.force_login(people.mikko)
    assert "Sinikello" in client.get(url).content.decode()


@pytest.mark.parametrize("name", ["outi", "jaana", "viivi", "aada", "petra"])
def test_for_others_it_does_not_exist(client, people, url, name):
    client.force_login(getattr(people, name))
    assert client.get(url).status_code == 404


def test_a_case_that_is_not_there_is_not_found(client, people):
    client.force_login(people.aino)
    assert client.get("/kasittely/999999/").status_code == 404


def test_the_dialogue_is_told_in_order(client, people, case, url, at):
    actions.record_note(case, "Ensin", by=people.aino, at=at)
    actions.ask_clarification(case, "Sitten", by=people.aino, at=at)
    actions.write_as_customer(case, "Lopuksi", at=at)
    client.force_login(people.eero)
    assert [entry["text"] for entry in client.get(url).context["timeline"]] == ["Ensin", "Sitten", "Lopuksi"]


def test_notes_and_calls_are_written_down(client, people, case, url):
    client.force_login(people.aino)
    client.post(f"{url}kirjaa/", {"kind": "call", "text": "Soitin, ei vastannut."})
    client.post(f"{url}kirjaa/", {"kind": "note", "text": "Soitan huomenna."})
    assert [message.kind for message in case.messages.all()] == ["call", "note"]
    case.refresh_from_db()
    assert case.first_reaction_at is not None


@pytest.mark.parametrize("sent", [{}, {"kind": "note", "text": ""}, {"kind": "response", "text": "Ohi"}])
def test_a_note_without_words_or_kind_is_refused(client, people, case, url, sent):
    client.force_login(people.aino)
    assert client.post(f"{url}kirjaa/", sent).status_code == 422
    assert not case.messages.exists()


def test_a_closed_case_has_no_reply_box(client, people, case, url, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    actions.close_case(case, Case.Outcome.ANSWERED, by=people.aino, at=at, done="Soitettu.")
    client.force_login(people.aino)
    assert "<textarea" not in client.get(url).content.decode()


def test_a_case_opened_by_a_handler_has_no_deadline(english, people, give, at):
    case = actions.open_case(give("Kiitos."), by=people.aino, at=at)
    assert case.road == Case.Road.OPENED_BY_HANDLER
    english.force_login(people.aino)
    assert "nobody was promised anything" in english.get(f"/kasittely/{case.pk}/").content.decode()


def test_its_queries_do_not_grow_with_the_dialogue(
    client, people, case, url, at, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(people.aino)
    with django_assert_max_num_queries(34) as few:
        client.get(url)
    for number in range(10):
        actions.record_note(case, f"Huomio {number}", by=people.aino, at=at)
    with django_assert_num_queries(len(few)):
        client.get(url)


def test_who_wrote_is_claimed_only_when_it_was_said(english, people, open_case):
    case = open_case()
    english.force_login(people.aino)
    assert "The customer, or not told" in english.get(f"/kasittely/{case.pk}/").content.decode()
    Feedback.objects.filter(pk=case.feedback_id).update(respondent=Feedback.Respondent.RELATIVE)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "not told" not in page
    assert "<dt>Written by</dt><dd>Relative</dd>" in page


def test_a_text_that_is_too_long_is_told_its_limit_as_the_language_writes_it(client, people, case):
    client.force_login(people.aino)
    sent = {"step": "preview", "kind": "response", "text": "a" * 5001}
    for language, limit in (("fi", "5\xa0000 merkkiä"), ("en", "5,000 characters")):
        response = client.post(f"/kasittely/{case.pk}/vastaa/", sent, headers={"accept-language": language})
        assert limit in response.content.decode()
