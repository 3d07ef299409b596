"""The daily e-mail to one person: numbers and links, nothing of what was written."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palauteketju.handling.models import Case, Digest, Prompt
from palauteketju.handling.prompting.mails import address_of, prompt_in_words
from palauteketju.organisation.mails import send

# A mail of hundreds of links is read by nobody; the worklist has them all.
MOST_LINKS = 20


@dataclass(frozen=True)
class Late:
    """How many cases are late, and those of them that a mail names."""

    count: int
    first: list[Case]


def send_digest_mail(digest: Digest, prompts: Sequence[Prompt], late: Late) -> None:
    """Raises MailNotSent."""
    with translation.override(digest.person.language):
        parts = []
        if late.count:
            parts.append(_late_in_words(late))
        if prompts:
            parts.append(_prompts_in_words(prompts))
        parts += [
            _("Everything that waits is on the worklist: %(address)s")
            % {"address": f"{settings.PUBLIC_ADDRESS}{reverse('handling:worklist')}"},
            _("You choose when you are sent e-mail: %(address)s")
            % {"address": f"{settings.PUBLIC_ADDRESS}{reverse('handling:own_settings')}"},
            _("To protect the customer, this message does not tell what was written."),
        ]
        send(
            _digest_subject(len(prompts), late.count),
            "\n\n".join(parts),
            to=digest.person.email,
            mark=f"digest-{digest.pk}",
        )


def _digest_subject(prompts: int, late: int) -> str:
    if late:
        return ngettext("%(n)s feedback is late", "%(n)s feedbacks are late", late) % {"n": _number(late)}
    return ngettext("%(n)s new prompt", "%(n)s new prompts", prompts) % {"n": _number(prompts)}


def _late_in_words(late: Late) -> str:
    head = ngettext(
        "The deadline of %(n)s feedback has passed:",
        "The deadlines of %(n)s feedbacks have passed:",
        late.count,
    ) % {"n": _number(late.count)}
    return "\n".join([head, *map(_late_line, late.first), *_more(late.count)])


def _late_line(case: Case) -> str:
    address = address_of(case)
    return _("Urgent: %(address)s") % {"address": address} if case.is_urgent else address


def _prompts_in_words(prompts: Sequence[Prompt]) -> str:
    head = ngettext(
        "%(n)s prompt since the last such message:",
        "%(n)s prompts since the last such message:",
        len(prompts),
    ) % {"n": _number(len(prompts))}
    lines = [
        f"{prompt_in_words(prompt.kind, prompt.case)}: {address_of(prompt.case)}"
        for prompt in prompts[:MOST_LINKS]
    ]
    return "\n".join([head, *lines, *_more(len(prompts))])


def _number(n: int) -> str:
    return number_format(n, force_grouping=True)


def _more(n: int) -> list[str]:
    left = n - MOST_LINKS
    return [ngettext("and %(n)s more", "and %(n)s more", left) % {"n": _number(left)}] if left > 0 else []
