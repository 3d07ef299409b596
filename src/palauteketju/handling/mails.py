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
        send(
            prompt_in_words(prompt.kind, prompt.case),
            _prompt_body(prompt.case),
            to=prompt.person.email,
            mark=f"prompt-{prompt.pk}",
        )


def send_customer_mail(message: Message, *, to: str, language: str) -> None:
    """Raises MailNotSent. Neither the unit nor the matter is named: the mailbox may be shared."""
    with translation.override(language):
        subject, tells = _told(Message.Kind(message.kind))
        address = f"{settings.PUBLIC_ADDRESS}{reverse('handling:receipt')}?kieli={language}"
        body = "\n\n".join(
            [
                tells,
                _("Read it here with the receipt code you got when you gave the feedback: %(address)s")
                % {"address": address},
                _("This message was sent automatically and cannot be replied to."),
            ]
        )
        send(subject, body, to=to, mark=f"message-{message.pk}")


def _told(kind: Message.Kind) -> tuple[str, str]:
    if kind == Message.Kind.RESPONSE:
        return _("There is an answer to your feedback"), _(
            "You gave feedback and asked for an answer. The answer is ready."
        )
    if kind == Message.Kind.EXTENSION:
        return _("A message about your feedback"), _(
            "You gave feedback and asked for an answer. There is a message for you about when we answer."
        )
    return _("A question about your feedback"), _(
        "You gave feedback and asked for an answer. To answer well, we need to know a little more."
    )


def prompt_in_words(kind: str, case: Case) -> str:
    """What a prompt says, in the language in force: nothing of the feedback."""
    if kind == Prompt.Kind.NEW:
        return _("Urgent feedback needs you") if case.is_urgent else _("A customer is waiting for an answer")
    return {
        Prompt.Kind.NO_HANDLER: _("Feedback waits in a unit where no handler is at work"),
        Prompt.Kind.CUSTOMER_WROTE: _("A customer has written more"),
        Prompt.Kind.MOVED: _("Another unit has passed a feedback on to yours"),
        Prompt.Kind.REMINDER: _("Reminder: the deadline of a feedback is near"),
        Prompt.Kind.OVERDUE: _("The deadline of a feedback has passed"),
    }[Prompt.Kind(kind)]


def facts_of(case: Case) -> list[str]:
    """Unit, road and deadline; a sensitive unit is not named."""
    facts = [] if case.unit.sensitive else [case.unit.name]
    facts.append(str(case.get_road_display()))
    if case.due_at:
        facts.append(_("To be dealt with by %(day)s.") % {"day": day_in_words(case.due_at)})
    return facts


def address_of(case: Case) -> str:
    return f"{settings.PUBLIC_ADDRESS}{reverse('handling:case', args=[case.pk])}"


def _prompt_body(case: Case) -> str:
    return "\n\n".join(
        [
            "\n".join(facts_of(case)),
            _("Open it here: %(address)s") % {"address": address_of(case)},
            _("To protect the customer, this message does not tell what was written."),
        ]
    )


def send(subject: str, body: str, *, to: str, mark: str) -> None:
    """Raises MailNotSent. `mark` is the same for each try of one message."""
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
