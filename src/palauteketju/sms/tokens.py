"""The word in a survey's address: made by chance, in the message alone, stored only as a hash."""

import hmac
import secrets
from uuid import UUID

from django.conf import settings

# Without i, l, o, 0 and 1, which look alike to whoever types a link from one phone to another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
# 69 bits: with a million links alive, a thousand guesses a second find one in more than ten thousand years.
_LENGTH = 14
EXAMPLE = "abcdefghjkmnpq"


def make() -> str:
    return "".join(secrets.choice(_ALPHABET) for _place in range(_LENGTH))


def normalise(typed: str) -> str:
    """As it was made, however a phone wrote its letters."""
    return typed.strip().lower()[: 2 * _LENGTH]


def address(token: str) -> str:
    """The whole link of a message."""
    return f"{settings.PUBLIC_ADDRESS}/v/{token}/"


def nonce(token: str) -> UUID:
    """The mark of its feedback: one token, one feedback. It does not tell the invitation's own hash."""
    return UUID(bytes=settings.KEY_RING.fingerprint(token, purpose="sms-nonce")[:16])


def form_mark(token: str) -> str:
    """A word that only the open form shows: without it a later visitor of the link is not shown the first one's code."""
    return str(settings.KEY_RING.fingerprint(token, purpose="sms-form").hex()[:32])


def is_form_mark(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), form_mark(token).encode())
