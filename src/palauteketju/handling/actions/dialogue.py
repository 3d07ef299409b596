"""What is said and done in a case, until it closes.

Two handlers of a unit often take up the same feedback, so each change locks the case's row first: the first answer
stands, and whoever comes second is told.
"""

from datetime import datetime

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.actions.hurrying import announce_judgement, judge_message
from palauteketju.handling.actions.locking import lock_case, lock_open, refuse_unread
from palauteketju.handling.actions.prompting import promise_prompts
from palauteketju.handling.actions.saying_once import PRESSED_TWICE, said_just_now
from palauteketju.handling.actions.telling import announce_to_customer
from palauteketju.handling.errors import (
    CaseAlreadyAnswered,
    CaseAlreadyClosed,
    MessageNotExpected,
    NothingRecorded,
    OutcomeNotOffered,
)
from palauteketju.handling.models import Case, Draft, Message, Prompt
from palauteketju.handling.queries import (
    customer_may_write,
    has_record_for,
    is_answered_on_the_phone,
    outcomes_offered,
    unread_by,
    waits_for_a_person,
)
from palauteketju.organisation.models import Person


def ask_clarification(case: Case, text: str, *, by: Person, at: datetime) -> Message:
    """Ask the customer for more. The clock keeps running; the case now waits for the customer.

    Raises CaseAlreadyClosed, CaseAlreadyAnswered (then the customer could not reply) or CustomerWroteMeanwhile.
    """
    with transaction.atomic():
        case = lock_open(case)
        if case.answered_at:
            raise CaseAlreadyAnswered
        said = said_just_now(case, Message.Kind.CLARIFICATION, text, by=by, at=at)
        # When the customer has answered, the same question is another one.
        if said and case.waiting_since:
            return said
        refuse_unread(case, by=by)
        message = _say(case, Message.Kind.CLARIFICATION, text, by=by, at=at)
        case.waiting_since = at
        case.customer_wrote_at = None
        case.save(update_fields=["waiting_since", "customer_wrote_at"])
        Draft.objects.filter(case=case, person=by).delete()
        announce_to_customer(message)
        log.record(
            "handling.case.clarification_asked", by=by, subject=case, at=at, facts={"message": message.pk}
        )
    return message


def answer(case: Case, text: str, *, by: Person, at: datetime) -> Message:
    """Give the customer the answer. Where one was promised, that closes the case.

    Where nobody asked for an answer, the case stays open until it is recorded what was done; where a letter or a call was
    asked for, until somebody closes it after posting or calling. Raises CaseAlreadyAnswered, CaseAlreadyClosed or CustomerWroteMeanwhile.
    """
    with transaction.atomic():
        case = lock_case(case)
        if said := said_just_now(case, Message.Kind.RESPONSE, text, by=by, at=at):
            return said
        if case.answered_at:
            raise CaseAlreadyAnswered
        if case.is_closed:
            raise CaseAlreadyClosed
        refuse_unread(case, by=by)
        message = _say(case, Message.Kind.RESPONSE, text, by=by, at=at)
        case.answered_at = at
        case.waiting_since = case.customer_wrote_at = None
        if case.wants_answer and not waits_for_a_person(case):
            case.closed_at, case.outcome = at, Case.Outcome.ANSWERED
        case.save(update_fields=["answered_at", "waiting_since", "customer_wrote_at", "closed_at", "outcome"])
        Draft.objects.filter(case=case, person=by).delete()
        announce_to_customer(message)
        log.record("handling.case.answered", by=by, subject=case, at=at, facts={"message": message.pk})
    return message


def record_note(case: Case, text: str, *, by: Person, at: datetime) -> Message:
    """A note for the unit's handlers; the customer never sees it. Raises CaseAlreadyClosed."""
    with transaction.atomic():
        case = lock_open(case)
        if said := said_just_now(case, Message.Kind.NOTE, text, by=by, at=at, within=PRESSED_TWICE):
            return said
        message = _say(case, Message.Kind.NOTE, text, by=by, at=at)
        log.record("handling.case.noted", by=by, subject=case, at=at, facts={"message": message.pk})
    return message


def record_call(case: Case, text: str, *, by: Person, at: datetime) -> Message:
    """What was said on the phone, for the unit's handlers. Afterwards the case may close as answered.

    Raises CaseAlreadyClosed.
    """
    with transaction.atomic():
        case = lock_open(case)
        if said := said_just_now(case, Message.Kind.CALL, text, by=by, at=at, within=PRESSED_TWICE):
            return said
        message = _say(case, Message.Kind.CALL, text, by=by, at=at)
        case.waiting_since = None
        # What the customer wrote before the call, and the caller has not seen, still waits.
        if not unread_by(by, [case]):
            case.customer_wrote_at = None
        case.save(update_fields=["waiting_since", "customer_wrote_at"])
        log.record("handling.case.called", by=by, subject=case, at=at, facts={"message": message.pk})
    return message


def close_case(case: Case, outcome: Case.Outcome, *, by: Person, at: datetime, done: str = "") -> None:
    """Close a case; from `at` on the days of its contact details are numbered.

    `done` tells what was done, and becomes a note, or the record of the call in which the answer was given. Raises
    CaseAlreadyClosed, CustomerWroteMeanwhile, OutcomeNotOffered, or NothingRecorded when nobody has written down what was done.
    """
    with transaction.atomic():
        case = lock_case(case)
        if case.closed_at:
            said = case.messages.filter(author=by, text=done, at=case.closed_at)
            if case.outcome == outcome and said.exists():
                # The second press of the button that closed it.
                return
            raise CaseAlreadyClosed
        refuse_unread(case, by=by)
        if outcome not in outcomes_offered(case):
            raise OutcomeNotOffered
        is_answer = outcome == Case.Outcome.ANSWERED or bool(case.redirected_to)
        is_by_phone = is_answer and is_answered_on_the_phone(case)
        if done:
            _say(case, Message.Kind.CALL if is_by_phone else Message.Kind.NOTE, done, by=by, at=at)
        elif not has_record_for(case, outcome):
            raise NothingRecorded
        if is_by_phone:
            case.answered_at = case.answered_at or at
        case.closed_at, case.outcome, case.waiting_since, case.customer_wrote_at = at, outcome, None, None
        case.save(update_fields=["answered_at", "closed_at", "outcome", "waiting_since", "customer_wrote_at"])
        log.record("handling.case.closed", by=by, subject=case, at=at, facts={"outcome": outcome.value})


def write_as_customer(case: Case, text: str, *, at: datetime) -> Message:
    """What the customer adds by the receipt page; the unit's handlers are prompted, at once where the rules call it urgent.

    The same text again is the same message, unless the unit has asked in between. Raises CaseAlreadyClosed or MessageNotExpected.
    """
    message = _keep(case, text, at=at)
    # Only when it is stored, so that nothing that happens here loses it. At once, because the customer's page tells it;
    # where this process dies first, the job does it.
    judge_message(message.pk, at=at)
    return message


def _keep(case: Case, text: str, *, at: datetime) -> Message:
    with transaction.atomic():
        case = lock_case(case)
        newest = case.messages.filter(kind=Message.Kind.FROM_CUSTOMER).last()
        # Where the unit has asked since, the same words are the answer to that.
        if newest and newest.text == text and not case.waiting_since:
            return newest
        if case.is_closed:
            raise CaseAlreadyClosed
        if not customer_may_write(case):
            raise MessageNotExpected
        message = Message.objects.create(
            case=case, kind=Message.Kind.FROM_CUSTOMER, author=None, text=text, at=at
        )
        case.waiting_since, case.customer_wrote_at = None, at
        case.save(update_fields=["waiting_since", "customer_wrote_at"])
        promise_prompts(case, Prompt.Kind.CUSTOMER_WROTE, about=message)
        announce_judgement(message)
        log.record("handling.customer.wrote", by=None, subject=case, at=at, facts={"message": message.pk})
    return message


def _say(case: Case, kind: Message.Kind, text: str, *, by: Person, at: datetime) -> Message:
    if case.first_reaction_at is None:
        case.first_reaction_at = at
        case.save(update_fields=["first_reaction_at"])
    return Message.objects.create(case=case, kind=kind, author=by, text=text, at=at)
