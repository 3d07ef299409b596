"""What is shown when there is no page to show: in the visitor's language and the county's look."""

import logging

import pytest
from django.db import DatabaseError

from palauteketju.intake.views import customer

LANGUAGES = [("fi", "Sivua ei löytynyt"), ("sv", "Sidan hittades inte"), ("en", "The page was not found")]


@pytest.fixture
def fault(monkeypatch, client):
    """The front page meets a fault of ours."""

    def meet(*_arguments, **_more):
        raise DatabaseError("Failing row contains (Sinikello).")

    monkeypatch.setattr(customer, "open_units", meet)
    client.raise_request_exception = False
    # The fault is logged, as it should be; not on the screen of the tests.
    logging.disable(logging.CRITICAL)
    yield client
    logging.disable(logging.NOTSET)


def heading_of(response):
    return response.content.decode().partition("<h1>")[2].partition("</h1>")[0]


def is_styled(response):
    return '<link rel="stylesheet" href="/ui/customer-' in response.content.decode()


@pytest.mark.parametrize(("language", "heading"), LANGUAGES)
def test_it_works(client, db, language, heading):
    response = client.get("/ei-ole/", headers={"Accept-Language": language})

    assert response.status_code == 404
    assert heading_of(response) == heading
    assert response["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()
    assert is_styled(response)


def test_the_chosen_language_comes_before_the_browsers(client, db):
    client.cookies["kieli"] = "sv"
    response = client.get("/ei-ole/", headers={"Accept-Language": "fi"})
    assert heading_of(response) == "Sidan hittades inte"


@pytest.mark.parametrize("address", ["/?haku=%ff", "/p/%fe/", "/?haku=%00", "/?kieli=xx", "/p/keskusta%00/"])
def test_an_address_that_cannot_be_read_is_told_so(client, db, address):
    response = client.get(address, headers={"Accept-Language": "en"})

    assert response.status_code == 400
    assert response["Content-Language"] == "en"
    assert is_styled(response)
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_fault_of_ours_is_told_without_its_words(fault, units, language):
    response = fault.get("/", headers={"Accept-Language": language})

    assert response.status_code == 500
    assert is_styled(response)
    assert f'<html lang="{language}">' in response.content.decode()
    assert "Sinikello" not in response.content.decode()


def test_a_machine_is_told_in_its_own_way(client, db):
    response = client.get("/api/v1/nothing", headers={"Accept-Language": "sv"})

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


def test_more_than_any_form_holds_is_told_so(client, units):
    response = client.post(
        "/p/keskusta/", b"x" * (5 * 1024 * 1024), content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert is_styled(response)


@pytest.mark.parametrize("address", ["/ei-ole/", "/?haku=%ff"])
def test_an_error_page_has_one_heading_and_a_way_on(client, db, address):
    page = client.get(address).content.decode()
    assert page.count("<h1>") == 1
    assert '<main id="content"' in page
    assert 'href="/"' in page
