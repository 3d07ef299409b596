"""The periods of the ready-made reports, as days of Europe/Helsinki.

In text each kind has its own shape: 2026-W45, 2026-10 (a month has two digits), 2026-3 (a third has one) and 2026.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from palauteketju.insight.errors import BadPeriod

Kind = Literal["week", "month", "third", "year"]

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week by its Monday."""

    kind: ClassVar[Kind] = "week"
    # How many of them, the last included, a report's line shows.
    points: ClassVar[int] = 12

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

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day - timedelta(days=day.weekday()))


@dataclass(frozen=True, slots=True, order=True)
class _Months:
    """Whole months that never cross a year, by their first day."""

    months: ClassVar[int]

    first: date

    @property
    def last(self) -> date:
        return self.earlier(-1).first - timedelta(days=1)

    @property
    def number(self) -> int:
        """Which one of its year, from 1."""
        return (self.first.month - 1) // self.months + 1

    @property
    def year(self) -> int:
        return self.first.year

    def earlier(self, times: int) -> Self:
        month = 12 * self.first.year + self.first.month - 1 - times * self.months
        return type(self)(date(month // 12, month % 12 + 1, 1))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(date(day.year, (day.month - 1) // cls.months * cls.months + 1, 1))


@dataclass(frozen=True, slots=True, order=True)
class Month(_Months):
    kind: ClassVar[Kind] = "month"
    points: ClassVar[int] = 12
    months: ClassVar[int] = 1

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"


@dataclass(frozen=True, slots=True, order=True)
class Third(_Months):
    """Four months: counties must publish the findings of their self-monitoring so often (741/2023, 26 §)."""

    kind: ClassVar[Kind] = "third"
    points: ClassVar[int] = 6
    months: ClassVar[int] = 4

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


@dataclass(frozen=True, slots=True, order=True)
class Year(_Months):
    kind: ClassVar[Kind] = "year"
    points: ClassVar[int] = 3
    months: ClassVar[int] = 12

    def __str__(self) -> str:
        return str(self.year)


Period = Week | Month | Third | Year
KINDS: Mapping[Kind, type[Period]] = {"week": Week, "month": Month, "third": Third, "year": Year}
# Of this millennium: the periods before and after are days too.
_SHAPES: Mapping[Kind, re.Pattern[str]] = {
    "week": re.compile(r"(2\d{3})-W(\d{2})", re.ASCII),
    "month": re.compile(r"(2\d{3})-(\d{2})", re.ASCII),
    "third": re.compile(r"(2\d{3})-([123])", re.ASCII),
    "year": re.compile(r"(2\d{3})", re.ASCII),
}
_LAST_YEAR = 2999


def read(kind: Kind, text: str) -> Period:
    """Raise BadPeriod for anything but a period of this kind."""
    match = _SHAPES[kind].fullmatch(text)
    if not match or int(match[1]) == _LAST_YEAR:
        raise BadPeriod(text)
    year = int(match[1])
    try:
        if kind == "week":
            return Week(date.fromisocalendar(year, int(match[2]), 1))
        if kind == "month":
            return Month(date(year, int(match[2]), 1))
    except ValueError as error:
        raise BadPeriod(text) from error
    return Third(date(year, 4 * int(match[2]) - 3, 1)) if kind == "third" else Year(date(year, 1, 1))


def read_week(text: str) -> Week:
    """Raise BadPeriod for anything but an ISO week such as 2026-W45."""
    week = read("week", text)
    assert isinstance(week, Week)  # noqa: S101 - for the type checker
    return week


def read_any(text: str) -> Period:
    """A period of the kind its shape tells. Raises BadPeriod."""
    kind = next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(text)), None)
    if kind is None:
        raise BadPeriod(text)
    return read(kind, text)


def week_of(day: date) -> Week:
    return Week.of(day)


def last_whole(kind: Kind, at: datetime) -> Period:
    """The period whose blocks have all closed at `at`."""
    return KINDS[kind].of(at.astimezone(HELSINKI).date()).earlier(1)


def last_whole_week(at: datetime) -> Week:
    return week_of(at.astimezone(HELSINKI).date()).earlier(1)
