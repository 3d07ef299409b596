"""How long customers wait: groups counted from the trail, and /kasittelyajat/."""

from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, handover, proof
from palauteketju.handling.actions import judging
from palauteketju.handling.models import AnswerTimes, Case

# The cases arrive on Monday 2.11.2026 at 9 and are due at the end of Monday 16.11.
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def arrived(at):
    return datetime(2026, 11, 2, 9, tzinfo=at.tzinfo)


@pytest.fixture
def december(at):
    """Late enough that November is counted."""
    return datetime(2026, 12, 2, 5, tzinfo=at.tzinfo)


@pytest.fixture
def answered(open_case, people, arrived):
    """A case answered so many hours after its arrival; None: not at all."""

    def answered(hours, *, at=arrived, **more):
        case = open_case(at=at, **more)
        if hours is not None:
            by = people.outi if case.unit.code == "koti" else people.aino
            actions.answer(case, "Kiitos.", by=by, at=at + hours * HOUR)
        return case

    return answered


def count(at):
    return actions.count_answer_times(at=at)


def test_it_works(units, answered, december):
    for hours in (1, 2, 3, 24, 400):
        answered(hours)
    assert count(december) == 1

    times = handover.response_times(units.keskusta, first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert (times.cases, times.in_time, times.share_in_time) == (5, 4, 0.8)
    assert (times.response_median, times.response_most) == (3, 400)
    assert (times.first_month, times.last_month) == (date(2026, 11, 1), date(2026, 11, 1))


def test_the_first_reaction_is_told_apart_from_the_answer(units, open_case, people, arrived, december):
    for _ in range(5):
        case = open_case(at=arrived)
        actions.ask_clarification(case, "Milloin?", by=people.aino, at=arrived + 5 * HOUR)
        actions.answer(case, "Kiitos.", by=people.aino, at=arrived + 50 * HOUR)
    count(december)
    times = proof.times_of(AnswerTimes.objects.all())
    assert (times.reaction_median, times.response_median) == (5, 50)


def test_fewer_than_k_wait_and_the_next_month_joins_in(units, answered, arrived, december, at):
    for _ in range(3):
        answered(1)
    assert count(december) == 0
    assert handover.response_times(units.keskusta, first=arrived.date(), last=december.date()) is None
    for _ in range(2):
        answered(2, at=december)
    assert count(datetime(2027, 1, 2, 5, tzinfo=at.tzinfo)) == 1
    group = AnswerTimes.objects.get()
    assert (group.first_month, group.last_month, group.cases) == (date(2026, 11, 1), date(2026, 12, 1), 5)


def test_each_case_is_counted_once_however_often_the_clock_ticks(answered, december, at):
    for _ in range(6):
        answered(1)
    for hour in range(3):
        count(december + hour * HOUR)
    count(datetime(2027, 3, 2, 5, tzinfo=at.tzinfo))
    assert sum(group.cases for group in AnswerTimes.objects.all()) == 6
    assert AnswerTimes.objects.count() == 1


def test_a_clock_that_stood_still_counts_each_month_of_its_own(answered, arrived, december, at):
    for _ in range(5):
        answered(1)
        answered(1, at=december)
    assert count(datetime(2027, 2, 2, 5, tzinfo=at.tzinfo)) == 2
    assert [group.last_month.month for group in AnswerTimes.objects.order_by("last_month")] == [11, 12]


def test_a_month_is_not_counted_before_it_has_ended(answered, at):
    for _ in range(5):
        answered(1)
    assert count(datetime(2026, 12, 1, 23, tzinfo=at.tzinfo)) == 0


def test_who_still_waits_counts_as_late_and_longest(answered, december):
    for hours in (1, 2, 3, None, None):
        answered(hours)
    count(december)
    times = proof.times_of(AnswerTimes.objects.all())
    assert (times.in_time, times.response_median, times.response_most) == (3, 3, None)


def test_an_extension_makes_no_late_answer_punctual(open_case, people, arrived, december):
    for _ in range(5):
        case = open_case(at=arrived)
        actions.extend_deadline(
            case, date(2026, 11, 25), reason="Syy.", message="Kestää.", by=people.aino, at=arrived
        )
        actions.answer(case, "Kiitos.", by=people.aino, at=datetime(2026, 11, 20, tzinfo=arrived.tzinfo))
    count(december)
    times = proof.times_of(AnswerTimes.objects.all())
    assert times.in_time == 0
    # Telling of a later day is no reaction to what the customer wrote.
    assert times.reaction_median > 400


def test_a_row_edited_afterwards_changes_no_figure(answered, december):
    for _ in range(5):
        answered(400)
    Case.objects.update(due_at=december, answered_at=december - 30 * timedelta(days=1))
    count(december)
    assert AnswerTimes.objects.get().in_time == 0


def test_a_moved_case_counts_for_the_unit_it_began_in(open_case, units, people, arrived, december):
    for _ in range(5):
        case = open_case(at=arrived)
        actions.move_case(case, units.koti, reason="Sinne.", by=people.aino, at=arrived + HOUR)
        actions.answer(case, "Kiitos.", by=people.outi, at=arrived + 3 * HOUR)
    count(december)
    group = AnswerTimes.objects.get()
    assert (group.unit, group.reaction_hours) == (units.keskusta, {"3": 5})


def test_a_case_redirected_in_time_is_in_time(open_case, people, arrived, december):
    for _ in range(5):
        case = open_case(at=arrived)
        actions.redirect_case(
            case, Case.FormalRoad.REMINDER, "Tee muistutus.", by=people.aino, at=arrived + 2 * HOUR
        )
    count(december)
    group = AnswerTimes.objects.get()
    assert (group.in_time, group.response_hours) == (5, {"2": 5})


URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


def test_a_case_found_not_urgent_in_time_has_the_time_of_others(open_case, people, arrived, december):
    for _ in range(5):
        case = open_case(URGENT, at=arrived)
        judging.remove_urgency(case, by=people.aino, at=arrived + HOUR)
        actions.answer(case, "Kiitos.", by=people.aino, at=arrived + 100 * HOUR)
    count(december)
    assert AnswerTimes.objects.get().in_time == 5


def test_a_false_alarm_found_after_its_urgent_day_has_the_time_of_others(
    open_case, people, arrived, december
):
    for hours in (100, 100, 100, 100, 400):
        case = open_case(URGENT, at=arrived)
        judging.remove_urgency(case, by=people.aino, at=arrived + 99 * HOUR)
        actions.answer(case, "Kiitos.", by=people.aino, at=arrived + hours * HOUR)
    count(december)
    # In time are those answered in two weeks.
    assert AnswerTimes.objects.get().in_time == 4


def test_a_false_alarm_is_not_on_the_list_of_the_late(open_case, people, arrived):
    alarm, urgent = open_case(URGENT, at=arrived), open_case(URGENT, at=arrived)
    later = arrived + 100 * HOUR
    assert {late.number for late in proof.late_cases(people.mikko, at=later)} == {alarm.pk, urgent.pk}
    judging.remove_urgency(alarm, by=people.aino, at=arrived + 99 * HOUR)
    assert [late.number for late in proof.late_cases(people.mikko, at=later)] == [urgent.pk]
    # Its own deadline of two weeks holds all the same.
    assert alarm.pk in {late.number for late in proof.late_cases(people.mikko, at=arrived + 400 * HOUR)}


def test_where_the_customer_called_it_urgent_that_day_stays_the_promise(open_case, people, arrived, december):
    for _ in range(5):
        case = open_case(needs_attention=True, at=arrived)
        judging.remove_urgency(case, by=people.aino, at=arrived + HOUR)
        actions.answer(case, "Kiitos.", by=people.aino, at=arrived + 100 * HOUR)
    count(december)
    assert AnswerTimes.objects.get().in_time == 0


def test_a_false_alarm_that_nobody_asked_an_answer_to_is_in_no_figure(open_case, people, arrived, december):
    for _ in range(5):
        judging.remove_urgency(
            open_case(URGENT, way=None, at=arrived), by=people.aino, at=arrived + 99 * HOUR
        )
    assert count(december) == 0


def test_found_not_urgent_after_the_answer_it_stays_as_it_was(open_case, people, arrived, december):
    for _ in range(5):
        # Of who asked for a letter the case stays open after the answer.
        case = open_case(URGENT, way="letter", value="Matti, Katu 1", at=arrived)
        actions.answer(case, "Kiitos.", by=people.aino, at=arrived + 100 * HOUR)
        judging.remove_urgency(case, by=people.aino, at=arrived + 101 * HOUR)
    count(december)
    assert AnswerTimes.objects.get().in_time == 0


def test_a_finding_after_the_month_of_the_first_promise_moves_nothing(open_case, people, december, at):
    # Urgent feedback of Friday 27.11. is due on Monday 30.11.; in December it is found not to have been urgent.
    friday = datetime(2026, 11, 27, 9, tzinfo=at.tzinfo)
    cases = [open_case(URGENT, at=friday) for _ in range(5)]
    assert count(december) == 1
    for case in cases:
        judging.remove_urgency(case, by=people.aino, at=december)
        actions.answer(case, "Kiitos.", by=people.aino, at=december + HOUR)
    count(datetime(2027, 1, 2, 5, tzinfo=at.tzinfo))
    # Counted once, as it was when the month ended.
    assert [(group.cases, group.in_time) for group in AnswerTimes.objects.all()] == [(5, 0)]


def test_a_finding_on_the_last_evening_of_the_month_still_counts(open_case, people, december, at):
    friday = datetime(2026, 11, 27, 9, tzinfo=at.tzinfo)
    for _ in range(5):
        case = open_case(URGENT, at=friday)
        judging.remove_urgency(case, by=people.aino, at=datetime(2026, 11, 30, 23, 59, tzinfo=at.tzinfo))
        actions.answer(case, "Kiitos.", by=people.aino, at=december)
    assert count(december) == 0
    count(datetime(2027, 1, 2, 5, tzinfo=at.tzinfo))
    group = AnswerTimes.objects.get()
    assert (group.first_month, group.cases, group.in_time) == (date(2026, 12, 1), 5, 5)


def test_what_nobody_was_promised_is_in_no_figure(give, people, arrived, december):
    for _ in range(6):
        actions.open_case(give("Kiitos.", at=arrived), by=people.aino, at=arrived)
    assert count(december) == 0


def test_what_a_handler_opened_counts_from_when_it_is_found_urgent(give, people, arrived, december):
    """Arrived on Monday 2.11., opened on Thursday, found urgent on Friday: due by the next Monday 9.11."""
    for days in (6, 6, 6, 8, 8):
        case = actions.open_case(give("Kiitos.", at=arrived), by=people.aino, at=arrived + 3 * DAY)
        actions.confirm_urgency(case, by=people.aino, at=arrived + 4 * DAY)
        done = arrived + days * DAY
        actions.close_case(case, Case.Outcome.ACTED, by=people.aino, at=done, done="Korjattu.")
    waiting = actions.open_case(give("Kiitos.", at=arrived), by=people.aino, at=arrived + 3 * DAY)
    actions.confirm_urgency(waiting, by=people.aino, at=arrived + 4 * DAY)
    late = proof.late_cases(people.aino, at=arrived + 8 * DAY)
    assert [one.number for one in late if one.ended is None] == [waiting.pk]

    assert count(december) == 1
    assert AnswerTimes.objects.get().cases == 6
    assert AnswerTimes.objects.get().in_time == 3


def test_found_urgent_after_the_deed_it_is_in_no_figure(give, people, arrived, december):
    for _each in range(6):
        case = actions.open_case(give("Kiitos.", at=arrived), by=people.aino, at=arrived)
        actions.answer(case, "Korjasimme sen.", by=people.aino, at=arrived + DAY)
        actions.confirm_urgency(case, by=people.aino, at=arrived + 2 * DAY)
    assert count(december) == 0


def test_what_is_keyed_in_after_its_month_was_counted_joins_the_next(give, answered, december, at):
    for _ in range(5):
        answered(1)
    count(december)
    keyed_in = datetime(2026, 12, 10, 9, tzinfo=at.tzinfo)
    for _ in range(5):
        late = give(
            way="receipt", channel="paper", arrived_at=datetime(2026, 11, 1, tzinfo=at.tzinfo), at=keyed_in
        )
        actions.triage(late.pk, at=keyed_in)
    count(datetime(2027, 1, 2, 5, tzinfo=at.tzinfo))
    groups = list(AnswerTimes.objects.order_by("last_month"))
    assert [(group.cases, group.in_time) for group in groups] == [(5, 5), (5, 0)]


def test_groups_of_a_unit_never_overlap(answered, arrived, at):
    for month in range(4):
        for _ in range(2 + month):
            answered(1, at=arrived + month * timedelta(days=30))
    count(datetime(2027, 6, 2, 5, tzinfo=at.tzinfo))
    groups = list(AnswerTimes.objects.order_by("last_month"))
    assert all(group.cases >= 5 for group in groups)
    assert all(one.last_month < two.first_month for one, two in pairwise(groups))


def test_an_area_is_the_sum_of_whole_groups_and_nothing_else(units, answered, december):
    for _ in range(5):
        answered(1)
    answered(1, unit=units.psyk)
    count(december)
    window = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
    # Were the single case of the other unit in it, one could subtract.
    assert handover.response_times(units.health, **window).cases == 5
    assert handover.response_times(units.county, **window).cases == 5
    assert handover.response_times(units.psyk, **window) is None


def test_the_counting_is_in_the_trail(units, answered, december):
    answered(1)
    count(december)
    entry = Entry.objects.last()
    assert (entry.action, entry.subject_id) == ("handling.answer_times.counted", str(units.county.pk))
    assert entry.facts == {"month": "2026-11-01", "groups": 0}


@pytest.fixture
def past():
    """So that the page, which looks at the clock, has a month behind it."""
    return timezone.now() - timedelta(days=50)


@pytest.mark.parametrize("name", ["aino", "mikko", "viivi"])
def test_the_page_shows_the_figures(english, people, answered, past, name):
    for hours in (1, 2, 3, 24, 30):
        answered(hours, at=past)
    count(timezone.now() + timedelta(days=40))
    english.force_login(getattr(people, name))
    page = english.get("/kasittelyajat/?yksikko=keskusta").content.decode()
    assert "100" in page
    assert "3 hours" in page
    assert "5 cases" in page


def test_an_area_says_of_how_many_of_its_units_the_figures_are(english, people, units, answered, past):
    for hours in (1, 2, 3, 24, 30):
        answered(hours, at=past)
    count(timezone.now() + timedelta(days=40))
    english.force_login(people.mikko)
    told = "These are the figures of 1 of 2 units; the others have had too few cases so far."
    assert told in english.get(f"/kasittelyajat/?yksikko={units.keskusta.parent.slug}").content.decode()
    assert told not in english.get("/kasittelyajat/?yksikko=keskusta").content.decode()
    english.force_login(people.viivi)
    county = english.get(f"/kasittelyajat/?yksikko={units.county.slug}").content.decode()
    assert "These are the figures of 1 of 3 units;" in county


def test_late_cases_are_listed_for_handlers_and_managers(english, people, answered, past):
    waiting, late = answered(None, at=past), answered(24 * 40, at=past)
    for name in ("aino", "mikko"):
        english.force_login(getattr(people, name))
        page = english.get("/kasittelyajat/").content.decode()
        assert f"/kasittely/{waiting.pk}/" in page
        assert f"/kasittely/{late.pk}/" in page
    english.force_login(people.viivi)
    page = english.get("/kasittelyajat/").content.decode()
    assert "/kasittely/" not in page
    english.force_login(people.outi)
    assert f"/kasittely/{waiting.pk}/" not in english.get("/kasittelyajat/").content.decode()


def test_an_extended_case_is_late_by_its_first_day(english, people, answered, past):
    case = answered(None, at=past)
    until = timezone.localdate() + timedelta(days=3)
    actions.extend_deadline(case, until, reason="Syy.", message="Kestää.", by=people.aino, at=timezone.now())
    english.force_login(people.mikko)
    assert f"/kasittely/{case.pk}/" in english.get("/kasittelyajat/").content.decode()


def test_a_handler_sees_only_their_own_units(english, people, answered, past):
    for _ in range(5):
        answered(1, at=past)
    count(timezone.now() + timedelta(days=40))
    english.force_login(people.outi)
    page = english.get("/kasittelyajat/?yksikko=keskusta").content.decode()
    assert "Keskustan terveysasema" not in page
    assert "No figures yet" in page


@pytest.mark.parametrize("name", ["jaana", "aada", "petra"])
def test_for_others_the_page_does_not_exist(client, people, name):
    client.force_login(getattr(people, name))
    assert client.get("/kasittelyajat/").status_code == 404


def test_its_queries_do_not_grow(client, people, answered, past, django_assert_max_num_queries):
    for _ in range(12):
        answered(None, at=past)
    count(timezone.now() + timedelta(days=40))
    client.force_login(people.mikko)
    client.get("/kasittelyajat/")
    with django_assert_max_num_queries(13):
        client.get("/kasittelyajat/?yksikko=terveys")


def test_a_unit_that_moves_leaves_its_groups_in_its_old_area(client, people, units, answered, december):
    for _ in range(5):
        answered(1)
    count(december)
    days = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
    units.keskusta.parent = units.home
    units.keskusta.save()

    assert handover.response_times(units.health, **days).cases == 5
    assert handover.response_times(units.home, **days) is None
    assert handover.response_times(units.keskusta, **days).cases == 5
    assert handover.response_times(units.county, **days).cases == 5


def test_groups_of_earlier_versions_are_where_their_unit_is(units, answered, december):
    for _ in range(5):
        answered(1)
    count(december)
    AnswerTimes.objects.update(area=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("palauteketju.handling.migrations.0006_area_of_answer_times").FILL)

    assert AnswerTimes.objects.get().area == units.health
