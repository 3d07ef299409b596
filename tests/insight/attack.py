"""An attack on everything that leaves the database: figures, reports and public results, read anew every day.

Every answer has a value of its own, so the histogram of a release tells exactly whose answers it adds up. Whatever
is released to an audience on any day is remembered, and the attacker may add and subtract it with any rational
factors. The attacker may also be the handler of a unit, who knows all answers of it.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from palauteketju.insight import actions, queries, reports
from palauteketju.insight.actions import close_blocks
from palauteketju.insight.handover import public_figures, public_sum
from palauteketju.insight.models import Block, DayTotal, Pool, PublicBlock
from palauteketju.insight.period_sums import sums_beside
from palauteketju.insight.periods import KINDS
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import Anonymity, county_rules
from tests.insight.answers import DAY, MONDAY, Count, once
from tests.linear_algebra import find_isolated

# Counts without a figure: their values may be anything.
STREAMS = ["channel", "kind"]
UNITS = ["keskusta", "psyk", "hammas", "koti"]
LEAST, LEAST_PUBLIC = 3, 6

# Without shrinking: what is found is told at once, however long its history is.
QUICK = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": [
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
}


@dataclass
class Day:
    """`promised` to those who answered before the county changed its k, in force when their answers are counted."""

    arrivals: dict
    moves: bool
    promised: tuple
    in_force: tuple


@dataclass
class Seen:
    """What each audience was shown, and the truth about each answer: whose unit, and what it was promised."""

    shown: dict = field(default_factory=lambda: {"internal": set(), "public": set()})
    promised: dict = field(default_factory=dict)
    unit: dict = field(default_factory=dict)
    rows: tuple = ()


@st.composite
def histories(draw):
    where = st.tuples(st.sampled_from(UNITS), st.sampled_from(STREAMS))
    in_force = draw(st.integers(LEAST, 5)), draw(st.integers(LEAST_PUBLIC, 9))
    history = []
    for _ in range(draw(st.integers(3, 8))):
        promised = in_force
        if draw(st.integers(0, 3)) == 0:
            in_force = draw(st.integers(LEAST, 7)), draw(st.integers(LEAST_PUBLIC + 1, 12))
        arrivals = draw(st.dictionaries(where, st.integers(1, 6), max_size=4))
        history.append(Day(arrivals, draw(st.integers(0, 9)) == 0, promised, in_force))
    return history


merge_afters = st.integers(0, 4).map(lambda days: timedelta(days=days))


def verdict(history, merge_after, patch, checks=None):
    """What is wrong with a life through this history, by the names of CHECKS; leaves the database as it was."""
    with transaction.atomic(), patch.context() as rules:
        seen = _live(history, merge_after, rules)
        found = {name for name in checks or CHECKS if not CHECKS[name](seen)}
        transaction.set_rollback(True)
    return found


def _live(history, merge_after, patch):
    seen = Seen()
    for number, day in enumerate(history):
        at = MONDAY + number * DAY
        changed = replace(county_rules(), anonymity=Anonymity(*day.in_force, merge_after))
        patch.setattr(actions, "county_rules", lambda changed=changed: changed)
        if day.moves:
            psyk = Unit.objects.get(code="psyk")
            psyk.parent = Unit.objects.get(code="kotona" if psyk.parent.code == "terveys" else "terveys")
            psyk.save()
        close_blocks(once(*_answers(day, seen)), at=at)
        _look_around(seen, at.date(), KINDS if number == len(history) - 1 else ["week"])
    return seen


def _answers(day, seen):
    for (unit, stream), n in sorted(day.arrivals.items()):
        for _ in range(n):
            answer = f"a{len(seen.promised)}"
            seen.promised[answer], seen.unit[answer] = day.promised, unit
            yield Count(unit, stream, answer, 1, *day.promised)


def _look_around(seen, today, kinds):
    """Everything that can be read on this day; nothing new where nothing was released."""
    rows = Block.objects.count(), PublicBlock.objects.count(), DayTotal.objects.count()
    if rows == seen.rows and len(kinds) == 1:
        return
    seen.rows = rows
    internal, public = seen.shown["internal"], seen.shown["public"]
    internal |= {frozenset(block.counts) for block in queries.released("internal")}
    public |= {frozenset(block.counts) for block in queries.released("public")}
    for scope in Unit.objects.all():
        for kind in kinds:
            report = reports.as_json(reports.ready_made(scope, KINDS[kind].of(today)))
            internal |= {frozenset(figure["counts"]) for figure in report["figures"]}
        for figure in public_figures(scope.code):
            public |= {frozenset(figure.latest.counts), frozenset(figure.year.counts)}
        # The board's week.
        weeks = (public_sum(scope, stream, today - 6 * DAY, today) for stream in STREAMS)
        public |= {frozenset(week.counts) for week in weeks if week}
    # The page with units and areas side by side.
    for stream in STREAMS:
        for histograms in sums_beside(list(Unit.objects.all()), stream, today, steps=6, days=28).values():
            internal |= {frozenset(counts) for counts in histograms if counts}
    # Who works in the county reads the public pages too.
    internal |= public


def _are_counted_once(seen):
    held = defaultdict(int)
    for found in [*Block.objects.all(), *Pool.objects.all()]:
        for answer, n in found.counts.items():
            held[answer] += n
    return held == dict.fromkeys(seen.promised, 1)


def _hold_the_promise(seen, audience, which):
    return all(
        block.n >= max(seen.promised[answer][which] for answer in block.counts)
        for block in queries.released(audience)
    )


def _hide_neighbours_as_promised(seen):
    for block in queries.released("internal"):
        k = max(seen.promised[answer][0] for answer in block.counts)
        units = [seen.unit[answer] for answer in block.counts]
        if len(set(units)) > 1 and any(len(units) - units.count(unit) < k for unit in set(units)):
            return False
    return True


def _releases(seen, audience, known_to=None):
    """What the attacker works with: the handler of a unit has taken its answers away."""
    left = {
        frozenset(answer for answer in release if seen.unit[answer] != known_to)
        for release in seen.shown[audience]
    }
    return sorted(map(sorted, left - {frozenset()}))


def _are_whole(releases, blocks):
    """Whether each release holds each block wholly or not at all.

    Then two customers of one block may exchange their answers, and everything that was ever shown stays the same: no
    bound on what one of them said can be drawn closer than the block's own histogram draws it for all of them.
    """
    whole = [frozenset(block.counts) for block in blocks]
    held = frozenset().union(*whole)
    return all(
        release <= held and all(block <= release or not block & release for block in whole)
        for release in releases
    )


CHECKS = {
    "each answer is counted once": _are_counted_once,
    "internal promise": lambda seen: _hold_the_promise(seen, "internal", 0),
    "public promise": lambda seen: _hold_the_promise(seen, "public", 1),
    "promise to the neighbours": _hide_neighbours_as_promised,
    "internal whole blocks": lambda seen: _are_whole(seen.shown["internal"], queries.released("internal")),
    "public whole blocks": lambda seen: _are_whole(seen.shown["public"], queries.released("public")),
    "internal algebra": lambda seen: find_isolated(_releases(seen, "internal"), LEAST) is None,
    "public algebra": lambda seen: find_isolated(_releases(seen, "public"), LEAST_PUBLIC) is None,
    "a handler's algebra": lambda seen: (
        not any(find_isolated(_releases(seen, "internal", known_to=unit), LEAST) for unit in UNITS)
    ),
}
