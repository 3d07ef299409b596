"""More time for a case, at /kasittely/<id>/jatka/: with a reason, and never without telling the customer."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.cases.history import original_deadline
from palauteketju.handling.errors import CaseAlreadyAnswered, CaseAlreadyClosed, DayNotAllowed, NoDeadline
from palauteketju.handling.models import Case, DeadlineChange, Message, Prompt
from palauteketju.handling.replies.letters import letter_data
from palauteketju.organisation.deadlines import end_of

# The case of these tests arrives on Monday 16.11.2026 and is due at the end of Monday 30.11.
UNTIL = date(2026, 12, 7)
TOLD = "Vastauksesi kestää viikon pidempään, koska lääkäri palaa vasta silloin."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def extend(people, at):
    def extend(case, until=UNTIL, **more):
        given = {"reason": "Lääkäri on lomalla.", "message": TOLD, "by": people.aino, "at": at, **more}
        return actions.extend_deadline(case, until, **given)

    return extend


def test_it_works(client, people, open_case, now):
    case = open_case(at=now)
    until = timezone.localdate(case.due_at) + timedelta(days=7)
    client.force_login(people.aino)
    response = client.post(
        f"/kasittely/{case.pk}/jatka/",
        {"until": until.isoformat(), "reason": "Lääkäri on lomalla.", "message": TOLD},
    )

    assert response.url == f"/kasittely/{case.pk}/"
    change = DeadlineChange.objects.get()
    assert (change.before, change.after, change.by) == (case.due_at, end_of(until), people.aino)
    assert change.message.kind == Message.Kind.EXTENSION
    case.refresh_from_db()
    assert case.due_at == end_of(until)
    entry = Entry.objects.last()
    assert entry.action == "handling.case.extended"
    assert entry.facts["after"] == until.isoformat()


def test_the_page_tells_the_old_day_the_new_one_and_why(english, people, open_case, now, extend):
    case = open_case(at=now)
    until = timezone.localdate(case.due_at) + timedelta(days=7)
    extend(case, until, at=now)
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "became" in page
    assert "Lääkäri on lomalla." in page
    assert "More time was given, every day counts" in page
    assert TOLD in page


def test_the_manager_sees_the_days_but_not_the_reason(english, people, case, extend):
    extend(case)
    english.force_login(people.mikko)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "Extended on" in page
    assert "Lääkäri on lomalla." not in page
    assert TOLD not in page


def test_the_begun_message_is_not_sent_unfinished(english, people, case):
    english.force_login(people.aino)
    url = f"/kasittely/{case.pk}/jatka/"
    begun = english.get(url).context["form"]["message"].value()
    until = (case.due_at + timedelta(days=3)).date().isoformat()
    page = english.post(url, {"until": until, "reason": "Syy.", "message": begun})
    assert page.status_code == 422
    assert "Fill in or remove what stands in braces: {reason}." in page.content.decode()
    assert not DeadlineChange.objects.exists()


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("email", "gets an e-mail"),
        ("sms", "gets a text message"),
        ("letter", "print it on the page of the case"),
        ("phone", "call them"),
        ("receipt", "with the receipt code"),
    ],
)
def test_staff_read_how_the_customer_learns_of_it(english, people, open_case, now, way, told):
    values = {"email": "a@example.fi", "letter": "Katu 1", "receipt": ""}
    case = open_case(way=way, value=values.get(way, "+358401234567"), at=now)
    url = f"/kasittely/{case.pk}/jatka/"
    until = (timezone.localdate(case.due_at) + timedelta(days=7)).isoformat()
    english.force_login(people.aino)
    assert told in english.get(url).content.decode()
    given = {"until": until, "reason": "Syy.", "message": TOLD}
    page = english.post(url, given, follow=True).content.decode()
    assert told in page
    assert ("about the later day as a letter" in page) == (way == "letter")


def test_it_is_printed_as_a_letter(client, people, open_case, now, extend):
    case = open_case(way="letter", value="Katu 1\n00100 Helsinki", at=now)
    change = extend(case, timezone.localdate(case.due_at) + timedelta(days=7), at=now)
    client.force_login(people.aino)
    letter = client.post(f"/kasittely/{case.pk}/kirje/{change.message_id}/")
    assert letter.content.startswith(b"%PDF-")
    change.message.case = case
    assert letter_data(change.message, address="", language="en", at=now)["title"] == (
        "The answer to your feedback takes longer"
    )


@pytest.mark.parametrize("missing", ["until", "reason", "message"])
def test_it_needs_a_day_a_reason_and_a_message(client, people, case, missing):
    client.force_login(people.aino)
    sent = {"until": (case.due_at + timedelta(days=3)).date().isoformat(), "reason": "Syy.", "message": TOLD}
    response = client.post(f"/kasittely/{case.pk}/jatka/", {**sent, missing: ""})
    assert response.status_code == 422
    assert missing in response.context["form"].errors
    assert not DeadlineChange.objects.exists()


def test_the_customer_reads_it_on_the_receipt_page(english, give, people, now, extend):
    feedback = give(way="receipt", at=now)
    case = actions.triage(feedback.pk, at=now)
    until = timezone.localdate(case.due_at) + timedelta(days=7)
    extend(case, until, at=now)
    page = english.post("/palautteeni/", {"code": give.receipt}).content.decode()
    assert TOLD in page
    assert "Keskustan terveysasema en tells" in page
    assert "We first told you" in page
    assert "Lääkäri on lomalla." not in page


def test_who_left_an_email_address_is_told_that_there_is_a_message(open_case, people, postbox, extend, at):
    case = open_case(way="email", value="matti.asiakas@example.fi")
    change = extend(case)
    assert actions.tell_customer(change.message_id, at=at)
    mail = postbox.taken[0]
    assert mail["Subject"] == "A message about your feedback"
    assert TOLD not in mail.get_content()


def test_the_first_day_stays_the_promise(case, extend):
    first = case.due_at
    extend(case)
    extend(case, date(2026, 12, 14))
    assert original_deadline(case) == first
    assert [timezone.localdate(change.before).day for change in case.deadline_changes.all()] == [30, 7]


def test_the_reminders_come_again_for_the_new_day(case, extend, at):
    friday = datetime(2026, 11, 27, 8, tzinfo=at.tzinfo)
    actions.send_due_reminders(at=friday)
    extend(case, at=friday)
    assert actions.send_due_reminders(at=friday + timedelta(hours=1)) == 0
    assert actions.send_due_reminders(at=datetime(2026, 12, 4, 8, tzinfo=at.tzinfo)) == 2
    assert Prompt.objects.filter(kind="reminder", deadline=end_of(UNTIL)).count() == 2


@pytest.mark.parametrize("until", [date(2026, 11, 29), date(2026, 11, 30), date(2027, 1, 1)])
def test_a_day_that_is_not_later_or_too_late_is_refused(case, extend, until):
    with pytest.raises(DayNotAllowed):
        extend(case, until)
    assert not Message.objects.exists()


def test_a_late_case_is_extended_from_today_on(case, extend, at):
    late = datetime(2026, 12, 3, 10, tzinfo=at.tzinfo)
    with pytest.raises(DayNotAllowed):
        extend(case, date(2026, 12, 3), at=late)
    assert extend(case, date(2026, 12, 4), at=late).before < late


def test_a_closed_case_is_not_extended(case, people, extend, at):
    actions.answer(case, "Kiitos.", by=people.eero, at=at)
    with pytest.raises(CaseAlreadyClosed):
        extend(case)


def test_where_nothing_was_promised_there_is_nothing_to_extend(client, give, people, extend, at):
    case = actions.open_case(give("Kiitos."), by=people.aino, at=at)
    with pytest.raises(NoDeadline):
        extend(case)
    client.force_login(people.aino)
    assert client.get(f"/kasittely/{case.pk}/jatka/").status_code == 200


def test_the_database_refuses_more_time_without_a_reason(case, extend):
    extend(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineChange.objects.update(reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineChange.objects.update(message=None)


@pytest.mark.parametrize("name", ["outi", "mikko", "jaana", "viivi", "aada", "petra"])
def test_for_others_the_page_does_not_exist(client, people, case, name):
    client.force_login(getattr(people, name))
    assert client.get(f"/kasittely/{case.pk}/jatka/").status_code == 404


def test_a_forged_post_to_a_closed_case_changes_nothing(client, people, case, at):
    actions.answer(case, "Kiitos.", by=people.eero, at=at)
    client.force_login(people.aino)
    sent = {"until": "2026-12-07", "reason": "Syy.", "message": TOLD}
    assert client.post(f"/kasittely/{case.pk}/jatka/", sent).status_code == 409
    assert not DeadlineChange.objects.exists()
    assert Case.objects.get().due_at == case.due_at


def test_an_answered_case_that_waits_for_the_post_is_not_extended(english, people, open_case, extend, at):
    case = open_case(way="letter", value="Matti Asiakas\nKatu 1\n28100 Pori")
    url = f"/kasittely/{case.pk}/jatka/"
    english.force_login(people.aino)
    assert url in english.get(f"/kasittely/{case.pk}/").content.decode()

    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    assert url not in english.get(f"/kasittely/{case.pk}/").content.decode()
    page = english.get(url).content.decode()
    assert "The customer has been answered already." in page
    assert "<textarea" not in page
    with pytest.raises(CaseAlreadyAnswered):
        extend(case)
    english.post(url, {"until": UNTIL.isoformat(), "reason": "Lomat.", "message": TOLD})
    assert not DeadlineChange.objects.exists()
