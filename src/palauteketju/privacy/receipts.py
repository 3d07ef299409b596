"""Receipt codes: how a customer finds the own feedback again without an account.

A code is 16 digits and has one form everywhere: as it is printed, "1234 5678 9012 3456". Only its fingerprint is
stored. The code of a feedback is made from the nonce of its form, so a form sent twice gets the same code back both
times although nobody has kept it; without the key ring a nonce tells nothing about its code.

Among ten million feedbacks a guess hits one in a thousand million times. That is enough only together with a limit
on how often one may try.
"""

import re
from uuid import UUID

from palauteketju.privacy.encryption import KeyRing

DIGITS = 16

# Spaces of every kind, dashes of every kind, and the invisible characters that come along when a code is pasted.
SEPARATORS = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212\u200b-\u200d\u2060\ufeff]+")


def derive(nonce: UUID, *, keys: KeyRing, attempt: int = 0) -> str:
    """The code for this nonce, always the same.

    `attempt` counts up when the fingerprint already belongs to another nonce, which among a hundred million
    feedbacks happens about once in two.
    """
    digest = keys.fingerprint(f"{nonce}:{attempt}", purpose="receipt-code")
    # 2^256 is so far above 10^16 that the remainder prefers no code measurably.
    return _printed(f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}")


def normalise(typed: str) -> str | None:
    """The code in its printed form, whatever spaces and dashes were typed; None when it is not 16 digits."""
    digits = SEPARATORS.sub("", typed)
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
        return None
    return _printed(digits)


def fingerprint(code: str, keys: KeyRing) -> bytes:
    """What is stored and looked up instead of the code. ValueError when it is no code; the message does not show it."""
    normal = normalise(code)
    if normal is None:
        raise ValueError("This is not a receipt code.")
    return keys.fingerprint(normal, purpose="receipt-lookup")


def _printed(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, DIGITS, 4))
