"""The units of an area side by side: each with its own past and with the county, never in an order of merit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from palauteketju.insight import statistics, streams
from palauteketju.insight.figures import Value, sum_of, value_of
from palauteketju.insight.period_sums import sums_beside
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

    ValueError for a stream without a figure of its own. One query of figures, for one unit as for sixty.
    """
    measure = streams.measure_of(stream)
    if measure is None:
        raise ValueError(f"{stream} has no figure to compare.")
    steps, half = 2 * WEEKS // STEP, WEEKS // STEP
    whole = county()
    scopes = [*sides, *([whole] if whole else [])]
    found = sums_beside(scopes, stream, last_week.last, steps=steps, days=7 * STEP)
    together = sum_of(found[whole.code][:half]) if whole else {}
    return Comparison(
        stream=stream,
        measure=measure,
        first=last_week.earlier(WEEKS - 1).first,
        last=last_week.last,
        county=value_of(measure, together),
        sides=tuple(_side(side, found[side.code], measure, together, last_week.last) for side in sides),
    )


def _side(
    scope: Unit,
    newest_first: Sequence[Mapping[str, int]],
    measure: statistics.Measure,
    together: Mapping[str, int],
    last: date,
) -> Side:
    half = len(newest_first) // 2
    now, before = sum_of(newest_first[:half]), sum_of(newest_first[half:])
    ends = [last - timedelta(weeks=STEP * back) for back in range(len(newest_first))]
    line = [
        Step(end - timedelta(weeks=STEP, days=-1), end, value_of(measure, counts))
        for end, counts in zip(ends, newest_first, strict=True)
    ]
    return Side(
        scope=scope,
        n=sum(now.values()),
        now=value_of(measure, now),
        before=value_of(measure, before),
        own_past=difference(before, now, measure),
        whole_county=difference(together, now, measure),
        line=tuple(reversed(line)),
    )


def difference(
    other: Mapping[str, int], own: Mapping[str, int], measure: statistics.Measure
) -> Difference | None:
    """How `own` differs from `other`, said only where the interval of the difference leaves out none."""
    here, there = value_of(measure, own), value_of(measure, other)
    if here is None or there is None:
        return None
    if not statistics.is_real_change(other, own, measure):
        return "no_real_difference"
    return "better" if here.value > there.value else "worse"
