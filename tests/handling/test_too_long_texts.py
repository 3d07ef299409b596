"""A text that does not fit is said to be too long, and comes back whole: no browser cuts it first."""

import pytest
from django.utils import timezone

from palauteketju.handling import actions

LONG = "Tämä on pitkä vastaus. " * 250 + "Loppu jää näkyviin."
FORMS = {
    "vastaa": ("text", {"kind": "response", "step": "send"}),
    "kirjaa": ("text", {"kind": "note"}),
    "sulje": ("done", {"outcome": "answered"}),
    "siirra": ("reason", {"unit": "psyk"}),
    "jaa": ("about", {"unit": "psyk"}),
    "jatka": ("message", {"until": "2026-12-07", "reason": "Lomat."}),
    "ohjaa": ("text", {}),
}


def is_whole(page):
    return (
        "The text is too long. At most 5,000 characters fit." in page
        and "Loppu jää näkyviin.</textarea>" in page
    )


def test_it_works_on_the_page_of_a_template(english, people, units):
    english.force_login(people.aino)
    given = {"unit": units.keskusta.pk, "language": "fi", "name": "Pitkä", "text": LONG}
    response = english.post("/vastauspohjat/uusi/", given)
    assert response.status_code == 422
    assert is_whole(response.content.decode())


@pytest.mark.parametrize("where", FORMS)
def test_handlers_get_it_back_whole(english, people, open_case, where):
    case = open_case(at=timezone.now())
    field, others = FORMS[where]
    english.force_login(people.aino)
    response = english.post(f"/kasittely/{case.pk}/{where}/?tie=reminder", {field: LONG, **others})
    assert response.status_code == 422
    assert is_whole(response.content.decode())
    assert not case.messages.exists()


def test_customers_get_it_back_whole(english, case, give):
    response = english.post("/palautteeni/viesti/", {"code": give.receipt, "text": LONG})
    assert response.status_code == 422
    assert is_whole(response.content.decode())


def test_no_browser_is_told_to_cut_it(client, people, case, give, at):
    actions.ask_clarification(case, "Milloin?", by=people.eero, at=at)
    assert "maxlength" not in client.post("/palautteeni/", {"code": give.receipt}).content.decode()
    client.force_login(people.aino)
    pages = [f"/kasittely/{case.pk}/", "/vastauspohjat/uusi/", "/tyolista/haku/"]
    pages += [
        f"/kasittely/{case.pk}/{where}" for where in ("siirra/", "jaa/", "jatka/", "ohjaa/?tie=reminder")
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert "maxlength" not in response.content.decode(), page


@pytest.mark.parametrize("where", FORMS)
def test_a_character_that_is_no_text_is_said_in_our_own_words(english, people, open_case, where):
    case = open_case(at=timezone.now())
    field, others = FORMS[where]
    english.force_login(people.aino)
    response = english.post(f"/kasittely/{case.pk}/{where}/?tie=reminder", {field: "Kii\0tos", **others})
    assert response.status_code == 422
    assert "Some characters cannot be read. Write them again." in response.content.decode()
