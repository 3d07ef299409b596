"""Questions about cases that pages and actions ask; each rule has its one place here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palauteketju.audit.models import Entry
from palauteketju.handling.access import cases_for, not_moved_away, units_seen
from palauteketju.handling.models import Case, CaseQuerySet, Message, Quote
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.access import units_of
from palauteketju.organisation.deadlines import HELSINKI, end_of
from palauteketju.organisation.models import Person, Role, Unit

# How far back handlers read what is not a case.
RAW_FOR = timedelta(days=30)


class State(models.TextChoices):
    """How an open case stands, in the order of the worklist; the values stand in its address.

    A case may stand in several: an urgent one that is late is both. The list shows it once, in the first of them.
    """

    URGENT = "kiireelliset", _("Urgent feedback")
    LATE = "myohassa", pgettext_lazy("cases", "Late")
    TODAY = "tanaan", _("Due today")
    WAITING = "odottaa", _("Waiting for the customer")
    NEW = "uudet", _("New feedback")
    GOING = "kesken", _("In progress")


@dataclass(frozen=True)
class Worklist:
    """`cases` are in order, each with the `rank` of the state it is shown in; `count` is how many the limits leave.

    What each state and unit would leave besides the other limits is in `by_state`, "" being all states, and in `by_unit`,
    in the order of the names. `total` is all that is open.
    """

    cases: CaseQuerySet
    count: int
    by_state: dict[str, int]
    by_unit: dict[Unit, int]
    total: int


def worklist(
    person: Person, *, at: datetime, state: str = "", unit: str = "", road: str = "", channel: str = ""
) -> Worklist:
    """The open cases the person handles or manages. `unit` is a slug; an unknown limit limits nothing."""
    units = {one.pk: one for one in units_seen(person)}
    cases = Case.objects.filter(unit__in=list(units)).open()
    standing = _standing(at)
    in_state = standing[State(state)] if state in State.values else Q()
    chosen = next((one for one in units.values() if one.slug == unit), None)
    in_unit = Q(unit=chosen) if chosen else Q()
    others = Q(road=road) if road in Case.Road.values else Q()
    others &= Q(channel=channel) if channel in Feedback.Channel.values else Q()
    counts = _counted(
        cases,
        {state.value: stands & in_unit & others for state, stands in standing.items()}
        | {"": in_unit & others, "unit": in_state & others, "listed": in_state & in_unit & others},
    )
    by_unit = {units[row["unit"]]: row["in_unit"] for row in counts}
    if chosen:
        by_unit.setdefault(chosen, 0)
    ordered = (
        cases.filter(in_state, in_unit, others)
        .annotate(rank=_rank(standing))
        .order_by("rank", "due_at", "pk")
    )
    return Worklist(
        # Not joined: all open cases would be joined before the page is cut from them.
        ordered.prefetch_related("unit"),
        sum(row["in_listed"] for row in counts),
        {one: sum(row[f"in_{one}"] for row in counts) for one in ["", *State.values]},
        dict(sorted(by_unit.items(), key=lambda item: item[0].name)),
        sum(row["n"] for row in counts),
    )


def outcomes_offered(case: Case) -> list[Case.Outcome]:
    """How this case may close.

    A promised answer is given, in writing (which closes the case itself) or on the phone, or it is told why not. Guiding
    the customer to somebody else is an answer too. Of an urgent case it is told what was done; that it needs nothing can
    be said only after somebody has found it not urgent.
    """
    if case.redirected_to:
        return [Case.Outcome.REDIRECTED]
    if case.wants_answer:
        return [Case.Outcome.ANSWERED, Case.Outcome.NO_ANSWER_POSSIBLE]
    offered = [Case.Outcome.ACTED, Case.Outcome.REDIRECTED]
    if not case.is_urgent:
        offered.append(Case.Outcome.NOTHING_NEEDED)
    return [Case.Outcome.ANSWERED, *offered] if case.answered_at else offered


def way_asked(case: Case) -> str:
    """How the customer wants the answer, a `ContactRequest.Way`; empty where none was asked for or the details are deleted."""
    ways = ContactRequest.objects.filter(feedback=case.feedback_id).values_list("way", flat=True)
    return ways.first() or ""


def waits_for_a_person(case: Case) -> bool:
    """Whether an answer that is written has not reached the customer as they asked until somebody posts it or calls."""
    return way_asked(case) in {ContactRequest.Way.LETTER, ContactRequest.Way.PHONE}


def is_answered_on_the_phone(case: Case) -> bool:
    """Whether the customer has the promised answer only when somebody has called, also where one was written."""
    return case.wants_answer and (not case.answered_at or way_asked(case) == ContactRequest.Way.PHONE)


def has_record_for(case: Case, outcome: Case.Outcome) -> bool:
    """Whether it is written down what was done: for an answer on the phone the call, else a note or a call."""
    is_answer = outcome == Case.Outcome.ANSWERED or case.redirected_to
    if is_answer and case.answered_at and not is_answered_on_the_phone(case):
        return True
    kinds = [Message.Kind.CALL] if is_answer else [Message.Kind.CALL, Message.Kind.NOTE]
    return case.messages.filter(kind__in=kinds).exists()


def unread_by(person: Person, cases: Iterable[Case]) -> set[int]:
    """The numbers of the cases whose customer has written since the person last opened them, and nobody has reacted.

    By the order of the trail, where entries wait for each other: who opened the case after the writing has seen it.
    """
    numbers = [str(case.pk) for case in cases if case.customer_wrote_at]
    wrote, read = "handling.customer.wrote", "handling.case.read"
    entries = Entry.objects.filter(
        Q(action=wrote) | Q(action=read, actor=person),
        subject_type=Case._meta.label_lower,  # noqa: SLF001 - Django's documented name for a model's meta data
        subject_id__in=numbers,
    )
    newest = entries.order_by("subject_id", "-number").distinct("subject_id")
    found = newest.values_list("subject_id", "action") if numbers else ()
    return {int(number) for number, action in found if action == wrote}


def customer_may_write(case: Case) -> bool:
    """One message of the customer's own, and one more for each question of the unit, while the case is open."""
    if case.is_closed or case.answered_at:
        return False
    counts = case.messages.aggregate(
        asked=Count("pk", filter=Q(kind=Message.Kind.CLARIFICATION)),
        written=Count("pk", filter=Q(kind=Message.Kind.FROM_CUSTOMER)),
    )
    return bool(counts["written"] < counts["asked"] + 1)


def raw_feedback_for(person: Person, *, at: datetime) -> models.QuerySet[Feedback]:
    """Written feedback of the last 30 days of the units the person handles, each with its `day` and `case_id`.

    Within a day the order is a random one that stays: together with who was in the waiting room, the order of arrival
    could tell who wrote.
    """
    case = cases_for(person).filter(feedback=OuterRef("pk")).order_by("pk").values("pk")[:1]
    of_units = Feedback.objects.filter(
        unit__in=units_of(person, Role.Kind.HANDLER), recorded_at__gt=at - RAW_FOR
    )
    return (
        not_moved_away(of_units, person)
        .exclude(text="")
        .annotate(day=TruncDate("arrived_at"), case_id=Subquery(case))
        .select_related("unit")
        .order_by("-day", "receipt_hash")
    )


def _standing(at: datetime) -> dict[State, Q]:
    """Which open cases each state's name speaks of."""
    waiting = Q(waiting_since__isnull=False)
    new = Q(first_reaction_at__isnull=True) | Q(customer_wrote_at__isnull=False)
    return {
        State.URGENT: Q(road__in=Case.URGENT_ROADS),
        State.LATE: Q(due_at__lt=at),
        State.TODAY: Q(due_at__gte=at, due_at__lte=end_of(at.astimezone(HELSINKI).date())),
        State.WAITING: waiting,
        State.NEW: new,
        State.GOING: ~new & ~waiting,
    }


def _counted(cases: CaseQuerySet, limits: dict[str, Q]) -> list[dict[str, int]]:
    """For each unit that has any, how many cases it has, and how many each of the limits leaves, as `in_` its name."""
    counts = {f"in_{name}": Count("pk", filter=limit or None) for name, limit in limits.items()}
    # No ordering: it would become part of the grouping.
    rows: Iterable[Any] = cases.order_by().values("unit").annotate(n=Count("pk"), **counts)
    return list(rows)


def _rank(standing: dict[State, Q]) -> models.Case:
    """The number of the first state a case stands in: a number, because every open case is sorted by it."""
    whens = [When(stands, then=Value(rank)) for rank, stands in enumerate(standing.values())]
    return models.Case(*whens, output_field=models.IntegerField())


def quotes_for(person: Person) -> models.QuerySet[Quote]:
    """The quotes of the units the person handles, the newest first."""
    units = units_of(person, Role.Kind.HANDLER)
    return Quote.objects.filter(unit__in=units).select_related("unit").order_by("-approved_at", "-pk")


def standing_quote_of(feedback: Feedback) -> Quote | None:
    return Quote.objects.filter(feedback=feedback, withdrawn_at__isnull=True).first()


def units_with_waiting_quotes() -> list[str]:
    waiting = Quote.objects.filter(
        released_at__isnull=True, withdrawn_at__isnull=True, feedback__isnull=False
    )
    return list(waiting.order_by("unit__code").values_list("unit__code", flat=True).distinct())
