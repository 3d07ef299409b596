"""What tells a customer of a message: a row before it is an e-mail or a text message, as a prompt is, and sent once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from palauteketju.audit import log
from palauteketju.handling.actions.prompting import QUEUE, defer_each
from palauteketju.handling.models import CustomerNotice, CustomerWay, FollowUp, Message
from palauteketju.handling.prompting.to_customers import may_leave_at, tell_of
from palauteketju.handling.queries import way_asked
from palauteketju.intake.models import ContactRequest
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.sendings import CLAIM, WAITING
from palauteketju.sms.errors import NoticeNotSent

TELL_CUSTOMER = "palauteketju.tell_customer"


def announce_to_customer(message: Message) -> None:
    """Promise to tell the customer of a message, where they asked to be told so. In the caller's transaction."""
    way = way_asked(message.case)
    if way not in CustomerWay.values:
        return
    leaves_at = may_leave_at(CustomerWay(way), message.at)
    CustomerNotice.objects.create(message=message, way=way, at=leaves_at)
    # What has to wait for the morning is announced by the sweep then.
    if leaves_at == message.at:
        announce_messages([message.pk])


def announce_messages(ids: Sequence[int]) -> None:
    """The jobs that tell of these messages, in the caller's transaction."""
    defer_each(jobs.configure_task(TELL_CUSTOMER, queue=QUEUE), "message_id", ids)


def tell_customer(message_id: int, *, at: datetime) -> bool:
    """Tell that there is something to read, unless that was done; whether it was sent now.

    The address or number is opened only here; once it is deleted, nobody is told any more. Raises MailNotSent or
    NoticeNotSent, and then it still waits. A crash between the mail server and our commit sends that one e-mail again, under
    the same Message-ID; a text message is never sent again, and the page of the case says that it may not have gone.
    """
    if not claim_to_tell(CustomerNotice, message_id, at=at):
        return False
    notice = CustomerNotice.objects.select_related("message__case").get(pk=message_id)
    message, way = notice.message, CustomerWay(notice.way)
    asked = ContactRequest.objects.filter(feedback=message.case.feedback_id, way=way)
    request = asked.select_related("feedback").first()
    if request is None:
        CustomerNotice.settle(message_id, dropped_at=at)
        return False
    try:
        tell_of(message, way=way, to=request.reveal(), language=request.feedback.language)
    except (MailNotSent, NoticeNotSent) as error:
        note_untold(CustomerNotice, message_id, error, at=at)
        return False
    with transaction.atomic():
        CustomerNotice.settle(message_id, sent_at=at)
        log.record(
            "handling.customer.told",
            by=None,
            subject=message.case,
            at=at,
            facts={"message": message.pk, "way": str(way)},
        )
    return True


def claim_to_tell(sendings: type[CustomerNotice | FollowUp], pk: int, *, at: datetime) -> bool:
    """Whether it is this caller's to send now.

    A text message whose worker died in the middle may have gone out, and nobody can know: it is given up here.
    """
    if sendings.claim(pk, at=at, way=CustomerWay.EMAIL) or sendings.claim(
        pk, at=at, way=CustomerWay.SMS, claimed_at__isnull=True
    ):
        return True
    if sendings.objects.filter(pk=pk, way=CustomerWay.SMS, claimed_at__lte=at - CLAIM, **WAITING).exists():
        sendings.give_up(pk, "outcome unknown", at=at)
    return False


def note_untold(
    sendings: type[CustomerNotice | FollowUp], pk: int, error: MailNotSent | NoticeNotSent, *, at: datetime
) -> None:
    """It is tried again, and then the error is raised on for the job; or it never will be, because it may have gone or cannot."""
    if isinstance(error, NoticeNotSent) and error.is_final:
        sendings.give_up(pk, str(error), at=at)
        return
    sendings.note_failure(pk, str(error), at=at)
    raise error
