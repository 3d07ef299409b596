"""What a stream is: which figure its answers give, and what it and its values are called."""

from collections.abc import Iterable, Mapping

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from palauteketju.insight.statistics import Measure
from palauteketju.organisation.queries import alphabetical
from palauteketju.organisation.rules import county_rules
from palauteketju.surveys.library import Question, QuestionSet, question_sets

CHANNEL, KIND, THEME, COMMENT = "channel", "kind", "theme", "comment"
# Asked four weeks after an answer; not withheld where nobody has been answered, so it is no stream in use of every unit.
HELPED = "helped"
MEASURES: Mapping[str, Measure] = {"recommendation": "nps", "statement": "favourable"}

_NAMES = {
    CHANNEL: _("Ways of giving feedback"),
    KIND: _("Kinds of feedback"),
    THEME: _("Themes"),
    COMMENT: _("Open comments"),
    HELPED: _("Whether the answer helped"),
}
_VALUES = {
    CHANNEL: {
        "web": _("Web form"),
        "qr": _("QR code"),
        "kiosk": _("Kiosk"),
        "sms": _("Text message survey"),
        "paper": _("Paper"),
        "phone": _("Phone call"),
        "spoken": _("Spoken on the spot"),
    },
    KIND: {
        "thanks": _("Thanks"),
        "criticism": _("Criticism"),
        "idea": _("Improvement idea"),
        "question": _("Question"),
    },
    # The themes handling finds; a code it adds later is shown as it is until it gets its words here.
    THEME: {
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
    },
    COMMENT: {"given": _("Open comments")},
    HELPED: {"yes": _("It helped"), "partly": _("It helped partly"), "no": _("It did not help")},
}


def streams_in_use() -> list[str]:
    """The streams answers go to now, in the order in which reports show them."""
    return [*question_streams(), CHANNEL, KIND, THEME, COMMENT]


def question_streams() -> list[str]:
    """The streams of the questions asked now."""
    questions = question_sets()[county_rules().question_set]
    return [questions.stream(question) for question in questions.questions]


def recommendation_stream() -> str | None:
    """The stream of the recommendation question asked now."""
    return next((stream for stream in question_streams() if measure_of(stream) == "nps"), None)


def in_order(streams: Iterable[str]) -> list[str]:
    """As reports show them; what is no longer asked comes last."""
    place = {stream: number for number, stream in enumerate(streams_in_use())}
    return sorted(streams, key=lambda stream: (place.get(stream, len(place)), stream))


def values_in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """The histogram with 2 before 10, and words after numbers."""
    return {
        value: counts[value]
        for value in sorted(
            counts, key=lambda value: (not value.isdigit(), int(value) if value.isdigit() else 0, value)
        )
    }


def measure_of(stream: str) -> Measure | None:
    """The figure of a question's answers; None where only counts make sense."""
    found = _question(stream)
    return MEASURES[found[1].kind] if found else None


def name_of(stream: str) -> str:
    """What a reader calls it, in the active language: a question by its own words."""
    if stream in _NAMES:
        return str(_NAMES[stream])
    found = _question(stream)
    return found[1].text[_language()] if found else stream


def short_name_of(stream: str) -> str:
    """A statement by the one word for what it is about."""
    found = _question(stream)
    if found and found[1].kind == "recommendation":
        return str(_("Recommendation index"))
    theme = found[1].theme.get(_language(), "") if found else ""
    return theme[:1].upper() + theme[1:] if theme else name_of(stream)


def name_of_value(stream: str, value: str) -> str:
    """A choice in words; recommendations from 0 to 10 stay numbers."""
    if value in _VALUES.get(stream, {}):
        return str(_VALUES[stream][value])
    found = _question(stream)
    if found and found[1].kind == "statement":
        return next((choice.text[_language()] for choice in found[0].scale if choice.value == value), value)
    return value


def themes() -> list[str]:
    """The codes of the themes, in the order of their names."""
    return sorted(_VALUES[THEME], key=lambda code: alphabetical(name_of_value(THEME, code)))


def _question(stream: str) -> tuple[QuestionSet, Question] | None:
    name, _separator, question_id = stream.partition("/")
    questions = question_sets().get(name)
    question = questions.question(question_id) if questions else None
    return (questions, question) if questions and question else None


def _language() -> str:
    return (translation.get_language() or "fi")[:2]
