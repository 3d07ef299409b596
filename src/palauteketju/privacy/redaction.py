"""Masking what could tell who somebody is, before a text is proposed as a quote.

A proposal, never a verdict: a handler reads every quote before anybody else does. How much it finds and how much it
masks in vain is measured in docs/redaction.md. Plain Python, nothing kept, time linear in the text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from palauteketju.privacy import person_names, redaction_patterns

KINDS: Final = ("name", "phone", "email", "identity_code", "address", "date", "handle", "account", "age")

# What stands in the text in place of what was found.
MASKS: Final[Mapping[str, Mapping[str, str]]] = {
    "fi": {
        "name": "[nimi]",
        "phone": "[puhelinnumero]",
        "email": "[sähköpostiosoite]",
        "identity_code": "[henkilötunnus]",
        "address": "[osoite]",
        "date": "[päivä]",
        "handle": "[linkki]",
        "account": "[tilinumero]",
        "age": "[ikä]",
    },
    "sv": {
        "name": "[namn]",
        "phone": "[telefonnummer]",
        "email": "[e-postadress]",
        "identity_code": "[personbeteckning]",
        "address": "[adress]",
        "date": "[dag]",
        "handle": "[länk]",
        "account": "[kontonummer]",
        "age": "[ålder]",
    },
    "en": {
        "name": "[name]",
        "phone": "[phone number]",
        "email": "[email address]",
        "identity_code": "[identity code]",
        "address": "[address]",
        "date": "[day]",
        "handle": "[link]",
        "account": "[account number]",
        "age": "[age]",
    },
}


@dataclass(frozen=True, slots=True)
class Found:
    """`start` and `end` count characters of the text as it was given."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Redacted:
    text: str
    found: list[Found]


def redact(text: str, *, language: str, known_names: Iterable[str] = ()) -> Redacted:
    """The text with a mask in place of each thing found; what was found is in order and does not overlap.

    All languages are looked for in every text; `language` (another than fi, sv and en counts as fi) chooses only the words
    of the masks. `known_names` are names of the organisation's own people: see `person_names.find`.
    """
    found = [Found(kind, start, end) for kind, start, end in redaction_patterns.find(text)]
    names = (Found("name", start, end) for start, end in person_names.find(text, known=known_names))
    found = _without_overlaps([*found, *names])
    masks = MASKS.get(language, MASKS["fi"])
    parts, end = [], 0
    for one in found:
        parts += [text[end : one.start], masks[one.kind]]
        end = one.end
    return Redacted("".join([*parts, text[end:]]), found)


def _without_overlaps(found: list[Found]) -> list[Found]:
    """The earlier of two kinds in the order of the list keeps its place; the other keeps what is left outside of it."""
    order = {one: number for number, one in enumerate(found)}
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, order[one])):
        before = kept[-1] if kept else None
        if before is None or one.start >= before.end:
            kept.append(one)
        elif one.end > before.end:
            # Together they are one thing, such as a house in a street named after somebody.
            kept[-1] = Found(before.kind, before.start, one.end)
    return kept
