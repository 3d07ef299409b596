"""Days and times as people read them: "ti 8.12.2026", "14.30"."""

from datetime import date, datetime

from django.utils import dateformat, timezone, translation

_DAY = {"fi": "D\u00a0j.n.Y", "sv": "D\u00a0j.n.Y", "en": "D\u00a0j\u00a0M\u00a0Y"}
_TIME = {"fi": "G.i", "sv": "G.i", "en": "G:i"}


def day_in_words(day: date | datetime) -> str:
    """With its weekday, in the language in force; a moment's day is the one in Finland."""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    text = dateformat.format(day, _DAY[_language()])
    return text if _language() == "en" else text.lower()


def day_of(moment: datetime) -> date:
    """The day in Finland."""
    return timezone.localdate(moment)


def moment_in_words(at: datetime) -> str:
    """The day and the time of the clock in Finland."""
    return f"{day_in_words(at)} {dateformat.format(timezone.localtime(at), _TIME[_language()])}"


def _language() -> str:
    language = (translation.get_language() or "fi")[:2]
    return language if language in _DAY else "fi"
