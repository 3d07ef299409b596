"""Knowing the county's messages and forbidding them at /tekstiviestikysely/, without telling who one is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.sms.models import OptOut, OptOutAsked, OutgoingSms

URL = "/tekstiviestikysely/"


def test_it_works(client, db):
    response = client.post(URL, {"phone": "040 123 4567"})

    assert response.status_code == 200
    assert len(bytes(OptOut.objects.get().phone_hash)) == 32


def test_the_page_tells_what_our_messages_look_like(client, db):
    shown = client.get(URL).content.decode()

    assert "Palaute" in shown
    assert "http://127.0.0.1:8000/v/" in shown


def test_a_waiting_message_is_taken_back(client, waiting):
    waiting(phone="0401234567")
    client.post(URL, {"phone": "+358 40 123 4567"})

    assert not OutgoingSms.objects.exists()


def test_known_and_unknown_numbers_get_the_same_answer(client, waiting):
    waiting(phone="0401234567")
    first = client.post(URL, {"phone": "0401234567"}).content
    again = client.post(URL, {"phone": "0401234567"}).content
    unknown = client.post(URL, {"phone": "0501234567"}).content

    assert first == again == unknown
    assert OptOut.objects.count() == 2


@pytest.mark.parametrize(
    "phone", ["", "123", "09 123 4567", "+46 70 123 4567", "nolla neljä nolla", "0" * 5000]
)
def test_anything_but_a_mobile_number_comes_back(client, db, phone):
    response = client.post(URL, {"phone": phone})

    assert response.status_code == 422
    assert 'href="#id_phone"' in response.content.decode()
    assert not OptOut.objects.exists()


def test_a_program_cannot_forbid_them_for_everybody(client, db):
    now = timezone.now()
    OptOutAsked.objects.bulk_create(OptOutAsked(at=now) for _ in range(30))
    assert client.post(URL, {"phone": "0401234567"}).status_code == 429
    assert not OptOut.objects.exists()

    OptOutAsked.objects.update(at=now - timedelta(minutes=2))
    assert client.post(URL, {"phone": "0401234567"}).status_code == 200
