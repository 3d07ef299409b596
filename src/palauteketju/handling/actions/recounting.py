"""A changed calendar or changed terms: the deadlines of open cases are counted anew, and each case says so.

Three things a change of rules never does. It makes no late case punctual: a deadline that has passed stays where it is.
It makes no case late at once: where the new rules give less time, the case keeps at least the time of an urgent one from
now, but never more than it had. And it moves no deadline that was extended, because the customer was told that day.
"""

import json
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from palauteketju.audit import log
from palauteketju.handling.actions.extending import days_of
from palauteketju.handling.models import Case, CaseQuerySet, CountingRules, DeadlineChange
from palauteketju.organisation.deadlines import county_deadline
from palauteketju.organisation.rules import county_rules

# A transaction holds the rows of so many cases, and meanwhile nobody else writes to the trail.
_BATCH: Final = 100


def recount_deadlines(*, at: datetime) -> int:
    """Count open deadlines anew where the county's calendar or terms are others than before; returns how many moved.

    Cut off in the middle it goes on at the next call. All processes must run with the same county.toml: those with
    another one would count the deadlines back.
    """
    digest = rules_digest()
    rules = CountingRules.objects.order_by("-pk").first()
    if rules and rules.digest == digest and rules.finished_at:
        return 0
    if rules is None or rules.digest != digest:
        rules = CountingRules.objects.create(digest=digest, noticed_at=at)
    waiting = list(_recounted_cases(at).order_by("pk").values_list("pk", flat=True))
    moved = 0
    for start in range(0, len(waiting), _BATCH):
        moved += _recount(waiting[start : start + _BATCH], at=at)
    with transaction.atomic():
        rules.finished_at = at
        rules.save(update_fields=["finished_at"])
        facts: dict[str, str | int | bool | None] = {"digest": digest[:12], "moved": moved}
        log.record("handling.deadlines.recounted", by=None, subject=rules, at=at, facts=facts)
    return moved


def rules_digest() -> str:
    """Of all that decides a deadline besides the arrival: terms, days off, and the package that knows the holidays."""
    rules = county_rules()
    days_off = rules.days_off
    deciding = [
        rules.deadlines.urgent_working_days,
        rules.deadlines.contact_days,
        days_off.midsummer_eve_off,
        days_off.christmas_eve_off,
        # Their names decide nothing.
        sorted({day.isoformat() for day, _name in days_off.own}),
        version("holidays"),
    ]
    return sha256(json.dumps(deciding).encode()).hexdigest()


def deadline_now(case: Case, due_at: datetime, *, at: datetime) -> datetime:
    """What the rules of today make of a deadline `due_at` that has not passed at `at`."""
    counted = county_deadline(case.arrived_at, road="urgent" if case.is_urgent else "contact").due
    if counted >= due_at:
        return counted
    return min(due_at, max(counted, county_deadline(at, road="urgent").due))


def _recounted_cases(at: datetime) -> CaseQuerySet:
    extended = DeadlineChange.objects.filter(case=OuterRef("pk"), why=DeadlineChange.Why.EXTENDED)
    return Case.objects.open().filter(~Exists(extended), due_at__gte=at)


def _recount(case_ids: list[int], *, at: datetime) -> int:
    """One batch, in one transaction. A case that was closed or extended meanwhile is left alone."""
    changes: list[DeadlineChange] = []
    with transaction.atomic():
        # Locked first and asked again afterwards: what somebody else did meanwhile is seen only then.
        list(Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk").values_list("pk"))
        for case in _recounted_cases(at).filter(pk__in=case_ids).order_by("pk"):
            if case.due_at is None or (after := deadline_now(case, case.due_at, at=at)) == case.due_at:
                continue
            why = DeadlineChange.Why.RULES
            changes.append(DeadlineChange(case=case, why=why, before=case.due_at, after=after, at=at))
            case.due_at = after
            case.save(update_fields=["due_at"])
        DeadlineChange.objects.bulk_create(changes)
        told = [(change.case, days_of(change)) for change in changes]
        log.record_each("handling.case.recounted", told, by=None, at=at)
    return len(changes)
