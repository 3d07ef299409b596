"""A button pressed twice says a thing once, and nobody is blamed for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling import actions
from palauteketju.handling.errors import CaseAlreadyAnswered, CaseAlreadyClosed
from palauteketju.handling.models import Case, CustomerNotice, DeadlineChange, Move
from palauteketju.organisation.models import Role

SAY = {
    "clarification": actions.ask_clarification,
    "response": actions.answer,
    "note": actions.record_note,
    "call": actions.record_call,
}


@pytest.fixture
def case(open_case):
    return open_case(way="email", value="matti.asiakas@example.fi")


@pytest.mark.parametrize("kind", SAY)
def test_it_works(case, people, at, kind):
    first = SAY[kind](case, "Selvitämme asian.", by=people.aino, at=at)
    assert SAY[kind](case, "Selvitämme asian.", by=people.aino, at=at + timedelta(seconds=3)) == first
    assert case.messages.filter(kind=kind).count() == 1
    assert CustomerNotice.objects.count() == (kind in {"clarification", "response"})


def test_the_second_press_of_ones_own_answer_is_no_colleagues(english, people, case):
    english.force_login(people.aino)
    sent = {"text": "Kiitos.", "kind": "response", "step": "send"}
    answers = [english.post(f"/kasittely/{case.pk}/vastaa/", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_colleagues_answer_still_comes_first(case, people, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    with pytest.raises(CaseAlreadyAnswered):
        actions.answer(case, "Kiitos.", by=people.eero, at=at)


def test_two_calls_without_an_answer_are_two(case, people, at):
    for minutes in (0, 2):
        actions.record_call(case, "Ei vastannut.", by=people.aino, at=at + timedelta(minutes=minutes))
    assert case.messages.count() == 2


def test_the_same_question_after_an_answer_is_another(case, people, at):
    for minutes in (0, 5):
        actions.record_reading(case, by=people.aino, at=at)
        actions.ask_clarification(
            case, "Kertoisitko lisää?", by=people.aino, at=at + timedelta(minutes=minutes)
        )
        actions.write_as_customer(case, "Kyllä.", at=at + timedelta(minutes=minutes + 1))
    kinds = list(case.messages.values_list("kind", flat=True))
    assert kinds == ["clarification", "from_customer"] * 2
    # The same words are an answer to the second question too.
    assert case.prompts.filter(kind="customer_wrote", person=people.aino).count() == 2


WORDS = "Kotihoidon osuus kuuluu sinne."


@pytest.fixture
def press_twice(english, people, open_case):
    """Press the button of a page of a case twice; both answers, and what the page after the second says."""

    def press_twice(page, sent):
        case = open_case(at=timezone.now())
        english.force_login(people.aino)
        until = timezone.localdate(case.due_at) + timedelta(days=7)
        sent = {**sent, "until": until.isoformat()}
        answers = [
            english.post(f"/kasittely/{case.pk}/{page}/?tie=reminder", sent, follow=True) for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].redirect_chain == answers[1].redirect_chain
        return answers[1].content.decode()

    return press_twice


def test_a_case_is_split_once(press_twice):
    page = press_twice("jaa", {"unit": "koti", "about": WORDS})
    assert "There is now a second case, with Kotihoito pohjoinen en." in page
    assert Case.objects.count() == 2


def test_two_different_parts_are_two_cases(case, people, units, at):
    for about in (WORDS, "Laskun osuus."):
        actions.split_case(case, units.koti, about=about, by=people.aino, at=at)
    actions.split_case(case, units.psyk, about=WORDS, by=people.aino, at=at)
    actions.split_case(case, units.koti, about=WORDS, by=people.eero, at=at)
    actions.split_case(case, units.koti, about=WORDS, by=people.aino, at=at + timedelta(days=1))
    assert Case.objects.filter(split_from=case).count() == 5


def test_a_case_is_split_once_by_two_presses_at_the_same_moment(at_once, open_case, people, units, at):
    case = open_case()

    def split():
        return actions.split_case(case, units.koti, about=WORDS, by=people.aino, at=at)

    first, second = at_once(split, split)
    assert first == second
    assert Case.objects.count() == 2


@pytest.mark.parametrize("handles_both", [False, True])
def test_a_case_is_moved_once(press_twice, people, units, handles_both):
    if handles_both:
        Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    page = press_twice("siirra", {"unit": "koti", "reason": WORDS})
    assert "The case is now with Kotihoito pohjoinen en." in page
    assert Move.objects.count() == 1


def test_a_case_that_has_gone_on_to_a_third_unit_is_not_said_to_be_with_the_second(
    english, people, units, open_case
):
    case = open_case(at=timezone.now())
    sent = {"unit": "koti", "reason": WORDS}
    english.force_login(people.aino)
    english.post(f"/kasittely/{case.pk}/siirra/", sent)
    actions.move_case(case, units.psyk, reason="Sinne.", by=people.outi, at=timezone.now())
    assert english.post(f"/kasittely/{case.pk}/siirra/", sent).status_code == 404


def test_a_deadline_is_extended_once(press_twice):
    page = press_twice("jatka", {"reason": "Lomat.", "message": WORDS})
    assert "The deadline is extended." in page
    assert DeadlineChange.objects.count() == 1


def test_the_formal_road_is_shown_once(press_twice):
    page = press_twice("ohjaa", {"text": WORDS})
    assert "The customer is told where the matter belongs." in page
    assert Case.objects.get().messages.count() == 1


def test_a_case_is_closed_once(press_twice):
    page = press_twice("sulje", {"outcome": "answered", "done": WORDS})
    assert "The case is closed." in page
    assert "nothing was saved" not in page
    assert Case.objects.get().messages.count() == 1


def test_a_colleagues_closing_in_the_same_words_is_no_second_press(case, people, at):
    closing = {"outcome": Case.Outcome.NO_ANSWER_POSSIBLE, "done": WORDS, "at": at}
    actions.close_case(case, by=people.eero, **closing)
    with pytest.raises(CaseAlreadyClosed):
        actions.close_case(case, by=people.aino, **closing)
