"""Answers for the tests of figures: as counts, or as the feedback they come from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from palauteketju.insight.actions import close_blocks
from palauteketju.intake.models import Feedback

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 16, 4, 30, tzinfo=HELSINKI)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Count:
    unit: str
    stream: str
    value: str
    n: int
    # What they were promised.
    k: int = 0
    public_k: int = 0


def answers(unit, n, *, stream="thl-2/nps", value="9"):
    return Count(unit.code, stream, value, n)


def once(*counts):
    """Answers that are there now and have all been counted at the next closing."""
    return lambda **_window: counts


def close(*counts, on):
    """Count these and close blocks; returns how many."""
    return close_blocks(once(*counts), at=on)


def give(unit, *, at, n=1, channel="web", arrived_at=None, answers=None, text="", kind="", k=0, public_k=0):
    """Feedback as the front door stores it."""
    Feedback.objects.bulk_create(
        Feedback(
            unit=unit,
            channel=channel,
            respondent="customer",
            language="fi",
            question_set="thl-2",
            answers=answers or {"nps": "9"},
            text=text,
            kind=kind,
            arrived_at=arrived_at or at,
            recorded_at=at,
            promise=1,
            promised_k=k,
            promised_public_k=public_k,
            nonce=(nonce := uuid4()),
            receipt_hash=nonce.bytes * 2,
            triage_due=False,
        )
        for _ in range(n)
    )
