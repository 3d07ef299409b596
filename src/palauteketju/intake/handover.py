"""What insight may ask: how many, never which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# "Does not concern me" is no opinion and counts in no figure: pooled with opinions it would let a block of five hold one.
# A window of recording times, open at its start: consecutive windows count every feedback exactly once.
_COUNTS = """
SELECT u.code, s.stream, s.value, count(*), max(f.promised_k), max(f.promised_public_k)
FROM intake_feedback f
JOIN organisation_unit u ON u.id = f.unit_id
CROSS JOIN LATERAL (
    SELECT f.question_set || '/' || a.key, a.value FROM jsonb_each_text(f.answers) a WHERE a.value <> 'na'
    UNION ALL SELECT 'kind', f.kind WHERE f.kind <> ''
    UNION ALL SELECT 'channel', f.channel
    UNION ALL SELECT 'comment', 'given' WHERE f.text <> ''
) s (stream, value)
WHERE f.recorded_at > %s AND f.recorded_at <= %s
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
"""
# The recording time of the last feedback of a window's first so many; read from the index alone.
_END = """
SELECT recorded_at FROM intake_feedback WHERE recorded_at > %s AND recorded_at <= %s
ORDER BY recorded_at OFFSET %s LIMIT 1
"""
# So many feedbacks are counted by one statement: some seconds of the minute a statement may take.
MOST_AT_ONCE = 500_000


@dataclass(frozen=True)
class Count:
    """`k` and `public_k`: the largest least sizes that any of these customers was promised."""

    unit: str
    stream: str
    value: str
    n: int
    k: int
    public_k: int


def counts_recorded(*, after: datetime, until: datetime) -> Iterator[Count]:
    """Answers recorded in the window, by unit code, stream and value, counted some at a time however many there are."""
    for start, end in windows(after=after, until=until):
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, [start, end])
            found = cursor.fetchall()
        yield from (Count(*row) for row in found)


def windows(*, after: datetime, until: datetime, ends: str = _END) -> Iterator[tuple[datetime, datetime]]:
    """The window cut into consecutive ones of about `MOST_AT_ONCE` rows, each open at its start.

    `ends` is the statement that finds where one ends, given its start, the end of them all and a number of rows.
    """
    start = after
    while start < until:
        with connection.cursor() as cursor:
            cursor.execute(ends, [start, until, MOST_AT_ONCE - 1])
            found = cursor.fetchone()
        end = found[0] if found else until
        yield start, end
        start = end
