"""The weekly meeting: a work community goes through its week, and its manager sees which units have."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from palauteketju.audit import log
from palauteketju.improvement import access
from palauteketju.improvement.errors import AlreadyReviewed, NotYours, WeekAhead
from palauteketju.improvement.models import WeekReview
from palauteketju.insight.handover import periods
from palauteketju.organisation.models import Person, Unit


def review_week(unit: Unit, week: periods.Week, *, note: str, by: Person, at: datetime) -> WeekReview:
    """Note that the work community went through the week together; the first note stands.

    Raises NotYours for who is neither handler nor manager of the unit, WeekAhead and AlreadyReviewed.
    """
    if not access.may_lead(by, unit) or unit.kind != Unit.Kind.UNIT:
        raise NotYours
    if not has_begun(week, at=at):
        raise WeekAhead
    with transaction.atomic():
        review, is_new = WeekReview.objects.get_or_create(
            unit=unit, week=week.first, defaults={"note": note, "by": by, "at": at}
        )
        if not is_new and (review.note, review.by_id) == (note, by.pk):
            return review
        if not is_new:
            raise AlreadyReviewed
        facts = {"unit": unit.code, "week": str(week)}
        log.record("improvement.week.reviewed", by=by, subject=review, at=at, facts=facts)
    return review


def has_begun(week: periods.Week, *, at: datetime) -> bool:
    return week.first <= at.astimezone(periods.HELSINKI).date()


def review_of(unit: Unit, week: periods.Week) -> WeekReview | None:
    return WeekReview.objects.filter(unit=unit, week=week.first).select_related("by").first()


def reviews_of(units: Sequence[Unit], weeks: Sequence[periods.Week]) -> QuerySet[WeekReview]:
    """One query, however many units and weeks."""
    return WeekReview.objects.filter(unit__in=units, week__in=[week.first for week in weeks])
