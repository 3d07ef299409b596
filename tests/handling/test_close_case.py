"""Closing a case, at /kasittely/<id>/sulje/."""

import pytest
from django.db import IntegrityError, transaction

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.errors import CaseAlreadyClosed, NothingRecorded, OutcomeNotOffered
from palauteketju.handling.models import Case, Message

Outcome = Case.Outcome


@pytest.fixture
def urgent(open_case):
    """Urgent, and nobody can be answered."""
    return open_case("Isäni jäi ilman hoitoa ja melkein kuoli.", way=None)


@pytest.fixture
def url(urgent):
    return f"/kasittely/{urgent.pk}/sulje/"


def test_it_works(client, people, urgent, url):
    client.force_login(people.aino)
    response = client.post(url, {"outcome": "acted", "done": "Kävimme tapauksen läpi."})

    assert response.url == f"/kasittely/{urgent.pk}/"
    urgent.refresh_from_db()
    assert urgent.outcome == Outcome.ACTED
    assert urgent.messages.get().kind == Message.Kind.NOTE
    assert Entry.objects.last().action == "handling.case.closed"
    assert Entry.objects.last().facts == {"outcome": "acted"}


def test_nothing_closes_before_it_is_written_down_what_was_done(client, people, urgent, url, at):
    client.force_login(people.aino)
    response = client.post(url, {"outcome": "acted", "done": ""})

    assert response.status_code == 422
    assert "done" in response.context["close"].errors
    with pytest.raises(NothingRecorded):
        actions.close_case(urgent, Outcome.ACTED, by=people.aino, at=at)
    urgent.refresh_from_db()
    assert not urgent.is_closed


def test_a_note_written_before_is_enough(urgent, people, at):
    actions.record_note(urgent, "Kävimme tapauksen läpi.", by=people.eero, at=at)
    actions.close_case(urgent, Outcome.ACTED, by=people.aino, at=at)
    urgent.refresh_from_db()
    assert urgent.is_closed


def test_a_promised_answer_can_be_given_on_the_phone(client, case, people, at):
    client.force_login(people.aino)
    client.post(f"/kasittely/{case.pk}/kirjaa/", {"kind": "call", "text": "Soitin, sovimme asian."})
    client.post(f"/kasittely/{case.pk}/sulje/", {"outcome": "answered", "done": ""})
    case.refresh_from_db()
    assert case.outcome == Outcome.ANSWERED
    assert case.answered_at == case.closed_at


def test_closing_as_answered_records_the_call_at_the_same_time(client, case, people):
    client.force_login(people.aino)
    client.post(f"/kasittely/{case.pk}/sulje/", {"outcome": "answered", "done": "Soitin, sovimme asian."})
    case.refresh_from_db()
    assert case.outcome == Outcome.ANSWERED
    assert case.messages.get().kind == Message.Kind.CALL


def test_a_note_is_no_answer(client, case, people, at):
    actions.record_note(case, "Yritin soittaa.", by=people.aino, at=at)
    client.force_login(people.aino)
    response = client.post(f"/kasittely/{case.pk}/sulje/", {"outcome": "answered", "done": ""})
    assert response.status_code == 422
    with pytest.raises(NothingRecorded):
        actions.close_case(case, Outcome.ANSWERED, by=people.aino, at=at)


@pytest.mark.parametrize("outcome", [Outcome.ACTED, Outcome.REDIRECTED, Outcome.NOTHING_NEEDED])
def test_a_promised_answer_is_not_passed_over(case, people, at, outcome):
    with pytest.raises(OutcomeNotOffered):
        actions.close_case(case, outcome, by=people.aino, at=at, done="Tehty.")


def test_urgent_feedback_needs_something_until_it_is_judged(client, people, urgent, url, at):
    client.force_login(people.aino)
    assert client.post(url, {"outcome": "nothing_needed", "done": "x"}).status_code == 422
    with pytest.raises(OutcomeNotOffered):
        actions.close_case(urgent, Outcome.NOTHING_NEEDED, by=people.aino, at=at, done="x")
    # That it is urgent is a judgement too, and still it is told what was done.
    actions.confirm_urgency(urgent, by=people.aino, at=at)
    assert client.post(url, {"outcome": "nothing_needed", "done": "x"}).status_code == 422

    actions.remove_urgency(urgent, by=people.aino, at=at)
    client.post(url, {"outcome": "nothing_needed", "done": "Väärä hälytys."})
    urgent.refresh_from_db()
    assert urgent.outcome == Outcome.NOTHING_NEEDED


def test_an_outcome_that_is_not_offered_is_refused_by_the_form(client, case, people):
    client.force_login(people.aino)
    response = client.post(f"/kasittely/{case.pk}/sulje/", {"outcome": "acted", "done": "Tehty."})
    assert response.status_code == 422


def test_the_first_outcome_stands(client, people, urgent, url, at):
    actions.close_case(urgent, Outcome.REDIRECTED, by=people.eero, at=at, done="Soitettu poliisille.")

    client.force_login(people.aino)
    client.post(url, {"outcome": "acted", "done": "Tehty."})

    urgent.refresh_from_db()
    assert urgent.outcome == Outcome.REDIRECTED
    # The press that changed nothing leaves the trace of a reading only.
    assert Entry.objects.get(action="handling.case.closed").actor == people.eero


def test_of_two_at_the_same_moment_one_stands(at_once, open_case, people, at):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.", way=None)
    results = at_once(
        lambda: actions.close_case(case, Outcome.ACTED, by=people.aino, at=at, done="Tehty."),
        lambda: actions.close_case(case, Outcome.REDIRECTED, by=people.eero, at=at, done="Sinne."),
    )
    assert [type(result) for result in results if result is not None] == [CaseAlreadyClosed]
    assert Message.objects.count() == 1


def test_a_closed_case_takes_no_notes(client, urgent, people, at):
    actions.close_case(urgent, Outcome.ACTED, by=people.aino, at=at, done="Tehty.")
    client.force_login(people.eero)
    response = client.post(f"/kasittely/{urgent.pk}/kirjaa/", {"kind": "note", "text": "Vielä tämä."})
    assert response.status_code == 409
    assert "Vielä tämä." in response.content.decode()
    assert Message.objects.count() == 1


def test_another_units_case_does_not_exist(client, people, url, urgent):
    client.force_login(people.outi)
    assert client.post(url, {"outcome": "acted", "done": "Tehty."}).status_code == 404
    urgent.refresh_from_db()
    assert not urgent.is_closed


def test_a_manager_closes_nothing(client, people, url):
    client.force_login(people.mikko)
    assert client.post(url, {"outcome": "acted", "done": "Tehty."}).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "acted"},
        {"closed_at": "2026-11-16T09:00+02:00"},
        {"road": "nowhere"},
        {"due_at": None},
        {
            "closed_at": "2026-11-16T09:00+02:00",
            "first_reaction_at": "2026-11-16T09:00+02:00",
            "outcome": "answered",
        },
    ],
)
def test_the_database_refuses_a_state_that_cannot_be(urgent, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=urgent.pk).update(**change)
