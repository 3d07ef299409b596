"""One job mails several prompts over one connection; what goes wrong with one keeps back none of the others."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.handling import actions
from palauteketju.handling.actions.prompting import MOST_TOGETHER, announce_prompts
from palauteketju.handling.models import Prompt
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


def test_what_failed_before_comes_last(prompts, postbox, at):
    Prompt.objects.filter(pk=prompts[0]).update(tries=3)
    actions.send_prompts(prompts, at=at)
    assert postbox.taken[-1]["Message-ID"].startswith(f"<prompt-{prompts[0]}@")


def test_what_is_no_longer_needed_is_dropped_among_the_others(prompts, postbox, people, at):
    people.aino.roles.all().delete()
    assert actions.send_prompts(prompts, at=at) == 2
    assert {mail["To"] for mail in postbox.taken} == {"eero@example.fi"}
    assert Prompt.objects.filter(dropped_at=at).count() == 2
