"""How many events met which reason: all that is left of a message."""

from collections.abc import Mapping
from datetime import date

from django.db import connection

HANDED_OVER, REFUSED, UNKNOWN, TOO_LATE, WITHDRAWN = (
    "handed_over",
    "refused",
    "unknown",
    "too_late",
    "withdrawn",
)
# What became of a message, beside the reasons of `eligibility.REASONS` why there was one or not.
OUTCOMES = {
    HANDED_OVER: "The gateway took the message.",
    REFUSED: "The gateway will never deliver to this number.",
    UNKNOWN: "It cannot be known whether the message went out, so it is not sent again.",
    TOO_LATE: "No sending time was left.",
    WITHDRAWN: "A later visit, a prohibition or a closed unit took the message back before it left.",
}

# One statement, so that two at once add up; sorted, so that they cannot wait for each other in a ring.
_ADD = """
INSERT INTO sms_decisioncount (unit_id, day, reason, n)
SELECT * FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::int[])
ON CONFLICT (unit_id, day, reason) DO UPDATE SET n = sms_decisioncount.n + excluded.n
"""


def add(counts: Mapping[tuple[int, date, str], int]) -> None:
    """Count `n` more for each (unit's id, day in Finland, reason)."""
    if not counts:
        return
    rows = sorted((*key, n) for key, n in counts.items())
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])
