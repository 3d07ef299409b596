"""The sweep: what was promised but has no job any more is announced again."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.handling import actions
from palauteketju.handling.models import ChatChannel, Prompt
from tests.handling.test_prompts import SECRET

LATER = timedelta(minutes=6)


def jobs():
    return sorted(ProcrastinateJob.objects.values_list("task_name", flat=True))


def lose_jobs():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def lost(open_case, units, people, at):
    """Urgent feedback whose prompts, post and customer's mail have lost their jobs."""
    actions.add_channel(
        units.keskusta,
        "https://example.fi/",
        of=ChatChannel.Format.TEXT,
        only_urgent=False,
        by=people.aada,
        at=at,
    )
    case = open_case(SECRET, way="email", value="matti.asiakas@example.fi")
    actions.ask_clarification(case, "Minä päivänä?", by=people.aino, at=at)
    lose_jobs()
    return case


def test_it_works(lost, at):
    assert actions.announce_lost(at=at + LATER) == 4
    assert jobs() == [
        "palauteketju.chat",
        "palauteketju.prompt",
        "palauteketju.tell_customer",
    ]


def test_the_jobs_come_first(lost, at):
    assert actions.announce_lost(at=at + timedelta(minutes=4)) == 0


def test_what_has_a_job_gets_no_second(lost, at):
    actions.announce_lost(at=at + LATER)
    assert actions.announce_lost(at=at + LATER) == 0


def test_what_was_sent_stays_sent(lost, postbox, at):
    for prompt in Prompt.objects.all():
        actions.send_prompts([prompt.pk], at=at)
    assert actions.announce_lost(at=at + LATER) == 2


def test_what_waits_for_a_digest_is_not_lost(open_case, at):
    open_case()
    lose_jobs()
    assert actions.announce_lost(at=at + LATER) == 0


def test_a_lost_digest_is_found(open_case, at):
    open_case()
    actions.announce_digests(at=at + timedelta(days=1))
    lose_jobs()
    assert actions.announce_lost(at=at + timedelta(days=1) + LATER) == 2


def test_a_lost_question_is_found(open_case, people, at):
    case = open_case(way="email", value="matti.asiakas@example.fi")
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    lose_jobs()
    actions.announce_lost(at=at + LATER)
    actions.ask_if_helped(at=at + timedelta(weeks=4))
    lose_jobs()
    assert actions.announce_lost(at=at + timedelta(weeks=4) + LATER) == 2
    assert jobs() == ["palauteketju.ask_if_helped", "palauteketju.tell_customer"]


def test_two_clocks_at_once_announce_once(at_once, open_case, at):
    open_case(SECRET)
    lose_jobs()
    assert sum(at_once(*[lambda: actions.announce_lost(at=at + LATER)] * 2)) == 2


def test_a_claim_of_a_dead_worker_runs_out(open_case, people, postbox, at):
    prompt = open_case(SECRET).prompts.get(person=people.aino)
    assert Prompt.claim(prompt.pk, at=at)
    assert not actions.send_prompts([prompt.pk], at=at + timedelta(seconds=119))
    assert actions.send_prompts([prompt.pk], at=at + timedelta(seconds=120))
    assert len(postbox.taken) == 1


def test_two_workers_at_once_send_once(at_once, open_case, people, postbox, at):
    prompt = open_case(SECRET).prompts.get(person=people.aino)
    results = at_once(*[lambda: actions.send_prompts([prompt.pk], at=at)] * 4)
    assert sorted(results) == [False, False, False, True]
    assert len(postbox.taken) == 1
