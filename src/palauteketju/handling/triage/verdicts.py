"""The road of a feedback: Satakunta's operating model, with what the rules say of the text. Reads no database.

An urgent feedback is reacted to without delay, whether or not its writer can be answered; a contact request is answered
within two weeks; the rest goes straight to the reports. Text-message feedback has no road of answers unless the county
lets it carry a contact request, which the front door sees to.
"""

import logging
from dataclasses import dataclass

from palauteketju.handling.models import Triage
from palauteketju.handling.triage import rules_in_use, urgency
from palauteketju.handling.triage.themes import Themes, found_in

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """`reasons` are codes for `labels.label`, `marks` where in the text; the sources are None for rules that could not run."""

    road: Triage.Road
    reasons: list[str]
    marks: list[tuple[int, int]]
    themes: list[str]
    rules: urgency.Rules | None
    words: Themes | None


def verdict_on(text: str, *, language: str, needs_attention: bool, wants_answer: bool) -> Verdict:
    """Never raises: where the rules of urgency fail, the feedback counts as urgent."""
    reasons = [urgency.CUSTOMER_SAID] if needs_attention else []
    by_rules, marks, rules = _urgency_of(text, language)
    reasons += by_rules
    found_themes, words = _themes_of(text)
    return Verdict(
        road=road_of(is_urgent=bool(reasons), wants_answer=wants_answer),
        reasons=reasons,
        marks=marks,
        themes=found_themes,
        rules=rules,
        words=words,
    )


def urgency_of(text: str, *, language: str) -> list[str]:
    """Why a text counts as urgent, in codes; none where it does not. Never raises, as `verdict_on`."""
    reasons, _marks, _rules = _urgency_of(text, language)
    return reasons


def road_of(*, is_urgent: bool, wants_answer: bool) -> Triage.Road:
    if is_urgent:
        return Triage.Road.URGENT_CONTACT if wants_answer else Triage.Road.URGENT
    return Triage.Road.CONTACT if wants_answer else Triage.Road.REPORTS


def _urgency_of(text: str, language: str) -> tuple[list[str], list[tuple[int, int]], urgency.Rules | None]:
    try:
        rules = rules_in_use.urgency_rules()
        found = urgency.assess(text, language=language, rules=rules)
        kinds = urgency.explain(found)["reasons"]
    except Exception as error:  # noqa: BLE001 - whatever failed, nobody may wait because of it
        # The error's own words may quote the text, so only its kind is logged.
        logger.error("handling.urgency_rules_failed error=%s", type(error).__name__)  # noqa: TRY400 - as above
        return [urgency.RULES_FAILED], [], None
    return kinds, sorted({(reason.start, reason.end) for reason in found.reasons}), rules


def _themes_of(text: str) -> tuple[list[str], Themes | None]:
    try:
        words = rules_in_use.theme_words()
        return found_in(text, words), words
    except Exception as error:  # noqa: BLE001 - a missing theme must never hold up a case
        logger.error("handling.theme_rules_failed error=%s", type(error).__name__)  # noqa: TRY400 - as above
        return [], None
