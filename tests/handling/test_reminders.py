"""Reminders: to the handlers before the deadline, to the manager too after it, each once."""

import threading
from datetime import date as day_of
from datetime import datetime, timedelta

import pytest
from django.db import connection

from palauteketju.audit import log
from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.actions import reminding
from palauteketju.handling.models import Case, Prompt
from palauteketju.handling.prompting.reminders import near_deadlines

# The case of these tests arrives on Monday 16.11.2026 and is due at the end of Monday 30.11.


@pytest.fixture
def reminded(case, people):
    def reminded(kind):
        return {prompt.person for prompt in Prompt.objects.filter(case=case, kind=kind)}

    return reminded


def day(at, number, hour=8):
    return datetime(2026, 11, number, hour, tzinfo=at.tzinfo)


def test_it_works(case, people, reminded, at):
    friday = day(at, 27)
    assert actions.send_due_reminders(at=friday) == 2
    assert reminded("reminder") == {people.aino, people.eero}


def test_nobody_is_reminded_too_early(case, reminded, at):
    assert actions.send_due_reminders(at=day(at, 26, hour=23)) == 0


def test_each_reminder_is_sent_once(case, at):
    actions.send_due_reminders(at=day(at, 27))
    assert actions.send_due_reminders(at=day(at, 27, hour=9)) == 0
    assert actions.send_due_reminders(at=day(at, 30)) == 0


def test_after_the_deadline_the_manager_is_told_too(case, people, reminded, at):
    assert actions.send_due_reminders(at=case.due_at) == 2  # the last reminder, not late yet
    assert actions.send_due_reminders(at=case.due_at + timedelta(seconds=1)) == 3
    assert reminded("overdue") == {people.aino, people.eero, people.mikko}
    assert actions.send_due_reminders(at=case.due_at + timedelta(days=1)) == 0


def test_the_manager_of_another_area_is_not_told(case, people, reminded, at):
    actions.send_due_reminders(at=case.due_at + timedelta(seconds=1))
    assert people.viivi not in reminded("overdue")


def test_waiting_for_the_customer_does_not_stop_the_clock(case, people, at):
    actions.ask_clarification(case, "Minä päivänä kävit?", by=people.aino, at=at)
    assert actions.send_due_reminders(at=day(at, 27)) == 2


def test_a_closed_case_is_left_alone(case, people, at):
    actions.answer(case, "Kiitos palautteesta.", by=people.aino, at=at)
    assert actions.send_due_reminders(at=case.due_at + timedelta(days=1)) == 0


def test_a_case_nobody_was_promised_has_no_reminder(give, people, at):
    actions.open_case(give("Kiitos."), by=people.aino, at=at)
    assert actions.send_due_reminders(at=at + timedelta(days=60)) == 0


def test_two_clocks_at_once_remind_once(at_once, open_case, people, at):
    case = open_case()
    late = case.due_at + timedelta(hours=1)
    results = at_once(*[lambda: actions.send_due_reminders(at=late)] * 2)
    assert sum(results) == 3
    assert Prompt.objects.filter(kind="overdue").count() == 3


def test_an_urgent_case_is_reminded_on_its_last_day(open_case, people, at):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.")
    assert case.road == Case.Road.URGENT_CONTACT
    assert actions.send_due_reminders(at=at + timedelta(hours=10)) == 0
    assert actions.send_due_reminders(at=day(at, 17, hour=0)) == 2


def test_a_case_that_moves_in_the_middle_of_a_tick_is_reminded_of_in_its_new_unit(
    committed, open_case, units, people, at, monkeypatch
):
    case, friday = open_case(), day(at, 27)
    ask = reminding.in_charge_of
    moves = []

    def move():
        actions.move_case(case, units.koti, reason="Kuuluu sinne.", by=people.aino, at=friday)
        connection.close()

    def ask_while_it_moves(*given, **more):
        if not moves:
            moves.append(threading.Thread(target=move))
            moves[0].start()
            # It goes on as far as it can: it is done, or it waits for the tick.
            moves[0].join(1)
        return ask(*given, **more)

    monkeypatch.setattr(reminding, "in_charge_of", ask_while_it_moves)
    actions.send_due_reminders(at=friday)
    moves[0].join()
    actions.send_due_reminders(at=friday + timedelta(minutes=1))
    assert [prompt.person for prompt in Prompt.objects.filter(kind="reminder")] == [people.outi]


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (day_of(2026, 12, 22), day_of(2026, 12, 23)),
        # After Wednesday come Christmas Eve, Christmas, St Stephen's Day and a Sunday.
        (day_of(2026, 12, 23), day_of(2026, 12, 28)),
        (day_of(2026, 12, 26), day_of(2026, 12, 28)),
        (day_of(2026, 11, 20), day_of(2026, 11, 23)),
    ],
)
def test_the_reminder_comes_on_the_last_working_day_before(at, today, until):
    near = near_deadlines(at.replace(year=today.year, month=today.month, day=today.day))
    assert near.others_until.date() == until
    assert near.urgent_until.date() == today


def test_a_later_deadline_is_reminded_of_anew(case, people, reminded, at):
    actions.send_due_reminders(at=day(at, 27))
    Case.objects.filter(pk=case.pk).update(due_at=case.due_at + timedelta(days=7))
    assert actions.send_due_reminders(at=day(at, 30)) == 0
    assert actions.send_due_reminders(at=case.due_at + timedelta(days=4)) == 2


def test_a_whole_backlog_takes_few_queries(open_case, people, at, django_assert_max_num_queries):
    for number in range(12):
        open_case(f"Odotin {number} päivää.")
    late = day(at, 30) + timedelta(days=1)
    with django_assert_max_num_queries(40):
        assert actions.send_due_reminders(at=late) == 36
    assert Entry.objects.filter(action="handling.case.reminded").count() == 12
    assert log.verify().broken_at is None


def test_a_batch_takes_the_same_queries_however_many_cases_it_has(
    open_case, people, at, monkeypatch, django_assert_num_queries, django_assert_max_num_queries
):
    late = day(at, 30) + timedelta(days=1)
    for number in range(3):
        open_case(f"Odotin {number} päivää.")
    with django_assert_max_num_queries(40) as few:
        assert actions.send_due_reminders(at=late) == 9
    for number in range(12):
        open_case(f"Jonotin {number} päivää.")
    with django_assert_num_queries(len(few)):
        assert actions.send_due_reminders(at=late) == 36
    monkeypatch.setattr(reminding, "BATCH", 4)
    for number in range(12):
        open_case(f"Soitin {number} kertaa.")
    # Two more batches, each as cheap as the first one.
    with django_assert_max_num_queries(3 * len(few)):
        assert actions.send_due_reminders(at=late) == 36
    assert log.verify().broken_at is None
