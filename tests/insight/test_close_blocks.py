"""Closing blocks: every answer is counted exactly once, and nothing below k is ever released."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier, Event, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from palauteketju.audit.models import Entry
from palauteketju.insight import actions
from palauteketju.insight.actions import SETTLING, close_blocks, is_due
from palauteketju.insight.models import Block, Cutoff, DayTotal, MonthTotal, Pool, PublicBlock
from palauteketju.intake import handover
from palauteketju.intake.handover import counts_recorded, windows
from palauteketju.intake.models import Feedback
from palauteketju.organisation.rules import Anonymity, county_rules
from tests.insight.answers import DAY, HELSINKI, MONDAY, answers, give, once

pytestmark = pytest.mark.django_db


def set_rules(monkeypatch, **changes):
    rules = county_rules()
    changed = replace(rules, anonymity=replace(rules.anonymity, **changes))
    monkeypatch.setattr(actions, "county_rules", lambda: changed)


def waiting():
    return {(pool.scope, pool.stream): sum(pool.counts.values()) for pool in Pool.objects.all()}


def test_it_works(units):
    nps = [answers(units.keskusta, 4), answers(units.keskusta, 2, value="3"), answers(units.psyk, 4)]

    assert close_blocks(once(*nps), at=MONDAY) == 1

    block = Block.objects.get()
    assert (block.scope, block.unit, block.area, block.county) == (
        "keskusta",
        units.keskusta,
        "terveys",
        "sata",
    )
    assert (block.stream, block.n, block.counts, block.k) == ("thl-2/nps", 6, {"9": 4, "3": 2}, 5)
    assert (block.opened, block.closed) == (MONDAY.date(), MONDAY.date())
    assert waiting() == {("psyk", "thl-2/nps"): 4}
    entry = Entry.objects.get()
    assert (entry.action, entry.actor) == ("insight.blocks.closed", None)
    assert entry.facts == {"blocks": 1, "public": 0, "k": 5, "public_k": 10, "merge_after_days": 56}


def test_the_same_day_again_changes_nothing(units):
    close_blocks(once(answers(units.keskusta, 6)), at=MONDAY)

    assert close_blocks(once(answers(units.keskusta, 6)), at=MONDAY + timedelta(hours=5)) == 0
    assert Block.objects.get().n == 6
    assert not Pool.objects.exists()


def test_blocks_close_from_four_in_the_morning(units):
    close_blocks(once(), at=MONDAY)
    tuesday = datetime(2026, 11, 17, tzinfo=HELSINKI)

    assert not is_due(tuesday.replace(hour=3, minute=59))
    assert is_due(tuesday.replace(hour=4))
    assert is_due(tuesday.replace(hour=23))


def test_a_missed_day_is_caught_up_at_any_hour(units):
    close_blocks(once(), at=MONDAY)

    assert is_due(datetime(2026, 11, 18, 0, 5, tzinfo=HELSINKI))


def test_one_closing_catches_up_after_days(units):
    for day in range(4):
        give(units.keskusta, at=MONDAY + day * DAY, n=2)

    assert close_blocks(counts_recorded, at=MONDAY + 4 * DAY) == 2
    assert {(block.stream, block.n) for block in Block.objects.all()} == {("thl-2/nps", 8), ("channel", 8)}


def test_an_answer_waits_until_its_transaction_must_have_ended(units):
    give(units.keskusta, at=MONDAY - SETTLING, n=5)
    give(units.keskusta, at=MONDAY - SETTLING + timedelta(seconds=1), n=5)

    close_blocks(counts_recorded, at=MONDAY)
    assert [block.n for block in Block.objects.all()] == [5, 5]

    close_blocks(counts_recorded, at=MONDAY + DAY)
    assert [block.n for block in Block.objects.filter(stream="channel")] == [5, 5]


def test_late_paper_is_counted_when_it_is_recorded(units):
    give(units.keskusta, at=MONDAY - DAY, n=5)
    close_blocks(counts_recorded, at=MONDAY)
    before = list(Block.objects.values("stream", "opened", "n", "counts"))

    give(units.keskusta, at=MONDAY + timedelta(hours=4), n=5, channel="paper", arrived_at=MONDAY - 9 * DAY)
    close_blocks(counts_recorded, at=MONDAY + DAY)

    assert (
        list(Block.objects.filter(closed=MONDAY.date()).values("stream", "opened", "n", "counts")) == before
    )
    assert Block.objects.get(stream="channel", closed=(MONDAY + DAY).date()).counts == {"paper": 5}


def test_a_failure_leaves_everything_as_it_was(units, monkeypatch):
    close_blocks(once(answers(units.keskusta, 3)), at=MONDAY)

    def fails(*arguments, **named):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "_add_up", fails)
        with pytest.raises(RuntimeError):
            close_blocks(once(answers(units.keskusta, 3)), at=MONDAY + DAY)

    assert waiting() == {("keskusta", "thl-2/nps"): 3}
    assert not Block.objects.exists()
    assert close_blocks(once(answers(units.keskusta, 3)), at=MONDAY + DAY) == 1


def test_a_quiet_unit_joins_the_others_of_its_area_after_eight_weeks(units, dental):
    close_blocks(once(*(answers(unit, 3) for unit in (units.keskusta, units.psyk, dental))), at=MONDAY)
    assert close_blocks(once(), at=MONDAY + 56 * DAY) == 0

    assert close_blocks(once(), at=MONDAY + 57 * DAY) == 1

    block = Block.objects.get()
    assert (block.scope, block.unit, block.area, block.county) == ("other:terveys", None, "terveys", "sata")
    assert block.n == 9
    assert not Pool.objects.exists()


def test_a_quiet_area_joins_the_others_of_the_county(units, dental):
    close_blocks(once(*(answers(unit, 3) for unit in (units.koti, units.psyk, dental))), at=MONDAY)

    close_blocks(once(), at=MONDAY + 57 * DAY)

    block = Block.objects.get()
    assert (block.scope, block.area, block.county) == ("other:sata", "", "sata")
    assert {total.scope for total in DayTotal.objects.all()} == {"sata"}


def test_the_answers_of_a_closed_unit_merge_like_all_others(units, dental):
    units.psyk.active_to = MONDAY.date()
    units.psyk.save()
    close_blocks(once(*(answers(unit, 3) for unit in (units.keskusta, units.psyk, dental))), at=MONDAY)

    close_blocks(once(), at=MONDAY + 57 * DAY)

    assert Block.objects.get().n == 9


def test_a_unit_that_moves_leaves_its_past_in_its_old_area(units):
    close_blocks(once(answers(units.psyk, 5)), at=MONDAY)
    units.psyk.parent = units.home
    units.psyk.save()

    close_blocks(once(answers(units.psyk, 6)), at=MONDAY + DAY)

    assert list(Block.objects.order_by("closed").values_list("area", "n")) == [("terveys", 5), ("kotona", 6)]
    assert PublicBlock.objects.get().area == "kotona"


def test_a_unit_that_moves_while_its_answers_wait_merges_in_its_new_area(units, dental):
    close_blocks(once(*(answers(unit, 3) for unit in (units.koti, units.psyk, dental))), at=MONDAY)
    for unit in (units.psyk, dental):
        unit.parent = units.home
        unit.save()

    close_blocks(once(), at=MONDAY + 57 * DAY)

    assert list(Block.objects.values_list("scope", "n", "area")) == [("other:kotona", 9, "kotona")]


def test_a_new_unit_is_counted_from_its_first_answer(units, dental):
    close_blocks(once(answers(units.keskusta, 6)), at=MONDAY)

    close_blocks(once(answers(dental, 5)), at=MONDAY + DAY)

    assert list(Block.objects.filter(unit=dental).values_list("n", "area")) == [(5, "terveys")]


def test_what_happens_to_a_feedback_later_changes_no_figure(units):
    give(units.keskusta, at=MONDAY - DAY, n=7, text="Kiitos", kind="thanks")
    close_blocks(counts_recorded, at=MONDAY)
    before = list(Block.objects.order_by("pk").values())

    moved, corrected, deleted = Feedback.objects.order_by("pk")[:3]
    Feedback.objects.filter(pk=moved.pk).update(unit=units.koti)
    Feedback.objects.filter(pk=corrected.pk).update(answers={"nps": "0"}, kind="idea")
    deleted.delete()
    give(units.koti, at=MONDAY + DAY / 2, n=4)
    close_blocks(counts_recorded, at=MONDAY + DAY)

    assert list(Block.objects.order_by("pk").values()) == before
    assert waiting() == {("koti", "thl-2/nps"): 4, ("koti", "channel"): 4}


def test_very_many_answers_are_counted_some_at_a_time(units, monkeypatch):
    for hour in range(10):
        give(units.keskusta, at=MONDAY - DAY + timedelta(hours=hour), n=3)
    monkeypatch.setattr(handover, "MOST_AT_ONCE", 4)
    cut = list(windows(after=MONDAY - 2 * DAY, until=MONDAY))

    # Those of one moment stay together: the fourth answer was given with the fifth and the sixth.
    assert [(end - start) / timedelta(hours=1) for start, end in cut] == [25, 2, 2, 2, 2, 15]
    assert all(earlier[1] == later[0] for earlier, later in pairwise(cut))
    close_blocks(counts_recorded, at=MONDAY)
    assert {(block.stream, block.n) for block in Block.objects.all()} == {("thl-2/nps", 30), ("channel", 30)}


def test_public_blocks_join_until_there_are_ten(units):
    for day, n in enumerate([6, 5, 5, 7]):
        close_blocks(once(answers(units.keskusta, n)), at=MONDAY + day * DAY)

    assert [block.n for block in PublicBlock.objects.order_by("closed")] == [11, 12]
    assert all(block.public_id for block in Block.objects.all())
    first = PublicBlock.objects.order_by("closed").first()
    assert (first.opened, first.closed) == (MONDAY.date(), (MONDAY + DAY).date())


def test_totals_add_up_what_closed_each_day(units):
    given = [answers(units.keskusta, 12), answers(units.psyk, 5, value="2"), answers(units.koti, 7)]

    close_blocks(once(*given), at=MONDAY)

    found = {(total.scope, total.is_public): (total.n, total.counts) for total in DayTotal.objects.all()}
    assert found == {
        ("terveys", False): (17, {"9": 12, "2": 5}),
        ("kotona", False): (7, {"9": 7}),
        ("sata", False): (24, {"9": 19, "2": 5}),
        ("terveys", True): (12, {"9": 12}),
        ("sata", True): (12, {"9": 12}),
    }


def test_a_closing_reads_the_months_of_those_it_adds_to_alone(units):
    """What it costs is set by what is new, not by how many months of how many units there are."""
    close_blocks(once(answers(units.keskusta, 6), answers(units.koti, 6)), at=MONDAY)

    with CaptureQueriesContext(connection) as asked:
        close_blocks(once(answers(units.keskusta, 6)), at=MONDAY + DAY)

    reads = [query["sql"] for query in asked if 'FROM "insight_monthtotal"' in query["sql"]]
    with connection.cursor() as cursor:
        read = [row for sql in reads for row in cursor.execute(sql).fetchall()]
    assert {row[1] for row in read} == {"keskusta", "terveys", "sata"}
    assert MonthTotal.objects.get(scope="keskusta", is_public=False).counts == {"9": 12}


def test_a_raised_k_makes_pools_wait_and_keeps_old_blocks(units, monkeypatch):
    close_blocks(once(answers(units.keskusta, 5), answers(units.koti, 4)), at=MONDAY)
    set_rules(monkeypatch, k=8, public_k=12)

    close_blocks(once(answers(units.koti, 3)), at=MONDAY + DAY)
    assert [block.scope for block in Block.objects.all()] == ["keskusta"]

    close_blocks(once(answers(units.koti, 1)), at=MONDAY + 2 * DAY)
    assert list(Block.objects.order_by("closed").values_list("scope", "n", "k")) == [
        ("keskusta", 5, 5),
        ("koti", 8, 8),
    ]


def test_a_lowered_k_does_not_weaken_what_was_promised(units, monkeypatch):
    set_rules(monkeypatch, k=8, public_k=20)
    close_blocks(once(answers(units.keskusta, 6)), at=MONDAY)
    set_rules(monkeypatch, k=5, public_k=10)

    close_blocks(once(answers(units.koti, 6), answers(units.keskusta, 1)), at=MONDAY + DAY)
    assert [block.scope for block in Block.objects.all()] == ["koti"]

    close_blocks(once(answers(units.keskusta, 5)), at=MONDAY + 2 * DAY)
    assert Block.objects.get(scope="keskusta").k == 8
    # Twelve answers would be enough for today's ten, but some of them were promised twenty.
    assert not PublicBlock.objects.exists()

    close_blocks(once(answers(units.keskusta, 8)), at=MONDAY + 3 * DAY)
    assert PublicBlock.objects.get().n == 20


def test_what_a_customer_was_promised_holds_though_k_was_lowered_before_the_count(units):
    """Answered under eight and twenty; the county has lowered them to five and ten before the next tick."""
    give(units.keskusta, at=MONDAY - DAY, n=1, k=8, public_k=20)
    give(units.keskusta, at=MONDAY - DAY, n=6)
    close_blocks(counts_recorded, at=MONDAY)
    assert not Block.objects.exists()

    give(units.keskusta, at=MONDAY + DAY / 2, n=1)
    close_blocks(counts_recorded, at=MONDAY + DAY)
    assert set(Block.objects.values_list("n", "k", "public_k")) == {(8, 8, 20)}

    give(units.keskusta, at=MONDAY + 3 * DAY / 2, n=6)
    close_blocks(counts_recorded, at=MONDAY + 2 * DAY)
    assert set(Block.objects.filter(n=6).values_list("k", "public_k")) == {(5, 10)}
    assert not PublicBlock.objects.exists()


def test_answers_promised_more_merge_only_into_a_block_that_large(units, dental, monkeypatch):
    """Without the largest unit there must be eight left, as was promised to four of them, not today's five."""
    set_rules(monkeypatch, k=8)
    close_blocks(once(answers(units.keskusta, 4)), at=MONDAY)
    set_rules(monkeypatch, k=5)

    close_blocks(once(answers(units.psyk, 4), answers(dental, 3)), at=MONDAY + DAY)
    assert close_blocks(once(), at=MONDAY + 60 * DAY) == 0

    close_blocks(once(answers(dental, 1)), at=MONDAY + 61 * DAY)
    assert list(Block.objects.values_list("scope", "n", "k")) == [("other:terveys", 12, 8)]


def test_the_database_refuses_a_block_below_its_k(units):
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(
            scope="koti",
            stream="kind",
            opened=MONDAY.date(),
            closed=MONDAY.date(),
            n=4,
            counts={"idea": 4},
            k=5,
            public_k=10,
        )


def test_a_clock_that_went_back_counts_nothing_twice(units):
    give(units.keskusta, at=MONDAY - DAY, n=5)
    close_blocks(counts_recorded, at=MONDAY)

    assert close_blocks(counts_recorded, at=MONDAY - 7 * DAY) == 0
    assert Cutoff.objects.get().counted_until == MONDAY - SETTLING


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_count_once(units):
    give(units.keskusta, at=MONDAY - DAY, n=7)
    barrier = Barrier(4)
    closed = []

    def tick():
        try:
            barrier.wait(timeout=10)
            closed.append(close_blocks(counts_recorded, at=MONDAY))
        finally:
            connection.close()

    threads = [Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert Counter(closed) == {2: 1, 0: 3}
    assert [block.n for block in Block.objects.all()] == [7, 7]


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_at_the_cut_off_is_counted_at_the_next_closing(units):
    """It was recorded before the tick looked, and is committed only after it."""
    stored, ticked = Event(), Event()

    def slow():
        try:
            with transaction.atomic():
                give(units.keskusta, at=MONDAY - timedelta(minutes=1), n=5)
                stored.set()
                assert ticked.wait(timeout=20)
        finally:
            connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert stored.wait(timeout=20)
    close_blocks(counts_recorded, at=MONDAY)
    ticked.set()
    thread.join(timeout=20)
    assert not Block.objects.exists()

    close_blocks(counts_recorded, at=MONDAY + DAY)

    assert {(block.stream, block.n) for block in Block.objects.all()} == {("thl-2/nps", 5), ("channel", 5)}


def test_anonymity_has_the_defaults_these_tests_assume():
    assert county_rules().anonymity == Anonymity(5, 10, timedelta(days=56))
