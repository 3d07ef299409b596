"""One job mails several prompts over one connection; what goes wrong with one keeps back none of the others."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.handling import actions
from palauteketju.handling.actions import mailing
from palauteketju.handling.actions.prompting import MOST_TOGETHER, announce_prompts
from palauteketju.handling.models import Prompt, RefusedMailbox
from palauteketju.organisation.errors import MailNotSent

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


@pytest.fixture
def prompts(open_case, people):
    """Of two urgent cases, each to Aino and to Eero."""
    for _each in range(2):
        open_case(URGENT)
    return list(Prompt.objects.order_by("pk").values_list("pk", flat=True))


def waiting():
    prompts = Prompt.objects.filter(kind="new", sent_at=None)
    return set(prompts.values_list("person__first_name", flat=True))


def test_it_works(prompts, postbox, at):
    assert actions.send_prompts(prompts, at=at) == 4
    assert sorted(mail["To"] for mail in postbox.taken) == ["aino@example.fi"] * 2 + ["eero@example.fi"] * 2
    assert postbox.connections == 1
    assert actions.send_prompts(prompts, at=at) == 0


def test_one_job_has_no_more_than_it_mails_in_time(db):
    announce_prompts(range(MOST_TOGETHER + 1))
    given = [job.args["prompt_ids"] for job in ProcrastinateJob.objects.order_by("pk")]
    assert given == [list(range(MOST_TOGETHER)), [MOST_TOGETHER]]


@pytest.mark.parametrize("answer", ["550 No such mailbox", "452 Mailbox full"])
def test_a_mailbox_that_refuses_keeps_back_nobody_else(prompts, postbox, at, answer):
    postbox.refusing["aino@example.fi"] = answer
    with pytest.raises(MailNotSent):
        actions.send_prompts(prompts, at=at)
    assert waiting() == {"Aino"}
    assert Prompt.objects.filter(kind="new", claimed_at=None, tries=1).count() == 2

    postbox.refusing.clear()
    assert actions.send_prompts(prompts, at=at) == 2


def test_a_server_that_does_not_answer_is_asked_once(prompts, postbox, settings, at):
    settings.EMAIL_PORT = 9  # nobody listens there
    with pytest.raises(MailNotSent):
        actions.send_prompts(prompts, at=at)
    assert Prompt.objects.filter(tries=1).count() == 1
    assert not Prompt.objects.exclude(claimed_at=None).exists()


@pytest.mark.parametrize(
    ("recipients", "sender"), [("421 Too many messages", "250 OK"), ("250 OK", "530 Authentication required")]
)
def test_trouble_of_the_server_itself_is_met_once(prompts, postbox, at, recipients, sender):
    if recipients.startswith("421"):
        postbox.refusing |= {"aino@example.fi": recipients, "eero@example.fi": recipients}
    postbox.sender_answer = sender
    with pytest.raises(MailNotSent):
        actions.send_prompts(prompts, at=at)
    assert Prompt.objects.filter(tries=1).count() == 1


def test_a_mailbox_that_takes_the_next_one_is_no_refused_one(prompts, postbox, at):
    taken = iter(["554 No", "250 OK", "250 OK", "250 OK"])
    postbox.slow = lambda: setattr(postbox, "answer", next(taken))
    with pytest.raises(MailNotSent):
        actions.send_prompts(prompts, at=at)
    assert len(postbox.taken) == 3
    assert not RefusedMailbox.objects.exists()


def test_what_a_slow_server_leaves_waits_for_a_job_of_its_own(prompts, postbox, monkeypatch, at):
    ProcrastinateJob.objects.all()._raw_delete("default")
    moments = iter([0, 1, mailing.LONGEST + 1])
    monkeypatch.setattr(mailing, "monotonic", lambda: next(moments))
    assert actions.send_prompts(prompts, at=at) == 1
    [job] = ProcrastinateJob.objects.all()
    assert job.args == {"prompt_ids": prompts[1:]}


def test_what_failed_before_comes_last(prompts, postbox, at):
    Prompt.objects.filter(pk=prompts[0]).update(tries=3)
    actions.send_prompts(prompts, at=at)
    assert postbox.taken[-1]["Message-ID"].startswith(f"<prompt-{prompts[0]}@")


def test_what_is_no_longer_needed_is_dropped_among_the_others(prompts, postbox, people, at):
    people.aino.roles.all().delete()
    assert actions.send_prompts(prompts, at=at) == 2
    assert {mail["To"] for mail in postbox.taken} == {"eero@example.fi"}
    assert Prompt.objects.filter(dropped_at=at).count() == 2
