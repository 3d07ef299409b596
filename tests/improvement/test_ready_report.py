"""The whole ready-made report: its page at every period, its files, and what was decided on it."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from palauteketju.improvement import actions
from palauteketju.improvement.ready_reports import decisions_of, ready_report
from palauteketju.insight import report_file
from palauteketju.insight.periods import read_any

pytestmark = pytest.mark.django_db

URL = "/raportit/keskusta/"


def decided(units, text, scope=None):
    return [
        (each.title, each.state, each.effect)
        for each in decisions_of(scope or units.keskusta, read_any(text))
    ]


def test_it_works(client, people, approved):
    client.force_login(people.jaana)

    page = client.get(URL, {"viikko": "2026-W47"}).content.decode()

    assert page.count("<h1>") == 1
    assert "Takaisinsoitto samana päivänä" in page


@pytest.mark.parametrize(
    "asked", [{"viikko": "2026-W47"}, {"kuukausi": "2026-11"}, {"tertiaali": "2026-3"}, {"vuosi": "2026"}, {}]
)
@pytest.mark.parametrize("code", ["keskusta", "terveys", "sata"])
def test_every_period_of_every_scope_has_its_page(client, people, figures, code, asked):
    client.force_login(people.viivi)

    assert client.get(f"/raportit/{code}/", asked).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"kuukausi": "2026-13"}, {"tertiaali": "2026-4"}, {"vuosi": "x"}, {"viikko": "2026-11"}]
)
def test_what_is_no_period_does_not_exist(client, people, asked):
    client.force_login(people.aino)

    assert client.get(URL, asked).status_code == 404


@pytest.mark.parametrize("form", ["pdf", "xlsx", "json"])
@pytest.mark.parametrize("period", ["2026-W47", "2026-11", "2026-3", "2026"])
def test_the_report_can_be_taken_along(client, people, approved, period, form):
    client.force_login(people.aino)

    response = client.get(f"{URL}{period}.{form}")

    assert response["Content-Disposition"] == f'attachment; filename="keskusta-{period}.{form}"'
    assert response.content == client.get(f"{URL}{period}.{form}").content


@pytest.mark.parametrize("file", ["2026-W47.exe", "2026-W60.pdf", "x.pdf", "2026-W47.html"])
def test_other_files_do_not_exist(client, people, file):
    client.force_login(people.aino)

    assert client.get(f"{URL}{file}").status_code == 404


@pytest.mark.parametrize("form", ["pdf", "xlsx", "json"])
def test_another_units_files_do_not_exist(client, people, figures, form):
    client.force_login(people.outi)

    assert client.get(f"{URL}2026-W47.{form}").status_code == 404


def test_json_tells_the_measures(client, people, done):
    client.force_login(people.aino)

    [measure] = json.loads(client.get(f"{URL}2026-11.json").content)["measures"]
    assert measure["effect"] == "Soittoa odotetaan enää tunti."
    assert (measure["unit"], measure["stream"], measure["state"]) == ("keskusta", "thl-2/access", "done")
    assert (measure["decided_on"], measure["done_on"]) == ("2026-11-16", "2026-11-25")


def test_a_measure_stands_as_it_stood_at_the_end_of_the_period(units, done):
    title = done.title

    assert decided(units, "2026-W46") == []
    assert decided(units, "2026-W47") == [(title, "under_way", "")]
    assert decided(units, "2026-W48") == [(title, "done", "Soittoa odotetaan enää tunti.")]
    assert decided(units, "2026-W49") == []
    assert decided(units, "2026-3", units.health) == [(title, "done", "Soittoa odotetaan enää tunti.")]
    assert decided(units, "2026-3", units.home) == []


def test_what_waits_for_approval_is_told_in_its_own_period_only(units, recorded):
    assert decided(units, "2026-W47") == [(recorded.title, "proposed", "")]
    assert decided(units, "2026-W48") == []


def test_what_was_done_comes_first(units, plan, people, done, at):
    other = actions.record_measure(plan, by=people.aino, at=at + timedelta(days=8))
    actions.approve_measure(other.pk, by=people.viivi, at=at + timedelta(days=8))

    assert [state for _title, state, _effect in decided(units, "2026-11")] == ["done", "under_way"]


def test_a_measure_is_marked_with_the_language_it_was_written_in(units, done):
    report = ready_report(units.keskusta, read_any("2026-W48"))
    with translation.override("sv"):
        html = report_file.FORMATS["html"].write(report).decode()
        pdf = PdfReader(BytesIO(report_file.FORMATS["pdf"].write(report)))
    [measure] = json.loads(report_file.FORMATS["json"].write(report))["measures"]

    assert '<p class="question" lang="fi">Takaisinsoitto samana päivänä</p>' in html
    assert measure["language"] == "fi"
    assert pdf.trailer["/Root"]["/Lang"] == "sv"
    # A marked piece of the page's own drawing.
    assert b"/Lang(fi)" in b"".join(page.get_contents().get_data() for page in pdf.pages)
