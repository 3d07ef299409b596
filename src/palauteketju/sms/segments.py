"""How many parts a text message is billed as: GSM-7 when every character is in its alphabet, UCS-2 otherwise.

Lengths are those of 3GPP TS 23.038 and 23.040: 160 septets alone or 153 a part, 70 UTF-16 code units
alone or 67 a part (the rest of a part is the header that joins them).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# The non-breaking space is missing here although it looks like a space: one of them, pasted from a web
# page, turns the whole message into UCS-2 and more than doubles its price. `texts.compose` replaces it.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)

# Sent as an escape and a second septet, which must stay in the same part.
EXTENSION = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True)
class Segments:
    """`units` are septets or UTF-16 code units; an empty text has no parts."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def segments(text: str) -> Segments:
    if all(character in BASIC or character in EXTENSION for character in text):
        widths = [2 if character in EXTENSION else 1 for character in text]
        return Segments("GSM-7", sum(widths), _parts(widths, alone=160, joined=153))

    widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Segments("UCS-2", sum(widths), _parts(widths, alone=70, joined=67))


def _parts(widths: Iterable[int], *, alone: int, joined: int) -> int:
    """Fill parts in order; a character of two units that does not fit whole opens the next part."""
    widths = list(widths)
    if not widths:
        return 0
    if sum(widths) <= alone:
        return 1

    parts, used = 1, 0
    for width in widths:
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return parts
