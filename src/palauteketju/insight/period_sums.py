"""Released figures of a scope added up by week, month, four months or year, from a few hundred rows.

Weeks are added up from days, longer periods from months, which the closing adds up as it goes. The database gathers the
histograms and they are added here: taken apart there, each is thought to have a hundred values, and the plans are made for that.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from palauteketju.insight.figures import sum_of
from palauteketju.insight.periods import KINDS, Kind, Period
from palauteketju.organisation.models import Unit

# The first day of the period in which a block closed.
_FIRST_DAY: Mapping[Kind, str] = {
    "week": "closed - (extract(isodow FROM closed)::int - 1)",
    "month": "month",
    "third": "make_date(extract(year FROM month)::int, (extract(month FROM month)::int - 1) / 4 * 4 + 1, 1)",
    "year": "date_trunc('year', month)::date",
}


def sums_of(scope: Unit, first: date, last: date, *, by: Kind) -> dict[str, dict[Period, Mapping[str, int]]]:
    """Each stream's histogram of each period that has one, from the blocks that closed in these days: whole periods."""
    query = f"""
        SELECT stream, {_FIRST_DAY[by]}, json_agg(counts) FROM {_rows(scope, by)} GROUP BY 1, 2
    """  # noqa: S608 - only names of ours are put into the text
    found: dict[str, dict[Period, Mapping[str, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(query, {"scope": scope.code, "first": first, "last": last})
        for stream, day, histograms in cursor.fetchall():
            found[stream][KINDS[by](day)] = sum_of(histograms)
    return dict(found)


def sums_beside(
    scopes: Sequence[Unit], stream: str, last: date, *, steps: int, days: int
) -> dict[str, list[Mapping[str, int]]]:
    """One stream's histograms of several units or areas, by code: of as many steps of so many days up to `last`, newest first.

    One query, however many they are.
    """
    query = """
        SELECT scope, (%(last)s::date - closed) / %(days)s::int, json_agg(counts)
        FROM (
            SELECT scope, closed, stream, counts FROM insight_block WHERE scope = ANY(%(units)s)
            UNION ALL
            SELECT scope, closed, stream, counts FROM insight_daytotal WHERE scope = ANY(%(others)s) AND NOT is_public
        ) AS found
        WHERE stream = %(stream)s AND closed BETWEEN %(first)s AND %(last)s
        GROUP BY 1, 2
    """
    given: dict[str, Any] = {
        "units": [scope.code for scope in scopes if scope.kind == Unit.Kind.UNIT],
        "others": [scope.code for scope in scopes if scope.kind != Unit.Kind.UNIT],
        "stream": stream,
        "first": last - timedelta(days=steps * days - 1),
        "last": last,
        "days": days,
    }
    found: dict[str, list[Mapping[str, int]]] = {scope.code: [{} for _ in range(steps)] for scope in scopes}
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        for code, back, histograms in cursor.fetchall():
            found[code][back] = sum_of(histograms)
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """The blocks of a unit, area or county and one stream that closed in these days and opened on one of them at the earliest."""

    scope: Unit
    stream: str
    first: date
    last: date
    opened_from: date = date.min


def sums_of_spans(spans: Sequence[Span]) -> list[Mapping[str, int]]:
    """The histogram of each. Of an area or county all blocks below it today, "other units" among them. One query for all."""
    query = """
        SELECT wanted.number, json_agg(block.counts)
        FROM unnest(%(numbers)s::int[], %(scopes)s::text[], %(streams)s::text[], %(first)s::date[], %(last)s::date[],
                    %(opened)s::date[]) AS wanted (number, scope, stream, first, last, opened)
        JOIN insight_block AS block ON block.scope = wanted.scope AND block.stream = wanted.stream
            AND block.closed BETWEEN wanted.first AND wanted.last AND block.opened >= wanted.opened
        GROUP BY 1
    """
    rows = [(number, code, span) for number, span in enumerate(spans) for code in _codes(span.scope)]
    given: dict[str, Any] = {
        "numbers": [number for number, _code, _span in rows],
        "scopes": [code for _number, code, _span in rows],
        "streams": [span.stream for _number, _code, span in rows],
        "first": [span.first for _number, _code, span in rows],
        "last": [span.last for _number, _code, span in rows],
        "opened": [span.opened_from for _number, _code, span in rows],
    }
    found: list[Mapping[str, int]] = [{} for _ in spans]
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        for number, histograms in cursor.fetchall():
            found[number] = sum_of(histograms)
    return found


def _codes(scope: Unit) -> list[str]:
    if scope.kind == Unit.Kind.UNIT:
        return [scope.code]
    below = Unit.objects.below(scope).values_list("code", flat=True)
    return [found for code in below for found in (code, f"other:{code}")]


def _rows(scope: Unit, by: Kind) -> str:
    if by != "week":
        table, column, only = "insight_monthtotal", "month", "AND NOT is_public"
    elif scope.kind == Unit.Kind.UNIT:
        table, column, only = "insight_block", "closed", ""
    else:
        table, column, only = "insight_daytotal", "closed", "AND NOT is_public"
    return f"(SELECT * FROM {table} WHERE scope = %(scope)s AND {column} BETWEEN %(first)s AND %(last)s {only}) AS found"  # noqa: S608 - as above
