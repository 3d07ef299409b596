"""A customer who asked for a phone call is called, also when somebody has answered in writing."""

from datetime import timedelta

import pytest

from palauteketju.handling import actions
from palauteketju.handling.errors import NothingRecorded
from palauteketju.handling.models import Case


@pytest.fixture
def case(open_case):
    return open_case(way="phone", value="+358401234567")


def test_it_works(case, people, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    case.refresh_from_db()
    assert case.answered_at == at
    assert not case.is_closed

    actions.close_case(case, Case.Outcome.ANSWERED, by=people.aino, at=at, done="Soitettu ja sovittu.")
    case.refresh_from_db()
    assert case.outcome == Case.Outcome.ANSWERED


def test_it_closes_only_when_a_call_is_written_down(case, people, at):
    actions.answer(case, "Soitamme sinulle tänään.", by=people.aino, at=at)
    with pytest.raises(NothingRecorded):
        actions.close_case(case, Case.Outcome.ANSWERED, by=people.aino, at=at)
    later = at + timedelta(hours=1)
    actions.close_case(case, Case.Outcome.ANSWERED, by=people.aino, at=later, done="Soitettu.")
    case.refresh_from_db()
    assert (case.answered_at, case.closed_at) == (at, later)
    assert case.messages.last().kind == "call"


def test_who_was_not_reached_is_told_so(case, people, at):
    actions.answer(case, "Soitamme sinulle tänään.", by=people.aino, at=at)
    outcome = Case.Outcome.NO_ANSWER_POSSIBLE
    actions.close_case(case, outcome, by=people.aino, at=at, done="Ei vastannut kolmesti.")
    assert case.messages.last().kind == "note"


def test_a_question_reaches_them_by_a_call(english, people, case):
    english.force_login(people.aino)
    url = f"/kasittely/{case.pk}/vastaa/"
    question = {"text": "Minä päivänä?", "kind": "clarification"}
    told = "is not told in any other way: call them."
    assert told in english.post(url, question | {"step": "preview"}).content.decode()
    assert told in english.post(url, question | {"step": "send"}, follow=True).content.decode()


def test_the_call_comes_first_on_its_page(english, people, case):
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert page.index("Call, and write down what was said") < page.index("Write to the customer")
    assert page.count('class="button"') == 1


def test_the_handler_is_told_before_and_after(english, people, case):
    english.force_login(people.aino)
    url = f"/kasittely/{case.pk}/"
    written = {"text": "Kiitos.", "kind": "response"}
    preview = english.post(f"{url}vastaa/", written | {"step": "preview"}).content.decode()
    assert "The case stays open until you have called" in preview
    page = english.post(f"{url}vastaa/", written | {"step": "send"}, follow=True).content.decode()
    assert "Now call them" in page
    assert "but the customer asked for a phone call" in page
    assert "A written answer alone leaves it open" in page


def test_who_is_shown_the_formal_road_is_called_too(case, people, at):
    actions.redirect_case(case, Case.FormalRoad.REMINDER, "Tee muistutus.", by=people.aino, at=at)
    case.refresh_from_db()
    assert not case.is_closed
