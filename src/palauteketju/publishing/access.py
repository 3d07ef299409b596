"""Whose materials are whose: everybody who works with the figures has those of their own places."""

from datetime import date

from palauteketju.organisation.access import READERS, get_unit_or_404, units_of
from palauteketju.organisation.models import Person, Unit
from palauteketju.organisation.queries import alphabetical, open_units

_RANK = {Unit.Kind.COUNTY: 0, Unit.Kind.AREA: 1, Unit.Kind.UNIT: 2}


def places_of(person: Person, *, day: date, words: str = "") -> list[Unit]:
    """The county and the areas first, then open units by area and name, in the language in force. Two queries."""
    own = list(units_of(person, *READERS).select_related("parent"))
    mine = {unit.pk for unit in own}
    above = sorted(
        (unit for unit in own if unit.kind != Unit.Kind.UNIT),
        key=lambda unit: (_RANK[Unit.Kind(unit.kind)], alphabetical(unit.name)),
    )
    wanted = words.lower()
    return [
        *(unit for unit in above if wanted in unit.name.lower()),
        *(unit for unit in open_units(day, words=words) if unit.pk in mine),
    ]


def get_place_or_404(person: Person, code: str) -> Unit:
    return get_unit_or_404(person, code, *READERS)
