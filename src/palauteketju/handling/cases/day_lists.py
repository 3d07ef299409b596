"""The days behind a case's deadline, each with its reason, also after the deadline was moved; and months, in words."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from palauteketju.handling.cases.labels import day_name, label
from palauteketju.handling.models import Case, DeadlineChange
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.deadlines import (
    CALENDAR_DAY,
    LAST_DAY,
    WORKING_DAY,
    CountedDay,
    county_deadline,
)

# Counts, because more time was given.
MORE_TIME = "more_time"


def counted_days(case: Case, changes: list[DeadlineChange]) -> list[CountedDay]:
    """From the arrival to the deadline that is in force.

    Empty while a change of the county's rules has not reached the case yet: then its days would be explained by other
    rules than those they were counted by.
    """
    if case.due_at is None:
        return []
    road = _road_counted_by(case, changes)
    counted = county_deadline(case.arrived_at, road=road)
    if counted.due == case.due_at:
        return list(counted.days)
    if not changes:
        return []
    last = timezone.localdate(case.due_at)
    days = [day for day in counted.days if day.date < last]
    if days and counted.due < case.due_at:
        # The day that was the last one counts as all the others do.
        end = days[-1]
        reason = WORKING_DAY if road == "urgent" else CALENDAR_DAY
        days[-1] = CountedDay(end.date, counts=True, reason=reason, name_fi=end.name_fi)
    first_more = (days[-1].date if days else timezone.localdate(case.arrived_at)) + timedelta(days=1)
    more = (first_more + timedelta(days=number) for number in range((last - first_more).days))
    between = [CountedDay(day, counts=True, reason=MORE_TIME) for day in more]
    return [*days, *between, CountedDay(last, counts=True, reason=LAST_DAY)]


def _road_counted_by(case: Case, changes: list[DeadlineChange]) -> str:
    """Its own road; or the other, whose deadline it kept when its urgency was judged: a late case has no new one."""
    own, other = ("urgent", "contact") if case.is_urgent else ("contact", "urgent")
    first_due = changes[0].before if changes else case.due_at
    is_moved = any(change.why in DeadlineChange.OF_URGENCY for change in changes)
    if is_moved or county_deadline(case.arrived_at, road=own).due == first_due:
        return own
    return other if county_deadline(case.arrived_at, road=other).due == first_due else own


def days_in_words(days: list[CountedDay]) -> list[dict[str, Any]]:
    return [
        {
            "day": day_in_words(day.date),
            "reason": label(day.reason),
            "name": day_name(day.name_fi),
            "counts": day.counts,
        }
        for day in days
    ]


def changes_in_words(changes: list[DeadlineChange], *, with_reasons: bool) -> list[dict[str, str]]:
    """Each move of the deadline: which day became which, why and when. The reason's words are for the unit's handlers."""
    return [
        {
            "days": _("%(before)s became %(after)s")
            % {"before": day_in_words(change.before), "after": day_in_words(change.after)},
            "why": _("%(why)s on %(day)s")
            % {"why": change.get_why_display(), "day": day_in_words(change.at)},
            "reason": change.reason if with_reasons else "",
        }
        for change in changes
    ]


def months_in_words(first: date, last: date) -> str:
    """From the month of the one to the month of the other, both with their years where these differ."""
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, "F Y")
    if first.year == last.year:
        return f"{date_format(first, 'F')}–{date_format(last, 'F Y')}"
    return f"{date_format(first, 'F Y')} – {date_format(last, 'F Y')}"
