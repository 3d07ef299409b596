"""The weekly report in words, charts and tables: one wording for the page, the file and the PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palauteketju.insight import streams, wording
from palauteketju.insight.periods import Week
from palauteketju.insight.reports import WEEKS, Figure, WeeklyReport
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import county_rules
from palauteketju.ui import charts

# Streams shown as they are; how many comments there are is one number, said in words.
COUNTED = (streams.KIND, streams.THEME, streams.CHANNEL)


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


@dataclass(frozen=True, slots=True)
class Stat:
    label: str
    figure: str
    n: str
    interval: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    title: str
    period: str
    # The week in one sentence, or two.
    sentences: list[str]
    # Said while the week is not over.
    unfinished: str
    recommendation: Stat | None
    line: Chart | None
    statements: Chart | None
    counts: list[Chart]
    withheld: list[str]


def page_of(report: WeeklyReport, *, today: date | None = None) -> ReportPage:
    """In the active language. With `today` the reader is told when the week is not over yet."""
    found = report.recommendation
    is_unfinished = today is not None and report.week.first <= today <= report.week.last
    return ReportPage(
        title=_("%(unit)s, week %(number)s/%(year)s")
        % {"unit": report.scope.name, "number": report.week.number, "year": report.week.year},
        period=f"{day_in_words(report.week.first)} – {day_in_words(report.week.last)}",
        sentences=_sentences(report),
        unfinished=_("The week is not over: its figures become complete on %(day)s.")
        % {"day": day_in_words(report.week.last + timedelta(days=1))}
        if is_unfinished
        else "",
        recommendation=_stat(found) if found else None,
        line=_line(found) if found and found.value else None,
        statements=_statements(report) if report.statements else None,
        counts=[_counts(figure) for figure in map(report.figure, COUNTED) if figure],
        withheld=_withheld(report),
    )


def week_in_words(week: Week) -> str:
    return _("Week %(number)s/%(year)s") % {"number": week.number, "year": week.year}


def _sentences(report: WeeklyReport) -> list[str]:
    given = report.figure(streams.CHANNEL)
    if not report.figures:
        return [_("No new figures came into the report in week %(week)s.") % {"week": report.week.number}]
    sentences = []
    if given:
        sentences.append(
            ngettext(
                "In week %(week)s, %(count)s feedback came into the report.",
                "In week %(week)s, %(count)s feedbacks came into the report.",
                given.n,
            )
            % {"count": wording.whole(given.n), "week": report.week.number}
        )
    found = report.recommendation
    if found and found.value:
        index = wording.figure("nps", found.value.value)
        likely = wording.likely("nps", found.value)
        sentences += [
            _("The recommendation index is %(index)s, %(likely)s.") % {"index": index, "likely": likely},
            _change_of_index(found),
        ]
    if comments := report.figure(streams.COMMENT):
        sentences.append(
            ngettext("There was %(count)s open comment.", "There were %(count)s open comments.", comments.n)
            % {"count": wording.whole(comments.n)}
        )
    return [sentence for sentence in sentences if sentence]


def _change_of_index(figure: Figure) -> str:
    """Said only where there is something to compare with."""
    if figure.before is None or figure.value is None:
        return ""
    before = {"before": wording.figure("nps", figure.before.value), "weeks": WEEKS - 1}
    if not figure.has_changed:
        return _("It does not clearly differ from the %(weeks)s weeks before (%(before)s).") % before
    if figure.value.value > figure.before.value:
        return _("It is better than in the %(weeks)s weeks before (%(before)s).") % before
    return _("It is worse than in the %(weeks)s weeks before (%(before)s).") % before


def _stat(found: Figure) -> Stat:
    return Stat(
        label=_("Recommendation index"),
        figure=wording.figure("nps", found.value.value) if found.value else "",
        n=wording.answers(found.n),
        interval=wording.likely("nps", found.value) if found.value else "",
    )


def _line(found: Figure) -> Chart:
    points, rows = [], []
    for point in found.weeks:
        label = _("wk %(number)s") % {"number": point.week.number}
        if point.value is None:
            points.append(charts.Point(label, None))
            rows.append([week_in_words(point.week), "–", "–", "–"])
            continue
        text = wording.figure("nps", point.value.value)
        points.append(charts.Point(label, point.value.value, text, point.value.low, point.value.high))
        rows.append(
            [week_in_words(point.week), text, wording.interval("nps", point.value), wording.whole(point.n)]
        )
    caption = _("Recommendation index, last %(weeks)s weeks") % {"weeks": WEEKS}
    said = [f"{row[0]} {row[1]}" for row in rows if row[1] != "–"]
    description = _("The index by week: %(values)s.") % {"values": ", ".join(said)}
    return Chart(
        svg=charts.line_with_band(points, title=caption, description=description),
        caption=caption,
        description=description,
        note=_("From −100 to 100. The wide band is the 95% interval: small differences may be chance."),
        head=[_("Week"), _("Index"), _("95% interval"), _("Answers")],
        rows=rows,
    )


def _statements(report: WeeklyReport) -> Chart:
    bars, rows = [], []
    for figure in report.statements:
        name = streams.name_of(figure.stream)
        # A share of two or three people would say more than they know: the rest chose "does not concern me".
        if figure.value is None or figure.value.base < report.k:
            text = _("too few took a stand")
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
                _change(figure),
            ]
        )
    caption = _("Completely or partly agree")
    return Chart(
        svg=charts.horizontal_bars(
            bars,
            title=caption,
            description=_described(rows),
            mark=_("whole county") if report.county else None,
        ),
        caption=caption,
        description=_described(rows),
        note=_("The share of those who took a stand. Changes smaller than chance explains are not told."),
        head=[_("Statement"), _("Agree"), _("95% interval"), _("Answers"), _("Whole county"), _("Change")],
        rows=rows,
    )


def _change(figure: Figure) -> str:
    if figure.before is None or figure.value is None:
        return "–"
    before = {"before": wording.percent(figure.before.value)}
    if not figure.has_changed:
        return _("no clear change")
    if figure.value.value > figure.before.value:
        return _("better (was %(before)s)") % before
    return _("worse (was %(before)s)") % before


def _counts(figure: Figure) -> Chart:
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
        svg=charts.horizontal_bars(bars, title=caption, description=_described(rows), name=figure.stream),
        caption=caption,
        description=_described(rows),
        note="",
        head=[name, _("Number"), _("Share")],
        rows=rows,
    )


def _described(rows: Sequence[Sequence[str]]) -> str:
    return "; ".join(f"{row[0].rstrip('.')}: {row[1]}" for row in rows) + "."


def _withheld(report: WeeklyReport) -> list[str]:
    """What is not told and why, from the absence of blocks alone."""
    said = []
    if report.withheld:
        if report.figures:
            names = wording.listed(streams.short_name_of(stream) for stream in report.withheld)
            said.append(_("No figure this time: %(names)s.") % {"names": names})
        said.append(
            _(
                "Answers are counted together at least %(least)s at a time, so that nobody can be recognised. Those that wait are counted later; none is lost."
            )
            % {"least": report.k}
        )
    if report.coverage and report.coverage.without:
        numbers = {"without": report.coverage.without, "units": report.coverage.units}
        said.append(
            ngettext(
                "%(without)s of %(units)s units has no figure of its own from this week.",
                "%(without)s of %(units)s units have no figure of their own from this week.",
                report.coverage.without,
            )
            % numbers
        )
    if report.scope.kind != Unit.Kind.UNIT:
        said.append(
            _(
                "Answers of quiet units wait up to %(weeks)s weeks and are then counted together with those of other units."
            )
            % {"weeks": county_rules().anonymity.merge_after.days // 7}
        )
    return said
