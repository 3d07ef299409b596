"""The list of measures: what is asked for, in the order in which it is looked at."""

from django.db.models import Case, Q, QuerySet, Value, When

from palauteketju.improvement.models import Measure

WAITING = Q(state=Measure.State.RECORDED) | Q(state=Measure.State.DONE, effect_approved_at__isnull=True)
# The states one can ask for in the address.
STATES = {
    "odottaa": WAITING,
    "palautettu": Q(state=Measure.State.RETURNED),
    "kaynnissa": Q(state=Measure.State.APPROVED),
    "valmis": Q(state=Measure.State.DONE),
}


def listed(measures: QuerySet[Measure], *, state: str, waiting_first: bool) -> QuerySet[Measure]:
    """The newest first; for who approves, what waits for approval before all others."""
    if state in STATES:
        measures = measures.filter(STATES[state])
    if not waiting_first:
        return measures.order_by("-recorded_at", "-pk")
    rank = Case(When(WAITING, then=Value(0)), default=Value(1))
    return measures.order_by(rank, "-recorded_at", "-pk")
