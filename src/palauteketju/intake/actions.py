"""The front door: every channel's feedback comes in through `receive`."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app as jobs

from palauteketju.audit import log
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.intake.submissions import Submission
from palauteketju.organisation.deadlines import promised_answer
from palauteketju.organisation.models import Person
from palauteketju.organisation.rules import county_rules
from palauteketju.privacy import receipts

# The version of the promise of anonymity that customers are shown (docs/privacy.md lists them all).
PROMISE = 1
# Announced by name, so that intake knows nothing of what comes after it.
TRIAGE = "palauteketju.triage"


@dataclass(frozen=True)
class Received:
    """What the customer is told. `answer_by` is the last day of the promised answer, when one was asked for.

    `needs_attention`: the customer said so; what the rules find in the text is nothing to be promised.
    """

    feedback_id: int
    receipt: str
    answer_by: date | None
    needs_attention: bool
    is_new: bool


def receive(submission: Submission, *, nonce: UUID, at: datetime) -> Received:
    """Store a feedback and announce its triage, in one transaction; the same nonce again gives the same answer.

    When this returns, the feedback is on disk. Ratings alone are one INSERT; a text or a contact request is one more,
    the job that decides its road.
    """
    for attempt in range(10):
        receipt = receipts.derive(nonce, keys=settings.KEY_RING, attempt=attempt)
        feedback = _feedback(submission, nonce=nonce, receipt=receipt, at=at)
        try:
            with _whole(feedback):
                feedback.save(force_insert=True)
                if submission.contact:
                    contact = ContactRequest(feedback=feedback, way=submission.contact.way)
                    contact.hide(submission.contact.value)
                    contact.save(force_insert=True)
                if feedback.triage_due:
                    jobs.configure_task(TRIAGE, queue="triage").defer(feedback_id=feedback.pk)
        except IntegrityError:
            if earlier := received_earlier(nonce):
                return earlier
            # Somebody else's receipt has the same 16 digits: take the next ones of this nonce.
            continue
        return _received(feedback, receipt, is_new=True)
    raise RuntimeError("No free receipt code: this cannot happen by chance.")


def received_earlier(nonce: UUID) -> Received | None:
    """What was answered when this nonce first came: a repeated send is told so even where a new one is refused."""
    earlier = Feedback.objects.filter(nonce=nonce).first()
    return _received(earlier, _receipt_of(earlier), is_new=False) if earlier else None


def key_in(submission: Submission, *, nonce: UUID, by: Person, at: datetime) -> Received:
    """Receive what a customer gave on paper, by phone or on the spot; the trace tells who wrote it down."""
    with transaction.atomic():
        received = receive(submission, nonce=nonce, at=at)
        if received.is_new:
            facts = {"unit": submission.unit.code, "channel": submission.channel}
            log.record(
                "intake.feedback.keyed_in",
                by=by,
                subject=Feedback(pk=received.feedback_id),
                at=at,
                facts=facts,
            )
    return received


def _whole(feedback: Feedback) -> AbstractContextManager[None]:
    """A transaction where there is more than the one row; a lone INSERT is one by itself, in a third of the messages."""
    is_alone = not feedback.triage_due and not connection.in_atomic_block
    return nullcontext() if is_alone else transaction.atomic()


def take_untriaged(ids: Iterable[int], *, waits: bool) -> list[Feedback]:
    """Those of the feedbacks that wait for their road: they are the caller's to decide, in its transaction.

    A job, the sweep and a handler may meet. What another of them is at is waited for, and then is no longer there to take; or
    it is left out. Who holds some already must not wait for more, or two would wait for each other.
    """
    waiting = Feedback.objects.filter(pk__in=ids, triage_due=True).order_by("pk")
    taken = list(waiting.select_for_update(skip_locked=not waits))
    Feedback.objects.filter(pk__in=[feedback.pk for feedback in taken]).update(triage_due=False)
    return taken


def _feedback(submission: Submission, *, nonce: UUID, receipt: str, at: datetime) -> Feedback:
    anonymity = county_rules().anonymity
    return Feedback(
        unit=submission.unit,
        channel=submission.channel,
        respondent=submission.respondent,
        assisted=submission.assisted,
        language=submission.language,
        question_set=submission.question_set,
        answers=dict(submission.answers),
        text=submission.text,
        kind=submission.kind,
        needs_attention=submission.needs_attention,
        wants_answer=submission.contact is not None,
        arrived_at=submission.arrived_at or at,
        recorded_at=at,
        promise=PROMISE,
        promised_k=anonymity.k,
        promised_public_k=anonymity.public_k,
        nonce=nonce,
        receipt_hash=receipts.fingerprint(receipt, settings.KEY_RING),
        triage_due=bool(submission.text or submission.contact or submission.needs_attention),
    )


def _receipt_of(feedback: Feedback) -> str:
    """The code again: only its hash is stored, but the nonce makes the same one."""
    candidates = (
        receipts.derive(feedback.nonce, keys=settings.KEY_RING, attempt=attempt) for attempt in range(10)
    )
    stored = bytes(feedback.receipt_hash)
    return next(code for code in candidates if receipts.fingerprint(code, settings.KEY_RING) == stored)


def _received(feedback: Feedback, receipt: str, *, is_new: bool) -> Received:
    answer_by = None
    if feedback.wants_answer:
        answer_by = promised_answer(feedback.arrived_at, is_urgent=feedback.needs_attention)
    return Received(feedback.pk, receipt, answer_by, feedback.needs_attention, is_new)
