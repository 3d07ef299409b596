"""The page of the weekly report: who sees whose, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db

URL = "/raportit/keskusta/?viikko=2026-W47"


@pytest.fixture
def week(units):
    close(
        answers(units.keskusta, 12),
        answers(units.keskusta, 9, stream="thl-2/access", value="5"),
        answers(units.keskusta, 12, stream="channel", value="web"),
        answers(units.keskusta, 3, stream="kind", value="idea"),
        on=MONDAY,
    )


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("who", ["aino", "eero", "jaana", "mikko", "viivi"])
def test_it_works(client, people, week, who):
    client.force_login(getattr(people, who))

    page = client.get(URL).content.decode()

    assert page.count("<h1>") == 1
    assert "Keskustan terveysasema" in page
    assert "+100" in page
    assert "Sain apua, kun sitä tarvitsin." in page


@pytest.mark.parametrize("who", ["outi", "aada", "petra"])
def test_another_units_report_does_not_exist(client, people, week, who):
    client.force_login(getattr(people, who))

    assert client.get(URL).status_code == 404
    assert client.get("/raportit/keskusta/2026-W47.pdf").status_code == 404


@pytest.mark.parametrize("who", ["aada", "petra"])
def test_who_has_no_reports_has_no_list(client, people, who):
    client.force_login(getattr(people, who))

    assert client.get("/raportit/").status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, units):
    for url in ("/raportit/", URL, "/raportit/keskusta/2026-W47.pdf"):
        assert client.get(url).url.startswith("/kirjaudu/")


def test_the_list_has_the_areas_and_units_of_the_reader(client, people):
    client.force_login(people.mikko)

    page = client.get("/raportit/").content.decode()

    assert (
        page.index("Terveyspalvelut")
        < page.index("Keskustan terveysasema")
        < page.index("Psykiatrian poliklinikka")
    )
    assert "Kotihoito" not in page


def test_the_list_can_be_searched(client, people):
    client.force_login(people.viivi)

    assert "Kotihoito pohjoinen" in client.get("/raportit/?haku=KOTIHOITO").content.decode()
    assert "Keskustan" not in client.get("/raportit/?haku=kotihoito").content.decode()
    assert client.get("/raportit/?haku=%22%3Cscript%3E").status_code == 200


def test_who_has_one_unit_goes_straight_to_it(client, people):
    client.force_login(people.jaana)

    assert client.get("/raportit/").url == "/raportit/keskusta/"


@pytest.mark.parametrize("week", ["2026-W60", "x", "2026-W47%00", "0001-W01"])
def test_a_week_that_is_none_does_not_exist(client, people, week):
    client.force_login(people.aino)

    assert client.get("/raportit/keskusta/", {"viikko": week}).status_code == 404


def test_what_waits_is_told_in_words_only(client, people, week):
    client.force_login(people.aino)

    page = client.get(URL).content.decode()

    assert "vähintään 5" in page or "at least 5" in page
    # Three ideas wait for two more.
    assert "Kehittämisidea" not in page
    assert "Improvement idea" not in page


def test_the_pdf(client, people, week):
    client.force_login(people.aino)

    response = client.get("/raportit/keskusta/2026-W47.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="keskusta-2026-W47.pdf"'
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_language(client, people, week, language):
    client.force_login(people.aino)

    page = client.get(f"{URL}&kieli={language}").content.decode()

    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("code", ["keskusta", "terveys", "sata"])
def test_the_queries_do_not_grow_with_history(client, people, units, week, code):
    client.force_login(people.viivi)
    url = f"/raportit/{code}/?viikko=2026-W47"
    before = queries_of(client, url)
    for day in range(1, 100, 3):
        close(
            answers(units.keskusta, 6), answers(units.psyk, 7), answers(units.koti, 8), on=MONDAY + day * DAY
        )

    assert queries_of(client, url) == before <= 15
