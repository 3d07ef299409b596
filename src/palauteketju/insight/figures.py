"""A histogram's figure with its interval."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from palauteketju.insight import statistics


@dataclass(frozen=True, slots=True)
class Value:
    """A figure with its 95 % interval. `base` is how many answers it rests on, without "does not concern me"."""

    value: float
    low: float
    high: float
    base: int


def value_of(measure: statistics.Measure | None, counts: Mapping[str, int]) -> Value | None:
    """None where only counts make sense, or when nobody took a stand."""
    base = sum(counts.values()) - counts.get(statistics.NOT_APPLICABLE, 0)
    if measure is None or not base:
        return None
    if measure == "nps":
        return Value(statistics.nps(counts), *statistics.nps_interval(counts), base)
    return Value(statistics.favourable(counts), *statistics.favourable_interval(counts), base)


def sum_of(histograms: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for counts in histograms:
        for value, n in counts.items():
            total[value] += n
    return dict(total)
