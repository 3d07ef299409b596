"""What a handler says of the program's judgement: whether it is urgent, and what it speaks of.

The program only marks; a person decides, and it stays visible who and when. The triage itself is never changed, so how
often the rules were right can be counted.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from palauteketju.audit import log
from palauteketju.handling.actions.hurrying import HURRIED
from palauteketju.handling.actions.locking import lock_open
from palauteketju.handling.actions.opening import open_case
from palauteketju.handling.actions.prompting import promise_first_prompts
from palauteketju.handling.actions.recounting import deadline_now
from palauteketju.handling.errors import NothingToJudge, UnknownTheme
from palauteketju.handling.models import Case, DeadlineChange, Prompt, ThemeCorrection, UrgencyReview
from palauteketju.handling.triage.themes import LABELS
from palauteketju.handling.triage.urgency import CUSTOMER_SAID
from palauteketju.intake.models import Feedback
from palauteketju.organisation.deadlines import county_deadline
from palauteketju.organisation.models import Person
from palauteketju.organisation.sendings import WAITING

_NOT_URGENT = {after: before for before, after in HURRIED.items()}


def confirm_urgency(case: Case, *, by: Person, at: datetime) -> None:
    """A handler finds the case urgent: one that was not becomes so, with the deadline of an urgent one, and is prompted of anew.

    A deadline counted from the arrival may be gone already; then the case has the time of an urgent one from now, but
    never more than it had. Raises CaseAlreadyClosed.
    """
    with transaction.atomic():
        case = lock_open(case)
        before = case.due_at
        is_new = not case.is_urgent
        if is_new:
            case.road = HURRIED[Case.Road(case.road)]
            if before is None:
                # Nobody was promised anything: the days are told as counted from the arrival, and then from now.
                before = county_deadline(case.arrived_at, road="urgent").due
                case.due_at = max(before, county_deadline(at, road="urgent").due)
            elif before >= at:
                case.due_at = deadline_now(case, before, at=at)
        _judge(case, before=before, is_urgent=True, by=by, at=at)
        if is_new:
            _prompt_at_once(case, apart_from=by, at=at)


def open_urgent_case(feedback: Feedback, *, by: Person, at: datetime) -> Case:
    """An urgent case on a feedback that the program took for an ordinary one; the unit's handlers are prompted.

    Raises CaseAlreadyClosed where the feedback has had its case.
    """
    with transaction.atomic():
        case = open_case(feedback, by=by, at=at)
        confirm_urgency(case, by=by, at=at)
        case.refresh_from_db()
    return case


def remove_urgency(case: Case, *, by: Person, at: datetime) -> None:
    """A handler finds the case not urgent: its deadline is counted from the arrival as for other feedback.

    Where nobody asked for an answer it has none any more and may be closed. What the customer was told holds: where
    the customer's own word made it urgent, the promised day stays, and where a later message did, the day before it
    is back. Raises CaseAlreadyClosed or NothingToJudge.
    """
    with transaction.atomic():
        case = lock_open(case)
        if not case.is_urgent:
            raise NothingToJudge
        before = case.due_at
        case.road = _NOT_URGENT[Case.Road(case.road)]
        if case.road == Case.Road.OPENED_BY_HANDLER:
            case.due_at = None
        else:
            case.due_at = _due_in_peace(case)
        _judge(case, before=before, is_urgent=False, by=by, at=at)


def judge_feedback(feedback: Feedback, *, is_urgent: bool, by: Person, at: datetime) -> None:
    """What a handler finds of a feedback without a case. In the caller's transaction, which leaves the trace."""
    UrgencyReview.objects.update_or_create(
        feedback=feedback, defaults={"is_urgent": is_urgent, "by": by, "at": at}
    )


def correct_themes(feedback: Feedback, themes: Sequence[str], *, by: Person, at: datetime) -> None:
    """Put the handler's choice beside the suggested themes. Raises UnknownTheme.

    Before the feedback has been counted, its first theme is the one that counts; afterwards nothing counted moves.
    """
    if unknown := [theme for theme in themes if theme not in LABELS]:
        raise UnknownTheme(unknown[0])
    chosen = list(dict.fromkeys(themes))
    with transaction.atomic():
        ThemeCorrection.objects.update_or_create(
            feedback=feedback, defaults={"themes": chosen, "by": by, "at": at}
        )
        log.record(
            "handling.feedback.themes_corrected",
            by=by,
            subject=feedback,
            at=at,
            facts={"themes": " ".join(chosen)},
        )


def _prompt_at_once(case: Case, *, apart_from: Person, at: datetime) -> None:
    # They have been prompted as of an ordinary case: what waits for the day's e-mail, or is shown only here, is promised anew.
    waiting = case.prompts.filter(
        Q(in_digest=True) | Q(mail_at__isnull=True), kind=Prompt.Kind.NEW, **WAITING
    )
    waiting.exclude(person=apart_from).delete()
    promise_first_prompts([case], at=at)


def _due_in_peace(case: Case) -> datetime | None:
    """Never less time than it has or had before a message hurried it: the customer may have been told of that day."""
    hurried = case.deadline_changes.filter(why=DeadlineChange.Why.MESSAGE)
    days = [case.due_at, *hurried.values_list("before", flat=True)]
    if CUSTOMER_SAID not in case.why:
        days.append(county_deadline(case.arrived_at, road="contact").due)
    return max(day for day in days if day)


def _judge(case: Case, *, before: datetime | None, is_urgent: bool, by: Person, at: datetime) -> None:
    """In the caller's transaction; the case is changed and locked."""
    case.save(update_fields=["road", "due_at"])
    judge_feedback(case.feedback, is_urgent=is_urgent, by=by, at=at)
    if before and case.due_at and before != case.due_at:
        DeadlineChange.objects.create(
            case=case, why=DeadlineChange.Why.URGENCY, before=before, after=case.due_at, at=at, by=by
        )
    log.record(
        "handling.case.urgency_confirmed" if is_urgent else "handling.case.urgency_removed",
        by=by,
        subject=case,
        at=at,
        facts={
            "road": str(case.road),
            "due": case.due_at.isoformat() if case.due_at else None,
        },
    )
