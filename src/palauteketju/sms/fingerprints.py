"""Keyed hashes by which a number, an event and an invitation are found again.

Each has a purpose of its own, so that a hash of one kind tells nothing about one of another kind.
"""

from django.conf import settings


def of_number(number: str) -> bytes:
    """`number` in the one spelling of `organisation.phones.finnish_mobile`."""
    return bytes(settings.KEY_RING.fingerprint(number, purpose="phone"))


def of_event(event_id: str) -> bytes:
    return bytes(settings.KEY_RING.fingerprint(event_id, purpose="sms-event"))


def of_token(token: str) -> bytes:
    return bytes(settings.KEY_RING.fingerprint(token, purpose="sms-token"))
