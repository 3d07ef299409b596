"""An attack on everything that leaves the database: figures, reports and public results, read anew every day.

Every answer has a value of its own, so the histogram of a release tells exactly whose answers it adds up. Whatever
is released to an audience on any day is remembered, and no rational combination of it may reach a smaller group than
that audience was promised.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palauteketju.insight import actions, queries, reports
from palauteketju.insight.actions import close_blocks
from palauteketju.insight.handover import public_figures
from palauteketju.insight.models import Block, Pool
from palauteketju.insight.periods import week_of
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import Anonymity, county_rules
from tests.insight.answers import DAY, MONDAY, Count, once
from tests.linear_algebra import find_isolated

pytestmark = pytest.mark.django_db

# Counts without a figure: their values may be anything.
STREAMS = ["channel", "kind"]
UNITS = ["keskusta", "psyk", "hammas", "koti"]
LEAST, LEAST_PUBLIC = 3, 6


@dataclass
class Day:
    arrivals: dict
    moves: bool
    k: int
    public_k: int


@st.composite
def histories(draw):
    where = st.tuples(st.sampled_from(UNITS), st.sampled_from(STREAMS))
    k, public_k = draw(st.integers(LEAST, 5)), draw(st.integers(LEAST_PUBLIC, 9))
    history = []
    for _ in range(draw(st.integers(3, 12))):
        if draw(st.integers(0, 4)) == 0:
            k, public_k = draw(st.integers(LEAST, 7)), draw(st.integers(LEAST_PUBLIC + 1, 12))
        arrivals = draw(st.dictionaries(where, st.integers(1, 6), max_size=4))
        history.append(Day(arrivals, draw(st.integers(0, 9)) == 0, k, public_k))
    return history


def run(history, merge_after, patch):
    """Live through the history; returns what each audience was shown, and what each answer was promised."""
    shown, promised = {"internal": set(), "public": set()}, {}
    for number, day in enumerate(history):
        at = MONDAY + number * DAY
        rules = replace(county_rules(), anonymity=Anonymity(day.k, day.public_k, merge_after))
        patch.setattr(actions, "county_rules", lambda rules=rules: rules)
        if day.moves:
            psyk = Unit.objects.get(code="psyk")
            psyk.parent = Unit.objects.get(code="kotona" if psyk.parent.code == "terveys" else "terveys")
            psyk.save()
        counts = []
        for (unit, stream), n in sorted(day.arrivals.items()):
            for _ in range(n):
                answer = f"a{len(promised)}"
                promised[answer] = (day.k, day.public_k)
                counts.append(Count(unit, stream, answer, 1))
        close_blocks(once(*counts), at=at)
        look_around(shown, at.date())
    return shown, promised


def look_around(shown, today):
    """Everything that can be read on this day."""
    for audience in ("internal", "public"):
        shown[audience] |= {frozenset(block.counts) for block in queries.released(audience)}
    for scope in Unit.objects.all():
        for week in {week_of(today), week_of(today).earlier(1)}:
            report = reports.as_json(reports.weekly(scope, week))
            shown["internal"] |= {frozenset(figure["counts"]) for figure in report["figures"]}
        for figure in public_figures(scope.code):
            shown["public"] |= {frozenset(figure.latest.counts), frozenset(figure.year.counts)}
    # Who works in the county reads the public pages too.
    shown["internal"] |= shown["public"]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(histories(), st.integers(0, 4).map(lambda days: timedelta(days=days)))
def test_no_combination_of_what_is_shown_reaches_too_few(units, dental, monkeypatch, history, merge_after):
    with transaction.atomic(), monkeypatch.context() as patch:
        shown, promised = run(history, merge_after, patch)

        for audience, least in (("internal", LEAST), ("public", LEAST_PUBLIC)):
            assert find_isolated(sorted(map(sorted, shown[audience])), least) is None
        for block in queries.released("internal"):
            assert block.n >= max(promised[answer][0] for answer in block.counts)
        for block in queries.released("public"):
            assert block.n >= max(promised[answer][1] for answer in block.counts)
        held = defaultdict(int)
        for found in [*Block.objects.all(), *Pool.objects.all()]:
            for answer, n in found.counts.items():
                held[answer] += n
        assert held == dict.fromkeys(promised, 1)
        transaction.set_rollback(True)
