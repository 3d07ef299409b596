"""A results page in words, in the active language: the same for the web server and for the published files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palauteketju.improvement.handover import PublishedMeasure
from palauteketju.insight import wording
from palauteketju.insight.handover import PublicFigures, Sum, name_of, name_of_value, short_name_of
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import county_rules
from palauteketju.publishing.queries import Results
from palauteketju.surveys.library import question_set
from palauteketju.ui import charts

MOST_MEASURES = 20


@dataclass(frozen=True, slots=True)
class Stat:
    label: str
    figure: str
    interval: str
    n: str


@dataclass(frozen=True, slots=True)
class Chart:
    svg: SafeString
    caption: str
    note: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class MeasureText:
    """A measure as the public reads it; `unit` is empty on the unit's own page.

    `language` is that of `title` and `text`; `effect` carries its own mark, because it stands inside a sentence.
    """

    language: str
    title: str
    heard: str
    text: str
    effect: SafeString | str
    when: str
    unit: str
    address: str


@dataclass(frozen=True, slots=True)
class ResultsPage:
    title: str
    # The area above a unit, to go back to.
    above: Unit | None
    # Said of a unit that customers no longer visit.
    closed: str
    sentence: str
    stat: Stat | None
    dates: str
    year: str
    measures: Sequence[MeasureText]
    more_measures: int
    statements: Chart | None
    ways: Chart | None
    not_shown: Sequence[str]
    why: str


def page_of(results: Results, *, county: Sequence[PublicFigures], today: date) -> ResultsPage:
    """`county` gives the marks to compare with: the county's figures, or nothing on its own page."""
    figures = {figure.stream: figure for figure in results.figures}
    recommendation = next(
        (each for each in results.figures if each.measure == "nps" and each.latest.value), None
    )
    scope = results.scope
    closed = scope.active_to if scope.active_to and scope.active_to < today else None
    return ResultsPage(
        title=scope.name,
        above=scope.parent,
        closed=_("This unit closed on %(day)s.") % {"day": day_in_words(closed)} if closed else "",
        sentence=_sentence(results, recommendation),
        stat=_stat(recommendation) if recommendation else None,
        dates=_dates(scope, recommendation.latest) if recommendation else "",
        year=_year(recommendation) if recommendation else "",
        measures=[_measure(each, scope) for each in results.measures[:MOST_MEASURES]],
        more_measures=max(len(results.measures) - MOST_MEASURES, 0),
        statements=_statements(results, county),
        ways=_ways(figures.get("channel")),
        not_shown=[short_name_of(stream) for stream in _missing(results)] if results.figures else [],
        why=_(
            "Figures are published when there are at least %(least)s answers, so that nobody can be recognised."
        )
        % {"least": results.least},
    )


def likely_to_recommend(counts: Mapping[str, int]) -> float:
    """The share of those who gave 9 or 10: what a reader who has not heard of an index understands."""
    return (counts.get("9", 0) + counts.get("10", 0)) / sum(counts.values())


def _sentence(results: Results, recommendation: PublicFigures | None) -> str:
    if recommendation is None:
        return _("There are still too few answers to publish: at least %(least)s are needed.") % {
            "least": results.least
        }
    return _(
        "%(share)s of those who answered would be very likely to recommend the service to someone close to them."
    ) % {"share": wording.percent(likely_to_recommend(recommendation.latest.counts))}


def _stat(found: PublicFigures) -> Stat | None:
    value = found.latest.value
    if value is None:
        return None
    return Stat(
        label=_("Recommendation index"),
        figure=wording.figure("nps", value.value),
        interval=wording.likely("nps", value),
        n=wording.answers(value.base),
    )


def days_of(sum_: Sum) -> str:
    """The days in which its answers were counted."""
    first, last = day_in_words(sum_.opened), day_in_words(sum_.closed)
    return last if first == last else f"{first} – {last}"


def _dates(scope: Unit, sum_: Sum) -> str:
    if scope.kind == Unit.Kind.UNIT:
        return _("The newest answers, gathered %(days)s.") % {"days": days_of(sum_)}
    return _("The answers published within 30 days, gathered %(days)s.") % {"days": days_of(sum_)}


def _year(found: PublicFigures) -> str:
    value = found.year.value
    if value is None or found.year.n == found.latest.n:
        return ""
    return _("Over the last twelve months the index is %(index)s, %(likely)s (%(answers)s).") % {
        "index": wording.figure("nps", value.value),
        "likely": wording.likely("nps", value),
        "answers": wording.answers(value.base),
    }


def _statements(results: Results, county: Sequence[PublicFigures]) -> Chart | None:
    """Each statement of the questions in use; one without enough answers says so in its place."""
    figures = {figure.stream: figure for figure in results.figures}
    whole = {figure.stream: figure for figure in county}
    definition = question_set(county_rules().question_set)
    asked = [definition.stream(question) for question in definition.questions if question.kind == "statement"]
    streams = [stream for stream in figures if figures[stream].measure == "favourable"]
    if not streams:
        return None
    bars, rows = [], []
    for stream in [*asked, *(stream for stream in streams if stream not in asked)]:
        name, figure = name_of(stream), figures.get(stream)
        value = figure.latest.value if figure else None
        # A share of two or three people would say more than they know: the rest chose "does not concern me".
        if figure is None or value is None or value.base < results.least:
            too_few = _("fewer than %(least)s answers") % {"least": results.least}
            bars.append(charts.Bar(name, None, too_few))
            rows.append([name, too_few, "–", "–", "–"])
            continue
        mark = whole[stream].latest.value if stream in whole else None
        share = wording.percent(value.value)
        interval = wording.interval("favourable", value)
        bars.append(
            charts.Bar(
                name,
                100 * value.value,
                share,
                100 * mark.value if mark else None,
                low=100 * value.low,
                high=100 * value.high,
            )
        )
        rows.append(
            [name, share, interval, wording.whole(value.base), wording.percent(mark.value) if mark else "–"]
        )
    return _statement_chart(bars, rows, has_marks=bool(whole))


def _statement_chart(bars: list[charts.Bar], rows: list[list[str]], *, has_marks: bool) -> Chart:
    caption = _("Completely or partly agree")
    head = [_("Statement"), _("Agree"), _("95% interval"), _("Answers"), _("Whole county")]
    return Chart(
        svg=charts.horizontal_bars(
            bars,
            title=caption,
            description=charts.described(rows),
            mark=_("whole county") if has_marks else None,
        ),
        caption=caption,
        note=_(
            "The share of those who took a stand. The thin line under a bar is the 95% interval: small differences may be chance."
        ),
        head=head if has_marks else head[:-1],
        rows=rows if has_marks else [row[:-1] for row in rows],
    )


def _ways(figure: PublicFigures | None) -> Chart | None:
    """How the answers came: a text message reaches other people than a poster does."""
    if figure is None:
        return None
    counts = sorted(figure.latest.counts.items(), key=lambda entry: (-entry[1], entry[0]))
    n = figure.latest.n
    rows = [
        [name_of_value(figure.stream, value), wording.percent(count / n), wording.whole(count)]
        for value, count in counts
    ]
    bars = [
        charts.Bar(row[0], 100 * count / n, row[1]) for row, (_value, count) in zip(rows, counts, strict=True)
    ]
    caption = name_of(figure.stream)
    return Chart(
        svg=charts.horizontal_bars(
            bars, title=caption, description=charts.described(rows), name=figure.stream
        ),
        caption=caption,
        note="",
        head=[caption, _("Share"), _("Number")],
        rows=rows,
    )


def _missing(results: Results) -> list[str]:
    """The questions that are asked but have no public figure here."""
    known = {figure.stream for figure in results.figures}
    definition = question_set(county_rules().question_set)
    return [stream for stream in map(definition.stream, definition.questions) if stream not in known]


def _measure(measure: PublishedMeasure, scope: Unit) -> MeasureText:
    if measure.done_on:
        when = _("Done %(day)s") % {"day": day_in_words(measure.done_on)}
    else:
        facts = {"day": day_in_words(measure.decided_on), "due": day_in_words(measure.due)}
        when = _("Decided %(day)s, to be ready by %(due)s") % facts
    is_elsewhere = measure.unit.pk != scope.pk
    return MeasureText(
        language=measure.language,
        title=measure.title,
        heard=measure.heard,
        text=measure.text,
        effect=format_html('<span lang="{}">{}</span>', measure.language, measure.effect)
        if measure.effect
        else "",
        when=when,
        unit=measure.unit.name if is_elsewhere else "",
        address=f"/tulokset/{measure.unit.slug}/" if is_elsewhere else "",
    )


def told(measure: PublishedMeasure) -> list[str]:
    """What a measure says, a paragraph each: for where there is no page around it."""
    effect = _("What changed: %(effect)s") % {"effect": measure.effect} if measure.effect else ""
    return [text for text in (measure.heard, measure.text, effect) if text]


def without_figures(units: int, without: int, least: int) -> str:
    """Of how many units nothing can be shown yet; empty when of none."""
    if not without:
        return ""
    return ngettext(
        "%(without)s of %(units)s units has fewer than %(least)s answers and no figure of its own yet.",
        "%(without)s of %(units)s units have fewer than %(least)s answers and no figure of their own yet.",
        without,
    ) % {"without": wording.whole(without), "units": wording.whole(units), "least": least}
