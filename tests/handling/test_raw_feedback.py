"""Reading what is not a case, at /palautteet/."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling import actions
from palauteketju.handling.models import Case, Triage

URL = "/palautteet/"


@pytest.fixture
def now():
    return timezone.now()


def test_it_works(client, people, units, give, now):
    give("Sinikello", at=now)
    give("Toisen yksikön", unit=units.koti, at=now)
    client.force_login(people.aino)
    page = client.get(URL).content.decode()
    assert "Sinikello" in page
    assert "Toisen yksikön" not in page


def test_it_shows_days_and_no_clock(client, people, give, now):
    give("Sinikello", at=now)
    client.force_login(people.aino)
    feedback = client.get(URL).context["feedback"][0]
    page = client.get(URL).content.decode()
    local = timezone.localtime(now)
    for clock in (f"{local:%H:%M}", f"{local:%H.%M}", f"{local.hour}.{local:%M} "):
        assert clock not in page.split("<main")[1]
    assert feedback.day == local.date()


def test_the_order_within_a_day_is_not_that_of_arrival(client, people, give, now):
    for number in range(8):
        give(f"Palaute {number}", at=now - timedelta(seconds=8 - number))
    client.force_login(people.aino)
    listed = [feedback.text for feedback in client.get(URL).context["feedback"]]
    again = [feedback.text for feedback in client.get(URL).context["feedback"]]
    assert listed == again
    # Eight in a random order stand in that of arrival, or its reverse, once in twenty thousand runs.
    assert listed not in (sorted(listed), sorted(listed, reverse=True))


def test_ratings_alone_and_old_ones_are_not_on_it(client, people, give, now):
    give("", at=now)
    give("Vanha", at=now - timedelta(days=31))
    client.force_login(people.aino)
    assert client.get(URL).context["feedback"] == []


def test_it_is_cut_into_pages(client, people, give, now):
    for number in range(27):
        give(f"Palaute {number}", at=now)
    client.force_login(people.aino)
    assert len(client.get(URL).context["feedback"]) == 25
    assert len(client.get(URL + "?sivu=2").context["feedback"]) == 2


@pytest.mark.parametrize("name", ["mikko", "jaana", "viivi", "aada", "petra"])
def test_only_handlers_read_it(client, people, name):
    client.force_login(getattr(people, name))
    assert client.get(URL).status_code == 404


def test_a_handler_opens_a_case(client, people, give, now):
    feedback = give("Tähän haluan palata.", at=now)
    client.force_login(people.aino)
    response = client.post(f"{URL}{feedback.pk}/avaa/")

    case = Case.objects.get()
    assert response.url == f"/kasittely/{case.pk}/"
    assert (case.road, case.due_at, case.feedback_id) == ("opened_by_handler", None, feedback.pk)
    assert Triage.objects.get().road == "reports"
    assert f"/kasittely/{case.pk}/" in client.get(URL).content.decode()


def test_opening_twice_is_one_case(client, people, give, now):
    feedback = give("Tähän haluan palata.", at=now)
    first = actions.open_case(feedback, by=people.aino, at=now)
    assert actions.open_case(feedback, by=people.eero, at=now) == first


def test_opening_before_triage_takes_the_road_of_triage(people, give, now):
    case = actions.open_case(give("Kiitos.", way="receipt", at=now), by=people.aino, at=now)
    assert case.road == "contact"


def test_two_handlers_at_once_open_one_case(at_once, people, give, now):
    feedback = give("Tähän haluan palata.", at=now)
    one, other = at_once(
        lambda: actions.open_case(feedback, by=people.aino, at=now),
        lambda: actions.open_case(feedback, by=people.eero, at=now),
    )
    assert one == other == Case.objects.get()


def test_another_units_feedback_cannot_be_opened(client, people, give, now):
    feedback = give("Ei sinun.", at=now)
    client.force_login(people.outi)
    assert client.post(f"{URL}{feedback.pk}/avaa/").status_code == 404
    assert not Case.objects.exists()
