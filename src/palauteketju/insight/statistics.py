"""Figures from a histogram of answers, each with the 95 % interval that says how little a few answers prove.

Histograms are as in a block: `{"9": 4, "3": 1, "na": 2}`. "na" ("does not concern me") counts in no figure. Every
function raises ValueError for a histogram without an answer that counts, with an unknown answer or with a negative
count: it then belongs to another question.
"""

import math
from collections.abc import Mapping
from typing import Literal

Measure = Literal["nps", "favourable"]

Z = 1.959964  # the 97.5 % point of the normal distribution: 95 % between it and its mirror image

# Each answer with its class: promoters, passives and detractors; those who agree and those who do not.
_RECOMMENDATIONS = {**dict.fromkeys(("9", "10"), 0), **dict.fromkeys("78", 1), **dict.fromkeys("0123456", 2)}
_STATEMENTS = {**dict.fromkeys("45", 0), **dict.fromkeys("123", 1)}

NOT_APPLICABLE = "na"


def nps(counts: Mapping[str, int]) -> float:
    """Share of 9-10 minus share of 0-6, times 100: from -100 to 100."""
    return _index(*_tally(counts, _RECOMMENDATIONS, 3))


def _index(promoters: int, passives: int, detractors: int) -> float:
    return 100 * (promoters - detractors) / (promoters + passives + detractors)


def nps_interval(counts: Mapping[str, int]) -> tuple[float, float]:
    """The 95 % interval of `nps`, within -100 and 100 and never without width.

    Adjusted Wald with three made-up answers, 3/4 promoter, 3/2 passive and 3/4 detractor (B. Rocks, Interval
    Estimation for the "Net Promoter Score", The American Statistician 70:4, 2016, which found it among the best).
    The plain interval would give five customers of one mind no width at all.
    """
    promoters, passives, detractors = _tally(counts, _RECOMMENDATIONS, 3)
    n = promoters + passives + detractors + 3
    up, down = (promoters + 0.75) / n, (detractors + 0.75) / n
    centre = up - down
    reach = Z * math.sqrt((up + down - centre**2) / n)
    # The made-up answers can pull the bounds of a single customer's answer away from the figure itself.
    figure = _index(promoters, passives, detractors)
    return max(-100.0, min(figure, 100 * (centre - reach))), min(100.0, max(figure, 100 * (centre + reach)))


def favourable(counts: Mapping[str, int]) -> float:
    """Share of 4 and 5 among those who took a stand from 1 to 5: from 0 to 1."""
    yes, no = _tally(counts, _STATEMENTS, 2)
    return yes / (yes + no)


def favourable_interval(counts: Mapping[str, int]) -> tuple[float, float]:
    """The 95 % interval of `favourable`: Wilson's score interval (E. B. Wilson, JASA 22, 1927), never without width."""
    yes, no = _tally(counts, _STATEMENTS, 2)
    n = yes + no
    share = yes / n
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    # At 0 and 1 the bound is exact, but rounding would leave it a hair inside of the share itself.
    return max(0.0, min(share, centre - reach)), min(1.0, max(share, centre + reach))


def is_real_change(before: Mapping[str, int], after: Mapping[str, int], measure: Measure) -> bool:
    """Whether the 95 % interval of the difference leaves out "no change".

    The interval is put together from those of the two figures: the method of variance estimates recovery (G. Zou and
    A. Donner, Statistics in Medicine 27, 2008), which for shares is R. Newcombe's method 10 (Statistics in Medicine
    17, 1998). Whoever looks at twenty changes must expect one that is there by chance.
    """
    figure, interval = (nps, nps_interval) if measure == "nps" else (favourable, favourable_interval)
    was, became = figure(before), figure(after)
    was_low, was_high = interval(before)
    became_low, became_high = interval(after)
    difference = became - was
    down = math.hypot(became - became_low, was_high - was)
    up = math.hypot(became_high - became, was - was_low)
    return difference - down > 0 or difference + up < 0


def _tally(counts: Mapping[str, int], class_of: Mapping[str, int], classes: int) -> list[int]:
    """How many answers are in each class."""
    tally = [0] * classes
    unknown = []
    for answer, count in counts.items():
        if count < 0:
            raise ValueError("A count cannot be negative.")
        if answer in class_of:
            tally[class_of[answer]] += count
        elif answer != NOT_APPLICABLE:
            unknown.append(answer)
    if unknown:
        raise ValueError(f"Not answers to this question: {', '.join(sorted(unknown))}.")
    if not any(tally):
        raise ValueError("No answers, no figure.")
    return tally
