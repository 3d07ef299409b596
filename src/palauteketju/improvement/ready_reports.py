"""The whole ready-made report: insight's figures together with what was decided on them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from palauteketju.improvement.models import Measure
from palauteketju.insight import handover as insight
from palauteketju.insight.handover import FOLLOWED, Decision, Done, Report, effects_of, periods
from palauteketju.organisation.models import Unit


def ready_report(scope: Unit, period: periods.Period) -> Report:
    return insight.ready_made(scope, period, decisions=decisions_of(scope, period))


def decisions_of(scope: Unit, period: periods.Period) -> list[Decision]:
    """What was decided or finished in the period, and what was under way at its end, as things stood then.

    What was finished twelve weeks earlier is told once more: by then the figures say what it did. Finished ones come first,
    then by the day they are due. Not what communications returned earlier: that is nobody's decision until it is mended.
    """
    start = datetime.combine(period.first, time(), tzinfo=periods.HELSINKI)
    end = datetime.combine(period.last + timedelta(days=1), time(), tzinfo=periods.HELSINKI)
    under_way = Q(approved_at__lt=end) & (Q(completed_at__isnull=True) | Q(completed_at__gte=start))
    followed = Q(completed_at__gte=start - FOLLOWED, completed_at__lt=end - FOLLOWED)
    measures = (
        Measure.objects.filter(Q(recorded_at__gte=start) | under_way | followed, recorded_at__lt=end)
        .filter(unit__in=Unit.objects.below(scope))
        .select_related("unit")
        .order_by("due", "pk")
    )
    found = [_decision(measure, end) for measure in measures]
    return sorted(
        _with_effects(found, period.last),
        key=lambda decision: ("done", "under_way", "proposed").index(decision.state),
    )


def decided_since(unit: Unit, week: periods.Week, *, at: datetime) -> list[Decision]:
    """What the work community has decided on the week's feedback after the week, as it stands now; the newest first.

    It meets when the week is over. The week's report stays as it was.
    """
    end = datetime.combine(week.last + timedelta(days=1), time(), tzinfo=periods.HELSINKI)
    on_its_figures = Q(period_from__lte=week.last, period_to__gte=week.first)
    in_its_meeting = Q(recorded_at__lt=end + timedelta(weeks=1))
    measures = (
        Measure.objects.filter(on_its_figures | in_its_meeting, unit=unit, recorded_at__range=(end, at))
        .exclude(state=Measure.State.RETURNED)
        .select_related("unit")
        .order_by("-recorded_at", "-pk")
    )
    now = at + timedelta.resolution
    found = [_decision(measure, now) for measure in measures]
    return _with_effects(found, timezone.localdate(at, periods.HELSINKI))


def _with_effects(decisions: list[Decision], until: date) -> list[Decision]:
    """A theme has no figure of its own: how often it comes up says little of how well it goes."""
    followed = [
        (place, Done(decision.unit, decision.stream, decision.decided_on, decision.done_on))
        for place, decision in enumerate(decisions)
        if decision.done_on and not decision.theme
    ]
    effects = effects_of([done for _place, done in followed], until=until)
    for (place, _done), effect in zip(followed, effects, strict=True):
        decisions[place] = replace(decisions[place], change=effect)
    return decisions


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
