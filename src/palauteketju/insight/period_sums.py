"""Released figures of a scope added up by week, month, four months or year: in the database, for a year has many days."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db import connection

from palauteketju.insight.models import Block, DayTotal
from palauteketju.insight.periods import KINDS, Kind, Period
from palauteketju.organisation.models import Unit

# The first day of the period in which a block closed.
_FIRST_DAY: Mapping[Kind, str] = {
    "week": "closed - (extract(isodow FROM closed)::int - 1)",
    "month": "date_trunc('month', closed)::date",
    "third": "make_date(extract(year FROM closed)::int, (extract(month FROM closed)::int - 1) / 4 * 4 + 1, 1)",
    "year": "date_trunc('year', closed)::date",
}


def sums_of(scope: Unit, first: date, last: date, *, by: Kind) -> dict[str, dict[Period, Mapping[str, int]]]:
    """Each stream's histogram of each period that has one, from the blocks that closed in these days."""
    is_unit = scope.kind == Unit.Kind.UNIT
    table = Block._meta.db_table if is_unit else DayTotal._meta.db_table  # noqa: SLF001 - Django's documented face
    # Only names of ours are put into the text of the query.
    query = f"""
        SELECT stream, {_FIRST_DAY[by]}, answer.key, sum(answer.value::int)
        FROM {table}, jsonb_each_text(counts) AS answer
        WHERE scope = %s AND closed BETWEEN %s AND %s {"" if is_unit else "AND NOT is_public"}
        GROUP BY 1, 2, 3
    """  # noqa: S608 - as said above
    found: dict[str, dict[Period, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(query, [scope.code, first, last])
        for stream, day, value, n in cursor.fetchall():
            found[stream][KINDS[by](day)][value] = n
    return {stream: dict(periods) for stream, periods in found.items()}
