"""Questions about the organisation that other steps ask."""

import time
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.text import slugify

from palauteketju.organisation.models import FailedSignIn, Unit

# So many wrong passwords within so long a time, and the name has to wait.
MOST_FAILURES = 10
FAILURES_COUNT_FOR = timedelta(minutes=15)
# How long a unit's address is remembered: a closed unit's form closes so much later.
_REMEMBERED_S = 5
# The characters after "z" in ASCII.
_LAST_LETTERS = str.maketrans({"å": "{", "ä": "|", "ö": "}"})


def county() -> Unit | None:
    """The county itself; None before an organisation has been imported."""
    return Unit.objects.filter(kind=Unit.Kind.COUNTY).order_by("pk").first()


def parents() -> Mapping[str, str]:
    """Each unit's area and each area's county, by code."""
    return dict(Unit.objects.filter(parent__isnull=False).values_list("code", "parent__code"))


def unit_by_code(code: str) -> Unit | None:
    """By code, by the slug of addresses or by OID; a county or an area too."""
    # What a column cannot hold is nobody's code; PostgreSQL would refuse to look for it.
    if not code or len(code) > 80 or "\x00" in code:
        return None
    return (
        Unit.objects.filter(code=code).first()
        or Unit.objects.filter(slug=code.lower()).first()
        or Unit.objects.filter(oid=code).first()
    )


def unit_at_address(code: str) -> Unit | None:
    """The unit that serves customers at this address, however the code on its poster was typed.

    Remembered for some seconds: every form and every feedback asks, and a unit changes a few times a year.
    """
    return _unit_at(slugify(code)[:40], int(time.monotonic() / _REMEMBERED_S))


@lru_cache(maxsize=2000)
def _unit_at(slug: str, _moment: int) -> Unit | None:
    """One query; `_moment` only makes it be asked anew."""
    return Unit.objects.giving_service().filter(slug=slug).select_related("parent").first()


def hash_of_username(username: str) -> bytes:
    """By this the failures of a name are counted: what people type for a name may be their password."""
    return bytes(settings.KEY_RING.fingerprint(username.strip().lower(), purpose="sign-in"))


def must_wait(username: str, *, at: datetime) -> bool:
    """Whether too many wrong passwords were given for the name; an unknown name waits like a known one."""
    failures = FailedSignIn.objects.filter(
        name_hash=hash_of_username(username), at__gt=at - FAILURES_COUNT_FOR
    )
    return failures.count() >= MOST_FAILURES


def open_units(day: date, *, words: str = "", area: str = "") -> list[Unit]:
    """The units customers visit on that day, by area and name in the language in force.

    Each of the words must be in one of the unit's names, its code or its area's name; "tyoterveys" finds "työterveys".
    """
    units = Unit.objects.giving_service().open_on(day).select_related("parent")
    if area:
        units = units.filter(parent__slug=area.lower())
    wanted = _folded(words).split()
    found = [unit for unit in units if all(word in _searched(unit) for word in wanted)]
    return sorted(
        found,
        key=lambda unit: (alphabetical(unit.parent.name if unit.parent else ""), alphabetical(unit.name)),
    )


def by_areas(units: models.QuerySet[Unit]) -> list[Unit]:
    """The county first, each area followed by its units, alphabetically."""

    def place(unit: Unit) -> tuple[bool, str, bool, str]:
        area = unit.parent if unit.kind == Unit.Kind.UNIT and unit.parent else unit
        is_unit = unit.kind == Unit.Kind.UNIT
        return unit.kind != Unit.Kind.COUNTY, alphabetical(area.name), is_unit, alphabetical(unit.name)

    return sorted(units.select_related("parent"), key=place)


def alphabetical(name: str) -> str:
    """A sorting key with å, ä and ö at the end, as Finnish and Swedish have them."""
    return name.lower().translate(_LAST_LETTERS)


def _searched(unit: Unit) -> str:
    area = unit.parent
    names = [unit.name_fi, unit.name_sv, unit.name_en, unit.code]
    return _folded(" ".join([*names, area.name_fi, area.name_sv, area.name_en] if area else names))


def _folded(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )
