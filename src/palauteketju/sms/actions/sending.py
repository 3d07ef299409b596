"""The outbox goes out: each message once, or not at all.

A message is claimed and the claim committed before the gateway is called, outside any transaction. What the gateway
answers is recorded by deleting the row and counting the outcome. A process that dies between the two leaves a claimed
row, and nobody can know whether the message went out: after ten minutes it is given up, never sent again.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from palauteketju.organisation.look import county_brand
from palauteketju.organisation.rules import county_rules
from palauteketju.privacy.encryption import CannotOpen
from palauteketju.sms import counting, fingerprints, policy, queries, tokens
from palauteketju.sms.decisions import public_name
from palauteketju.sms.eligibility import local_day, sending_time
from palauteketju.sms.gateways import Gateway, PermanentFailure, TemporaryFailure, UnknownOutcome
from palauteketju.sms.models import Contacted, Invitation, OutgoingSms
from palauteketju.sms.texts import compose

logger = logging.getLogger(__name__)

# Older than this, a claim's process is dead.
STALE_AFTER = timedelta(minutes=10)
# No call of the gateway begins later than this after its claim, so that no living claim grows stale.
_SECONDS_A_CLAIM_MAY_TAKE = 240
# So many messages a killed process can lose at most.
_CLAIMED_AT_ONCE = 25
# After so many in a row the gateway itself is down, and the rest waits.
_FAILURES_IN_A_ROW = 3
_LONGEST_PAUSE = timedelta(hours=1)
_TRY_LATER = "try_later"


@dataclass(frozen=True)
class _Letter:
    """A claimed message with its text, whose token is nowhere else."""

    message: OutgoingSms
    text: str = field(repr=False)


def send_due(*, at: datetime, gateway: Gateway, limit: int = 100) -> int:
    """Hand over what is due, at most `limit` messages; returns how many the gateway took. Not inside a transaction.

    Any number of processes may do this at once. What cannot go out now waits for a later call: for the gateway to
    recover, or for the sending window to open.
    """
    give_up_stale(at=at)
    taken = handed_over = 0
    while taken < limit:
        looked_at, letters = _claim(at=at, most=min(_CLAIMED_AT_ONCE, limit - taken))
        if not looked_at:
            break
        taken += looked_at
        sent, is_answering = _hand_over(letters, gateway, at=at)
        handed_over += sent
        if not is_answering:
            logger.warning("sms.gateway_is_not_answering")
            break
    return handed_over


def give_up_stale(*, at: datetime) -> int:
    """Delete the messages whose process died in the middle: whether they went out is not known."""
    with transaction.atomic():
        stale = OutgoingSms.objects.filter(state=OutgoingSms.State.CLAIMED, claimed_at__lte=at - STALE_AFTER)
        gone = list(stale.select_for_update(skip_locked=True))
        _end(gone, counting.UNKNOWN, at=at)
    if gone:
        logger.warning("sms.outcome_unknown count=%s", len(gone))
    return len(gone)


def _claim(*, at: datetime, most: int) -> tuple[int, list[_Letter]]:
    """Claim due messages, for at most `most` of them; those that may not leave now are moved or given up.

    Returns how many were looked at, and the claimed ones. Each gets its invitation here, before the call: an
    invitation nobody was sent harms nobody, a message whose link is not known would.
    """
    with transaction.atomic(durable=True):
        due = OutgoingSms.objects.filter(state=OutgoingSms.State.WAITING, send_at__lte=at).order_by("send_at")
        messages = list(due.select_related("unit").select_for_update(skip_locked=True, of=("self",))[:most])
        leaving = _permitted(messages, at=at)
        for message in leaving:
            message.state, message.claimed_at = OutgoingSms.State.CLAIMED, at
        OutgoingSms.objects.bulk_update(leaving, ["state", "claimed_at"])
        _remember_invited(leaving, at=at)
        return len(messages), _write(leaving, at=at)


def _permitted(messages: list[OutgoingSms], *, at: datetime) -> list[OutgoingSms]:
    """Those that may leave now. What was known at the decision may have changed, and a stopped worker may be late."""
    rules = policy.rules_in_force()
    opted_out = queries.opted_out_among(bytes(message.phone_hash) for message in messages)
    leaving, moved, withdrawn, late = [], [], [], []
    for message in messages:
        facts = policy.facts_of(message.unit)
        is_asked = facts.sms_on and facts.is_active_on(local_day(at))
        if bytes(message.phone_hash) in opted_out or not is_asked:
            withdrawn.append(message)
            continue
        moment = sending_time(message.occurred_at, facts, rules, at=at)
        if moment is None:
            late.append(message)
        elif moment > at:
            message.send_at = moment
            moved.append(message)
        else:
            leaving.append(message)
    OutgoingSms.objects.bulk_update(moved, ["send_at"])
    _end(withdrawn, counting.WITHDRAWN, at=at)
    _end(late, counting.TOO_LATE, at=at)
    return leaving


def _remember_invited(messages: Iterable[OutgoingSms], *, at: datetime) -> None:
    hashes = sorted(bytes(message.phone_hash) for message in messages)
    Contacted.objects.bulk_create(
        [Contacted(phone_hash=each, last_invited_on=local_day(at)) for each in hashes],
        update_conflicts=True,
        unique_fields=["phone_hash"],
        update_fields=["last_invited_on"],
    )


def _write(messages: Iterable[OutgoingSms], *, at: datetime) -> list[_Letter]:
    letters, invitations = [], []
    for message in messages:
        token = tokens.make()
        name = public_name(policy.facts_of(message.unit), message.language)
        county = county_brand().name(message.language)
        letters.append(_Letter(message, compose(message.language, name, county, tokens.address(token))))
        invitations.append(
            Invitation(
                token_hash=fingerprints.of_token(token),
                unit=message.unit,
                language=message.language,
                event_week=queries.week_of(local_day(message.occurred_at)),
                expires_on=_last_day_of_answering(local_day(at)),
            )
        )
    # Not in the order of the messages: the order of rows must not join the two.
    Invitation.objects.bulk_create(sorted(invitations, key=lambda each: bytes(each.token_hash)))
    return letters


def _last_day_of_answering(day: date) -> date:
    """The first Sunday on which the promised days are full."""
    full = day + timedelta(days=county_rules().sms.link_valid_days)
    return full + timedelta(days=6 - full.weekday())


def _hand_over(letters: list[_Letter], gateway: Gateway, *, at: datetime) -> tuple[int, bool]:
    """How many the gateway took, and whether it is still worth asking. What was not tried waits again."""
    until = time.monotonic() + _SECONDS_A_CLAIM_MAY_TAKE
    untried = list(reversed(letters))
    handed_over = failures = 0
    try:
        while untried and failures < _FAILURES_IN_A_ROW and time.monotonic() < until:
            letter = untried.pop()
            outcome = _call(gateway, letter)
            failures = failures + 1 if outcome == _TRY_LATER else 0
            handed_over += outcome == counting.HANDED_OVER
            _record(letter.message, outcome, at=at)
    finally:
        waiting = [letter.message.pk for letter in untried]
        OutgoingSms.objects.filter(pk__in=waiting).update(state=OutgoingSms.State.WAITING, claimed_at=None)
    return handed_over, not untried and failures < _FAILURES_IN_A_ROW


def _call(gateway: Gateway, letter: _Letter) -> str:
    try:
        gateway.send(letter.message.number(), letter.text, sender=county_rules().sms.sender)
    except TemporaryFailure as failure:
        logger.warning("sms.try_later why=%s", failure.why)
        return _TRY_LATER
    except PermanentFailure as failure:
        logger.info("sms.refused why=%s", failure.why)
        return counting.REFUSED
    except UnknownOutcome as failure:
        logger.warning("sms.outcome_unknown why=%s", failure.why)
        return counting.UNKNOWN
    except CannotOpen:
        logger.error("sms.number_cannot_be_opened message=%s", letter.message.pk)  # noqa: TRY400 - its trace tells no more
        return counting.REFUSED
    return counting.HANDED_OVER


def _record(message: OutgoingSms, outcome: str, *, at: datetime) -> None:
    """In one transaction of its own, so that a crash costs no earlier message its record."""
    if outcome == _TRY_LATER:
        pause = min(timedelta(minutes=2 ** min(message.attempts, 10)), _LONGEST_PAUSE)
        OutgoingSms.objects.filter(pk=message.pk).update(
            state=OutgoingSms.State.WAITING, claimed_at=None, attempts=F("attempts") + 1, send_at=at + pause
        )
        return
    with transaction.atomic():
        _end([message], outcome, at=at)


def _end(messages: Iterable[OutgoingSms], outcome: str, *, at: datetime) -> None:
    """The number goes, a count stays."""
    counts: Counter[tuple[int, date, str]] = Counter()
    for message in messages:
        gone, _by_model = OutgoingSms.objects.filter(pk=message.pk).delete()
        counts[message.unit_id, local_day(at), outcome] += gone
    counting.add(+counts)
