"""The whole ready-made report: insight's figures together with what was decided on them."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from palauteketju.improvement.models import Measure
from palauteketju.insight import handover as insight
from palauteketju.insight.handover import Decision, Report, periods
from palauteketju.organisation.models import Unit


def ready_report(scope: Unit, period: periods.Period) -> Report:
    return insight.ready_made(scope, period, decisions=decisions_of(scope, period))


def decisions_of(scope: Unit, period: periods.Period) -> list[Decision]:
    """What was decided or finished in the period, and what was under way at its end, as things stood then.

    Finished ones first with what they did, then by the day they are due. Not what communications returned earlier:
    that is nobody's decision until it is mended.
    """
    start = datetime.combine(period.first, time(), tzinfo=periods.HELSINKI)
    end = datetime.combine(period.last + timedelta(days=1), time(), tzinfo=periods.HELSINKI)
    under_way = Q(approved_at__lt=end) & (Q(completed_at__isnull=True) | Q(completed_at__gte=start))
    measures = (
        Measure.objects.filter(Q(recorded_at__gte=start) | under_way, recorded_at__lt=end)
        .filter(unit__in=Unit.objects.below(scope))
        .select_related("unit")
        .order_by("due", "pk")
    )
    found = [_decision(measure, end) for measure in measures]
    return sorted(found, key=lambda decision: ("done", "under_way", "proposed").index(decision.state))


def _decision(measure: Measure, end: datetime) -> Decision:
    """A measure as it stood at `end`."""
    is_done = measure.completed_at is not None and measure.completed_at < end
    is_approved = measure.approved_at is not None and measure.approved_at < end
    return Decision(
        unit=measure.unit,
        title=measure.title,
        stream=measure.stream,
        theme=measure.theme,
        responsible=measure.responsible,
        state="done" if is_done else "under_way" if is_approved else "proposed",
        decided_on=timezone.localdate(measure.recorded_at, periods.HELSINKI),
        due=measure.due,
        done_on=timezone.localdate(measure.completed_at, periods.HELSINKI) if is_done else None,
        effect=measure.effect if is_done else "",
    )
