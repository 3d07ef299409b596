"""After four weeks: did the answer help? Asked once, answered once, counted by unit and never by handler."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from procrastinate.contrib.django import app as jobs

from palauteketju.audit import log
from palauteketju.handling.actions.prompting import QUEUE, defer_each
from palauteketju.handling.actions.reminding import wait_for_turn
from palauteketju.handling.actions.telling import claim_to_tell, note_untold
from palauteketju.handling.errors import NotAsked
from palauteketju.handling.follow_up import answered_case, is_asked
from palauteketju.handling.models import Case, CustomerWay, FollowUp
from palauteketju.handling.prompting import to_customers
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.rules import county_rules
from palauteketju.sms.errors import NoticeNotSent

ASK_IF_HELPED = "palauteketju.ask_if_helped"
# Whoever could not be asked for so long, because the program stood still, is not asked any more.
ASKED_WITHIN: Final = timedelta(days=14)
BATCH: Final = 1000


def ask_if_helped(*, at: datetime) -> int:
    """Promise the message that asks, to those answered four weeks ago who can still be reached so; how many."""
    answered_by = at - county_rules().ask_if_helped_after
    asked = FollowUp.objects.filter(feedback=OuterRef("feedback"))
    ways = ContactRequest.objects.filter(feedback=OuterRef("feedback"), way__in=CustomerWay.values)
    due = Case.objects.filter(
        ~Exists(asked), answered_at__lte=answered_by, answered_at__gt=answered_by - ASKED_WITHIN
    ).annotate(way=Subquery(ways.values("way")))
    with transaction.atomic():
        wait_for_turn()
        reached = due.filter(way__isnull=False).order_by("feedback", "-answered_at").distinct("feedback")
        made = FollowUp.objects.bulk_create(
            FollowUp(
                feedback_id=feedback,
                unit_id=unit,
                way=way,
                at=to_customers.may_leave_at(CustomerWay(way), at),
            )
            for feedback, unit, way in reached.values_list("feedback", "unit", "way")[:BATCH]
        )
        announce_questions([one.pk for one in made if one.at == at])
    return len(made)


def announce_questions(ids: Sequence[int]) -> None:
    """The jobs that send these questions, in the caller's transaction."""
    defer_each(jobs.configure_task(ASK_IF_HELPED, queue=QUEUE), "follow_up_id", ids)


def send_follow_up(follow_up_id: int, *, at: datetime) -> bool:
    """Send the message that asks, unless it was sent, the customer has answered already, or can no longer be reached.

    Raises MailNotSent or NoticeNotSent. What is still unsent when the contact details are deleted never goes.
    """
    if not claim_to_tell(FollowUp, follow_up_id, at=at):
        return False
    follow_up = FollowUp.objects.select_related("feedback").get(pk=follow_up_id)
    request = ContactRequest.objects.filter(feedback=follow_up.feedback_id, way=follow_up.way).first()
    if request is None or follow_up.helped:
        FollowUp.settle(follow_up.pk, dropped_at=at)
        return False
    try:
        to_customers.ask_if_helped(follow_up, to=request.reveal())
    except (MailNotSent, NoticeNotSent) as error:
        note_untold(FollowUp, follow_up.pk, error, at=at)
        return False
    with transaction.atomic():
        FollowUp.settle(follow_up.pk, sent_at=at)
        log.record("handling.customer.asked_if_helped", by=None, subject=follow_up, at=at)
    return True


def tell_if_helped(feedback: Feedback, helped: FollowUp.Helped, *, at: datetime) -> FollowUp:
    """Store what the customer says; the first answer stands. Raises NotAsked before four weeks have passed.

    The trace tells that the question was answered, not how.
    """
    with transaction.atomic():
        case = answered_case(feedback)
        if case is None or not is_asked(case, at=at):
            raise NotAsked
        follow_up, _is_new = FollowUp.objects.get_or_create(
            feedback=feedback, defaults={"unit": case.unit, "at": at, "way": ""}
        )
        first = FollowUp.objects.filter(pk=follow_up.pk, helped="").update(helped=helped, helped_at=at)
        if first:
            log.record("handling.customer.told_if_helped", by=None, subject=follow_up, at=at)
    follow_up.refresh_from_db()
    return follow_up
