"""In whose name staff may write feedback down."""

from datetime import datetime

from django.http import Http404
from django.utils import timezone
from django.utils.text import slugify

from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Person, Role, Unit, UnitQuerySet


def units_keyed_in_by(person: Person, *, at: datetime) -> UnitQuerySet:
    """The open units where the person works as a handler or in the work community."""
    units = units_of(person, Role.Kind.HANDLER, Role.Kind.MEMBER).giving_service()
    return units.open_on(timezone.localdate(at)).select_related("parent")


def get_unit_to_key_in_or_404(person: Person, code: str, *, at: datetime) -> Unit:
    unit = units_keyed_in_by(person, at=at).filter(slug=slugify(code)[:40]).first()
    if unit is None:
        raise Http404
    return unit
