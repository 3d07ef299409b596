"""Drafts: what a handler has begun to write is there again."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from palauteketju.handling import actions, retention
from palauteketju.handling.models import Case, Draft, Message
from palauteketju.organisation.models import Role

TEXT = "Kiitos palautteesta. Selvitämme"


@pytest.fixture
def url(case):
    return f"/kasittely/{case.pk}/vastaa/"


def shown(client, case):
    reply = client.get(f"/kasittely/{case.pk}/").context["reply"]
    return reply["text"].value(), reply["kind"].value()


def test_it_works(client, people, case, url):
    client.force_login(people.aino)
    client.post(url, {"text": TEXT, "kind": "response", "step": "draft"})
    assert shown(client, case) == (TEXT, "response")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"step": "preview", "kind": "response"},
        {"step": "preview"},
        {"step": "send"},
        {"step": "template"},
        {"step": "edit", "kind": "clarification"},
        {"step": "nonsense"},
    ],
)
def test_every_press_that_does_not_send_keeps_the_text(client, people, case, url, sent):
    client.force_login(people.aino)
    client.post(url, {"text": TEXT} | sent)
    assert Draft.objects.get().text == TEXT


def test_a_text_that_is_too_long_is_kept_whole(client, people, case, url):
    client.force_login(people.aino)
    assert client.post(url, {"text": "x" * 6000, "kind": "response", "step": "send"}).status_code == 422
    assert shown(client, case)[0] == "x" * 6000


@pytest.mark.parametrize("step", ["draft", "template"])
def test_what_does_not_fit_in_a_draft_is_said_and_given_back(english, people, case, url, step):
    text = "x" * 50_000 + "loppu"
    english.force_login(people.aino)
    page = english.post(url, {"text": text, "kind": "response", "step": step}).content.decode()
    assert "The draft holds only the first 50,000 characters of your text." in page
    assert "The draft is saved." not in page
    assert f"{text}</textarea>" in page
    assert Draft.objects.get().text == "x" * 50_000


def test_a_character_that_cannot_be_stored_breaks_nothing(client, people, case, url):
    client.force_login(people.aino)
    client.post(url, {"text": "Kii\0tos", "step": "draft"})
    assert Draft.objects.get().text == "Kiitos"


def test_an_empty_box_sent_by_mistake_deletes_nothing_and_saving_it_empty_does(client, people, url):
    client.force_login(people.aino)
    client.post(url, {"text": TEXT, "step": "draft"})
    client.post(url, {"text": "", "step": "preview"})
    assert Draft.objects.get().text == TEXT
    client.post(url, {"text": " ", "step": "draft"})
    assert not Draft.objects.exists()


def test_one_person_has_one_draft_of_a_case(people, case, at, at_once, committed):
    at_once(
        lambda: actions.save_draft(case, "yksi", kind="", by=people.aino, at=at),
        lambda: actions.save_draft(case, "kaksi", kind="", by=people.aino, at=at),
    )
    assert Draft.objects.get().text in {"yksi", "kaksi"}


def test_nobody_else_reads_it(client, people, case, url):
    client.force_login(people.aino)
    client.post(url, {"text": TEXT, "step": "draft"})
    for person in (people.eero, people.mikko):
        client.force_login(person)
        assert TEXT not in client.get(f"/kasittely/{case.pk}/").content.decode()


@pytest.mark.parametrize("kind", ["response", "clarification"])
def test_sending_ends_it(client, people, case, url, kind):
    client.force_login(people.aino)
    client.post(url, {"text": TEXT, "kind": kind, "step": "draft"})
    client.post(url, {"text": TEXT, "kind": kind, "step": "send"})
    assert Message.objects.get().text == TEXT
    assert not Draft.objects.exists()


def test_the_first_answer_stands_and_the_seconds_text_is_kept(english, people, case, url, at):
    actions.answer(case, "Ensimmäinen.", by=people.eero, at=at)
    english.force_login(people.aino)
    response = english.post(url, {"text": TEXT, "kind": "response", "step": "send"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "The case has already been answered or closed." in page
    assert TEXT in page
    # Whoever closed it: it may have been the same person in another window.
    assert "colleague" not in page

    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "You had begun an answer" in page
    assert TEXT in page
    english.post(url, {"step": "throw"})
    assert TEXT not in english.get(f"/kasittely/{case.pk}/").content.decode()


def test_an_answer_to_a_case_closed_meanwhile_is_kept_too(client, people, case, url, at):
    actions.close_case(case, Case.Outcome.NO_ANSWER_POSSIBLE, by=people.eero, at=at, done="Perui.")
    client.force_login(people.aino)
    assert client.post(url, {"text": TEXT, "kind": "response", "step": "send"}).status_code == 409
    assert Draft.objects.get().text == TEXT
    assert not Message.objects.filter(kind="response").exists()


def test_of_an_answer_and_a_closing_at_the_same_moment_one_stands(at_once, open_case, people, at):
    case = open_case()
    done = at_once(
        lambda: actions.answer(case, TEXT, by=people.aino, at=at),
        lambda: actions.close_case(
            case, Case.Outcome.NO_ANSWER_POSSIBLE, by=people.eero, at=at, done="Perui."
        ),
    )
    case.refresh_from_db()
    answered = case.outcome == Case.Outcome.ANSWERED
    assert Message.objects.filter(kind="response").exists() == answered
    assert sum(isinstance(result, Exception) for result in done) == 1


def test_two_weeks_after_the_closing_it_is_deleted(people, case, at):
    actions.save_draft(case, TEXT, kind="", by=people.aino, at=at)
    actions.answer(case, "Ensimmäinen.", by=people.eero, at=at)
    assert retention.delete_drafts(at=at + timedelta(days=13)) == 0
    assert retention.delete_drafts(at=at + timedelta(days=14)) == 1


@pytest.mark.parametrize("loses", ["role", "account"])
def test_a_day_after_the_role_is_lost_it_is_deleted(people, case, units, at, loses):
    actions.save_draft(case, TEXT, kind="", by=people.aino, at=at)
    actions.save_draft(case, TEXT, kind="", by=people.eero, at=at)
    if loses == "role":
        people.aino.roles.all().delete()
        Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    else:
        type(people.aino).objects.filter(pk=people.aino.pk).update(is_active=False)
    assert retention.delete_drafts(at=at + timedelta(hours=23)) == 0
    assert retention.delete_drafts(at=at + timedelta(days=1)) == 1
    assert Draft.objects.get().person == people.eero


def test_a_feedback_deleted_whole_takes_its_drafts_along(people, case, at):
    actions.save_draft(case, TEXT, kind="", by=people.aino, at=at)
    case.feedback.delete()
    assert not Draft.objects.exists()


WRITTEN = [
    ("vastaa", {"text": TEXT, "kind": "response", "step": "send"}),
    ("kirjaa", {"text": TEXT, "kind": "note"}),
    ("sulje", {"outcome": "answered", "done": TEXT}),
    ("siirra", {"unit": "psyk", "reason": TEXT}),
    ("jaa", {"unit": "psyk", "about": TEXT}),
    ("jatka", {"until": "2026-12-07", "reason": "Lomat.", "message": TEXT}),
    ("jatka", {"until": "2026-12-07", "reason": TEXT, "message": "Kestää."}),
    ("ohjaa", {"text": TEXT}),
]


@pytest.mark.parametrize(("where", "sent"), WRITTEN)
def test_who_lost_the_role_while_writing_gets_the_text_back(english, people, case, units, where, sent):
    english.force_login(people.aino)
    people.aino.roles.all().delete()
    response = english.post(f"/kasittely/{case.pk}/{where}/", sent)
    assert response.status_code == 404
    assert TEXT in response.content.decode()

    # With a role elsewhere the answer is the same, and so it is for a case that never was.
    Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    for number in (case.pk, 999_999):
        again = english.post(f"/kasittely/{number}/{where}/", sent)
        assert again.status_code == 404
        assert TEXT in again.content.decode()
        assert "no-store" in again["Cache-Control"]
    assert not Message.objects.exists()
    assert not Draft.objects.exists()


def test_who_was_signed_out_while_writing_gets_the_text_back(english, case, url):
    response = english.post(url, {"text": TEXT, "kind": "response", "step": "send"})
    assert response.status_code == 403
    assert TEXT in response.content.decode()
    assert "<script" not in english.post(url, {"text": "<script>"}).content.decode().split("as-written")[1]
    assert isinstance(response.wsgi_request.user, AnonymousUser)


@pytest.fixture
def strict(people):
    """A browser whose forms are from before its signing in, in another tab."""
    browser = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")
    browser.force_login(people.aino)
    return browser


@pytest.mark.parametrize(("where", "sent"), WRITTEN)
def test_who_signed_in_again_meanwhile_gets_the_text_back(strict, case, caplog, where, sent):
    response = strict.post(f"/kasittely/{case.pk}/{where}/?tie=reminder", sent)
    page = response.content.decode()
    assert response.status_code == 403
    assert TEXT in page
    assert "You have signed in again since this page was opened." in page
    assert 'class="staff"' in page
    assert f'href="/kasittely/{case.pk}/{where}/?tie=reminder"' in page
    assert "no-store" in response["Cache-Control"]
    assert caplog.records
    assert not any(TEXT in str(vars(record)) for record in caplog.records)
    assert not case.messages.exists()
    assert not Draft.objects.exists()


def test_a_signed_out_person_with_an_old_form_gets_the_text_back(strict, case, url):
    strict.logout()
    page = strict.post(url, {"text": TEXT, "step": "send"}).content.decode()
    assert TEXT in page
    assert "You are no longer signed in." in page


def test_what_an_old_form_gives_back_is_text_and_never_a_password(strict, url):
    assert "<script" not in strict.post(url, {"text": "<script>"}).content.decode().split("as-written")[1]
    response = strict.post("/kirjaudu/salasana/", {"current": "vanha-salasana", "new": "uusi-salasana"})
    assert response.status_code == 403
    assert "Nothing was saved" in response.content.decode()
    assert "salasana" not in response.content.decode().split('id="content"')[1].split("</main>")[0]


def test_a_manager_who_posts_to_the_reply_box_is_refused(client, people, url):
    client.force_login(people.mikko)
    assert client.post(url, {"text": TEXT, "kind": "response", "step": "send"}).status_code == 404
    assert not Message.objects.exists()


def test_the_time_of_a_draft_is_told(english, people, case, at):
    actions.save_draft(case, TEXT, kind="", by=people.aino, at=timezone.now())
    english.force_login(people.aino)
    assert "Your draft, saved" in english.get(f"/kasittely/{case.pk}/").content.decode()
