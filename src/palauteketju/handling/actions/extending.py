"""More time for a case: only with a reason, and never without telling the customer."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.actions.locking import lock_case
from palauteketju.handling.actions.saying_once import said_just_now
from palauteketju.handling.actions.telling import announce_to_customer
from palauteketju.handling.errors import CaseAlreadyAnswered, CaseAlreadyClosed, DayNotAllowed, NoDeadline
from palauteketju.handling.models import Case, DeadlineChange, Message
from palauteketju.organisation.days import day_of
from palauteketju.organisation.deadlines import end_of
from palauteketju.organisation.models import Person

LONGEST_EXTENSION: Final = timedelta(days=31)


def extension_days(case: Case, *, at: datetime) -> tuple[date, date]:
    """The first and the last day a case may be extended to; for a case that has a deadline."""
    begin = day_of(max(case.due_at or at, at))
    return begin + timedelta(days=1), begin + LONGEST_EXTENSION


def extend_deadline(
    case: Case, until: date, *, reason: str, message: str, by: Person, at: datetime
) -> DeadlineChange:
    """Move the deadline to the end of `until` and tell the customer in the words of `message`.

    `reason` is for the unit's handlers. The day before is kept, and figures count by the first one: an extension makes
    no late answer punctual. Raises CaseAlreadyClosed, CaseAlreadyAnswered, NoDeadline or
    DayNotAllowed.
    """
    with transaction.atomic():
        case = lock_case(case)
        said = said_just_now(case, Message.Kind.EXTENSION, message, by=by, at=at)
        same = DeadlineChange.objects.filter(message=said, after=end_of(until), reason=reason)
        if said and (done := same.first()):
            return done
        before = _extended_from(case, until, at=at)
        told = Message.objects.create(case=case, kind=Message.Kind.EXTENSION, author=by, text=message, at=at)
        change = DeadlineChange.objects.create(
            case=case,
            why=DeadlineChange.Why.EXTENDED,
            before=before,
            after=end_of(until),
            at=at,
            by=by,
            reason=reason,
            message=told,
        )
        case.due_at = change.after
        case.save(update_fields=["due_at"])
        announce_to_customer(told)
        facts = {**days_of(change), "message": told.pk}
        log.record("handling.case.extended", by=by, subject=case, at=at, facts=facts)
    return change


def _extended_from(case: Case, until: date, *, at: datetime) -> datetime:
    """The deadline that may become that day; raises as `extend_deadline`."""
    if case.is_closed:
        raise CaseAlreadyClosed
    if case.answered_at:
        raise CaseAlreadyAnswered
    if case.due_at is None:
        raise NoDeadline
    earliest, latest = extension_days(case, at=at)
    if not earliest <= until <= latest:
        raise DayNotAllowed
    return case.due_at


def days_of(change: DeadlineChange) -> dict[str, str | int | bool | None]:
    """The two days, for the trail."""
    return {
        "before": day_of(change.before).isoformat(),
        "after": day_of(change.after).isoformat(),
    }
