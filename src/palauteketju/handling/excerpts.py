"""What a quote may be: the customer's own words, with masks in place of what could tell who somebody is."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from palauteketju.organisation.models import Person
from palauteketju.privacy.redaction import MASKS, Redacted, redact

# Never in a quote, whoever approves it; a name or a day may be none after all, which a reader sees.
_REFUSED = frozenset({"phone", "email", "identity_code", "address", "handle", "account"})
_WORD = re.compile(r"[^\W_]+")
_MASK_TEXTS = sorted({mask for masks in MASKS.values() for mask in masks.values()})
_MASK = re.compile("|".join(re.escape(mask) for mask in _MASK_TEXTS))


@dataclass(frozen=True)
class Part:
    """A piece of the text; `kind` is empty for what stays as it is."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Review:
    """What is to be seen in a text before it is approved, in the words of the text."""

    added: list[str]
    refused: list[str]
    doubtful: list[str]

    @property
    def is_clean(self) -> bool:
        return not (self.added or self.refused or self.doubtful)


def propose(text: str, *, language: str) -> Redacted:
    """The text with masks, the names of everybody who works here among what is masked."""
    return redact(text, language=language, known_names=staff_names())


def staff_names() -> frozenset[str]:
    names = Person.objects.values_list("first_name", "last_name")
    return frozenset(f"{first} {last}".strip() for first, last in names.iterator(chunk_size=2000))


def marked(text: str, redacted: Redacted) -> list[Part]:
    """The text as written, in pieces, for showing what the proposal masks."""
    parts, end = [], 0
    for found in redacted.found:
        parts += [Part(text[end : found.start]), Part(text[found.start : found.end], found.kind)]
        end = found.end
    return [part for part in [*parts, Part(text[end:])] if part.text]


def review(excerpt: str, *, original: str, language: str) -> Review:
    """What in the excerpt is not the customer's own, and what in it still looks like a person or a way to reach one."""
    found = propose(_MASK.sub(" ", excerpt), language=language).found
    unmasked = _MASK.sub(" ", excerpt)
    spotted = [(one.kind, unmasked[one.start : one.end].strip()) for one in found]
    return Review(
        added=_added(unmasked, original),
        refused=_each_once(words for kind, words in spotted if kind in _REFUSED),
        doubtful=_each_once(words for kind, words in spotted if kind not in _REFUSED),
    )


def _added(excerpt: str, original: str) -> list[str]:
    """The words that the original does not have, or has fewer of."""
    left = Counter(word.casefold() for word in _WORD.findall(original))
    added = []
    for word in _WORD.findall(excerpt):
        left[word.casefold()] -= 1
        if left[word.casefold()] < 0:
            added.append(word)
    return _each_once(added)


def _each_once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
