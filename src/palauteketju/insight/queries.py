"""Questions about released figures. Nothing here reads a pool: what is not in a block does not exist yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from palauteketju.insight.models import Block, DayTotal, PublicBlock
from palauteketju.insight.streams import values_in_order
from palauteketju.organisation.models import Unit, UnitQuerySet
from palauteketju.organisation.queries import alphabetical

Audience = Literal["internal", "public"]


@dataclass(frozen=True, slots=True)
class ReleasedBlock:
    scope: str
    stream: str
    opened: date
    closed: date
    n: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """All blocks of a scope and stream that closed on one day, added up."""

    closed: date
    stream: str
    opened: date
    n: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many units of a scope have no block of a period, of how many that were open in it."""

    without: int
    units: int


def released(audience: Audience) -> Iterator[ReleasedBlock]:
    """Every block the audience may see, in the order of closing, one at a time however many there are."""
    blocks: QuerySet[Block] | QuerySet[PublicBlock] = (
        Block.objects.all() if audience == "internal" else PublicBlock.objects.all()
    )
    for block in blocks.order_by("closed", "scope", "stream", "pk").iterator(chunk_size=2000):
        counts = values_in_order(block.counts)
        yield ReleasedBlock(block.scope, block.stream, block.opened, block.closed, block.n, counts)


def figures_of(scope: Unit, first: date, last: date, *, audience: Audience = "internal") -> list[DayFigures]:
    """The figures of a unit, area or county from the blocks that closed in these days, oldest first."""
    days = {"scope": scope.code, "closed__gte": first, "closed__lte": last}
    rows: QuerySet[Block] | QuerySet[PublicBlock] | QuerySet[DayTotal]
    if scope.kind != Unit.Kind.UNIT:
        rows = DayTotal.objects.filter(is_public=audience == "public", **days)
    elif audience == "public":
        rows = PublicBlock.objects.filter(**days)
    else:
        rows = Block.objects.filter(**days)
    return [
        DayFigures(row.closed, row.stream, row.opened, row.n, row.counts)
        for row in rows.order_by("closed", "stream", "pk")
    ]


def coverage(scope: Unit, first: date, last: date) -> Coverage:
    """Told by blocks alone: a unit without one has at most a few waiting answers, or none."""
    blocks = Block.objects.filter(scope=OuterRef("code"), closed__gte=first, closed__lte=last)
    units = (
        Unit.objects.below(scope)
        .giving_service()
        .filter(
            Q(active_from__isnull=True) | Q(active_from__lte=last),
            Q(active_to__isnull=True) | Q(active_to__gte=first),
        )
        .annotate(has_block=Exists(blocks))
        .values_list("has_block", flat=True)
    )
    found = list(units)
    return Coverage(without=found.count(False), units=len(found))


def last_closing(scope: Unit, *, audience: Audience) -> date | None:
    """When the newest figure of the scope closed; None while it has none."""
    rows: QuerySet[Block] | QuerySet[PublicBlock] | QuerySet[DayTotal]
    if scope.kind != Unit.Kind.UNIT:
        rows = DayTotal.objects.filter(scope=scope.code, is_public=audience == "public")
    elif audience == "public":
        rows = PublicBlock.objects.filter(scope=scope.code)
    else:
        rows = Block.objects.filter(scope=scope.code)
    return rows.order_by("-closed").values_list("closed", flat=True).first()


def units_with_public_blocks() -> frozenset[str]:
    blocks = PublicBlock.objects.filter(scope=OuterRef("code"))
    return frozenset(Unit.objects.giving_service().filter(Exists(blocks)).values_list("code", flat=True))


def by_name(scopes: UnitQuerySet, *, words: str = "") -> list[Unit]:
    """County and areas first, then units by area and name, in the language in force; only those that hold all words."""
    wanted = words.casefold().split()
    found = [
        unit
        for unit in scopes.select_related("parent")
        if all(
            word in f"{unit.name} {unit.code} {unit.parent.name if unit.parent else ''}".casefold()
            for word in wanted
        )
    ]
    order = {Unit.Kind.COUNTY: 0, Unit.Kind.AREA: 1, Unit.Kind.UNIT: 2}
    return sorted(
        found,
        key=lambda unit: (
            order[Unit.Kind(unit.kind)],
            alphabetical(unit.parent.name if unit.parent else ""),
            alphabetical(unit.name),
        ),
    )
