"""How the program judged a feedback and what people said of it, for the pages of handlers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from palauteketju.handling.models import Case, ThemeCorrection, Triage, UrgencyReview
from palauteketju.handling.triage.themes import LABELS
from palauteketju.handling.triage.urgency import CUSTOMER_SAID, WRITTEN_LATER
from palauteketju.intake.models import Feedback


@dataclass(frozen=True)
class Piece:
    """A run of the text; `is_marked`: the rules pointed at it."""

    text: str
    is_marked: bool


def pieces_of(text: str, marks: list[list[int]]) -> list[Piece]:
    """The text cut at the marks, nothing lost: overlapping marks become one."""
    pieces: list[Piece] = []
    position = 0
    for start, end in sorted((start, end) for start, end in marks):
        begin = max(start, position)
        if begin >= min(end, len(text)):
            continue
        if begin > position:
            pieces.append(Piece(text[position:begin], is_marked=False))
        position = min(end, len(text))
        pieces.append(Piece(text[begin:position], is_marked=True))
    if position < len(text):
        pieces.append(Piece(text[position:], is_marked=False))
    return pieces


def judgement_of(case: Case, feedback: Feedback) -> dict[str, Any]:
    """For the page of a case: the marked text, what the rules found, whose judgement stands, and the themes."""
    triage = Triage.objects.filter(feedback=feedback).first()
    correction = ThemeCorrection.objects.filter(feedback=feedback).select_related("by").first()
    themes = correction.themes if correction else triage.themes if triage else []
    return {
        "pieces": pieces_of(feedback.text, triage.marks if triage else []),
        "has_marks": bool(triage and triage.marks),
        "review": _review_of(case, feedback),
        "customer_said": CUSTOMER_SAID in case.why,
        "written_later": WRITTEN_LATER in case.why,
        "themes": themes,
        "theme_correction": correction,
        "theme_choices": theme_choices(themes),
    }


def _review_of(case: Case, feedback: Feedback) -> UrgencyReview | None:
    """What a handler found of this case: of a split feedback the newest finding may be of another part."""
    review = UrgencyReview.objects.filter(feedback=feedback).select_related("by").first()
    is_of_this = review and (review.is_urgent == case.is_urgent or WRITTEN_LATER in case.why)
    return review if is_of_this else None


def theme_choices(chosen: list[str]) -> list[dict[str, Any]]:
    """Every theme in the order of the list; `is_main` and `is_chosen` say what stands now."""
    return [
        {
            "code": code,
            "label": words,
            "is_main": bool(chosen) and chosen[0] == code,
            "is_chosen": code in chosen,
        }
        for code, words in LABELS.items()
    ]


def themes_standing(feedback: Sequence[int]) -> dict[int, list[str]]:
    """By feedback id, the themes that stand: corrected ones, else the suggested. Two queries."""
    found = dict(Triage.objects.filter(pk__in=feedback).values_list("pk", "themes"))
    found |= dict(ThemeCorrection.objects.filter(pk__in=feedback).values_list("pk", "themes"))
    return found
