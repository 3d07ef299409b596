"""No combination of what is shown reaches fewer than was promised; and the attack finds every fault that was planted."""

import types

import pytest
from hypothesis import given, settings

from palauteketju.insight import actions
from palauteketju.insight.models import Block, Pool
from palauteketju.privacy import blocks as rule
from tests.insight.attack import QUICK, histories, merge_afters, verdict

pytestmark = pytest.mark.django_db


@settings(**QUICK, max_examples=20)
@given(histories(), merge_afters)
def test_it_finds_nothing(units, dental, monkeypatch, history, merge_after):
    assert verdict(history, merge_after, monkeypatch) == set()


@pytest.fixture
def attack(units, dental, monkeypatch):
    """Whether this part of the attack finds a fault in some history."""

    def finds(expected):
        @settings(**QUICK, max_examples=150, derandomize=True, database=None, report_multiple_bugs=False)
        @given(histories(), merge_afters)
        def search(history, merge_after):
            assert not verdict(history, merge_after, monkeypatch, [expected])

        try:
            search()
        except AssertionError:
            return True
        return False

    return finds


def replace_rule(monkeypatch, **functions):
    changed = types.SimpleNamespace(**{**vars(rule), **functions})
    monkeypatch.setattr(actions, "rule", changed)


@pytest.mark.parametrize("found", ["each answer is counted once", "internal algebra"])
def test_a_pool_that_is_not_emptied_is_caught(attack, monkeypatch, found):
    replace_rule(
        monkeypatch, close=lambda *given, **more: rule.Closing(rule.close(*given, **more).blocks, [])
    )

    assert attack(found)


def test_a_pool_that_forgets_what_was_promised_before_k_was_lowered_is_caught(attack, monkeypatch):
    count_in = actions._count_in

    def forgets(new, *, today, anonymity):
        pools = count_in(new, today=today, anonymity=anonymity)
        for pool in pools.values():
            pool.k = anonymity.k
        Pool.objects.update(k=anonymity.k)
        return pools

    monkeypatch.setattr(actions, "_count_in", forgets)

    assert attack("internal promise")


def test_answers_counted_under_a_k_lowered_after_them_are_caught(attack, monkeypatch):
    """The promise is that of the moment of answering, not of the tick that counts it."""
    count_in = actions._count_in

    def ignores(new, *, today, anonymity):
        told_nothing = [
            types.SimpleNamespace(
                unit=count.unit, stream=count.stream, value=count.value, n=count.n, k=0, public_k=0
            )
            for count in new
        ]
        return count_in(told_nothing, today=today, anonymity=anonymity)

    monkeypatch.setattr(actions, "_count_in", ignores)

    assert attack("internal promise")


def test_a_lowered_public_k_that_is_applied_to_older_blocks_is_caught(attack, monkeypatch):
    make = actions._block

    def forgets(*given, **more):
        block = make(*given, **more)
        block.public_k = 0
        return block

    monkeypatch.setattr(actions, "_block", forgets)

    assert attack("public promise")


@pytest.mark.parametrize("found", ["public algebra", "public whole blocks"])
def test_public_totals_over_internal_blocks_are_caught(attack, monkeypatch, found):
    add_up = actions._add_up
    internal = []

    def of_internal(blocks, *, is_public):
        if not is_public:
            internal[:] = blocks
        add_up(internal, is_public=is_public)

    monkeypatch.setattr(actions, "_add_up", of_internal)

    assert attack(found)


def test_a_block_in_two_public_blocks_is_caught(attack, monkeypatch):
    publish = actions._publish

    def forgets_the_last(*given, **more):
        public = publish(*given, **more)
        for joined in public:
            last = Block.objects.filter(public=joined).order_by("closed", "pk").last()
            Block.objects.filter(pk=last.pk).update(public=None)
        return public

    monkeypatch.setattr(actions, "_publish", forgets_the_last)

    assert attack("public whole blocks")


@pytest.mark.parametrize("found", ["a handler's algebra", "promise to the neighbours"])
def test_a_merged_block_that_shows_a_neighbour_is_caught(attack, monkeypatch, found):
    """So many answers together are not enough where a handler knows most of them."""

    def enough(pools, *, k):
        return sum(pool.n for pool in pools) >= k

    monkeypatch.setattr(rule, "_hides_each_unit", enough)

    assert attack(found)
