"""The worker as a real process, also one that is killed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from palauteketju.audit import log
from palauteketju.handling.actions import reminding
from palauteketju.handling.models import Prompt, Triage
from palauteketju.operations import jobs, worker
from tests.project.conftest import KEYS, address_of_database, command, environment

URGENT = "Äitini melkein kuoli, kun lääkkeet vaihtuivat."


@pytest.fixture
def start(tmp_path, give):
    """Start a worker whose mail server listens at this port; ended with the test in any case."""
    started = []

    def start(port):
        process = subprocess.Popen(
            command("--data", tmp_path, "worker"),
            env=environment(
                DATABASE_URL=address_of_database(),
                PALAUTEKETJU_KEYS=KEYS,
                PALAUTEKETJU_SMTP=f"smtp+plain://127.0.0.1:{port}",
                PALAUTEKETJU_PUBLISHED=str(tmp_path / "published"),
            ),
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        # Shown when the test fails.
        sys.stderr.write(process.communicate()[1].decode())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


@pytest.fixture
def silent():
    """A mail server that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def wait_until(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def prompts(status):
    return ProcrastinateJob.objects.filter(task_name="palauteketju.prompt", status=status)


def test_it_works(start, give, postbox, settings):
    process = start(settings.EMAIL_PORT)
    feedback = give(at=timezone.now(), text=URGENT)
    wait_until(lambda: len(postbox.taken) == 2)

    assert Triage.objects.get().feedback_id == feedback
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    assert not ProcrastinateJob.objects.filter(queue_name__in=["triage", "prompts"]).exists()


def test_the_jobs_of_a_killed_worker_are_done_by_the_next_one(start, give, silent, postbox):
    give(at=timezone.now(), text=URGENT)
    process = start(silent)
    wait_until(lambda: prompts("doing").count() == 1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not Prompt.objects.filter(sent_at__isnull=False).exists()

    # A moment after its last sign of life it may yet be working; after the silence it is dead.
    rescue()
    assert prompts("doing").count() == 1
    let_pass(jobs.SILENCE)
    rescue()
    worker.run_waiting_jobs()

    assert len(postbox.taken) == 2
    assert Prompt.objects.filter(sent_at__isnull=False).count() == 2
    assert not prompts("doing").exists()


@pytest.mark.parametrize("next_one_waits", [False, True])
def test_a_clock_whose_worker_was_killed_in_mid_tick_ticks_again(
    start, give, postbox, settings, next_one_waits
):
    """The killed tick holds the lock that lets one run at a time, and each minute brings the next one."""
    tick = app.configure_task("palauteketju.tick", queue="clock", lock="tick", queueing_lock="tick")
    ticks = ProcrastinateJob.objects.filter(task_name="palauteketju.tick")
    tick.defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [reminding.LOCK])
    try:
        process = start(settings.EMAIL_PORT)
        wait_until(somebody_waits_for_a_lock)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [reminding.LOCK])
    ticks.filter(status="todo")._raw_delete("default")
    assert ticks.get().status == "doing"
    if next_one_waits:
        tick.defer(timestamp=60)
    send = app.configure_task("palauteketju.send_sms", queue="sms")
    send.defer()
    ProcrastinateJob.objects.filter(task_name="palauteketju.send_sms").update(
        status="doing", worker_id=ticks.get(status="doing").worker_id
    )

    let_pass(jobs.SILENCE)
    # It waits in the queue of the same clock; what it brings back runs next.
    rescue()
    rescue()
    assert not ticks.exists()
    # No other job of the dead worker is left behind by that.
    assert ProcrastinateJob.objects.get(task_name="palauteketju.send_sms").status == "todo"


def test_what_a_job_announces_is_not_seen_before_its_transaction_commits(give, postbox):
    """Else another job would look for a prompt that is not there yet, and nobody would ever be told."""
    give(at=timezone.now(), text=URGENT)
    with connection.cursor() as cursor:
        # The trace is the last thing an action writes: whoever holds its lock holds the action there.
        cursor.execute("SELECT pg_advisory_lock(%s)", [log._LOCK])
    working = threading.Thread(target=worker.run_waiting_jobs)
    working.start()
    try:
        wait_until(somebody_waits_for_a_lock)
        assert not prompts("todo").exists()
        assert not postbox.taken
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [log._LOCK])
        working.join()
    assert len(postbox.taken) == 2


def somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone() != (0,)


def test_a_worker_goes_on_after_the_database_dropped_its_connections(start, give, postbox, settings):
    process = start(settings.EMAIL_PORT)
    give(at=timezone.now(), text=URGENT)
    wait_until(lambda: len(postbox.taken) == 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    give(at=timezone.now(), text=URGENT)
    wait_until(lambda: len(postbox.taken) == 4 or process.poll() is not None)
    # Or it ends, and whoever keeps it running starts it again.
    assert process.poll() is None


def test_every_job_that_a_step_announces_has_somebody_who_does_it():
    names = {
        "palauteketju.triage",
        "palauteketju.judge_message",
        "palauteketju.prompt",
        "palauteketju.tell_customer",
        "palauteketju.digest",
        "palauteketju.chat",
        "palauteketju.ask_if_helped",
        "palauteketju.report_mail",
        "palauteketju.send_sms",
    }
    of_the_clock = {"palauteketju.tick", "palauteketju.rescue"}
    # One that is new here also belongs among the killed: tests/handling/test_faults.py.
    assert names | of_the_clock == {name for name in app.tasks if name.startswith("palauteketju.")}
    assert {app.tasks[name].queue for name in names} == {"triage", "prompts", "sms"}


def test_a_mail_server_that_is_down_for_days_loses_nothing():
    """The first tries come soon, all of them together take longer than a long weekend."""
    waits = [waited_after(attempts) for attempts in range(200)]
    assert waits[0] <= timedelta(minutes=1)
    assert max(waits) < timedelta(hours=4)
    assert sum(waits, timedelta()) > timedelta(days=10)


def waited_after(attempts):
    job = Job(id=1, queue="prompts", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
    now = timezone.now()
    decision = jobs.PATIENT.get_retry_decision(exception=OSError(), job=job)
    return decision.retry_at - now if decision else timedelta()


def let_pass(time_):
    """Put what a worker left behind so far into the past."""
    Prompt.objects.update(claimed_at=F("claimed_at") - time_)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - %s", [time_])


def rescue():
    """What the periodic job does each minute."""
    app.configure_task("palauteketju.rescue", queue="clock").defer(timestamp=0)
    options = {"wait": False, "listen_notify": False, "install_signal_handlers": False}
    asyncio.run(worker._work(queues=["clock"], **options))
