"""Administration: /hallinta/."""

import re
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from palauteketju.audit import log
from palauteketju.audit.models import Entry
from palauteketju.organisation import access, actions
from palauteketju.organisation.errors import OwnRoles
from palauteketju.organisation.models import Integration, Person, Role, Unit

PAGES = [
    "/hallinta/",
    "/hallinta/henkilot/",
    "/hallinta/henkilot/uusi/",
    "/hallinta/liittymat/",
    "/hallinta/loki/",
]


@pytest.fixture
def aada(client, people):
    client.force_login(people.aada)
    return people.aada


@pytest.fixture
def petra(client, people):
    client.force_login(people.petra)
    return people.petra


def test_the_units_with_their_state(client, aada, units):
    Unit.objects.filter(code="koti").update(active_to=date(2026, 1, 31))
    page = client.get("/hallinta/?kieli=en").content.decode()
    assert "Keskustan terveysasema en" in page
    assert "Closed, last day Sat\u00a031\u00a0Jan\u00a02026" in page


def test_the_units_are_searched(client, aada, units):
    page = client.get("/hallinta/?haku=psyk").content.decode()
    assert "Psykiatrian" in page
    assert "Kotihoito" not in page


@pytest.mark.parametrize("who", ["aino", "jaana", "mikko", "viivi"])
@pytest.mark.parametrize("page", PAGES)
def test_others_find_no_administration(client, people, who, page):
    client.force_login(getattr(people, who))
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_must_sign_in(client, units, page):
    assert client.get(page).url == f"/kirjaudu/?next={page}"


def test_the_privacy_officer_sees_but_does_not_change(client, petra, people):
    assert client.get("/hallinta/").status_code == 200
    assert client.get("/hallinta/henkilot/").status_code == 200
    assert client.get("/hallinta/henkilot/uusi/").status_code == 404
    assert client.get(f"/hallinta/henkilot/{people.aino.pk}/").status_code == 404
    assert client.get("/hallinta/liittymat/").status_code == 404


# --- People


def test_a_person_is_added_with_a_password_shown_once(client, aada):
    fields = {"first_name": "Ville", "last_name": "Uusi", "email": "ville@example.fi", "username": "ville"}
    page = client.post("/hallinta/henkilot/uusi/", fields).content.decode()
    password = re.search(r'class="code">([^<]+)<', page)[1]
    ville = Person.objects.get(username="ville")
    assert ville.check_password(password)
    assert not ville.roles.exists()
    assert Entry.objects.get().action == "organisation.person.added"
    assert password not in client.get(f"/hallinta/henkilot/{ville.pk}/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [{"username": "AINO"}, {"username": "a b"}, {"username": ""}, {"email": "ville"}, {"first_name": ""}],
)
def test_a_person_that_cannot_be(client, aada, fields):
    sound = {"first_name": "Ville", "last_name": "Uusi", "email": "ville@example.fi", "username": "ville"}
    count = Person.objects.count()
    assert client.post("/hallinta/henkilot/uusi/", sound | fields).status_code == 422
    assert Person.objects.count() == count


def test_a_role_is_given_and_taken(client, aada, people, units):
    address = f"/hallinta/henkilot/{people.viivi.pk}/"
    assert client.post(address, {"kind": "handler", "unit": units.koti.pk}).url == address
    role = people.viivi.roles.get(kind="handler")
    assert role.unit == units.koti
    client.post(f"/hallinta/roolit/{role.pk}/poista/")
    assert not people.viivi.roles.filter(kind="handler").exists()
    assert [entry.action for entry in Entry.objects.order_by("number")] == [
        "organisation.role.given",
        "organisation.role.taken",
    ]


def test_a_role_given_twice_is_one(people, units, at):
    for _number in range(2):
        actions.give_role(people.viivi, Role.Kind.HANDLER, units.koti, by=people.aada, at=at)
    assert people.viivi.roles.filter(kind="handler").count() == 1
    assert Entry.objects.count() == 1


def test_nobody_changes_the_own_roles(client, aada, people, units, at):
    response = client.post(f"/hallinta/henkilot/{aada.pk}/", {"kind": "handler", "unit": units.koti.pk})
    assert response.status_code == 422
    client.post(f"/hallinta/roolit/{aada.roles.get().pk}/poista/")
    assert [role.kind for role in aada.roles.all()] == ["administrator"]
    with pytest.raises(OwnRoles):
        actions.close_account(aada, by=aada, at=at)


def test_an_administrator_of_an_area_gives_roles_only_there(client, people, units):
    Role.objects.filter(person=people.aada).update(unit=units.home)
    client.force_login(people.aada)
    address = f"/hallinta/henkilot/{people.viivi.pk}/"
    assert client.post(address, {"kind": "handler", "unit": units.keskusta.pk}).status_code == 422
    assert client.post(f"/hallinta/roolit/{people.aino.roles.get().pk}/poista/").status_code == 404
    assert client.post(f"{address}tili/", {"do": "password"}).status_code == 404
    assert client.post(f"/hallinta/henkilot/{people.outi.pk}/tili/", {"do": "password"}).status_code == 200


def test_a_closed_account_is_signed_out_and_can_be_reopened(client, aada, people):
    client.post(f"/hallinta/henkilot/{people.aino.pk}/tili/", {"do": "close"})
    people.aino.refresh_from_db()
    assert not people.aino.is_active
    assert access.roles_of(people.aino) == frozenset()
    client.post(f"/hallinta/henkilot/{people.aino.pk}/tili/", {"do": "reopen"})
    people.aino.refresh_from_db()
    assert people.aino.is_active


def test_a_new_password_ends_the_old_one(client, aada, people):
    people.aino.set_password("vanha-salasana-1")
    people.aino.save()
    client.post(f"/hallinta/henkilot/{people.aino.pk}/tili/", {"do": "password"})
    assert not Person.objects.get(pk=people.aino.pk).check_password("vanha-salasana-1")


OWN = "/kirjaudu/salasana/"
CHOSEN = "orava hyppäsi kuuseen"


@pytest.fixture
def issued(client, aada, people):
    """Aino is signed in with the password that the administrator gave."""
    page = client.post(f"/hallinta/henkilot/{people.aino.pk}/tili/", {"do": "password"}).content.decode()
    password = re.search(r'class="code">([^<]+)<', page)[1]
    client.logout()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.post("/kirjaudu/", {"username": "aino", "password": password})
    return password


def test_an_issued_password_opens_only_the_page_that_changes_it(client, issued):
    for page in ("/tyolista/", "/kirjaudu/alku/"):
        assert client.get(page).url == OWN
    assert "was given to you by the administrator" in client.get(OWN).content.decode()
    assert client.post(OWN, {"current": issued, "new": CHOSEN}).status_code == 200
    assert client.get("/tyolista/").status_code == 200
    assert "was given to you" not in client.get(OWN).content.decode()


def test_an_issued_password_is_not_changed_to_itself(client, issued):
    response = client.post(OWN, {"current": issued, "new": issued})
    assert response.status_code == 422
    assert "This is your present password." in response.content.decode()
    assert client.get("/tyolista/").url == OWN


def test_the_password_of_somebody_new_is_an_issued_one(client, aada):
    fields = {"first_name": "Ville", "last_name": "Uusi", "email": "ville@example.fi", "username": "ville"}
    client.post("/hallinta/henkilot/uusi/", fields)
    assert Person.objects.get(username="ville").password_is_issued


# --- Other systems


def test_a_key_is_shown_once_and_opens(client, aada, units):
    fields = {"name": "Effica", "right": "feedback", "unit": units.health.pk}
    response = client.post("/hallinta/liittymat/", fields)
    key = re.search(r'class="code">([^<]+)<', response.content.decode())[1]
    assert access.integration_for(key, Integration.Right.FEEDBACK).name == "Effica"
    assert access.integration_for(key, Integration.Right.SERVICE_EVENTS) is None
    assert key not in client.get("/hallinta/liittymat/").content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_revoked_key_opens_nothing(client, aada, units, at):
    integration, key = actions.add_integration(
        "X", right=Integration.Right.FEEDBACK, unit=units.county, by=None, at=at
    )
    client.post(f"/hallinta/liittymat/{integration.pk}/sulje/")
    client.post(f"/hallinta/liittymat/{integration.pk}/sulje/")
    assert access.integration_for(key, Integration.Right.FEEDBACK) is None
    assert Entry.objects.filter(action="organisation.integration.revoked").count() == 1


def test_two_systems_do_not_share_a_name(client, aada, units, at):
    actions.add_integration("Effica", right=Integration.Right.FEEDBACK, unit=units.county, by=None, at=at)
    fields = {"name": "Effica", "right": "feedback", "unit": units.county.pk}
    assert client.post("/hallinta/liittymat/", fields).status_code == 422


# --- The audit trail


@pytest.fixture
def many_entries(people, units, at, db):
    with transaction.atomic():
        for number in range(120):
            log.record(
                f"test.entry.number_{number:03}",
                by=people.aino if number % 2 else None,
                subject=units.koti,
                at=at,
            )


def test_the_trail_is_the_privacy_officers(client, petra, many_entries):
    page = client.get("/hallinta/loki/").content.decode()
    assert page.index("number_119") < page.index("number_118")
    assert "number_069" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Kirjautunut sisään"), ("sv", "Loggat in"), ("en", "Signed in")],
)
def test_the_trail_is_in_the_readers_words(client, petra, at, language, words):
    with transaction.atomic():
        log.record("organisation.person.signed_in", by=petra, subject=petra, at=at)
    page = client.get("/hallinta/loki/", headers={"accept-language": language}).content.decode()
    assert words in page
    assert "organisation.person.signed_in" not in page


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        ("fi", ["Rooli: Käsittelijä", "Yksikkö: Keskustan terveysasema"]),
        ("sv", ["Roll: Handläggare", "Enhet: Keskustan terveysasema sv"]),
        ("en", ["Role: Handler", "Unit: Keskustan terveysasema en"]),
    ],
)
def test_the_facts_are_in_the_readers_words(client, petra, people, units, at, language, facts):
    actions.give_role(people.outi, Role.Kind.HANDLER, units.keskusta, by=people.aada, at=at)
    page = client.get("/hallinta/loki/", headers={"accept-language": language}).content.decode()
    assert '">Outi Nieminen</td>' in page
    assert "".join(f"<li>{fact}</li>" for fact in facts) in page
    assert "organisation.person" not in page


def test_the_trail_takes_as_many_queries_for_a_whole_page(
    client, petra, people, units, at, django_assert_max_num_queries
):
    actions.give_role(people.outi, Role.Kind.HANDLER, units.keskusta, by=people.aada, at=at)
    with CaptureQueriesContext(connection) as few:
        client.get("/hallinta/loki/")
    for person in vars(people).values():
        for unit in vars(units).values():
            actions.give_role(person, Role.Kind.MEMBER, unit, by=None, at=at)
    with django_assert_max_num_queries(len(few)):
        client.get("/hallinta/loki/")


def test_the_trail_is_not_the_administrators(client, aada):
    assert client.get("/hallinta/loki/").status_code == 404


def test_the_trail_is_read_backwards_to_its_beginning(client, petra, many_entries):
    seen, address = [], "/hallinta/loki/"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"test\.entry\.number_(\d+)", page)
        older = re.search(r'href="(\?[^"]*ennen=\d+)"', page)
        address = f"/hallinta/loki/{older[1]}" if older else None
    assert seen == [f"{number:03}" for number in range(119, -1, -1)]


def test_the_trail_of_one_person(client, petra, people, many_entries):
    page = client.get(f"/hallinta/loki/?henkilo={people.aino.pk}").content.decode()
    assert "number_119" in page
    assert "number_118" not in page


@pytest.mark.parametrize(
    "query", ["?ennen=zzz", "?henkilo=zzz", "?ennen=" + "9" * 40, "?henkilo=" + "9" * 18]
)
def test_an_odd_address_of_the_trail_is_harmless(client, petra, query):
    assert client.get(f"/hallinta/loki/{query}").status_code == 200


def test_units_to_choose_are_in_alphabetical_order_within_their_areas(client, aada, units):
    units.koti.parent, units.koti.name_fi = units.health, "Äitiyspoliklinikka"
    units.koti.save()
    Unit.objects.create(
        code="zz",
        slug="zz",
        kind="unit",
        parent=units.health,
        name_fi="Aapelin asema",
        name_sv="A",
        name_en="A",
    )
    for url in ("/hallinta/liittymat/", "/hallinta/heratteet/"):
        page = client.get(url + "?kieli=fi").content.decode()
        options = re.findall(
            r"<option[^>]*>(.*?)</option>", page.split('name="unit"')[1].split("</select>")[0]
        )
        assert options[1:] == [
            "Esimerkkilä",
            "– Kotona asumisen palvelut",
            "– Terveyspalvelut",
            "– – Aapelin asema",
            "– – Keskustan terveysasema",
            "– – Psykiatrian poliklinikka",
            "– – Äitiyspoliklinikka",
        ], url
