"""What the codes in the trail's entries of this step mean."""

from typing import Final

from palauteketju.audit.facts import CodeInWords
from palauteketju.improvement.models import Measure
from palauteketju.insight import handover as insight


def _theme(code: str) -> str:
    return insight.name_of_value("theme", code)


def _week(code: str) -> str | None:
    try:
        week = insight.periods.read_week(code)
    except insight.BadPeriod:
        return None
    return f"{week.number}/{week.year}"


CODES: Final[dict[str, CodeInWords]] = {
    "stream": insight.short_name_of,
    "theme": _theme,
    "state": dict(Measure.State.choices).get,
    "week": _week,
}
