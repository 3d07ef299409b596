"""The clock's tick and the text messages, killed right before and right after each of their commits.

A fork server holds the program, already loaded. Each run is a fork of it with connections of its own, which ends itself
by SIGKILL at a change that it commits; then the next one goes on. When a run has nothing left to change, all must stand
as if nobody had been killed.
"""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.audit import log
from palauteketju.audit.models import Entry
from palauteketju.handling import actions as handling
from palauteketju.handling.models import Case, CustomerNotice, Prompt, PromptSettings
from palauteketju.insight.models import Block
from palauteketju.insight.report_orders import order_reports
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.operations import clock
from palauteketju.organisation.absences import add_absence
from palauteketju.sms.actions import accept_events
from palauteketju.sms.gateways import gateway_from_settings
from palauteketju.sms.models import DecisionCount, OutgoingSms
from palauteketju.sms.service_events import ServiceEvent
from tests.project.conftest import KEYS, address_of_database, environment

FORK_SERVER = """
import json, os, signal, sys
from datetime import datetime
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from palauteketju.operations import clock

def run(part, at, die, nth, phones, site):
    settings.SMS_SIMULATOR_DIR, settings.PUBLISHED_DIR = Path(phones), Path(site)
    changed, left = False, nth
    commit = BaseDatabaseWrapper.commit

    def end(when):
        if die == when and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit_or_die(connection):
        nonlocal changed, left
        if not changed:
            return commit(connection)
        left -= 1
        end("before")
        commit(connection)
        end("after")
        changed = False

    def note(execute, sql, params, many, context):
        nonlocal changed
        connection = context["connection"]
        writes = sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) or "procrastinate_defer" in sql
        if writes and not connection.in_atomic_block:
            # A change without a transaction is one by itself.
            with transaction.atomic():
                return note(execute, sql, params, many, context)
        result = execute(sql, params, many, context)
        changed = changed or (writes and context["cursor"].rowcount != 0)
        return result

    def watch(connection, **_more):
        connection.execute_wrappers.append(note)

    BaseDatabaseWrapper.commit = commit_or_die
    connection_created.connect(watch)
    clock.tick(at=datetime.fromisoformat(at), without=frozenset(clock.PARTS) - {part})

print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        try:
            run(**json.loads(line))
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
KILLED, DONE = -9, 0
# Far more than any part has changes to commit: a part that gets no further fails instead of running for ever.
MOST_RUNS = 60
URGENT = "Äitini melkein kuoli, kun lääkkeet vaihtuivat."


@pytest.fixture(scope="module")
def fork_server(django_db_setup, tmp_path_factory):
    server = subprocess.Popen(
        [sys.executable, "-c", FORK_SERVER],
        env=environment(
            DATABASE_URL=address_of_database(),
            DJANGO_SETTINGS_MODULE="palauteketju.project.settings",
            PALAUTEKETJU_DATA=str(tmp_path_factory.mktemp("data")),
            PALAUTEKETJU_EMBEDDED="true",
            PALAUTEKETJU_KEYS=KEYS,
            PALAUTEKETJU_SMS_GATEWAY="simulator",
        ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout.readline() == "ready\n"
    yield server
    server.stdin.close()
    assert server.wait(10) == 0
    server.stdout.close()


@pytest.fixture
def run_part(committed, fork_server, settings):
    """Run one part of the tick in a process of its own, which dies "before" or "after" its nth commit, or not at all."""

    def run_part(part, *, at, die="", nth=1):
        asked = {
            "part": part,
            "at": at.isoformat(),
            "die": die,
            "nth": nth,
            "phones": str(settings.SMS_SIMULATOR_DIR),
            "site": str(settings.PUBLISHED_DIR),
        }
        fork_server.stdin.write(json.dumps(asked) + "\n")
        fork_server.stdin.flush()
        return int(fork_server.stdout.readline())

    return run_part


@pytest.fixture
def everything_due(give, units, people, at):
    """Something to do for every part of the tick."""
    before = at - timedelta(weeks=4)
    give(6, at=before, text="Kiitos.", way="receipt")
    for feedback in Feedback.objects.order_by("pk"):
        handling.triage(feedback.pk, at=before)
    answered, open_ = Case.objects.order_by("pk")[:2]
    request = ContactRequest.objects.get(feedback=answered.feedback)
    request.way = ContactRequest.Way.EMAIL
    request.hide("vastattu@example.fi")
    request.save()
    handling.answer(answered, "Kiitos palautteesta.", by=people.aino, at=before)
    CustomerNotice.objects.update(sent_at=before)
    PromptSettings.objects.create(
        person=people.eero, urgent="email", others="digest", digest_hour=8, digest_weekdays=[2]
    )
    order_reports([units.keskusta], by=people.jaana, at=at - timedelta(days=3))
    handling.approve_quote(open_.feedback, text="Kiitos.", kind="thanks", by=people.aino, at=before)
    for case in (answered, open_):
        handling.save_draft(case, "Kesken.", kind="response", by=people.aino, at=before)
    today = before.date()
    absence = {"first_day": today, "last_day": today, "substitute": None}
    add_absence(people.outi, **absence, by=people.outi, at=before)
    begins = (at + timedelta(days=1)).date()
    add_absence(people.outi, first_day=begins, last_day=begins, substitute=None, by=people.outi, at=before)
    # One of the cases is of a unit without a handler, and its manager has not been told.
    Case.objects.filter(pk=Case.objects.latest("pk").pk).update(unit=units.psyk)
    accept_events(events(0, at=at - timedelta(days=1)), at=at)
    ProcrastinateJob.objects.all()._raw_delete("default")
    give(7, at=at, nps="3")
    give(3, at=at, text=URGENT)


# Eight in the morning of the day after, when most is due; what lost its job then; and what is forgotten, and when.
TICKS = [
    (timedelta(hours=23), [name for name in clock.PARTS if name != "sms"]),
    (timedelta(hours=23, minutes=10), ["lost prompts", "report mails"]),
    (timedelta(weeks=8), ["contact details", "drafts", "absences", "digests of the past"]),
    (timedelta(weeks=8), ["report mails of the past"]),
    (timedelta(days=366 * 6), ["old feedback", "sms traces"]),
]
# What it changes is files; the site is made whole or not at all.
WITHOUT_A_COMMIT = {"publication"}


def finish(run_part, *, at, killed):
    """Run the ticks to their end; how many runs were killed in each part, and how all stood after each tick."""
    kills = Counter()
    stood = []
    for later, parts in TICKS:
        for part in parts:
            kills[part] += run_to_the_end(run_part, part, at=at + later, killed=killed)
        stood.append(outcome())
        ProcrastinateJob.objects.all()._raw_delete("default")
    return kills, stood


def run_to_the_end(run_part, part, *, at, killed):
    kills = 0
    for _run in range(MOST_RUNS if killed else 1):
        ended = {run_part(part, at=at, die=die) for die in (("before", "after") if killed else ("",))}
        assert ended in ({KILLED}, {DONE}), part
        if ended == {DONE}:
            return kills
        kills += 2
    pytest.fail(f"{part} gets no further")


def outcome():
    """What a person would see twice, or miss: what the trail tells, what jobs wait, what was counted."""
    trail = Counter(Entry.objects.values_list("action", flat=True))
    jobs = Counter()
    for name, given in ProcrastinateJob.objects.values_list("task_name", "args"):
        # A job of prompts stands for each of its prompts.
        jobs[name] += len(given.get("prompt_ids", [name]))
    prompts = Counter(f"prompt {kind}" for kind in Prompt.objects.values_list("kind", flat=True))
    blocks = {f"block {block.stream}": block.n for block in Block.objects.all()}
    return trail + jobs + prompts + Counter(blocks) + Counter(feedback=Feedback.objects.count())


TRAIL = {
    "organisation.absence.added": 2,
    "insight.reports.ordered": 1,
    "handling.quote.approved": 1,
    "handling.case.answered": 1,
    "handling.case.opened": 9,
    "handling.case.reminded": 5,
    "handling.deadlines.recounted": 1,
    "handling.answer_times.counted": 1,
    "insight.blocks.closed": 1,
    "insight.quotes.released": 1,
}
BLOCKS = {"block thl-2/nps": 16, "block channel": 16, "block comment": 9}
PROMPTS = {"prompt new": 18, "prompt overdue": 13, "prompt no_handler": 1, "feedback": 16}
JOBS = {
    "palauteketju.triage": 3,
    "palauteketju.prompt": 7,
    "palauteketju.digest": 3,
    "palauteketju.ask_if_helped": 1,
    "palauteketju.report_mail": 1,
}
NOT_ANNOUNCED_AGAIN = {"palauteketju.triage"}


@pytest.mark.parametrize("killed", [False, True])
def test_a_tick_killed_at_each_commit_does_all_of_it_once(everything_due, run_part, at, killed):
    kills, stood = finish(run_part, at=at, killed=killed)

    assert {part for part in kills if not kills[part]} == (WITHOUT_A_COMMIT if killed else set(kills))
    morning, after_the_jobs_were_lost, *_, years_later = stood
    assert morning == TRAIL | BLOCKS | PROMPTS | JOBS
    assert morning - after_the_jobs_were_lost == {job: JOBS[job] for job in NOT_ANNOUNCED_AGAIN}
    assert years_later == TRAIL | BLOCKS | {
        "handling.contact_details.deleted": 1,
        "intake.feedback.deleted_by_age": 1,
    }
    assert log.verify().broken_at is None


def test_of_text_messages_none_goes_twice_and_none_is_forgotten(run_part, give, at):
    """Between the provider and our record nobody can know: such a message is given up, and counted as unknown."""
    noon = at.replace(hour=12)
    steps = [(nth, die) for nth in (1, 2, 3) for die in ("before", "after")]
    for number, (nth, die) in enumerate(steps):
        accept_events(events(number, at=at - timedelta(days=1)), at=at)
        now = noon + timedelta(minutes=30 * number)
        assert run_part("sms", at=now, die=die, nth=nth) == KILLED
        # Whatever is left is sent, or given up when its claim has run out.
        for later in (1, 11):
            assert run_part("sms", at=now + timedelta(minutes=later)) == DONE

    assert not OutgoingSms.objects.exists()
    phones = gateway_from_settings().phones(most=99)
    assert {len(phone.messages) for phone in phones} == {1}
    ended = Counter(dict(DecisionCount.objects.exclude(reason="send").values_list("reason", "n")))
    assert ended.total() == 2 * len(steps)
    # Before the claim: both go. After it, or before the first record: neither is known. Then the first, then both.
    assert ended == {"handed_over": 2 + 0 + 0 + 1 + 1 + 2, "unknown": 0 + 2 + 2 + 1 + 1 + 0}
    assert len(phones) >= ended["handed_over"]


def events(number, *, at):
    """Two visits, of people of their own."""
    return [
        ServiceEvent(
            event_id=f"e{number}-{one}",
            phone=f"+358401234{number}0{one}",
            occurred_at=at,
            visit_type="",
            language="fi",
            birth_year=1980,
            municipality="",
            unit="keskusta",
            permission=True,
            non_disclosure=False,
            phones_on_file=1,
        )
        for one in range(2)
    ]
