"""What was written of a measure or a meeting comes back when the session has ended, the form is old or the role is gone."""

import pytest
from django.test import Client

WRITTEN = "Pitkä teksti, jota ei kirjoiteta uudestaan."


@pytest.fixture(
    params=[
        ("aino", "/toimenpiteet/uusi/", "title"),
        ("aino", "/toimenpiteet/uusi/", "description"),
        ("aino", "/toimenpiteet/{}/muokkaa/", "description"),
        ("aino", "/toimenpiteet/{}/valmis/", "effect"),
        ("viivi", "/toimenpiteet/{}/palauta/", "reason"),
        ("mikko", "/raportit/keskusta/kokous/", "note"),
    ]
)
def page(request, recorded, people):
    """Who writes, where, and in which field."""
    name, address, field = request.param
    return getattr(people, name), address.format(recorded.pk), field


def test_it_works(page):
    person, address, field = page
    browser = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")
    browser.force_login(person)
    response = browser.post(address, {field: WRITTEN})
    assert response.status_code == 403
    assert WRITTEN in response.content.decode()
    # The way back is one that can be gone.
    assert f'href="{address}"' in response.content.decode()
    assert browser.get(address, follow=True).status_code == 200


def test_a_session_that_has_ended(client, page):
    _person, address, field = page
    response = client.post(address, {field: WRITTEN})
    assert response.status_code == 403
    assert WRITTEN in response.content.decode()


def test_a_role_that_is_gone(client, page):
    person, address, field = page
    client.force_login(person)
    person.roles.all().delete()
    response = client.post(address, {field: WRITTEN})
    assert response.status_code == 404
    assert WRITTEN in response.content.decode()
