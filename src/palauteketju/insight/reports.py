"""The ready-made reports: what became reportable in a period, as plain figures. How they look is `report_page`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from palauteketju.handling.handover import Times, response_times
from palauteketju.insight import queries, statistics, streams
from palauteketju.insight.effects import Effect
from palauteketju.insight.figures import Value, value_of
from palauteketju.insight.period_sums import sums_of
from palauteketju.insight.periods import Period
from palauteketju.organisation.models import Unit
from palauteketju.organisation.queries import county
from palauteketju.organisation.rules import county_rules

Direction = Literal["better", "worse", "no_clear_change"]


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in one of the periods that the report's line shows."""

    period: Period
    n: int
    value: Value | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One stream of the period. `value` is None where only counts make sense, or nobody took a stand."""

    stream: str
    n: int
    counts: Mapping[str, int]
    measure: statistics.Measure | None
    value: Value | None
    # The period before, of the same length; None when it has no answers.
    before: Value | None
    # Whether the two differ by more than chance would explain.
    has_changed: bool
    points: tuple[Point, ...]

    @property
    def direction(self) -> Direction | None:
        """None where there is nothing to compare with."""
        if self.value is None or self.before is None:
            return None
        if not self.has_changed:
            return "no_clear_change"
        return "better" if self.value.value > self.before.value else "worse"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided because of the feedback and what it did, as the step that keeps the decisions tells it."""

    unit: Unit
    title: str
    # What the feedback was about: a stream or a theme, or neither.
    stream: str
    theme: str
    responsible: str
    state: Literal["proposed", "under_way", "done"]
    decided_on: date
    due: date
    done_on: date | None
    # In words, by who did it.
    effect: str
    # By figures, where there are enough.
    change: Effect | None = None


@dataclass(frozen=True, slots=True)
class Report:
    scope: Unit
    period: Period
    figures: tuple[Figure, ...]
    # The period's values in the whole county, for comparison; empty in the county's own report.
    county: Mapping[str, Value]
    # Streams without a block in the period: nobody may see how many answers wait.
    withheld: tuple[str, ...]
    # For an area or county.
    coverage: queries.Coverage | None
    # By which the blocks of the period closed, whatever the county has chosen since.
    rules: queries.ClosingRules
    decisions: tuple[Decision, ...]
    # Of the units' comment blocks of the period, thanks first.
    quotes: tuple[queries.ReleasedQuote, ...] = ()
    # How long cases took, in groups of whole months: a week has none of its own.
    times: Times | None = None

    def figure(self, stream: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.stream == stream), None)

    @property
    def recommendation(self) -> Figure | None:
        return next((figure for figure in self.figures if figure.measure == "nps"), None)

    @property
    def statements(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.measure == "favourable"]


def ready_made(scope: Unit, period: Period, *, decisions: Sequence[Decision] = ()) -> Report:
    """The report of a unit, area or county from the blocks that closed on the days of the period.

    The number of queries is the same for all of them, and they read as many periods as the line shows, however long
    the history is. Decisions stand in a later step, which gives them.
    """
    first = period.earlier(period.points - 1).first
    by_period = sums_of(scope, first, period.last, by=period.kind)
    figures = tuple(
        _figure(stream, period, by_period[stream])
        for stream in streams.in_order(stream for stream, found in by_period.items() if period in found)
    )
    shown = {figure.stream for figure in figures}
    whole = None if scope.kind == Unit.Kind.COUNTY else county()
    return Report(
        scope=scope,
        period=period,
        figures=figures,
        county=_values_of(whole, period) if whole else {},
        withheld=tuple(stream for stream in streams.streams_in_use() if stream not in shown),
        coverage=None if scope.kind == Unit.Kind.UNIT else queries.coverage(scope, period.first, period.last),
        rules=queries.closing_rules(period.first, period.last),
        decisions=tuple(decisions),
        quotes=tuple(queries.quotes_of(scope, period.first, period.last)),
        times=None if period.kind == "week" else response_times(scope, first=period.first, last=period.last),
    )


def as_json(report: Report) -> dict[str, Any]:
    """The report for programs (contract: the command `report --format json`); the same blocks give the same text."""
    kind = report.period.kind
    reason = {"reason": f"no_block_this_{kind}", "least_answers": report.rules.k}
    withheld: list[dict[str, Any]] = [{"stream": stream, **reason} for stream in report.withheld]
    if report.coverage:
        units = {"without": report.coverage.without, "of": report.coverage.units}
        withheld.append({"units": units, **reason})
    return {
        "scope": report.scope.code,
        "kind": report.scope.kind,
        "period": kind,
        kind: str(report.period),
        "first_day": report.period.first.isoformat(),
        "last_day": report.period.last.isoformat(),
        "figures": [_figure_as_json(figure, kind) for figure in report.figures],
        "quotes": [{"kind": quote.kind, "text": quote.text} for quote in report.quotes],
        "answer_times": _times_as_json(report.times) if report.times else None,
        "measures": [_decision_as_json(decision) for decision in report.decisions],
        "withheld": withheld,
    }


def _figure_as_json(figure: Figure, kind: str) -> dict[str, Any]:
    known: dict[str, Any] = {"stream": figure.stream, "n": figure.n, "counts": dict(figure.counts)}
    if figure.measure is None:
        return known
    known |= _value_as_json(figure.measure, figure.value)
    known["changed"] = figure.has_changed
    known["before"] = _value_as_json(figure.measure, figure.before) if figure.before else None
    known[f"{kind}s"] = [
        {kind: str(point.period), "n": point.n, **_value_as_json(figure.measure, point.value)}
        for point in figure.points
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


def _times_as_json(times: Times) -> dict[str, Any]:
    """Hours are null where so many were still waiting that nobody knows."""
    return {
        "cases": times.cases,
        "in_time": times.in_time,
        "hours_to_first_reaction": {"half": times.reaction_median, "nine_of_ten": times.reaction_most},
        "hours_to_answer": {"half": times.response_median, "nine_of_ten": times.response_most},
        "first_month": f"{times.first_month:%Y-%m}",
        "last_month": f"{times.last_month:%Y-%m}",
    }


def _decision_as_json(decision: Decision) -> dict[str, Any]:
    return {
        "unit": decision.unit.code,
        "language": county_rules().measure_language,
        "title": decision.title,
        "stream": decision.stream or None,
        "theme": decision.theme or None,
        "responsible": decision.responsible,
        "state": decision.state,
        "decided_on": decision.decided_on.isoformat(),
        "due": decision.due.isoformat(),
        "done_on": decision.done_on.isoformat() if decision.done_on else None,
        "effect": decision.effect,
        "change": _effect_as_json(decision.change) if decision.change else None,
    }


def _effect_as_json(effect: Effect) -> dict[str, Any]:
    return {
        "stream": effect.stream,
        "before": _value_as_json(effect.measure, effect.before),
        "after": _value_as_json(effect.measure, effect.after),
        "difference": effect.difference,
    }


def _figure(stream: str, period: Period, found: Mapping[Period, Mapping[str, int]]) -> Figure:
    measure = streams.measure_of(stream)
    counts = streams.values_in_order(found[period])
    earlier = found.get(period.earlier(1), {})
    value, before = value_of(measure, counts), value_of(measure, earlier)
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
        points=tuple(_points(measure, period, found)) if measure else (),
    )


def _points(
    measure: statistics.Measure, period: Period, found: Mapping[Period, Mapping[str, int]]
) -> Iterable[Point]:
    for back in reversed(range(period.points)):
        point = period.earlier(back)
        counts = found.get(point, {})
        yield Point(point, sum(counts.values()), value_of(measure, counts))


def _values_of(whole: Unit, period: Period) -> dict[str, Value]:
    of_period = sums_of(whole, period.first, period.last, by=period.kind)
    found = {stream: value_of(streams.measure_of(stream), sums[period]) for stream, sums in of_period.items()}
    return {stream: value for stream, value in found.items() if value}
