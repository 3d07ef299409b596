"""Questions about released figures. Nothing here reads a pool: what is not in a block does not exist yet."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.db import connection
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When

from palauteketju.audit.models import Entry
from palauteketju.insight.models import Block, DayTotal, PublicBlock, Quote
from palauteketju.insight.periods import HELSINKI
from palauteketju.insight.streams import COMMENT, values_in_order
from palauteketju.organisation.models import Unit, UnitQuerySet
from palauteketju.organisation.queries import alphabetical
from palauteketju.organisation.rules import county_rules

Audience = Literal["internal", "public"]

# The trail's entry of each closing, with the rules it went by.
CLOSED = "insight.blocks.closed"

_PUBLIC_SUMS = """
WITH months AS (
    SELECT stream, opened, closed, counts FROM insight_monthtotal
    WHERE scope = %(scope)s AND is_public AND month >= %(first)s
),
years AS (SELECT stream, min(opened) AS opened, max(closed) AS closed FROM months GROUP BY 1),
latest AS ({latest}),
newest AS (SELECT stream, min(opened) AS opened FROM latest GROUP BY 1),
cells AS (
    SELECT stream, key, sum(value::bigint) FILTER (WHERE NOT is_latest) AS n,
           sum(value::bigint) FILTER (WHERE is_latest) AS latest
    FROM (
        SELECT stream, counts, false AS is_latest FROM months
        UNION ALL
        SELECT stream, counts, true FROM latest
    ) AS found, jsonb_each_text(counts)
    GROUP BY 1, 2
),
histograms AS (
    SELECT stream, jsonb_object_agg(key, n) AS counts,
           jsonb_object_agg(key, latest) FILTER (WHERE latest IS NOT NULL) AS latest
    FROM cells GROUP BY 1
)
SELECT stream, years.closed, years.opened, counts::text, newest.opened, latest::text
FROM years JOIN newest USING (stream) JOIN histograms USING (stream)
"""
_PUBLIC_SUMS_OF_UNIT = _PUBLIC_SUMS.format(
    latest="""
    SELECT years.stream, block.opened, block.counts FROM years, LATERAL (
        SELECT opened, counts FROM insight_publicblock
        WHERE scope = %(scope)s AND stream = years.stream AND closed = years.closed ORDER BY id DESC LIMIT 1
    ) AS block"""
)
_PUBLIC_SUMS_OF_MANY = _PUBLIC_SUMS.format(
    latest="""
    SELECT stream, total.opened, total.counts FROM insight_daytotal AS total JOIN years USING (stream)
    WHERE scope = %(scope)s AND is_public AND total.closed > years.closed - %(days)s::int
        AND total.closed >= %(first)s"""
)


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
class PublicSums:
    """A stream's public blocks added up: the newest, and all that were asked for. Both closed on the newest one's day."""

    stream: str
    latest: DayFigures
    all: DayFigures


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


@dataclass(frozen=True, slots=True)
class ClosingRules:
    """At least how many answers a block of some days has, and after how long quiet units' answers might merge."""

    k: int
    merge_after: timedelta


def closing_rules(first: date, last: date) -> ClosingRules:
    """The rules of the closings of these days; of the last one before where there was none, so that a report stays as it was."""
    now = county_rules().anonymity
    closings = Entry.objects.filter(action=CLOSED, at__lt=_midnight(last + timedelta(days=1)))
    facts = list(closings.filter(at__gte=_midnight(first)).values_list("facts", flat=True))
    facts = facts or list(closings.order_by("-at").values_list("facts", flat=True)[:1])
    days = [found["merge_after_days"] for found in facts if "merge_after_days" in found]
    return ClosingRules(
        k=min((found["k"] for found in facts), default=now.k),
        merge_after=timedelta(days=min(days)) if days else now.merge_after,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), HELSINKI)


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
    columns = rows.order_by("closed", "stream", "pk").values_list(*_OF_DAY)
    return [DayFigures(*row) for row in columns]


# The fields of DayFigures; a report reads some thousands of rows, and model instances would take most of its time.
_OF_DAY = ("closed", "stream", "opened", "n", "counts")


def public_sums(scope: Unit, *, first: date, latest_days: int) -> list[PublicSums]:
    """By stream, the public blocks of a unit, area or county that closed from the month of `first` on, added up.

    `latest` is a unit's newest block, and of an area or county those of the stream's last `latest_days` days. One query, of
    a few months and not of the hundreds of days in them.
    """
    is_unit = scope.kind == Unit.Kind.UNIT
    with connection.cursor() as cursor:
        cursor.execute(
            _PUBLIC_SUMS_OF_UNIT if is_unit else _PUBLIC_SUMS_OF_MANY,
            {"scope": scope.code, "first": first.replace(day=1), "days": latest_days},
        )
        found = cursor.fetchall()
    return [
        PublicSums(
            stream,
            latest=_figures(stream, latest_opened, closed, json.loads(latest)),
            all=_figures(stream, opened, closed, json.loads(counts)),
        )
        for stream, closed, opened, counts, latest_opened, latest in found
    ]


def _figures(stream: str, opened: date, closed: date, counts: Mapping[str, int]) -> DayFigures:
    return DayFigures(closed, stream, opened, sum(counts.values()), counts)


def coverage(scope: Unit, first: date, last: date) -> Coverage:
    """Told by blocks alone: a unit without one has at most a few waiting answers, or none.

    A unit with a block belongs where that block does, wherever it has moved since; one without, where it stands today.
    """
    blocks = Block.objects.filter(scope=OuterRef("code"), closed__gte=first, closed__lte=last)
    units = (
        Unit.objects.giving_service()
        .filter(
            Q(active_from__isnull=True) | Q(active_from__lte=last),
            Q(active_to__isnull=True) | Q(active_to__gte=first),
        )
        .annotate(
            has_block=Exists(blocks.filter(Q(area=scope.code) | Q(county=scope.code))),
            is_elsewhere=Exists(blocks.exclude(Q(area=scope.code) | Q(county=scope.code))),
        )
        .filter(
            Q(has_block=True) | Q(is_elsewhere=False, pk__in=Unit.objects.below(scope).values("pk")),
        )
        .values_list("has_block", flat=True)
    )
    found = list(units)
    return Coverage(without=found.count(False), units=len(found))


def own_comment_blocks(units: Iterable[str]) -> dict[str, list[Block]]:
    """Each unit's own blocks of comments, by code, in the order of closing; units without one are left out."""
    blocks = Block.objects.filter(scope__in=list(units), stream=COMMENT, unit__isnull=False)
    found: dict[str, list[Block]] = defaultdict(list)
    for block in blocks.only("scope", "opened", "closed").order_by("closed", "pk"):
        found[block.scope].append(block)
    return dict(found)


def closings() -> list[datetime]:
    """When blocks closed, the oldest first."""
    return list(Entry.objects.filter(action=CLOSED).order_by("at").values_list("at", flat=True))


def quotes_of(scope: Unit, first: date, last: date) -> list[ReleasedQuote]:
    """The quotes of the comment blocks of a unit, or of all units of an area or county, that closed in these days.

    Thanks first, then criticism, then ideas; among those in a random order that stays.
    """
    kinds = [When(kind=kind, then=place) for place, kind in enumerate(Quote.Kind.values)]
    quotes = Quote.objects.filter(_within(scope), block__closed__gte=first, block__closed__lte=last)
    return [
        ReleasedQuote(quote.kind, quote.text)
        for quote in quotes.order_by(Case(*kinds, output_field=IntegerField()), "pk")
    ]


def public_thanks(scope: Unit, first: date, last: date) -> list[str]:
    """The thanks among the quotes that became public in these days: words of one of at least as many as the public was promised.

    In a random order that stays.
    """
    days = {"block__public__closed__gte": first, "block__public__closed__lte": last}
    quotes = Quote.objects.filter(_within(scope), kind=Quote.Kind.THANKS, **days)
    return list(quotes.order_by("pk").values_list("text", flat=True))


def _within(scope: Unit) -> Q:
    return Q(block__scope=scope.code) | Q(block__area=scope.code) | Q(block__county=scope.code)


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
