"""What was promised but no job has any more is announced again: nothing hangs on the job table alone."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import models, transaction

from palauteketju.handling.actions.digests import DIGEST, announce_mails
from palauteketju.handling.actions.follow_up import ASK_IF_HELPED, announce_questions
from palauteketju.handling.actions.prompting import (
    CHAT,
    PROMPT,
    announce_posts,
    announce_prompts,
)
from palauteketju.handling.actions.reminding import wait_for_turn
from palauteketju.handling.actions.telling import TELL_CUSTOMER, announce_messages
from palauteketju.handling.models import ChatPost, CustomerNotice, Digest, FollowUp, Prompt
from palauteketju.organisation.sendings import Sending, without_job

# A job comes first; only what has none after this long is swept.
JOBS_TURN: Final = timedelta(minutes=5)
MOST_AT_ONCE: Final = 1000
Announce = Callable[[Sequence[int]], None]


def announce_lost(*, at: datetime) -> int:
    """Jobs for all that is unsent and older than five minutes and has none; returns how many.

    A job that waits for its next try is one, so a dead mail server makes no second ones.
    """
    before = at - JOBS_TURN
    lost: list[tuple[type[Sending], str, str, Announce]] = [
        (Prompt, PROMPT, "prompt_ids", announce_prompts),
        (ChatPost, CHAT, "post_id", announce_posts),
        (Digest, DIGEST, "digest_id", announce_mails),
        (FollowUp, ASK_IF_HELPED, "follow_up_id", announce_questions),
        (CustomerNotice, TELL_CUSTOMER, "message_id", announce_messages),
    ]
    return sum(
        _announce(kind.due(at=before), job, argument, announce) for kind, job, argument, announce in lost
    )


def _announce(rows: models.QuerySet[models.Model], job: str, argument: str, announce: Announce) -> int:
    with transaction.atomic():
        wait_for_turn()
        without = without_job(rows, job=job, argument=argument).order_by("pk")
        ids = list(without.values_list("pk", flat=True)[:MOST_AT_ONCE])
        announce(ids)
    return len(ids)
