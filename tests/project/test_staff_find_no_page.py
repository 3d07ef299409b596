"""What is shown where there is nothing to show: to customers their page, to staff a page of their own."""

import re

import pytest

from palauteketju.organisation.models import Role

WORDS = "the case may have moved to another unit, or your role may have changed"


@pytest.fixture
def english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def content(response):
    return re.search(r'<main id="content".*</main>', response.content.decode(), re.DOTALL)[0]


@pytest.mark.parametrize("name", ["aino", "mikko", "jaana", "viivi", "aada", "petra"])
def test_it_works(english, people, name):
    english.force_login(getattr(people, name))
    response = english.get("/kasittely/999999/")
    assert response.status_code == 404
    page = response.content.decode()
    assert WORDS in page
    assert 'class="staff"' in page
    assert "Give feedback" not in page
    assert "no-store" in response["Cache-Control"]
    # The link on it leads to where the person's work begins.
    assert english.get("/kirjaudu/alku/", follow=True).status_code == 200


def test_a_page_of_another_role_is_no_other_than_one_that_never_was(english, people):
    english.force_login(people.mikko)
    pages = [english.get(address) for address in ("/tyolista/haku/", "/kasittely/999999/", "/ei-ole/")]
    assert {response.status_code for response in pages} == {404}
    assert len({content(response) for response in pages}) == 1


def test_customers_get_theirs_and_no_session_is_asked_for(english, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = english.get("/ei-ole/")
    assert response.status_code == 404
    assert "See the feedback you have given" in response.content.decode()
    assert "Cookie" not in response.get("Vary", "")


def test_who_has_no_role_any_more_gets_the_page_of_everybody(english, people):
    english.force_login(people.aino)
    Role.objects.filter(person=people.aino).delete()
    assert "See the feedback you have given" in english.get("/tyolista/").content.decode()


def test_a_session_that_has_ended_asks_for_nothing(english, people):
    english.force_login(people.aino)
    english.cookies["sessionid"] = "ended"
    assert "See the feedback you have given" in english.get("/ei-ole/").content.decode()


def test_programs_get_problem_details(english, people):
    english.force_login(people.aino)
    assert english.get("/api/v1/ei-ole")["Content-Type"].startswith("application/problem+json")
