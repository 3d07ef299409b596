"""Units side by side in words, small lines and a table."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palauteketju.insight import streams, wording
from palauteketju.insight.comparisons import WEEKS, Comparison, Difference, Side
from palauteketju.insight.figures import Value
from palauteketju.insight.report_charts import Chart
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.models import Unit
from palauteketju.ui import charts

_SHARES = (charts.Tick(0, "0"), charts.Tick(50, "50"), charts.Tick(100, "100"))
_INDEX = (charts.Tick(-100, "−100"), charts.Tick(0, "0"), charts.Tick(100, "100"))


@dataclass(frozen=True, slots=True)
class Row:
    scope: Unit
    # As many as the head.
    cells: list[str]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    question: str
    period: str
    # How many of them really differ, and what the whole county has.
    sentences: list[str]
    head: list[str]
    rows: list[Row]
    chart: Chart


def page_of(comparison: Comparison, *, of: int) -> ComparisonPage:
    """In the active language. `of` is how many there are to compare, when only some of them are shown at a time."""
    return ComparisonPage(
        question=streams.name_of(comparison.stream),
        period=f"{day_in_words(comparison.first)} – {day_in_words(comparison.last)}",
        sentences=_sentences(comparison, of),
        head=[
            _("Unit or area"),
            _("Now"),
            _("95% interval"),
            _("Answers"),
            _("Against its own past"),
            _("Against the whole county"),
        ],
        rows=[Row(side.scope, [side.scope.name, *_cells(side, comparison)]) for side in comparison.sides],
        chart=_small_lines(comparison),
    )


def _sentences(comparison: Comparison, of: int) -> list[str]:
    measure = comparison.measure
    said = []
    if comparison.county:
        said.append(
            _("The whole county: %(value)s, %(likely)s.")
            % {
                "value": wording.figure(measure, comparison.county.value),
                "likely": wording.likely(measure, comparison.county),
            }
        )
    if of != len(comparison.sides):
        return said
    compared = [side.own_past for side in comparison.sides if side.own_past]
    changed = sum(difference != "no_real_difference" for difference in compared)
    numbers = {"count": changed, "all": len(compared), "weeks": WEEKS}
    if not compared:
        said.append(_("There is nothing yet to compare with the %(weeks)s weeks before.") % numbers)
    elif not changed:
        said.append(_("None has really changed from the %(weeks)s weeks before.") % numbers)
    else:
        said.append(
            ngettext(
                "Of the %(all)s that can be compared, %(count)s has really changed from the %(weeks)s weeks before.",
                "Of the %(all)s that can be compared, %(count)s have really changed from the %(weeks)s weeks before.",
                changed,
            )
            % numbers
        )
    return said


def _cells(side: Side, comparison: Comparison) -> list[str]:
    measure = comparison.measure
    if side.now is None:
        return [_("no figure yet"), "–", "–", "–", "–"]
    before = wording.figure(measure, side.before.value) if side.before else ""
    return [
        wording.figure(measure, side.now.value),
        wording.interval(measure, side.now),
        wording.whole(side.n),
        _own_past(side.own_past, before),
        _against_county(side.whole_county),
    ]


def _own_past(difference: Difference | None, before: str) -> str:
    if difference is None:
        return _("nothing to compare with")
    if difference == "no_real_difference":
        return _("no real difference")
    if difference == "better":
        return _("better (was %(before)s)") % {"before": before}
    return _("worse (was %(before)s)") % {"before": before}


def _against_county(difference: Difference | None) -> str:
    if difference is None:
        return "–"
    return {
        "better": _("above the county"),
        "worse": _("below the county"),
        "no_real_difference": _("no real difference"),
    }[difference]


def _point(value: Value | None, text: str, factor: int) -> charts.Point:
    if value is None:
        return charts.Point("", None)
    return charts.Point("", factor * value.value, text, factor * value.low, factor * value.high)


def _small_lines(comparison: Comparison) -> Chart:
    measure = comparison.measure
    factor = 1 if measure == "nps" else 100
    panels, rows, newest = [], [], []
    for side in comparison.sides:
        texts = [wording.figure(measure, step.value.value) if step.value else "–" for step in side.line]
        points = [_point(step.value, text, factor) for step, text in zip(side.line, texts, strict=True)]
        panels.append(charts.Panel(side.scope.name, points))
        rows.append([side.scope.name, *texts])
        newest += [f"{side.scope.name} {text}" for text in texts[-1:] if text != "–"]
    caption = _("%(question)s, four weeks at a time") % {"question": streams.short_name_of(comparison.stream)}
    description = _("The last four weeks: %(values)s.") % {"values": "; ".join(newest) or _("no figure yet")}
    ends_of_steps = [day_in_words(step.last) for step in comparison.sides[0].line] if comparison.sides else []
    return Chart(
        svg=charts.small_multiples(
            panels,
            title=caption,
            description=description,
            scale=_INDEX if measure == "nps" else _SHARES,
            missing=_("no figure yet"),
        ),
        caption=caption,
        description=description,
        note=_("All on the same scale. The wide band is the 95% interval: small differences may be chance."),
        head=[_("Unit or area"), *(_("up to %(day)s") % {"day": day} for day in ends_of_steps)],
        rows=rows,
    )
