"""Periods as people say them, in the active language."""

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from palauteketju.insight.periods import Kind, Period
from palauteketju.organisation.days import day_in_words


def period_in_words(period: Period) -> str:
    """As inside a sentence: "viikko 47/2026", "lokakuu 2026"."""
    if period.kind == "month":
        return f"{MONTHS[period.number]} {period.year}"
    words = {
        "week": _("week %(number)s/%(year)s"),
        "third": _("four-month period %(number)s/%(year)s"),
        "year": _("year %(year)s"),
    }
    return words[period.kind] % {"number": period.number, "year": period.year}


def starting(words: str) -> str:
    """As at the start of a sentence or line."""
    return words[:1].upper() + words[1:]


def short_in_words(period: Period) -> str:
    """Below a point of a line."""
    if period.kind == "week":
        return _("wk %(number)s") % {"number": period.number}
    return str(period.year) if period.kind == "year" else f"{period.number}/{period.year}"


def days_in_words(period: Period) -> str:
    return f"{day_in_words(period.first)} – {day_in_words(period.last)}"


def report_name(kind: Kind) -> str:
    return {
        "week": _("Weekly report"),
        "month": _("Monthly report"),
        "third": _("Four-month report"),
        "year": _("Yearly report"),
    }[kind]
