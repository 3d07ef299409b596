"""What an answer is looked at for before it is sent. Plain Python; it asks and never forbids.

How much of it is only template text, and whether it says that something was changed: then the change belongs to the
unit's measures too, where everybody sees it.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from palauteketju.handling.triage.word_patterns import Lexicon, Pattern, Words, parse

# So many words in a row that nobody writes them by chance as a template has them.
RUN: Final = 4
# From here on the page asks whether the answer says anything about what this customer wrote.
MOSTLY_TEMPLATE: Final = 0.8

_CHANGES: Final = Path(__file__).with_name("changes-1.toml")
_WORD: Final = re.compile(r"\w+")
_NEGATIONS: Final = frozenset({"emme", "ei", "inte", "not", "havent", "hasnt"})


def share_of_template(text: str, templates: Iterable[str]) -> float:
    """The part of the words of `text`, 0…1, that stand in rows of at least RUN words taken from some template."""
    words = _words(text)
    if not words:
        return 0.0
    run = min(RUN, len(words))
    known = {row for template in templates for row in _rows(_words(template), run)}
    taken = {
        place + step for place, row in enumerate(_rows(words, run)) if row in known for step in range(run)
    }
    return len(taken) / len(words)


def claimed_change(text: str) -> str:
    """The words by which `text` says that something was changed, as they stand there; empty when it does not."""
    patterns, lexicon = _patterns()
    words = Words(text, lexicon)
    claims = sorted(words.span(*place) for pattern in patterns for place in words.find(pattern))
    return next((text[start:end] for start, end in claims if not _is_denied(text, start, end)), "")


def _is_denied(text: str, start: int, end: int) -> bool:
    before = _words(text[max(0, start - 40) : start])[-2:]
    return not _NEGATIONS.isdisjoint([*before, *_words(text[start:end])])


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text.replace("'", "").replace("’", ""))]


def _rows(words: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[place : place + length]) for place in range(len(words) - length + 1)]


@cache
def _patterns() -> tuple[list[Pattern], Lexicon]:
    lexicon = Lexicon()
    by_language = tomllib.loads(_CHANGES.read_text(encoding="utf-8"))
    written = [pattern for patterns in by_language.values() for pattern in patterns]
    return [parsed for pattern in written for parsed in parse(pattern, lexicon)], lexicon
