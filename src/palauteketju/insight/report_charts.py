"""The charts of a ready-made report, each with the same numbers as a table."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from palauteketju.insight import streams, wording
from palauteketju.insight.period_words import period_in_words, short_in_words, starting
from palauteketju.insight.reports import Figure, Report
from palauteketju.ui import charts


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, what it shows, how to read it, and the same numbers as a table."""

    svg: SafeString
    caption: str
    # What somebody who does not see the drawing is told in its place.
    description: str
    note: str
    head: list[str]
    rows: list[list[str]]


def line(found: Figure) -> Chart:
    """The recommendation index through the periods before."""
    points, rows = [], []
    for point in found.points:
        label, name = short_in_words(point.period), starting(period_in_words(point.period))
        if point.value is None:
            points.append(charts.Point(label, None))
            rows.append([name, "–", "–", "–"])
            continue
        text = wording.figure("nps", point.value.value)
        points.append(charts.Point(label, point.value.value, text, point.value.low, point.value.high))
        rows.append([name, text, wording.interval("nps", point.value), wording.whole(point.n)])
    caption = {
        "week": _("Recommendation index by week"),
        "month": _("Recommendation index by month"),
        "third": _("Recommendation index by four months"),
        "year": _("Recommendation index by year"),
    }[found.points[0].period.kind]
    said = [f"{row[0]} {row[1]}" for row in rows if row[1] != "–"]
    description = _("The index: %(values)s.") % {"values": ", ".join(said)}
    return Chart(
        svg=charts.line_with_band(points, title=caption, description=description),
        caption=caption,
        description=description,
        note=_("From −100 to 100. The wide band is the 95% interval: small differences may be chance."),
        head=[_("Period"), _("Index"), _("95% interval"), _("Answers")],
        rows=rows,
    )


def statements(report: Report) -> Chart:
    bars, rows = [], []
    for figure in report.statements:
        name = streams.name_of(figure.stream)
        # Told of every block: what was enough when it closed stays told when the county asks for more later.
        if figure.value is None:
            text = _("nobody took a stand")
            bars.append(charts.Bar(name, None, text))
            rows.append([name, text, "–", wording.whole(figure.n), "–", "–"])
            continue
        text = wording.percent(figure.value.value)
        whole = report.county.get(figure.stream)
        bars.append(charts.Bar(name, 100 * figure.value.value, text, 100 * whole.value if whole else None))
        rows.append(
            [
                name,
                text,
                wording.interval("favourable", figure.value),
                wording.whole(figure.value.base),
                wording.percent(whole.value) if whole else "–",
                change(figure),
            ]
        )
    caption = _("Completely or partly agree")
    return Chart(
        svg=charts.horizontal_bars(
            bars,
            title=caption,
            description=charts.described(rows),
            mark=_("whole county") if report.county else None,
        ),
        caption=caption,
        description=charts.described(rows),
        note=_("The share of those who took a stand. Changes smaller than chance explains are not told."),
        head=[_("Statement"), _("Agree"), _("95% interval"), _("Answers"), _("Whole county"), _("Change")],
        rows=rows,
    )


def change(figure: Figure) -> str:
    """Against the period before; a dash where there is nothing to compare with."""
    if figure.before is None or figure.direction is None or figure.measure is None:
        return "–"
    before = {"before": wording.figure(figure.measure, figure.before.value)}
    if figure.direction == "no_clear_change":
        return _("no clear change")
    if figure.direction == "better":
        return _("better (was %(before)s)") % before
    return _("worse (was %(before)s)") % before


def counts(figure: Figure) -> Chart:
    name = streams.name_of(figure.stream)
    most_first = sorted(figure.counts.items(), key=lambda entry: (-entry[1], entry[0]))
    rows = [
        [streams.name_of_value(figure.stream, value), wording.whole(n), wording.percent(n / figure.n)]
        for value, n in most_first
    ]
    bars = [
        charts.Bar(row[0], 100 * n / figure.n, row[1])
        for row, (_value, n) in zip(rows, most_first, strict=True)
    ]
    caption = _("%(name)s (%(answers)s)") % {"name": name, "answers": wording.feedback(figure.n)}
    return Chart(
        svg=charts.horizontal_bars(
            bars, title=caption, description=charts.described(rows), name=figure.stream
        ),
        caption=caption,
        description=charts.described(rows),
        note="",
        head=[name, _("Number"), _("Share")],
        rows=rows,
    )
