"""Every job by the name under which steps announce it. A job does one step's action and knows ids only.

Jobs run at least once: a worker killed after the action's commit and before the job is marked done runs it again, so
each action finds out itself that there is nothing left to do.
"""

from datetime import timedelta

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from palauteketju.handling import actions as handling
from palauteketju.insight import report_orders
from palauteketju.operations import clock

# 10 s, 70 s, 130 s … at most 3.4 hours apart, two weeks in all: a mail server that is down for days loses nothing.
PATIENT = RetryStrategy(max_attempts=200, wait=10, linear_wait=60)
# A worker that has not been heard of for so long is dead; its jobs go to another.
SILENCE = timedelta(minutes=2)


@app.task(name="palauteketju.triage", queue="triage", retry=PATIENT)
def triage(feedback_id: int) -> None:
    handling.triage_waiting(feedback_id, at=timezone.now())


@app.task(name="palauteketju.judge_message", queue="triage", retry=PATIENT)
def judge_message(message_id: int) -> None:
    handling.judge_message(message_id, at=timezone.now())


@app.task(name="palauteketju.prompt", queue="prompts", retry=PATIENT)
def send_prompts(prompt_ids: list[int]) -> None:
    handling.send_prompts(prompt_ids, at=timezone.now())


@app.task(name="palauteketju.tell_customer", queue="prompts", retry=PATIENT)
def tell_customer(message_id: int) -> None:
    handling.tell_customer(message_id, at=timezone.now())


@app.task(name="palauteketju.digest", queue="prompts", retry=PATIENT)
def send_digest(digest_id: int) -> None:
    handling.send_digest(digest_id, at=timezone.now())


@app.task(name="palauteketju.chat", queue="prompts", retry=PATIENT)
def send_chat(post_id: int) -> None:
    handling.send_chat(post_id, at=timezone.now())


@app.task(name="palauteketju.ask_if_helped", queue="prompts", retry=PATIENT)
def send_follow_up(follow_up_id: int) -> None:
    handling.send_follow_up(follow_up_id, at=timezone.now())


@app.task(name="palauteketju.report_mail", queue="prompts", retry=PATIENT)
def send_report_mail(mail_id: int) -> None:
    report_orders.send_report_mail(mail_id, at=timezone.now())


@app.task(name="palauteketju.send_sms", queue="sms", retry=PATIENT)
def send_sms() -> None:
    clock.send_sms(timezone.now())


# However many workers there are, one tick waits and one runs.
@app.periodic(cron="* * * * *")
@app.task(name="palauteketju.tick", queue="clock", lock="tick", queueing_lock="tick")
def tick(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells when it was due; what matters is now
    clock.tick(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="palauteketju.rescue", queue="clock", queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as in tick
    """Give the jobs of a killed worker to a living one.

    Of a tick or rescue that died, the next one waits already, and only one may: the dead one goes, so that it no longer
    holds the lock that lets one run at a time.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE.total_seconds()):
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
    await manager.prune_stalled_workers(seconds_since_heartbeat=SILENCE.total_seconds())
