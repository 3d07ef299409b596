"""From arrival, road and calendar to a due time and the list of days behind it. No database.

Satakunta's operating model gives the two promises: "without delay" for what needs immediate reaction,
and "within two weeks of arrival" for a contact request. It puts no number on the first; ours, and each
county's own, is in `DeadlineRules`. A county whose rule is five working days for everything has
`DeadlineRules(urgent=WorkingDays(5), contact=WorkingDays(5))`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NotRequired, TypedDict
from zoneinfo import ZoneInfo

from palauteketju.organisation.calendar import Calendar, year_within_reach
from palauteketju.organisation.rules import county_rules

HELSINKI: Final = ZoneInfo("Europe/Helsinki")

ARRIVAL_DAY: Final = "arrival_day"  # the days are counted from the next one
WORKING_DAY: Final = "working_day"
CALENDAR_DAY: Final = "calendar_day"  # counts, whatever day it is
LAST_DAY: Final = "last_day"  # counts, and the deadline is at its end

LONGEST_TERM: Final = 366
LAST_MOMENT: Final = time(23, 59, 59)


def _refuse_odd_term(days: int) -> None:
    if not 1 <= days <= LONGEST_TERM:
        raise ValueError(f"A term is from 1 to {LONGEST_TERM} days, not {days}.")


@dataclass(frozen=True)
class WorkingDays:
    """A term in which only working days count: 1 is "by the end of the next working day"."""

    days: int

    def __post_init__(self) -> None:
        _refuse_odd_term(self.days)


@dataclass(frozen=True)
class CalendarDays:
    """A term in which every day counts: 14 days end on the same weekday, be it a holiday or not."""

    days: int

    def __post_init__(self) -> None:
        _refuse_odd_term(self.days)


@dataclass(frozen=True)
class DeadlineRules:
    """How long the county gives itself on each road."""

    urgent: WorkingDays | CalendarDays = WorkingDays(1)
    contact: WorkingDays | CalendarDays = CalendarDays(14)

    def term(self, road: str) -> WorkingDays | CalendarDays:
        """The term of `road`; ValueError for a road that promises nothing."""
        if road == "urgent":
            return self.urgent
        if road == "contact":
            return self.contact
        raise ValueError(f"No deadline rule for the road {road!r}: urgent or contact.")


@dataclass(frozen=True)
class CountedDay:
    """One day of the list shown to people: whether it counts, and why.

    `reason` is a code, translated where it is shown; `name_fi` the name of a holiday or of the county's own day
    off, also where the day counts all the same.
    """

    date: date
    counts: bool
    reason: str
    name_fi: str = ""


@dataclass(frozen=True)
class Deadline:
    """`due` is the last second (23:59:59, Europe/Helsinki) of the last day: later than `due` is late.

    `days` runs without a gap from the day of arrival, which never counts, to the last day.
    """

    due: datetime
    days: tuple[CountedDay, ...]


class ExplainedDay(TypedDict):
    date: str
    counts: bool
    reason: str
    name: NotRequired[str]


class Explanation(TypedDict):
    due: str
    days: list[ExplainedDay]


def deadline(*, arrived: datetime, road: str, calendar: Calendar, rules: DeadlineRules) -> Deadline:
    """When a feedback that `arrived` then must have been dealt with, and every day in between.

    `arrived` is when the county received it, in any time zone; its day is the day in Finland.
    Raises ValueError for a time without a zone, an unknown road or a year beyond the known holidays.
    """
    if arrived.utcoffset() is None:
        raise ValueError("The time of arrival has no time zone.")
    term = rules.term(road)
    year_within_reach(arrived)

    arrival_day = arrived.astimezone(HELSINKI).date()
    days = [CountedDay(arrival_day, counts=False, reason=ARRIVAL_DAY, name_fi=_name(arrival_day, calendar))]
    remaining = term.days
    while remaining:
        day = _counted(days[-1].date + timedelta(days=1), term, calendar, is_last=remaining == 1)
        remaining -= day.counts
        days.append(day)
    return Deadline(due=end_of(days[-1].date), days=tuple(days))


def explain(deadline: Deadline) -> Explanation:
    """The deadline as JSON data: `name` is there only for a day that has one."""
    return {
        "due": deadline.due.isoformat(),
        "days": [_explained(day) for day in deadline.days],
    }


def county_calendar() -> Calendar:
    """The days off of this county, as its county.toml has them."""
    days_off = county_rules().days_off
    return Calendar(days_off.midsummer_eve_off, days_off.christmas_eve_off, dict(days_off.own))


def county_deadline(arrived: datetime, *, road: str) -> Deadline:
    """The deadline by this county's own terms and days off; ValueError as `deadline`."""
    terms = county_rules().deadlines
    rules = DeadlineRules(
        urgent=WorkingDays(terms.urgent_working_days), contact=CalendarDays(terms.contact_days)
    )
    return deadline(arrived=arrived, road=road, calendar=county_calendar(), rules=rules)


def promised_answer(arrived: datetime, *, is_urgent: bool) -> date:
    """The day the customer is told.

    Only the customer's own word makes it the urgent one: what our rules find in the text shortens the handler's
    time, but promises the customer nothing.
    """
    return county_deadline(arrived, road="urgent" if is_urgent else "contact").due.date()


def arrival_of(day: date) -> datetime:
    """The time of arrival of feedback on paper or spoken, of which only the day is known: its start.

    The deadline is the same whatever the hour; the earliest one is chosen so that the time waited
    is never told shorter than it was.
    """
    return datetime.combine(day, time.min, tzinfo=HELSINKI)


def end_of(day: date) -> datetime:
    # Finland's clocks change at three and four in the morning, so this second exists once on every day.
    return datetime.combine(day, LAST_MOMENT, tzinfo=HELSINKI)


def _counted(day: date, term: WorkingDays | CalendarDays, calendar: Calendar, *, is_last: bool) -> CountedDay:
    day_off = calendar.day_off(day)
    name = day_off.name_fi if day_off else ""
    if day_off and isinstance(term, WorkingDays):
        return CountedDay(day, counts=False, reason=day_off.code, name_fi=name)
    if is_last:
        return CountedDay(day, counts=True, reason=LAST_DAY, name_fi=name)
    reason = WORKING_DAY if isinstance(term, WorkingDays) else CALENDAR_DAY
    return CountedDay(day, counts=True, reason=reason, name_fi=name)


def _name(day: date, calendar: Calendar) -> str:
    day_off = calendar.day_off(day)
    return day_off.name_fi if day_off else ""


def _explained(day: CountedDay) -> ExplainedDay:
    explained: ExplainedDay = {"date": day.date.isoformat(), "counts": day.counts, "reason": day.reason}
    if day.name_fi:
        explained["name"] = day.name_fi
    return explained
