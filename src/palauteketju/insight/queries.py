"""Questions about released figures. Nothing here reads a pool: what is not in a block does not exist yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When

from palauteketju.insight.models import Block, DayTotal, PublicBlock, Quote
from palauteketju.insight.streams import COMMENT, values_in_order
from palauteketju.organisation.models import Unit, UnitQuerySet
from palauteketju.organisation.queries import alphabetical

Audience = Literal["internal", "public"]


@dataclass(frozen=True, slots=True)
class ReleasedBlock:
    """`block` is its number among those of its audience: later ones are larger, and none ever changes.

    `least` is the least size that was asked of it.
    """

    block: int
    scope: str
    area: str
    county: str
    stream: str
    opened: date
    closed: date
    n: int
    least: int
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
class ReleasedQuote:
    """What a customer said, masked and approved: `thanks`, `criticism` or `idea`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many units of a scope have no block of a period, of how many that were open in it."""

    without: int
    units: int


def released(audience: Audience) -> Iterator[ReleasedBlock]:
    """Every block the audience may see, in the order of closing, one at a time however many there are."""
    for block in _blocks(audience).order_by("closed", "scope", "stream", "pk").iterator(chunk_size=2000):
        yield _released(block)


def released_after(
    audience: Audience, *, number: int, most: int, within: Unit | None = None
) -> list[ReleasedBlock]:
    """The blocks that follow the one of this number, at most so many, in the order of their numbers.

    Blocks come once a day and under one lock, so whoever has read up to a number has all before it, for good. With
    `within`, only those of the unit, area or county and what is below it today, "other units" of it included.
    """
    blocks = _blocks(audience).filter(pk__gt=number)
    if within is not None:
        scopes = list(Unit.objects.below(within).values_list("code", flat=True))
        blocks = blocks.filter(scope__in=[*scopes, *(f"other:{code}" for code in scopes)])
    return [_released(block) for block in blocks.order_by("pk")[:most]]


def _blocks(audience: Audience) -> QuerySet[Block] | QuerySet[PublicBlock]:
    return Block.objects.all() if audience == "internal" else PublicBlock.objects.all()


def _released(block: Block | PublicBlock) -> ReleasedBlock:
    return ReleasedBlock(
        block=block.pk,
        scope=block.scope,
        area=block.area,
        county=block.county,
        stream=block.stream,
        opened=block.opened,
        closed=block.closed,
        n=block.n,
        least=block.k,
        counts=values_in_order(block.counts),
    )


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


def figures_beside(
    scopes: Sequence[Unit], stream: str, first: date, last: date
) -> dict[str, list[DayFigures]]:
    """One stream's figures of several units or areas, by code, each oldest first; two queries, however many they are."""
    found: dict[str, list[DayFigures]] = {scope.code: [] for scope in scopes}
    units = [scope.code for scope in scopes if scope.kind == Unit.Kind.UNIT]
    days = {"stream": stream, "closed__gte": first, "closed__lte": last}
    blocks = Block.objects.filter(scope__in=units, **days).order_by("closed", "pk")
    totals = DayTotal.objects.filter(scope__in=found.keys() - units, is_public=False, **days).order_by(
        "closed"
    )
    rows: list[Block | DayTotal] = [*blocks, *totals]
    for row in rows:
        found[row.scope].append(DayFigures(row.closed, row.stream, row.opened, row.n, row.counts))
    return found


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


def newest_comment_blocks(units: Iterable[str]) -> dict[str, Block]:
    """Each unit's newest own block of comments, by code; units without one are left out."""
    found = {}
    for code in units:
        blocks = Block.objects.filter(scope=code, stream=COMMENT, unit__isnull=False)
        if block := blocks.order_by("-closed", "-pk").first():
            found[code] = block
    return found


def quotes_of(scope: Unit, first: date, last: date) -> list[ReleasedQuote]:
    """The quotes of the comment blocks of a unit, or of all units of an area or county, that closed in these days.

    Thanks first, then criticism, then ideas; among those in a random order that stays.
    """
    of_scope = Q(block__scope=scope.code) | Q(block__area=scope.code) | Q(block__county=scope.code)
    kinds = [When(kind=kind, then=place) for place, kind in enumerate(Quote.Kind.values)]
    quotes = Quote.objects.filter(of_scope, block__closed__gte=first, block__closed__lte=last)
    return [
        ReleasedQuote(quote.kind, quote.text)
        for quote in quotes.order_by(Case(*kinds, output_field=IntegerField()), "pk")
    ]


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
