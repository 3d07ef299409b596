"""What publishing may ask: approved measures in plain values."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from palauteketju.improvement import subjects
from palauteketju.improvement.models import Measure
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import county_rules


@dataclass(frozen=True, slots=True)
class PublishedMeasure:
    """`heard` is what the feedback was about, in the active language. How many answers it rests on stays inside."""

    id: int
    unit: Unit
    # Of the title, the text, the effect and who is responsible.
    language: str
    title: str
    text: str
    heard: str
    responsible: str
    due: date
    decided_on: date
    # None while it is under way.
    done_on: date | None
    published_on: date
    # What it changed, once approved.
    effect: str


def published_measures(scope: Unit | None) -> list[PublishedMeasure]:
    """A unit's own, an area's or county's with all below it, or everybody's; the newest first."""
    measures = Measure.objects.filter(approved_at__isnull=False).select_related("unit__parent__parent")
    if scope is not None:
        measures = measures.filter(unit__in=Unit.objects.below(scope))
    return [_published(measure) for measure in measures.order_by("-approved_at", "-pk")]


def _published(measure: Measure) -> PublishedMeasure:
    about = subjects.name_of(measure.stream, measure.theme)
    is_told = measure.effect_approved_at is not None
    return PublishedMeasure(
        id=measure.pk,
        unit=measure.unit,
        language=county_rules().measure_language,
        title=measure.title,
        text=measure.description,
        heard=_("The feedback was about: %(about)s") % {"about": about} if about else "",
        responsible=measure.responsible,
        due=measure.due,
        decided_on=timezone.localdate(measure.recorded_at),
        done_on=timezone.localdate(measure.completed_at) if measure.completed_at else None,
        published_on=timezone.localdate(measure.approved_at),
        effect=measure.effect if is_told else "",
    )
