"""Moving a case to another unit, at /kasittely/<id>/siirra/."""

from datetime import date, timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, handover
from palauteketju.handling.errors import CannotGoThere, CaseAlreadyClosed
from palauteketju.handling.models import Case, Message, Move, Prompt
from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Role

REASON = "Palaute koskee kotihoidon käyntiä."


@pytest.fixture
def move(people, at):
    def move(case, to, **more):
        return actions.move_case(case, to, **{"reason": REASON, "by": people.aino, "at": at, **more})

    return move


@pytest.fixture
def url(case):
    return f"/kasittely/{case.pk}/siirra/"


def test_it_works(client, people, units, case, url):
    client.force_login(people.aino)
    assert client.get(url).status_code == 200
    response = client.post(url, {"unit": "koti", "reason": REASON})

    assert response.url == "/tyolista/"
    moved = Move.objects.get()
    assert (moved.from_unit, moved.to_unit) == (units.keskusta, units.koti)
    assert REASON in moved.note.text
    assert Entry.objects.last().action == "handling.case.moved"
    assert {prompt.person for prompt in Prompt.objects.filter(kind="moved")} == {people.outi}


def test_the_new_unit_reads_all_of_it_and_the_old_one_nothing(client, people, units, case, move, at):
    actions.ask_clarification(case, "Minä päivänä kävit?", by=people.aino, at=at)
    move(case, units.koti)
    client.force_login(people.outi)
    page = client.get(f"/kasittely/{case.pk}/").content.decode()
    assert "Minä päivänä kävit?" in page
    assert REASON in page
    client.force_login(people.eero)
    assert client.get(f"/kasittely/{case.pk}/").status_code == 404


def test_the_old_units_list_of_raw_feedback_no_longer_has_it(client, people, units, case, move):
    client.force_login(people.aino)
    assert case.feedback.text in client.get("/palautteet/").content.decode()
    move(case, units.koti)
    assert case.feedback.text not in client.get("/palautteet/").content.decode()
    assert client.post(f"/palautteet/{case.feedback_id}/avaa/").status_code == 404


def test_the_clock_keeps_running(case, units, move):
    due = case.due_at
    move(case, units.koti)
    case.refresh_from_db()
    assert (case.due_at, case.first_reaction_at) == (due, None)


def test_the_counted_figures_do_not_move(case, units, move, at):
    window = {"after": at - timedelta(days=1), "until": at + timedelta(days=1)}
    before = list(handover.theme_counts(**window))
    move(case, units.koti)
    assert list(handover.theme_counts(**window)) == before
    assert Feedback.objects.get().unit == units.keskusta


def test_moved_back_and_forth_prompts_each_time(case, units, people, move, at):
    move(case, units.koti)
    move(case, units.keskusta, by=people.outi, at=at + timedelta(hours=1))
    move(case, units.koti, at=at + timedelta(hours=2))
    assert Prompt.objects.filter(kind="moved", person=people.outi).count() == 2
    assert Prompt.objects.filter(kind="moved", person=people.aino).count() == 1


def test_a_late_case_is_announced_to_the_new_units_people_too(case, units, people, move):
    late = case.due_at + timedelta(hours=1)
    actions.send_due_reminders(at=late)
    move(case, units.koti, at=late)
    actions.send_due_reminders(at=late + timedelta(minutes=1))
    assert {prompt.person for prompt in Prompt.objects.filter(kind="overdue")} >= {people.outi}


def test_a_prompt_not_yet_sent_is_not_sent_to_the_old_unit(case, units, people, move, postbox, at):
    new = Prompt.objects.get(person=people.aino, kind="new")
    move(case, units.koti)
    assert not actions.send_prompts([new.pk], at=at)
    assert postbox.taken == []


def test_the_prompt_to_the_new_unit_tells_nothing_of_the_text(open_case, units, people, move, postbox, at):
    # Urgent ones are mailed at once.
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.")
    move(case, units.koti)
    assert actions.send_prompts([Prompt.objects.get(kind="moved").pk], at=at)
    told = str(postbox.taken[0])
    assert case.feedback.text[:20] not in told
    assert REASON not in told


def test_the_customer_sees_who_deals_with_it_and_who_said_what(english, case, give, units, people, move, at):
    actions.ask_clarification(case, "Minä päivänä kävit?", by=people.aino, at=at)
    move(case, units.koti, at=at + timedelta(hours=1))
    actions.ask_clarification(case, "Mihin aikaan?", by=people.outi, at=at + timedelta(hours=2))
    page = english.post("/palautteeni/", {"code": give.receipt}).content.decode()
    assert "Your feedback has been passed on to Kotihoito pohjoinen en" in page
    assert "Keskustan terveysasema en asks" in page
    assert "Kotihoito pohjoinen en asks" in page
    assert REASON not in page


@pytest.mark.parametrize("to", ["keskusta", "health", "county"])
def test_it_goes_to_another_unit_that_serves_customers(case, units, move, to):
    with pytest.raises(CannotGoThere):
        move(case, getattr(units, to))
    assert not Message.objects.exists()


def test_a_unit_closed_by_now_takes_nothing(case, units, move):
    units.koti.active_to = date(2026, 11, 1)
    units.koti.save()
    with pytest.raises(CannotGoThere):
        move(case, units.koti)


def test_a_closed_case_stays_where_it_is(client, case, url, units, people, move, at):
    actions.answer(case, "Kiitos.", by=people.eero, at=at)
    with pytest.raises(CaseAlreadyClosed):
        move(case, units.koti)
    client.force_login(people.aino)
    client.post(url, {"unit": "koti", "reason": REASON})
    assert Case.objects.get().unit == units.keskusta


@pytest.mark.parametrize(
    "sent", [{"unit": "koti", "reason": ""}, {"unit": "", "reason": REASON}, {"unit": "sata"}]
)
def test_it_needs_a_unit_and_a_reason(client, people, case, url, sent):
    client.force_login(people.aino)
    assert client.post(url, sent).status_code == 422
    assert not Move.objects.exists()


@pytest.mark.parametrize("name", ["outi", "mikko", "jaana", "viivi", "aada", "petra"])
def test_others_move_nothing(client, people, case, url, name):
    client.force_login(getattr(people, name))
    assert client.post(url, {"unit": "koti", "reason": REASON}).status_code == 404


def test_a_manager_cannot_fetch_a_case_to_a_unit_of_their_own_handling(client, people, units, case, url):
    Role.objects.create(person=people.mikko, kind=Role.Kind.HANDLER, unit=units.psyk)
    client.force_login(people.mikko)
    assert client.get(f"/kasittely/{case.pk}/").status_code == 200
    assert client.post(url, {"unit": "psyk", "reason": REASON}).status_code == 404
    assert Case.objects.get().unit == units.keskusta


def test_of_two_moves_at_the_same_moment_one_happens(at_once, open_case, units, people, at):
    case = open_case()
    results = at_once(
        lambda: actions.move_case(case, units.koti, reason=REASON, by=people.aino, at=at),
        lambda: actions.move_case(case, units.koti, reason=REASON, by=people.eero, at=at),
    )
    assert sorted(type(result).__name__ for result in results) == ["CannotGoThere", "Move"]
    assert Move.objects.count() == 1
