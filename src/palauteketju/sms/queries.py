"""Questions about what sms keeps."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from palauteketju.organisation.models import Unit
from palauteketju.sms import fingerprints
from palauteketju.sms.decisions import Known
from palauteketju.sms.models import Contacted, Invitation, OptOut, OptOutAsked, OutgoingSms, SeenEvent

# So many values fit well into one statement.
_AT_ONCE = 5000
# Faster than this no crowd of people forbids surveys; a program would.
MOST_OPT_OUTS = {timedelta(minutes=1): 30, timedelta(days=1): 3000}

AnyModel = TypeVar("AnyModel", bound=Model)


def units_by_name() -> dict[str, Unit]:
    """Every unit that serves customers, closed ones too, by each name an event may give: its code or its OID."""
    units = list(Unit.objects.giving_service())
    return {unit.oid: unit for unit in units if unit.oid} | {unit.code: unit for unit in units}


def units_below(scope: Unit) -> set[int]:
    """The ids of the units of an integration that speaks for a unit, an area or the county."""
    return set(Unit.objects.below(scope).values_list("pk", flat=True))


def seen(event_hashes: Iterable[bytes]) -> set[bytes]:
    """Those of the events that were decided before."""
    return {bytes(event.event_hash) for event in _found(SeenEvent.objects.all(), "event_hash", event_hashes)}


def messages_to(phone_hashes: Iterable[bytes], *, lock: bool = False) -> dict[bytes, OutgoingSms]:
    """The message on its way to each number. Locked ones cannot be claimed before the transaction ends."""
    messages = OutgoingSms.objects.order_by("phone_hash")
    if lock:
        messages = messages.select_for_update()
    return {bytes(message.phone_hash): message for message in _found(messages, "phone_hash", phone_hashes)}


def known_before(
    hash_of: Mapping[str, bytes], messages: Mapping[bytes, OutgoingSms], *, at: datetime
) -> dict[str, Known]:
    """What is known of each number, by number. Ask for `messages` first: a claim writes both, in one transaction."""
    opted_out = opted_out_among(hash_of.values())
    contacted = contacts(hash_of.values())
    return {
        number: _known(
            messages.get(phone_hash), contacted.get(phone_hash), at=at, opted_out=phone_hash in opted_out
        )
        for number, phone_hash in hash_of.items()
    }


def opted_out_among(phone_hashes: Iterable[bytes]) -> set[bytes]:
    return {bytes(row.phone_hash) for row in _found(OptOut.objects.all(), "phone_hash", phone_hashes)}


def contacts(phone_hashes: Iterable[bytes]) -> dict[bytes, Contacted]:
    return {bytes(row.phone_hash): row for row in _found(Contacted.objects.all(), "phone_hash", phone_hashes)}


def invitation(token: str) -> Invitation | None:
    """By the word of its address; it may have run out."""
    found = Invitation.objects.filter(token_hash=fingerprints.of_token(token))
    return found.select_related("unit").first()


def too_many_opt_outs(*, at: datetime) -> bool:
    return any(
        OptOutAsked.objects.filter(at__gt=at - time).count() >= most for time, most in MOST_OPT_OUTS.items()
    )


def week_of(day: date) -> str:
    """ISO week, "2026-W46"."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def _known(message: OutgoingSms | None, contact: Contacted | None, *, at: datetime, opted_out: bool) -> Known:
    waiting_about = message.occurred_at if message else None
    if message and message.state == OutgoingSms.State.CLAIMED:
        # It is being handed over and cannot be replaced any more: no event counts as later.
        waiting_about = at
    if contact is None:
        return Known(opted_out=opted_out, waiting_about=waiting_about)
    return Known(
        opted_out=opted_out,
        last_invited=contact.last_invited_on,
        last_visit=contact.last_visit_on,
        earlier_visit=contact.earlier_visit_on,
        waiting_about=waiting_about,
    )


def _found(rows: QuerySet[AnyModel], field: str, values: Iterable[Any]) -> Iterator[AnyModel]:
    each = iter(values)
    while some := list(islice(each, _AT_ONCE)):
        yield from rows.filter(**{f"{field}__in": some})
