"""What insight may ask: how many, never which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# "Does not concern me" is no opinion and counts in no figure: pooled with opinions it would let a block of five hold one.
# A window of recording times, open at its start: consecutive windows count every feedback exactly once.
_COUNTS = """
SELECT u.code, s.stream, s.value, count(*)
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


@dataclass(frozen=True)
class Count:
    unit: str
    stream: str
    value: str
    n: int


def counts_recorded(*, after: datetime, until: datetime) -> Iterator[Count]:
    """Answers recorded in the window, by unit code, stream and value."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [after, until])
        yield from (Count(*row) for row in cursor.fetchall())


def first_recorded_at() -> datetime | None:
    """When the very first feedback was stored; None before that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(recorded_at) FROM intake_feedback")
        row = cursor.fetchone()
    return row[0] if row else None
