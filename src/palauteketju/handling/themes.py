"""What a feedback speaks of, by word patterns. Plain Python; a suggestion, never the customer's own word.

The patterns are data with a version (`rules/themes-1.toml`), written in the language of `word_patterns`. All languages
run on every text, as people write in other languages than the form's.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.word_patterns import BadPattern, Lexicon, Pattern, Words, parse

SHIPPED_THEMES: Final = Path(__file__).parent / "rules" / "themes-1.toml"

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


class BadThemes(Exception):
    """The theme file cannot be used; the message names the file, the theme and why."""


@dataclass(frozen=True)
class Themes:
    version: int
    patterns: dict[str, tuple[Pattern, ...]]
    lexicon: Lexicon


def found_in(text: str, themes: Themes) -> list[str]:
    """The codes of the themes of a text, the most spoken of first; of equals the one that came up first."""
    words = Words(text, themes.lexicon)
    order: list[tuple[int, int, str]] = []
    for code, patterns in themes.patterns.items():
        # Two patterns often find the same words: each place is counted once.
        places = {first for pattern in patterns for first, _last in words.find(pattern)}
        if places:
            order.append((-len(places), min(places), code))
    return [code for _hits, _place, code in sorted(order)]


@cache
def shipped_themes() -> Themes:
    """The patterns of the program. Raises BadThemes."""
    return load_themes(SHIPPED_THEMES)


def load_themes(path: Path) -> Themes:
    """Raises BadThemes for a file that is not whole: each theme that is counted must be there, and no other."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadThemes(f"{path.name} cannot be read: {error}.") from error
    version, entries = content.get("version"), content.get("theme")
    if type(version) is not int or version < 1 or not isinstance(entries, list):
        raise BadThemes(f"{path.name}: there must be a version from 1 and a [[theme]].")
    lexicon = Lexicon()
    patterns = {str(entry.get("code")): tuple(_patterns(path.name, entry, lexicon)) for entry in entries}
    if set(patterns) != set(LABELS) or len(entries) != len(LABELS):
        raise BadThemes(f"{path.name}: the themes must be {', '.join(LABELS)}, each once.")
    return Themes(version, patterns, lexicon)


def _patterns(name: str, entry: dict[str, Any], lexicon: Lexicon) -> list[Pattern]:
    found: list[Pattern] = []
    for language in LANGUAGES:
        for pattern in entry.get(language, []):
            try:
                found += parse(pattern, lexicon)
            except (BadPattern, TypeError) as error:
                raise BadThemes(
                    f"{name}, theme {entry.get('code')!r}, pattern {pattern!r}: {error}."
                ) from error
    if not found:
        raise BadThemes(f"{name}, theme {entry.get('code')!r}: there is no pattern.")
    return found
