"""Closing several cases that need nothing, at /tyolista/sulje/."""

import pytest
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.models import Case

URL = "/tyolista/sulje/"
URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def cases(open_case, people, now):
    """Three that promise no answer, that somebody has read and found not urgent."""
    made = [open_case(URGENT, way=None, at=now) for _ in range(3)]
    for case in made:
        actions.record_reading(case, by=people.eero, at=now)
        actions.remove_urgency(case, by=people.eero, at=now)
        case.refresh_from_db()
    return made


@pytest.fixture
def urgent(open_case, people, now):
    """Read, and nobody has judged it."""
    made = open_case(URGENT, way=None, at=now)
    actions.record_reading(made, by=people.eero, at=now)
    return made


@pytest.fixture
def closing(cases):
    return {"case": [case.pk for case in cases], "reason": "Harjoitus.", "step": "close"}


def test_it_works(client, people, cases, closing):
    client.force_login(people.aino)
    assert client.post(URL, closing).url == "/tyolista/"
    for case in cases:
        case.refresh_from_db()
        assert case.outcome == Case.Outcome.NOTHING_NEEDED
        assert case.messages.get().text == "Harjoitus."
    closed = Entry.objects.filter(action="handling.case.closed")
    assert sorted(closed.values_list("subject_id", flat=True)) == sorted(str(case.pk) for case in cases)


def test_the_chosen_are_listed_before_anything_closes(client, people, cases):
    client.force_login(people.aino)
    response = client.post(URL, {"case": [case.pk for case in cases]})
    assert [row["url"] for row in response.context["rows"]] == [f"/kasittely/{case.pk}/" for case in cases]
    assert not Case.objects.filter(closed_at__isnull=False).exists()


def test_without_a_reason_nothing_closes(client, people, closing):
    client.force_login(people.aino)
    assert client.post(URL, closing | {"reason": " "}).status_code == 422
    assert not Case.objects.filter(closed_at__isnull=False).exists()


def test_a_promised_answer_is_not_closed_away(client, people, case, closing):
    client.force_login(people.aino)
    client.post(URL, closing | {"case": [case.pk]})
    case.refresh_from_db()
    assert not case.is_closed


def test_what_is_urgent_is_not_closed_away(english, people, urgent, closing):
    english.force_login(people.aino)
    page = english.post(URL, closing | {"case": [urgent.pk], "reason": "x", "step": "look"}).content.decode()
    assert "It is urgent. Open it and write down what was done" in page
    english.post(URL, closing | {"case": [urgent.pk], "reason": "x"})
    urgent.refresh_from_db()
    assert not urgent.is_closed


def test_what_became_urgent_in_the_meantime_stays_open(people, cases, now):
    actions.confirm_urgency(cases[0], by=people.eero, at=now)
    done = actions.close_many(cases, "Harjoitus.", by=people.aino, at=now)
    assert (done.refused, len(done.closed)) == ([cases[0].pk], 2)


def test_what_nobody_has_read_stays_open_and_says_so(english, people, open_case, now, closing):
    unread = open_case(URGENT, way=None, at=now)
    actions.remove_urgency(unread, by=people.eero, at=now)
    english.force_login(people.aino)
    page = english.post(URL, {"case": [unread.pk]})
    assert "Nobody has opened it yet" in page.content.decode()
    english.post(URL, closing | {"case": [unread.pk]})
    unread.refresh_from_db()
    assert not unread.is_closed


def test_what_a_colleague_closed_before_keeps_its_outcome(english, people, cases, closing, now):
    actions.close_case(cases[0], Case.Outcome.ACTED, by=people.eero, at=now, done="Tehty.")
    english.force_login(people.aino)
    page = english.post(URL, closing, follow=True).content.decode()
    cases[0].refresh_from_db()
    assert cases[0].outcome == Case.Outcome.ACTED
    assert "2 cases are closed." in page
    assert "1 case was closed already." in page


def test_a_button_pressed_twice_closes_them_once_and_blames_no_colleague(english, people, cases, closing):
    english.force_login(people.aino)
    pages = [english.post(URL, closing, follow=True).content.decode() for _ in range(2)]
    assert all("3 cases are closed." in page for page in pages)
    assert "colleague" not in pages[1]
    assert Entry.objects.filter(action="handling.case.closed").count() == 3


def test_of_two_at_the_same_moment_each_case_is_closed_once(at_once, cases, people, at):
    results = at_once(
        lambda: actions.close_many(cases, "Ainon syy", by=people.aino, at=at),
        lambda: actions.close_many(cases, "Eeron syy", by=people.eero, at=at),
    )
    closed = [number for result in results for number in result.closed]
    already = [number for result in results for number in result.already]
    assert sorted(closed) == sorted(already) == [case.pk for case in cases]
    assert Entry.objects.filter(action="handling.case.closed").count() == 3


def test_other_units_cases_do_not_exist(client, people, cases, closing):
    client.force_login(people.outi)
    response = client.post(URL, {"case": [case.pk for case in cases]})
    assert response.context["rows"] == response.context["others"] == []
    client.post(URL, closing)
    assert not Case.objects.filter(closed_at__isnull=False).exists()


@pytest.mark.parametrize("name", ["mikko", "jaana", "viivi", "aada", "petra"])
def test_only_handlers_close(client, people, closing, name):
    client.force_login(getattr(people, name))
    assert client.post(URL, closing).status_code == 404


@pytest.mark.parametrize("chosen", [[], ["x"], ["²"], ["9" * 30]])
def test_nothing_chosen_leads_back(client, people, chosen):
    client.force_login(people.aino)
    assert client.post(URL, {"case": chosen}).url == "/tyolista/"


def test_only_cases_that_may_be_chosen_have_a_box(client, people, cases, case, urgent, now):
    Case.objects.filter(pk=case.pk).update(due_at=now)
    client.force_login(people.aino)
    page = client.get("/tyolista/").content.decode()
    assert f'id="choose_{cases[0].pk}"' in page
    for other in (case, urgent):
        assert f"/kasittely/{other.pk}/" in page
        assert f'id="choose_{other.pk}"' not in page


def test_a_manager_has_no_boxes(client, people, cases):
    client.force_login(people.mikko)
    page = client.get("/tyolista/").content.decode()
    assert f"/kasittely/{cases[0].pk}/" in page
    assert 'name="case"' not in page
