"""What other parts of the program may ask of sms."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from palauteketju.organisation.look import county_brand
from palauteketju.organisation.phones import finnish_mobile
from palauteketju.organisation.rules import county_rules
from palauteketju.sms import fingerprints, policy, queries, tokens
from palauteketju.sms.decisions import DecisionLine, decisions
from palauteketju.sms.errors import NoticeNotSent
from palauteketju.sms.gateways import (
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
    gateway_from_settings,
)
from palauteketju.sms.service_events import Objection, RowError, ServiceEvent
from palauteketju.sms.texts import plain


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


def send_notice(number: str, text: str) -> None:
    """Hand over a message that is no survey, at once; nothing of it is kept here. Not inside a transaction.

    `number` in the spelling of `finnish_mobile`. Raises NoticeNotSent.
    """
    gateway = gateway_from_settings()
    if gateway is None:
        raise NoticeNotSent("no gateway", is_final=False)
    try:
        gateway.send(number, plain(text), sender=county_rules().sms.sender)
    except TemporaryFailure as failure:
        raise NoticeNotSent(failure.why, is_final=False) from None
    except PermanentFailure as failure:
        raise NoticeNotSent(failure.why, is_final=True) from None
    except UnknownOutcome as failure:
        raise NoticeNotSent(f"outcome unknown {failure.why}", is_final=True) from None


def unknown_unit() -> Objection:
    """An objection to events of a unit that is not there, as it stands now."""
    known = set(queries.units_by_name())
    return lambda event: None if event.unit in known else RowError("unit_unknown", {"field": "unit"})
