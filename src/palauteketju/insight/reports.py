"""The ready-made reports: what became reportable in a period, as plain figures. How they look is `report_page`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from palauteketju.insight import queries, statistics, streams
from palauteketju.insight.figures import Value, sum_of, value_of
from palauteketju.insight.periods import Week, week_of
from palauteketju.organisation.models import Unit
from palauteketju.organisation.queries import county
from palauteketju.organisation.rules import county_rules

# The week itself and eleven before it: the line of the report, and what the week is compared with.
WEEKS = 12


@dataclass(frozen=True, slots=True)
class WeekOfFigure:
    week: Week
    n: int
    value: Value | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One stream of the week. `value` is None where only counts make sense, or nobody took a stand."""

    stream: str
    n: int
    counts: Mapping[str, int]
    measure: statistics.Measure | None
    value: Value | None
    # The earlier weeks of the report together; None when they have no answers.
    before: Value | None
    # Whether the week differs from them by more than chance would explain.
    has_changed: bool
    weeks: tuple[WeekOfFigure, ...]


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    scope: Unit
    week: Week
    figures: tuple[Figure, ...]
    # The week's values in the whole county, for comparison; empty in the county's own report.
    county: Mapping[str, Value]
    # Streams without a block this week: nobody may see how many answers wait.
    withheld: tuple[str, ...]
    # For an area or county.
    coverage: queries.Coverage | None
    # The least size of a block.
    k: int

    def figure(self, stream: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.stream == stream), None)

    @property
    def recommendation(self) -> Figure | None:
        return next((figure for figure in self.figures if figure.measure == "nps"), None)

    @property
    def statements(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.measure == "favourable"]


def weekly(scope: Unit, week: Week) -> WeeklyReport:
    """The report of a unit, area or county from the blocks that closed from Monday to Sunday.

    The number of queries is the same for all of them, and they read twelve weeks, however long the history is.
    """
    first = week.earlier(WEEKS - 1).first
    by_week = _by_week(queries.figures_of(scope, first, week.last))
    figures = tuple(
        _figure(stream, week, by_week[stream])
        for stream in streams.in_order(stream for stream, weeks in by_week.items() if week in weeks)
    )
    shown = {figure.stream for figure in figures}
    whole = None if scope.kind == Unit.Kind.COUNTY else county()
    return WeeklyReport(
        scope=scope,
        week=week,
        figures=figures,
        county=_values_of(whole, week) if whole else {},
        withheld=tuple(stream for stream in streams.streams_in_use() if stream not in shown),
        coverage=None if scope.kind == Unit.Kind.UNIT else queries.coverage(scope, week.first, week.last),
        k=county_rules().anonymity.k,
    )


def as_json(report: WeeklyReport) -> dict[str, Any]:
    """The report for programs (contract: the command `report --format json`); the same blocks give the same text."""
    withheld: list[dict[str, Any]] = [
        {"stream": stream, "reason": "no_block_this_week", "least_answers": report.k}
        for stream in report.withheld
    ]
    if report.coverage:
        units = {"without": report.coverage.without, "of": report.coverage.units}
        withheld.append({"units": units, "reason": "no_block_this_week", "least_answers": report.k})
    return {
        "scope": report.scope.code,
        "kind": report.scope.kind,
        "week": str(report.week),
        "first_day": report.week.first.isoformat(),
        "last_day": report.week.last.isoformat(),
        "figures": [_figure_as_json(figure) for figure in report.figures],
        "withheld": withheld,
    }


def _figure_as_json(figure: Figure) -> dict[str, Any]:
    known: dict[str, Any] = {"stream": figure.stream, "n": figure.n, "counts": dict(figure.counts)}
    if figure.measure is None:
        return known
    known |= _value_as_json(figure.measure, figure.value)
    known["changed"] = figure.has_changed
    known["before"] = _value_as_json(figure.measure, figure.before) if figure.before else None
    known["weeks"] = [
        {"week": str(point.week), "n": point.n, **_value_as_json(figure.measure, point.value)}
        for point in figure.weeks
    ]
    return known


def _value_as_json(measure: str, value: Value | None) -> dict[str, Any]:
    if value is None:
        return {measure: None, "interval": None, "base": 0}
    return {
        measure: round(value.value, 6),
        "interval": [round(value.low, 6), round(value.high, 6)],
        "base": value.base,
    }


def _by_week(days: Iterable[queries.DayFigures]) -> dict[str, dict[Week, dict[str, int]]]:
    """Each stream's histogram of each week that has one."""
    found: dict[str, dict[Week, list[Mapping[str, int]]]] = defaultdict(lambda: defaultdict(list))
    for day in days:
        found[day.stream][week_of(day.closed)].append(day.counts)
    return {stream: {week: sum_of(days) for week, days in weeks.items()} for stream, weeks in found.items()}


def _figure(stream: str, week: Week, weeks: Mapping[Week, Mapping[str, int]]) -> Figure:
    measure = streams.measure_of(stream)
    counts = streams.values_in_order(weeks[week])
    earlier = sum_of(histogram for other, histogram in weeks.items() if other < week)
    value = value_of(measure, counts)
    before = value_of(measure, earlier)
    return Figure(
        stream=stream,
        n=sum(counts.values()),
        counts=counts,
        measure=measure,
        value=value,
        before=before,
        has_changed=bool(
            measure and value and before and statistics.is_real_change(earlier, counts, measure)
        ),
        weeks=tuple(_points(measure, week, weeks)) if measure else (),
    )


def _points(
    measure: statistics.Measure, week: Week, weeks: Mapping[Week, Mapping[str, int]]
) -> Iterable[WeekOfFigure]:
    for back in reversed(range(WEEKS)):
        point = week.earlier(back)
        counts = weeks.get(point, {})
        yield WeekOfFigure(point, sum(counts.values()), value_of(measure, counts))


def _values_of(whole: Unit, week: Week) -> dict[str, Value]:
    of_week = _by_week(queries.figures_of(whole, week.first, week.last))
    found = {stream: value_of(streams.measure_of(stream), weeks[week]) for stream, weeks in of_week.items()}
    return {stream: value for stream, value in found.items() if value}
