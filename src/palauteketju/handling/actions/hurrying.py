"""What the customer writes later may be urgent though the feedback was not: then its case hurries like one that began so.

Judged after the message has been stored: neither slow nor failing rules can lose it.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app as jobs

from palauteketju.audit import log
from palauteketju.handling.actions.locking import lock_case
from palauteketju.handling.actions.prompting import promise_prompts
from palauteketju.handling.models import Case, DeadlineChange, Message, Prompt, UrgencyReview
from palauteketju.handling.triage.urgency import WRITTEN_LATER
from palauteketju.handling.triage.verdicts import urgency_of
from palauteketju.organisation.deadlines import county_deadline

JUDGE_MESSAGE = "palauteketju.judge_message"
# What an ordinary road becomes.
HURRIED: Final = {
    Case.Road.CONTACT: Case.Road.URGENT_CONTACT,
    Case.Road.OPENED_BY_HANDLER: Case.Road.URGENT,
}


def announce_judgement(message: Message) -> None:
    """The job that judges the message, in the caller's transaction."""
    jobs.configure_task(JUDGE_MESSAGE, queue="triage").defer(message_id=message.pk)


def judge_message(message_id: int, *, at: datetime) -> None:
    """Where the rules call this message of the customer's urgent, so becomes its case, and its handlers are prompted at once.

    It has the time of an urgent one from the message, but never more than it had. Again, or after a handler judged the
    urgency, it changes nothing; neither does it in a closed case.
    """
    message = Message.objects.select_related("case__feedback").filter(pk=message_id).first()
    if message and (reasons := urgency_of(message.text, language=message.case.feedback.language)):
        _hurry(message, reasons, at=at)


def _hurry(message: Message, reasons: list[str], *, at: datetime) -> None:
    with transaction.atomic():
        case = lock_case(message.case)
        judged = UrgencyReview.objects.filter(feedback=case.feedback_id, at__gte=message.at)
        if case.is_closed or judged.exists():
            return
        if case.is_urgent:
            case.why = _together(case.why, reasons)
            case.save(update_fields=["why"])
            return
        case.why = _together(case.why, [WRITTEN_LATER, *reasons])
        case.road = HURRIED[Case.Road(case.road)]
        _shorten(case, message, at=at)
        _prompt_at_once(case, message)
        log.record(
            "handling.case.urgent_by_message",
            by=None,
            subject=case,
            at=at,
            facts={
                "road": str(case.road),
                "due": case.due_at.isoformat() if case.due_at else None,
                "message": message.pk,
            },
        )


def _together(reasons: list[str], more: list[str]) -> list[str]:
    """Each once."""
    return list(dict.fromkeys([*reasons, *more]))


def _shorten(case: Case, message: Message, *, at: datetime) -> None:
    # From when it was written, also where it is judged only later.
    counted = county_deadline(message.at, road="urgent").due
    # Where nobody was promised anything, the days are told as counted from the arrival, and then from the message.
    before = case.due_at or county_deadline(case.arrived_at, road="urgent").due
    case.due_at = min(case.due_at or counted, counted)
    case.save(update_fields=["why", "road", "due_at"])
    if case.due_at != before:
        why = DeadlineChange.Why.MESSAGE
        DeadlineChange.objects.create(case=case, why=why, before=before, after=case.due_at, at=at)


def _prompt_at_once(case: Case, message: Message) -> None:
    # The message has been prompted of as of an ordinary one: what would wait for the day's e-mail is promised anew,
    # and so is the alarm of managers who have only been told of an ordinary case.
    waiting = Q(about=message) & (Q(in_digest=True) | Q(mail_at__isnull=True))
    alarmed = Q(kind=Prompt.Kind.NO_HANDLER, at__lt=message.at)
    case.prompts.filter(waiting | alarmed).delete()
    promise_prompts(case, Prompt.Kind.CUSTOMER_WROTE, about=message)
