"""The hidden mark of a form: one feedback per mark, made by us, good for a week.

The customer's form carries no cookie, so there is no session to forge a request in; the mark only makes a repeated
send harmless and a made-up one useless.
"""

import base64
import binascii
import hmac
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings

from palauteketju.intake.errors import BadNonce

GOOD_FOR = timedelta(days=7)
_SHAPE = struct.Struct(">16sI16s")


def make(at: datetime) -> str:
    body = uuid4().bytes + struct.pack(">I", int(at.timestamp()))
    return base64.urlsafe_b64encode(body + _mark(body)).decode()


def read(token: str, *, at: datetime) -> UUID:
    """Raises BadNonce: "forged" (not made by us) or "expired"."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
        identity, made_at, mark = _SHAPE.unpack(raw)
    except (ValueError, binascii.Error, struct.error) as error:
        raise BadNonce("forged") from error
    if not hmac.compare_digest(mark, _mark(raw[:20])):
        raise BadNonce("forged")
    age = at - datetime.fromtimestamp(made_at, tz=UTC)
    if not -timedelta(minutes=5) <= age <= GOOD_FOR:
        raise BadNonce("expired")
    return UUID(bytes=identity)


def from_idempotency_key(key: str, *, sender: int) -> UUID:
    """The mark of an API call: the same sender's same key gives the same feedback."""
    return UUID(bytes=settings.KEY_RING.fingerprint(f"{sender}:{key}", purpose="idempotency")[:16])


def _mark(body: bytes) -> bytes:
    return bytes(settings.KEY_RING.fingerprint(body.hex(), purpose="nonce")[:16])
