"""/heratteet/: what one has been prompted of and has not yet seen."""

from datetime import timedelta

import pytest

from palauteketju.handling import actions
from palauteketju.handling.models import Prompt
from palauteketju.organisation.models import Role

URL = "/heratteet/"

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


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


def test_who_opens_the_case_has_seen_its_prompts(english, case, people):
    english.force_login(people.aino)
    english.get(f"/kasittely/{case.pk}/")
    assert Prompt.objects.get(person=people.aino).seen_at
    assert "Nothing new" in english.get(URL).content.decode()


def test_the_bar_of_the_opened_case_no_longer_counts_them(english, case, people):
    english.force_login(people.aino)
    page = english.get(f"/kasittely/{case.pk}/").content.decode()
    assert 'Prompts <span class="count">0</span>' in page


def test_a_colleague_who_opens_it_marks_only_their_own(english, case, people):
    english.force_login(people.eero)
    english.get(f"/kasittely/{case.pk}/")
    assert Prompt.objects.get(person=people.eero).seen_at
    assert Prompt.objects.get(person=people.aino).seen_at is None


def test_a_manager_who_opens_it_marks_only_their_own(english, case, people):
    actions.send_due_reminders(at=case.due_at + timedelta(hours=1))
    english.force_login(people.mikko)
    english.get(f"/kasittely/{case.pk}/")
    seen = Prompt.objects.filter(seen_at__isnull=False)
    assert [prompt.person for prompt in seen] == [people.mikko]


def test_who_may_not_open_the_case_marks_nothing(english, case, units, people):
    Role.objects.filter(person=people.aino).delete()
    Role.objects.create(person=people.aino, kind=Role.Kind.HANDLER, unit=units.koti)
    english.force_login(people.aino)
    assert english.get(f"/kasittely/{case.pk}/").status_code == 404
    assert not Prompt.objects.filter(seen_at__isnull=False).exists()


def test_the_prompts_of_another_case_stay(english, open_case, people):
    opened, other = open_case(), open_case("Toinen.")
    english.force_login(people.aino)
    english.get(f"/kasittely/{opened.pk}/")
    assert Prompt.objects.get(person=people.aino, case=other).seen_at is None


def test_seen_here_the_e_mail_comes_all_the_same(english, open_case, people, postbox, at):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.")
    english.force_login(people.aino)
    english.get(f"/kasittely/{case.pk}/")
    assert actions.send_prompts([Prompt.objects.get(person=people.aino).pk], at=at)


def test_the_urgent_ones_come_first_each_with_its_number(english, people, open_case, at):
    urgent, ordinary = open_case(URGENT, at=at), open_case(at=at)
    english.force_login(people.aino)
    page = english.get("/heratteet/").content.decode()
    first, second = (
        f"Case {urgent.pk}: Urgent feedback needs you",
        f"Case {ordinary.pk}: A customer is waiting",
    )
    assert page.index(first) < page.index(second)
