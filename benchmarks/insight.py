"""Reports, PDFs and the tick at ten thousand and at ten million stored feedbacks, and the ratio of the two.

    .venv/bin/python -m benchmarks.insight [--sizes 10000 10000000] [--units 300]

For each size an own database: 300 units, three years. What is real and what is not:

- The feedback table is filled by one INSERT … SELECT, with fsync off meanwhile; its index of words is left out.
- Blocks of the last four weeks are closed by the program's own daily closings, 28 of them. The blocks of the three
  years before are copies of these, each four weeks further back: as many rows as daily closings would have made.
- Then a week with 10 000 answers comes, and one tick counts it, each of its parts timed.
- Pages and PDFs are asked of Django's own test client: server time, all middleware included, no network.

About ten minutes for both and fifteen gigabytes of disk for ten million; everything is deleted at the end.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from multiprocessing import get_context

import psycopg

from benchmarks.stage import stage

YEARS, WEEKS = 3, 4
DISK_BYTES_A_FEEDBACK = 1_500
NEW_ANSWERS = 10_000
_FILL = """
WITH places AS (
    SELECT id, row_number() OVER (ORDER BY code) - 1 AS place
    FROM organisation_unit WHERE kind = 'unit' AND active_to IS NULL
), drawn AS MATERIALIZED (
    -- A few units are busy, many are quiet.
    SELECT i, floor((SELECT count(*) FROM places) * power(random(), 2))::bigint AS place, random() AS luck
    FROM generate_series(1, %(n)s) AS i
)
INSERT INTO intake_feedback (unit_id, channel, respondent, assisted, language, question_set, answers, text, kind,
    needs_attention, wants_answer, arrived_at, recorded_at, promise, promised_k, promised_public_k, nonce, receipt_hash,
    triage_due)
SELECT places.id, (ARRAY['web', 'qr', 'sms', 'sms', 'kiosk', 'paper'])[1 + floor(random() * 6)::int], 'customer', false,
    (ARRAY['fi', 'fi', 'fi', 'sv', 'en'])[1 + floor(random() * 5)::int], 'thl-2',
    jsonb_build_object(
        'nps', (ARRAY['10', '10', '9', '9', '9', '8', '8', '7', '6', '3', '0'])[1 + floor(random() * 11)::int],
        {statements}
    ),
    CASE WHEN luck < 0.25 THEN 'Hoitaja kuunteli rauhassa ja selitti asiat niin, että ymmärsin.' ELSE '' END,
    CASE WHEN luck < 0.2 THEN (ARRAY['thanks', 'criticism', 'idea', 'question'])[1 + floor(random() * 4)::int] ELSE '' END,
    false, false, moment, moment, 1, 5, 10, gen_random_uuid(), sha256(uuid_send(gen_random_uuid())), false
FROM drawn JOIN places USING (place),
    LATERAL (SELECT %(first)s + (%(last)s - %(first)s) * (i::float8 / %(n)s) AS moment) t
"""
_STATEMENT = (
    "'{name}', (ARRAY['5', '5', '5', '5', '4', '4', '4', '3', '2', '1', 'na'])[1 + floor(random() * 11)::int]"
)
STATEMENTS = ("access", "caring", "participation", "safety", "continuity", "information", "benefit")
_INDEXES = """
SELECT i.relname, c.conname, coalesce(pg_get_constraintdef(c.oid), pg_get_indexdef(i.oid))
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_constraint c ON c.conindid = i.oid
WHERE x.indrelid = 'intake_feedback'::regclass AND NOT x.indisprimary
"""
_COPIES = [
    """INSERT INTO insight_publicblock (scope, unit_id, area, county, stream, opened, closed, n, counts, k)
    SELECT scope, unit_id, area, county, stream, opened - days, closed - days, n, counts, k
    FROM insight_publicblock, {back} WHERE closed > %(after)s""",
    """INSERT INTO insight_block (scope, unit_id, area, county, stream, opened, closed, n, counts, k, public_k, public_id)
    SELECT scope, unit_id, area, county, stream, opened - days, closed - days, n, counts, k, public_k, public_id
    FROM insight_block, {back} WHERE closed > %(after)s AND public_id IS NOT NULL""",
    """INSERT INTO insight_daytotal (scope, is_public, closed, stream, opened, n, counts)
    SELECT scope, is_public, closed - days, stream, opened - days, n, counts
    FROM insight_daytotal, {back} WHERE closed > %(after)s""",
]
_BACK = "generate_series(%(step)s::int, %(most)s::int, %(step)s::int) AS days"


def fill(url: str, n: int, *, first: datetime, last: datetime) -> None:
    statements = ", ".join(_STATEMENT.format(name=name) for name in STATEMENTS)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT setseed(0.5)")
        dropped = connection.execute(_INDEXES).fetchall()
        for index, constraint, _definition in dropped:
            what = f'TABLE intake_feedback DROP CONSTRAINT "{constraint}"' if constraint else None
            connection.execute(f"ALTER {what}" if what else f'DROP INDEX "{index}"')
        connection.execute(_FILL.format(statements=statements), {"n": n, "first": first, "last": last})
        for index, constraint, definition in dropped:
            if constraint:
                connection.execute(f'ALTER TABLE intake_feedback ADD CONSTRAINT "{constraint}" {definition}')
            elif index != "feedback_words":
                connection.execute(definition)
        connection.execute("VACUUM ANALYZE intake_feedback")


def set_durable(url: str, is_durable: bool) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for name, loose in (("fsync", "off"), ("full_page_writes", "off"), ("max_wal_size", "16GB")):
            change = f"RESET {name}" if is_durable else f"SET {name} = '{loose}'"
            connection.execute(f"ALTER SYSTEM {change}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CHECKPOINT")


def copy_into_the_past(url: str, *, after: datetime) -> None:
    step = WEEKS * 7
    given = {"step": step, "most": YEARS * 52 * 7 - step, "after": after.date()}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _COPIES:
            connection.execute(statement.format(back=_BACK), given)
        connection.execute("TRUNCATE insight_monthtotal")
        connection.execute(import_module("palauteketju.insight.migrations.0004_month_totals").FILL)
        connection.execute("VACUUM ANALYZE")


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def close_daily(end: datetime) -> float:
    """The program's own closings of the last weeks; returns the seconds of one, on average."""
    from palauteketju.insight.models import Cutoff
    from palauteketju.operations import clock

    start = end - timedelta(weeks=WEEKS)
    Cutoff.objects.update_or_create(
        pk=1, defaults={"counted_until": start, "closed_on": start.date() - timedelta(days=1)}
    )
    days = [end - timedelta(days=back) for back in reversed(range(WEEKS * 7))]
    return timed(lambda: [clock.close_blocks(day + timedelta(hours=4, minutes=30)) for day in days]) / len(
        days
    )


def tick_parts(at: datetime) -> dict[str, float]:
    from palauteketju.operations import clock

    return {name: timed(lambda part=part: part(at)) for name, part in clock.PARTS.items()}


def pages() -> dict[str, float]:
    """Seconds of server time, the median of several, for somebody who may read the whole county."""
    from django.test import Client
    from django.utils import timezone

    from palauteketju.insight.periods import last_whole
    from palauteketju.organisation.models import Person, Role, Unit

    county = Unit.objects.get(kind="county")
    person = Person.objects.create(username="mittaaja", password="!")
    Role.objects.create(person=person, kind=Role.Kind.COMMUNICATIONS, unit=county)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person)
    area = Unit.objects.filter(kind="area").order_by("code").first()
    units = Unit.objects.giving_service().filter(parent=area).order_by("code")
    week, third, year = (last_whole(kind, timezone.now()) for kind in ("week", "third", "year"))
    busy = units.first()
    found = {
        "report page, unit": f"/raportit/{busy.slug}/",
        "report page, area": f"/raportit/{area.slug}/",
        "report page, county": f"/raportit/{county.slug}/",
        "yearly report page, unit": f"/raportit/{busy.slug}/?vuosi={year}",
        "yearly report page, county": f"/raportit/{county.slug}/?vuosi={year}",
        "four-monthly report page, county": f"/raportit/{county.slug}/?tertiaali={third}",
        "comparison page, area": f"/raportit/{area.slug}/vertailu/",
        "public blocks by the API, 500": "/api/v1/blocks",
        "report PDF, unit": f"/raportit/{busy.slug}/{week}.pdf",
        "report PDF, county": f"/raportit/{county.slug}/{week}.pdf",
    }
    return {name: _median(client, address) for name, address in found.items()}


def _median(client, address: str) -> float:
    def ask() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}.")

    ask()
    return statistics.median(timed(ask) for _ in range(15))


def _ready() -> None:
    from palauteketju.project import ground

    ground.set_up_django()


def _render(unit: int) -> int:
    from django.utils import timezone

    from palauteketju.improvement.ready_reports import ready_report
    from palauteketju.insight import pdf
    from palauteketju.insight.periods import last_whole
    from palauteketju.organisation.models import Unit

    return len(pdf.render(ready_report(Unit.objects.get(pk=unit), last_whole("week", timezone.now()))))


def _processor_time_of_a_pdf() -> float:
    """In this process alone, so that other work on the machine does not count."""
    from palauteketju.organisation.models import Unit

    units = list(Unit.objects.giving_service().values_list("pk", flat=True)[:20])
    began = time.process_time()
    for unit in units:
        _render(unit)
    return (time.process_time() - began) / len(units)


def monday_pdfs() -> float:
    """Every unit's PDF, by two processes."""
    from palauteketju.organisation.models import Unit

    units = list(Unit.objects.giving_service().values_list("pk", flat=True))
    with get_context("spawn").Pool(2, _ready) as pool:
        return timed(lambda: pool.map(_render, units, chunksize=5))


def measure(n: int, units: int) -> dict[str, float]:
    """All figures of one size, in seconds (rows: as they are)."""
    with stage(with_worker=False, units=units) as on:
        from django.db import connection
        from django.utils import timezone

        from palauteketju.insight.models import Block
        from palauteketju.insight.periods import HELSINKI, week_of

        monday = week_of(timezone.now().astimezone(HELSINKI).date()).first
        end = datetime(monday.year, monday.month, monday.day, tzinfo=HELSINKI)
        set_durable(on.database.url, is_durable=False)
        _say(f"{n} feedbacks: filling")
        fill(on.database.url, n, first=end - timedelta(weeks=YEARS * 52), last=end)
        _say("daily closings")
        found = {"daily closing": close_daily(end)}
        _say("blocks of the years before")
        copy_into_the_past(on.database.url, after=end - timedelta(weeks=WEEKS))
        set_durable(on.database.url, is_durable=True)
        _say("pages")
        found |= pages()
        _say("PDFs of all units")
        found["of one PDF, processor time"] = _processor_time_of_a_pdf()
        found["PDFs of all units, 2 processes"] = monday_pdfs()
        _say("tick")
        fill_week(on.database.url, first=end, last=end + timedelta(days=7))
        parts = tick_parts(end + timedelta(days=7, hours=4, minutes=30))
        found |= {"tick, a week's 10 000 answers": sum(parts.values()), "of it, blocks": parts["blocks"]}
        found |= {f"of it, {name}": took for name, took in parts.items() if name != "blocks" and took > 0.1}
        found["rows: blocks"] = float(Block.objects.count())
        connection.close()
    return found


def fill_week(url: str, *, first: datetime, last: datetime) -> None:
    statements = ", ".join(_STATEMENT.format(name=name) for name in STATEMENTS)
    with psycopg.connect(url, autocommit=True) as connection:
        given = {"n": NEW_ANSWERS, "first": first, "last": last}
        connection.execute(_FILL.format(statements=statements), given)


def _say(what: str) -> None:
    sys.stderr.write(f"{datetime.now().astimezone():%H.%M.%S} {what}\n")


def _refuse_without_room(n: int) -> None:
    needed, free = n * DISK_BYTES_A_FEEDBACK + 2**31, shutil.disk_usage(tempfile.gettempdir()).free
    if free < needed:
        raise SystemExit(
            f"{needed / 2**30:.0f} GB of disk are needed in {tempfile.gettempdir()}, and {free / 2**30:.0f} GB are free: "
            "set TMPDIR to a larger one, or take a smaller --sizes."
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 10_000_000])
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    _refuse_without_room(max(options.sizes))
    if options.one:
        print(json.dumps(measure(options.one, options.units)))
        return
    columns = []
    for size in options.sizes:
        # A process of its own: Django keeps to the database it was set up with.
        command = [
            sys.executable,
            "-m",
            "benchmarks.insight",
            "--one",
            str(size),
            "--units",
            str(options.units),
        ]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        columns.append(json.loads(told.splitlines()[-1]))
    print(f"Load of the machine while measuring: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    print(f"{'seconds':44}" + "".join(f"{size:>14}" for size in options.sizes) + f"{'ratio':>9}")
    for name in dict.fromkeys(name for column in columns for name in column):
        values = [column.get(name) for column in columns]
        ratio = f"{values[-1] / values[0]:9.2f}" if all(values) else ""
        print(
            f"{name:44}"
            + "".join(f"{value:14.3f}" if value is not None else " " * 14 for value in values)
            + ratio
        )


if __name__ == "__main__":
    main()
