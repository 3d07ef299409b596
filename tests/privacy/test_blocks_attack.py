"""An attack on everything the rule of blocks ever releases.

The rule sees only counts. Here every answer is a value of its own ("a17": 1), so the histogram of a block tells
exactly whose answers it holds, and a row of 0 and 1 over all answers stands for each released sum: which answers
it adds up. The attacker may add and subtract released sums with any rational factors, and wins with a combination
that leaves a sum over 1 to k - 1 answers.

Answers of one person to two questions are two columns: a sum of recommendations and a sum of opinions have no
meaningful difference.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palauteketju.privacy.blocks import Block, Closing, Pool, close, join_public
from tests.linear_algebra import find_isolated, reduced_basis

START = date(2026, 1, 1)
UNITS = ["u1", "u2", "u3", "u4", "u5"]
AREAS = ["north", "south"]
STREAMS = ["thl-1/nps", "kind"]
PUBLIC_K = 10

thorough = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


# The county


@dataclass
class Day:
    """What happens on one day before the tick: answers by unit and stream, moved units, settings."""

    arrivals: dict
    late: dict
    moves: dict
    k: int
    ticks: int


@dataclass
class County:
    """What the caller of the rule keeps, and besides it the truth about every answer."""

    parent: dict
    pools: dict = field(default_factory=dict)
    blocks: list = field(default_factory=list)
    k_of_block: list = field(default_factory=list)
    counted_in: dict = field(default_factory=dict)
    public: list = field(default_factory=list)

    def count_in(self, unit, stream, today):
        answer = f"a{len(self.counted_in)}"
        self.counted_in[answer] = (unit, stream)
        known = self.pools.get((unit, stream), Pool(unit, stream, today, {}))
        self.pools[unit, stream] = Pool(unit, stream, known.opened, {**known.counts, answer: 1})

    def tick(self, rule, today, k, merge_after):
        closing = rule(self.pools.values(), parent=self.parent, today=today, k=k, merge_after=merge_after)
        for pool in closing.drained:
            del self.pools[pool.scope, pool.stream]
        self.blocks += closing.blocks
        self.k_of_block += [k] * len(closing.blocks)


def run(history, merge_after, rule=close):
    """The county after its history; a late answer is counted in some days after it was given."""
    county = County(
        {unit: AREAS[number % 2] for number, unit in enumerate(UNITS)} | dict.fromkeys(AREAS, "county")
    )
    delayed = defaultdict(list)
    for number, day in enumerate(history):
        today = START + timedelta(days=number)
        county.parent.update(day.moves)
        for (unit, stream), n in day.arrivals.items():
            for _ in range(n):
                county.count_in(unit, stream, today)
        for unit, stream in delayed.pop(today, []):
            county.count_in(unit, stream, today)
        for (unit, stream), lag in day.late.items():
            delayed[today + timedelta(days=lag)].append((unit, stream))
        for _ in range(day.ticks):
            county.tick(rule, today, day.k, merge_after)
        county.public += public_releases(county)
    return county


def public_releases(county):
    """What the public site shows today: each scope's groups, and the sums of groups by area and in the county."""
    releases = []
    for stream in STREAMS:
        by_scope = defaultdict(list)
        for block in county.blocks:
            if block.stream == stream:
                by_scope[block.scope].append(block)
        groups = {
            scope: [answers_in(*group) for group in join_public(blocks, k=PUBLIC_K)]
            for scope, blocks in by_scope.items()
        }
        releases += [group for of_scope in groups.values() for group in of_scope]
        for level in [*AREAS, "county"]:
            releases.append(
                frozenset().union(
                    *(
                        group
                        for scope in groups
                        if is_under(scope, level, county.parent)
                        for group in groups[scope]
                    )
                )
            )
    return [release for release in releases if release]


def internal_releases(county):
    """Every block, every scope's, area's and county's sum of every period of closing days, and the public's."""
    releases = {answers_in(block) for block in county.blocks} | set(county.public)
    days = sorted({block.closed for block in county.blocks})
    levels = {block.scope for block in county.blocks} | {*AREAS, "county"}
    for stream in STREAMS:
        for level in levels:
            of_level = [
                block
                for block in county.blocks
                if block.stream == stream and is_under(block.scope, level, county.parent)
            ]
            for start, first in enumerate(days):
                for last in days[start:]:
                    releases.add(answers_in(*(b for b in of_level if first <= b.closed <= last)))
    return sorted(map(sorted, releases - {frozenset()}))


def answers_in(*blocks):
    return frozenset(answer for block in blocks for answer in block.counts)


def is_under(scope, level, parent):
    place = scope.removeprefix("other:")
    return level in (scope, place, parent.get(place), parent.get(parent.get(place)))


@st.composite
def histories(draw, rising_k=True):
    """Three weeks in a quiet county: most days bring a unit nothing, some bring a flood."""
    days = draw(st.integers(4, 21))
    k = draw(st.integers(2, 5))
    where = st.tuples(st.sampled_from(UNITS), st.sampled_from(STREAMS))
    history = []
    for _ in range(days):
        if rising_k and draw(st.integers(0, 9)) == 0:
            k += draw(st.integers(1, 3))
        history.append(
            Day(
                arrivals=draw(st.dictionaries(where, st.integers(1, 6), max_size=4)),
                late=draw(st.dictionaries(where, st.integers(1, 9), max_size=2)),
                moves=draw(st.dictionaries(st.sampled_from(UNITS), st.sampled_from(AREAS), max_size=1))
                if draw(st.integers(0, 9)) == 0
                else {},
                k=k,
                ticks=draw(st.sampled_from([1, 1, 1, 1, 0, 2])),
            )
        )
    return history


merge_afters = st.integers(0, 8).map(lambda days: timedelta(days=days))


# What must hold


@thorough
@given(histories(), merge_afters)
def test_no_combination_of_releases_reaches_fewer_than_k_answers(history, merge_after):
    county = run(history, merge_after)

    assert find_isolated(internal_releases(county), min(day.k for day in history)) is None


@thorough
@given(histories(), merge_afters)
def test_no_combination_of_public_releases_reaches_fewer_than_ten_answers(history, merge_after):
    county = run(history, merge_after)

    assert find_isolated(sorted(map(sorted, set(county.public))), PUBLIC_K) is None


@thorough
@given(histories(), merge_afters)
def test_each_answer_is_in_one_block_or_still_waits(history, merge_after):
    county = run(history, merge_after)

    held = Counter()
    for container in [*county.blocks, *county.pools.values()]:
        held.update(container.counts)
    assert held == Counter(dict.fromkeys(county.counted_in, 1))


@thorough
@given(histories(), merge_afters)
def test_each_answer_stays_in_its_stream_and_family(history, merge_after):
    """A block of a unit holds only its own answers, a merged one those of at least two units."""
    still = [Day(day.arrivals, day.late, {}, day.k, day.ticks) for day in history]
    county = run(still, merge_after)

    for block in county.blocks:
        units = {county.counted_in[answer][0] for answer in block.counts}
        assert {county.counted_in[answer][1] for answer in block.counts} == {block.stream}
        if block.scope.startswith("other:"):
            assert len(units) > 1
            assert all(is_under(unit, block.scope.removeprefix("other:"), county.parent) for unit in units)
        else:
            assert units == {block.scope}


@thorough
@given(histories(), merge_afters)
def test_each_block_has_at_least_the_k_of_its_day(history, merge_after):
    county = run(history, merge_after)

    assert all(block.n >= k for block, k in zip(county.blocks, county.k_of_block, strict=True))


@thorough
@given(histories(), merge_afters)
def test_what_people_said_changes_nothing_about_who_is_counted_together(history, merge_after):
    """The same days again, but everybody gives the same answer: the same blocks of the same sizes."""

    def close_blindly(pools, **settings_of_day):
        return close([alike(pool) for pool in pools], **settings_of_day)

    def alike(pool):
        return Pool(pool.scope, pool.stream, pool.opened, {"9": pool.n} if pool.n else {})

    def shape(blocks):
        return [(block.scope, block.stream, block.opened, block.closed, block.n) for block in blocks]

    assert shape(run(history, merge_after).blocks) == shape(
        run(history, merge_after, rule=close_blindly).blocks
    )


# The attacker misses nothing, and finds what wrong rules give away


@thorough
@given(
    st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), min_size=1, max_size=6), st.integers(2, 5)
)
def test_the_attacker_finds_whatever_there_is_to_find(releases, k):
    """Compared with trying every small set: it follows from the releases when it adds nothing to their rank."""
    releases = [sorted(release) for release in releases]
    rank = len(reduced_basis(dict.fromkeys(release, Fraction(1)) for release in releases))
    small_sets = [subset for size in range(1, k) for subset in combinations("abcdef", size)]
    isolated = [
        list(subset)
        for subset in small_sets
        if len(reduced_basis(dict.fromkeys(row, Fraction(1)) for row in [*releases, subset])) == rank
    ]

    found = find_isolated(releases, k)

    assert found in isolated if isolated else found is None


def days_of(*arrivals, k=5):
    """Days on which the units get so many answers to the recommendation question."""
    return [Day({(unit, "thl-1/nps"): n for unit, n in day.items()}, {}, {}, k, 1) for day in arrivals]


NEVER = timedelta(days=10_000)


def test_a_block_of_four_is_found():
    def one_too_few(pools, *, k, **others):
        return close(pools, k=k - 1, **others)

    county = run(days_of({"u1": 4}), NEVER, rule=one_too_few)

    assert find_isolated(internal_releases(county), 5) == ["a0", "a1", "a2", "a3"]


def test_a_pool_that_is_counted_again_is_found():
    """Running totals, shown as soon as there are five: the sixth customer is yesterday's total against today's."""

    def forgets_to_drain(pools, **others):
        return Closing(close(pools, **others).blocks, [])

    county = run(days_of({"u1": 5}, {"u1": 1}), NEVER, rule=forgets_to_drain)

    assert find_isolated(internal_releases(county), 5) == ["a5"]


def test_a_hidden_small_unit_beside_a_total_is_found():
    """Hiding the cell of a small unit but showing the area's total, as tables with hidden cells do."""

    def hides_cells(pools, *, today, k, **others):
        pools = list(pools)
        total = {answer: 1 for pool in pools for answer in pool.counts}
        shown = [Block(pool.scope, pool.stream, today, today, pool.counts) for pool in pools if pool.n >= k]
        return Closing([*shown, Block("other:north", "thl-1/nps", today, today, total)], pools)

    county = run(days_of({"u1": 7, "u3": 2}), NEVER, rule=hides_cells)

    assert find_isolated(internal_releases(county), 5) == ["a7", "a8"]


def test_a_public_total_over_blocks_is_found():
    """The county's public sum must be over public groups: over blocks it gives away the tail of one unit."""
    county = run(days_of({"u1": 10}, {"u1": 6}), NEVER)

    assert find_isolated(county.public, PUBLIC_K) is None
    assert find_isolated([*county.public, answers_in(*county.blocks)], PUBLIC_K) is not None


def test_public_blocks_joined_anew_by_a_larger_k_are_found():
    """Why only blocks not yet published are joined by a raised k."""
    county = run(days_of({"u1": 6}, {"u1": 5}, {"u1": 6}), NEVER)
    [joined_anew] = join_public(county.blocks, k=15)

    assert find_isolated([*county.public, answers_in(*joined_anew)], PUBLIC_K) is not None


def test_a_difference_that_needs_three_releases_is_found():
    a, b, c, d = (frozenset(f"{letter}{n}" for n in range(5)) for letter in "abcd")

    assert find_isolated([a | b, c | d, a | c, b | d], 5) is None
    assert find_isolated([a | b | {"x"}, b | c, a | c, c], 5) == ["x"]


def test_a_combination_with_fractions_is_found():
    """(ab + bc + ca) / 2 counts a, b and c once each, and so leaves the one more answer of the total."""
    a, b, c = (frozenset(f"{letter}{n}" for n in range(5)) for letter in "abc")

    assert find_isolated([a | b, b | c, c | a], 5) is None
    assert find_isolated([a | b, b | c, c | a, a | b | c | {"x"}], 5) == ["x"]
