"""Who may see what: every page asks here, and what is not one's own does not exist (404)."""

import hashlib

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404

from palauteketju.organisation.models import Integration, Person, Role, Unit, UnitQuerySet

# Everybody who works with the figures; the administrator and the privacy officer do not.
READERS = (Role.Kind.HANDLER, Role.Kind.MEMBER, Role.Kind.MANAGER, Role.Kind.COMMUNICATIONS)


def roles_of(person: Person | AnonymousUser) -> frozenset[str]:
    """The kinds of roles a person has anywhere."""
    if not isinstance(person, Person) or not person.is_active:
        return frozenset()
    return frozenset(Role.objects.filter(person=person).values_list("kind", flat=True))


def units_of(person: Person, *kinds: Role.Kind) -> UnitQuerySet:
    """All units, areas and counties in which the person has one of these roles, from above or directly."""
    scopes = Role.objects.filter(person=person, kind__in=kinds).values("unit")
    return Unit.objects.filter(
        Q(pk__in=scopes) | Q(parent__in=scopes) | Q(parent__parent__in=scopes),
    )


def get_unit_or_404(person: Person, slug: str, *kinds: Role.Kind) -> Unit:
    unit = units_of(person, *kinds).filter(slug=slug.lower()).select_related("parent").first()
    if unit is None:
        raise Http404
    return unit


def hash_of_key(key: str) -> bytes:
    # Keys are 256 random bits of ours, so a plain hash cannot be guessed back.
    return hashlib.sha256(key.encode()).digest()


def integration_for(key: str, right: Integration.Right) -> Integration | None:
    """The living integration that holds this key and this right."""
    return (
        Integration.objects.filter(key_hash=hash_of_key(key), right=right, revoked_at__isnull=True)
        .select_related("unit")
        .first()
    )
