"""/poissaolot/: administrators and managers mark who is away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.models import Prompt, RefusedMailbox
from palauteketju.organisation.absences import add_absence
from palauteketju.organisation.models import Absence, Person, Role

URL = "/poissaolot/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def days(today):
    def days(first=0, last=9, **more):
        return {
            "first_day": (today + timedelta(days=first)).isoformat(),
            "last_day": (today + timedelta(days=last)).isoformat(),
        } | more

    return days


@pytest.fixture
def page_of():
    return lambda person: f"{URL}{person.pk}/"


@pytest.mark.parametrize("name", ["mikko", "aada"])
def test_it_works(english, people, page_of, days, name):
    by = getattr(people, name)
    english.force_login(by)
    assert "Aino Virtanen" in english.get(URL).content.decode()
    url = page_of(people.aino)
    assert english.post(url, days(substitute=people.eero.pk)).url == url

    absence = Absence.objects.get()
    assert (absence.person, absence.substitute) == (people.aino, people.eero)
    entry = Entry.objects.last()
    assert (entry.action, entry.actor, entry.subject_id) == (
        "organisation.absence.added",
        by,
        str(people.aino.pk),
    )
    assert "Away until" in english.get(URL).content.decode()
    assert "Eero Mäkinen is prompted instead" in english.get(url).content.decode()


def test_it_is_taken_back(english, people, page_of, days):
    english.force_login(people.mikko)
    url = page_of(people.aino)
    english.post(url, days())
    assert english.post(f"{url}{Absence.objects.get().pk}/poista/").url == url
    assert not Absence.objects.exists()


def test_who_stands_in_is_told_at_once_of_what_waits(english, open_case, people, page_of, days):
    case = open_case(at=timezone.now())
    Prompt.objects.filter(person=people.eero).delete()
    english.force_login(people.mikko)
    english.post(page_of(people.aino), days(substitute=people.eero.pk))
    assert Prompt.objects.filter(case=case, kind="new", person=people.eero).count() == 1


def test_when_nobody_is_left_the_manager_is_alarmed_of_what_waits(
    english, open_case, people, page_of, days, at, today
):
    case = open_case(at=timezone.now())
    add_absence(
        people.eero,
        first_day=today,
        last_day=today,
        substitute=None,
        by=people.eero,
        at=at,
    )
    english.force_login(people.aada)
    english.post(page_of(people.aino), days())
    assert {prompt.person for prompt in Prompt.objects.filter(case=case, kind="no_handler")} == {people.mikko}


def test_what_somebody_has_reacted_to_prompts_nobody_anew(english, open_case, people, page_of, days):
    case = open_case(at=timezone.now())
    actions.record_note(case, "Selvitän.", by=people.aino, at=timezone.now())
    Prompt.objects.filter(person=people.eero).delete()
    english.force_login(people.mikko)
    english.post(page_of(people.aino), days(substitute=people.eero.pk))
    assert not Prompt.objects.filter(case=case, person=people.eero).exists()


def test_days_to_come_prompt_nobody_yet(english, open_case, people, page_of, days):
    open_case(at=timezone.now())
    Prompt.objects.filter(person=people.eero).delete()
    english.force_login(people.mikko)
    english.post(page_of(people.aino), days(first=2, substitute=people.eero.pk))
    assert not Prompt.objects.filter(person=people.eero).exists()


def test_the_person_sees_that_others_marked_them_away(english, people, page_of, days):
    english.force_login(people.mikko)
    english.post(page_of(people.aino), days())
    english.force_login(people.aino)
    assert "You are marked as away until" in english.get("/heratteet/").content.decode()
    assert "Nobody is prompted in your place" in english.get("/omat-asetukset/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_day": ""},
        {"last_day": "huomenna"},
        {"substitute": "outi"},
        {"substitute": "jaana"},
        {"substitute": "aino"},
    ],
)
def test_what_cannot_be_is_refused(english, people, page_of, days, wrong):
    english.force_login(people.mikko)
    if name := wrong.get("substitute"):
        wrong = {"substitute": getattr(people, name).pk}
    assert english.post(page_of(people.aino), days() | wrong).status_code == 422
    assert not Absence.objects.exists()


@pytest.mark.parametrize(("first", "last"), [(3, 2), (-9, -2)])
def test_days_in_the_wrong_order_or_past_are_refused(english, people, page_of, days, first, last):
    english.force_login(people.mikko)
    assert english.post(page_of(people.aino), days(first, last)).status_code == 422


def test_days_that_are_marked_already_are_refused(english, people, page_of, days):
    english.force_login(people.mikko)
    english.post(page_of(people.aino), days())
    response = english.post(page_of(people.aino), days(first=5, last=20))
    assert response.status_code == 422
    assert "Some of these days are marked already." in response.content.decode()
    assert Absence.objects.count() == 1


def test_a_manager_marks_nobody_of_another_area(english, people, page_of, days):
    english.force_login(people.mikko)
    assert "Outi Nieminen" not in english.get(URL).content.decode()
    assert english.post(page_of(people.outi), days()).status_code == 404


def test_a_units_manager_does_not_mark_the_manager_above(english, units, people, page_of, days):
    Role.objects.create(person=people.jaana, kind=Role.Kind.MANAGER, unit=units.keskusta)
    english.force_login(people.jaana)
    assert english.post(page_of(people.mikko), days()).status_code == 404
    assert english.post(page_of(people.aino), days()).status_code == 302


def test_an_administrator_of_an_area_marks_only_its_people(english, units, people, page_of, days):
    Role.objects.filter(person=people.aada).update(unit=units.home)
    english.force_login(people.aada)
    assert english.post(page_of(people.outi), days()).status_code == 302
    assert english.post(page_of(people.aino), days()).status_code == 404


@pytest.mark.parametrize("name", ["jaana", "viivi", "petra", "mikko"])
def test_who_is_not_prompted_or_is_oneself_is_not_there(english, people, page_of, days, name):
    english.force_login(people.mikko)
    assert english.post(page_of(getattr(people, name)), days()).status_code == 404


def test_who_has_left_is_not_there(english, people, page_of, days):
    Person.objects.filter(pk=people.aino.pk).update(is_active=False)
    english.force_login(people.mikko)
    assert "Aino Virtanen" not in english.get(URL).content.decode()
    assert english.post(page_of(people.aino), days()).status_code == 404


def test_anothers_absence_is_not_removed_by_a_wrong_address(english, people, page_of, days):
    english.force_login(people.aada)
    english.post(page_of(people.outi), days())
    url = f"{page_of(people.aino)}{Absence.objects.get().pk}/poista/"
    assert english.post(url).status_code == 404
    assert Absence.objects.exists()


@pytest.mark.parametrize("name", ["aino", "jaana", "viivi", "petra"])
def test_others_have_no_such_page(english, people, page_of, name):
    english.force_login(getattr(people, name))
    assert english.get(URL).status_code == 404
    assert english.get(page_of(people.eero)).status_code == 404


def test_who_is_away_today_comes_first(english, people, page_of, days):
    english.force_login(people.mikko)
    by_name = english.get(URL).content.decode()
    assert by_name.index("Mäkinen") < by_name.index("Virtanen")
    english.post(page_of(people.aino), days())
    english.post(page_of(people.eero), days(first=1))
    page = english.get(URL).content.decode()
    assert page.index("Virtanen") < page.index("Mäkinen")


def test_people_are_found_by_name(english, people):
    english.force_login(people.mikko)
    page = english.get(f"{URL}?haku=virta").content.decode()
    assert "Aino Virtanen" in page
    assert "Eero" not in page
    assert "Nothing was found" in english.get(f"{URL}?haku=xyz").content.decode()


@pytest.mark.parametrize("odd", ["%00", "%FF", "a" * 500, "?sivu=x"])
def test_an_odd_search_is_harmless(english, people, odd):
    english.force_login(people.mikko)
    assert english.get(f"{URL}?haku={odd}").status_code in {200, 400}


def test_a_mailbox_that_refuses_is_told(english, people, at):
    RefusedMailbox.objects.create(person=people.aino, since=at)
    english.force_login(people.mikko)
    assert "The mailbox refuses e-mail" in english.get(URL).content.decode()


def test_more_people_cost_no_more_queries(english, units, people, django_assert_max_num_queries):
    for number in range(40):
        person = Person.objects.create(username=f"n{number}", last_name=f"N{number}", password="!")
        Role.objects.create(person=person, kind=Role.Kind.HANDLER, unit=units.psyk)
        Absence.objects.create(
            person=person,
            first_day=timezone.localdate(),
            last_day=timezone.localdate(),
            substitute=people.aino,
        )
    english.force_login(people.mikko)
    with django_assert_max_num_queries(16):
        assert "N39" in english.get(URL).content.decode()
