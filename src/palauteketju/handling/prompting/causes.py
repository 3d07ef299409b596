"""What a prompt is about: a case, why it needs somebody, and the message that says so where there is one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from palauteketju.handling.models import Case, CaseQuerySet, Message, Move, Prompt


@dataclass(frozen=True, slots=True)
class Cause:
    case: Case
    kind: Prompt.Kind
    # The key of the message it is about.
    about: int | None = None

    @property
    def deadline(self) -> datetime | None:
        return self.case.due_at if self.kind in {Prompt.Kind.REMINDER, Prompt.Kind.OVERDUE} else None

    @property
    def mark(self) -> tuple[int, str, int | None, datetime | None]:
        """Of one mark each person and each channel is told once; in the order of MARK."""
        return self.case.pk, self.kind, self.about, self.deadline


MARK = ("case", "kind", "about", "deadline")


def waiting_cases() -> CaseQuerySet:
    """To which nobody has reacted, or whose customer has written since. One a handler opened waits for nobody."""
    is_new = Q(first_reaction_at__isnull=True, due_at__isnull=False)
    return Case.objects.open().filter(is_new | Q(customer_wrote_at__isnull=False))


def causes_of(cases: Iterable[Case]) -> list[Cause]:
    """Why each of these waiting cases waits: for its newest of opening, move and customer's message."""
    waiting = list(cases)
    wrote = Message.objects.filter(case__in=waiting, kind=Message.Kind.FROM_CUSTOMER)
    moved = Move.objects.filter(case__in=waiting)
    newest_wrote = {
        case: (at, pk) for case, at, pk in wrote.order_by("at", "pk").values_list("case", "at", "pk")
    }
    newest_move = {
        case: (at, note) for case, at, note in moved.order_by("at", "pk").values_list("case", "at", "note")
    }
    causes = []
    for case in waiting:
        message = newest_wrote.get(case.pk) if case.customer_wrote_at else None
        move = newest_move.get(case.pk)
        if move and (message is None or move > message):
            causes.append(Cause(case, Prompt.Kind.MOVED, move[1]))
        elif message:
            causes.append(Cause(case, Prompt.Kind.CUSTOMER_WROTE, message[1]))
        else:
            causes.append(Cause(case, Prompt.Kind.NEW))
    return causes
