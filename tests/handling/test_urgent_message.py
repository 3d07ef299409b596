"""What the customer adds by the receipt page is urgent: the case hurries, and says why."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, proof
from palauteketju.handling.cases.wording import promise_to_customer
from palauteketju.handling.models import AnswerTimes, Case, DeadlineChange, Message, Prompt
from palauteketju.handling.triage import rules_shown, urgency
from palauteketju.organisation.deadlines import county_deadline
from palauteketju.organisation.models import Absence

URGENT = "En jaksa enää, aion tappaa itseni tänä iltana."
EMERGENCY = "The unit was told of it at once. In an emergency call 112."
DAY = timedelta(days=1)


@pytest.fixture
def written(case, at):
    """An ordinary case whose customer writes something urgent three days later."""
    actions.write_as_customer(case, URGENT, at=at + 3 * DAY)
    case.refresh_from_db()
    return case


def test_it_works(case, people, at):
    promised, wrote_at = case.due_at, at + 3 * DAY
    message = actions.write_as_customer(case, URGENT, at=wrote_at)

    case.refresh_from_db()
    assert (case.road, case.due_at) == ("urgent_contact", county_deadline(wrote_at, road="urgent").due)
    assert case.why == ["written_later", "self_harm"]
    change = DeadlineChange.objects.get()
    assert (change.why, change.before, change.after) == ("message", promised, case.due_at)
    prompts = case.prompts.filter(kind="customer_wrote", about=message)
    assert {(one.person, one.mail_at, one.in_digest) for one in prompts} == {
        (people.aino, wrote_at, False),
        (people.eero, wrote_at, False),
    }
    entry = Entry.objects.last()
    assert (entry.action, entry.actor) == ("handling.case.urgent_by_message", None)
    due = county_deadline(wrote_at, road="urgent").due.isoformat()
    assert entry.facts == {"road": "urgent_contact", "due": due, "message": message.pk}


def test_an_ordinary_message_changes_nothing(case, at):
    promised = case.due_at
    actions.write_as_customer(case, "Kävin tiistaina.", at=at + DAY)
    case.refresh_from_db()
    assert (case.road, case.due_at, case.why) == ("contact", promised, [])
    assert case.prompts.filter(kind="customer_wrote", in_digest=True).exists()


def test_rules_that_fail_count_as_urgent_and_lose_nothing(case, at, monkeypatch):
    def fail(*_args, **_more):
        # By then the message is stored.
        assert Message.objects.filter(kind="from_customer").exists()
        raise RuntimeError

    monkeypatch.setattr(urgency, "assess", fail)
    actions.write_as_customer(case, "Kävin tiistaina.", at=at + DAY)
    case.refresh_from_db()
    assert (case.road, case.why) == ("urgent_contact", ["written_later", "rules_failed"])


def test_a_worker_that_dies_over_slow_rules_loses_nothing(case, people, at, monkeypatch):
    def die(*_args, **_more):
        raise SystemExit

    monkeypatch.setattr(urgency, "assess", die)
    with pytest.raises(SystemExit):
        actions.write_as_customer(case, URGENT, at=at + DAY)
    assert case.messages.get(kind="from_customer").text == URGENT
    assert case.prompts.filter(kind="customer_wrote").count() == 2
    monkeypatch.undo()
    [job] = ProcrastinateJob.objects.filter(task_name="palauteketju.judge_message")
    actions.judge_message(**job.args, at=at + DAY)
    assert Case.objects.get().is_urgent
    # Who sends it once more has said it once.
    actions.write_as_customer(case, URGENT, at=at + DAY)
    assert Message.objects.count() == 1
    assert DeadlineChange.objects.count() == 1


def test_a_message_deleted_before_its_job_is_judged_by_nobody(written):
    message = Message.objects.get()
    written.feedback.delete()
    actions.judge_message(message.pk, at=message.at)
    assert not Case.objects.exists()


def test_a_case_without_a_promise_gets_a_deadline(give, people, at):
    feedback = give("Kiitos.")
    case = actions.open_case(feedback, by=people.aino, at=at)
    actions.write_as_customer(case, URGENT, at=at + 3 * DAY)
    case.refresh_from_db()
    assert (case.road, case.due_at) == ("urgent", county_deadline(at + 3 * DAY, road="urgent").due)
    assert DeadlineChange.objects.get().before == county_deadline(at, road="urgent").due


def test_a_late_case_gets_no_more_time(case, at):
    promised = case.due_at
    actions.write_as_customer(case, URGENT, at=promised + DAY)
    case.refresh_from_db()
    assert (case.is_urgent, case.due_at) == (True, promised)
    assert not DeadlineChange.objects.exists()


def test_an_urgent_case_keeps_its_day_and_tells_the_reason(open_case, at):
    case = open_case(needs_attention=True)
    actions.write_as_customer(case, URGENT, at=at + 3 * DAY)
    promised = case.due_at
    case.refresh_from_db()
    assert (case.due_at, case.why) == (promised, ["customer_said", "self_harm"])
    assert not Entry.objects.filter(action="handling.case.urgent_by_message").exists()


def test_a_handler_who_removes_it_gives_back_the_day_that_was_told(case, people, at):
    actions.extend_deadline(
        case, (case.due_at + 5 * DAY).date(), reason="Syy.", message="Kestää.", by=people.aino, at=at
    )
    case.refresh_from_db()
    told = case.due_at
    actions.write_as_customer(case, URGENT, at=at + 3 * DAY)
    case.refresh_from_db()
    assert promise_to_customer(case.feedback, case)[1] == timezone.localdate(told)
    actions.remove_urgency(case, by=people.aino, at=at + 4 * DAY)
    case.refresh_from_db()
    assert (case.road, case.due_at) == ("contact", told)


def test_sent_again_after_a_handler_judged_it_changes_nothing(written, people, at):
    actions.remove_urgency(written, by=people.aino, at=at + 4 * DAY)
    actions.write_as_customer(written, URGENT, at=at + 5 * DAY)
    written.refresh_from_db()
    assert written.road == "contact"


def test_sent_twice_it_is_one_change(written, people, at):
    actions.write_as_customer(written, URGENT, at=at + 3 * DAY)
    assert DeadlineChange.objects.count() == 1
    assert written.prompts.filter(kind="customer_wrote").count() == 2


def test_managers_alarmed_of_an_ordinary_case_are_alarmed_anew(open_case, people, at):
    for person in (people.aino, people.eero):
        Absence.objects.create(person=person, first_day=at.date(), last_day=(at + 9 * DAY).date())
    case = open_case()
    assert case.prompts.get(kind="no_handler").at == at
    Prompt.objects.update(sent_at=at)
    actions.write_as_customer(case, URGENT, at=at + DAY)
    alarm = case.prompts.get(kind="no_handler")
    assert (alarm.person, alarm.sent_at, alarm.mail_at) == (people.mikko, None, at + DAY)


def test_its_page_says_why_and_that_nobody_has_judged_it(english, people, case, at):
    actions.confirm_urgency(case, by=people.aino, at=at)
    actions.remove_urgency(case, by=people.aino, at=at)
    actions.write_as_customer(case, URGENT, at=at + 3 * DAY)
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "What the customer wrote later" in page
    assert "Suicide or self-harm" in page
    assert "What the customer wrote counts as urgent on" in page
    assert "Nobody has judged yet what the customer wrote later." in page


def test_the_customer_reads_that_the_unit_was_told_at_once(english, open_case, give):
    open_case(at=timezone.now())
    asked = english.post("/palautteeni/", {"code": give.receipt}).content.decode()
    assert "In an emergency call 112." in asked[asked.index("/palautteeni/viesti/") :]
    page = english.post("/palautteeni/viesti/", {"code": give.receipt, "text": URGENT}).content.decode()
    assert EMERGENCY in page


def test_of_an_ordinary_message_the_page_says_no_such_thing(english, open_case, give):
    open_case(at=timezone.now())
    page = english.post("/palautteeni/viesti/", {"code": give.receipt, "text": "Kiitos."}).content.decode()
    assert "Your message has been saved. The unit has been told of it." in page
    assert EMERGENCY not in page


def test_promises_are_counted_by_the_day_that_the_message_made(open_case, people, at):
    arrived = datetime(2026, 11, 2, 9, tzinfo=at.tzinfo)
    cases = [open_case(at=arrived) for _ in range(6)]
    for case in cases:
        actions.write_as_customer(case, URGENT, at=arrived + DAY)
    # Due on Wednesday 4.11.; a false alarm again on Monday 16.11.
    actions.remove_urgency(cases[0], by=people.aino, at=arrived + 3 * DAY)
    for case, day in zip(cases, (4, 2, 2, 2, 4, 4), strict=True):
        actions.record_reading(case, by=people.aino, at=arrived + day * DAY)
        actions.answer(case, "Kiitos.", by=people.aino, at=arrived + day * DAY)
    actions.count_answer_times(at=datetime(2026, 12, 2, 5, tzinfo=at.tzinfo))
    assert [(group.cases, group.in_time) for group in AnswerTimes.objects.all()] == [(6, 4)]
    assert {late.number for late in proof.late_cases(people.mikko, at=arrived + 5 * DAY)} == {
        cases[4].pk,
        cases[5].pk,
    }


def test_the_rules_missed_nothing_in_the_feedback_itself(written, people, at):
    actions.confirm_urgency(written, by=people.aino, at=at + 4 * DAY)
    assert not rules_shown.urgency_judged(at.year, today=(at + 60 * DAY).date(), k=1)


def test_the_database_refuses_a_person_behind_it(written, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineChange.objects.update(by=people.aino)
