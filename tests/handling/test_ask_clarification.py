"""Asking the customer for more, and the customer's reply by the receipt page."""

from datetime import timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.errors import CaseAlreadyAnswered, CaseAlreadyClosed, MessageNotExpected
from palauteketju.handling.models import Message

QUESTION = "Minä päivänä kävit meillä?"


def test_it_works(client, people, case, at):
    due = case.due_at
    client.force_login(people.aino)
    sending = {"kind": "clarification", "text": QUESTION, "step": "send"}
    response = client.post(f"/kasittely/{case.pk}/vastaa/", sending)

    assert response.url == f"/kasittely/{case.pk}/"
    case.refresh_from_db()
    assert case.waiting_since == case.first_reaction_at
    assert case.due_at == due  # the clock keeps running
    assert not case.is_closed
    assert Entry.objects.last().action == "handling.case.clarification_asked"


def test_the_customer_answers_without_giving_a_name(client, people, case, give, at):
    actions.ask_clarification(case, QUESTION, by=people.aino, at=at)
    response = client.post("/palautteeni/viesti/", {"code": give.receipt, "text": "Tiistaina."})

    assert response.status_code == 200
    case.refresh_from_db()
    assert case.waiting_since is None
    assert case.customer_wrote_at is not None
    message = case.messages.get(kind="from_customer")
    assert (message.text, message.author) == ("Tiistaina.", None)
    assert {prompt.person for prompt in case.prompts.filter(kind="customer_wrote")} == {
        people.aino,
        people.eero,
    }


def test_the_same_message_twice_is_one(case, people, at):
    first = actions.write_as_customer(case, "Vielä yksi asia.", at=at)
    assert actions.write_as_customer(case, "Vielä yksi asia.", at=at + timedelta(minutes=1)) == first
    assert Message.objects.count() == 1


def test_the_customer_may_add_one_message_unasked(case, people, at):
    actions.write_as_customer(case, "Vielä yksi asia.", at=at)
    with pytest.raises(MessageNotExpected):
        actions.write_as_customer(case, "Ja toinen.", at=at)


def test_each_question_lets_the_customer_write_once_more(case, people, at):
    actions.write_as_customer(case, "Vielä yksi asia.", at=at)
    actions.record_reading(case, by=people.aino, at=at)
    actions.ask_clarification(case, QUESTION, by=people.aino, at=at)
    actions.write_as_customer(case, "Tiistaina.", at=at)
    with pytest.raises(MessageNotExpected):
        actions.write_as_customer(case, "Tai keskiviikkona.", at=at)


def test_after_the_answer_nothing_is_asked(open_case, people, at):
    """The customer could not reply."""
    case = open_case(way="phone", value="+358401234567")
    actions.answer(case, "Kiitos.", by=people.eero, at=at)
    with pytest.raises(CaseAlreadyAnswered):
        actions.ask_clarification(case, QUESTION, by=people.aino, at=at)


def test_a_message_that_comes_too_late_is_handed_back(client, case, people, give, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    response = client.post("/palautteeni/viesti/", {"code": give.receipt, "text": "Odottakaa vielä."})
    assert response.status_code == 409
    assert "Odottakaa vielä." in response.content.decode()
    assert not Message.objects.filter(kind="from_customer").exists()


def test_a_message_on_feedback_without_a_case_is_handed_back(client, people, give, at):
    actions.triage(give("Kiitos.").pk, at=at)
    response = client.post("/palautteeni/viesti/", {"code": give.receipt, "text": "Vielä yksi asia."})
    assert response.status_code == 409
    assert "Vielä yksi asia." in response.content.decode()


def test_a_closed_case_asks_nothing_more(case, people, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    with pytest.raises(CaseAlreadyClosed):
        actions.ask_clarification(case, QUESTION, by=people.eero, at=at)


def test_an_empty_message_is_refused(client, case, give):
    response = client.post("/palautteeni/viesti/", {"code": give.receipt, "text": " "})
    assert response.status_code == 422
    assert not Message.objects.exists()


def test_a_message_needs_the_right_code(client, case):
    response = client.post("/palautteeni/viesti/", {"code": "1111 2222 3333 4444", "text": "Hei"})
    assert response.status_code == 404
    assert not Message.objects.exists()


def test_every_mail_of_a_dialogue_is_prompted(case, people, at):
    actions.ask_clarification(case, QUESTION, by=people.aino, at=at)
    actions.write_as_customer(case, "Tiistaina.", at=at)
    actions.record_reading(case, by=people.aino, at=at)
    actions.ask_clarification(case, "Mihin aikaan?", by=people.aino, at=at)
    actions.write_as_customer(case, "Aamulla.", at=at)
    assert case.prompts.filter(kind="customer_wrote", person=people.aino).count() == 2
