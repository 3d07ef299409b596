"""When a feedback must have been dealt with, and the days behind it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.handling.cases.labels import day_name, label
from palauteketju.organisation.calendar import Calendar
from palauteketju.organisation.deadlines import (
    HELSINKI,
    CalendarDays,
    DeadlineRules,
    WorkingDays,
    arrival_of,
    deadline,
    explain,
)

RULES = DeadlineRules()


def due(arrived, road, *, calendar=None, rules=RULES):
    return deadline(arrived=arrived, road=road, calendar=calendar or Calendar(), rules=rules)


def local(*parts):
    return datetime(*parts, tzinfo=HELSINKI)


def test_it_works():
    tuesday = due(local(2026, 12, 8, 14, 30), "urgent")
    assert tuesday.due == local(2026, 12, 9, 23, 59, 59)
    assert [(day.date.day, day.counts, day.reason) for day in tuesday.days] == [
        (8, False, "arrival_day"),
        (9, True, "last_day"),
    ]


def test_two_weeks_are_fourteen_days_from_the_arrival():
    two_weeks = due(local(2026, 12, 8, 14, 30), "contact")
    assert two_weeks.due == local(2026, 12, 22, 23, 59, 59)
    assert sum(day.counts for day in two_weeks.days) == 14


def test_two_weeks_end_on_a_holiday_when_they_do():
    christmas = due(local(2026, 12, 11, 9), "contact")
    assert christmas.due == local(2026, 12, 25, 23, 59, 59)
    assert christmas.days[-1].name_fi == "Joulupäivä"
    assert christmas.days[-1].counts


def test_weekends_do_not_count_as_working_days():
    friday = due(local(2026, 11, 13, 10), "urgent")
    assert friday.due == local(2026, 11, 16, 23, 59, 59)
    assert [day.reason for day in friday.days] == ["arrival_day", "weekend", "weekend", "last_day"]


def test_christmas_does_not_count_as_working_days():
    before_christmas = due(local(2026, 12, 23, 10), "urgent")
    assert before_christmas.due == local(2026, 12, 28, 23, 59, 59)
    assert [day.reason for day in before_christmas.days[1:-1]] == ["public_holiday"] * 3 + ["weekend"]


def test_a_holiday_as_arrival_day_is_named():
    epiphany = due(local(2026, 1, 6, 10), "urgent")
    assert epiphany.days[0].name_fi == "Loppiainen"
    assert epiphany.due == local(2026, 1, 7, 23, 59, 59)


def test_a_minute_before_midnight_is_still_that_day():
    assert due(local(2026, 12, 8, 23, 59), "urgent").due == local(2026, 12, 9, 23, 59, 59)
    assert due(local(2026, 12, 9, 0, 0), "urgent").due == local(2026, 12, 10, 23, 59, 59)


def test_the_day_is_the_day_in_finland():
    # 22.30 in Greenwich is past midnight in Finland.
    assert due(datetime(2026, 12, 8, 22, 30, tzinfo=UTC), "urgent").due == local(2026, 12, 10, 23, 59, 59)
    stockholm = timezone(timedelta(hours=1))
    assert due(datetime(2026, 12, 8, 23, 30, tzinfo=stockholm), "urgent").days[0].date == date(2026, 12, 9)


def test_the_county_sets_its_own_terms():
    five = DeadlineRules(urgent=WorkingDays(5), contact=WorkingDays(5))
    for road in ("urgent", "contact"):
        week = due(local(2026, 12, 8, 10), road, rules=five)
        assert week.due == local(2026, 12, 15, 23, 59, 59)
        assert [day.reason for day in week.days].count("working_day") == 4


def test_the_countys_own_day_off_does_not_count_as_a_working_day():
    calendar = Calendar(county_days_off={date(2026, 12, 9): "Siltapäivä"})
    bridged = due(local(2026, 12, 8, 10), "urgent", calendar=calendar)
    assert bridged.due == local(2026, 12, 10, 23, 59, 59)
    assert (bridged.days[1].reason, bridged.days[1].name_fi) == ("county_day_off", "Siltapäivä")


@pytest.mark.parametrize(
    ("arrived", "end"),
    [
        (local(2026, 3, 27, 12), "2026-03-30T23:59:59+03:00"),
        (local(2026, 10, 23, 12), "2026-10-26T23:59:59+02:00"),
        # The hour from three to four is there twice on 25.10.2026.
        (local(2026, 10, 25, 3, 30).replace(fold=1), "2026-10-26T23:59:59+02:00"),
    ],
)
def test_the_end_of_the_day_follows_the_clocks(arrived, end):
    assert due(arrived, "urgent").due.isoformat() == end


def test_two_weeks_over_the_clock_change_are_still_fourteen_days():
    assert due(local(2026, 3, 20, 12), "contact").due.isoformat() == "2026-04-03T23:59:59+03:00"


def test_paper_feedback_arrived_when_its_day_began():
    arrived = arrival_of(date(2026, 12, 8))
    assert arrived.isoformat() == "2026-12-08T00:00:00+02:00"
    assert due(arrived, "contact") == due(local(2026, 12, 8, 23, 59), "contact")


def test_the_explanation_is_json_data():
    explained = explain(due(local(2026, 12, 4, 10), "urgent"))
    assert explained == {
        "due": "2026-12-07T23:59:59+02:00",
        "days": [
            {"date": "2026-12-04", "counts": False, "reason": "arrival_day"},
            {"date": "2026-12-05", "counts": False, "reason": "weekend"},
            {"date": "2026-12-06", "counts": False, "reason": "public_holiday", "name": "Itsenäisyyspäivä"},
            {"date": "2026-12-07", "counts": True, "reason": "last_day"},
        ],
    }


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        due(datetime(2026, 12, 8, 10), "urgent")  # noqa: DTZ001 - the refused input itself


@pytest.mark.parametrize("road", ["none", "urgent_contact", ""])
def test_a_road_without_a_promise_is_refused(road):
    with pytest.raises(ValueError, match="No deadline rule"):
        due(local(2026, 12, 8, 10), road)


@pytest.mark.parametrize("arrived", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_a_year_beyond_the_known_holidays_is_refused(arrived):
    with pytest.raises(ValueError, match="Holidays are known"):
        due(arrived, "contact")


@pytest.mark.parametrize("days", [0, -1, 367])
def test_an_odd_term_is_refused(days):
    with pytest.raises(ValueError, match="from 1 to 366"):
        WorkingDays(days)
    with pytest.raises(ValueError, match="from 1 to 366"):
        CalendarDays(days)


def test_every_reason_and_holiday_has_words():
    year = due(local(2026, 1, 1, 12), "urgent", rules=DeadlineRules(urgent=WorkingDays(251)))
    with translation.override("en"):
        for day in year.days:
            assert str(label(day.reason)) != day.reason
            assert not day.name_fi or day_name(day.name_fi) != day.name_fi
        assert day_name("Helatorstai; Vappu") == "Ascension Day, May Day"
    assert day_name("Siltapäivä") == "Siltapäivä"
    assert label("an_older_code") == "an_older_code"


arrivals = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.sampled_from([HELSINKI, UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))]),
)
roads = st.sampled_from(["urgent", "contact"])
terms = st.one_of(st.builds(WorkingDays, st.integers(1, 30)), st.builds(CalendarDays, st.integers(1, 30)))
all_rules = st.builds(DeadlineRules, urgent=terms, contact=terms)
calendars = st.builds(
    Calendar,
    midsummer_eve_off=st.booleans(),
    christmas_eve_off=st.booleans(),
    county_days_off=st.dictionaries(
        st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.just("Oma"), max_size=5
    ),
)


@given(arrivals, roads, calendars, all_rules)
def test_the_list_of_days_always_explains_the_due_time(arrived, road, calendar, rules):
    found = due(arrived, road, calendar=calendar, rules=rules)
    dates = [day.date for day in found.days]

    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]
    assert dates[0] == arrived.astimezone(HELSINKI).date()
    assert found.due.date() == dates[-1]
    assert sum(day.counts for day in found.days) == rules.term(road).days
    assert found.days[-1].counts
    assert not found.days[0].counts


@given(arrivals, roads, calendars, all_rules)
def test_the_due_time_is_the_last_second_of_a_local_day_after_the_arrival(arrived, road, calendar, rules):
    found = due(arrived, road, calendar=calendar, rules=rules).due

    assert found > arrived
    next_second = (found.astimezone(UTC) + timedelta(seconds=1)).astimezone(HELSINKI)
    assert (next_second.hour, next_second.minute, next_second.second) == (0, 0, 0)
    assert next_second.date() == found.date() + timedelta(days=1)


@given(arrivals, arrivals, roads, calendars, all_rules)
def test_what_arrives_later_is_never_due_earlier(one, other, road, calendar, rules):
    first, second = sorted([one, other])
    assert (
        due(first, road, calendar=calendar, rules=rules).due
        <= due(second, road, calendar=calendar, rules=rules).due
    )


@given(arrivals, calendars, st.integers(1, 30))
def test_a_term_of_working_days_ends_on_a_working_day_and_skips_none(arrived, calendar, days):
    found = due(arrived, "urgent", calendar=calendar, rules=DeadlineRules(urgent=WorkingDays(days)))
    assert calendar.is_working_day(found.due.date())
    assert all(day.counts == calendar.is_working_day(day.date) for day in found.days[1:])


@given(arrivals, calendars, st.integers(1, 30))
def test_a_term_of_calendar_days_is_that_many_days_whatever_they_are(arrived, calendar, days):
    found = due(arrived, "contact", calendar=calendar, rules=DeadlineRules(contact=CalendarDays(days)))
    assert found.due.date() == arrived.astimezone(HELSINKI).date() + timedelta(days=days)


# The hours in which the clocks of Finland turn, and the last minutes of days.
turning = st.builds(
    lambda year, autumn, minutes: (
        datetime(year, 10 if autumn else 3, 31, tzinfo=HELSINKI)
        - timedelta(days=(datetime(year, 10 if autumn else 3, 31, tzinfo=HELSINKI).weekday() + 1) % 7)
        + timedelta(minutes=minutes)
    ),
    st.integers(2000, 2089),
    st.booleans(),
    st.integers(-24 * 60, 48 * 60),
)
minutes_of_a_day = st.tuples(st.dates(date(2000, 1, 1), date(2089, 12, 31)), st.integers(0, 24 * 60 - 1))
holidays = st.sampled_from(
    [
        day
        for year in range(2000, 2090)
        for day in (date(year, 1, n) for n in range(1, 8))
        if Calendar().day_off(day)
    ]
    + [date(year, 12, day) for year in range(2000, 2090) for day in (6, 24, 25, 26)]
)


@given(turning, roads, calendars, all_rules)
def test_the_turning_of_the_clocks_takes_and_gives_no_day(arrived, road, calendar, rules):
    found = due(arrived, road, calendar=calendar, rules=rules)
    by_day = due(arrival_of(arrived.date()), road, calendar=calendar, rules=rules)
    assert found == by_day
    # 23, 24 or 25 hours long: the deadline is the last second of its day by the clock on the wall.
    assert (found.due.hour, found.due.minute, found.due.second) == (23, 59, 59)


@given(minutes_of_a_day, roads, calendars, all_rules)
def test_the_minute_of_the_day_decides_nothing(moment, road, calendar, rules):
    day, minute = moment
    arrived = arrival_of(day).replace(hour=minute // 60, minute=minute % 60)
    last_minute = arrival_of(day).replace(hour=23, minute=59)
    assert due(arrived, road, calendar=calendar, rules=rules) == due(
        last_minute, road, calendar=calendar, rules=rules
    )


@given(st.dates(date(2000, 1, 1), date(2089, 12, 30)), roads, calendars, all_rules)
def test_a_minute_after_midnight_is_the_next_day(day, road, calendar, rules):
    before = due(arrival_of(day).replace(hour=23, minute=59), road, calendar=calendar, rules=rules)
    after = due(arrival_of(day + timedelta(days=1)), road, calendar=calendar, rules=rules)
    assert before.days[0].date + timedelta(days=1) == after.days[0].date
    assert before.due <= after.due


@given(holidays, calendars, st.integers(1, 30))
def test_what_arrives_on_a_holiday_has_as_long_as_what_came_on_the_last_working_day(day, calendar, days):
    terms = DeadlineRules(urgent=WorkingDays(days))
    if calendar.is_working_day(day):
        return
    before = day
    while not calendar.is_working_day(before):
        before -= timedelta(days=1)
    on_the_holiday = due(arrival_of(day), "urgent", calendar=calendar, rules=terms)
    assert on_the_holiday.due == due(arrival_of(before), "urgent", calendar=calendar, rules=terms).due
    assert on_the_holiday.days[0].reason == "arrival_day"


@given(arrivals, calendars, st.dates(date(2000, 1, 1), date(2090, 12, 31)), all_rules, roads)
def test_a_day_off_more_never_makes_a_deadline_earlier(arrived, calendar, extra, rules, road):
    with_it = Calendar(
        calendar.midsummer_eve_off, calendar.christmas_eve_off, {**calendar.county_days_off, extra: "Oma"}
    )
    one, two = (due(arrived, road, calendar=each, rules=rules) for each in (calendar, with_it))
    assert one.due <= two.due <= one.due + timedelta(days=30)
    # Only a day between the arrival and the deadline, and only where working days are counted, can matter.
    if isinstance(rules.term(road), CalendarDays) or not one.days[0].date < extra <= one.due.date():
        assert one.due == two.due


@given(arrivals, calendars, st.integers(1, 20))
def test_the_countys_own_days_off_are_named_and_do_not_count(arrived, calendar, days):
    found = due(arrived, "urgent", calendar=calendar, rules=DeadlineRules(urgent=WorkingDays(days)))
    for day in found.days[1:]:
        if day.reason == "county_day_off":
            assert calendar.county_days_off[day.date] == day.name_fi
        if day.date in calendar.county_days_off:
            assert not day.counts


@given(arrivals, roads, calendars, all_rules)
def test_one_day_more_in_the_term_is_at_least_one_day_more_for_the_answer(arrived, road, calendar, rules):
    term = rules.term(road)
    longer = type(term)(term.days + 1)
    more = DeadlineRules(urgent=longer, contact=longer)
    assert (
        due(arrived, road, calendar=calendar, rules=more).due
        > due(arrived, road, calendar=calendar, rules=rules).due
    )
