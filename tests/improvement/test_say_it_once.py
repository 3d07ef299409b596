"""A button pressed twice changes a measure once; what a colleague decided first loses nothing that was written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.improvement import actions, meetings
from palauteketju.improvement.models import Measure, WeekReview
from palauteketju.insight.periods import read_week

WEEK = read_week("2026-W47")
WRITTEN = "Pitkä teksti, jota ei kirjoiteta uudestaan."


@pytest.fixture
def press(client):
    def press(person, address, sent):
        client.force_login(person)
        return client.post(address, sent, headers={"accept-language": "en"})

    return press


def test_it_works(figures, plan, people, at):
    first = actions.record_measure(plan, by=people.aino, at=at)
    assert actions.record_measure(plan, by=people.aino, at=at + timedelta(seconds=3)) == first
    assert Entry.objects.filter(action="improvement.measure.recorded").count() == 1


def test_the_same_measure_of_a_colleague_or_of_another_day_is_another(figures, plan, people, at):
    actions.record_measure(plan, by=people.aino, at=at)
    actions.record_measure(plan, by=people.eero, at=at)
    actions.record_measure(plan, by=people.aino, at=at + timedelta(days=1))
    assert Measure.objects.count() == 3


def test_an_effect_returned_twice_leaves_the_measure_public(press, done, people):
    sent = {"reason": "Kerro luku."}
    answers = [press(people.viivi, f"/toimenpiteet/{done.pk}/palauta/", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    done.refresh_from_db()
    assert done.state == "approved"


def test_a_measure_is_returned_once(press, recorded, people):
    sent = {"reason": "Kerro luku."}
    answers = [press(people.viivi, f"/toimenpiteet/{recorded.pk}/palauta/", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Entry.objects.filter(action="improvement.measure.returned").count() == 1


def test_a_measure_is_finished_once(press, approved, people):
    sent = {"effect": "Jono lyheni."}
    answers = [press(people.aino, f"/toimenpiteet/{approved.pk}/valmis/", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Entry.objects.filter(action="improvement.measure.completed").count() == 1


def test_a_week_is_noted_once(people, units, at):
    first = meetings.review_week(units.keskusta, WEEK, note="Sovittu.", by=people.aino, at=at)
    assert meetings.review_week(units.keskusta, WEEK, note="Sovittu.", by=people.aino, at=at) == first
    assert Entry.objects.filter(action="improvement.week.reviewed").count() == 1


def test_what_a_colleague_decided_first_gives_the_text_back(press, done, people):
    response = press(people.aino, f"/toimenpiteet/{done.pk}/valmis/", {"effect": WRITTEN})
    page = response.content.decode()
    assert response.status_code == 409
    assert "A colleague has already decided on this measure." in page
    assert WRITTEN in page
    assert f'href="/toimenpiteet/{done.pk}/"' in page


def test_a_measure_returned_meanwhile_gives_the_reason_back(press, recorded, people, at):
    actions.return_measure(recorded.pk, reason="Nimi.", by=people.viivi, at=at)
    response = press(people.viivi, f"/toimenpiteet/{recorded.pk}/palauta/", {"reason": WRITTEN})
    assert response.status_code == 409
    assert WRITTEN in response.content.decode()


def test_a_measure_approved_meanwhile_gives_the_mended_words_back(
    press, recorded, people, at, monkeypatch, plan
):
    monkeypatch.setattr(timezone, "now", lambda: at)
    actions.approve_measure(recorded.pk, by=people.viivi, at=at)
    sent = {
        "unit": "keskusta",
        "about": plan.stream,
        "period_from": "2026-11-01",
        "period_to": "2026-11-16",
        "title": plan.title,
        "description": WRITTEN,
        "responsible": "osastonhoitaja",
        "due": "2026-12-31",
    }
    response = press(people.aino, f"/toimenpiteet/{recorded.pk}/muokkaa/", sent)
    assert response.status_code == 409
    assert WRITTEN in response.content.decode()


def test_a_week_that_a_colleague_noted_first_gives_the_note_back(press, figures, people, units, at):
    meetings.review_week(units.keskusta, WEEK, note="Ensin.", by=people.eero, at=at)
    response = press(people.aino, f"/raportit/keskusta/kokous/?viikko={WEEK}", {"note": WRITTEN})
    assert response.status_code == 409
    assert WRITTEN in response.content.decode()
    assert WeekReview.objects.get().note == "Ensin."
