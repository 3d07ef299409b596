"""A button pressed twice says a thing once, and nobody is blamed for it."""

from datetime import timedelta

import pytest

from palauteketju.handling import actions
from palauteketju.handling.errors import CaseAlreadyAnswered
from palauteketju.handling.models import CustomerNotice

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


def test_the_same_note_a_day_later_is_another(case, people, at):
    for day in range(2):
        actions.record_note(case, "Soitettu, ei vastausta.", by=people.aino, at=at + timedelta(days=day))
    assert case.messages.count() == 2
