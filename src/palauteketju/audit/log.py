"""The one door to the trace: write it, verify it.

Entries form a chain: each one's seal is a keyed hash over its content and the seal before it. Changing, removing or
inserting an entry breaks every later seal, and without the county's key no new seals can be made. What a chain cannot
show is its own end cut off; `verify` therefore returns the number and seal of the last entry, to be noted elsewhere.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from palauteketju.audit.models import Entry

_BEFORE_THE_FIRST = bytes(32)
# The key of the advisory lock under which numbers are given; the digits have no meaning.
_LOCK = 7_285_283_885


@dataclass(frozen=True)
class Verdict:
    entries: int
    last_seal: str
    # The number of the first entry that is wrong or missing; None when the chain is whole.
    broken_at: int | None


def record(
    action: str,
    *,
    by: Any,
    subject: models.Model,
    at: datetime,
    facts: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """Add an entry in the caller's own transaction: the change and its trace stand or fall together.

    `by` is a Person, or None for the program itself. Raises RuntimeError outside a transaction. Entries queue for one
    lock until their transaction ends, so an action records last.
    """
    record_each(action, [(subject, facts or {})], by=by, at=at)


def record_each(
    action: str,
    subjects: Iterable[tuple[models.Model, Mapping[str, str | int | bool | None]]],
    *,
    by: Any,
    at: datetime,
) -> None:
    """One entry for each subject with its facts, as `record` adds one: for what happens to many at once."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.log.record must be called in the transaction of what it records.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    previous = Entry.objects.order_by("-number").values("number", "seal").first()
    number, seal = (previous["number"], bytes(previous["seal"])) if previous else (0, _BEFORE_THE_FIRST)
    entries = []
    for subject, facts in subjects:
        number += 1
        entry = Entry(
            number=number,
            at=at,
            actor=by,
            action=action,
            subject_type=subject._meta.label_lower,  # noqa: SLF001 - Django's documented name for a model's meta data
            subject_id=str(subject.pk),
            facts=dict(facts),
        )
        seal = entry.seal = _seal(entry, seal)
        entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=1000)


def verify() -> Verdict:
    """Walk the whole chain from its first entry."""
    seal, number = _BEFORE_THE_FIRST, 0
    with transaction.atomic():
        for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
            if entry.number != number + 1 or bytes(entry.seal) != _seal(entry, seal):
                return Verdict(entries=number, last_seal=seal.hex(), broken_at=number + 1)
            seal, number = bytes(entry.seal), entry.number
    return Verdict(entries=number, last_seal=seal.hex(), broken_at=None)


def _seal(entry: Entry, previous: bytes) -> bytes:
    content = json.dumps(
        [
            entry.number,
            entry.at.astimezone(UTC).isoformat(),
            entry.actor_id,
            entry.action,
            entry.subject_type,
            entry.subject_id,
            entry.facts,
        ],
        sort_keys=True,
        ensure_ascii=True,
    )
    return bytes(settings.KEY_RING.fingerprint(previous.hex() + content, purpose="audit"))
