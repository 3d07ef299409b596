"""What other theme words would do to the feedback there is, before they are taken into use."""

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
    """`now` and `then` by main theme; `changed` is how many would get another one. "fewer than k" hides small numbers."""

    feedbacks: int
    changed: int | str
    now: dict[str, int | str]
    then: dict[str, int | str]


def try_words(file: Path, *, last: int) -> Trial:
    """Compare the words in force with the program's together with `file`, by the newest `last` feedbacks that have a text.

    Raises BadThemes. What handlers corrected is not asked: this is about the words alone.
    """
    in_force, tried = rules_in_use.theme_words(), themes.load_themes(own=themes.own_words_in(file))
    texts = Feedback.objects.exclude(text="").order_by("-pk").values_list("text", flat=True)[:last]
    pairs = [(main_theme(text, in_force), main_theme(text, tried)) for text in texts.iterator()]
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
    k = county_rules().anonymity.k
    return count if count == 0 or count >= k else f"fewer than {k}"
