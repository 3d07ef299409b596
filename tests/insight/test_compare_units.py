"""An area's units beside their own past and the county: /raportit/<area>/vertailu/."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palauteketju.insight import periods
from palauteketju.insight.comparisons import side_by_side, sides_of
from palauteketju.insight.models import Block
from palauteketju.insight.periods import week_of
from palauteketju.organisation.models import Unit
from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db

NPS = "thl-2/nps"
# The twelve weeks before the last twelve; all of them end on the Sunday before MONDAY + 24 weeks.
NOW = MONDAY + timedelta(weeks=24)


@pytest.fixture
def figures(units, dental):
    """Keskusta has fallen, psyk is as it was, the dental clinic has too few."""
    close(
        answers(units.keskusta, 90),
        answers(units.keskusta, 10, value="0"),
        answers(units.psyk, 30),
        on=MONDAY,
    )
    close(
        answers(units.keskusta, 20),
        answers(units.keskusta, 80, value="0"),
        answers(units.psyk, 29),
        answers(units.psyk, 1, value="0"),
        answers(dental, 4),
        answers(units.koti, 100),
        answers(units.koti, 60, value="0"),
        on=MONDAY + timedelta(weeks=20),
    )


@pytest.fixture
def page(client, people, figures, monkeypatch):
    monkeypatch.setattr(periods, "last_whole_week", lambda _at: week_of(NOW.date()).earlier(1))

    def get(who, address):
        client.force_login(getattr(people, who))
        return client.get(address)

    return get


def rows_of(response):
    """The table's cells as they are read."""
    body = response.content.decode().partition("<tbody")[2].partition("</tbody>")[0]
    cells = [
        re.findall(r"<t[hd][^>]*>(?:<a [^>]*>)?(.*?)(?:</a>)?</t[hd]>", row) for row in body.split("</tr>")
    ]
    return {row[0]: row[1:] for row in cells if row}


def test_it_works(page):
    response = page("mikko", "/raportit/terveys/vertailu/")

    rows = rows_of(response)
    assert list(rows) == ["Hammashoitola", "Keskustan terveysasema", "Psykiatrian poliklinikka"]
    assert rows["Keskustan terveysasema"][0] == "−60"
    assert rows["Psykiatrian poliklinikka"][0] == "+93"


def test_a_difference_is_told_only_when_it_is_real(units, figures):
    compared = side_by_side(sides_of(units.health), NPS, week_of((NOW - 7 * DAY).date()))
    told = {side.scope.code: (side.own_past, side.whole_county) for side in compared.sides}

    assert told == {
        "hammas": (None, None),
        "keskusta": ("worse", "worse"),
        "psyk": ("no_real_difference", "better"),
    }
    assert compared.county.base == 290


def test_they_stand_in_alphabetical_order_whatever_their_figures(units, dental):
    dental.name_fi = "Äitiysneuvola"
    dental.save()

    assert [unit.code for unit in sides_of(units.health)] == ["keskusta", "psyk", "hammas"]


def test_the_county_compares_its_areas_and_leads_into_them(page):
    response = page("viivi", "/raportit/sata/vertailu/")

    assert list(rows_of(response)) == ["Kotona asumisen palvelut", "Terveyspalvelut"]
    assert 'href="/raportit/terveys/vertailu/"' in response.content.decode()


def test_another_question_can_be_chosen(page):
    response = page("mikko", "/raportit/terveys/vertailu/?kysymys=thl-2/access")

    assert response.status_code == 200
    assert all(row[0] == rows_of(response)["Hammashoitola"][0] for row in rows_of(response).values())


@pytest.mark.parametrize("question", ["kind", "thl-2/nothing", "channel"])
def test_a_stream_without_a_figure_is_not_compared(page, question):
    assert page("mikko", f"/raportit/terveys/vertailu/?kysymys={question}").status_code == 404


def test_a_unit_has_nobody_beside_it(page):
    assert page("mikko", "/raportit/keskusta/vertailu/").status_code == 404


@pytest.mark.parametrize("who", ["aino", "jaana"])
def test_whoever_works_in_one_unit_does_not_see_the_others(page, who):
    assert page(who, "/raportit/terveys/vertailu/").status_code == 404


@pytest.mark.parametrize("who", ["aada", "petra"])
def test_who_reads_no_reports_reads_no_comparison(page, who):
    assert page(who, "/raportit/sata/vertailu/").status_code == 404


def test_sixty_units_take_as_many_queries_as_one(page, units):
    def queries_of(address):
        with CaptureQueriesContext(connection) as asked:
            response = page("mikko", address)
        return len(asked), response

    page("mikko", "/raportit/terveys/vertailu/")
    few, _response = queries_of("/raportit/terveys/vertailu/")
    for number in range(60):
        code = f"u{number}"
        Unit.objects.create(
            code=code, slug=code, kind="unit", parent=units.health, name_fi=code, name_sv=code, name_en=code
        )
    many, response = queries_of("/raportit/terveys/vertailu/?sivu=2")

    assert len(rows_of(response)) == 24
    assert many == few < 20


def test_how_many_have_changed_is_told_of_those_that_can_be_compared(page, units):
    def lead(address):
        body = page("mikko", f"{address}?kieli=fi").content.decode()
        return body.split('<p class="lead">')[1].split("</p>")[0]

    assert "Verrattavia on 2. Niistä 1 on selvästi muuttunut edellisistä 12 viikosta." in lead(
        "/raportit/terveys/vertailu/"
    )
    Block.objects.filter(closed__lt=NOW.date() - 12 * 7 * DAY).delete()
    assert "Edellisiin 12 viikkoon ei ole vielä mitään verrattavaa." in lead("/raportit/terveys/vertailu/")


@pytest.mark.parametrize(
    ("language", "area", "county"),
    [("fi", "palvelualue", "koko hyvinvointialue"), ("sv", "serviceområde", "hela välfärdsområdet")],
)
def test_areas_are_compared_as_areas_and_the_county_is_called_so(page, language, area, county):
    of_county = page("viivi", f"/raportit/sata/vertailu/?kieli={language}").content.decode().lower()
    reading = of_county.split('id="reading"')[1]

    assert area in reading
    assert "yksikkö" not in reading
    assert "enhet" not in reading
    assert county in reading
    assert county in of_county.split('class="lead"')[1].split("</p>")[0]
