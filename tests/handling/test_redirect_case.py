"""Showing the customer a formal road, at /kasittely/<id>/ohjaa/."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.errors import CaseAlreadyAnswered, CaseAlreadyClosed
from palauteketju.handling.models import Case, Message
from palauteketju.handling.replies import formal_texts
from palauteketju.organisation.rules import county_rules

ROADS = list(Case.FormalRoad)
TEXT = "Tee asiasta muistutus."


@pytest.fixture
def url(case):
    return f"/kasittely/{case.pk}/ohjaa/"


def test_it_works(client, people, case, url):
    client.force_login(people.aino)
    ready = client.get(url, {"tie": "reminder"}).context["form"].initial["text"]
    assert "muistutus" in ready
    response = client.post(f"{url}?tie=reminder", {"text": TEXT})

    assert response.url == f"/kasittely/{case.pk}/"
    case.refresh_from_db()
    assert (case.outcome, case.redirected_to) == (Case.Outcome.REDIRECTED, "reminder")
    assert case.closed_at == case.answered_at
    assert case.messages.get().kind == Message.Kind.RESPONSE
    entry = Entry.objects.last()
    assert (entry.action, entry.facts["to"]) == ("handling.case.redirected", "reminder")


@pytest.mark.parametrize(
    ("road", "key"), [("reminder", "reminder_address"), ("ombudsman", "ombudsman_address")]
)
def test_the_customer_reads_where_there_is_more(settings, tmp_path, road, key):
    settings.PUBLIC_ADDRESS = "https://palaute.example.fi"
    assert "https://palaute.example.fi/muut-reitit/" in formal_texts.ready_text(Case.FormalRoad(road))
    settings.COUNTY_FILE = tmp_path / "county.toml"
    settings.COUNTY_FILE.write_text(f'[formal_routes]\n{key} = "https://example.fi/apua"\n', encoding="utf-8")
    county_rules.cache_clear()
    try:
        assert "https://example.fi/apua" in formal_texts.ready_text(Case.FormalRoad(road))
    finally:
        county_rules.cache_clear()


def test_first_the_road_is_chosen(client, people, case, url):
    client.force_login(people.aino)
    page = client.get(url).content.decode()
    assert all(f"?tie={road.value}" in page for road in ROADS)
    assert client.post(url, {"text": TEXT}).status_code == 200
    assert client.get(url, {"tie": "kantelu"}).status_code == 200
    assert not Message.objects.exists()


def test_by_the_button_it_is_said_that_the_case_closes(english, people, case, url):
    english.force_login(people.aino)
    told = "and the case closes."
    assert told in english.get(url, {"tie": "reminder"}).content.decode().split("button-row")[0]
    # Where the road is still to be chosen there is no button.
    assert told not in english.get(url).content.decode()


def test_the_customer_reads_it(english, people, case, give, at):
    actions.redirect_case(case, Case.FormalRoad.OMBUDSMAN, TEXT, by=people.aino, at=at)
    page = english.post("/palautteeni/", {"code": give.receipt}).content.decode()
    assert TEXT in page
    assert "The unit has told you where your matter belongs." in page


def test_the_case_tells_which_road_it_was(english, people, case, at):
    actions.redirect_case(case, Case.FormalRoad.DANGER_NOTICE, TEXT, by=people.aino, at=at)
    english.force_login(people.aino)
    assert "Danger notice" in english.get(f"/kasittely/{case.pk}/").content.decode()


def test_who_asked_for_a_letter_gets_it_posted_before_the_case_closes(client, open_case, people, at):
    case = open_case(way="letter", value="Matti Asiakas, Katu 1, Pori")
    actions.redirect_case(case, Case.FormalRoad.REMINDER, TEXT, by=people.aino, at=at)
    case.refresh_from_db()
    assert not case.is_closed
    client.force_login(people.aino)
    client.post(f"/kasittely/{case.pk}/sulje/", {"outcome": "redirected", "done": ""})
    case.refresh_from_db()
    assert case.outcome == Case.Outcome.REDIRECTED


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_road_has_a_ready_text(road, language):
    with translation.override(language):
        text = formal_texts.ready_text(road)
    assert text.count("\n\n") >= 2
    assert "%" not in text


def test_the_ready_text_is_in_the_customers_language(client, people, open_case):
    case = open_case(language="en")
    client.force_login(people.aino)
    form = client.get(f"/kasittely/{case.pk}/ohjaa/?tie=ombudsman").context["form"]
    assert form.initial["text"].startswith("Thank you for your feedback.")


def test_an_empty_text_is_not_sent(client, people, case, url):
    client.force_login(people.aino)
    assert client.post(f"{url}?tie=reminder", {"text": " "}).status_code == 422


def test_the_first_answer_stands(client, case, url, people, at):
    actions.answer(case, "Kiitos.", by=people.eero, at=at)
    with pytest.raises(CaseAlreadyClosed):
        actions.redirect_case(case, Case.FormalRoad.REMINDER, TEXT, by=people.aino, at=at)
    client.force_login(people.aino)
    client.post(f"{url}?tie=reminder", {"text": TEXT})
    assert Message.objects.count() == 1


def test_an_answered_case_that_is_still_open_is_not_answered_again(client, open_case, people, at):
    case = open_case("Isäni jäi ilman hoitoa ja melkein kuoli.", way=None)
    actions.answer(case, "Kiitos.", by=people.eero, at=at)
    with pytest.raises(CaseAlreadyAnswered):
        actions.redirect_case(case, Case.FormalRoad.REMINDER, TEXT, by=people.aino, at=at)


def test_the_database_refuses_a_road_without_words(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(redirected_to="reminder")


@pytest.mark.parametrize("name", ["outi", "mikko", "jaana", "viivi", "aada", "petra"])
def test_others_redirect_nothing(client, people, case, url, name):
    client.force_login(getattr(people, name))
    assert client.post(f"{url}?tie=reminder", {"text": TEXT}).status_code == 404
