"""The periods of the ready-made reports, as days of Europe/Helsinki."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from palauteketju.insight.errors import BadWeek

HELSINKI = ZoneInfo("Europe/Helsinki")
# Of this millennium: the weeks before and after are days too.
_WEEK = re.compile(r"(2\d{3})-W(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week by its Monday."""

    first: date

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    @property
    def number(self) -> int:
        return self.first.isocalendar().week

    @property
    def year(self) -> int:
        """The year the week belongs to, which around New Year is not always that of its Monday."""
        return self.first.isocalendar().year

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    def earlier(self, weeks: int) -> "Week":
        return Week(self.first - timedelta(weeks=weeks))


def read_week(text: str) -> Week:
    """Raise BadWeek for anything but an ISO week such as 2026-W45."""
    match = _WEEK.fullmatch(text)
    try:
        if match:
            return Week(date.fromisocalendar(int(match[1]), int(match[2]), 1))
    except ValueError:
        pass
    raise BadWeek(text)


def week_of(day: date) -> Week:
    return Week(day - timedelta(days=day.weekday()))


def last_whole_week(at: datetime) -> Week:
    """The week whose blocks have all closed at `at`."""
    return week_of(at.astimezone(HELSINKI).date()).earlier(1)
