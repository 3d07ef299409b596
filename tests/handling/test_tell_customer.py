"""The e-mail that tells a customer there is something to read: once, and never lost."""

from datetime import timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, retention
from palauteketju.handling.models import CustomerNotice
from palauteketju.intake.models import ContactRequest
from palauteketju.organisation.errors import MailNotSent

ADDRESS = "matti.asiakas@example.fi"


@pytest.fixture
def message(open_case, people, at):
    case = open_case(way="email", value=ADDRESS)
    return actions.ask_clarification(case, "Minä päivänä kävit?", by=people.aino, at=at)


def tell(message, at):
    return actions.tell_customer(message.pk, at=at)


def test_it_works(message, postbox, at):
    assert tell(message, at)
    assert postbox.taken[0]["To"] == ADDRESS
    assert "kävit" not in str(postbox.taken[0])
    assert Entry.objects.last().action == "handling.customer.told"


def test_the_second_time_nothing_is_sent(message, postbox, at):
    tell(message, at)
    assert not tell(message, at + timedelta(hours=1))
    assert len(postbox.taken) == 1


def test_two_workers_at_once_tell_once(at_once, message, postbox, at):
    results = at_once(*[lambda: tell(message, at)] * 4)
    assert sorted(results) == [False, False, False, True]
    assert len(postbox.taken) == 1


def test_a_claim_of_a_dead_worker_runs_out(message, postbox, at):
    assert CustomerNotice.claim(message.pk, at=at)
    assert not tell(message, at + timedelta(seconds=119))
    assert tell(message, at + timedelta(seconds=120))
    assert len(postbox.taken) == 1


def test_a_refusal_shows_why_and_the_mail_goes_later(english, people, message, postbox, at):
    postbox.answer = "550 No such mailbox"
    with pytest.raises(MailNotSent):
        tell(message, at)
    english.force_login(people.aada)
    page = english.get("/hallinta/heratteet/").content.decode()
    assert "recipient refused [550]" in page
    assert ADDRESS not in page
    postbox.answer = "250 OK"
    assert tell(message, at)


def test_the_handlers_see_that_the_customer_was_not_told(english, people, message, postbox, at):
    english.force_login(people.aino)
    url = f"/kasittely/{message.case_id}/"
    words = "tells the customer of your message has not gone yet"
    assert words not in english.get(url).content.decode()
    postbox.answer = "550 No such mailbox"
    with pytest.raises(MailNotSent):
        tell(message, at)
    page = english.get(url).content.decode()
    assert words in page
    assert ADDRESS not in page
    postbox.answer = "250 OK"
    tell(message, at)
    assert words not in english.get(url).content.decode()


def test_sent_again_after_a_crash_it_carries_the_same_id(message, postbox, at):
    tell(message, at)
    CustomerNotice.objects.update(sent_at=None)  # as if the process had died before its commit
    tell(message, at)
    assert postbox.taken[0]["Message-ID"] == postbox.taken[1]["Message-ID"]


def test_when_the_address_is_deleted_nobody_is_told_any_more(message, people, postbox, at):
    actions.answer(message.case, "Kiitos.", by=people.aino, at=at)
    retention.delete_contact_details(at=at + timedelta(days=400))
    assert not ContactRequest.objects.exists()
    assert not tell(message, at + timedelta(days=400))
    assert CustomerNotice.objects.get(pk=message.pk).dropped_at


def test_who_reads_by_the_receipt_only_gets_no_mail(open_case, people, at):
    actions.ask_clarification(open_case(), "Minä päivänä?", by=people.aino, at=at)
    assert not CustomerNotice.objects.exists()
