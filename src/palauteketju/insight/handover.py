"""What later steps may ask: released figures and the reports of them, never what waits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from palauteketju.insight import periods, queries, streams, wording
from palauteketju.insight.access import get_scope_or_404
from palauteketju.insight.effects import FOLLOWED, Done, effects_of
from palauteketju.insight.errors import BadPeriod
from palauteketju.insight.figures import Value, sum_of, value_of
from palauteketju.insight.period_words import period_in_words, short_in_words, starting
from palauteketju.insight.queries import public_thanks
from palauteketju.insight.report_file import FORMATS, file_name
from palauteketju.insight.report_page import ReportPage, page_of
from palauteketju.insight.reports import Decision, Report, ready_made
from palauteketju.insight.statistics import Measure
from palauteketju.insight.streams import (
    name_of,
    name_of_value,
    question_streams,
    recommendation_stream,
    short_name_of,
    themes,
)
from palauteketju.organisation.models import Unit
from palauteketju.organisation.queries import county, unit_by_code

__all__ = [
    "FOLLOWED",
    "FORMATS",
    "BadPeriod",
    "Basis",
    "Decision",
    "Done",
    "PublicFigures",
    "Report",
    "ReportPage",
    "Sum",
    "bases_of",
    "blocks_of",
    "county_public_figures",
    "effects_of",
    "file_name",
    "get_scope_or_404",
    "last_public_closing",
    "name_of",
    "name_of_value",
    "page_of",
    "period_in_words",
    "periods",
    "public_figures",
    "public_sum",
    "public_thanks",
    "question_streams",
    "ready_made",
    "recommendation_stream",
    "short_in_words",
    "short_name_of",
    "starting",
    "themes",
    "units_with_public_figures",
    "wording",
]

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sum:
    """Whole blocks of one stream added up."""

    opened: date
    closed: date
    n: int
    counts: Mapping[str, int]
    # None where only counts make sense, or nobody took a stand.
    value: Value | None


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What the public may know of one stream.

    `latest` is a unit's newest block, or an area's or county's last 30 days; `year` twelve calendar months, the running one included.
    """

    stream: str
    measure: Measure | None
    latest: Sum
    year: Sum


@dataclass(frozen=True, slots=True)
class Basis:
    """The released answers that something can be said to rest on."""

    stream: str
    opened: date
    closed: date
    n: int


def public_figures(code: str) -> list[PublicFigures]:
    """A unit's, area's or county's public figures by stream, in the order of reports; empty while it has none.

    Only public blocks are added up. Periods are counted back from the newest of them, so the same blocks always give
    the same figures.
    """
    scope = unit_by_code(code)
    newest = queries.last_closing(scope, audience="public") if scope else None
    if scope is None or newest is None:
        return []
    first = periods.Month.of(newest).earlier(11).first
    sums = queries.public_sums(scope, first=first, latest_days=MONTH.days)
    found = {each.stream: each for each in sums}
    return [_public(found[stream]) for stream in streams.in_order(found)]


def public_sum(scope: Unit, stream: str, first: date, last: date) -> Sum | None:
    """The public blocks of one stream that closed in these days, added up; None when there is none."""
    days = [day for day in queries.figures_of(scope, first, last, audience="public") if day.stream == stream]
    return _sum(stream, days) if days else None


def county_public_figures() -> list[PublicFigures]:
    scope = county()
    return public_figures(scope.code) if scope else []


def units_with_public_figures() -> frozenset[str]:
    """The codes of the units the public may know something about."""
    return queries.units_with_public_blocks()


def last_public_closing() -> date | None:
    """When anything new became public in the county; a publication made later than that is up to date."""
    scope = county()
    return queries.last_closing(scope, audience="public") if scope else None


def bases_of(scope: Unit, first: date, last: date) -> list[Basis]:
    """Every stream with a block of the scope that closed in these days: what a measure can rest on."""
    days: dict[str, list[queries.DayFigures]] = defaultdict(list)
    for day in queries.figures_of(scope, first, last):
        days[day.stream].append(day)
    return [
        Basis(stream, min(day.opened for day in found), found[-1].closed, sum(day.n for day in found))
        for stream, found in ((stream, days[stream]) for stream in streams.in_order(days))
    ]


def blocks_of(scope: Unit, first: date, last: date, stream: str) -> Basis | None:
    """The blocks of one stream that closed in these days, or None when there is none."""
    return next((basis for basis in bases_of(scope, first, last) if basis.stream == stream), None)


def _public(sums: queries.PublicSums) -> PublicFigures:
    stream = sums.stream
    return PublicFigures(
        stream, streams.measure_of(stream), latest=_sum(stream, [sums.latest]), year=_sum(stream, [sums.all])
    )


def _sum(stream: str, days: Sequence[queries.DayFigures]) -> Sum:
    counts = streams.values_in_order(sum_of(day.counts for day in days))
    return Sum(
        opened=min(day.opened for day in days),
        closed=max(day.closed for day in days),
        n=sum(day.n for day in days),
        counts=counts,
        value=value_of(streams.measure_of(stream), counts),
    )
