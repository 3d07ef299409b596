"""A changed calendar or changed terms: open deadlines are counted anew, and each case says so."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.actions import recounting
from palauteketju.handling.cases.day_lists import counted_days
from palauteketju.handling.models import Case, CountingRules, DeadlineChange
from palauteketju.organisation import deadlines, rules
from palauteketju.organisation.rules import DaysOff, Deadlines

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def county(monkeypatch):
    """Other rules of the county from now on, for example `county(contact_days=21)`."""
    now_in_force = rules.county_rules()

    def county(*, contact_days=14, urgent_working_days=1, own=()):
        changed = replace(
            now_in_force,
            deadlines=Deadlines(urgent_working_days, contact_days),
            days_off=DaysOff(midsummer_eve_off=True, christmas_eve_off=True, own=own),
        )
        for module in (deadlines, recounting):
            monkeypatch.setattr(module, "county_rules", lambda: changed)

    return county


@pytest.fixture
def counted(case, at):
    """The rules of today are known, and the case was counted by them."""
    actions.recount_deadlines(at=at)
    return case


def due(case):
    case.refresh_from_db()
    return timezone.localdate(case.due_at)


def test_it_works(counted, county, at):
    before = counted.due_at
    county(contact_days=21)
    assert actions.recount_deadlines(at=at + timedelta(hours=1)) == 1

    assert due(counted) == date(2026, 12, 7)
    change = DeadlineChange.objects.get()
    assert (change.before, change.after, change.why, change.by) == (before, counted.due_at, "rules", None)
    entry = Entry.objects.get(action="handling.case.recounted")
    assert entry.subject_id == str(counted.pk)
    assert entry.facts == {"before": "2026-11-30", "after": "2026-12-07"}
    assert Entry.objects.last().action == "handling.deadlines.recounted"


def test_the_case_says_so(english, counted, county, people, at):
    county(contact_days=21)
    actions.recount_deadlines(at=at)
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{counted.pk}/").content.decode()
    assert "The county&#x27;s calendar or terms changed on" in page
    assert "became" in page


def test_the_list_of_days_is_that_of_the_new_rules(counted, county, at):
    county(contact_days=21)
    actions.recount_deadlines(at=at)
    counted.refresh_from_db()
    days = counted_days(counted, list(counted.deadline_changes.all()))
    assert days[-1].date == date(2026, 12, 7)
    assert sum(day.counts for day in days) == 21


def test_unchanged_rules_move_nothing_and_cost_two_questions(counted, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert actions.recount_deadlines(at=at + timedelta(days=1)) == 0
    assert not DeadlineChange.objects.exists()


def test_a_day_off_of_the_countys_own_moves_an_urgent_case(open_case, county, at):
    case = open_case(URGENT)
    actions.recount_deadlines(at=at)
    county(own=((date(2026, 11, 17), "Siltapäivä"),))
    assert actions.recount_deadlines(at=at) == 1
    assert due(case) == date(2026, 11, 18)
    assert counted_days(case, list(case.deadline_changes.all()))[1].name_fi == "Siltapäivä"


def test_the_name_of_a_day_off_decides_nothing(open_case, county, at):
    open_case(URGENT)
    county(own=((date(2026, 11, 17), "Siltapäivä"),))
    actions.recount_deadlines(at=at)
    county(own=((date(2026, 11, 17), "Sillanpäivä"),))
    assert actions.recount_deadlines(at=at) == 0
    assert CountingRules.objects.count() == 1


def test_a_deadline_that_has_passed_stays_late(counted, county):
    county(contact_days=31)
    late = counted.due_at + timedelta(seconds=1)
    assert actions.recount_deadlines(at=late) == 0
    assert due(counted) == date(2026, 11, 30)


def test_shorter_terms_make_no_case_late_at_once(counted, county, at):
    county(contact_days=3)
    friday = datetime(2026, 11, 27, 10, tzinfo=at.tzinfo)
    assert actions.recount_deadlines(at=friday) == 0  # it is due on Monday, the next working day, already
    county(contact_days=4)
    tuesday = datetime(2026, 11, 24, 10, tzinfo=at.tzinfo)
    assert actions.recount_deadlines(at=tuesday) == 1
    assert due(counted) == date(2026, 11, 25)


def test_an_extended_deadline_was_told_to_the_customer_and_stays(counted, county, people, at):
    actions.extend_deadline(
        counted, date(2026, 12, 4), reason="Syy.", message="Kestää.", by=people.aino, at=at
    )
    county(contact_days=21)
    assert actions.recount_deadlines(at=at) == 0
    assert due(counted) == date(2026, 12, 4)


def test_closed_cases_and_those_without_a_promise_are_left_alone(counted, give, county, people, at):
    actions.open_case(give("Kiitos."), by=people.aino, at=at)
    actions.answer(counted, "Kiitos.", by=people.aino, at=at)
    county(contact_days=21)
    assert actions.recount_deadlines(at=at) == 0


def test_cut_off_in_the_middle_it_goes_on(open_case, county, monkeypatch, at):
    for _ in range(5):
        open_case()
    actions.recount_deadlines(at=at)
    county(contact_days=21)
    monkeypatch.setattr(recounting, "_BATCH", 2)
    whole, calls = recounting._recount, []

    def dies_in_the_second_batch(ids, *, at):
        calls.append(ids)
        if len(calls) == 2:
            raise InterruptedError
        return whole(ids, at=at)

    monkeypatch.setattr(recounting, "_recount", dies_in_the_second_batch)
    with pytest.raises(InterruptedError):
        actions.recount_deadlines(at=at)
    assert DeadlineChange.objects.count() == 2
    monkeypatch.setattr(recounting, "_recount", whole)
    assert actions.recount_deadlines(at=at + timedelta(minutes=1)) == 3
    assert DeadlineChange.objects.count() == Case.objects.count() == 5
    assert CountingRules.objects.count() == 2


def test_rules_changed_back_count_back_and_keep_both_moves(counted, county, at):
    county(contact_days=21)
    actions.recount_deadlines(at=at)
    county()
    assert actions.recount_deadlines(at=at) == 1
    assert due(counted) == date(2026, 11, 30)
    assert DeadlineChange.objects.count() == 2


def test_two_clocks_at_once_move_each_case_once(at_once, open_case, county, at):
    case = open_case()
    actions.recount_deadlines(at=at)
    county(contact_days=21)
    at_once(*[lambda: actions.recount_deadlines(at=at)] * 2)
    assert DeadlineChange.objects.count() == 1
    assert due(case) == date(2026, 12, 7)


def test_the_customer_still_reads_the_day_first_told(english, open_case, give, county, now):
    open_case(at=now)
    actions.recount_deadlines(at=now)
    county(contact_days=21)
    actions.recount_deadlines(at=now)
    page = english.post("/palautteeni/", {"code": give.receipt}).content.decode()
    assert "We first told you" in page
