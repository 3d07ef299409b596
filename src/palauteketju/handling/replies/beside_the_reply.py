"""What stands beside the reply box: one's own draft, the unit's templates, and who else is at the same case."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import Max, QuerySet, Value, When

from palauteketju.audit.models import Entry
from palauteketju.handling.models import Case, Draft, ReplyTemplate
from palauteketju.organisation.models import Person

# Whoever opened the case longer ago has probably gone on to something else.
STILL_HERE: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Colleague:
    """Somebody else who has the case open or an answer begun. `opened_at` or `draft_at` is known, or both."""

    name: str
    opened_at: datetime | None
    draft_at: datetime | None


def draft_of(case: Case, person: Person) -> Draft | None:
    return Draft.objects.filter(case=case, person=person).first()


def colleagues_at(case: Case, *, apart_from: Person, at: datetime) -> list[Colleague]:
    """Who opened the case within half an hour, by the audit trail, and who has begun an answer; the latest first."""
    readings = (
        Entry.objects.filter(
            subject_type=Case._meta.label_lower,  # noqa: SLF001 - Django's documented name for a model's meta data
            subject_id=str(case.pk),
            action="handling.case.read",
            at__gt=at - STILL_HERE,
        )
        .exclude(actor=apart_from)
        .order_by()
        .values_list("actor")
        .annotate(Max("at"))
    )
    opened = dict(readings)
    drafts = dict(
        Draft.objects.filter(case=case).exclude(person=apart_from).values_list("person", "saved_at")
    )
    people = Person.objects.filter(pk__in=[*opened, *drafts]) if opened or drafts else []
    there = [Colleague(str(one), opened.get(one.pk), drafts.get(one.pk)) for one in people]
    return sorted(there, key=lambda one: max(filter(None, (one.opened_at, one.draft_at))), reverse=True)


def templates_for(case: Case, *, language: str) -> QuerySet[ReplyTemplate]:
    """Of the unit, its area and the county; those in the customer's language first, then the nearest."""
    area = case.unit.parent
    scopes = [case.unit_id, area.pk if area else None, area.parent_id if area else None]
    other = models.Case(
        When(language=language, then=Value(0)), default=Value(1), output_field=models.IntegerField()
    )
    nearness = models.Case(
        *(When(unit=scope, then=Value(rank)) for rank, scope in enumerate(scopes) if scope),
        output_field=models.IntegerField(),
    )
    return ReplyTemplate.objects.filter(unit__in=[scope for scope in scopes if scope]).order_by(
        other, "language", nearness, "name", "pk"
    )
