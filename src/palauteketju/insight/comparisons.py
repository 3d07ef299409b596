"""The units of an area side by side: each with its own past and with the county, never in an order of merit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from palauteketju.insight import queries, statistics, streams
from palauteketju.insight.figures import Value, sum_of, value_of
from palauteketju.insight.periods import Week
from palauteketju.organisation.models import Unit
from palauteketju.organisation.queries import alphabetical, county

# Small units close a block in some weeks: twelve weeks hold some of most, and are compared with the twelve before.
WEEKS = 12
# The line has a point for four weeks.
STEP = 4

Difference = Literal["better", "worse", "no_real_difference"]


@dataclass(frozen=True, slots=True)
class Step:
    """Four weeks of the line; `value` is None where no block closed in them."""

    first: date
    last: date
    value: Value | None


@dataclass(frozen=True, slots=True)
class Side:
    """One unit or area. `now` is None while no block closed in the last twelve weeks."""

    scope: Unit
    n: int
    now: Value | None
    before: Value | None
    # Against its own twelve weeks before, and against the whole county now; None without something to compare.
    own_past: Difference | None
    whole_county: Difference | None
    line: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    stream: str
    measure: statistics.Measure
    first: date
    last: date
    county: Value | None
    sides: tuple[Side, ...]


def sides_of(scope: Unit) -> list[Unit]:
    """What is compared in an area its units, in the county its areas; in the order of the alphabet."""
    found = Unit.objects.filter(parent=scope).exclude(pk=scope.pk)
    return sorted(found, key=lambda unit: alphabetical(unit.name))


def side_by_side(sides: Sequence[Unit], stream: str, last_week: Week) -> Comparison:
    """From the blocks that closed in the twelve weeks up to `last_week`, and in the twelve before them.

    ValueError for a stream without a figure of its own. As many queries for one unit as for sixty.
    """
    measure = streams.measure_of(stream)
    if measure is None:
        raise ValueError(f"{stream} has no figure to compare.")
    start, last = last_week.earlier(2 * WEEKS - 1).first, last_week.last
    middle = last_week.earlier(WEEKS - 1).first
    whole = county()
    days = queries.figures_beside(sides, stream, start, last)
    of_county = queries.figures_beside([whole], stream, middle, last)[whole.code] if whole else []
    together = sum_of(day.counts for day in of_county)
    return Comparison(
        stream=stream,
        measure=measure,
        first=middle,
        last=last,
        county=value_of(measure, together),
        sides=tuple(
            _side(side, days[side.code], measure, together, middle=middle, last=last) for side in sides
        ),
    )


def _side(
    scope: Unit,
    days: Sequence[queries.DayFigures],
    measure: statistics.Measure,
    together: Mapping[str, int],
    *,
    middle: date,
    last: date,
) -> Side:
    now = sum_of(day.counts for day in days if day.closed >= middle)
    before = sum_of(day.counts for day in days if day.closed < middle)
    return Side(
        scope=scope,
        n=sum(now.values()),
        now=value_of(measure, now),
        before=value_of(measure, before),
        own_past=_difference(before, now, measure),
        whole_county=_difference(together, now, measure),
        line=tuple(_line(days, measure, last)),
    )


def _line(days: Sequence[queries.DayFigures], measure: statistics.Measure, last: date) -> list[Step]:
    steps = []
    for back in reversed(range(2 * WEEKS // STEP)):
        end = last - timedelta(weeks=STEP * back)
        first = end - timedelta(weeks=STEP, days=-1)
        counts = sum_of(day.counts for day in days if first <= day.closed <= end)
        steps.append(Step(first, end, value_of(measure, counts)))
    return steps


def _difference(
    other: Mapping[str, int], own: Mapping[str, int], measure: statistics.Measure
) -> Difference | None:
    """How `own` differs from `other`, said only where the interval of the difference leaves out none."""
    here, there = value_of(measure, own), value_of(measure, other)
    if here is None or there is None:
        return None
    if not statistics.is_real_change(other, own, measure):
        return "no_real_difference"
    return "better" if here.value > there.value else "worse"
