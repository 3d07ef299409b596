"""The lists of names, of words that are also names, and of words of context, read once.

What each list holds and where it comes from is told in names/SOURCES.md.
"""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from palauteketju.privacy.name_forms import forms_of

FIRST, LAST, SURE, OTHER = 1, 2, 4, 8
NAME: Final = FIRST | LAST
_LISTS: Final = Path(__file__).parent / "names"
_WHOLE_WORD: Final = 5


@dataclass(frozen=True, slots=True)
class Words:
    """Words of context: short ones as they are, long ones as the beginning of a word."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and (word in self.whole or word.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class Context:
    titles: Words
    facilities: Words
    verbs: frozenset[str]
    postpositions: frozenset[str]
    never_first: frozenset[str]
    names_in_small: frozenset[str]
    particles: frozenset[str]
    between: frozenset[str]
    thanks: frozenset[str]


@cache
def all_forms() -> dict[str, int]:
    """Every form of every listed name, and of what has a capital letter but is no person."""
    words = frozenset(_list("words"))
    forms: dict[str, int] = {}
    for kind, names in ((FIRST, _list("first")), (LAST, _list("last"))):
        for name in names:
            sure = 0 if name.lower() in words else SURE
            for form in forms_of(name):
                forms[form] = forms.get(form, 0) | kind | sure
    for name in _list("others"):
        for form in forms_of(name):
            forms[form] = forms.get(form, 0) | OTHER
    for word in words:
        forms[word] = forms.get(word, 0) & ~SURE
    return forms


@lru_cache(maxsize=4)
def forms_of_staff(names: tuple[str, ...]) -> dict[str, int]:
    forms: dict[str, int] = {}
    listed = all_forms()
    for name in names:
        for part in name.split():
            if len(part) < 2:
                continue
            for form in forms_of(part.strip(".,")) if part.strip(".,") else ():
                # A colleague's name that is also a word counts by its capital letter alone.
                forms[form] = FIRST | LAST | (SURE if form not in listed or listed[form] & SURE else 0)
    return forms


@cache
def the_context() -> Context:
    content = tomllib.loads((_LISTS / "context.toml").read_text(encoding="utf-8"))
    return Context(
        _words(content["titles"]),
        _words(content["facilities"]),
        frozenset([*content["verbs"], *content["postpositions"]]),
        frozenset(content["postpositions"]),
        frozenset(content["never_first"]),
        frozenset(content["names_in_small"]),
        frozenset(content["particles"]),
        frozenset(content["between"]),
        frozenset(content["thanks"]),
    )


@cache
def first_names() -> frozenset[str]:
    return frozenset(name.lower() for name in _list("first"))


@cache
def words_elsewhere() -> frozenset[str]:
    """Ordinary words of Swedish or English that are names and nothing else in Finnish: "ville", "hans"."""
    return frozenset(_list("words_elsewhere"))


def _words(words: list[str]) -> Words:
    long = tuple(word for word in words if len(word) >= _WHOLE_WORD)
    return Words(frozenset(words), long)


def _list(name: str) -> list[str]:
    return (_LISTS / f"{name}.txt").read_text(encoding="utf-8").split()
