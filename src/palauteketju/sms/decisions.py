"""What would be sent about a whole file of service events, and why not the rest. Decides, sends nothing."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypedDict

from palauteketju.organisation.phones import finnish_mobile
from palauteketju.sms.eligibility import (
    Decision,
    History,
    SmsRules,
    UnitFacts,
    choose_language,
    eligibility,
    local_day,
    sending_time,
)
from palauteketju.sms.segments import segments
from palauteketju.sms.service_events import ServiceEvent
from palauteketju.sms.texts import compose


class DecisionLine(TypedDict):
    """One event's line: `text` is null and `segments` 0 where nothing is sent."""

    event_id: str
    send: bool
    send_at: str | None
    reason: str
    language: str
    text: str | None
    segments: int


@dataclass(frozen=True)
class Known:
    """What was known of a number before these events; a later event is told from an earlier one only by its day.

    `earlier_visit` is the last visit on a day before that of `last_visit`; `waiting_about` the time of the visit that
    a message to the number still waits to ask about.
    """

    opted_out: bool = False
    last_invited: date | None = None
    last_visit: date | None = None
    earlier_visit: date | None = None
    waiting_about: datetime | None = None

    def history_for(self, event: ServiceEvent) -> History:
        day = local_day(event.occurred_at)
        visits = [visit for visit in (self.last_visit, self.earlier_visit) if visit is not None]
        waits_for_later = self.waiting_about is not None and self.waiting_about > event.occurred_at
        return History(
            opted_out=self.opted_out,
            last_invited=self.last_invited,
            previous_visit=max((visit for visit in visits if visit < day), default=None),
            later_visit=waits_for_later or any(visit > day for visit in visits),
        )


def decisions(
    events: Iterable[ServiceEvent],
    *,
    units: Mapping[str, UnitFacts],
    rules: SmsRules,
    at: datetime,
    county: Mapping[str, str],
    link: str,
    known: Mapping[str, Known] | None = None,
) -> Iterator[DecisionLine]:
    """A line for each event, in their order; events of one phone are one another's history.

    `units` is by the code or OID that events carry, `county` the county's name by language, `link` an
    example of the length of a real one, and `known` what was known before by number (+358…).
    """
    events = list(events)
    decided = decide(events, units=units, rules=rules, known=known or {}, at=at)
    for event, decision in zip(events, decided, strict=True):
        language = choose_language(event.language)
        text = None
        if decision.send:
            text = compose(language, public_name(units[event.unit], language), county[language], link)
        yield {
            "event_id": event.event_id,
            "send": decision.send,
            "send_at": decision.send_at.isoformat() if decision.send_at else None,
            "reason": decision.reason,
            "language": language,
            "text": text,
            "segments": segments(text).parts if text else 0,
        }


def public_name(unit: UnitFacts, language: str) -> str | None:
    """The name a message may show: none for a sensitive unit, the Finnish one where a translation lacks."""
    if unit.sensitive:
        return None
    return unit.name.get(language) or unit.name.get("fi") or None


class Visits:
    """The events known with one phone number. Built once for a number: a mistaken one may be on thousands."""

    def __init__(self, events: Iterable[ServiceEvent]) -> None:
        events = list(events)
        self._order = sorted(_place(event) for event in events)
        self._days = sorted({local_day(event.occurred_at) for event in events})
        self._non_disclosure = any(event.non_disclosure for event in events)

    def history_of(self, event: ServiceEvent, *, before: History, leaves_at: datetime) -> History:
        """What is known beside `event`, one of these: the others, and what was known `before` them.

        A later visit counts when it happens before `leaves_at`, when the message about this one would
        leave; the order of two visits at the same moment is that of their ids.
        """
        today = bisect_left(self._days, local_day(event.occurred_at))
        earlier = self._days[max(today - 1, 0) : today]
        place = bisect_right(self._order, _place(event))
        following = self._order[place : place + 1]
        return replace(
            before,
            previous_visit=max((day for day in [*earlier, before.previous_visit] if day), default=None),
            later_visit=before.later_visit or any(moment <= leaves_at for moment, _ in following),
            non_disclosure=before.non_disclosure or self._non_disclosure,
        )


def _place(event: ServiceEvent) -> tuple[datetime, str]:
    return event.occurred_at.astimezone(UTC), event.event_id


def decide(
    events: Sequence[ServiceEvent],
    *,
    units: Mapping[str, UnitFacts],
    rules: SmsRules,
    known: Mapping[str, Known],
    at: datetime,
) -> Iterator[Decision]:
    """A decision for each event, in their order: the one way for the file, the import and the API."""
    numbers = [finnish_mobile(event.phone) for event in events]
    by_number: defaultdict[str, list[ServiceEvent]] = defaultdict(list)
    for number, event in zip(numbers, events, strict=True):
        if number:
            by_number[number].append(event)
    visits = {number: Visits(group) for number, group in by_number.items()}
    nothing = Known()

    for number, event in zip(numbers, events, strict=True):
        history = History()
        # Events without a usable number have nothing in common: each is refused by itself.
        if number:
            unit = units.get(event.unit)
            leaves_at = sending_time(event.occurred_at, unit, rules, at=at) if unit else None
            before = known.get(number, nothing).history_for(event)
            history = visits[number].history_of(event, before=before, leaves_at=leaves_at or at)
        yield eligibility(event, history, units.get(event.unit), rules, at=at)
