"""Which days are working days in Finland and in this county. Plain Python: computed, never fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from holidays import country_holidays

WEEKEND: Final = "weekend"
PUBLIC_HOLIDAY: Final = "public_holiday"
COUNTY_DAY_OFF: Final = "county_day_off"

FIRST_YEAR: Final = 1923  # the Gregorian holidays of independent Finland, and nobody's feedback is older
LAST_YEAR: Final = 2100  # the package computes no further and would call every later day a plain day

SATURDAY: Final = 5
FRIDAY: Final = 4


@dataclass(frozen=True)
class DayOff:
    """Why a day is not a working day.

    `code` is stable and translated where it is shown. `name_fi` is the day's Finnish name, or the
    name the county gave to its own day; empty for a plain weekend.
    """

    code: str
    name_fi: str = ""


@dataclass(frozen=True)
class Calendar:
    """The days off of a county.

    Midsummer Eve and Christmas Eve are days off by custom and agreement: each is a setting, and both
    are days off unless the county says otherwise.
    """

    midsummer_eve_off: bool = True
    christmas_eve_off: bool = True
    county_days_off: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A later change of the caller's own mapping must not move deadlines already shown.
        object.__setattr__(self, "county_days_off", MappingProxyType(dict(self.county_days_off)))

    def day_off(self, day: date) -> DayOff | None:
        """Why `day` is not a working day, or None when it is one.

        A holiday on a Sunday is told as the holiday: its name says more. Raises ValueError outside
        the years whose holidays are known.
        """
        holiday = _public_holidays(year_within_reach(day)).get(day)
        if holiday and self._is_kept(day):
            return DayOff(PUBLIC_HOLIDAY, holiday)
        if day in self.county_days_off:
            return DayOff(COUNTY_DAY_OFF, self.county_days_off[day])
        if day.weekday() >= SATURDAY:
            return DayOff(WEEKEND)
        return None

    def is_working_day(self, day: date) -> bool:
        return self.day_off(day) is None

    def _is_kept(self, day: date) -> bool:
        if is_midsummer_eve(day):
            return self.midsummer_eve_off
        if is_christmas_eve(day):
            return self.christmas_eve_off
        return True


def is_midsummer_eve(day: date) -> bool:
    """The Friday from 19 to 25 June."""
    return day.month == 6 and 19 <= day.day <= 25 and day.weekday() == FRIDAY


def is_christmas_eve(day: date) -> bool:
    return (day.month, day.day) == (12, 24)


def year_within_reach(day: date) -> int:
    """The year of `day`; ValueError when its holidays are not known."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"Holidays are known for the years {FIRST_YEAR}-{LAST_YEAR}, not for {day.year}.")
    return day.year


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> Mapping[date, str]:
    # Named explicitly: without it the package takes the language of the process's environment.
    found = country_holidays("FI", years=year, language="fi", expand=False)
    return MappingProxyType(dict(found))
