"""Telling of visits with POST /api/v1/service-events, as a patient system does."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.organisation.access import hash_of_key
from palauteketju.organisation.models import Integration
from palauteketju.sms.models import DecisionCount, OutgoingSms

URL = "/api/v1/service-events"


@pytest.fixture
def key(units):
    """Of the patient system of the health area."""

    def make(*, right=Integration.Right.SERVICE_EVENTS, unit=units.health):
        Integration.objects.create(
            name="potilastieto",
            key_hash=hash_of_key("avain"),
            right=right,
            unit=unit,
            created_at=timezone.now(),
        )
        return "avain"

    return make


def visit(event_id="e1", **changes):
    usual = {
        "event_id": event_id,
        "phone": "0401234567",
        "occurred_at": (timezone.now() - timedelta(days=1)).isoformat(),
        "visit_type": "vastaanotto",
        "language": "fi",
        "birth_year": 1980,
        "municipality": "Pori",
        "unit": "keskusta",
        "permission": True,
        "non_disclosure": False,
        "phones_on_file": 1,
    }
    return usual | changes


@pytest.fixture
def post(client):
    def send(content, key="avain", **headers):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = {"Authorization": f"Bearer {key}"} | headers
        return client.post(URL, body, content_type="application/json", headers=headers)

    return send


def test_it_works(key, post):
    key()
    response = post({"events": [visit()]})

    assert (response.status_code, response.json()) == (200, {"accepted": 1, "rejected": []})
    assert OutgoingSms.objects.get().number() == "+358401234567"


def test_the_same_events_again_change_nothing(key, post):
    key()
    events = {"events": [visit(), visit("e2", phone="0501234567", permission=False)]}
    assert post(events).json() == post(events).json() == {"accepted": 2, "rejected": []}

    assert dict(DecisionCount.objects.values_list("reason", "n")) == {"send": 1, "no_permission": 1}


def test_each_bad_event_is_told_by_its_place_and_the_good_ones_are_taken(key, post):
    key()
    bad = [
        visit("e2", unit="ei-ole"),
        visit("e3", occurred_at="eilen"),
        visit("e4", diagnosis="J06.9"),
        "roskaa",
    ]
    response = post({"events": [bad[0], visit(), *bad[1:]]}, **{"Accept-Language": "en"})

    assert response.json()["accepted"] == 1
    rejected = {each["index"]: each["errors"][0] for each in response.json()["rejected"]}
    assert {index: error["code"] for index, error in rejected.items()} == {
        0: "unit_unknown",
        2: "not_a_time",
        3: "forbidden_field",
        4: "not_an_object",
    }
    assert rejected[0] == {"field": "unit", "code": "unit_unknown", "message": "There is no such unit."}


def test_a_key_speaks_only_for_its_own_units(key, post, units):
    key(unit=units.home)
    (rejected,) = post({"events": [visit()]}).json()["rejected"]

    assert rejected["errors"][0]["code"] == "unit_not_yours"
    assert not OutgoingSms.objects.exists()


def test_no_answer_repeats_a_phone_number(key, post):
    key()
    response = post(
        {"events": [visit(unit="0401234567", occurred_at="0401234567"), visit("e2", **{"0401234567": 1})]}
    )

    assert response.json()["accepted"] == 0
    assert "1234567" not in response.content.decode()


def test_a_key_of_another_right_is_refused(key, post):
    key(right=Integration.Right.FEEDBACK)
    assert post({"events": [visit()]}).status_code == 401


def test_no_key_no_events(units, post):
    assert post({"events": [visit()]}, key="arvaus").status_code == 401


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({}, 422),
        ({"events": "e1"}, 422),
        ({"events": [], "extra": 1}, 422),
        ({"events": [{}] * 10_001}, 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
    ],
)
def test_a_body_of_another_shape_is_a_problem_document(key, post, content, status):
    key()
    response = post(content)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
