"""The road of a feedback: Satakunta's operating model, with what the rules say of the text. Reads no database.

An urgent feedback is reacted to without delay, whether or not its writer can be answered; a contact request is answered
within two weeks; the rest goes straight to the reports. Text-message feedback has no road of answers unless the county
lets it carry a contact request, which the front door sees to.
"""

import logging
from dataclasses import dataclass
from functools import cache

from palauteketju.handling import themes, urgency
from palauteketju.handling.models import Triage

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """`reasons` are codes for `labels.label`. A version is None when those rules could not be run."""

    road: Triage.Road
    reasons: list[str]
    themes: list[str]
    rules_version: int | None
    themes_version: int | None


def verdict_on(text: str, *, language: str, needs_attention: bool, wants_answer: bool) -> Verdict:
    """Never raises: where the rules of urgency fail, the feedback counts as urgent."""
    reasons = [urgency.CUSTOMER_SAID] if needs_attention else []
    by_rules, rules_version = _urgency_of(text, language)
    reasons += by_rules
    found_themes, themes_version = _themes_of(text)
    return Verdict(
        road=road_of(is_urgent=bool(reasons), wants_answer=wants_answer),
        reasons=reasons,
        themes=found_themes,
        rules_version=rules_version,
        themes_version=themes_version,
    )


def road_of(*, is_urgent: bool, wants_answer: bool) -> Triage.Road:
    if is_urgent:
        return Triage.Road.URGENT_CONTACT if wants_answer else Triage.Road.URGENT
    return Triage.Road.CONTACT if wants_answer else Triage.Road.REPORTS


def _urgency_of(text: str, language: str) -> tuple[list[str], int | None]:
    try:
        found = urgency.assess(text, language=language, rules=_urgency_rules())
    except Exception as error:  # noqa: BLE001 - whatever failed, nobody may wait because of it
        # The error's own words may quote the text, so only its kind is logged.
        logger.error("handling.urgency_rules_failed error=%s", type(error).__name__)  # noqa: TRY400 - as above
        return [urgency.RULES_FAILED], None
    return urgency.explain(found)["reasons"], found.rules_version


def _themes_of(text: str) -> tuple[list[str], int | None]:
    try:
        shipped = themes.shipped_themes()
        return themes.found_in(text, shipped), shipped.version
    except Exception as error:  # noqa: BLE001 - a missing theme must never hold up a case
        logger.error("handling.theme_rules_failed error=%s", type(error).__name__)  # noqa: TRY400 - as above
        return [], None


@cache
def _urgency_rules() -> urgency.Rules:
    return urgency.load_rules()
