"""When a case's handlers are reminded of its deadline. Reads no database."""

from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from palauteketju.organisation.deadlines import county_calendar

# Longer than any row of days off, so that a search this far ahead misses no reminder.
LONGEST_WAIT: Final = timedelta(days=15)


def remind_from(due: datetime, *, opened: datetime, is_urgent: bool) -> datetime:
    """The start of the last working day before the day of the deadline, when somebody is there to act on it.

    An urgent case has hardly more days than that: its reminder is on the day itself. Whoever was prompted that very day
    is not reminded before the next one.
    """
    last_day = timezone.localdate(due)
    day = last_day
    if not is_urgent:
        calendar = county_calendar()
        day -= timedelta(days=1)
        while not calendar.is_working_day(day) and last_day - day < LONGEST_WAIT:
            day -= timedelta(days=1)
    day = max(day, timezone.localdate(opened) + timedelta(days=1))
    return timezone.make_aware(datetime.combine(day, time.min))
