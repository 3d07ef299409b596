"""Whose reports are whose: everybody who works in a unit, area or county sees its figures and those below it."""

from palauteketju.organisation.access import READERS, get_unit_or_404, units_of
from palauteketju.organisation.models import Person, Role, Unit, UnitQuerySet
from palauteketju.organisation.queries import alphabetical


def reports_open_to(person: Person) -> UnitQuerySet:
    return units_of(person, *READERS)


def get_scope_or_404(person: Person, code: str) -> Unit:
    """The unit, area or county whose report the person may read."""
    return get_unit_or_404(person, code, *READERS)


def own_scopes(person: Person) -> list[Unit]:
    """The units, areas and counties the person was given a role in, by name; not all that lies below them."""
    given = Role.objects.filter(person=person, kind__in=READERS).values("unit")
    return sorted(Unit.objects.filter(pk__in=given), key=lambda unit: alphabetical(unit.name))
