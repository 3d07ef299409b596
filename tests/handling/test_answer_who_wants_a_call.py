"""A customer who asked for a phone call is called, also when somebody has answered in writing."""

import pytest

from palauteketju.handling import actions
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
