"""Searching the cases, at /tyolista/haku/."""

import pytest
from django.db import connection
from django.utils import timezone

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.cases import search
from palauteketju.organisation.models import Role

URL = "/tyolista/haku/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def found(client):
    def found(words, person):
        client.force_login(person)
        response = client.post(URL, {"words": words})
        assert response.status_code == 200
        return [row["url"] for row in response.context["rows"]]

    return found


def page_of(case):
    return f"/kasittely/{case.pk}/"


def test_it_works(found, open_case, people, now):
    case = open_case("Jonotin tunnin, ja lääkkeestä ei kerrottu mitään.", at=now)
    open_case("Kiitos hyvästä hoidosta.", at=now)
    assert found("jonot", people.aino) == [page_of(case)]


def test_the_number_of_a_case_leads_to_it(client, people, open_case, units, now):
    own, other = open_case("Kiitos.", at=now), open_case("Kiitos.", unit=units.koti, at=now)
    client.force_login(people.aino)
    assert client.post(URL, {"words": f" {own.pk} "}).url == page_of(own)
    # Another unit's number is a word like others, or too short for one.
    assert client.post(URL, {"words": str(other.pk)}).status_code in {200, 422}
    assert client.post(URL, {"words": "9" * 30}).status_code == 200


def test_where_nothing_is_found_it_says_so_and_what_to_try(client, case, people):
    client.force_login(people.aino)
    page = client.post(URL, {"words": "olematon"}, headers={"accept-language": "fi"}).content.decode()
    assert "Näitä sanoja ei löytynyt mistään tapauksesta" in page
    assert "Kokeile vähemmillä sanoilla tai pelkällä sanan alulla." in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lääkevirheestä ei kerrottu", "lääke"),
        ("Hoitajat olivat väsyneitä", "hoitaja"),
        ("Sköterskorna var trötta", "sköterska"),
        ("The nurses were tired", "nurse"),
        ("Odotin pihalla ja odotin", "ODOTTAA pihalla"),
    ],
)
def test_a_word_finds_its_other_forms(found, open_case, people, now, text, words):
    case = open_case(text, at=now)
    assert found(words, people.aino) == [page_of(case)]


def test_all_the_words_must_be_there(found, open_case, people, now):
    open_case("Jonotin tunnin.", at=now)
    assert found("jonotin sinikello", people.aino) == []


def test_the_dialogue_is_searched_too_and_closed_cases_are_found(found, open_case, people, now):
    case = open_case(at=now)
    actions.answer(case, "Kurjenmiekka kukkii.", by=people.eero, at=now)
    assert found("kurjenmiekka", people.aino) == [page_of(case)]


def test_other_units_cases_are_not_found(found, open_case, people, units, now):
    open_case("Kurjenmiekka", at=now, unit=units.koti)
    assert found("kurjenmiekka", people.aino) == []


def test_a_manager_searches_nothing(client, open_case, people, now):
    open_case("Kurjenmiekka", at=now)
    client.force_login(people.mikko)
    assert client.post(URL, {"words": "kurjenmiekka"}).status_code == 404


def test_who_manages_more_than_they_handle_finds_only_what_they_handle(found, open_case, people, units, now):
    Role.objects.create(person=people.mikko, kind=Role.Kind.HANDLER, unit=units.psyk)
    open_case("Kurjenmiekka", at=now)
    assert found("kurjenmiekka", people.mikko) == []


def test_a_search_is_one_entry_without_its_words(found, open_case, people, now):
    case = open_case("Kurjenmiekka", at=now)
    before = Entry.objects.count()
    found("kurjenmiekka", people.aino)
    (entry,) = Entry.objects.order_by("number")[before:]
    assert (entry.action, entry.actor, entry.facts) == (
        "handling.case.searched",
        people.aino,
        {"cases": str(case.pk)},
    )


def test_no_word_of_a_feedback_is_shown(client, open_case, people, now):
    open_case("Kurjenmiekka ja rotkolemmikki", at=now)
    client.force_login(people.aino)
    page = client.post(URL, {"words": "kurjenmiekka"}).content.decode()
    assert "rotkolemmikki" not in page


@pytest.mark.parametrize("words", ["", "  ", "ab", "!!!", "_", "x" * 201])
def test_too_little_or_too_much_is_told(client, people, words):
    client.force_login(people.aino)
    assert client.post(URL, {"words": words}).status_code == 422


@pytest.mark.parametrize(
    "words", ["foo & | ! <-> bar:*", "'; DROP TABLE --", "a:b:c:ddd", "(((kissa", "että", "\\'kissa"]
)
def test_the_language_of_queries_is_not_heard(found, people, words):
    assert found(words, people.aino) == []


def test_a_long_list_is_cut_into_pages(client, open_case, people, now):
    for _ in range(27):
        open_case("Kurjenmiekka", at=now)
    client.force_login(people.aino)
    first = client.post(URL, {"words": "kurjenmiekka"})
    second = client.post(URL, {"words": "kurjenmiekka", "sivu": "2"})
    assert (len(first.context["rows"]), len(second.context["rows"])) == (25, 2)
    assert (first.context["next"], second.context["next"]) == (2, 0)


@pytest.mark.parametrize("sivu", ["0", "-1", "9999", "kaksi", "²"])
def test_a_page_that_is_not_there_breaks_nothing(client, people, sivu):
    client.force_login(people.aino)
    assert client.post(URL, {"words": "kurjenmiekka", "sivu": sivu}).status_code == 200


def test_the_words_are_in_no_address(client, people):
    client.force_login(people.aino)
    assert client.get(f"{URL}?words=kurjenmiekka").context.get("rows") is None


def test_both_texts_are_found_by_their_indexes(open_case, people, now):
    open_case(at=now)
    plan = search.cases_with(["kurjenmiekka"], handled_by=people.aino).explain()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = search.cases_with(["kurjenmiekka"], handled_by=people.aino).explain()
    assert "feedback_words" in plan
    assert "message_words" in plan
