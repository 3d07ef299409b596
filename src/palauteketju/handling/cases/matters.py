"""What tells the cases of a list apart for who handles them: theme, language and way, and no word of what was written."""

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.models import Case
from palauteketju.handling.triage.judgements import themes_standing
from palauteketju.handling.triage.themes import LABELS
from palauteketju.intake.models import ContactRequest, Feedback

_LANGUAGES: Final[dict[str, str | Promise]] = {
    "fi": _("in Finnish"),
    "sv": _("in Swedish"),
    "en": _("in English"),
}
# The others need nobody but the program.
_WAYS: Final[dict[str, str | Promise]] = {
    ContactRequest.Way.PHONE: _("asks for a call"),
    ContactRequest.Way.LETTER: _("asks for a letter"),
}


def matters_of(cases: Sequence[Case]) -> dict[int, str]:
    """By number of the case, for who reads its text; a language is told where it is not the reader's. Three queries.

    Not of a case that retention has deleted in the meantime.
    """
    feedback = [case.feedback_id for case in cases]
    themes = themes_standing(feedback)
    asked = Feedback.objects.filter(pk__in=feedback).values_list("pk", "language", "contact_request__way")
    known = {pk: (language, way) for pk, language, way in asked}
    return {
        case.pk: _in_words(themes.get(case.feedback_id, []), *known[case.feedback_id])
        for case in cases
        if case.feedback_id in known
    }


def _in_words(themes: list[str], language: str, way: str | None) -> str:
    parts: list[str | Promise] = [LABELS[themes[0]]] if themes and themes[0] in LABELS else []
    parts += [_LANGUAGES[language]] if language != get_language() else []
    parts += [_WAYS[way]] if way in _WAYS else []
    told = ", ".join(str(part) for part in parts)
    return told[:1].upper() + told[1:]
