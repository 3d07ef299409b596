"""What tells a customer that something waits to be read, by e-mail or text message, and when it may leave.

Neither names the unit or the matter, because mailbox and phone may be shared; and none of it is a survey, so that whoever
has forbidden those is told all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from palauteketju.handling.models import CustomerWay, FollowUp, Message
from palauteketju.organisation.deadlines import HELSINKI
from palauteketju.organisation.look import county_brand
from palauteketju.organisation.mails import send
from palauteketju.organisation.rules import county_rules
from palauteketju.sms import handover as sms


@dataclass(frozen=True)
class _Words:
    """`short` is the text message; the others are the e-mail. `%(address)s` in each is where it is read."""

    subject: str
    says: Sequence[str]
    short: str


def may_leave_at(way: CustomerWay, moment: datetime) -> datetime:
    """An e-mail at once; a text message within the county's hours ([sms] tells_from and tells_until), Finnish time."""
    rules, local = county_rules().sms, moment.astimezone(HELSINKI)
    if way == CustomerWay.EMAIL or rules.tells_from <= local.time() < rules.tells_until:
        return moment
    day = local.date() + timedelta(days=local.time() >= rules.tells_until)
    return datetime.combine(day, rules.tells_from, tzinfo=HELSINKI)


def tell_of(message: Message, *, way: CustomerWay, to: str, language: str) -> None:
    """Raises MailNotSent or NoticeNotSent."""
    with translation.override(language):
        _send(_about(Message.Kind(message.kind)), way=way, to=to, mark=f"message-{message.pk}")


def ask_if_helped(follow_up: FollowUp, *, to: str) -> None:
    """Raises MailNotSent or NoticeNotSent."""
    with translation.override(follow_up.feedback.language):
        words = _Words(
            _("Did the answer to your feedback help?"),
            [
                _("Some weeks ago you got an answer to your feedback. Did it help?"),
                _(
                    "You can tell us here with the receipt code you got when you gave the feedback: %(address)s"
                ),
                _("It takes one press. We ask only once, and soon delete your e-mail address."),
            ],
            _("did the answer to your feedback help? Tell us with your receipt code: %(address)s"),
        )
        _send(words, way=CustomerWay(follow_up.way), to=to, mark=f"follow-up-{follow_up.pk}")


def _send(words: _Words, *, way: CustomerWay, to: str, mark: str) -> None:
    language = translation.get_language()
    address = {"address": f"{settings.PUBLIC_ADDRESS}{reverse('handling:receipt')}?kieli={language}"}
    if way == CustomerWay.SMS:
        sms.send_notice(to, f"{county_brand().name(language)}: {words.short % address}")
        return
    end = _("This message was sent automatically and cannot be replied to.")
    body = "\n\n".join([*(each % address for each in words.says), end])
    send(words.subject, body, to=to, mark=mark)


def _about(kind: Message.Kind) -> _Words:
    read_here = _("Read it here with the receipt code you got when you gave the feedback: %(address)s")
    if kind == Message.Kind.RESPONSE:
        return _Words(
            _("There is an answer to your feedback"),
            [_("You gave feedback and asked for an answer. The answer is ready."), read_here],
            _("there is an answer to your feedback. Read it with your receipt code: %(address)s"),
        )
    if kind == Message.Kind.EXTENSION:
        return _Words(
            _("A message about your feedback"),
            [
                _(
                    "You gave feedback and asked for an answer. There is a message for you about when we answer."
                ),
                read_here,
            ],
            _(
                "there is a message about when we answer your feedback. Read it with your receipt code: %(address)s"
            ),
        )
    return _Words(
        _("A question about your feedback"),
        [
            _("You gave feedback and asked for an answer. To answer well, we need to know a little more."),
            read_here,
        ],
        _("we have a question about your feedback. Read it with your receipt code: %(address)s"),
    )
