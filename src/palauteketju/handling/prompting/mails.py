"""The e-mails to staff. None of them tells anything of a feedback but that it waits: mail is read on many screens."""

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from palauteketju.handling.models import Case, Prompt
from palauteketju.handling.prompting.recipients import ALARMS
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.mails import send


def send_prompt_mail(prompt: Prompt, *, over: BaseEmailBackend) -> None:
    """Raises MailNotSent."""
    with translation.override(prompt.person.language):
        send(
            prompt_in_words(prompt.kind, prompt.case),
            _prompt_body(prompt),
            to=prompt.person.email,
            mark=f"prompt-{prompt.pk}",
            over=over,
        )


def prompt_in_words(kind: str, case: Case) -> str:
    """What a prompt says, in the language in force: nothing of the feedback."""
    if kind == Prompt.Kind.NEW:
        return _("Urgent feedback needs you") if case.is_urgent else _("A customer is waiting for an answer")
    if kind == Prompt.Kind.CUSTOMER_WROTE and case.is_urgent:
        return _("A customer of urgent feedback has written more")
    return {
        Prompt.Kind.NO_HANDLER: _("Feedback waits, and no handler of the unit can be told of it"),
        Prompt.Kind.MAILBOX: _("The mailbox of a handler refuses the e-mails about feedback"),
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


def _prompt_body(prompt: Prompt) -> str:
    parts = [
        "\n".join(facts_of(prompt.case)),
        _("Open it here: %(address)s") % {"address": address_of(prompt.case)},
    ]
    if prompt.kind in ALARMS:
        address = f"{settings.PUBLIC_ADDRESS}{reverse('handling:absences')}"
        parts.append(_("Who is away, and whose mailbox refuses e-mail: %(address)s") % {"address": address})
    parts.append(_("To protect the customer, this message does not tell what was written."))
    return "\n\n".join(parts)
