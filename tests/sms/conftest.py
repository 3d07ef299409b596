"""Events, a phone network and a moment for the tests of sms."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from palauteketju.sms.actions import accept_events, send_due
from palauteketju.sms.gateways import SimulatorGateway
from palauteketju.sms.service_events import ServiceEvent

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture
def morning(at):
    """When the patient system's events of yesterday come in."""
    return at


@pytest.fixture
def noon(at):
    """When the sending window opens on the same day."""
    return at.replace(hour=12)


@pytest.fixture
def event(units):
    """Makes events of yesterday that may be asked about, each of another person unless a number is given."""
    number = count(1)

    def make(**changes):
        n = next(number)
        usual = ServiceEvent(
            event_id=f"tapahtuma-{n}",
            phone=f"040 123 {n:04}",
            occurred_at=datetime(2026, 11, 15, 9, 30, tzinfo=HELSINKI) + timedelta(seconds=n),
            visit_type="vastaanotto",
            language="fi",
            birth_year=1980,
            municipality="Pori",
            unit="keskusta",
            permission=True,
            non_disclosure=False,
            phones_on_file=1,
        )
        return replace(usual, **changes)

    return make


@pytest.fixture
def network(tmp_path):
    return SimulatorGateway(tmp_path / "simulator")


@pytest.fixture
def waiting(event, morning):
    """Puts messages into the outbox that are due at noon."""

    def make(n=1, **changes):
        accept_events([event(**changes) for _ in range(n)], at=morning)

    return make


@pytest.fixture
def invited(event, network):
    """Walks today's chain up to the phone: the address in the message about a visit of yesterday."""

    def make(*, days_ago=0, **changes):
        noon = datetime.now(HELSINKI).replace(hour=12, minute=0) - timedelta(days=days_ago)
        visit = event(occurred_at=noon - timedelta(days=1), **changes)
        accept_events([visit], at=noon - timedelta(hours=3))
        assert send_due(at=noon, gateway=network) == 1
        text = network.phones(most=1)[0].messages[0].text
        return re.search(r"/v/[a-z0-9]+/", text)[0]

    return make
