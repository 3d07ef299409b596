"""Released blocks for a data warehouse: GET /api/v1/blocks."""

import pytest

from palauteketju.insight.models import Block, PublicBlock
from palauteketju.organisation.actions import add_integration
from palauteketju.organisation.models import Integration
from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocks(units, dental):
    close(
        answers(units.keskusta, 12),
        answers(units.koti, 6),
        *(answers(unit, 3, stream="kind", value="idea") for unit in (units.keskusta, units.psyk, dental)),
        on=MONDAY,
    )
    close(answers(units.psyk, 11, value="3"), on=MONDAY + 57 * DAY)


def key_for(unit, right=Integration.Right.READ_BLOCKS):
    return add_integration("tietoallas", right=right, unit=unit, by=None, at=MONDAY)[1]


def scopes(response):
    return [block["scope"] for block in response.json()["blocks"]]


def test_it_works_without_a_key_for_public_blocks(client, blocks):
    response = client.get("/api/v1/blocks?audience=public")

    assert response.status_code == 200
    first = PublicBlock.objects.order_by("pk").first()
    assert response.json()["blocks"][0] == {
        "block": first.pk,
        "scope": "keskusta",
        "area": "terveys",
        "county": "sata",
        "stream": "thl-2/nps",
        "opened": "2026-11-16",
        "closed": "2026-11-16",
        "n": 12,
        "least": 10,
        "counts": {"9": 12},
    }
    assert scopes(response) == ["keskusta", "psyk"]
    assert response.json()["next"] is None


def test_internal_blocks_need_a_key(client, blocks):
    response = client.get("/api/v1/blocks?audience=internal")

    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"


def test_a_key_with_another_right_is_no_key(client, blocks, units):
    key = key_for(units.county, Integration.Right.FEEDBACK)

    assert client.get("/api/v1/blocks?audience=internal", HTTP_X_API_KEY=key).status_code == 401


def test_a_key_of_the_county_reads_everything(client, blocks, units):
    response = client.get("/api/v1/blocks?audience=internal", HTTP_X_API_KEY=key_for(units.county))

    assert sorted(scopes(response)) == ["keskusta", "koti", "other:terveys", "psyk"]


@pytest.mark.parametrize(
    ("place", "seen"),
    [("health", ["keskusta", "other:terveys", "psyk"]), ("home", ["koti"]), ("koti", ["koti"])],
)
def test_a_key_reads_its_own_units_only(client, blocks, units, place, seen):
    key = key_for(getattr(units, place))
    response = client.get("/api/v1/blocks?audience=internal", HTTP_AUTHORIZATION=f"Bearer {key}")

    assert sorted(scopes(response)) == seen


def test_pages_follow_one_another_and_new_blocks_follow_the_last(client, blocks, units):
    key = key_for(units.county)
    seen, cursor = [], "0"
    while cursor is not None:
        address = f"/api/v1/blocks?audience=internal&limit=3&cursor={cursor}"
        page = client.get(address, HTTP_X_API_KEY=key).json()
        seen += [block["block"] for block in page["blocks"]]
        cursor, last = page["next"], page["cursor"]
    assert seen == sorted(Block.objects.values_list("pk", flat=True))

    close(answers(units.koti, 8), on=MONDAY + 60 * DAY)
    address = f"/api/v1/blocks?audience=internal&cursor={last}"
    assert scopes(client.get(address, HTTP_X_API_KEY=key)) == ["koti"]


def test_an_unchanged_page_is_not_sent_again(client, blocks, units):
    first = client.get("/api/v1/blocks")

    again = client.get("/api/v1/blocks", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")

    close(answers(units.koti, 20), on=MONDAY + 60 * DAY)
    assert client.get("/api/v1/blocks", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.parametrize("wrong", ["audience=all", "cursor=-1", "cursor=x", "cursor=" + "9" * 30, "limit=0"])
def test_what_makes_no_sense_is_refused(client, blocks, wrong):
    response = client.get(f"/api/v1/blocks?{wrong}")

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [wrong.partition("=")[0]]


def test_nobody_keeps_internal_blocks_for_others(client, blocks, units):
    response = client.get("/api/v1/blocks?audience=internal", HTTP_X_API_KEY=key_for(units.county))

    assert response["Cache-Control"] == "private, no-cache"
    assert "X-API-Key" in response["Vary"]
