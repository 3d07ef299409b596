"""A handler judges what the rules marked: urgent or not, with the deadline that follows and the trail of who said so."""

from datetime import datetime, timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.cases.day_lists import counted_days
from palauteketju.handling.errors import CaseAlreadyClosed, NothingToJudge
from palauteketju.handling.models import Case, DeadlineChange, Prompt, Triage, UrgencyReview
from palauteketju.handling.triage import judgements
from palauteketju.organisation.deadlines import county_deadline

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


@pytest.fixture
def triaged(give, people, at):
    def triaged(text=URGENT, **more):
        return actions.triage(give(text, **more).pk, at=at)

    return triaged


def test_it_works(triaged, people, at):
    case = triaged(way="receipt")
    actions.confirm_urgency(case, by=people.aino, at=at)

    review = UrgencyReview.objects.get()
    assert (review.is_urgent, review.by, review.at) == (True, people.aino, at)
    case.refresh_from_db()
    assert case.road == "urgent_contact"
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.facts["road"]) == ("handling.case.urgency_confirmed", "urgent_contact")


def test_removed_it_waits_like_other_feedback_from_the_arrival(triaged, people, at):
    case = triaged(way="receipt")
    actions.remove_urgency(case, by=people.aino, at=at + timedelta(hours=1))

    case.refresh_from_db()
    assert case.road == "contact"
    assert case.due_at == county_deadline(case.arrived_at, road="contact").due
    assert [day.date for day in counted_days(case, [])][-1] == case.due_at.astimezone(at.tzinfo).date()
    assert DeadlineChange.objects.get().get_why_display()
    assert Entry.objects.latest("pk").action == "handling.case.urgency_removed"
    assert Triage.objects.get().road == "urgent_contact"


def test_removed_where_nobody_waits_it_has_no_deadline_and_may_be_closed(triaged, people, at):
    case = triaged()
    actions.remove_urgency(case, by=people.aino, at=at)

    case.refresh_from_db()
    assert (case.road, case.due_at) == ("opened_by_handler", None)
    actions.close_case(case, Case.Outcome.NOTHING_NEEDED, by=people.aino, at=at, done="Luettu.")


def test_a_day_the_customer_was_told_stays(triaged, people, at):
    case = triaged("Kiitos.", way="receipt", needs_attention=True)
    promised = case.due_at
    actions.remove_urgency(case, by=people.aino, at=at)

    case.refresh_from_db()
    assert (case.road, case.due_at) == ("contact", promised)
    assert not DeadlineChange.objects.exists()
    assert counted_days(case, []) == list(county_deadline(case.arrived_at, road="urgent").days)


def test_what_the_rules_missed_becomes_urgent_with_less_time(triaged, people, at):
    case = triaged("Kiitos.", way="receipt")
    later = at + timedelta(days=5)
    actions.confirm_urgency(case, by=people.aino, at=later)

    case.refresh_from_db()
    assert case.road == "urgent_contact"
    assert case.due_at == county_deadline(later, road="urgent").due
    assert counted_days(case, list(case.deadline_changes.all()))


def test_a_late_case_that_becomes_urgent_keeps_its_day_and_tells_how_it_was_counted(triaged, people, at):
    case = triaged("Saisinko ajan verikokeeseen?", way="receipt")
    actions.confirm_urgency(case, by=people.aino, at=case.due_at + timedelta(days=1))
    case.refresh_from_db()
    assert (case.is_urgent, list(case.deadline_changes.all())) == (True, [])
    assert counted_days(case, []) == list(county_deadline(case.arrived_at, road="contact").days)


def test_more_time_given_to_a_late_case_that_became_urgent_comes_after_the_days_it_had(triaged, people, at):
    case = triaged("Saisinko ajan verikokeeseen?", way="receipt")
    late = case.due_at + timedelta(days=1)
    actions.confirm_urgency(case, by=people.aino, at=late)
    until = (case.due_at + timedelta(days=3)).date()
    actions.extend_deadline(case, until, reason="Lomat.", message="Kestää.", by=people.aino, at=late)
    case.refresh_from_db()
    days = counted_days(case, list(case.deadline_changes.all()))
    assert [day.reason for day in days] == [
        "arrival_day",
        *["calendar_day"] * 14,
        *["more_time"] * 2,
        "last_day",
    ]


def test_a_case_made_urgent_prompts_the_others_at_once(open_case, people, at):
    case, later = open_case(at=at), at + timedelta(hours=3)
    assert case.prompts.get(person=people.eero).in_digest
    actions.confirm_urgency(case, by=people.aino, at=later)
    prompt = case.prompts.get(person=people.eero)
    assert (prompt.mail_at, prompt.in_digest) == (later, False)
    # Who judged it knows.
    assert case.prompts.get(person=people.aino).in_digest

    # Once more changes nothing.
    actions.confirm_urgency(case, by=people.eero, at=later + timedelta(hours=1))
    assert case.prompts.count() == 2


def test_who_had_the_daily_email_already_is_not_prompted_twice(open_case, people, at):
    case = open_case(at=at)
    Prompt.objects.update(sent_at=at)
    actions.confirm_urgency(case, by=people.aino, at=at + timedelta(days=2))
    assert not Prompt.objects.filter(sent_at=None).exists()


def test_a_feedback_without_a_case_opens_as_urgent_and_prompts(give, people, at):
    feedback = give("Kiitos.")
    actions.triage(feedback.pk, at=at)
    case = actions.open_urgent_case(feedback, by=people.aino, at=at + timedelta(days=2))

    assert case.road == "urgent"
    assert case.due_at == county_deadline(at + timedelta(days=2), road="urgent").due
    assert {prompt.person for prompt in Prompt.objects.all()} == {people.aino, people.eero}
    # As of urgent feedback: at once, in no e-mail of the day.
    assert not Prompt.objects.filter(in_digest=True).exists()


def test_what_is_not_urgent_cannot_lose_its_urgency(triaged, people, at):
    with pytest.raises(NothingToJudge):
        actions.remove_urgency(triaged("Kiitos.", way="receipt"), by=people.aino, at=at)
    assert not UrgencyReview.objects.exists()


@pytest.mark.parametrize("judge", [actions.confirm_urgency, actions.remove_urgency])
def test_a_closed_case_is_not_judged(triaged, people, at, judge):
    case = triaged()
    actions.close_case(case, Case.Outcome.ACTED, by=people.aino, at=at, done="Hoidettu.")
    with pytest.raises(CaseAlreadyClosed):
        judge(case, by=people.aino, at=at)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("sulje/", "The case has already been answered or closed."),
        ("kiireellisyys/", "It has already been judged: it is not urgent."),
    ],
)
def test_who_ended_it_themselves_is_told_of_no_colleague(english, triaged, people, end, told):
    case = triaged()
    english.force_login(people.aino)
    page = f"/kasittely/{case.pk}/"
    english.post(page + end, {"outcome": "acted", "done": "Hoidettu.", "urgent": "no"})
    shown = english.post(f"{page}kiireellisyys/", {"urgent": "no"}, follow=True).content.decode()
    assert told in shown
    assert "colleague" not in shown


def test_two_handlers_judge_and_both_are_in_the_trail(triaged, people, at):
    case = triaged(way="receipt")
    actions.remove_urgency(case, by=people.aino, at=at)
    actions.confirm_urgency(case, by=people.eero, at=at + timedelta(minutes=1))

    assert (UrgencyReview.objects.get().by, UrgencyReview.objects.get().is_urgent) == (people.eero, True)
    actions_told = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions_told[-2:] == ["handling.case.urgency_removed", "handling.case.urgency_confirmed"]


def test_the_page_marks_the_words_and_takes_the_judgement(triaged, people, english):
    english.force_login(people.aino)
    case = triaged("Hei. Hoitaja löi äitiä. <b>", way="receipt")
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "<mark>Hoitaja löi</mark> äitiä. &lt;b&gt;" in page
    assert "This is not urgent" in page

    response = english.post(f"/kasittely/{case.pk}/kiireellisyys/", {"urgent": "no"}, follow=True)
    page = response.content.decode()
    assert "The case is not urgent." in page
    assert f"{people.aino} found it not urgent" in page
    case.refresh_from_db()
    assert case.road == "contact"


@pytest.mark.parametrize("sent", [{}, {"urgent": ""}, {"urgent": "No"}, {"urgent": "maybe"}])
def test_without_a_known_verdict_nothing_changes_and_it_is_said(triaged, people, english, sent):
    english.force_login(people.aino)
    case = triaged(way="receipt")
    page = english.post(f"/kasittely/{case.pk}/kiireellisyys/", sent, follow=True).content.decode()
    assert "Nothing was changed" in page
    case.refresh_from_db()
    assert case.road == "urgent_contact"
    assert not UrgencyReview.objects.exists()


def test_a_handler_of_another_unit_finds_no_such_case(triaged, people, client):
    client.force_login(people.outi)
    response = client.post(f"/kasittely/{triaged().pk}/kiireellisyys/", {"urgent": "no"})
    assert response.status_code == 404
    assert not UrgencyReview.objects.exists()


def test_the_raw_list_opens_as_urgent(give, people, at, english):
    feedback = give("Kiitos.", at=datetime.now(tz=at.tzinfo))
    actions.triage(feedback.pk, at=at)
    english.force_login(people.aino)
    response = english.post(f"/palautteet/{feedback.pk}/avaa/", {"urgent": "yes"})
    assert response.status_code == 302
    assert Case.objects.get().road == "urgent"


@pytest.mark.parametrize(
    ("marks", "pieces"),
    [
        ([], [("abcdef", False)]),
        ([[1, 3]], [("a", False), ("bc", True), ("def", False)]),
        ([[0, 2], [1, 4]], [("ab", True), ("cd", True), ("ef", False)]),
        ([[2, 4], [2, 3]], [("ab", False), ("c", True), ("d", True), ("ef", False)]),
        ([[4, 99]], [("abcd", False), ("ef", True)]),
        ([[9, 12]], [("abcdef", False)]),
    ],
)
def test_the_text_is_cut_at_the_marks_and_nothing_is_lost(marks, pieces):
    found = judgements.pieces_of("abcdef", marks)
    assert [(piece.text, piece.is_marked) for piece in found] == pieces
