"""Signing in and out: /kirjaudu/."""

from datetime import timedelta

import pytest
from django.test import Client

from palauteketju.audit.models import Entry
from palauteketju.organisation import actions
from palauteketju.organisation.models import FailedSignIn, Person, Role

URL = "/kirjaudu/"
PASSWORD = "punainen-polkupyörä-4"


@pytest.fixture
def aino(people):
    people.aino.set_password(PASSWORD)
    people.aino.save()
    return people.aino


def sign_in(client, username="aino", password=PASSWORD, **more):
    return client.post(f"{URL}?kieli=en", {"username": username, "password": password} | more)


def test_it_works(client, aino):
    response = sign_in(client)
    assert response.url == "/tyolista/"
    assert client.session["_auth_user_id"] == str(aino.pk)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor) == ("organisation.person.signed_in", aino)


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("mikko", "/tyolista/"),
        ("jaana", "/raportit/"),
        ("viivi", "/raportit/"),
        ("aada", "/hallinta/"),
        ("petra", "/hallinta/"),
    ],
)
def test_each_begins_where_the_work_is(client, people, who, address):
    person = getattr(people, who)
    person.set_password(PASSWORD)
    person.save()
    assert sign_in(client, who).url == address
    assert client.get("/kirjaudu/alku/").url == address


def test_one_comes_back_to_the_page_that_asked(client, aino):
    assert sign_in(client, next="/kirjaa/keskusta/").url == "/kirjaa/keskusta/"


def test_nobody_is_sent_to_another_site(client, aino):
    assert sign_in(client, next="https://evil.example/").url == "/tyolista/"


@pytest.mark.parametrize(("username", "password"), [("aino", "wrong"), ("nobody", PASSWORD), ("aino", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(client, aino, username, password):
    response = sign_in(client, username, password)
    assert response.status_code == 422
    assert "_auth_user_id" not in client.session
    assert 'role="alert"' in response.content.decode()


def test_a_failure_leaves_a_trace_of_the_person(client, aino):
    sign_in(client, password="wrong")
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject_id) == (
        "organisation.person.sign_in_failed",
        None,
        str(aino.pk),
    )


def test_an_unknown_name_is_written_down_nowhere(client, aino):
    sign_in(client, username="salasanani")
    assert "salasanani" not in str(Entry.objects.values().get())
    assert b"salasanani" not in bytes(FailedSignIn.objects.get().name_hash)


def test_a_password_is_never_shown_again(client, aino):
    assert "wrong-one" not in sign_in(client, password="wrong-one").content.decode()


@pytest.mark.parametrize("username", ["aino", "nobody"])
def test_after_ten_failures_a_name_waits_known_or_not(client, aino, username):
    for _number in range(10):
        assert sign_in(client, username, "wrong").status_code == 422
    response = sign_in(client, username)
    assert response.status_code == 429
    assert "Wait 15 minutes" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_another_name_does_not_wait(client, aino, people):
    for _number in range(10):
        sign_in(client, "eero", "wrong")
    assert sign_in(client).status_code == 302


def test_the_wait_ends_after_a_quarter_of_an_hour(client, aino):
    for _number in range(10):
        sign_in(client, password="wrong")
    for failure in FailedSignIn.objects.all():
        FailedSignIn.objects.filter(pk=failure.pk).update(at=failure.at - timedelta(minutes=15))
    assert sign_in(client).status_code == 302


def test_failures_are_kept_only_as_long_as_they_count(aino, at):
    actions.record_failed_sign_in("aino", at=at)
    actions.record_failed_sign_in("aino", at=at + timedelta(minutes=15))
    assert FailedSignIn.objects.count() == 1


def test_a_success_forgets_the_failures_before_it(client, aino):
    for _number in range(9):
        sign_in(client, password="wrong")
    sign_in(client)
    assert not FailedSignIn.objects.exists()


def test_a_closed_account_does_not_open(client, aino, people, at):
    actions.close_account(aino, by=people.aada, at=at)
    assert sign_in(client).status_code == 422


def test_somebody_without_a_role_is_told_so(client, aino):
    Role.objects.filter(person=aino).delete()
    response = sign_in(client)
    assert response.status_code == 422
    assert "no role yet" in response.content.decode()


def test_a_forged_sign_in_is_refused(aino):
    response = sign_in(Client(enforce_csrf_checks=True))
    assert response.status_code == 403
    assert "too long" in response.content.decode()


def test_signing_out(client, aino):
    client.force_login(aino)
    assert client.post("/kirjaudu/ulos/").url == URL
    assert "_auth_user_id" not in client.session


def test_a_link_signs_nobody_out(client, aino):
    client.force_login(aino)
    assert client.get("/kirjaudu/ulos/").status_code == 405


def test_one_changes_the_own_password(client, aino):
    client.force_login(aino)
    response = client.post("/kirjaudu/salasana/", {"current": PASSWORD, "new": "vihreä-vene-järvellä"})
    assert response.status_code == 200
    assert Person.objects.get(pk=aino.pk).check_password("vihreä-vene-järvellä")
    assert client.get("/kirjaudu/salasana/").status_code == 200, "still signed in"
    assert Entry.objects.get().action == "organisation.person.password_changed"


@pytest.mark.parametrize(
    ("current", "new"), [("wrong", "vihreä-vene-järvellä"), (PASSWORD, "short"), (PASSWORD, "password1234")]
)
def test_a_weak_password_or_a_wrong_present_one_changes_nothing(client, aino, current, new):
    client.force_login(aino)
    assert client.post("/kirjaudu/salasana/", {"current": current, "new": new}).status_code == 422
    assert Person.objects.get(pk=aino.pk).check_password(PASSWORD)
