"""What sms forgets, and when: `retention.forget`."""

from datetime import timedelta

import pytest

from palauteketju.sms.actions import accept_events, forbid_surveys, send_due
from palauteketju.sms.models import Contacted, DecisionCount, Invitation, OptOut, OptOutAsked, SeenEvent
from palauteketju.sms.retention import forget


@pytest.fixture
def asked(event, morning, noon, network):
    """One person was asked at noon, another forbade surveys."""
    accept_events([event()], at=morning)
    send_due(at=noon, gateway=network)
    forbid_surveys("+358501234567", at=noon)
    return noon


def left():
    return {
        model.__name__
        for model in (Contacted, DecisionCount, Invitation, OptOut, OptOutAsked, SeenEvent)
        if model.objects.exists()
    }


def test_it_works(asked):
    forget(at=asked)
    assert left() == {"Contacted", "DecisionCount", "Invitation", "OptOut", "OptOutAsked", "SeenEvent"}

    forget(at=asked + timedelta(days=3 * 365))
    assert left() == {"OptOut"}


def test_a_number_is_known_as_long_as_thirty_days_matter(asked):
    # 30 days between messages from the 16th; a visit of the 15th still speaks against one that is told of 14 days late.
    forget(at=asked + timedelta(days=30))
    assert Contacted.objects.get().last_invited_on is not None

    forget(at=asked + timedelta(days=31))
    contacted = Contacted.objects.get()
    assert (contacted.last_invited_on, contacted.last_visit_on is None) == (None, False)

    forget(at=asked + timedelta(days=44))
    assert not Contacted.objects.exists()


def test_an_invitation_goes_the_day_after_its_last(asked):
    forget(at=asked + timedelta(days=20))  # Sunday 6 December
    assert Invitation.objects.exists()
    forget(at=asked + timedelta(days=21))
    assert not Invitation.objects.exists()


def test_an_event_is_forgotten_after_sixty_days(asked):
    forget(at=asked + timedelta(days=60))
    assert SeenEvent.objects.exists()
    forget(at=asked + timedelta(days=61))
    assert not SeenEvent.objects.exists()
