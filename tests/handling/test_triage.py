"""Triage: every feedback gets one of four roads, once, with its prompts in the same transaction."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.audit.models import Entry
from palauteketju.handling import actions, handover
from palauteketju.handling.models import Case, Prompt, Triage
from palauteketju.handling.triage import rules_in_use, urgency
from palauteketju.intake import submissions
from palauteketju.organisation import rules
from palauteketju.organisation.models import Role
from palauteketju.surveys.library import question_set

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


def announced():
    """The prompts that jobs are to mail, each as often as it is announced."""
    jobs = ProcrastinateJob.objects.filter(task_name="palauteketju.prompt")
    return sorted(prompt for job in jobs for prompt in job.args["prompt_ids"])


def test_it_works(give, people, at):
    case = actions.triage(give(URGENT, way="receipt").pk, at=at)

    assert case.road == Case.Road.URGENT_CONTACT
    assert case.due_at > at
    assert {prompt.person for prompt in case.prompts.all()} == {people.aino, people.eero}
    assert announced() == sorted(prompt.pk for prompt in case.prompts.all())
    assert Entry.objects.get().action == "handling.case.opened"


@pytest.mark.parametrize(
    ("text", "way", "road", "days"),
    [
        (URGENT, "email", "urgent_contact", 1),
        (URGENT, None, "urgent", 1),
        ("Kiitos, kaikki sujui.", "receipt", "contact", 14),
    ],
)
def test_a_road_has_its_own_deadline(give, people, at, text, way, road, days):
    case = actions.triage(give(text, way=way, value="a@example.fi").pk, at=at)

    assert case.road == road
    assert case.due_at.astimezone(at.tzinfo).date() == (at + timedelta(days=days)).date()
    assert Triage.objects.get().road == road


def test_neither_urgent_nor_waiting_goes_to_the_reports(give, people, at):
    assert actions.triage(give("Kiitos, kaikki sujui.").pk, at=at) is None

    assert Triage.objects.get().road == "reports"
    assert not Case.objects.exists()
    assert not Prompt.objects.exists()


def test_the_customers_own_word_makes_it_urgent(give, people, at):
    case = actions.triage(give("Kiitos.", needs_attention=True).pk, at=at)
    assert (case.road, case.why) == ("urgent", ["customer_said"])


def test_the_reasons_are_codes_and_no_words(give, people, at):
    case = actions.triage(give(URGENT).pk, at=at)
    assert set(case.why) <= set(urgency.KINDS)
    assert case.why


def test_rules_that_cannot_be_read_make_everything_urgent(give, people, at, tmp_path, monkeypatch, caplog):
    broken = tmp_path / "urgency-3.toml"
    broken.write_text("version = ", encoding="utf-8")
    monkeypatch.setattr(urgency, "SHIPPED_RULES", broken)
    rules_in_use.urgency_rules.cache_clear()

    case = actions.triage(give("Kiitos Sinikello.").pk, at=at)
    rules_in_use.urgency_rules.cache_clear()

    assert (case.road, case.why) == ("urgent", ["rules_failed"])
    assert Triage.objects.get().rules_version is None
    assert "handling.urgency_rules_failed" in caplog.text
    assert "Sinikello" not in caplog.text


def test_a_second_triage_changes_nothing(give, people, at):
    feedback = give(URGENT)
    first = actions.triage(feedback.pk, at=at)

    assert actions.triage(feedback.pk, at=at + timedelta(days=1)) == first
    assert Case.objects.count() == 1
    assert len(announced()) == 2
    assert Entry.objects.count() == 1


def test_ratings_alone_are_no_case(give, people, at):
    assert actions.triage(give("").pk, at=at) is None
    assert not Triage.objects.exists()


def test_a_feedback_that_is_gone_is_no_error(people, at):
    assert actions.triage(12345, at=at) is None


def test_two_workers_make_one_case(at_once, give, people, at):
    feedback = give(URGENT)
    one, other = at_once(*[lambda: actions.triage(feedback.pk, at=at)] * 2)

    assert one == other == Case.objects.get()
    assert len(announced()) == 2


def test_one_job_does_the_work_of_those_that_wait(give, people, units, at):
    urgent, quiet, elsewhere = give(URGENT), give("Kiitos."), give(URGENT, unit=units.koti)

    assert actions.triage_waiting(quiet.pk, at=at) == 3
    assert {case.feedback for case in Case.objects.all()} == {urgent, elsewhere}
    assert Triage.objects.get(feedback=quiet).road == "reports"
    assert Entry.objects.filter(action="handling.case.opened").count() == 2
    assert [actions.triage_waiting(feedback.pk, at=at) for feedback in (urgent, elsewhere)] == [0, 0]


def test_ten_cost_no_more_queries_than_two(give, people, at):
    counts = []
    for n in (2, 10):
        waiting = [give(URGENT) for _ in range(n)]
        with CaptureQueriesContext(connection) as queries:
            assert actions.triage_waiting(waiting[0].pk, at=at) == n
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_has_waited_long_is_left_to_its_own_job(give, people, at):
    old = give(URGENT, at=at - timedelta(seconds=61))
    new = give(URGENT)
    assert actions.triage_waiting(new.pk, at=at) == 1
    assert actions.triage_waiting(old.pk, at=at) == 1


def test_many_workers_at_once_decide_each_once(at_once, give, people, at):
    feedbacks = [give(URGENT) for _ in range(30)]
    calls = [lambda one=one: actions.triage_waiting(one.pk, at=at) for one in feedbacks[::4]]
    decided = sum(at_once(*calls))

    assert Case.objects.count() == Triage.objects.count() == decided
    assert len(announced()) == 2 * decided
    for one in feedbacks:
        actions.triage_waiting(one.pk, at=at)
    assert Case.objects.count() == 30


def test_a_triage_that_breaks_off_leaves_nothing_half_done(give, people, at):
    feedback = give(URGENT)
    with transaction.atomic():
        actions.triage(feedback.pk, at=at)
        transaction.set_rollback(True)  # as if the worker had died before its commit

    assert not Case.objects.exists()
    assert not announced()
    assert handover.untriaged(recorded_before=at + timedelta(minutes=1)) == [feedback.pk]


def test_the_sweep_finds_only_what_has_waited(give, people, at):
    feedback = give(URGENT)
    assert handover.untriaged(recorded_before=at) == []
    assert handover.untriaged(recorded_before=at + timedelta(seconds=1)) == [feedback.pk]
    actions.triage(feedback.pk, at=at)
    assert handover.untriaged(recorded_before=at + timedelta(seconds=1)) == []


def test_an_urgent_text_message_comment_prompts_the_unit(give, people, at):
    case = actions.triage(give(URGENT, channel="sms").pk, at=at)
    assert case.road == "urgent"
    assert case.prompts.count() == 2


def test_text_message_feedback_cannot_ask_for_an_answer(units, people, at):
    raw = {"answers": {"nps": "9"}, "text": "Hei", "contact": {"way": "receipt", "value": ""}}
    questions = question_set("thl-2")
    _, errors = submissions.read(
        raw,
        unit=units.keskusta,
        channel="sms",
        question_set=questions,
        language="fi",
        at=at,
        asked=questions.only(["nps"]),
    )
    assert errors == {"contact": submissions.NOT_OFFERED}


def test_a_county_may_let_text_message_feedback_ask(units, people, give, at, tmp_path, settings):
    settings.COUNTY_FILE = tmp_path / "county.toml"
    settings.COUNTY_FILE.write_text("[contact_request]\nsms = true\n", encoding="utf-8")
    rules.county_rules.cache_clear()
    try:
        assert rules.county_rules().allows_contact_request("sms")
        assert actions.triage(give("Kiitos.", channel="sms", way="receipt").pk, at=at).road == "contact"
    finally:
        rules.county_rules.cache_clear()


def test_without_a_handler_the_manager_of_the_area_is_prompted(give, people, units, at):
    case = actions.triage(give(URGENT, unit=units.psyk).pk, at=at)
    prompt = case.prompts.get()
    assert (prompt.kind, prompt.person) == ("no_handler", people.mikko)


def test_a_handler_without_an_address_does_not_stand_in_the_way(give, people, at):
    for person in (people.aino, people.eero):
        person.email = ""
        person.save()
    prompts = actions.triage(give(URGENT).pk, at=at).prompts
    assert prompts.get(kind=Prompt.Kind.NO_HANDLER).person == people.mikko
    # They see it in the application, by no e-mail.
    assert prompts.filter(mail_at=None).count() == 2


def test_with_nobody_to_prompt_the_case_opens_all_the_same(give, units, at, caplog):
    assert not Role.objects.exists()
    case = actions.triage(give(URGENT).pk, at=at)
    assert not case.prompts.exists()
    assert "handling.nobody_to_prompt" in caplog.text


def test_late_paper_of_a_closed_unit_prompts_its_area_or_alarms_its_manager(give, units, people, at):
    units.keskusta.active_to = at.date()
    units.keskusta.save()
    Role.objects.filter(unit=units.keskusta).delete()
    later = at + timedelta(days=3)

    alarmed = actions.triage(give(way="letter", value="Matti", arrived_at=at, at=later).pk, at=later)
    assert [(prompt.kind, prompt.person) for prompt in alarmed.prompts.all()] == [
        ("no_handler", people.mikko)
    ]
    # The clock has run since the day it was given.
    assert alarmed.due_at.date() == (at + timedelta(days=14)).date()

    Role.objects.create(person=people.eero, kind=Role.Kind.HANDLER, unit=units.health)
    prompted = actions.triage(give(way="letter", value="Matti", arrived_at=at, at=later).pk, at=later)
    assert [(prompt.kind, prompt.person) for prompt in prompted.prompts.all()] == [("new", people.eero)]
