"""Whose reports are whose: everybody who works in a unit, area or county sees its figures and those below it."""

from palauteketju.organisation.access import READERS, get_unit_or_404, units_of
from palauteketju.organisation.models import Person, Unit, UnitQuerySet


def reports_open_to(person: Person) -> UnitQuerySet:
    return units_of(person, *READERS)


def get_scope_or_404(person: Person, code: str) -> Unit:
    """The unit, area or county whose report the person may read."""
    return get_unit_or_404(person, code, *READERS)
