"""/heratteet/: what one has been prompted of and has not yet seen."""

import pytest

from palauteketju.handling.models import Prompt
from palauteketju.organisation.models import Role

URL = "/heratteet/"


def test_it_works(english, case, people):
    english.force_login(people.aino)
    page = english.get(URL).content.decode()
    assert "A customer is waiting for an answer" in page
    assert f"/kasittely/{case.pk}/" in page
    prompt = Prompt.objects.get(person=people.aino)
    assert english.post(f"{URL}nahty/", {"prompt": prompt.pk}).url == URL
    prompt.refresh_from_db()
    assert prompt.seen_at
    assert "Nothing new" in english.get(URL).content.decode()


def test_nothing_of_the_feedback_is_on_it(english, case, people):
    english.force_login(people.aino)
    assert "Sinikello" not in english.get(URL).content.decode()


def test_nobody_marks_anothers(english, case, people):
    english.force_login(people.aino)
    others = Prompt.objects.get(person=people.eero)
    english.post(f"{URL}nahty/", {"prompt": others.pk})
    others.refresh_from_db()
    assert others.seen_at is None


@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 40, "²"])
def test_an_odd_press_is_harmless(english, case, people, odd):
    english.force_login(people.aino)
    assert english.post(f"{URL}nahty/", {"prompt": odd}).url == URL
    assert english.get(f"{URL}nahty/").url == URL


def test_a_role_taken_away_takes_the_prompts_along(english, case, units, people):
    Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    Role.objects.filter(person=people.aino, unit=units.keskusta).delete()
    english.force_login(people.aino)
    assert "Nothing new" in english.get(URL).content.decode()


def test_the_number_is_in_the_bar(english, case, people):
    english.force_login(people.aino)
    assert 'Prompts <span class="count">1</span>' in english.get("/tyolista/").content.decode()


def test_more_prompts_cost_no_more_queries(english, open_case, people, django_assert_max_num_queries):
    for number in range(30):
        open_case(f"Jonotin {number} tuntia.")
    english.force_login(people.aino)
    with django_assert_max_num_queries(20):
        page = english.get(URL).content.decode()
    assert page.count('class="row-title"') == 25


@pytest.mark.parametrize("name", ["jaana", "viivi", "aada", "petra"])
def test_others_have_no_such_page(english, people, name):
    english.force_login(getattr(people, name))
    assert english.get(URL).status_code == 404
