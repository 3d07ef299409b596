"""Two handlers at one case see each other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling import actions
from palauteketju.handling.replies.beside_the_reply import colleagues_at


@pytest.fixture
def now():
    return timezone.now()


def test_it_works(english, people, case, now):
    actions.record_reading(case, by=people.eero, at=now - timedelta(minutes=5))
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "Eero Mäkinen opened this case 5 minutes ago." in page


def test_who_has_begun_an_answer_is_told_too(english, people, case, now):
    actions.record_reading(case, by=people.eero, at=now)
    actions.save_draft(case, "Salaista", kind="response", by=people.eero, at=now)
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert "Eero Mäkinen opened this case just now and has begun an answer." in page
    assert "Salaista" not in page


def test_a_draft_of_yesterday_still_tells_of_its_writer(english, people, case, now):
    actions.save_draft(case, "Salaista", kind="", by=people.eero, at=now - timedelta(days=1))
    english.force_login(people.aino)
    assert "Eero Mäkinen has begun an answer, saved" in english.get(f"/kasittely/{case.pk}/").content.decode()


def test_oneself_is_not_told(people, case, now):
    actions.record_reading(case, by=people.aino, at=now)
    actions.save_draft(case, "Oma", kind="", by=people.aino, at=now)
    assert colleagues_at(case, apart_from=people.aino, at=now) == []


def test_after_half_an_hour_nobody_is_told(people, case, now):
    actions.record_reading(case, by=people.eero, at=now - timedelta(minutes=31))
    assert colleagues_at(case, apart_from=people.aino, at=now) == []


def test_another_cases_reader_is_not_told(people, case, open_case, now):
    actions.record_reading(open_case(), by=people.eero, at=now)
    assert colleagues_at(case, apart_from=people.aino, at=now) == []


def test_several_are_told_the_latest_first(people, case, now):
    for minutes, person in ((9, people.eero), (3, people.outi), (6, people.outi)):
        actions.record_reading(case, by=person, at=now - timedelta(minutes=minutes))
    there = colleagues_at(case, apart_from=people.aino, at=now)
    assert [one.name for one in there] == ["Outi Nieminen", "Eero Mäkinen"]
    assert there[0].opened_at == now - timedelta(minutes=3)


def test_a_manager_is_not_told(english, people, case, now):
    actions.record_reading(case, by=people.eero, at=now)
    english.force_login(people.mikko)
    assert "Eero" not in english.get(f"/kasittely/{case.pk}/").content.decode()
