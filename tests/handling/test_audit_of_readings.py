"""Every reading of what a customer wrote, or of how to reach them, is in the audit trail."""

import pytest
from django.utils import timezone

from palauteketju.audit import log
from palauteketju.audit.models import Entry

SECRET = "Sinikello"


@pytest.fixture
def case(open_case):
    return open_case(SECRET, way="phone", value="+358401234567", at=timezone.now())


@pytest.fixture
def readings():
    def readings(action):
        return list(Entry.objects.filter(action=action).values_list("actor__username", "subject_id"))

    return readings


def test_it_works(client, people, case, readings):
    client.force_login(people.aino)
    client.get(f"/kasittely/{case.pk}/")
    assert readings("handling.case.read") == [("aino", str(case.pk))]


def test_each_view_is_one_entry(client, people, case, readings):
    for person in (people.aino, people.aino, people.eero):
        client.force_login(person)
        client.get(f"/kasittely/{case.pk}/")
    assert [actor for actor, _ in readings("handling.case.read")] == ["aino", "aino", "eero"]


def test_a_form_that_comes_back_shows_the_text_and_is_a_reading(client, people, case, readings):
    client.force_login(people.aino)
    client.post(f"/kasittely/{case.pk}/vastaa/", {})
    assert len(readings("handling.case.read")) == 1


def test_contact_details_are_an_entry_of_their_own(client, people, case, readings):
    client.force_login(people.aino)
    client.post(f"/kasittely/{case.pk}/yhteystiedot/")
    assert readings("handling.contact.read") == [("aino", str(case.pk))]
    assert len(readings("handling.case.read")) == 1


def test_the_list_of_raw_feedback_is_one_entry_that_names_what_was_on_it(
    client, people, give, case, readings
):
    other = give("Toinen", at=timezone.now())
    client.force_login(people.aino)
    client.get("/palautteet/")
    assert readings("handling.feedback_list.read") == [("aino", str(people.aino.pk))]
    facts = Entry.objects.get(action="handling.feedback_list.read").facts
    assert facts == {"feedback": f"{case.feedback_id} {other.pk}"}


def test_a_manager_reads_nothing(client, people, case, readings):
    client.force_login(people.mikko)
    client.get(f"/kasittely/{case.pk}/")
    client.get("/tyolista/")
    assert readings("handling.case.read") == []


def test_a_refused_reading_is_none(client, people, case, readings):
    client.force_login(people.outi)
    client.get(f"/kasittely/{case.pk}/")
    client.post(f"/kasittely/{case.pk}/yhteystiedot/")
    assert readings("handling.case.read") == readings("handling.contact.read") == []


def test_no_entry_carries_what_was_written(client, people, case):
    client.force_login(people.aino)
    client.post(f"/kasittely/{case.pk}/yhteystiedot/")
    client.post(f"/kasittely/{case.pk}/kirjaa/", {"kind": "note", "text": "Kurjenmiekka"})
    sending = {"kind": "response", "text": "Rotkolemmikki", "step": "send"}
    client.post(f"/kasittely/{case.pk}/vastaa/", sending)
    everything = " ".join(f"{entry.action} {entry.facts}" for entry in Entry.objects.all())
    for secret in (SECRET, "Kurjenmiekka", "Rotkolemmikki", "401234567"):
        assert secret not in everything
    assert log.verify().broken_at is None
