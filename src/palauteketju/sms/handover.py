"""What other parts of the program may ask of sms."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from palauteketju.organisation.look import county_brand
from palauteketju.sms import fingerprints, policy, queries, tokens
from palauteketju.sms.decisions import DecisionLine, decisions
from palauteketju.sms.eligibility import finnish_mobile
from palauteketju.sms.service_events import Objection, RowError, ServiceEvent


def decided(events: Sequence[ServiceEvent], *, at: datetime) -> Iterator[DecisionLine]:
    """What would be sent about the events if they came in at `at`, and why not the rest; changes nothing."""
    numbers = {number for event in events if (number := finnish_mobile(event.phone))}
    hash_of = {number: fingerprints.of_number(number) for number in numbers}
    messages = queries.messages_to(hash_of.values())
    return decisions(
        events,
        units={name: policy.facts_of(unit) for name, unit in queries.units_by_name().items()},
        rules=policy.rules_in_force(),
        at=at,
        county={language: county_brand().name(language) for language in ("fi", "sv", "en")},
        link=tokens.address(tokens.EXAMPLE),
        known=queries.known_before(hash_of, messages, at=at),
    )


def unknown_unit() -> Objection:
    """An objection to events of a unit that is not there, as it stands now."""
    known = set(queries.units_by_name())
    return lambda event: None if event.unit in known else RowError("unit_unknown", {"field": "unit"})
