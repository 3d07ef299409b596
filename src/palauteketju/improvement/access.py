"""Whose measures are whose: all who work with a unit read them, its handlers record, communications approves."""

from django.db.models import QuerySet
from django.http import Http404

from palauteketju.improvement.models import Measure
from palauteketju.organisation.access import READERS, get_unit_or_404, units_of
from palauteketju.organisation.models import Person, Role, Unit, UnitQuerySet


def measures_open_to(person: Person) -> QuerySet[Measure]:
    return Measure.objects.filter(unit__in=units_of(person, *READERS)).select_related("unit")


def get_measure_or_404(person: Person, measure_id: int) -> Measure:
    measure = measures_open_to(person).select_related("recorded_by").filter(pk=measure_id).first()
    if measure is None:
        raise Http404
    return measure


def units_to_record_in(person: Person) -> UnitQuerySet:
    """Units, and areas or the county where the person handles feedback of all of it."""
    return units_of(person, Role.Kind.HANDLER)


def can_record(person: Person, unit: Unit) -> bool:
    return units_to_record_in(person).filter(pk=unit.pk).exists()


def may_lead(person: Person, unit: Unit) -> bool:
    """Who leads the unit's meeting, notes that a week was gone through, and lets a screen show its board."""
    return units_of(person, Role.Kind.HANDLER, Role.Kind.MANAGER).filter(pk=unit.pk).exists()


def manages(person: Person, unit: Unit) -> bool:
    return units_of(person, Role.Kind.MANAGER).filter(pk=unit.pk).exists()


def get_managed_or_404(person: Person, slug: str) -> Unit:
    """The area or county, or a unit, that the person manages."""
    return get_unit_or_404(person, slug, Role.Kind.MANAGER)


def can_approve(person: Person, unit: Unit) -> bool:
    return units_of(person, Role.Kind.COMMUNICATIONS).filter(pk=unit.pk).exists()
