"""What a handler wrote comes back when the role is gone or the session has ended, on every page where one writes."""

import pytest

from palauteketju.organisation.models import Role

WRITTEN = "Pitkä teksti, jota ei kirjoiteta uudestaan."
PAGES = [
    ("vastaa", "text"),
    ("kirjaa", "text"),
    ("sulje", "done"),
    ("siirra", "reason"),
    ("jaa", "about"),
    ("jatka", "message"),
    ("ohjaa", "text"),
]


@pytest.mark.parametrize(("page", "field"), PAGES)
def test_it_works(english, people, case, page, field):
    english.force_login(people.aino)
    Role.objects.filter(person=people.aino).delete()
    response = english.post(f"/kasittely/{case.pk}/{page}/", {field: WRITTEN})
    assert response.status_code == 404
    assert WRITTEN in response.content.decode()


@pytest.mark.parametrize(("page", "field"), PAGES)
def test_a_session_that_has_ended(english, case, page, field):
    response = english.post(f"/kasittely/{case.pk}/{page}/", {field: WRITTEN})
    assert response.status_code == 403
    assert WRITTEN in response.content.decode()
