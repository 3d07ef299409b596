"""Public figures are added up by the database: the same as adding up one public block after another, whatever was released."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palauteketju.insight import handover
from palauteketju.insight.figures import sum_of
from palauteketju.insight.models import DayTotal
from palauteketju.insight.queries import public_sums, released
from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db
MONTH = 30
AREA_OF = {"keskusta": "terveys", "psyk": "terveys", "hammas": "terveys", "koti": "kotona"}


def one_after_another(scope, first):
    """As the words of `public_sums` say, from the released blocks alone."""
    found = {}
    for block in released("public"):
        whose = {block.scope, block.area, block.county} if scope.kind != "unit" else {block.scope}
        if scope.code in whose and block.closed >= first:
            found.setdefault(block.stream, []).append(block)
    return {stream: (_added(_latest(blocks, scope)), _added(blocks)) for stream, blocks in found.items()}


def _latest(blocks, scope):
    if scope.kind == "unit":
        return [max(blocks, key=lambda block: (block.closed, block.block))]
    newest = max(block.closed for block in blocks)
    return [block for block in blocks if block.closed > newest - timedelta(days=MONTH)]


def _added(blocks):
    opened = min(block.opened for block in blocks)
    return (
        opened,
        max(block.closed for block in blocks),
        sum(block.n for block in blocks),
        sum_of(b.counts for b in blocks),
    )


def by_the_database(scope, first):
    def told(figures):
        return figures.opened, figures.closed, figures.n, dict(figures.counts)

    found = public_sums(scope, first=first, latest_days=MONTH)
    return {sums.stream: (told(sums.latest), told(sums.all)) for sums in found}


def test_it_works(units):
    close(answers(units.keskusta, 12), answers(units.keskusta, 3, value="2"), on=MONDAY)
    close(answers(units.keskusta, 10, value="10"), on=MONDAY + DAY)
    [sums] = public_sums(units.keskusta, first=MONDAY.date(), latest_days=MONTH)

    assert (sums.latest.n, sums.latest.counts) == (10, {"10": 10})
    assert (sums.all.n, sums.all.counts) == (25, {"9": 12, "2": 3, "10": 10})
    assert sums.latest.closed == sums.all.closed == (MONDAY + DAY).date()


where = st.tuples(st.sampled_from(sorted(AREA_OF)), st.sampled_from(["thl-2/nps", "kind"]))
came = st.dictionaries(where, st.tuples(st.integers(1, 14), st.sampled_from("29")), max_size=5)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.integers(1, 40), came), min_size=1, max_size=7), st.integers(-5, 150))
def test_it_is_the_sum_of_the_released_blocks(units, dental, history, skipped):
    """Gaps of up to forty days between closings: some public blocks are older than the month, some than the year asked for."""
    first = MONDAY.date() + timedelta(days=skipped)
    first = first.replace(day=1)
    scopes = [units.keskusta, units.psyk, dental, units.koti, units.health, units.home, units.county]
    with transaction.atomic():
        at = MONDAY
        for days, arrivals in history:
            at += days * DAY
            close(
                *(
                    answers(SimpleNamespace(code=code), n, stream=stream, value=value)
                    for (code, stream), (n, value) in arrivals.items()
                ),
                on=at,
            )
        for scope in scopes:
            assert by_the_database(scope, first) == one_after_another(scope, first)
        transaction.set_rollback(True)


def test_internal_totals_are_never_in_it(units):
    close(answers(units.keskusta, 9), answers(units.psyk, 9), on=MONDAY)

    assert DayTotal.objects.filter(is_public=False).exists()
    for scope in (units.keskusta, units.health, units.county):
        assert public_sums(scope, first=date(2020, 1, 1), latest_days=MONTH) == []


def test_a_page_of_the_public_asks_the_database_a_few_times_however_long_the_history(
    units, django_assert_num_queries
):
    for day in range(0, 200, 5):
        close(answers(units.keskusta, 12), on=MONDAY + day * DAY)

    with django_assert_num_queries(3):
        handover.public_figures("keskusta")
