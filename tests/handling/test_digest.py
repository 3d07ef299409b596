"""The daily e-mail: what was not urgent, and the list of the late."""

from datetime import datetime, timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.models import Case, Digest, Prompt, PromptSettings
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Role

SECRET = "Sinikello-huoneessa odotin Reijoa tunnin"


@pytest.fixture
def tuesday(at):
    """The case of Monday nine o'clock came too late for that day's digest."""
    return datetime(2026, 11, 17, 8, 0, tzinfo=at.tzinfo)


@pytest.fixture
def wish(people):
    def wish(person, **chosen):
        usual = {"urgent": "email", "others": "digest", "digest_hour": 8, "digest_weekdays": [1, 2, 3, 4, 5]}
        PromptSettings.objects.update_or_create(person=person, defaults=usual | chosen)

    return wish


def digest_of(person):
    return Digest.objects.get(person=person)


def test_it_works(open_case, people, postbox, at, tuesday):
    case = open_case(SECRET, way="email", value="matti.asiakas@example.fi")
    assert actions.announce_digests(at=tuesday) == 2
    assert actions.send_digest(digest_of(people.aino).pk, at=tuesday)

    (mail,) = postbox.taken
    assert mail["To"] == "aino@example.fi"
    assert f"/kasittely/{case.pk}/" in mail.get_content()
    assert Prompt.objects.get(person=people.aino).sent_at == tuesday
    assert Entry.objects.filter(action="handling.digest.sent", subject_id=str(people.aino.pk)).exists()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_nothing_of_the_feedback_is_in_it(open_case, units, people, postbox, at, tuesday, language):
    Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.psyk)
    people.aino.language = language
    people.aino.save()
    open_case(SECRET, unit=units.psyk, way="email", value="matti.asiakas@example.fi")
    actions.announce_digests(at=tuesday)
    actions.send_digest(digest_of(people.aino).pk, at=tuesday)

    everything = postbox.taken[0].as_string() + postbox.taken[0].get_content()
    for word in [*SECRET.split(), "matti.asiakas", "Psykiatria"]:
        assert word not in everything


def test_it_comes_at_its_hour_and_once_a_day(case, at, tuesday):
    assert actions.announce_digests(at=tuesday - timedelta(minutes=1)) == 0
    assert actions.announce_digests(at=tuesday) == 2
    assert actions.announce_digests(at=tuesday + timedelta(hours=1)) == 0


def test_urgent_feedback_does_not_wait_for_it(open_case, people, at, tuesday):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.")
    prompt = case.prompts.get(person=people.aino)
    assert (prompt.mail_at, prompt.in_digest) == (at, False)
    assert actions.announce_digests(at=tuesday) == 0


@pytest.mark.parametrize(("others", "mail_at"), [("at_once", True), ("app", False)])
def test_one_may_wish_otherwise(open_case, people, wish, at, others, mail_at):
    wish(people.aino, others=others)
    prompt = open_case().prompts.get(person=people.aino)
    assert prompt.mail_at == (at if mail_at else None)


def test_one_chooses_the_hour_and_the_days(open_case, people, wish, at):
    wish(people.aino, digest_hour=12, digest_weekdays=[4])
    prompt = open_case().prompts.get(person=people.aino)
    assert prompt.mail_at == datetime(2026, 11, 19, 12, 0, tzinfo=at.tzinfo)


def test_what_the_county_forbids_has_no_effect(open_case, people, wish, at):
    wish(people.aino, digest_hour=3, digest_weekdays=[7])
    prompt = open_case().prompts.get(person=people.aino)
    assert prompt.mail_at == datetime(2026, 11, 17, 8, 0, tzinfo=at.tzinfo)


def test_the_late_are_listed_every_morning_also_to_the_manager(case, people, wish, postbox, at):
    wish(people.aino, others="app")
    morning = datetime(2026, 12, 1, 8, 0, tzinfo=at.tzinfo)
    for day in range(2):
        now = morning + timedelta(days=day)
        actions.send_due_reminders(at=now)
        assert actions.announce_digests(at=now) == 3
        for digest in Digest.objects.filter(day=now.date()):
            assert actions.send_digest(digest.pk, at=now)

    told = [mail["To"] for mail in postbox.taken]
    assert sorted(told) == sorted(["aino@example.fi", "eero@example.fi", "mikko@example.fi"] * 2)
    assert f"/kasittely/{case.pk}/" in postbox.taken[-1].get_content()


def test_the_late_are_listed_on_working_days_also_to_who_chose_only_one_weekday(
    case, people, wish, postbox, at
):
    wish(people.aino, digest_weekdays=[4])
    wish(people.eero, others="app", digest_weekdays=[4])
    wish(people.mikko, digest_weekdays=[4])
    tuesday = datetime(2026, 12, 1, 8, 0, tzinfo=at.tzinfo)
    actions.send_due_reminders(at=tuesday.replace(hour=0))
    # The prompt that it is late comes with the list.
    prompt = case.prompts.get(person=people.aino, kind="overdue")
    assert (prompt.mail_at, prompt.in_digest) == (tuesday, True)
    assert actions.announce_digests(at=tuesday.replace(hour=7)) == 0
    assert actions.announce_digests(at=tuesday) == 3
    assert actions.send_digest(digest_of(people.aino).pk, at=tuesday)
    prompt.refresh_from_db()
    assert prompt.sent_at == tuesday
    # Saturday, then Sunday and Independence Day.
    for day in (5, 6):
        assert actions.announce_digests(at=tuesday.replace(day=day)) == 0
    assert actions.announce_digests(at=tuesday.replace(day=7)) == 3


@pytest.mark.parametrize(("weekday", "in_digest"), [(1, True), (2, False), (5, True)])
def test_a_reminder_that_the_digest_would_bring_too_late_goes_at_once(
    case, people, wish, at, weekday, in_digest
):
    wish(people.aino, digest_weekdays=[weekday])
    # The deadline is the end of Monday.
    friday = at.replace(day=27, hour=0)
    actions.send_due_reminders(at=friday)
    reminder = case.prompts.get(person=people.aino, kind="reminder")
    assert reminder.in_digest == in_digest
    assert reminder.mail_at < case.due_at
    assert in_digest or reminder.mail_at == friday


def test_of_many_late_ones_all_are_counted_and_some_are_named(
    open_case, units, people, wish, postbox, at, django_assert_num_queries, django_assert_max_num_queries
):
    wish(people.aino, others="app")
    wish(people.eero, others="app")
    open_case("Muualla.", unit=units.koti)
    morning = datetime(2026, 12, 1, 8, 0, tzinfo=at.tzinfo)

    def digest(number):
        for one in range(number):
            open_case(f"Odotin {one} tuntia {number}.")
        Digest.objects.all().delete()
        actions.announce_digests(at=morning)
        return digest_of(people.aino).pk

    few = digest(2)
    with django_assert_max_num_queries(40) as queries:
        actions.send_digest(few, at=morning)
    many = digest(28)
    with django_assert_num_queries(len(queries)):
        actions.send_digest(many, at=morning)
    mail = postbox.taken[-1]
    assert mail["Subject"].startswith("30 ")
    assert mail.get_content().count("/kasittely/") == 20


def test_of_the_late_the_urgent_come_first_and_are_marked(open_case, people, wish, postbox, at):
    people.aino.language = "en"
    people.aino.save()
    wish(people.aino, others="app")
    ordinary = open_case("Odotin tunnin.")
    Case.objects.filter(pk=ordinary.pk).update(due_at=at)
    urgent = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.")
    morning = datetime(2026, 12, 1, 8, 0, tzinfo=at.tzinfo)
    actions.announce_digests(at=morning)
    assert actions.send_digest(digest_of(people.aino).pk, at=morning)

    mail = next(mail for mail in postbox.taken if mail["To"] == "aino@example.fi")
    lines = [line for line in mail.get_content().splitlines() if "/kasittely/" in line]
    assert [line.rsplit("/kasittely/")[1] for line in lines[:2]] == [f"{urgent.pk}/", f"{ordinary.pk}/"]
    assert lines[0].startswith("Urgent: http")
    assert lines[1].startswith("http")


def test_without_anything_to_tell_there_is_none(case, people, at, tuesday):
    actions.announce_digests(at=tuesday)
    actions.answer(case, "Kiitos palautteesta.", by=people.eero, at=tuesday)
    digest = digest_of(people.aino)
    assert not actions.send_digest(digest.pk, at=tuesday)
    digest.refresh_from_db()
    assert digest.dropped_at == tuesday


def test_a_dead_mail_server_loses_nothing(case, people, postbox, at, tuesday):
    postbox.answer = "451 Try later"
    actions.announce_digests(at=tuesday)
    with pytest.raises(MailNotSent):
        actions.send_digest(digest_of(people.aino).pk, at=tuesday)
    assert digest_of(people.aino).failure == "SMTPDataError 451"

    postbox.answer = "250 OK"
    wednesday = tuesday + timedelta(days=1)
    assert actions.announce_digests(at=wednesday.replace(hour=0)) == 0
    assert actions.announce_digests(at=wednesday) == 2
    newer = Digest.objects.get(person=people.aino, day=wednesday.date())
    assert actions.send_digest(newer.pk, at=wednesday)
    # Yesterday's has nothing left to bring.
    assert not actions.send_digest(Digest.objects.filter(person=people.aino).earliest("day").pk, at=wednesday)
    assert len(postbox.taken) == 1


def test_after_a_weekend_without_a_mail_server_it_comes_at_its_hour(open_case, people, at):
    friday = at.replace(day=20, hour=8)
    open_case(at=friday - timedelta(hours=1))
    assert actions.announce_digests(at=friday) == 2
    for day in (21, 22, 23):
        assert actions.announce_digests(at=at.replace(day=day, hour=0)) == 0
    assert actions.announce_digests(at=at.replace(day=22, hour=8)) == 0
    assert actions.announce_digests(at=at.replace(day=23, hour=8)) == 2


def test_who_chooses_a_later_hour_gets_it_then(case, people, wish, tuesday):
    wish(people.aino, digest_hour=15)
    wish(people.eero, others="app")
    assert actions.announce_digests(at=tuesday) == 1
    assert actions.announce_digests(at=tuesday.replace(hour=15)) == 1
    assert digest_of(people.aino).at == tuesday.replace(hour=15)


def test_who_no_longer_handles_gets_none(case, people, postbox, at, tuesday):
    actions.announce_digests(at=tuesday)
    Role.objects.filter(person=people.aino).delete()
    assert not actions.send_digest(digest_of(people.aino).pk, at=tuesday)
    assert postbox.taken == []


def test_two_clocks_at_once_promise_one(at_once, open_case, people, at, tuesday):
    open_case()
    assert sum(at_once(*[lambda: actions.announce_digests(at=tuesday)] * 2)) == 2
    assert Digest.objects.count() == 2
