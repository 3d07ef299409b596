"""The rule of blocks, by example.

Two areas of one county, k = 5 and eight weeks of waiting:

    county
    ├── clinics    (kallo, kello, koski, kulma)
    └── homes      (hanka, harju)
"""

from datetime import date, timedelta

import pytest

from palauteketju.privacy.blocks import Block, Pool, close, join_public

TODAY = date(2026, 11, 16)
RECENTLY = date(2026, 11, 10)
LONG_AGO = date(2026, 8, 3)
EIGHT_WEEKS = timedelta(weeks=8)

PARENT = {
    "kallo": "clinics",
    "kello": "clinics",
    "koski": "clinics",
    "kulma": "clinics",
    "hanka": "homes",
    "harju": "homes",
    "clinics": "county",
    "homes": "county",
}


def pool(scope, n, opened=RECENTLY, stream="thl-1/nps"):
    return Pool(scope, stream, opened, {"9": n})


def close_today(*pools, k=5, parent=PARENT):
    return close(pools, parent=parent, today=TODAY, k=k, merge_after=EIGHT_WEEKS)


def sizes(closing):
    return [(block.scope, block.n) for block in closing.blocks]


def test_it_works():
    kallo = Pool("kallo", "thl-1/nps", RECENTLY, {"10": 4, "3": 1})

    closing = close_today(kallo)

    assert closing.blocks == [Block("kallo", "thl-1/nps", RECENTLY, TODAY, {"10": 4, "3": 1})]
    assert closing.drained == [kallo]


def test_all_that_wait_in_a_pool_go_into_its_block():
    assert sizes(close_today(pool("kallo", 23))) == [("kallo", 23)]


def test_four_answers_wait():
    closing = close_today(pool("kallo", 4))

    assert closing.blocks == []
    assert closing.drained == []


def test_four_answers_alone_in_the_county_wait_however_long():
    assert close_today(pool("kallo", 4, LONG_AGO)).blocks == []


def test_an_empty_pool_is_nothing_to_merge():
    empty, *waiting = (
        pool("koski", 0, LONG_AGO),
        pool("kallo", 4, LONG_AGO),
        pool("kello", 3, LONG_AGO),
        pool("kulma", 2, LONG_AGO),
    )

    assert close_today(empty, *waiting).drained == waiting


def test_streams_never_mix():
    assert (
        close_today(
            pool("kallo", 4, LONG_AGO, stream="thl-1/nps"), pool("kello", 4, LONG_AGO, stream="thl-2/nps")
        ).blocks
        == []
    )


def test_small_units_of_an_area_are_counted_together_after_eight_weeks():
    kallo = Pool("kallo", "kind", LONG_AGO, {"thanks": 2, "idea": 1})
    kello = Pool("kello", "kind", LONG_AGO + timedelta(days=3), {"thanks": 2})
    koski = Pool("koski", "kind", LONG_AGO + timedelta(days=4), {"thanks": 3})

    closing = close_today(kallo, kello, koski)

    assert closing.blocks == [Block("other:clinics", "kind", LONG_AGO, TODAY, {"idea": 1, "thanks": 7})]
    assert closing.drained == [kallo, kello, koski]


def test_a_handler_who_subtracts_the_own_unit_is_left_with_k_of_the_others():
    # Seven answers, but without those of kallo only three: kallo's handlers would know that they are all of kello.
    assert close_today(pool("kallo", 4, LONG_AGO), pool("kello", 3, LONG_AGO)).blocks == []
    assert (
        close_today(pool("kallo", 4, LONG_AGO), pool("kello", 3, LONG_AGO), pool("koski", 1, LONG_AGO)).blocks
        == []
    )
    assert sizes(
        close_today(pool("kallo", 4, LONG_AGO), pool("kello", 3, LONG_AGO), pool("koski", 2, LONG_AGO))
    ) == [("other:clinics", 9)]


def test_exactly_eight_weeks_is_not_longer_than_eight_weeks():
    eight_weeks_ago = TODAY - EIGHT_WEEKS

    assert close_today(pool("kallo", 4, eight_weeks_ago), pool("kello", 4, eight_weeks_ago)).blocks == []


def test_without_an_overdue_pool_nobody_is_merged():
    assert close_today(pool("kallo", 4), pool("kello", 4)).blocks == []


def test_an_overdue_pool_takes_along_only_as_many_others_as_it_needs_the_longest_waiting_first():
    overdue = pool("kallo", 3, LONG_AGO)
    oldest = pool("koski", 2, RECENTLY - timedelta(days=2))
    older = pool("kulma", 3, RECENTLY - timedelta(days=1))
    newer = pool("kello", 4, RECENTLY)

    assert close_today(newer, older, oldest, overdue).drained == [overdue, oldest, older]


def test_others_join_until_there_are_exactly_k_besides_the_largest():
    pools = [pool("kallo", 3, LONG_AGO), pool("kello", 2), pool("koski", 3)]

    assert sizes(close_today(*pools)) == [("other:clinics", 8)]


def test_all_overdue_pools_go_even_when_fewer_would_do():
    closing = close_today(*(pool(unit, 4, LONG_AGO) for unit in ("kallo", "kello", "koski")))

    assert sizes(closing) == [("other:clinics", 12)]


def test_a_unit_with_enough_of_its_own_does_not_help_its_neighbour():
    closing = close_today(pool("kallo", 3, LONG_AGO), pool("kello", 8, LONG_AGO))

    assert sizes(closing) == [("kello", 8)]


def test_another_area_helps_when_the_own_area_has_too_few():
    closing = close_today(pool("kallo", 3, LONG_AGO), pool("kello", 2, LONG_AGO), pool("hanka", 3, LONG_AGO))

    assert sizes(closing) == [("other:county", 8)]


def test_in_the_county_only_the_overdue_are_merged():
    overdue = [pool("kallo", 3, LONG_AGO), pool("hanka", 2, LONG_AGO), pool("koski", 3, LONG_AGO)]

    assert sorted(
        drained.scope for drained in close_today(*overdue, pool("kello", 1), pool("harju", 1)).drained
    ) == ["hanka", "kallo", "koski"]


def test_an_area_that_has_enough_is_not_drawn_into_the_county():
    clinics = [pool(unit, 3, LONG_AGO) for unit in ("kallo", "kello", "koski")]
    closing = close_today(*clinics, pool("hanka", 4, LONG_AGO))

    assert sizes(closing) == [("other:clinics", 9)]


def test_units_directly_under_the_county_merge_there():
    parent = {
        "centre": "county",
        "switchboard": "county",
        "lobby": "county",
        "hanka": "homes",
        "homes": "county",
    }

    directly = [pool("centre", 3, LONG_AGO), pool("switchboard", 3)]

    assert sizes(close_today(*directly, pool("lobby", 2), parent=parent)) == [("other:county", 8)]
    assert sizes(close_today(*directly[:1], pool("hanka", 5, LONG_AGO), parent=parent)) == [("hanka", 5)]
    late = [pool("centre", 3, LONG_AGO), pool("switchboard", 3, LONG_AGO), pool("hanka", 2, LONG_AGO)]
    assert sizes(close_today(*late, parent=parent)) == [("other:county", 8)]


def test_a_scope_without_a_parent_waits_for_answers_of_its_own():
    assert sizes(close_today(pool("lost", 4, LONG_AGO), pool("kallo", 4, LONG_AGO))) == []
    assert sizes(close_today(pool("lost", 5, LONG_AGO))) == [("lost", 5)]


def test_the_order_in_which_pools_come_changes_nothing():
    pools = [
        pool("kello", 6),
        pool("hanka", 7),
        pool("kallo", 3, LONG_AGO),
        pool("koski", 3, LONG_AGO),
        pool("kulma", 4),
    ]

    assert close_today(*pools) == close_today(*reversed(pools))


def test_a_larger_k_waits_for_more():
    assert close_today(pool("kallo", 9), k=10).blocks == []
    assert sizes(close_today(pool("kallo", 10), k=10)) == [("kallo", 10)]


@pytest.mark.parametrize("k", [1, 0, -5])
def test_a_k_that_protects_nobody_is_refused(k):
    with pytest.raises(ValueError, match="at least 2"):
        close_today(pool("kallo", 9), k=k)


def test_two_pools_of_one_scope_and_stream_are_refused():
    with pytest.raises(ValueError, match="two pools of kallo"):
        close_today(pool("kallo", 3), pool("kallo", 4))


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        Pool("kallo", "kind", TODAY, {"thanks": 6, "idea": -1})


def test_a_block_keeps_its_counts_when_the_pool_is_emptied():
    counts = {"9": 5}
    closing = close_today(Pool("kallo", "thl-1/nps", RECENTLY, counts))
    counts.clear()

    assert closing.blocks[0].n == 5


def block(n, closed=TODAY, scope="kallo", stream="thl-1/nps"):
    return Block(scope, stream, closed, closed, {"9": n})


def test_the_public_sees_blocks_joined_to_ten():
    a, b, c, d = block(5), block(6), block(12), block(5)

    assert join_public([a, b, c, d], k=10) == [[a, b], [c]]


def test_exactly_ten_are_enough_for_the_public():
    assert join_public([block(5), block(5)], k=10) == [[block(5), block(5)]]


def test_later_blocks_never_change_what_was_public():
    blocks = [block(n) for n in (5, 6, 12, 5, 7, 9, 9)]
    whole = join_public(blocks, k=10)

    for length in range(len(blocks)):
        part = join_public(blocks[:length], k=10)
        assert part == whole[: len(part)]


def test_nothing_to_join_is_nothing_public():
    assert join_public([], k=10) == []


def test_blocks_of_two_scopes_or_streams_are_not_joined():
    for stranger in (block(6, scope="kello"), block(6, stream="thl-2/nps")):
        with pytest.raises(ValueError, match="one scope and one stream"):
            join_public([block(6), stranger], k=10)


def test_blocks_out_of_order_are_not_joined():
    with pytest.raises(ValueError, match="order"):
        join_public([block(6, TODAY), block(6, RECENTLY)], k=10)
