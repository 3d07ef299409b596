"""In whose name staff may write feedback down."""

from datetime import datetime

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.text import slugify

from palauteketju.intake.submissions import OLDEST_ARRIVAL
from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Person, Role, Unit, UnitQuerySet


def units_keyed_in_by(person: Person, *, at: datetime) -> UnitQuerySet:
    """The units where the person works as a handler or in the work community, and which customers visit or have visited lately.

    Of a unit that has closed, what was given while it was open is still written down, for as long as feedback may be late.
    """
    units = units_of(person, Role.Kind.HANDLER, Role.Kind.MEMBER).giving_service()
    begun = Q(active_from__isnull=True) | Q(active_from__lte=timezone.localdate(at))
    lately = Q(active_to__isnull=True) | Q(active_to__gte=timezone.localdate(at - OLDEST_ARRIVAL))
    return units.filter(begun, lately).select_related("parent")


def get_unit_to_key_in_or_404(person: Person, code: str, *, at: datetime) -> Unit:
    unit = units_keyed_in_by(person, at=at).filter(slug=slugify(code)[:40]).first()
    if unit is None:
        raise Http404
    return unit
