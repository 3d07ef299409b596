"""A matter that belongs to a formal road outside this program: the customer is shown the way, and that is recorded."""

from datetime import datetime

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.actions.locking import lock_case, refuse_unread
from palauteketju.handling.actions.saying_once import said_just_now
from palauteketju.handling.actions.telling import announce_to_customer
from palauteketju.handling.errors import CaseAlreadyAnswered, CaseAlreadyClosed
from palauteketju.handling.models import Case, Message
from palauteketju.handling.queries import waits_for_a_person
from palauteketju.organisation.models import Person


def redirect_case(case: Case, to: Case.FormalRoad, text: str, *, by: Person, at: datetime) -> Message:
    """Show the customer the formal road in the words of `text`. That is the unit's answer, and closes the case.

    Where a letter or a call was asked for, the case stays open until somebody says that it has been posted or made. Raises
    CaseAlreadyClosed, CaseAlreadyAnswered or CustomerWroteMeanwhile.
    """
    with transaction.atomic():
        case = lock_case(case)
        said = said_just_now(case, Message.Kind.RESPONSE, text, by=by, at=at)
        if said and case.redirected_to == to:
            return said
        if case.is_closed:
            raise CaseAlreadyClosed
        if case.answered_at:
            raise CaseAlreadyAnswered
        refuse_unread(case, by=by)
        message = Message.objects.create(case=case, kind=Message.Kind.RESPONSE, author=by, text=text, at=at)
        case.first_reaction_at = case.first_reaction_at or at
        case.waiting_since = case.customer_wrote_at = None
        case.answered_at, case.redirected_to = at, to
        if not waits_for_a_person(case):
            case.closed_at, case.outcome = at, Case.Outcome.REDIRECTED
        case.save()
        announce_to_customer(message)
        facts: dict[str, str | int | bool | None] = {"to": to.value, "message": message.pk}
        log.record("handling.case.redirected", by=by, subject=case, at=at, facts=facts)
    return message
