"""What other theme words would do to the feedback there is, before they are taken into use."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from palauteketju.handling.triage import rules_in_use, themes
from palauteketju.intake.models import Feedback
from palauteketju.organisation.rules import county_rules

NONE = "none"


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
    in_force, tried = rules_in_use.theme_words(), themes.load_themes(own=file)
    texts = Feedback.objects.exclude(text="").order_by("-pk").values_list("text", flat=True)[:last]
    pairs = [(_main(text, in_force), _main(text, tried)) for text in texts.iterator()]
    return {
        "feedbacks": len(pairs),
        "changed": _told(sum(now != then for now, then in pairs)),
        "now": _by_theme(now for now, _then in pairs),
        "then": _by_theme(then for _now, then in pairs),
    }


def _main(text: str, words: themes.Themes) -> str:
    return next(iter(themes.found_in(text, words)), NONE)


def _by_theme(found: Iterable[str]) -> dict[str, int | str]:
    counts = Counter(found)
    return {code: _told(counts[code]) for code in (*themes.LABELS, NONE)}


def _told(count: int) -> int | str:
    k = county_rules().anonymity.k
    return count if count == 0 or count >= k else f"fewer than {k}"
