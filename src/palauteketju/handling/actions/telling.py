"""The e-mail that tells a customer of a message: a row before it is an e-mail, as a prompt is, and sent once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from palauteketju.audit import log
from palauteketju.handling.actions.prompting import QUEUE, defer_each
from palauteketju.handling.models import CustomerMail, Message
from palauteketju.handling.prompting.mails import send_customer_mail
from palauteketju.intake.models import ContactRequest
from palauteketju.organisation.errors import MailNotSent

TELL_CUSTOMER = "palauteketju.tell_customer"


def announce_to_customer(message: Message) -> None:
    """Promise to tell the customer of a message, where e-mail was asked for. In the caller's transaction."""
    feedback = message.case.feedback_id
    if ContactRequest.objects.filter(feedback=feedback, way=ContactRequest.Way.EMAIL).exists():
        CustomerMail.objects.create(message=message, at=message.at)
        announce_messages([message.pk])


def announce_messages(ids: Sequence[int]) -> None:
    """The jobs that tell of these messages, in the caller's transaction."""
    defer_each(jobs.configure_task(TELL_CUSTOMER, queue=QUEUE), "message_id", ids)


def tell_customer(message_id: int, *, at: datetime) -> bool:
    """Tell by e-mail that there is something to read, unless that was done; whether it was sent now.

    The address is opened only here; once it is deleted, nobody is told any more. Raises MailNotSent, and then it still
    waits. A crash between the mail server and our commit sends that one message again, under the same Message-ID.
    """
    if not CustomerMail.claim(message_id, at=at):
        return False
    message = CustomerMail.objects.select_related("message__case").get(pk=message_id).message
    request = (
        ContactRequest.objects.filter(feedback=message.case.feedback_id, way=ContactRequest.Way.EMAIL)
        .select_related("feedback")
        .first()
    )
    if request is None:
        CustomerMail.settle(message_id, dropped_at=at)
        return False
    try:
        send_customer_mail(message, to=request.reveal(), language=request.feedback.language)
    except MailNotSent as error:
        CustomerMail.note_failure(message_id, str(error), at=at)
        raise
    with transaction.atomic():
        CustomerMail.settle(message_id, sent_at=at)
        facts = {"message": message.pk}
        log.record("handling.customer.told", by=None, subject=message.case, at=at, facts=facts)
    return True
