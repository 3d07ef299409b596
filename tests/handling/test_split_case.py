"""Splitting a case in two, at /kasittely/<id>/jaa/: one feedback, two cases, one receipt code."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, retention
from palauteketju.handling.cases.day_lists import counted_days
from palauteketju.handling.cases.history import deadline_changes_of, original_deadline
from palauteketju.handling.cases.wording import promise_to_customer
from palauteketju.handling.errors import CaseAlreadyClosed
from palauteketju.handling.models import Case, Message, Prompt
from palauteketju.intake.models import ContactRequest

ABOUT = "Kotihoidon osuus."
MONTH = timedelta(days=30)


@pytest.fixture
def split(people, units, at):
    def split(case, **more):
        return actions.split_case(case, units.koti, **{"about": ABOUT, "by": people.aino, "at": at, **more})

    return split


@pytest.fixture
def url(case):
    return f"/kasittely/{case.pk}/jaa/"


def test_it_works(client, people, units, case, url):
    client.force_login(people.aino)
    assert client.get(url).status_code == 200
    response = client.post(url, {"unit": "koti", "about": ABOUT})

    assert response.url == f"/kasittely/{case.pk}/"
    part = Case.objects.get(split_from=case)
    assert (part.feedback, part.unit, part.road) == (case.feedback, units.koti, case.road)
    assert (part.arrived_at, part.due_at) == (case.arrived_at, case.due_at)
    assert {prompt.person for prompt in Prompt.objects.filter(case=part)} == {people.outi}
    assert [entry.action for entry in Entry.objects.order_by("-number")[:2]] == [
        "handling.case.opened",
        "handling.case.split",
    ]


def test_each_unit_sees_its_own_case(client, people, case, split):
    part = split(case)
    client.force_login(people.outi)
    page = client.get(f"/kasittely/{part.pk}/").content.decode()
    assert case.feedback.text in page
    assert ABOUT in page
    assert client.get(f"/kasittely/{case.pk}/").status_code == 404
    client.force_login(people.aino)
    assert client.get(f"/kasittely/{part.pk}/").status_code == 404


def test_the_customer_sees_both_with_one_code(english, case, give, people, split, at):
    part = split(case)
    actions.answer(part, "Kotihoito pahoittelee.", by=people.outi, at=at)
    page = english.post("/palautteeni/", {"code": give.receipt}).content.decode()
    assert "<h2>Keskustan terveysasema en</h2>" in page
    assert "<h2>Kotihoito pohjoinen en</h2>" in page
    assert "Kotihoito pahoittelee." in page
    assert "The unit is preparing an answer." in page
    assert ABOUT not in page


def test_the_customer_tells_two_parts_in_one_unit_from_each_other(english, case, give, units, people, at):
    actions.split_case(case, units.keskusta, about=ABOUT, by=people.aino, at=at)
    page = english.post("/palautteeni/", {"code": give.receipt}).content.decode()
    assert "<h2>Keskustan terveysasema en, part 1 of 2</h2>" in page
    assert "<h2>Keskustan terveysasema en, part 2 of 2</h2>" in page


def test_the_customer_writes_to_the_one_that_asked(english, case, give, people, split, at):
    part = split(case)
    actions.ask_clarification(part, "Kuka kävi?", by=people.outi, at=at)
    sent = {"code": give.receipt, "part": "2", "text": "En tiedä nimeä."}
    assert english.post("/palautteeni/viesti/", sent).status_code == 200
    assert Message.objects.get(kind="from_customer").case == part


@pytest.mark.parametrize("part", ["3", "0", "-1", "x", "²", "9999999"])
def test_a_part_that_is_not_there_saves_nothing_and_shows_the_text_again(english, case, give, split, part):
    split(case)
    response = english.post(
        "/palautteeni/viesti/", {"code": give.receipt, "part": part, "text": "Hei siellä."}
    )
    assert response.status_code == 409
    assert "Hei siellä." in response.content.decode()
    assert not Message.objects.filter(kind="from_customer").exists()


def test_contact_details_stay_until_both_are_closed(open_case, people, split, at):
    case = open_case(way="email", value="matti.asiakas@example.fi")
    part = split(case)
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    assert retention.delete_contact_details(at=at + MONTH) == 0
    assert actions.reveal_contact(part, by=people.outi, at=at).value == "matti.asiakas@example.fi"
    actions.answer(part, "Kiitos.", by=people.outi, at=at + MONTH)
    assert retention.delete_contact_details(at=at + MONTH + timedelta(days=29)) == 0
    assert retention.delete_contact_details(at=at + 2 * MONTH) == 1
    assert not ContactRequest.objects.exists()


def test_the_part_of_an_extended_case_has_its_later_day(open_case, people, split, at):
    case = open_case()
    until = (case.due_at + timedelta(days=7)).date()
    actions.extend_deadline(case, until, reason="Loma.", message="Kestää viikon.", by=people.aino, at=at)
    case.refresh_from_db()
    part = split(case)
    # The promise to the customer, the days behind it, and what the figures count by.
    assert promise_to_customer(case.feedback, part) == promise_to_customer(case.feedback, case)
    assert promise_to_customer(case.feedback, part)[1] == until
    assert counted_days(part, deadline_changes_of(part))[-1].date == until
    assert original_deadline(part) == original_deadline(case) != part.due_at


def test_the_closed_one_no_longer_shows_how_to_reach_the_customer(open_case, people, split, at):
    case = open_case(way="email", value="matti.asiakas@example.fi")
    split(case)
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    with pytest.raises(CaseAlreadyClosed):
        actions.reveal_contact(case, by=people.aino, at=at)


def test_opening_a_case_on_the_feedback_again_gives_the_first_one(case, people, split, at):
    split(case)
    assert actions.open_case(case.feedback, by=people.aino, at=at) == case
    assert actions.triage(case.feedback_id, at=at) == case
    assert Case.objects.count() == 2


def test_a_feedback_has_one_case_that_was_not_split_off(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            feedback=case.feedback,
            unit=case.unit,
            road=case.road,
            arrived_at=case.arrived_at,
            opened_at=case.opened_at,
            due_at=case.due_at,
        )


def test_a_feedback_deleted_whole_takes_all_its_cases_along(case, split):
    split(split(case))
    assert Case.objects.count() == 3
    case.feedback.delete()
    assert not Case.objects.exists()


def test_a_closed_case_is_not_split(case, people, split, at):
    actions.answer(case, "Kiitos.", by=people.eero, at=at)
    with pytest.raises(CaseAlreadyClosed):
        split(case)


def test_it_needs_words_and_a_unit(client, people, case, url):
    client.force_login(people.aino)
    assert client.post(url, {"unit": "koti", "about": ""}).status_code == 422
    assert client.post(url, {"unit": "", "about": ABOUT}).status_code == 422
    assert Case.objects.count() == 1


@pytest.mark.parametrize("name", ["outi", "mikko", "jaana", "viivi", "aada", "petra"])
def test_others_split_nothing(client, people, case, url, name):
    client.force_login(getattr(people, name))
    assert client.post(url, {"unit": "koti", "about": ABOUT}).status_code == 404
