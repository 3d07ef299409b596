"""Reminders before the deadline and at it: each once, and in a few queries for however many cases."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from palauteketju.audit import log
from palauteketju.handling.actions.prompting import promise_for
from palauteketju.handling.models import Case, CaseQuerySet, Prompt
from palauteketju.handling.prompting.recipients import in_charge_of
from palauteketju.handling.prompting.reminders import near_deadlines
from palauteketju.organisation.days import day_of

BATCH: Final = 500
# The key of the advisory lock under which reminders and digests are promised; the digits have no meaning.
LOCK: Final = 4_155_902_731
_URGENT: Final = Q(road__in=Case.URGENT_ROADS)


def send_due_reminders(*, at: datetime) -> int:
    """Announce the reminders due by `at`, each once: before the deadline to the handlers, after it to the managers too.

    A deadline that was moved is reminded of anew. Returns how many were announced; their e-mails go out at once or
    with the digest, as each person wishes.
    """
    near = near_deadlines(at)
    soon = _without(Prompt.Kind.REMINDER).filter(
        _URGENT & Q(due_at__lte=near.urgent_until) | ~_URGENT & Q(due_at__lte=near.others_until),
        due_at__gte=at,
        opened_at__lt=near.opened_before,
    )
    late = _without(Prompt.Kind.OVERDUE).filter(due_at__lt=at)
    made = sum(_announce(Prompt.Kind.REMINDER, soon, at=at))
    return made + sum(_announce(Prompt.Kind.OVERDUE, late, at=at))


def wait_for_turn() -> None:
    """However many clocks there are, one promises at a time; until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _announce(kind: Prompt.Kind, cases: CaseQuerySet, *, at: datetime) -> Iterator[int]:
    last = 0
    while True:
        with transaction.atomic():
            wait_for_turn()
            # Locked: a case that moves now is either reminded of in its new unit, or moves after these reminders and
            # takes them away.
            locked = cases.filter(pk__gt=last).select_for_update(of=("self",), no_key=True)
            batch = list(locked[:BATCH])
            if not batch:
                return
            units = {case.unit_id for case in batch}
            in_charge = in_charge_of(units, on=day_of(at))
            made = promise_for(batch, kind, in_charge=in_charge, at=at)
            log.record_each(
                "handling.case.reminded",
                [(case, {"kind": kind.value, "prompted": made[case.pk]}) for case in batch if made[case.pk]],
                by=None,
                at=at,
            )
        last = batch[-1].pk
        yield made.total()


def _without(kind: Prompt.Kind) -> CaseQuerySet:
    """Open cases of whose present deadline nobody has been prompted in this way."""
    told = Prompt.objects.filter(case=OuterRef("pk"), kind=kind, deadline=OuterRef("due_at"))
    return Case.objects.open().filter(~Exists(told)).order_by("pk")
