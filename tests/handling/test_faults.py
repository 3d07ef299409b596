"""Mail servers and chats that fail, and workers killed at each step of each job, all of them real.

What is documented: a message accepted by the other side before we could write it down is sent again, that one and once;
nothing else is doubled, and nothing is lost.
"""

import asyncio
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.audit import log
from palauteketju.handling import actions
from palauteketju.handling.models import (
    Case,
    ChatChannel,
    ChatPost,
    CustomerNotice,
    DeadlineChange,
    Digest,
    FollowUp,
    Prompt,
    PromptSettings,
)
from palauteketju.handling.triage import urgency
from palauteketju.insight.models import ReportMail
from palauteketju.insight.report_orders import announce_due, order_reports
from palauteketju.operations import jobs
from palauteketju.operations.worker import run_waiting_jobs
from palauteketju.organisation.errors import MailNotSent
from tests.handling.test_chat_prompts import Channel

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


class MailServer(socketserver.ThreadingTCPServer):
    """SMTP by hand, so that it can hold, break off or keep silent at a step. `held` steps wait until `go` is set."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, *, hold_at="", break_after="", refuse_at=""):
        super().__init__(("127.0.0.1", 0), Session)
        self.hold_at, self.break_after, self.refuse_at = hold_at, break_after, refuse_at
        self.reached, self.go, self.taken = threading.Semaphore(0), threading.Event(), []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def step(self, name):
        """Whether the session goes on after this step."""
        if name == self.hold_at:
            self.reached.release()
            self.go.wait(30)
        return name != self.break_after

    def wait_for(self, sessions):
        for _each in range(sessions):
            assert self.reached.acquire(timeout=20)

    def to(self):
        return Counter(recipient for recipient, _message_id in self.taken)


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        # The worker may be killed at any moment: that is what the tests are about.
        with suppress(OSError):
            self._talk()

    def _talk(self):
        server = self.server
        if not server.step("greeting"):
            return
        self._say("220 test")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper().removesuffix(":")
            if server.refuse_at == verb:
                self._say("450 later")
                continue
            if verb == "RCPT":
                recipient = line.split("<")[1].split(">")[0]
            if verb == "DATA":
                self._say("354 go on")
                body = self._body()
                server.taken.append((recipient, body))
                if not server.step("taken"):
                    return
            if not server.step(verb):
                return
            self._say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def _body(self):
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.decode())
        return next(one.split(":", 1)[1].strip() for one in lines if one.startswith("Message-ID"))

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mail_server(settings):
    servers = []

    def start(**how):
        server = MailServer(**how)
        servers.append(server)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 1
        return server

    yield start
    for server in servers:
        server.go.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def prompt(open_case, people):
    return open_case(URGENT).prompts.get(person=people.aino)


@pytest.mark.parametrize(
    "how",
    [
        {"break_after": "greeting"},
        {"refuse_at": "MAIL"},
        {"refuse_at": "RCPT"},
        {"hold_at": "greeting"},
        {"break_after": "MAIL"},
        {"break_after": "RCPT"},
    ],
)
def test_a_mail_server_that_fails_loses_and_doubles_nothing(prompt, mail_server, how, at):
    mail_server(**how)
    with pytest.raises(MailNotSent):
        actions.send_prompts([prompt.pk], at=at)
    prompt.refresh_from_db()
    assert (prompt.sent_at, prompt.tries) == (None, 1)

    healthy = mail_server()
    assert actions.send_prompts([prompt.pk], at=at)
    assert len(healthy.taken) == 1


def test_a_server_that_accepts_and_dies_before_its_answer_gets_that_one_mail_twice(prompt, mail_server, at):
    server = mail_server(break_after="taken")
    with pytest.raises(MailNotSent):
        actions.send_prompts([prompt.pk], at=at)
    server.break_after = ""
    assert actions.send_prompts([prompt.pk], at=at)
    assert not actions.send_prompts([prompt.pk], at=at)
    # The same Message-ID, so that mail programs can show it once.
    assert len(server.taken) == 2
    assert len(set(server.taken)) == 1


def test_a_chat_that_answers_500_for_an_hour_gets_its_post_once(committed, open_case, units, people, channel):
    now = timezone.now()
    of = ChatChannel.Format.TEXT
    actions.add_channel(units.keskusta, channel.address, of=of, only_urgent=False, by=people.aada, at=now)
    # Without an address nobody gets a mail, and the post is the only job.
    type(people.aino).objects.update(email="")
    open_case(URGENT, at=now)
    channel.answers = [500] * 100
    waited = timedelta()
    while waited < timedelta(hours=1):
        run_waiting_jobs()
        [retry] = our_jobs()
        waited += retry.scheduled_at - timezone.now()
        # What is retried is not lost: nobody announces it a second time.
        assert actions.announce_lost(at=now + waited) == 0
        run_sql("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    post = ChatPost.objects.get()
    assert (post.sent_at, post.failure, post.tries) == (None, "500", len(channel.posted))

    channel.answers, channel.posted = [], []
    run_waiting_jobs()
    assert len(channel.posted) == 1
    assert not our_jobs().exists()
    assert actions.announce_lost(at=now + waited) == 0


# --- Workers killed ------------------------------------------------------------------------------


WORK = """
import asyncio, django
from concurrent.futures import ThreadPoolExecutor
django.setup()
from palauteketju.operations import worker

async def work():
    # However few processors there are, every job is at its step at the same time.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(8))
    await worker._work(concurrency=8, queues=["triage", "prompts"], fetch_job_polling_interval=0.1)

asyncio.run(work())
"""
MAILS = [
    "outi@example.fi",
    "eero@example.fi",
    "jaana@example.fi",
    "kysytty@example.fi",
    "vastattu@example.fi",
]
SENDINGS = (Prompt, ChatPost, Digest, FollowUp, CustomerNotice, ReportMail)
JOBS = 7


@pytest.fixture
def channel():
    channel = Channel()
    yield channel
    channel.stop()


@pytest.fixture
def every_job(committed, open_case, give, units, people, channel):
    """One of each job that sends or triages waits: each mail to another address, one post, one feedback nobody triaged.

    The clock's tick and the text messages are killed in tests/operations/test_killed_at_each_commit.py.
    """
    now = timezone.now()
    for person, others in ((people.aino, "app"), (people.eero, "digest")):
        PromptSettings.objects.create(
            person=person, urgent="email", others=others, digest_hour=8, digest_weekdays=[1]
        )
    actions.add_channel(
        units.koti, channel.address, of=ChatChannel.Format.TEXT, only_urgent=False, by=people.aada, at=now
    )
    open_case(URGENT, unit=units.koti, at=now)
    asked = open_case(way="email", value="kysytty@example.fi", at=now - timedelta(days=3))
    before = now - timedelta(weeks=4)
    answered = open_case("Toinen.", way="email", value="vastattu@example.fi", at=before)
    actions.answer(answered, "Kiitos.", by=people.aino, at=before)
    CustomerNotice.objects.update(sent_at=before)
    Prompt.objects.filter(in_digest=True).update(mail_at=before)
    order_reports([units.keskusta], by=people.jaana, at=before)
    run_sql("DELETE FROM procrastinate_jobs")

    monday = now - timedelta(days=now.weekday())
    announce_due(at=monday.replace(hour=12))
    actions.ask_clarification(asked, "Minä päivänä?", by=people.aino, at=now)
    actions.ask_if_helped(at=now)
    actions.announce_digests(at=monday.replace(hour=12))
    actions.announce_lost(at=now + timedelta(minutes=6))
    give("Kolmas.", way="receipt", at=now)
    assert our_jobs().count() == JOBS


def run_sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def worker(server):
    """A worker in a process of its own, on the test's database and mail server."""
    name = connection.settings_dict["NAME"]
    address, port = server.server_address
    environment = os.environ | {
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(),
        "PALAUTEKETJU_SMTP": f"smtp+plain://{address}:{port}",
        "DJANGO_SETTINGS_MODULE": "palauteketju.project.settings",
    }
    process = subprocess.Popen([sys.executable, "-c", WORK], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def locked(statement):
    """Hold a lock on a connection of our own; at the end whoever waits for it has died with its worker."""
    with connection.copy().cursor() as cursor:
        other = cursor.connection
        other.autocommit = False
        cursor.execute(statement)
        try:
            yield other
        finally:
            cursor.execute("SELECT pg_backend_pid()")
            mine = cursor.fetchone()[0]
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))",
                [mine],
            )
            other.rollback()
            other.close()


def wait_until(is_so):
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def waiting_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0]


def is_somebody_waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def all_done():
    rows = [model.objects.filter(sent_at=None, dropped_at=None) for model in SENDINGS]
    unsent = rows[0].exclude(mail_at=None).exclude(in_digest=True).count() + sum(
        one.count() for one in rows[1:]
    )
    return unsent == 0 and Case.objects.count() == 4


def recover(server):
    """Three minutes later: the dead worker's jobs and claims have run out, and a living one takes them."""
    server.go.set()
    run_sql("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '3 minutes'")
    for model in SENDINGS:
        model.objects.update(claimed_at=F("claimed_at") - timedelta(minutes=3))
    asyncio.run(rescue())
    run_waiting_jobs()


async def rescue():
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await jobs.rescue.func(SimpleNamespace(app=worker_app), timestamp=0)


def our_jobs():
    """Without those of the clock, which a worker makes by itself."""
    return ProcrastinateJob.objects.exclude(queue_name="clock")


def assert_nothing_is_lost(server, channel, *, each):
    assert all_done()
    assert server.to() == dict.fromkeys(MAILS, each)
    assert len(set(server.taken)) == len(MAILS)
    assert len(channel.posted) == each
    assert not our_jobs().exists()
    assert log.verify().broken_at is None


def test_workers_killed_before_they_act_lose_nothing(every_job, channel, mail_server):
    server = mail_server(hold_at="greeting")
    # The mails at the greeting of the server, the post before its claim, the triage before its first change.
    rows = "SELECT 1 FROM intake_feedback f, handling_chatpost p WHERE f.triage_due FOR UPDATE"
    with locked(rows), worker(server) as process:
        server.wait_for(len(MAILS))
        wait_until(lambda: our_jobs().filter(status="doing").count() == JOBS)
        process.send_signal(signal.SIGKILL)
        process.wait()
    recover(server)
    assert_nothing_is_lost(server, channel, each=1)


def test_workers_killed_between_sending_and_commit_send_that_one_again(every_job, channel, mail_server):
    server = mail_server()
    # Each action writes its trace last, and waits there with everything done and nothing committed.
    with locked(f"SELECT pg_advisory_lock({log._LOCK})"), worker(server) as process:
        wait_until(lambda: waiting_for_a_lock() == JOBS)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not all_done()
    recover(server)
    assert_nothing_is_lost(server, channel, each=2)


def test_workers_killed_after_commit_before_the_job_is_done_repeat_nothing(every_job, channel, mail_server):
    server = mail_server()
    with ExitStack() as stack:
        process = stack.enter_context(worker(server))
        with locked(f"SELECT pg_advisory_lock({log._LOCK})") as traces:
            wait_until(lambda: waiting_for_a_lock() == JOBS)
            # Marking a job done now waits for us, while the actions may commit.
            stack.enter_context(locked("SELECT id FROM procrastinate_jobs WHERE status = 'doing' FOR UPDATE"))
            traces.execute(f"SELECT pg_advisory_unlock({log._LOCK})")
            wait_until(all_done)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert our_jobs().count() == JOBS
    recover(server)
    assert_nothing_is_lost(server, channel, each=1)


@pytest.fixture
def unjudged(committed, open_case, people, monkeypatch):
    """The process that took an urgent message of the customer died before it had judged it."""

    def die(*_args, **_more):
        raise SystemExit

    now = timezone.now()
    case = open_case(at=now - timedelta(days=3))
    run_sql("DELETE FROM procrastinate_jobs")
    monkeypatch.setattr(urgency, "assess", die)
    with pytest.raises(SystemExit):
        actions.write_as_customer(case, URGENT, at=now)
    monkeypatch.undo()
    assert not Case.objects.get().is_urgent
    assert our_jobs().count() == 1


def assert_hurried_once(server):
    recover(server)
    assert Case.objects.get().is_urgent
    assert DeadlineChange.objects.count() == 1
    # Who of the unit is prompted: each of them once, or that one again whose mail was under way.
    assert set(server.to()) == {"aino@example.fi", "eero@example.fi"}
    assert len(set(server.taken)) == 2
    assert not our_jobs().exists()


@pytest.mark.parametrize(
    "step",
    ["SELECT 1 FROM handling_case FOR UPDATE", f"SELECT pg_advisory_lock({log._LOCK})"],
    ids=["at its first change", "at its commit"],
)
def test_workers_killed_over_an_urgent_message_hurry_its_case_once(unjudged, mail_server, step):
    server = mail_server()
    with locked(step), worker(server) as process:
        wait_until(lambda: our_jobs().filter(status="doing").exists() and is_somebody_waiting())
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not Case.objects.get().is_urgent
    assert_hurried_once(server)


def test_workers_killed_after_an_urgent_message_hurry_its_case_no_second_time(unjudged, mail_server):
    server = mail_server()
    with ExitStack() as stack:
        process = stack.enter_context(worker(server))
        with locked(f"SELECT pg_advisory_lock({log._LOCK})") as traces:
            wait_until(lambda: waiting_for_a_lock() == 1)
            stack.enter_context(locked("SELECT id FROM procrastinate_jobs WHERE status = 'doing' FOR UPDATE"))
            traces.execute(f"SELECT pg_advisory_unlock({log._LOCK})")
            wait_until(lambda: Case.objects.get().is_urgent)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert_hurried_once(server)
