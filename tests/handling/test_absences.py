"""Who is away is not prompted: a substitute is, and where nobody is left, the manager is told at once."""

from datetime import date, timedelta

import pytest

from palauteketju.handling import actions
from palauteketju.handling.models import Prompt
from palauteketju.organisation.absences import add_absence
from palauteketju.organisation.models import Person, Role

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


@pytest.fixture
def away(people, at):
    def away(person, substitute=None, first=date(2026, 11, 16), last=date(2026, 12, 31)):
        return add_absence(person, first_day=first, last_day=last, substitute=substitute, by=person, at=at)

    return away


@pytest.fixture
def prompted(people):
    def prompted(case, kind="new"):
        return {prompt.person for prompt in Prompt.objects.filter(case=case, kind=kind)}

    return prompted


def test_it_works(open_case, people, away, prompted):
    away(people.aino, substitute=people.eero)
    assert prompted(open_case()) == {people.eero}


def test_the_first_and_the_last_day_count(open_case, people, away, prompted, at):
    away(people.aino, last=at.date())
    assert prompted(open_case()) == {people.eero}
    assert prompted(open_case("Toinen.", at=at + timedelta(days=1))) == {people.aino, people.eero}


def test_a_substitute_of_the_area_is_prompted_too(open_case, units, people, away, prompted):
    Role.objects.create(person=people.outi, kind=Role.Kind.HANDLER, unit=units.health)
    away(people.aino, substitute=people.outi)
    assert prompted(open_case()) == {people.outi, people.eero}


def test_a_substitute_who_lost_the_role_gets_nothing(open_case, units, people, away, prompted):
    role = Role.objects.create(person=people.outi, kind=Role.Kind.HANDLER, unit=units.health)
    away(people.aino, substitute=people.outi)
    role.delete()
    assert prompted(open_case()) == {people.eero}


def test_when_all_are_away_the_manager_is_told_at_once(open_case, people, away, prompted, at):
    away(people.aino, substitute=people.eero)
    away(people.eero)
    case = open_case()
    assert prompted(case) == set()
    assert prompted(case, "no_handler") == {people.mikko}
    alarm = case.prompts.get()
    assert (alarm.mail_at, alarm.in_digest) == (at, False)


def test_when_the_manager_is_away_too_the_one_above_is_told(open_case, units, people, away, prompted):
    Role.objects.create(person=people.viivi, kind=Role.Kind.MANAGER, unit=units.county)
    for person in (people.aino, people.eero, people.mikko):
        away(person)
    assert prompted(open_case(), "no_handler") == {people.viivi}


def test_all_gone_when_the_customer_writes_is_an_alarm_too(open_case, people, away, prompted, at):
    case = open_case()
    for person in (people.aino, people.eero):
        away(person, first=date(2026, 11, 17))
    actions.write_as_customer(case, "Unohdin sanoa.", at=at + timedelta(days=1))
    assert prompted(case, "customer_wrote") == set()
    assert prompted(case, "no_handler") == {people.mikko}


def test_all_gone_again_when_the_customer_answers_is_a_new_alarm(open_case, people, away, prompted, at):
    first_day, back, later = at.date(), at + timedelta(days=2), at + timedelta(days=4)
    for person in (people.aino, people.eero):
        away(person, last=first_day)
        away(person, first=later.date())
    case = open_case()
    actions.ask_clarification(case, "Minä päivänä kävit?", by=people.aino, at=back)
    message = actions.write_as_customer(case, "Tiistaina.", at=later)
    alarms = case.prompts.filter(kind="no_handler").order_by("at")
    assert [(alarm.person, alarm.about, alarm.at) for alarm in alarms] == [
        (people.mikko, None, at),
        (people.mikko, message, later),
    ]
    assert alarms[1].mail_at == later


def test_moved_to_where_all_are_away_too_is_a_new_alarm_to_the_same_manager(
    open_case, units, people, away, at
):
    for person in (people.aino, people.eero):
        away(person)
    case = open_case()
    move = actions.move_case(case, units.psyk, reason="Kuuluu sinne.", by=people.aino, at=at)
    assert list(case.prompts.order_by("pk").values_list("person", "about")) == [
        (people.mikko.pk, None),
        (people.mikko.pk, move.note_id),
    ]


def test_who_left_before_the_mail_went_is_replaced(open_case, people, away, postbox, prompted, at):
    case = open_case(URGENT)
    prompt = case.prompts.get(person=people.aino)
    away(people.aino, substitute=people.eero)
    assert not actions.send_prompts([prompt.pk], at=at)
    assert postbox.taken == []
    prompt.refresh_from_db()
    assert prompt.dropped_at == at
    assert prompted(case) == {people.aino, people.eero}


def test_when_the_last_one_leaves_before_the_mail_went_it_is_an_alarm(
    open_case, people, away, postbox, prompted, at
):
    case = open_case(URGENT)
    away(people.eero)
    away(people.aino)
    actions.send_prompts([case.prompts.get(person=people.aino).pk], at=at)
    assert prompted(case, "no_handler") == {people.mikko}


@pytest.fixture
def stand_in(units, people):
    """Outi handles the whole area, but is not prompted while keskusta has handlers of its own."""
    Role.objects.create(person=people.outi, kind=Role.Kind.HANDLER, unit=units.health)
    return people.outi


def test_an_absence_marked_before_prompts_others_when_it_begins(
    open_case, people, away, stand_in, prompted, at
):
    case = open_case()
    away(people.aino, substitute=stand_in, first=date(2026, 11, 17))
    assert actions.prompt_stand_ins(at=at.replace(hour=23)) == 0
    assert actions.prompt_stand_ins(at=at.replace(day=17, hour=0)) == 1
    assert prompted(case) == {people.aino, people.eero, stand_in}
    assert actions.prompt_stand_ins(at=at.replace(day=17, hour=1)) == 0


def test_a_clock_that_stood_still_on_the_first_day_prompts_them_later(
    open_case, people, away, stand_in, prompted, at
):
    case = open_case()
    away(people.aino, substitute=stand_in, first=date(2026, 11, 17), last=date(2026, 11, 19))
    assert actions.prompt_stand_ins(at=at.replace(day=19)) == 1
    assert stand_in in prompted(case)


def test_of_an_absence_that_is_over_nobody_is_prompted(open_case, people, away, stand_in, at):
    open_case()
    away(people.aino, substitute=stand_in, first=date(2026, 11, 17), last=date(2026, 11, 19))
    assert actions.prompt_stand_ins(at=at.replace(day=20)) == 0


def test_when_it_begins_and_nobody_is_left_the_manager_is_alarmed(open_case, people, away, prompted, at):
    case = open_case()
    for person in (people.aino, people.eero):
        away(person, first=date(2026, 11, 17))
    assert actions.prompt_stand_ins(at=at.replace(day=17)) == 1
    assert prompted(case, "no_handler") == {people.mikko}


def test_who_stands_in_is_told_of_a_customer_who_wrote_since_the_reaction(
    open_case, people, away, stand_in, prompted, at
):
    case = open_case()
    actions.ask_clarification(case, "Minä päivänä kävit?", by=people.aino, at=at)
    away(people.aino, substitute=stand_in, first=date(2026, 11, 17))
    message = actions.write_as_customer(case, "Tiistaina.", at=at.replace(hour=20))
    assert actions.prompt_stand_ins(at=at.replace(day=17)) == 1
    assert case.prompts.get(person=stand_in, kind="customer_wrote").about == message


def test_what_somebody_has_reacted_to_waits_for_nobody(open_case, people, away, stand_in, at):
    case = open_case()
    actions.record_note(case, "Selvitän.", by=people.aino, at=at)
    away(people.aino, substitute=stand_in, first=date(2026, 11, 17))
    assert actions.prompt_stand_ins(at=at.replace(day=17)) == 0


def test_colleagues_who_were_told_of_the_move_are_not_told_again(open_case, units, people, away, at):
    case = open_case(unit=units.koti)
    actions.move_case(case, units.keskusta, reason="Kuuluu sinne.", by=people.outi, at=at)
    away(people.aino, first=date(2026, 11, 17))
    assert actions.prompt_stand_ins(at=at.replace(day=17)) == 0


def test_many_who_go_away_cost_as_many_queries_as_one(
    open_case, units, people, away, at, django_assert_max_num_queries, django_assert_num_queries
):
    first_day = at.replace(day=17)
    open_case()
    away(people.aino, first=first_day.date())
    with django_assert_max_num_queries(18) as queries:
        actions.prompt_stand_ins(at=first_day)
    for number in range(9):
        person = Person.objects.create(username=f"n{number}", last_name=f"N{number}", password="!")
        Role.objects.create(person=person, kind=Role.Kind.HANDLER, unit=units.keskusta)
        open_case(f"Odotin {number} tuntia.")
        away(person, first=first_day.date())
    with django_assert_max_num_queries(len(queries)):
        actions.prompt_stand_ins(at=first_day)
    # The savepoint of the test's own transaction, and one look.
    with django_assert_num_queries(3):
        assert actions.prompt_stand_ins(at=first_day) == 0


def test_two_clocks_at_once_prompt_the_stand_in_once(at_once, open_case, people, away, stand_in, at):
    case = open_case()
    away(people.aino, substitute=stand_in, first=date(2026, 11, 17))
    first_day = at.replace(day=17)
    assert sum(at_once(*[lambda: actions.prompt_stand_ins(at=first_day)] * 2)) == 1
    assert case.prompts.filter(person=stand_in).count() == 1


def test_a_person_away_gets_no_digest(open_case, people, away, postbox, at):
    open_case()
    away(people.aino, substitute=people.eero, first=date(2026, 11, 17))
    tuesday = at.replace(day=17, hour=8)
    actions.announce_digests(at=tuesday)
    for digest in people.aino, people.eero:
        for row in digest_rows(digest):
            actions.send_digest(row.pk, at=tuesday)
    assert [mail["To"] for mail in postbox.taken] == ["eero@example.fi"]


def digest_rows(person):
    from palauteketju.handling.models import Digest

    return Digest.objects.filter(person=person)
