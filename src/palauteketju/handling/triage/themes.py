"""What a feedback speaks of, by word patterns. Plain Python; a suggestion, which a handler may correct.

The patterns are data with a version (`themes-4.toml`), written in the language of `word_patterns`. All languages
run on every text, as people write in other languages than the form's. What one of a theme's `unless` covers does not
count. A county may have words of its own, saved on a page or in a second file, which add patterns to themes and leave out
(`remove`) shipped ones.
"""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.triage.word_patterns import BadPattern, Index, Lexicon, Pattern, Words, parse

SHIPPED_THEMES: Final = Path(__file__).parent / "themes-4.toml"

LABELS: Final[dict[str, Promise]] = {
    "access": _("Access and queues"),
    "encounter": _("Encounter"),
    "information": _("Information"),
    "professional_skill": _("Professional skill"),
    "smoothness": _("Smoothness"),
    "premises": _("Premises"),
    "guidance": _("Finding the way"),
    "parking": _("Parking"),
    "booking": _("Booking"),
    "phone_service": _("Phone service"),
    "schedules": _("Schedules"),
    "digital_services": _("Digital services"),
}
LANGUAGES: Final = ("fi", "sv", "en")
THEME_KEYS: Final = frozenset({"code", "unless", *LANGUAGES})
OWN_THEME_KEYS: Final = THEME_KEYS | {"remove"}


class BadThemes(Exception):
    """The theme words cannot be used; the message names the file, the theme and why."""


# As they were read: what is no theme entry is refused by `load_themes`.
Entries = list[Any]


@dataclass(frozen=True)
class OwnWords:
    """What a county adds and leaves out; `entries` as the [[theme]] of a file. `source` is what a version's digest is of."""

    name: str
    version: int
    entries: Entries
    source: str


@dataclass(frozen=True)
class Themes:
    """`own_version` is of the county's file, None without one; `digest` is of the text of both files."""

    version: int
    patterns: dict[str, tuple[Pattern, ...]]
    exceptions: dict[str, tuple[Pattern, ...]]
    lexicon: Lexicon
    own_version: int | None = None
    digest: str = ""

    @cached_property
    def index(self) -> Index[str]:
        """The patterns under their theme's code."""
        return Index((code, pattern) for code, patterns in self.patterns.items() for pattern in patterns)


def found_in(text: str, themes: Themes) -> list[str]:
    """The codes of the themes of a text, the most spoken of first; of equals the one that came up first."""
    words = Words(text, themes.lexicon)
    order: list[tuple[int, int, str]] = []
    for code, patterns in themes.index.possible_in(words).items():
        excused = {
            position
            for exception in themes.exceptions[code]
            for first, last in words.find(exception)
            for position in range(first, last + 1)
        }
        # Two patterns often find the same words: each place is counted once.
        places = {
            first
            for pattern in patterns
            for first, last in words.find(pattern)
            if excused.isdisjoint(range(first, last + 1))
        }
        if places:
            order.append((-len(places), min(places), code))
    return [code for _hits, _place, code in sorted(order)]


def load_themes(path: Path | None = None, *, own: OwnWords | None = None) -> Themes:
    """The patterns of a file, the shipped ones by default, together with the county's `own`.

    Raises BadThemes for a file that is not whole: each theme that is counted must be there, and no other.
    """
    path = path or SHIPPED_THEMES
    source, version, entries = _content(path)
    by_code = _by_code(path.name, entries, THEME_KEYS)
    written = {code: _in_all_languages(entry) for code, entry in by_code.items()}
    excepted = {code: list(entry.get("unless", [])) for code, entry in by_code.items()}
    if set(written) != set(LABELS):
        raise BadThemes(f"{path.name}: the themes must be {', '.join(LABELS)}, each once.")
    if own:
        source += own.source
        for code, entry in _by_code(own.name, own.entries, OWN_THEME_KEYS).items():
            written[code] = _changed(own.name, code, written[code], entry)
            excepted[code] += entry.get("unless", [])
    lexicon = Lexicon()
    name = own.name if own else path.name
    patterns = {code: _parsed(name, code, texts, lexicon) for code, texts in written.items()}
    if empty := [code for code, found in patterns.items() if not found]:
        raise BadThemes(f"{name}, theme {empty[0]!r}: there is no pattern.")
    exceptions = {
        code: _parsed(name, code, texts, lexicon, misspelt=False) for code, texts in excepted.items()
    }
    digest = sha256(source.encode()).hexdigest()
    return Themes(version, patterns, exceptions, lexicon, own.version if own else None, digest)


@cache
def shipped_patterns(code: str) -> list[str]:
    """As they are written in the program's file, language after language."""
    _source, _version, entries = _content(SHIPPED_THEMES)
    return _in_all_languages(_by_code(SHIPPED_THEMES.name, entries, THEME_KEYS)[code])


def own_words_in(path: Path) -> OwnWords:
    """Raises BadThemes for what is no file of themes; the patterns are judged by `load_themes`."""
    source, version, entries = _content(path)
    return OwnWords(path.name, version, entries, source)


def _content(path: Path) -> tuple[str, int, Entries]:
    try:
        source = path.read_text(encoding="utf-8")
        content = tomllib.loads(source)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadThemes(f"{path.name} cannot be read: {error}.") from error
    version, entries = content.get("version"), content.get("theme")
    if type(version) is not int or version < 1 or not isinstance(entries, list):
        raise BadThemes(f"{path.name}: there must be a version from 1 and a [[theme]].")
    return source, version, entries


def _by_code(name: str, entries: Entries, keys: frozenset[str]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for entry in entries:
        code = entry.get("code") if isinstance(entry, dict) else None
        if code not in LABELS or code in found:
            raise BadThemes(f"{name}: the themes must be {', '.join(LABELS)}, each once.")
        if unknown := sorted(entry.keys() - keys):
            raise BadThemes(f"{name}, theme {code!r}: unknown key {unknown[0]!r}.")
        for key in entry.keys() - {"code"}:
            if not isinstance(entry[key], list) or not all(isinstance(text, str) for text in entry[key]):
                raise BadThemes(f"{name}, theme {code!r}: {key} must be a list of patterns.")
        found[code] = entry
    return found


def _changed(name: str, code: str, shipped: list[str], own: dict[str, list[str]]) -> list[str]:
    removed = own.get("remove", [])
    if missing := [pattern for pattern in removed if pattern not in shipped]:
        raise BadThemes(f"{name}, theme {code!r}, remove: the program has no pattern {missing[0]!r} there.")
    return [*(pattern for pattern in shipped if pattern not in removed), *_in_all_languages(own)]


def _in_all_languages(entry: dict[str, list[str]]) -> list[str]:
    return [pattern for language in LANGUAGES for pattern in entry.get(language, [])]


def _parsed(
    name: str, code: str, texts: list[str], lexicon: Lexicon, *, misspelt: bool = True
) -> tuple[Pattern, ...]:
    found: list[Pattern] = []
    for text in texts:
        try:
            found += parse(text, lexicon, misspelt=misspelt)
        except BadPattern as error:
            raise BadThemes(f"{name}, theme {code!r}, pattern {text!r}: {error}.") from error
    return tuple(found)
