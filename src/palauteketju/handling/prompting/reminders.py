"""When a case's handlers are reminded of its deadline. Reads no database."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from palauteketju.organisation.deadlines import county_calendar, end_of


@dataclass(frozen=True)
class Near:
    """At some moment: which deadlines are so near that their cases are reminded of, until these times."""

    urgent_until: datetime
    others_until: datetime
    # Whoever was prompted the same day is not reminded before the next one.
    opened_before: datetime


def near_deadlines(at: datetime) -> Near:
    """Reminded is on the last working day before the day of the deadline, when somebody is there to act on it.

    Seen from today: of every deadline up to the end of the next working day. An urgent case has hardly more days than
    that: its reminder is on the day itself.
    """
    today = timezone.localdate(at)
    calendar = county_calendar()
    next_working_day = today + timedelta(days=1)
    while not calendar.is_working_day(next_working_day):
        next_working_day += timedelta(days=1)
    return Near(
        urgent_until=end_of(today),
        others_until=end_of(next_working_day),
        opened_before=timezone.make_aware(datetime.combine(today, time.min)),
    )
