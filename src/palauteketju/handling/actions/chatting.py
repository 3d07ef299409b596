"""Prompts to a unit's chat channel, and which channels there are."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from palauteketju.audit import log
from palauteketju.handling.actions.prompting import announce_posts, announce_prompts
from palauteketju.handling.errors import AddressNotAllowed, ChatNotSent
from palauteketju.handling.models import Case, ChatChannel, ChatPost, Prompt
from palauteketju.handling.prompting import chat
from palauteketju.handling.prompting.mails import address_of, facts_of, prompt_in_words
from palauteketju.organisation.models import Person, Unit
from palauteketju.organisation.sendings import WAITING

# After so many failures, some minutes, nobody waits any longer for the chat alone.
PATIENCE: Final = 3


def add_channel(
    unit: Unit, address: str, *, of: ChatChannel.Format, only_urgent: bool, by: Person, at: datetime
) -> ChatChannel:
    """From now on prompts of the unit, or of all below it that have none of their own, go to this channel too.

    It takes the place of the unit's earlier one, with what still waits there. Raises AddressNotAllowed.
    """
    chat.check_address(address, anywhere=not settings.IS_PRODUCTION)
    with transaction.atomic():
        # Two administrators at once wait here for each other.
        Unit.objects.select_for_update().get(pk=unit.pk)
        replaced = list(ChatChannel.objects.filter(unit=unit, closed_at__isnull=True))
        for earlier in replaced:
            _close(earlier, by=by, at=at)
        channel = ChatChannel(unit=unit, format=of, only_urgent=only_urgent, created_at=at)
        channel.hide(address)
        channel.save(force_insert=True)
        waiting = ChatPost.objects.filter(channel__in=replaced, **WAITING)
        moved = list(waiting.values_list("pk", flat=True))
        waiting.update(channel=channel, claimed_at=None)
        announce_posts(moved)
        facts: dict[str, str | int | bool | None] = {
            "unit": unit.code,
            "format": of.value,
            "only_urgent": only_urgent,
        }
        log.record("handling.chat_channel.added", by=by, subject=channel, at=at, facts=facts)
    return channel


def close_channel(channel: ChatChannel, *, by: Person, at: datetime) -> None:
    """Nothing goes there any more, and its address is forgotten; who relied on what still waited gets it by e-mail."""
    with transaction.atomic():
        _close(channel, by=by, at=at)
        waiting = ChatPost.objects.filter(channel=channel, **WAITING)
        _mail_instead(list(waiting), at=at)
        waiting.update(dropped_at=at)


def send_chat(post_id: int, *, at: datetime) -> bool:
    """Post to the channel, unless that was done or is no longer needed; whether it was posted now.

    Raises ChatNotSent, and then the post still waits. A crash between the chat's answer and our commit posts it again.
    """
    if not ChatPost.claim(post_id, at=at):
        return False
    post = ChatPost.objects.select_related("case__unit", "channel").get(pk=post_id)
    if post.case.is_closed or post.channel.closed_at:
        ChatPost.settle(post.pk, dropped_at=at)
        return False
    try:
        chat.post(post.channel.reveal(), _body(post), anywhere=not settings.IS_PRODUCTION)
    except (ChatNotSent, AddressNotAllowed) as error:
        with transaction.atomic():
            ChatPost.note_failure(post.pk, str(error), at=at)
            if post.tries + 1 >= PATIENCE:
                _mail_instead([post], at=at)
        raise ChatNotSent(str(error)) from None
    with transaction.atomic():
        ChatPost.settle(post.pk, sent_at=at)
        log.record("handling.chat.posted", by=None, subject=post.case, at=at, facts={"kind": post.kind})
    return True


def _close(channel: ChatChannel, *, by: Person, at: datetime) -> None:
    if ChatChannel.objects.filter(pk=channel.pk, closed_at__isnull=True).update(closed_at=at, sealed=b""):
        log.record("handling.chat_channel.closed", by=by, subject=channel, at=at)


def _mail_instead(posts: Sequence[ChatPost], *, at: datetime) -> None:
    """Who wished urgent prompts in the channel only, and has not seen them in the program, gets them by e-mail after all."""
    if not posts:
        return
    causes = [Q(case=post.case_id, kind=post.kind, about=post.about_id) for post in posts]
    unmailed = Prompt.objects.filter(
        reduce(or_, causes),
        case__road__in=Case.URGENT_ROADS,
        mail_at__isnull=True,
        seen_at__isnull=True,
        **WAITING,
    ).exclude(person__email="")
    ids = list(unmailed.values_list("pk", flat=True))
    Prompt.objects.filter(pk__in=ids).update(mail_at=at)
    announce_prompts(ids)


def _body(post: ChatPost) -> dict[str, Any]:
    # A channel has many readers and no language of its own: the county's first.
    with translation.override(settings.LANGUAGE_CODE):
        head, facts = prompt_in_words(post.kind, post.case), facts_of(post.case)
        address, label = address_of(post.case), _("Open the case")
    if post.channel.format == ChatChannel.Format.TEXT:
        return {"text": "\n".join([head, *facts, address])}
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": head, "weight": "Bolder", "wrap": True},
            *({"type": "TextBlock", "text": fact, "wrap": True} for fact in facts),
        ],
        "actions": [{"type": "Action.OpenUrl", "title": label, "url": address}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}
