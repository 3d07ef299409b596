"""Closing blocks: the one place where waiting answers are read, and the one change insight makes."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from django.db import connection, transaction

from palauteketju.audit import log
from palauteketju.insight import queries
from palauteketju.insight.figures import sum_of
from palauteketju.insight.models import (
    Block,
    Cutoff,
    DayTotal,
    MonthTotal,
    Pool,
    PublicBlock,
    Quote,
    Released,
)
from palauteketju.insight.periods import HELSINKI
from palauteketju.insight.sources import ApprovedQuote, ApprovedQuotes, Count, Counts, Window
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import Anonymity, county_rules
from palauteketju.privacy import blocks as rule

# Answers are counted by when they were recorded, but appear when their transaction commits. No transaction of this
# program stays open for long (settings: 60 s for a statement and for idling), so what was recorded a quarter of an hour
# ago is there or never will be. It also covers clocks that differ between machines.
SETTLING = timedelta(minutes=15)
CLOSING_TIME = time(4)
_BEFORE_ANYTHING = datetime(1970, 1, 1, tzinfo=UTC)


def is_due(at: datetime) -> bool:
    """Whether blocks close at `at`: every day from four in the morning, and at once when a whole day was missed."""
    return _is_due(Cutoff.objects.first(), at)


def close_blocks(counts: Counts, *, at: datetime) -> int:
    """Count what came since the last closing and close the blocks that are due; returns how many.

    At most once a day, however often and from however many machines it is called: a second call the same day changes
    nothing, and after missed days one call catches up. Counting, closing and publishing are one transaction: an answer
    is in a pool or in a block, never in both and never in neither. The work depends on the new answers and on those
    that wait, not on how many there have ever been.
    """
    if not is_due(at):
        return 0
    with transaction.atomic():
        cutoff = _locked_cutoff()
        until = at - SETTLING
        # Asked again under the lock: another tick may have closed them meanwhile.
        if not _is_due(cutoff, at) or until < cutoff.counted_until:
            return 0
        anonymity = county_rules().anonymity
        today = at.astimezone(HELSINKI).date()
        pools = _count_in(counts(after=cutoff.counted_until, until=until), today=today, anonymity=anonymity)
        places = _places()
        blocks = _close(pools, places, today=today, merge_after=anonymity.merge_after)
        public = _publish(places, today=today, public_k=anonymity.public_k)
        _add_up(blocks, is_public=False)
        _add_up(public, is_public=True)
        _add_to_month(blocks, today=today, is_public=False)
        _add_to_month(public, today=today, is_public=True)
        cutoff.counted_until, cutoff.closed_on = until, today
        cutoff.save()
        facts = {
            "blocks": len(blocks),
            "public": len(public),
            "k": anonymity.k,
            "public_k": anonymity.public_k,
            "merge_after_days": anonymity.merge_after.days,
        }
        log.record(queries.CLOSED, by=None, subject=cutoff, at=at, facts=facts)
    return len(blocks)


def _is_due(cutoff: Cutoff | None, at: datetime) -> bool:
    if cutoff is None or cutoff.closed_on is None:
        return True
    now = at.astimezone(HELSINKI)
    days = (now.date() - cutoff.closed_on).days
    return days > 1 or (days == 1 and now.time() >= CLOSING_TIME)


def _locked_cutoff() -> Cutoff:
    Cutoff.objects.get_or_create(pk=1, defaults={"counted_until": _BEFORE_ANYTHING})
    return Cutoff.objects.select_for_update().get(pk=1)


def _count_in(new: Iterable[Count], *, today: date, anonymity: Anonymity) -> dict[tuple[str, str], Pool]:
    """All pools with the new answers in them, not stored yet; each with the largest k that anybody in it was promised.

    The k in force now counts as promised too: a county that raises it means those who wait as well.
    """
    pools = {(pool.scope, pool.stream): pool for pool in Pool.objects.all()}
    for count in new:
        key = (count.unit, count.stream)
        if key not in pools:
            pools[key] = Pool(scope=count.unit, stream=count.stream, opened=today, counts={}, k=0, public_k=0)
        pool = pools[key]
        pool.counts[count.value] = pool.counts.get(count.value, 0) + count.n
        pool.k, pool.public_k = max(pool.k, count.k), max(pool.public_k, count.public_k)
    for pool in pools.values():
        pool.k, pool.public_k = max(pool.k, anonymity.k), max(pool.public_k, anonymity.public_k)
    return pools


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a unit, area or county stands in the organisation of today."""

    unit: int
    parent: str | None
    area: str
    county: str


def _places() -> dict[str, _Place]:
    units = {unit.pk: unit for unit in Unit.objects.only("pk", "code", "kind", "parent")}
    places = {}
    for unit in units.values():
        above = [unit]
        while above[-1].parent_id is not None:
            above.append(units[above[-1].parent_id])
        of_kind = {scope.kind: scope.code for scope in above}
        places[unit.code] = _Place(
            unit=unit.pk,
            parent=above[1].code if unit.parent_id is not None else None,
            area=of_kind.get(Unit.Kind.AREA, ""),
            county=of_kind.get(Unit.Kind.COUNTY, ""),
        )
    return places


def _close(
    pools: Mapping[tuple[str, str], Pool],
    places: Mapping[str, _Place],
    *,
    today: date,
    merge_after: timedelta,
) -> list[Block]:
    """Store the new blocks, empty their pools, and store what still waits.

    Where k was changed while answers waited, pools with a smaller k close first and those with a larger one after
    them, together with what is left: a block has at least the k of every answer in it.
    """
    parent = {code: place.parent for code, place in places.items() if place.parent is not None}
    waiting = dict(pools)
    blocks: list[Block] = []
    for k in sorted({pool.k for pool in pools.values()}):
        candidates = [
            rule.Pool(pool.scope, pool.stream, pool.opened, pool.counts)
            for pool in waiting.values()
            if pool.k <= k
        ]
        closing = rule.close(candidates, parent=parent, today=today, k=k, merge_after=merge_after)
        public_k: dict[str, int] = defaultdict(int)
        for drained in closing.drained:
            pool = waiting.pop((drained.scope, drained.stream))
            public_k[pool.stream] = max(public_k[pool.stream], pool.public_k)
        # The largest of the stream, not only of the block itself: a little late for some, never too early for any.
        blocks += [_block(closed, places, k=k, public_k=public_k[closed.stream]) for closed in closing.blocks]
    Block.objects.bulk_create(blocks)
    emptied = [pool.pk for key, pool in pools.items() if key not in waiting and pool.pk]
    Pool.objects.filter(pk__in=emptied).delete()
    Pool.objects.bulk_create(
        [waiting[key] for key in sorted(waiting)],
        update_conflicts=True,
        unique_fields=["scope", "stream"],
        update_fields=["counts", "k", "public_k"],
    )
    return blocks


def _block(closed: rule.Block, places: Mapping[str, _Place], *, k: int, public_k: int) -> Block:
    code = closed.scope.removeprefix("other:")
    place = places[code]
    return Block(
        scope=closed.scope,
        unit_id=place.unit if code == closed.scope else None,
        area=place.area,
        county=place.county,
        stream=closed.stream,
        opened=closed.opened,
        closed=closed.closed,
        n=closed.n,
        counts=dict(closed.counts),
        k=k,
        public_k=public_k,
    )


def _publish(places: Mapping[str, _Place], *, today: date, public_k: int) -> list[PublicBlock]:
    """Join the blocks that no public block has yet, where they are enough by now."""
    tails: dict[tuple[str, str], list[Block]] = defaultdict(list)
    for block in Block.objects.filter(public__isnull=True).order_by("closed", "pk"):
        tails[block.scope, block.stream].append(block)
    public: list[PublicBlock] = []
    members: list[tuple[Block, PublicBlock]] = []
    for (scope, stream), tail in sorted(tails.items()):
        k = max(public_k, *(block.public_k for block in tail))
        as_ruled = [rule.Block(scope, stream, block.opened, block.closed, block.counts) for block in tail]
        start = 0
        for group in rule.join_public(as_ruled, k=k):
            together = tail[start : start + len(group)]
            start += len(group)
            joined = _joined(together, places, today=today, k=k)
            public.append(joined)
            members += ((block, joined) for block in together)
    PublicBlock.objects.bulk_create(public)
    _mark_published(members)
    return public


def _mark_published(members: Sequence[tuple[Block, PublicBlock]]) -> None:
    """One statement: Django's own bulk_update writes a CASE of a thousand branches, which takes most of a closing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE insight_block SET public_id = t.public FROM unnest(%s::bigint[], %s::bigint[]) t (block, public)"
            " WHERE id = t.block",
            [[block.pk for block, _public in members], [public.pk for _block, public in members]],
        )


def _joined(together: list[Block], places: Mapping[str, _Place], *, today: date, k: int) -> PublicBlock:
    last = together[-1]
    place = places[last.scope.removeprefix("other:")]
    return PublicBlock(
        scope=last.scope,
        unit_id=last.unit_id,
        area=place.area,
        county=place.county,
        stream=last.stream,
        opened=min(block.opened for block in together),
        closed=today,
        n=sum(block.n for block in together),
        counts=sum_of(block.counts for block in together),
        k=k,
    )


def _add_up(blocks: Iterable[Released], *, is_public: bool) -> None:
    """Store what the new blocks of the day make together in each area and county."""
    together: dict[tuple[str, str], list[Released]] = defaultdict(list)
    for block in blocks:
        for scope in filter(None, (block.area, block.county)):
            together[scope, block.stream].append(block)
    DayTotal.objects.bulk_create(
        DayTotal(
            scope=scope,
            is_public=is_public,
            closed=members[0].closed,
            stream=stream,
            opened=min(block.opened for block in members),
            n=sum(block.n for block in members),
            counts=sum_of(block.counts for block in members),
        )
        for (scope, stream), members in sorted(together.items())
    )


def _add_to_month(blocks: Sequence[Released], *, today: date, is_public: bool) -> None:
    month = today.replace(day=1)
    scopes = {block.pk: _scopes_with_months(block) for block in blocks}
    # By their names: the index begins with them, and without them it would be read from end to end.
    known = MonthTotal.objects.filter(
        scope__in=set(chain.from_iterable(scopes.values())), is_public=is_public, month=month
    )
    totals = {(total.scope, total.stream): total for total in known}
    changed: dict[tuple[str, str], MonthTotal] = {}
    for block in blocks:
        for scope in scopes[block.pk]:
            key = scope, block.stream
            total = totals.setdefault(
                key,
                MonthTotal(
                    scope=scope,
                    is_public=is_public,
                    month=month,
                    stream=block.stream,
                    opened=block.opened,
                    counts={},
                ),
            )
            total.opened, total.closed = min(total.opened, block.opened), today
            total.counts = sum_of((total.counts, block.counts))
            changed[key] = total
    MonthTotal.objects.bulk_create(
        [changed[key] for key in sorted(changed)],
        update_conflicts=True,
        unique_fields=["scope", "is_public", "month", "stream"],
        update_fields=["opened", "closed", "counts"],
    )


def _scopes_with_months(block: Released) -> list[str]:
    """What a block adds to: its unit, area and county; the "other" ones have no months of their own."""
    unit = block.scope if block.unit_id else ""
    return [scope for scope in (unit, block.area, block.county) if scope]


def release_quotes(approved: ApprovedQuotes, *, at: datetime) -> int:
    """Take in the approved quotes whose comments are in a block by now, and forget the withdrawn ones; returns how many.

    A quote comes only when a block of its unit's own counts the comment it is of, with the newest of those blocks: whoever
    reads it knows that it is one of at least k. What merged into "other units" is not quoted by unit.
    """
    with transaction.atomic():
        withdrawn = approved.withdrawn_quotes()
        for quote in withdrawn:
            _forget(quote)
        blocks = queries.own_comment_blocks(approved.units_with_new_quotes())
        new = approved.new_quotes(_windows(blocks), at=at) if blocks else []
        Quote.objects.bulk_create(
            Quote(block=blocks[quote.unit][-1], kind=quote.kind, text=quote.text) for quote in new
        )
        if new or withdrawn:
            facts = {"released": len(new), "withdrawn": len(withdrawn)}
            log.record("insight.quotes.released", by=None, subject=_locked_cutoff(), at=at, facts=facts)
    return len(new) + len(withdrawn)


def _windows(blocks: Mapping[str, Sequence[Block]]) -> dict[str, list[Window]]:
    """When the comments were recorded that these blocks count; what a unit said in between merged into "other units".

    A pool is emptied as a whole, so a block counts all that was counted in from its first day to its last.
    """
    # Before the first closing nothing had been counted.
    closings = [_BEFORE_ANYTHING, *queries.closings()]
    days = [closing.astimezone(HELSINKI).date() for closing in closings]
    return {
        unit: [
            (
                closings[bisect_left(days, block.opened) - 1] - SETTLING,
                closings[bisect_right(days, block.closed) - 1] - SETTLING,
            )
            for block in own
        ]
        for unit, own in blocks.items()
    }


def _forget(quote: ApprovedQuote) -> None:
    """No key leads from the copy to the quote, so it is found by its words; of equal ones any is the right one."""
    copies = Quote.objects.filter(block__scope=quote.unit, kind=quote.kind, text=quote.text)
    Quote.objects.filter(pk__in=copies.values("pk")[:1]).delete()
