"""Linking cases about the same matter, at /kasittely/<id>/yhdista/."""

import pytest

from palauteketju.audit.models import Entry
from palauteketju.handling import actions
from palauteketju.handling.errors import CannotLink
from palauteketju.handling.models import CaseLink


@pytest.fixture
def other(open_case):
    return open_case("Ajanvaraus ei vastannut.")


@pytest.fixture
def url(case):
    return f"/kasittely/{case.pk}/yhdista/"


def test_it_works(client, people, case, other, url):
    client.force_login(people.aino)
    assert client.post(url, {"other": other.pk}).url == f"/kasittely/{case.pk}/"
    assert f'href="/kasittely/{other.pk}/"' in client.get(f"/kasittely/{case.pk}/").content.decode()
    assert f'href="/kasittely/{case.pk}/"' in client.get(f"/kasittely/{other.pk}/").content.decode()
    linked = Entry.objects.filter(action="handling.case.linked")
    assert {entry.subject_id for entry in linked} == {str(case.pk), str(other.pk)}


def test_whoever_handles_only_one_does_not_see_it(client, people, units, case, other, url, at):
    actions.link_cases(case, other, by=people.aino, at=at)
    actions.move_case(other, units.koti, reason="Sinne.", by=people.aino, at=at)
    client.force_login(people.eero)
    assert f"/kasittely/{other.pk}/" not in client.get(f"/kasittely/{case.pk}/").content.decode()
    client.force_login(people.outi)
    assert f"/kasittely/{case.pk}/" not in client.get(f"/kasittely/{other.pk}/").content.decode()


def test_another_units_case_cannot_be_told_from_none(client, people, units, open_case, case, url):
    strange = open_case(unit=units.koti)
    client.force_login(people.aino)
    one, two = (client.post(url, {"other": number}) for number in (strange.pk, 999_999))
    assert one.status_code == two.status_code == 422
    assert one.context["form"].errors == two.context["form"].errors
    assert not CaseLink.objects.exists()


@pytest.mark.parametrize("number", ["", "abc", "0", "-3", "9" * 30])
def test_what_is_no_case_number_is_refused(client, people, case, url, number):
    client.force_login(people.aino)
    assert client.post(url, {"other": number}).status_code == 422


def test_a_case_is_not_linked_with_itself_nor_twice(people, case, other, at):
    with pytest.raises(CannotLink):
        actions.link_cases(case, case, by=people.aino, at=at)
    actions.link_cases(case, other, by=people.aino, at=at)
    with pytest.raises(CannotLink):
        actions.link_cases(other, case, by=people.aino, at=at)
    assert CaseLink.objects.count() == 1


def test_a_link_is_taken_away(client, people, case, other, url, at):
    actions.link_cases(other, case, by=people.aino, at=at)
    client.force_login(people.aino)
    assert client.get(url).status_code == 200
    assert client.post(f"{url}{other.pk}/pura/").url == url
    assert not CaseLink.objects.exists()
    entries = Entry.objects.count()
    client.post(f"{url}{other.pk}/pura/")
    assert Entry.objects.count() == entries


def test_closed_cases_can_be_linked(client, people, case, other, url, at):
    actions.answer(other, "Kiitos.", by=people.aino, at=at)
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    client.force_login(people.aino)
    assert client.post(url, {"other": other.pk}).status_code == 302


@pytest.mark.parametrize("name", ["outi", "mikko", "jaana", "viivi", "aada", "petra"])
def test_others_link_nothing(client, people, case, other, url, name):
    client.force_login(getattr(people, name))
    assert client.post(url, {"other": other.pk}).status_code == 404
    assert client.post(f"{url}{other.pk}/pura/").status_code == 404
