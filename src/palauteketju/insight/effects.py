"""What a measure did, by figures: its stream in the twelve weeks before it was decided and the twelve after it was done.

Not the days the measure rests on: a measure is drawn up after a bad week, and the next is better by chance alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from palauteketju.insight import streams
from palauteketju.insight.comparisons import WEEKS, Difference, difference
from palauteketju.insight.figures import Value, value_of
from palauteketju.insight.period_sums import Span, sums_of_spans
from palauteketju.insight.statistics import Measure
from palauteketju.organisation.models import Unit

FOLLOWED = timedelta(weeks=WEEKS)
# What is counted in on a morning was recorded on the day before; so all of it came after the day on which it was done.
_COUNTED_LATER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Done:
    """A measure that is done: whose, about which stream, and its days. Without a stream it is about all feedback."""

    unit: Unit
    stream: str
    decided_on: date
    done_on: date


@dataclass(frozen=True, slots=True)
class Effect:
    """Both figures are of whole blocks; `difference` is said only where it is more than chance explains."""

    stream: str
    measure: Measure
    before: Value
    after: Value
    difference: Difference


def effects_of(done: Sequence[Done], *, until: date) -> list[Effect | None]:
    """From the blocks that had closed on the day `until`; None where there is no figure before or after.

    A block counts as one of after only when its oldest answer was counted in after the measure was done. One query.
    """
    wanted = [each.stream or streams.recommendation_stream() or "" for each in done]
    spans = [
        span
        for each, stream in zip(done, wanted, strict=True)
        for span in (_before(each, stream), _after(each, stream, until))
    ]
    sums = sums_of_spans(spans) if spans else []
    return [
        _effect(stream, before, after)
        for stream, before, after in zip(wanted, sums[::2], sums[1::2], strict=True)
    ]


def _before(each: Done, stream: str) -> Span:
    first = each.decided_on - FOLLOWED + timedelta(days=1)
    return Span(each.unit, stream, first=first, last=each.decided_on)


def _after(each: Done, stream: str, until: date) -> Span:
    last = min(until, each.done_on + FOLLOWED)
    return Span(each.unit, stream, first=each.done_on, last=last, opened_from=each.done_on + _COUNTED_LATER)


def _effect(stream: str, before: Mapping[str, int], after: Mapping[str, int]) -> Effect | None:
    measure = streams.measure_of(stream)
    was, became = value_of(measure, before), value_of(measure, after)
    if measure is None or was is None or became is None:
        return None
    how = difference(before, after, measure)
    return Effect(stream, measure, was, became, how) if how else None
