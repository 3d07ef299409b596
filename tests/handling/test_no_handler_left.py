"""All handlers have gone after they were prompted: the manager is alarmed of what waits, by the next tick and once."""

from datetime import timedelta

import pytest

from palauteketju.handling import actions
from palauteketju.handling.actions import alarming
from palauteketju.handling.models import Prompt, RefusedMailbox
from palauteketju.organisation.models import Person, Role, Unit

DAY = timedelta(days=1)


@pytest.fixture
def gone(people):
    """The handlers of keskusta lose the role."""
    return lambda: Role.objects.filter(person__in=[people.aino, people.eero]).delete()


def alarms():
    return list(Prompt.objects.filter(kind="no_handler").order_by("pk").values_list("person", "about"))


def test_it_works(case, people, gone, at):
    assert actions.alarm_managers(at=at) == 0
    gone()
    later = at + timedelta(minutes=1)
    assert actions.alarm_managers(at=later) == 1
    alarm = case.prompts.get(kind="no_handler")
    assert (alarm.person, alarm.mail_at, alarm.in_digest) == (people.mikko, later, False)
    assert actions.alarm_managers(at=later + DAY) == 0


def test_accounts_that_are_closed_are_gone_too(case, people, at):
    Person.objects.filter(pk__in=[people.aino.pk, people.eero.pk]).update(is_active=False)
    assert actions.alarm_managers(at=at) == 1


def test_who_cannot_be_mailed_is_no_handler_to_wait_for(case, people, at):
    RefusedMailbox.objects.create(person=people.aino, since=at)
    Person.objects.filter(pk=people.eero.pk).update(email="")
    assert actions.alarm_managers(at=at) == 1


def test_a_handler_who_is_left_is_enough(case, people, at):
    Role.objects.filter(person=people.aino).delete()
    assert actions.alarm_managers(at=at) == 0


def test_a_handler_of_the_area_is_enough(case, units, people, gone, at):
    gone()
    Role.objects.create(person=people.outi, kind=Role.Kind.HANDLER, unit=units.health)
    assert actions.alarm_managers(at=at) == 0


def test_what_somebody_has_reacted_to_alarms_nobody(case, people, gone, at):
    actions.record_note(case, "Selvitän.", by=people.aino, at=at)
    gone()
    assert actions.alarm_managers(at=at) == 0


def test_a_customer_who_wrote_after_the_reaction_waits(case, people, gone, at):
    actions.ask_clarification(case, "Minä päivänä kävit?", by=people.aino, at=at)
    message = actions.write_as_customer(case, "Tiistaina.", at=at + DAY)
    gone()
    assert actions.alarm_managers(at=at + DAY) == 1
    assert alarms() == [(people.mikko.pk, message.pk)]


def test_a_case_that_promised_nothing_alarms_nobody(give, people, gone, at):
    actions.open_case(give("Kiitos."), by=people.aino, at=at)
    gone()
    assert actions.alarm_managers(at=at) == 0


def test_of_what_the_manager_was_alarmed_when_it_came_nobody_is_again(open_case, units, people, gone, at):
    gone()
    case = open_case()
    actions.write_as_customer(case, "Unohdin sanoa.", at=at + DAY)
    actions.move_case(case, units.psyk, reason="Kuuluu sinne.", by=people.aino, at=at + 2 * DAY)
    assert len(alarms()) == 3
    assert actions.alarm_managers(at=at + 3 * DAY) == 0


def test_an_alarm_of_before_the_move_does_not_count(case, units, people, gone, at):
    gone()
    actions.alarm_managers(at=at)
    Role.objects.create(person=people.outi, kind=Role.Kind.HANDLER, unit=units.psyk)
    move = actions.move_case(case, units.psyk, reason="Kuuluu sinne.", by=people.aino, at=at + DAY)
    assert actions.alarm_managers(at=at + DAY) == 0
    Role.objects.filter(person=people.outi).delete()
    assert actions.alarm_managers(at=at + 2 * DAY) == 1
    assert alarms() == [(people.mikko.pk, None), (people.mikko.pk, move.note_id)]


def test_where_there_is_no_manager_either_the_administrator_sees_it(open_case, units, people, at):
    open_case(unit=units.koti)
    Role.objects.filter(person=people.outi).delete()
    assert actions.alarm_managers(at=at) == 0


def test_more_units_and_cases_cost_no_more_queries(
    open_case, units, people, gone, at, django_assert_num_queries, django_assert_max_num_queries
):
    open_case()
    # Of a county where every case has a handler, it asks for the units and who is in charge of them.
    with django_assert_num_queries(6):
        assert actions.alarm_managers(at=at) == 0
    gone()
    with django_assert_max_num_queries(18) as queries:
        assert actions.alarm_managers(at=at) == 1
    for number in range(12):
        unit = Unit.objects.create(
            code=f"u{number}", slug=f"u{number}", kind="unit", parent=units.health, name_fi=f"U{number}"
        )
        role = Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=unit)
        open_case("Odotin tunnin.", unit=unit)
        if number % 2:
            role.delete()
    with django_assert_num_queries(len(queries)):
        assert actions.alarm_managers(at=at) == 6


def test_without_waiting_cases_it_is_one_query(people, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert actions.alarm_managers(at=at) == 0


def test_what_is_more_than_a_batch_is_alarmed_of_too(open_case, people, gone, at, monkeypatch):
    monkeypatch.setattr(alarming, "BATCH", 2)
    for number in range(4):
        open_case(f"Odotin {number} tuntia.")
    gone()
    assert actions.alarm_managers(at=at) == 4


def test_two_clocks_at_once_alarm_once(at_once, open_case, people, gone, at):
    open_case()
    gone()
    assert sum(at_once(*[lambda: actions.alarm_managers(at=at)] * 2)) == 1
