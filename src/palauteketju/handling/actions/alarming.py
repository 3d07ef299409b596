"""Handlers can go after they were prompted: role lost, account closed, away. What waits in their unit is not forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Greatest

from palauteketju.handling.actions.prompting import promise_each
from palauteketju.handling.actions.reminding import wait_for_turn
from palauteketju.handling.models import CaseQuerySet, Move, Prompt
from palauteketju.handling.prompting.causes import causes_of, waiting_cases
from palauteketju.handling.prompting.recipients import InCharge, in_charge_of
from palauteketju.organisation.days import day_of

BATCH: Final = 500


def alarm_managers(*, at: datetime) -> int:
    """Alarm the managers of waiting cases in units where no handler can be told of them, of what each waits for once; how many.

    Whoever was prompted of them before does not matter. Only of such units are cases read: usually there is none.
    """
    units = set(waiting_cases().order_by().values_list("unit", flat=True).distinct())
    in_charge = in_charge_of(units, on=day_of(at))
    without = [
        unit
        for unit in units
        if not in_charge.reaches(unit, Prompt.Kind.NEW) and in_charge.of(unit, Prompt.Kind.NO_HANDLER)
    ]
    return sum(_alarm(_not_alarmed_of().filter(unit__in=without), in_charge, at=at)) if without else 0


def _alarm(cases: CaseQuerySet, in_charge: InCharge, *, at: datetime) -> Iterator[int]:
    last = 0
    while True:
        with transaction.atomic():
            wait_for_turn()
            batch = list(
                cases.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",), no_key=True)[:BATCH]
            )
            alarms = [replace(cause, kind=Prompt.Kind.NO_HANDLER) for cause in causes_of(batch)]
            made = promise_each(alarms, in_charge=in_charge, at=at)
        yield made.total()
        if len(batch) < BATCH:
            return
        last = batch[-1].pk


def _not_alarmed_of() -> CaseQuerySet:
    """Waiting cases whose managers have not been alarmed since what they wait for came."""
    moved = Move.objects.filter(case=OuterRef("pk")).order_by("-at").values("at")[:1]
    since = Greatest("opened_at", "customer_wrote_at", Subquery(moved))
    alarms = Prompt.objects.filter(
        case=OuterRef("pk"), kind=Prompt.Kind.NO_HANDLER, at__gte=OuterRef("since")
    )
    return waiting_cases().annotate(since=since).filter(~Exists(alarms))
