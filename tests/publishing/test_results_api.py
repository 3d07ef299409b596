"""Open results: GET /api/v1/results/<code>."""

import json

import pytest

from palauteketju.publishing.actions import publish


@pytest.fixture
def results(client):
    def get(code):
        response = client.get(f"/api/v1/results/{code}")
        assert response.status_code == 200
        return response.json()

    return get


def test_it_works_without_a_key(results, figures, measure):
    found = results("keskusta")

    assert found["scope"] == "keskusta"
    assert found["name"]["fi"] == "Keskustan terveysasema"
    nps = found["figures"][0]
    assert nps["stream"] == "thl-2/nps"
    assert nps["latest"]["n"] == 20
    assert nps["latest"]["nps"] == 40
    assert nps["latest"]["counts"] == {"2": 4, "7": 4, "9": 4, "10": 8}
    low, high = nps["latest"]["interval"]
    assert low < 40 < high
    assert [each["title"] for each in found["measures"]] == ["Takaisinsoitto saman päivän aikana"]


def test_a_statement_is_told_as_a_share(results, figures):
    access = next(each for each in results("keskusta")["figures"] if each["stream"] == "thl-2/access")

    assert access["latest"]["favourable"] == 0.75
    assert "nps" not in access["latest"]


def test_a_unit_below_the_limit_has_no_figures(results, figures):
    assert results("psyk")["figures"] == []
    assert results("psyk")["least"] == 10


def test_areas_and_the_county_hold_public_figures_only(results, figures):
    assert results("sata")["figures"][0]["latest"]["n"] == 20
    assert results("terveys")["figures"][0]["latest"]["n"] == 20
    assert results("kotona")["figures"] == []


def test_a_share_of_few_is_not_told(results, answered):
    answered.add("keskusta", "thl-2/access", {"na": 10, "5": 2})
    answered.close()

    assert "favourable" not in results("keskusta")["figures"][0]["latest"]


def test_the_published_file_says_the_same(results, figures, measure, tmp_path, at):
    publish(tmp_path / "www", at=at)

    assert json.loads((tmp_path / "www" / "tiedot" / "keskusta.json").read_text(encoding="utf-8")) == results(
        "keskusta"
    )


def test_the_language_changes_nothing(client, figures, measure):
    answers = {
        client.get("/api/v1/results/keskusta", {"kieli": language}).content for language in ("fi", "sv", "en")
    }

    assert len(answers) == 1


def test_an_unknown_unit_is_told_as_a_problem(client, units):
    response = client.get("/api/v1/results/ei-ole")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404
