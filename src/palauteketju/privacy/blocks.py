"""The rule of blocks: when answers may be counted together, and with whom.

A figure that anybody but a handler sees is a sum over whole blocks. Three things hold for the blocks of any history
of closings, and `tests/privacy/test_blocks_attack.py` attacks them:

1. blocks are disjoint: an answer is in at most one block, for good;
2. every block has at least `k` answers, with the `k` in force on the day it closed;
3. nothing is lost: an answer is either in a block or still waits in its pool.

So every report is a sum of whole blocks, every sum or difference of reports is again a combination of whole blocks,
and no arithmetic on them reaches a group smaller than the smallest block.

The caller keeps two promises. A drained pool is emptied in the same transaction that stores its block. And one
answer is one count: in a stream where one feedback may have several values (themes), a feedback with five themes
would pass for five people.

What this does not stop: who already knows some answers of a block can take them away from it. A merged block has `k`
answers besides those of any one unit, so that the handlers of one unit learn nothing of the others; who handles several
units of an area, or can send answers to a quiet unit, knows more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Pool:
    """Answers of one scope to one stream that no block has yet.

    `opened` is the day on which the oldest of them was counted in, not the day on which it was given.
    """

    scope: str
    stream: str
    opened: date
    counts: Mapping[str, int]

    def __post_init__(self) -> None:
        """A negative count would hide others behind it, so it is a ValueError."""
        if any(count < 0 for count in self.counts.values()):
            raise ValueError(f"The pool of {self.scope} for {self.stream} has a negative count.")

    @property
    def n(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Block:
    """Answers counted together, never to be divided again. `scope` is a unit, or `other:` and an area or county."""

    scope: str
    stream: str
    opened: date
    closed: date
    counts: Mapping[str, int]

    @property
    def n(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Closing:
    """What one closing does: the new blocks, and the pools that went into them and are empty from now on."""

    blocks: list[Block]
    drained: list[Pool]


def close(
    pools: Iterable[Pool], *, parent: Mapping[str, str], today: date, k: int, merge_after: timedelta
) -> Closing:
    """Close what may be closed today.

    A pool of at least `k` answers becomes a block of its own scope. A smaller pool that has waited longer than
    `merge_after` is merged with the other such pools under its parent, and, if they are too few, with as many of the
    longest waiting others there as `k` needs, into `other:<area>`. Where the whole area has not enough, its overdue
    pools are tried together with those of the county's other areas as `other:<county>`. What is still too little
    waits; so does, for `k` answers of its own, a pool whose scope has no parent.

    `parent` gives a unit's area and an area's county. The same pools give the same blocks in the same order,
    whatever order they come in. ValueError for `k` below 2, which would publish single answers, and for two pools of
    one scope and stream.

    What is chosen depends on how many answers wait and since when, never on what they say, so a choice tells nothing
    about the content of an answer. It does tell numbers: that a unit has no block of its own yet means that fewer
    than `k` have answered since its last one.
    """
    if k < 2:
        raise ValueError(f"A block of {k} would not protect anybody: k must be at least 2.")

    blocks: list[Block] = []
    drained: list[Pool] = []
    for stream, waiting in sorted(_by_stream(pools).items()):
        groups = [(pool.scope, [pool]) for pool in waiting if pool.n >= k]
        small = [pool for pool in waiting if pool.n < k]
        overdue = {pool.scope for pool in small if today - pool.opened > merge_after}
        groups += _merged(small, overdue, parent=parent, k=k)
        for scope, together in groups:
            blocks.append(
                Block(scope, stream, min(pool.opened for pool in together), today, _sum_of_counts(together))
            )
            drained += together
    return Closing(blocks, drained)


def join_public(blocks: Sequence[Block], *, k: int) -> list[list[Block]]:
    """Join consecutive blocks of one scope and stream until each group has at least `k` answers, for the public.

    The unfinished tail is left out until later blocks finish it. More blocks at the end never change the groups
    before them, so yesterday's publication cannot be subtracted from today's. Two things would undo that, and
    are the caller's to avoid: a public total of an area or county is a sum over groups, never over blocks, and
    after `k` was raised only the blocks not yet published are joined by it.

    ValueError when the blocks are not of one scope and stream, in the order of closing.
    """
    if len({(block.scope, block.stream) for block in blocks}) > 1:
        raise ValueError("Only blocks of one scope and one stream can be joined.")
    if any(later.closed < earlier.closed for earlier, later in pairwise(blocks)):
        raise ValueError("Blocks are joined in the order in which they closed.")

    groups: list[list[Block]] = []
    unfinished: list[Block] = []
    for block in blocks:
        unfinished.append(block)
        if sum(member.n for member in unfinished) >= k:
            groups.append(unfinished)
            unfinished = []
    return groups


def _by_stream(pools: Iterable[Pool]) -> dict[str, list[Pool]]:
    """The pools that are not empty, by stream, the longest waiting first."""
    streams: dict[str, dict[str, Pool]] = defaultdict(dict)
    for pool in pools:
        if pool.scope in streams[pool.stream]:
            raise ValueError(f"There are two pools of {pool.scope} for {pool.stream}.")
        streams[pool.stream][pool.scope] = pool
    return {
        stream: sorted(
            (pool for pool in scopes.values() if pool.n), key=lambda pool: (pool.opened, pool.scope)
        )
        for stream, scopes in streams.items()
    }


def _merged(
    small: list[Pool], overdue: set[str], *, parent: Mapping[str, str], k: int
) -> list[tuple[str, list[Pool]]]:
    """The groups that merge, each with its new scope: first within the areas, then what is left in the county."""
    areas: dict[str, list[Pool]] = defaultdict(list)
    for pool in small:
        if pool.scope in parent:
            areas[parent[pool.scope]].append(pool)

    groups: list[tuple[str, list[Pool]]] = []
    counties: dict[str, list[Pool]] = defaultdict(list)
    for area, waiting in sorted(areas.items()):
        late = [pool for pool in waiting if pool.scope in overdue]
        others = [pool for pool in waiting if pool.scope not in overdue]
        together = _enough(late, others, k=k)
        if late and together:
            groups.append((f"other:{area}", together))
        else:
            # A unit directly under the county has no area between: its county is tried again, with more company.
            counties[parent.get(area, area)] += late

    for county, late in sorted(counties.items()):
        if together := _enough(late, [], k=k):
            groups.append((f"other:{county}", together))
    return groups


def _enough(late: list[Pool], others: list[Pool], *, k: int) -> list[Pool]:
    """All the late ones and as many of the others as are needed; nobody when all of them do not do.

    Enough is when `k` answers are left after the largest pool is taken away: a unit's handlers know that unit's own
    answers, and must not learn the neighbours' by subtracting them.
    """
    together = list(late)
    for pool in others:
        if _hides_each_unit(together, k=k):
            break
        together.append(pool)
    return together if _hides_each_unit(together, k=k) else []


def _hides_each_unit(pools: list[Pool], *, k: int) -> bool:
    return bool(pools) and _sum(pools) - max(pool.n for pool in pools) >= k


def _sum(pools: list[Pool]) -> int:
    return sum(pool.n for pool in pools)


def _sum_of_counts(pools: list[Pool]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for pool in pools:
        counts.update(pool.counts)
    return {value: count for value, count in sorted(counts.items()) if count}
