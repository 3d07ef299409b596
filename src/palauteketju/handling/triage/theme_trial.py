"""What other theme words would do to the feedback there is, before they are taken into use.

Counts only, and so rough that no two of them tell of one text: the texts are taken in whole hundreds, which stay the same
until there are a hundred more, and each number is rounded down to whole tens (twice k, where that is more). A smaller one,
nothing included, is "fewer than 10".
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from palauteketju.handling.models import Quote
from palauteketju.handling.triage import rules_in_use, themes
from palauteketju.intake.models import Feedback
from palauteketju.organisation.rules import county_rules

NONE = "none"
# How many texts are taken at a time, and so at least; and how many at most.
STEP, MOST = 100, 100_000
_ROUNDED_TO = 10


class TooFewTexts(Exception):
    """So few texts that counts of them would tell of single ones."""


# As many quotes as are looked at for what other words would do to them.
MOST_QUOTES: Final = 2000


@dataclass(frozen=True)
class Move:
    """A text that would get another main theme; NONE where it has none."""

    text: str
    now: str
    then: str


def moved_quotes(tried: themes.Themes) -> tuple[int, list[Move]]:
    """How many released quotes there are to look at, and those of them that other words would move.

    Quotes, because the work communities read them already: what other words find in feedback as it was written would tell
    whoever tries them what single customers wrote.
    """
    released = Quote.objects.filter(released_at__isnull=False, withdrawn_at__isnull=True)
    texts = list(released.order_by("-released_at", "-pk").values_list("text", flat=True)[:MOST_QUOTES])
    in_force = rules_in_use.theme_words()
    moves = (Move(text, main_theme(text, in_force), main_theme(text, tried)) for text in texts)
    return len(texts), [move for move in moves if move.now != move.then]


class Trial(TypedDict):
    """`now` and `then` by main theme; `changed` is how many would get another one."""

    feedbacks: int
    changed: int | str
    now: dict[str, int | str]
    then: dict[str, int | str]


def try_words(file: Path, *, last: int) -> Trial:
    """Compare the words in force with the program's together with `file`, by the newest feedbacks that have a text.

    `last` of them, in whole hundreds: ValueError for anything else. Raises BadThemes and TooFewTexts. What handlers
    corrected is not asked: this is about the words alone.
    """
    if not STEP <= last <= MOST or last % STEP:
        raise ValueError(f"Texts are taken in hundreds, from {STEP} to {MOST}, not {last}.")
    in_force, tried = rules_in_use.theme_words(), themes.load_themes(own=themes.own_words_in(file))
    texts = Feedback.objects.exclude(text="").order_by("-pk").values_list("text", flat=True)
    # Those beyond the last whole hundred wait for it: one text more, and nothing here differs.
    waiting = texts.count() % STEP
    taken = texts[waiting : waiting + last]
    pairs = [(main_theme(text, in_force), main_theme(text, tried)) for text in taken.iterator()]
    if len(pairs) < STEP:
        raise TooFewTexts
    return {
        "feedbacks": len(pairs),
        "changed": _told(sum(now != then for now, then in pairs)),
        "now": _by_theme(now for now, _then in pairs),
        "then": _by_theme(then for _now, then in pairs),
    }


def main_theme(text: str, words: themes.Themes) -> str:
    return next(iter(themes.found_in(text, words)), NONE)


def _by_theme(found: Iterable[str]) -> dict[str, int | str]:
    counts = Counter(found)
    return {code: _told(counts[code]) for code in (*themes.LABELS, NONE)}


def _told(count: int) -> int | str:
    step = max(_ROUNDED_TO, 2 * county_rules().anonymity.k)
    return count // step * step or f"fewer than {step}"
