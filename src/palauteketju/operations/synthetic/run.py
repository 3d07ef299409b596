"""The simulation: weeks of customers, their handlers and the clock, each through the same doors as in life."""

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import connection

from palauteketju.handling import actions as handling
from palauteketju.intake import actions as intake
from palauteketju.intake import submissions
from palauteketju.intake.models import Feedback
from palauteketju.operations import clock
from palauteketju.operations.synthetic import county, customers, measures
from palauteketju.operations.synthetic.customers import HELSINKI, Visit
from palauteketju.operations.synthetic.staff import Staff
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import county_rules
from palauteketju.surveys.library import QuestionSet, question_set

TICK = time(4, 30)


class NotEmpty(Exception):
    """There is an organisation already: invented feedback is never mixed with real."""


def run(
    *, units: int, weeks: int, per_week: int, seed: int, start: date, truth: Path, organisation: Path | None
) -> None:
    """Fill an empty database; the same arguments give the same county.

    `truth` gets a line for each feedback, what its customer truly said. Raises NotEmpty; OSError when a file cannot
    be written.
    """
    if Unit.objects.exists() or Feedback.objects.exists():
        raise NotEmpty
    random_ = random.Random(seed)  # noqa: S311 - repeatable on purpose: nothing secret is drawn from it
    definition = question_set(county_rules().question_set)
    content = county.organisation_csv(units, start=start)
    if organisation:
        organisation.write_bytes(content)
    first = datetime.combine(start, time(0), tzinfo=HELSINKI)
    with truth.open("w", encoding="utf-8") as stream:
        _hurry()
        places = county.settle(content, random_, at=first)
        approver = county.add_approver(at=first)
        staff = Staff(random_)
        for number, monday in enumerate(_weeks(first, weeks)):
            _progress(number, weeks)
            _live_a_week(
                customers.week(places, monday, per_week, random_, definition),
                monday,
                staff,
                definition,
                stream,
            )
            measures.decide(places, number, approver=approver, at=_later(monday, 7), random_=random_)
        clock.tick(at=_later(first, 7 * weeks))
        _progress(weeks, weeks)
    _forget_jobs()


def _live_a_week(
    visits: list[Visit], monday: datetime, staff: Staff, definition: QuestionSet, truth: IO[str]
) -> None:
    """Seven days: what the handlers planned, what the customers give, and the clock early each morning."""
    ticks = [datetime.combine(_later(monday, day).date(), TICK, tzinfo=HELSINKI) for day in range(7)]
    for visit in visits:
        while ticks and ticks[0] <= visit.at:
            _tick(ticks.pop(0), staff)
        staff.work_until(visit.at)
        _give(visit, staff, definition, truth)
    for tick in ticks:
        _tick(tick, staff)


def _tick(at: datetime, staff: Staff) -> None:
    staff.work_until(at)
    # The public site is made once, at the end: nobody reads it meanwhile.
    clock.tick(at=at, without=frozenset({"publication"}))


def _give(visit: Visit, staff: Staff, definition: QuestionSet, truth: IO[str]) -> None:
    submission, errors = submissions.read(
        visit.raw,
        unit=visit.place.unit,
        channel=visit.channel,
        question_set=definition,
        language=visit.language,
        at=visit.at,
    )
    if submission is None:
        raise ValueError(f"An invented customer gave what no form would take: {errors}.")
    nonce = UUID(int=staff.random_.getrandbits(128))
    received = intake.receive(submission, nonce=nonce, at=visit.at)
    truth.write(_truth_of(received.feedback_id, visit, submission) + "\n")
    if submission.text or submission.contact or submission.needs_attention:
        opened = visit.at + timedelta(seconds=3)
        if case := handling.triage(received.feedback_id, at=opened):
            staff.take_on(case, by=visit.place.handler, language=visit.language, opened=opened)
    if submission.text:
        staff.read(Feedback.objects.get(pk=received.feedback_id), by=visit.place.handler)


def _truth_of(feedback_id: int, visit: Visit, submission: submissions.Submission) -> str:
    return json.dumps(
        {
            "feedback": feedback_id,
            "unit": visit.place.unit.code,
            "recorded_at": visit.at.isoformat(),
            "answers": {
                f"{submission.question_set}/{name}": value for name, value in submission.answers.items()
            },
            "kind": submission.kind,
            "channel": submission.channel,
            "comment": bool(submission.text),
        },
        ensure_ascii=False,
    )


def _weeks(first: datetime, weeks: int) -> Iterator[datetime]:
    return (_later(first, 7 * number) for number in range(weeks))


def _later(midnight: datetime, days: int) -> datetime:
    """Midnight so many days later, by the calendar: summer time ends in the middle of many a simulation."""
    return datetime.combine(midnight.date() + timedelta(days=days), time(0), tzinfo=HELSINKI)


def _hurry() -> None:
    """Invented answers need not survive a power cut, and invented people have no post box."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


def _forget_jobs() -> None:
    """What was announced has been done here, at its simulated time."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
        cursor.execute("SET synchronous_commit = on")


def _progress(done: int, of: int) -> None:
    """A bar on a terminal, else a line now and then."""
    if sys.stderr.isatty():
        bar = ("#" * (40 * done // of)).ljust(40, ".")
        sys.stderr.write(f"\r[{bar}] week {done} of {of}" + ("\n" if done == of else ""))
    elif done in {0, of // 4, of // 2, 3 * of // 4, of}:
        sys.stderr.write(f"week {done} of {of}\n")
    sys.stderr.flush()
