"""What handling forgets: contact details, some days after the case closed."""

from datetime import timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, retention
from palauteketju.handling.models import Case
from palauteketju.intake.models import ContactRequest

MONTH = timedelta(days=30)


@pytest.fixture
def case(open_case):
    return open_case(way="email", value="matti.asiakas@example.fi")


def test_it_works(case, people, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    assert retention.delete_contact_details(at=at + MONTH) == 1

    assert not ContactRequest.objects.exists()
    entry = Entry.objects.last()
    assert (entry.action, entry.actor, entry.subject_id) == (
        "handling.contact_details.deleted",
        None,
        str(case.pk),
    )


def test_before_that_they_stay(case, people, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    assert retention.delete_contact_details(at=at + MONTH - timedelta(seconds=1)) == 0
    assert ContactRequest.objects.exists()


def test_while_the_case_is_open_they_stay(case, at):
    assert retention.delete_contact_details(at=at + 12 * MONTH) == 0


def test_a_second_time_finds_nothing(case, people, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    retention.delete_contact_details(at=at + MONTH)
    assert retention.delete_contact_details(at=at + MONTH) == 0


def test_the_case_and_its_road_stay(client, case, people, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    retention.delete_contact_details(at=at + MONTH)
    assert Case.objects.get().wants_answer
    client.force_login(people.aino)
    assert client.get(f"/kasittely/{case.pk}/").status_code == 200


def test_a_mail_not_yet_sent_is_not_sent_any_more(case, people, postbox, at):
    message = actions.answer(case, "Kiitos.", by=people.aino, at=at)
    retention.delete_contact_details(at=at + MONTH)
    assert not actions.tell_customer(message.pk, at=at + MONTH)
    assert postbox.taken == []


def test_a_feedback_deleted_whole_takes_its_case_along(case, people, at):
    actions.ask_clarification(case, "Milloin?", by=people.aino, at=at)
    case.feedback.delete()
    assert not Case.objects.exists()
