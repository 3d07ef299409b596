"""Who is away and who is prompted instead. A substitute gets no rights from it: only somebody with the same role can be one."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import models, transaction

from palauteketju.audit import log
from palauteketju.organisation.access import units_of
from palauteketju.organisation.days import day_of
from palauteketju.organisation.errors import AbsenceRefused
from palauteketju.organisation.models import Absence, Person, Role, Unit

# The roles that are prompted.
KINDS: Final = (Role.Kind.HANDLER, Role.Kind.MANAGER)
KEPT_FOR: Final = timedelta(days=31)
# Days beyond these are slips of the keyboard.
_BACK: Final = timedelta(days=365)
_AHEAD: Final = timedelta(days=2 * 365)


def add_absence(
    person: Person, *, first_day: date, last_day: date, substitute: Person | None, by: Person, at: datetime
) -> Absence:
    """From `first_day` to `last_day` the person is not prompted; the substitute is, in the units they share.

    Raises AbsenceRefused.
    """
    earliest, latest = possible_days(day_of(at))
    if first_day < earliest or last_day > latest:
        raise AbsenceRefused("days")
    with transaction.atomic():
        # Two saves at once wait here for each other, so that they cannot overlap.
        Person.objects.select_for_update().get(pk=person.pk)
        if person.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
            raise AbsenceRefused("overlaps")
        if substitute and not possible_substitutes(person).filter(pk=substitute.pk).exists():
            raise AbsenceRefused("substitute")
        absence = Absence.objects.create(
            person=person, first_day=first_day, last_day=last_day, substitute=substitute
        )
        facts = {
            "first_day": first_day.isoformat(),
            "last_day": last_day.isoformat(),
            "substitute": substitute.pk if substitute else None,
        }
        log.record("organisation.absence.added", by=by, subject=person, at=at, facts=facts)
    return absence


def possible_days(today: date) -> tuple[date, date]:
    """The first and the last day that an absence marked today can have."""
    return today - _BACK, today + _AHEAD


def remove_absence(absence: Absence, *, by: Person, at: datetime) -> None:
    """The person is prompted again from now on."""
    with transaction.atomic():
        gone, _by_model = Absence.objects.filter(pk=absence.pk).delete()
        if gone:
            log.record("organisation.absence.removed", by=by, subject=absence.person, at=at)


def possible_substitutes(person: Person) -> models.QuerySet[Person]:
    """Other people at work with the same role in at least one of the person's units."""
    wanted: set[tuple[str, int]] = set()
    for kind in KINDS:
        held = Role.objects.filter(person=person, kind=kind).values_list("unit", flat=True)
        wanted |= {(kind, unit) for unit in _around(held)}
    fitting = models.Q(pk__in=[])
    for kind in KINDS:
        units = {unit for of_kind, unit in wanted if of_kind == kind}
        fitting |= models.Q(roles__kind=kind, roles__unit__in=units)
    return (
        Person.objects.filter(fitting, is_active=True)
        .exclude(pk=person.pk)
        .distinct()
        .order_by("last_name", "first_name", "pk")
    )


def people_marked_by(person: Person) -> models.QuerySet[Person]:
    """Whose days away the person may mark: handlers and managers at work in the units they administer or manage.

    Themselves apart, who have their own page for it.
    """
    units = units_of(person, Role.Kind.ADMINISTRATOR, Role.Kind.MANAGER)
    held = Role.objects.filter(person=models.OuterRef("pk"), kind__in=KINDS, unit__in=units)
    people = Person.objects.filter(models.Exists(held), is_active=True).exclude(pk=person.pk)
    return people.order_by("last_name", "first_name", "pk")


def absences_on(day: date, people: Iterable[int]) -> dict[int, Absence]:
    """Who of these people is away that day."""
    found = Absence.objects.filter(person__in=people, first_day__lte=day, last_day__gte=day)
    return {absence.person_id: absence for absence in found.select_related("substitute")}


def forget_absences(*, at: datetime) -> int:
    """Delete the absences that ended a month ago or earlier: nobody needs to know them any more."""
    gone, _by_model = Absence.objects.filter(last_day__lt=(at - KEPT_FOR).date()).delete()
    return gone


def _around(units: Iterable[int]) -> set[int]:
    """The units, everything below them and everything above them."""
    rows = Unit.objects.values_list("pk", "parent", "parent__parent")
    held = set(units)
    found: set[int] = set()
    for chain in rows:
        if held.intersection(chain):
            found |= {pk for pk in chain if pk}
    return found
