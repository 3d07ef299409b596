"""Another system sends a feedback: POST /api/v1/feedback."""

import json
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation import actions
from palauteketju.organisation.models import Integration, Unit

URL = "/api/v1/feedback"
SOUND = {
    "unit": "keskusta",
    "channel": "paper",
    "language": "fi",
    "answers": {"nps": 9},
    "idempotency_key": "a-1",
}


@pytest.fixture
def add_key(units, at):
    def add(unit=units.county, right=Integration.Right.FEEDBACK, name="ERP"):
        return actions.add_integration(name, right=right, unit=unit, by=None, at=at)

    return add


@pytest.fixture
def send(client, add_key):
    _integration, key = add_key()

    def post(content=None, *, body=None, caller="en", **more):
        return client.post(
            URL,
            body if body is not None else json.dumps((SOUND if content is None else content) | more),
            content_type="application/json",
            headers={"authorization": f"Bearer {key}", "accept-language": caller},
        )

    return post


def problem(response):
    assert response["Content-Type"] == "application/problem+json"
    content = response.json()
    assert content["status"] == response.status_code
    assert content["detail"]
    return content


def wrong_fields(response):
    return [each["field"] for each in problem(response).get("errors", [])]


def test_it_works(send, units, stored):
    arrived = timezone.now() - timedelta(days=3)
    full = {
        "question_set": "thl-2",
        "role": "relative",
        "assisted": True,
        "answers": {"nps": 0, "access": "na"},
        "text": "Kiitos",
        "kind": "thanks",
        "needs_attention": True,
        "contact": {"way": "phone", "value": "040 1234567"},
        "arrived_at": arrived.isoformat(),
    }
    response = send(**full)
    assert response.status_code == 201
    assert list(response.json()) == ["receipt"]
    assert re.fullmatch(r"(\d{4} ){3}\d{4}", response.json()["receipt"])
    feedback = stored()
    assert feedback.answers == {"nps": "0", "access": "na"}
    assert (feedback.respondent, feedback.assisted, feedback.needs_attention) == ("relative", True, True)
    assert feedback.arrived_at == arrived
    assert ContactRequest.objects.get().reveal() == "+358401234567"


def test_the_same_key_again_is_the_same_answer(send):
    first = send()
    again = send(text="Jotain muuta")
    assert (again.status_code, again.json()) == (201, first.json())
    assert Feedback.objects.count() == 1


def test_the_same_key_again_is_the_same_answer_though_the_unit_has_closed(send):
    first = send()
    Unit.objects.filter(code="keskusta").update(active_to=date(2020, 1, 1))
    assert send().json() == first.json()


def test_the_same_key_of_another_system_is_another_feedback(send, client, add_key):
    send()
    _other, key = add_key(name="Other")
    client.post(URL, json.dumps(SOUND), content_type="application/json", headers={"x-api-key": key})
    assert Feedback.objects.count() == 2


def test_a_unit_may_be_named_by_its_oid(send, units, stored):
    assert send(unit="1.2.246.10.1.2").status_code == 201
    assert stored().unit == units.psyk


def test_the_key_may_come_in_a_header_of_its_own(client, add_key):
    _integration, key = add_key()
    assert (
        client.post(
            URL, json.dumps(SOUND), content_type="application/json", headers={"x-api-key": key}
        ).status_code
        == 201
    )


# --- Who may


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer zzz"}, {"x-api-key": "zzz"}, {"authorization": "Bearer "}]
)
def test_without_a_key(client, units, headers):
    response = client.post(URL, json.dumps(SOUND), content_type="application/json", headers=headers)
    assert response.status_code == 401
    assert problem(response)["title"] == "Unauthorized"
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_key_with_another_right(client, add_key):
    _integration, key = add_key(right=Integration.Right.SERVICE_EVENTS)
    response = client.post(
        URL, json.dumps(SOUND), content_type="application/json", headers={"x-api-key": key}
    )
    assert response.status_code == 401


def test_a_revoked_key(client, add_key, people, at):
    integration, key = add_key()
    actions.revoke_integration(integration, by=people.aada, at=at)
    response = client.post(
        URL, json.dumps(SOUND), content_type="application/json", headers={"x-api-key": key}
    )
    assert response.status_code == 401


def test_a_key_of_another_area(client, add_key, units):
    _integration, key = add_key(unit=units.home)
    response = client.post(
        URL, json.dumps(SOUND), content_type="application/json", headers={"x-api-key": key}
    )
    assert response.status_code == 403
    assert wrong_fields(response) == ["unit"]


# --- What is wrong


@pytest.mark.parametrize("unit", ["nowhere", "terveys", "sata", "", "\u0000", "a" * 80])
def test_an_unknown_unit_an_area_and_the_county(send, unit):
    assert send(unit=unit).status_code == 404
    assert not Feedback.objects.exists()


def test_what_was_received_before_the_unit_closed_is_still_taken(send, stored):
    closed = timezone.localdate() - timedelta(days=10)
    Unit.objects.filter(code="keskusta").update(active_to=closed)
    last_moment = timezone.now() - timedelta(days=10)
    assert wrong_fields(send(arrived_at=(last_moment + timedelta(days=1)).isoformat())) == ["arrived_at"]
    assert send(arrived_at=last_moment.isoformat()).status_code == 201
    assert stored().arrived_at == last_moment


def test_a_closed_unit(send):
    Unit.objects.filter(code="keskusta").update(active_to=date(2020, 1, 1))
    assert send().status_code == 410


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"answers": {"nps": 11}}, "answers.nps"),
        ({"answers": {"nps": 9.5}}, "answers.nps"),
        ({"answers": {"nps": True}}, "answers.nps"),
        ({"answers": {"nps": [9]}}, "answers.nps"),
        ({"answers": {"nps": 10**400}}, "answers.nps"),
        ({"answers": {"zzz": 1}}, "answers.zzz"),
        ({"answers": []}, "answers"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": 1}, "channel"),
        ({"language": "xx"}, "language"),
        ({"question_set": "thl-99"}, "question_set"),
        ({"role": "dog"}, "role"),
        ({"kind": "poem"}, "kind"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": 1}, "text"),
        ({"text": "a\u0000b"}, "text"),
        ({"assisted": "yes"}, "assisted"),
        ({"contact": {"way": "pigeon", "value": ""}}, "contact.way"),
        ({"contact": {"way": "email", "value": "matti"}}, "contact.value"),
        ({"contact": {"way": "sms", "value": "02 123 4567"}}, "contact.value"),
        ({"contact": {"value": "matti"}}, "contact.way"),
        ({"contact": "matti"}, "contact"),
        ({"contact": {"way": "receipt", "zzz": 1}}, "contact.zzz"),
        ({"arrived_at": "2999-01-01T00:00:00+02:00"}, "arrived_at"),
        ({"arrived_at": "2026-11-01T00:00:00"}, "arrived_at"),
        ({"arrived_at": "0001-01-01T00:00:00+23:59"}, "arrived_at"),
        ({"arrived_at": "yesterday"}, "arrived_at"),
        ({"idempotency_key": ""}, "idempotency_key"),
        ({"idempotency_key": " "}, "idempotency_key"),
        ({"idempotency_key": "x" * 201}, "idempotency_key"),
        ({"answers": {}, "text": ""}, "text"),
        ({"zzz": 1}, "zzz"),
    ],
)
def test_each_wrong_field_is_named(send, more, field):
    response = send(**more)
    assert response.status_code == 422
    assert field in wrong_fields(response)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("field", ["unit", "channel", "language", "idempotency_key"])
def test_each_missing_field_is_named(send, field):
    response = send({name: value for name, value in SOUND.items() if name != field})
    assert wrong_fields(response) == [field]


def test_all_wrong_fields_are_named_at_once(send):
    response = send(answers={"nps": 11, "access": 7}, kind="poem", text="x" * 10_001)
    assert sorted(wrong_fields(response)) == ["answers.access", "answers.nps", "kind", "text"]


def test_errors_are_in_the_callers_language(send):
    texts = {
        send(answers={"nps": 11}, caller=code).json()["errors"][0]["message"] for code in ("fi", "sv", "en")
    }
    assert len(texts) == 3


def test_half_a_character_is_refused(send):
    response = send(body=json.dumps(SOUND | {"text": "\ud83d"}))
    assert response.status_code == 422
    assert wrong_fields(response) == ["text"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"answers": {"nps": NaN}}',
        b'{"unit": "a", "unit": "b"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_cannot_be_read(send, body):
    response = send(body=body)
    assert response.status_code in {400, 422}
    problem(response)


def test_more_than_is_taken_at_once(send):
    response = send(text="x" * 5_000_000)
    assert response.status_code == 413
    problem(response)


def test_a_great_many_wrong_names_are_not_all_repeated(send):
    response = send(**{f"wrong{number}": 1 for number in range(5000)})
    assert response.status_code == 422
    assert len(response.content) < 10_000


def test_another_method(client, units):
    response = client.get(URL)
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    problem(response)


def test_another_address(client, units):
    response = client.get("/api/v1/zzz")
    assert response.status_code == 404
    problem(response)


def test_the_description_tells_the_fields(client, units):
    description = client.get("/api/v1/openapi.json").json()
    fields = description["components"]["schemas"]["FeedbackIn"]["properties"]
    assert set(SOUND) <= set(fields)
    assert "paper" in fields["channel"]["enum"]
    assert description["paths"]["/api/v1/feedback"]["post"]["security"]
