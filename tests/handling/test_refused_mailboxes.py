"""A mailbox that refuses a prompt for good: the manager is told once, the administrator sees it, nothing is lost."""

from datetime import date, timedelta

import pytest

from palauteketju.handling import actions
from palauteketju.handling.models import ChatChannel, ChatPost, Digest, Prompt, PromptSettings, RefusedMailbox
from palauteketju.organisation.absences import add_absence
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Role

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


@pytest.fixture
def refuse(postbox, at):
    """The mail server refuses what is sent now; whatever comes later it takes."""

    def refuse(prompt, *, answer="550 No such mailbox", at=at):
        postbox.answer = answer
        with pytest.raises(MailNotSent):
            actions.send_prompts([prompt.pk], at=at)
        postbox.answer = "250 OK"

    return refuse


@pytest.fixture
def only_aino(people, at):
    """Nobody else of the unit is at work."""
    add_absence(
        people.eero,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 12, 31),
        substitute=None,
        by=people.eero,
        at=at,
    )


def to(person, case, kind="new"):
    return case.prompts.get(person=person, kind=kind)


def alarms(kind="mailbox"):
    return [prompt.person for prompt in Prompt.objects.filter(kind=kind)]


def test_it_works(english, open_case, people, refuse, postbox, at):
    case = open_case(URGENT)
    refuse(to(people.aino, case))

    alarm = to(people.mikko, case, "mailbox")
    assert (alarm.mail_at, alarm.in_digest) == (at, False)
    assert actions.send_prompts([alarm.pk], at=at)
    assert postbox.taken[0]["To"] == "mikko@example.fi"
    assert "/poissaolot/" in postbox.taken[0].get_content()
    english.force_login(people.mikko)
    assert "The mailbox of a handler refuses" in english.get("/heratteet/").content.decode()


def test_the_prompt_still_waits_and_goes_when_the_mailbox_takes_it(open_case, people, refuse, postbox, at):
    prompt = to(people.aino, open_case(URGENT))
    refuse(prompt)
    assert actions.send_prompts([prompt.pk], at=at + timedelta(hours=1))
    assert [mail["To"] for mail in postbox.taken] == ["aino@example.fi"]
    assert not RefusedMailbox.objects.exists()


def test_the_manager_is_told_once_however_often_it_is_tried(open_case, people, refuse, at):
    first, second = open_case(URGENT), open_case(URGENT + " Taas.")
    for hour in range(3):
        refuse(to(people.aino, first), at=at + timedelta(hours=hour))
        refuse(to(people.aino, second), at=at + timedelta(hours=hour))
    assert alarms() == [people.mikko]


def test_refused_again_after_it_worked_is_told_again(open_case, people, refuse, at):
    case, later = open_case(URGENT), open_case(URGENT + " Taas.")
    refuse(to(people.aino, case))
    actions.send_prompts([to(people.aino, case).pk], at=at)
    refuse(to(people.aino, later))
    assert alarms() == [people.mikko, people.mikko]


@pytest.mark.parametrize("answer", ["451 Try later", "450 Busy"])
def test_what_is_refused_only_for_now_alarms_nobody(open_case, people, refuse, answer):
    refuse(to(people.aino, open_case(URGENT)), answer=answer)
    assert alarms() == []


def test_new_feedback_that_only_a_refusing_mailbox_waits_for_is_an_alarm_at_once(
    open_case, people, only_aino, refuse
):
    refuse(to(people.aino, open_case(URGENT)))
    case = open_case("Toinen.")
    assert {prompt.person for prompt in case.prompts.filter(kind="no_handler")} == {people.mikko}
    # The page of prompts shows it to the handler all the same.
    assert to(people.aino, case).seen_at is None


def test_while_a_colleague_can_be_reached_new_feedback_alarms_nobody(open_case, people, refuse):
    refuse(to(people.aino, open_case(URGENT)))
    open_case("Toinen.")
    assert alarms("no_handler") == []


def test_every_case_the_refused_prompts_were_about_alarms_when_nobody_else_is_there(
    open_case, people, only_aino, refuse, at
):
    first, second = open_case(URGENT), open_case(URGENT + " Taas.")
    refuse(to(people.aino, first))
    refuse(to(people.aino, second))
    assert to(people.mikko, first, "mailbox")
    assert to(people.mikko, second, "no_handler")
    # Tried again, neither is told of a second time.
    for case in (first, second):
        refuse(to(people.aino, case), at=at + timedelta(hours=1))
    assert len(alarms()) == len(alarms("no_handler")) == 1


def test_a_refused_digest_alarms_too(open_case, people, postbox, at):
    case, tomorrow = open_case(), at + timedelta(days=1)
    actions.announce_digests(at=tomorrow)
    digest = Digest.objects.get(person=people.aino)
    postbox.answer = "550 No such mailbox"
    with pytest.raises(MailNotSent):
        actions.send_digest(digest.pk, at=tomorrow)
    assert to(people.mikko, case, "mailbox")
    postbox.answer = "250 OK"
    assert actions.send_digest(digest.pk, at=tomorrow)
    assert not RefusedMailbox.objects.exists()


def test_a_managers_own_refusing_mailbox_makes_no_endless_alarms(open_case, people, refuse):
    case = open_case(URGENT)
    refuse(to(people.aino, case))
    refuse(to(people.mikko, case, "mailbox"))
    assert alarms() == [people.mikko]


def test_the_alarm_is_not_posted_to_the_chat(open_case, units, people, refuse, at):
    # Where it would go does not matter: nothing is posted in this test.
    actions.add_channel(
        units.keskusta,
        "https://example.fi/",
        of=ChatChannel.Format.TEXT,
        only_urgent=False,
        by=people.aada,
        at=at,
    )
    refuse(to(people.aino, open_case(URGENT)))
    assert {post.kind for post in ChatPost.objects.all()} == {"new"}


def test_it_is_an_alarm_at_once_whatever_the_manager_chose(open_case, people, refuse, at):
    PromptSettings.objects.create(
        person=people.mikko, urgent="email", others="app", digest_hour=8, digest_weekdays=[1]
    )
    case = open_case(URGENT)
    refuse(to(people.aino, case))
    assert to(people.mikko, case, "mailbox").mail_at == at


def test_the_administrator_sees_whose_mailbox_it_is(english, open_case, people, refuse):
    refuse(to(people.aino, open_case(URGENT)))
    english.force_login(people.aada)
    page = english.get("/hallinta/heratteet/").content.decode()
    assert "Aino Virtanen" in page
    assert "recipient refused [550]" in page
    assert "aino@example.fi" not in page


def test_an_administrator_of_an_area_sees_only_its_people(english, open_case, units, people, refuse):
    refuse(to(people.aino, open_case(URGENT)))
    refuse(to(people.outi, open_case(URGENT, unit=units.koti)))
    Role.objects.filter(person=people.aada).update(unit=units.home)
    english.force_login(people.aada)
    page = english.get("/hallinta/heratteet/").content.decode()
    assert "Outi Nieminen" in page
    assert "Aino Virtanen" not in page


def test_two_refusals_at_the_same_moment_alarm_once(at_once, open_case, people, postbox, at):
    first, second = open_case(URGENT), open_case(URGENT + " Taas.")
    postbox.answer = "550 No such mailbox"
    prompts = [to(people.aino, first), to(people.aino, second)]
    results = at_once(*[lambda pk=prompt.pk: actions.send_prompts([pk], at=at) for prompt in prompts])
    assert all(isinstance(result, MailNotSent) for result in results)
    assert alarms() == [people.mikko]
