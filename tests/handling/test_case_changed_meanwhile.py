"""A colleague changed the case while somebody wrote on one of its pages: why it cannot be done, and the text to copy."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling import access, actions
from palauteketju.handling.models import Case, DeadlineChange, Message, Move
from palauteketju.organisation.models import Role

TEXT = "Pitkä selitys, jota ei kirjoiteta uudestaan."
REASON = "Lääkäri on lomalla."


@pytest.fixture
def case(open_case):
    return open_case(at=timezone.now())


@pytest.fixture
def sent(case):
    until = timezone.localdate(case.due_at) + timedelta(days=7)
    return {
        "siirra": {"unit": "koti", "reason": TEXT},
        "jaa": {"unit": "koti", "about": TEXT},
        "jatka": {"until": until.isoformat(), "reason": REASON, "message": TEXT},
        "ohjaa": {"text": TEXT},
        "sulje": {"outcome": "answered", "done": TEXT},
    }


@pytest.fixture
def close(case, people):
    def close():
        at = timezone.now()
        actions.close_case(case, Case.Outcome.NO_ANSWER_POSSIBLE, by=people.eero, at=at, done="Perui.")

    return close


@pytest.fixture
def move_away(case, people, units):
    def move_away():
        actions.move_case(case, units.koti, reason="Sinne.", by=people.eero, at=timezone.now())

    return move_away


@pytest.fixture
def after_reading(monkeypatch):
    """Let a colleague be quicker than the lock: `change` happens when the page has read the case."""

    def after_reading(change):
        read = access.get_handled_case_or_404

        def read_and_change(person, case_id):
            case = read(person, case_id)
            monkeypatch.setattr(access, "get_handled_case_or_404", read)
            change()
            return case

        monkeypatch.setattr(access, "get_handled_case_or_404", read_and_change)

    return after_reading


def post(client, case, page, sent):
    return client.post(f"/kasittely/{case.pk}/{page}/?tie=reminder", sent)


PAGES = ["siirra", "jaa", "jatka", "ohjaa", "sulje"]


@pytest.mark.parametrize("page", PAGES)
def test_it_works(english, people, case, close, sent, page):
    close()
    english.force_login(people.aino)
    response = post(english, case, page, sent[page])
    shown = response.content.decode()
    assert response.status_code == 409
    assert "The case is closed, so nothing more can be done to it." in shown
    assert TEXT in shown
    # The case as it is now.
    assert case.feedback.text in shown
    assert Message.objects.get().text == "Perui."


def test_all_that_was_written_comes_back(english, people, case, close, sent):
    close()
    english.force_login(people.aino)
    shown = post(english, case, "jatka", sent["jatka"]).content.decode()
    assert REASON in shown
    assert TEXT in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_closing_between_the_page_and_the_lock(english, people, case, close, after_reading, sent, page):
    after_reading(close)
    english.force_login(people.aino)
    response = post(english, case, page, sent[page])
    assert response.status_code == 409
    assert TEXT in response.content.decode()


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("siirra", {"unit": "", "reason": TEXT}),
        ("jaa", {"about": TEXT}),
        ("jatka", {"message": TEXT}),
        ("ohjaa", {"text": TEXT * 200}),
        ("sulje", {"outcome": "acted", "done": TEXT}),
    ],
)
def test_what_could_not_have_been_saved_comes_back_too(english, people, case, close, page, sent):
    close()
    english.force_login(people.aino)
    response = post(english, case, page, sent)
    assert response.status_code == 409
    assert TEXT in response.content.decode()


@pytest.mark.parametrize("page", ["jatka", "ohjaa"])
@pytest.mark.parametrize("is_whole", [True, False])
def test_an_answered_case_that_is_still_open(english, open_case, people, sent, page, is_whole):
    case = open_case(way="letter", value="Matti Asiakas\nKatu 1\n28100 Pori", at=timezone.now())
    actions.answer(case, "Kiitos.", by=people.eero, at=timezone.now())
    english.force_login(people.aino)
    response = post(english, case, page, sent[page] if is_whole else {"message": TEXT, "text": TEXT * 200})
    assert response.status_code == 409
    assert "The customer has been answered already." in response.content.decode()
    assert TEXT in response.content.decode()
    assert not DeadlineChange.objects.exists()


def test_an_outcome_that_is_no_longer_offered(english, open_case, people, after_reading):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.", way=None, at=timezone.now())
    actions.remove_urgency(case, by=people.aino, at=timezone.now())

    def hurry():
        actions.open_urgent_case(case.feedback, by=people.eero, at=timezone.now())

    after_reading(hurry)
    english.force_login(people.aino)
    response = post(english, case, "sulje", {"outcome": "nothing_needed", "done": TEXT})
    assert response.status_code == 409
    assert "Look at the case again, and close it then." in response.content.decode()
    assert TEXT in response.content.decode()
    assert not Case.objects.get().is_closed


def test_a_case_that_a_colleague_moved_to_the_same_unit(
    english, people, units, case, move_away, after_reading, sent
):
    Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    after_reading(move_away)
    english.force_login(people.aino)
    response = post(english, case, "siirra", sent["siirra"])
    shown = response.content.decode()
    assert response.status_code == 409
    assert "The case is already with the unit that you chose" in shown
    assert TEXT in shown
    assert Move.objects.get().note.author == people.eero


def test_a_day_that_is_no_longer_later_is_chosen_anew_on_the_same_page(
    english, people, case, after_reading, sent
):
    def extend():
        until = timezone.localdate(case.due_at) + timedelta(days=14)
        actions.extend_deadline(
            case, until, reason="Lomat.", message="Kestää.", by=people.eero, at=timezone.now()
        )

    after_reading(extend)
    english.force_login(people.aino)
    response = post(english, case, "jatka", sent["jatka"])
    assert response.status_code == 422
    assert "until" in response.context["form"].errors
    assert f"{TEXT}</textarea>" in response.content.decode()
    assert DeadlineChange.objects.get().by == people.eero


def test_a_case_that_a_colleague_moved_away_is_not_shown(
    english, people, case, close, move_away, after_reading, sent
):
    after_reading(lambda: (move_away(), close()))
    english.force_login(people.aino)
    response = post(english, case, "siirra", sent["siirra"])
    assert response.status_code == 404
    assert TEXT in response.content.decode()
    assert case.feedback.text not in response.content.decode()
