"""The small fixed cast that all tests know.

One county (sata), two areas, three units: the health centre `keskusta` and the sensitive psychiatry unit `psyk` in
the same area, the home care unit `koti` in the other. Aino and Eero handle keskusta, Outi handles koti; Mikko manages the
area of keskusta; Viivi is communications, Aada administers, Petra is the privacy officer and Jaana a member of keskusta's
work community.
"""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from palauteketju.organisation import queries
from palauteketju.organisation.models import Person, Role, Unit


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end, connections that a live server's or a test's threads left open must not keep the database standing."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _units_are_asked_anew():
    queries._unit_at.cache_clear()


HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture
def at():
    """A Monday morning."""
    return datetime(2026, 11, 16, 9, 0, tzinfo=HELSINKI)


@pytest.fixture
def units(db):
    def add(code, kind, parent, name, **more):
        return Unit.objects.create(
            code=code,
            slug=code,
            kind=kind,
            parent=parent,
            name_fi=name,
            name_sv=f"{name} sv",
            name_en=f"{name} en",
            **more,
        )

    county = add("sata", "county", None, "Esimerkkilä")
    health = add("terveys", "area", county, "Terveyspalvelut")
    home = add("kotona", "area", county, "Kotona asumisen palvelut")
    return SimpleNamespace(
        county=county,
        health=health,
        home=home,
        keskusta=add("keskusta", "unit", health, "Keskustan terveysasema", sms=True, oid="1.2.246.10.1.1"),
        psyk=add(
            "psyk", "unit", health, "Psykiatrian poliklinikka", sms=True, sensitive=True, oid="1.2.246.10.1.2"
        ),
        koti=add("koti", "unit", home, "Kotihoito pohjoinen"),
    )


@pytest.fixture
def people(units):
    def add(username, first, last, kind, unit):
        person = Person.objects.create(
            username=username, first_name=first, last_name=last, email=f"{username}@example.fi", password="!"
        )
        Role.objects.create(person=person, kind=kind, unit=unit)
        return person

    return SimpleNamespace(
        aino=add("aino", "Aino", "Virtanen", Role.Kind.HANDLER, units.keskusta),
        eero=add("eero", "Eero", "Mäkinen", Role.Kind.HANDLER, units.keskusta),
        outi=add("outi", "Outi", "Nieminen", Role.Kind.HANDLER, units.koti),
        jaana=add("jaana", "Jaana", "Laine", Role.Kind.MEMBER, units.keskusta),
        mikko=add("mikko", "Mikko", "Koskinen", Role.Kind.MANAGER, units.health),
        viivi=add("viivi", "Viivi", "Heikkinen", Role.Kind.COMMUNICATIONS, units.county),
        aada=add("aada", "Aada", "Järvinen", Role.Kind.ADMINISTRATOR, units.county),
        petra=add("petra", "Petra", "Salo", Role.Kind.PRIVACY_OFFICER, units.county),
    )
