"""Service events come in: each is decided once, and what is to be sent waits in the outbox."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from palauteketju.organisation.models import Unit
from palauteketju.organisation.phones import finnish_mobile
from palauteketju.sms import counting, fingerprints, policy, queries
from palauteketju.sms.decisions import decide
from palauteketju.sms.eligibility import Decision, SmsRules, choose_language, local_day
from palauteketju.sms.models import Contacted, OutgoingSms, SeenEvent
from palauteketju.sms.service_events import RowError, ServiceEvent

# Two batches at once would decide about one number without knowing of each other. The digits have no meaning.
_LOCK = 4_660_118_253
# Events in a batch, and rows in a statement.
_AT_ONCE = 2000
# Whoever may not be asked at all leaves no trace of visits either.
_NOT_TRACED = {"non_disclosure", "non_disclosure_unclear", "opted_out", "no_permission", "permission_unclear"}


@dataclass(frozen=True)
class Rejection:
    """An event that was not taken, by its place in what was given."""

    index: int
    error: RowError


class Accepted(NamedTuple):
    """How many events were taken, those included that had been before, and the others."""

    accepted: int
    rejected: list[Rejection]


def accept_events(events: Iterable[ServiceEvent], *, at: datetime) -> Accepted:
    """Decide each event and put the messages that follow into the outbox.

    Many events are taken in batches, all events of a number in one, and each batch whole or not at all. An event whose
    id was decided before changes nothing more, unless it now tells of a non-disclosure order: that takes a waiting
    message back. One that lies in the future is not remembered, so that it can come again.
    """
    events = list(events)
    units = queries.units_by_name()
    rejected = [
        Rejection(index, RowError("unit_unknown", {"field": "unit"}))
        for index, event in enumerate(events)
        if event.unit not in units
    ]
    for batch in _batches(event for event in events if event.unit in units):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            _take(batch, units, at=at)
    return Accepted(len(events) - len(rejected), rejected)


def _batches(events: Iterable[ServiceEvent]) -> Iterator[dict[str, list[ServiceEvent]]]:
    """Events by number ("" for those without a usable one), so many that a transaction takes a second or two."""
    by_number: dict[str, list[ServiceEvent]] = {}
    for event in events:
        by_number.setdefault(finnish_mobile(event.phone) or "", []).append(event)
    batch: dict[str, list[ServiceEvent]] = {}
    size = 0
    for number, group in by_number.items():
        batch[number] = group
        size += len(group)
        if size >= _AT_ONCE:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


@dataclass(frozen=True)
class _Decided:
    event: ServiceEvent
    unit: Unit
    number: str
    decision: Decision


def _take(by_number: Mapping[str, list[ServiceEvent]], units: Mapping[str, Unit], *, at: datetime) -> None:
    number_of = {event.event_id: number for number, group in by_number.items() for event in group}
    hash_of = {number: fingerprints.of_number(number) for number in by_number if number}
    messages = queries.messages_to(hash_of.values(), lock=True)
    known = queries.known_before(hash_of, messages, at=at)

    event_hash_of = {event_id: fingerprints.of_event(event_id) for event_id in number_of}
    seen = queries.seen(event_hash_of.values())
    # By their ids: whoever gives an event twice in one batch gets it decided once.
    by_id = {event.event_id: event for group in by_number.values() for event in group}
    fresh = [event for event_id, event in by_id.items() if event_hash_of[event_id] not in seen]
    rules = policy.rules_in_force()
    facts = {name: policy.facts_of(unit) for name, unit in units.items()}
    decisions = decide(fresh, units=facts, rules=rules, known=known, at=at)
    decided = [
        _Decided(event, units[event.unit], number_of[event.event_id], decision)
        for event, decision in zip(fresh, decisions, strict=True)
    ]

    withdrawn = _withdraw(_telling(by_number, fresh), hash_of, messages, rules, at=at)
    _put_into_outbox(decided, hash_of)
    _remember_visits(decided, hash_of, at=at)
    _remember_events([each for each in decided if each.decision.reason != "future"], event_hash_of, at=at)
    today = local_day(at)
    counts: Counter[tuple[int, date, str]] = Counter(
        (each.unit.pk, today, each.decision.reason) for each in decided
    )
    counts.update((message.unit_id, today, counting.WITHDRAWN) for message in withdrawn)
    counting.add(counts)


def _telling(
    by_number: Mapping[str, list[ServiceEvent]], fresh: Iterable[ServiceEvent]
) -> dict[str, list[ServiceEvent]]:
    """Without what was told before: of that only a non-disclosure order is new."""
    ids = {event.event_id for event in fresh}
    return {
        number: [event for event in group if event.non_disclosure or event.event_id in ids]
        for number, group in by_number.items()
    }


def _withdraw(
    by_number: Mapping[str, list[ServiceEvent]],
    hash_of: Mapping[str, bytes],
    messages: Mapping[bytes, OutgoingSms],
    rules: SmsRules,
    *,
    at: datetime,
) -> list[OutgoingSms]:
    """Take back the waiting messages that would not be waiting if these events had been known before."""
    withdrawn = []
    for number, phone_hash in hash_of.items():
        message = messages.get(phone_hash)
        if message is None or message.state != OutgoingSms.State.WAITING:
            continue
        if any(_stops(event, message, rules, at=at) for event in by_number[number]):
            withdrawn.append(message)
    OutgoingSms.objects.filter(pk__in=[message.pk for message in withdrawn]).delete()
    return withdrawn


def _stops(event: ServiceEvent, message: OutgoingSms, rules: SmsRules, *, at: datetime) -> bool:
    """A non-disclosure order; a later visit; or an earlier one, told of late, shortly before the message's own."""
    if event.non_disclosure:
        return True
    if event.occurred_at > at:
        return False
    days_before = (local_day(message.occurred_at) - local_day(event.occurred_at)).days
    return message.occurred_at < event.occurred_at or 0 < days_before <= rules.days_between_visits


def _put_into_outbox(decided: list[_Decided], hash_of: Mapping[str, bytes]) -> None:
    messages = []
    for each in decided:
        if not each.decision.send or each.decision.send_at is None:
            continue
        message = OutgoingSms(
            phone_hash=hash_of[each.number],
            unit=each.unit,
            language=choose_language(each.event.language),
            occurred_at=each.event.occurred_at,
            send_at=each.decision.send_at,
        )
        message.seal(each.number)
        messages.append(message)
    OutgoingSms.objects.bulk_create(messages, batch_size=_AT_ONCE)


def _remember_visits(decided: list[_Decided], hash_of: Mapping[str, bytes], *, at: datetime) -> None:
    days: dict[bytes, set[date]] = {}
    for each in decided:
        is_past = each.event.occurred_at <= at
        if each.number and is_past and each.decision.reason not in _NOT_TRACED:
            days.setdefault(hash_of[each.number], set()).add(local_day(each.event.occurred_at))

    before = queries.contacts(days)
    rows = []
    # In the order of the hashes, which nothing else follows.
    for phone_hash, new in sorted(days.items()):
        row = before.get(phone_hash) or Contacted(phone_hash=phone_hash)
        visits = sorted({day for day in (row.last_visit_on, row.earlier_visit_on) if day} | new)
        row.last_visit_on, row.earlier_visit_on = visits[-1], visits[-2] if len(visits) > 1 else None
        rows.append(row)
    Contacted.objects.bulk_create(
        rows,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["phone_hash"],
        update_fields=["last_visit_on", "earlier_visit_on"],
    )


def _remember_events(decided: list[_Decided], event_hash_of: Mapping[str, bytes], *, at: datetime) -> None:
    hashes = sorted(event_hash_of[each.event.event_id] for each in decided)
    SeenEvent.objects.bulk_create(
        [SeenEvent(event_hash=each, decided_on=local_day(at)) for each in hashes], batch_size=_AT_ONCE
    )
