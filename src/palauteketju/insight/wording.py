"""Figures as people read them: "+42", "78 %", "1 234"; no-break spaces inside, each language by its own rules."""

from collections.abc import Iterable

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palauteketju.insight.figures import Value
from palauteketju.insight.statistics import Measure

# A minus, as long as the plus; and a space at which no line breaks.
MINUS, NO_BREAK = "\u2212", "\u00a0"


def whole(number: int) -> str:
    return str(formats.number_format(number, force_grouping=True))


def answers(n: int) -> str:
    return ngettext("%(count)s answer", "%(count)s answers", n) % {"count": whole(n)}


def feedback(n: int) -> str:
    return ngettext("%(count)s feedback", "%(count)s feedbacks", n) % {"count": whole(n)}


def figure(measure: Measure, value: float) -> str:
    """A recommendation index with its sign, a share in per cent."""
    if measure == "nps":
        rounded = round(value)
        return f"{'+' if rounded > 0 else MINUS if rounded < 0 else ''}{abs(rounded)}"
    return percent(value)


def percent(share: float) -> str:
    gap = "" if (translation.get_language() or "fi").startswith("en") else NO_BREAK
    return f"{round(100 * share)}{gap}%"


def interval(measure: Measure, value: Value) -> str:
    """Between what and what the figure lies in 95 samples of 100."""
    return f"{figure(measure, value.low)}\u2009…\u2009{figure(measure, value.high)}"


def likely(measure: Measure, value: Value) -> str:
    return _("probably between %(low)s and %(high)s") % {
        "low": figure(measure, value.low),
        "high": figure(measure, value.high),
    }


def listed(words: Iterable[str]) -> str:
    """As in a sentence: a, b and c."""
    *first, last = list(words)
    if not first:
        return last
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


def duration(hours: int) -> str:
    """Hours up to two days, then days."""
    if hours <= 48:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return _("%(count)s days") % {
        "count": formats.number_format(hours / 24, decimal_pos=0 if hours > 240 else 1)
    }
