"""The e-mails of handling. None of them tells anything of a feedback but that it waits: mail is read on many screens."""

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from palauteketju.handling.errors import MailNotSent
from palauteketju.handling.models import Case, Message, Prompt
from palauteketju.organisation.days import day_in_words


def send_prompt_mail(prompt: Prompt) -> None:
    """Raises MailNotSent."""
    with translation.override(prompt.person.language):
        _send(
            _prompt_subject(prompt),
            _prompt_body(prompt.case),
            to=prompt.person.email,
            mark=f"prompt-{prompt.pk}",
        )


def send_customer_mail(message: Message, *, to: str, language: str) -> None:
    """Raises MailNotSent. Neither the unit nor the matter is named: the mailbox may be shared."""
    with translation.override(language):
        is_answer = message.kind == Message.Kind.RESPONSE
        subject = (
            _("There is an answer to your feedback") if is_answer else _("A question about your feedback")
        )
        address = f"{settings.PUBLIC_ADDRESS}{reverse('handling:receipt')}?kieli={language}"
        body = "\n\n".join(
            [
                _("You gave feedback and asked for an answer. The answer is ready.")
                if is_answer
                else _(
                    "You gave feedback and asked for an answer. To answer well, we need to know a little more."
                ),
                _("Read it here with the receipt code you got when you gave the feedback: %(address)s")
                % {"address": address},
                _("This message was sent automatically and cannot be replied to."),
            ]
        )
        _send(subject, body, to=to, mark=f"message-{message.pk}")


def _prompt_subject(prompt: Prompt) -> str:
    if prompt.kind == Prompt.Kind.NEW:
        return (
            _("Urgent feedback needs you")
            if prompt.case.is_urgent
            else _("A customer is waiting for an answer")
        )
    return {
        Prompt.Kind.NO_HANDLER: _("Feedback has come to a unit that has no handler"),
        Prompt.Kind.CUSTOMER_WROTE: _("A customer has written more"),
        Prompt.Kind.REMINDER: _("Reminder: the deadline of a feedback is near"),
        Prompt.Kind.OVERDUE: _("The deadline of a feedback has passed"),
    }[Prompt.Kind(prompt.kind)]


def _prompt_body(case: Case) -> str:
    facts = [] if case.unit.sensitive else [case.unit.name]
    facts.append(str(case.get_road_display()))
    if case.due_at:
        facts.append(_("To be dealt with by %(day)s.") % {"day": day_in_words(case.due_at)})
    return "\n\n".join(
        [
            "\n".join(facts),
            _("Open it here: %(address)s")
            % {"address": settings.PUBLIC_ADDRESS + reverse("handling:case", args=[case.pk])},
            _("To protect the customer, this message does not tell what was written."),
        ]
    )


def _send(subject: str, body: str, *, to: str, mark: str) -> None:
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname
    headers = {
        # The same id when a crash makes us send it again, so that mail programs can show it once.
        "Message-ID": f"<{mark}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    try:
        EmailMessage(subject, body, to=[to], headers=headers).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        raise MailNotSent(f"recipient refused {codes}", is_final=min(codes) >= 500) from None
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(
            f"{type(error).__name__} {error.smtp_code}", is_final=error.smtp_code >= 500
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(type(error).__name__, is_final=False) from None
