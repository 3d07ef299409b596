"""Reports, PDFs and the tick with a long history and with hardly any, and the ratio of the two.

    .venv/bin/python -m benchmarks.insight [--sizes 10000 10000000] [--units 300]

One county of 300 units, in three states:

- many: ten million feedbacks of three years, and their blocks.
- few: what the measured reports draw of many, in tables of its own beside the large ones: the newest ten thousand
  feedbacks; the blocks and sums of days of the last 24 weeks; of the years before only the months of the measured unit, area
  and county, which their yearly reports show, and one block a unit and month, by which those tell how many units had any.
  Every measured page and PDF must have the same bytes as with many, or the benchmark stops: what differs in its time is the
  size of the history alone ("size"). Each page is asked of both in turn, so that what else the machine does falls on both.
- thin: ten thousand feedbacks of three years, in a database of its own: a county that has hardly begun to ask, where most
  reports are nearly empty. Compared with few it tells what drawing the figures costs ("content").

The tick counts the same week of 10 000 answers in each. After it public pages show twelve months, and few has six of most
units: as many figures, of fewer answers. The tables of few have no foreign keys, which saves it a little in the tick.

What is real and what is not:

- The feedback table is filled by one INSERT … SELECT, with fsync off meanwhile; its index of words is left out.
- Blocks of the last four weeks are closed by the program's own daily closings, 28 of them. The blocks of the three
  years before are copies of these, each four weeks further back: as many rows as daily closings would have made.
- Pages and PDFs are asked of Django's own test client: server time, all middleware included, no network.

Twelve minutes for all and fifteen gigabytes of disk for ten million; everything is deleted at the end.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from multiprocessing import get_context
from typing import TYPE_CHECKING

import psycopg

from benchmarks.stage import stage

if TYPE_CHECKING:
    from palauteketju.organisation.models import Unit

YEARS, WEEKS = 3, 4
# The comparison page looks furthest back of all that reads days.
WEEKS_DRAWN = 24
ROUNDS = 100
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
# What few has of each table. Of the public blocks also the API's first 500 and the one more by which it tells of others.
_DRAWN = {
    "intake_feedback": "id IN (SELECT id FROM public.intake_feedback ORDER BY recorded_at DESC LIMIT %(few)s)",
    "insight_cutoff": "true",
    "insight_pool": "true",
    "insight_block": """closed >= %(since)s OR id IN (
        SELECT min(id) FROM public.insight_block WHERE unit_id IS NOT NULL AND closed < %(since)s
        GROUP BY scope, date_trunc('month', closed)
    )""",
    "insight_publicblock": """closed >= %(since)s OR id IN (
        SELECT public_id FROM few.insight_block
        UNION ALL (SELECT id FROM public.insight_publicblock ORDER BY id LIMIT 501)
    )""",
    "insight_daytotal": "closed >= %(since)s",
    "insight_monthtotal": "month >= date_trunc('month', %(since)s::date) OR scope = ANY(%(measured)s)",
}
# Where a state's tables are looked for.
_MANY, _FEW = "public", "few, public"
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
    # What was written without waiting would otherwise be on its way to the disk while pages are measured.
    os.sync()


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


def draw_few(url: str, *, few: int, since: datetime) -> None:
    """Copy what the measured pages draw into tables of the same shape and names in a schema of their own."""
    measured = [scope.code for scope in measured_scopes()]
    given = {"few": few, "since": since.date(), "measured": measured}
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET work_mem = '1GB'")
        connection.execute("CREATE SCHEMA few")
        for table, is_drawn in _DRAWN.items():
            connection.execute(f"CREATE TABLE few.{table} (LIKE public.{table} INCLUDING ALL)")
            connection.execute(
                f"INSERT INTO few.{table} SELECT * FROM public.{table} WHERE {is_drawn} ORDER BY id", given
            )
            if sequence := connection.execute(
                f"SELECT pg_get_serial_sequence('few.{table}', 'id')"
            ).fetchone()[0]:
                connection.execute(f"SELECT setval('{sequence}', (SELECT max(id) + 1 FROM few.{table}))")
        connection.execute("VACUUM ANALYZE")


def use(tables: str) -> None:
    """From now on every new connection finds these."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE palauteketju SET search_path = {tables}")
    connection.close()


def measured_scopes() -> tuple["Unit", "Unit", "Unit"]:
    """A unit, its area and the county."""
    from palauteketju.organisation.models import Unit

    county = Unit.objects.get(kind="county")
    area = Unit.objects.filter(kind="area").order_by("code").first()
    return Unit.objects.giving_service().filter(parent=area).order_by("code").first(), area, county


def addresses() -> dict[str, str]:
    from django.utils import timezone

    from palauteketju.insight.periods import last_whole

    unit, area, county = measured_scopes()
    week, third, year = (last_whole(kind, timezone.now()) for kind in ("week", "third", "year"))
    return {
        "report page, unit": f"/raportit/{unit.slug}/",
        "report page, area": f"/raportit/{area.slug}/",
        "report page, county": f"/raportit/{county.slug}/",
        "yearly report page, unit": f"/raportit/{unit.slug}/?vuosi={year}",
        "yearly report page, county": f"/raportit/{county.slug}/?vuosi={year}",
        "four-monthly report page, county": f"/raportit/{county.slug}/?tertiaali={third}",
        "comparison page, area": f"/raportit/{area.slug}/vertailu/",
        "public blocks by the API, 500": "/api/v1/blocks",
        "report PDF, unit": f"/raportit/{unit.slug}/{week}.pdf",
        "report PDF, county": f"/raportit/{county.slug}/{week}.pdf",
    }


def pages(states: Sequence[str]) -> list[dict[str, float]]:
    """By state, seconds of server time, the median of many, for somebody who may read the whole county."""
    from django.db import connection
    from django.test import Client

    from palauteketju.organisation.models import Person, Role

    person = Person.objects.create(username="mittaaja", password="!")
    *_below, county = measured_scopes()
    Role.objects.create(person=person, kind=Role.Kind.COMMUNICATIONS, unit=county)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person)
    taken: list[dict[str, list[float]]] = [defaultdict(list) for _ in states]
    for _round in range(ROUNDS):
        for name, address in addresses().items():
            answered = set()
            for state, times in zip(states, taken, strict=True):
                connection.cursor().execute(f"SET search_path = {state}")
                began = time.perf_counter()
                answer = _ask(client, address)
                times[name].append(time.perf_counter() - began)
                answered.add(answer)
            if len(answered) > 1:
                raise SystemExit(f"Not the same content: {name}.")
    return [{name: statistics.median(found) for name, found in times.items()} for times in taken]


def _ask(client, address: str) -> bytes:
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")
    # The token of the forms is another each time.
    return re.sub(rb'(name="csrfmiddlewaretoken" value=)"\w+"', rb"\1", response.content)


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


def measure(n: int, units: int, few: int | None) -> list[dict[str, float]]:
    """All figures, in seconds (rows: as they are): of `n` feedbacks and, where wanted, of the `few` among them."""
    with stage(with_worker=False, units=units) as on:
        from django.db import connection
        from django.utils import timezone

        from palauteketju.insight.periods import HELSINKI, week_of

        monday = week_of(timezone.now().astimezone(HELSINKI).date()).first
        end = datetime(monday.year, monday.month, monday.day, tzinfo=HELSINKI)
        closing = build(on.database.url, n, end)
        states = [_MANY]
        if few:
            draw_few(on.database.url, few=few, since=end - timedelta(weeks=WEEKS_DRAWN))
            states.append(_FEW)
        set_durable(on.database.url, is_durable=True)
        _say("pages")
        columns = pages(states)
        for state, column in zip(states, columns, strict=True):
            use(state)
            column.update(figures_of(on.database.url, end))
        columns[0]["daily closing"] = closing
        connection.close()
    return columns


def build(url: str, n: int, end: datetime) -> float:
    """The feedbacks and blocks of three years up to `end`; returns how long a daily closing took."""
    set_durable(url, is_durable=False)
    _say(f"{n} feedbacks: filling")
    fill(url, n, first=end - timedelta(weeks=YEARS * 52), last=end)
    _say("daily closings")
    closing = close_daily(end)
    _say("blocks of the years before")
    copy_into_the_past(url, after=end - timedelta(weeks=WEEKS))
    return closing


def figures_of(url: str, end: datetime) -> dict[str, float]:
    """PDFs of all units, and the tick that counts the week after `end`."""
    from palauteketju.insight.models import Block

    _say("PDFs of all units")
    found = {"of one PDF, processor time": _processor_time_of_a_pdf()}
    found["PDFs of all units, 2 processes"] = monday_pdfs()
    _say("tick")
    # Whatever is read or made only once a process or a day.
    tick_parts(end + timedelta(hours=5))
    fill_week(url, first=end, last=end + timedelta(days=7))
    parts = tick_parts(end + timedelta(days=7, hours=4, minutes=30))
    found |= {"tick, a week's 10 000 answers": sum(parts.values()), "of it, blocks": parts["blocks"]}
    found |= {f"of it, {name}": took for name, took in parts.items() if name != "blocks" and took > 0.1}
    found["rows: blocks"] = float(Block.objects.count())
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
    parser.add_argument("--sizes", type=int, nargs=2, default=[10_000, 10_000_000], metavar=("FEW", "MANY"))
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--one", choices=("thin", "thick"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    few, many = options.sizes
    _refuse_without_room(many)
    if options.one:
        one = (few, options.units, None) if options.one == "thin" else (many, options.units, few)
        print(json.dumps(measure(*one)))
        return
    # A process of its own for each database: Django keeps to the one it was set up with.
    command = [sys.executable, "-m", "benchmarks.insight", "--units", str(options.units)]
    command += ["--sizes", str(few), str(many), "--one"]
    told = [
        json.loads(
            subprocess.run(
                [*command, one], check=True, stdout=subprocess.PIPE, text=True
            ).stdout.splitlines()[-1]
        )
        for one in ("thin", "thick")
    ]
    ((thin,), (full, recent)) = told
    print(f"Load of the machine while measuring: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    show({f"{few} thin": thin, f"{few}": recent, f"{many}": full})


def show(columns: dict[str, dict[str, float]]) -> None:
    """A table with two ratios: of content (few to thin) and of size (many to few)."""
    thin, recent, full = columns.values()
    print(f"{'seconds':36}" + "".join(f"{name:>14}" for name in columns) + f"{'content':>9}{'size':>9}")
    for name in full:
        values = [column.get(name) for column in columns.values()]
        cells = ["" if value is None else f"{value:.3f}" for value in values]
        ratios = [
            f"{above[name] / below[name]:.2f}" if above.get(name) and below.get(name) else ""
            for above, below in ((recent, thin), (full, recent))
        ]
        print(
            f"{name:36}" + "".join(f"{cell:>14}" for cell in cells) + "".join(f"{cell:>9}" for cell in ratios)
        )


if __name__ == "__main__":
    main()
