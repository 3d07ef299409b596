"""Looking at results: /tulokset/ and /tulokset/<code>/."""

from datetime import date

import pytest

from palauteketju.improvement.models import Measure
from palauteketju.insight.statistics import nps_interval
from palauteketju.organisation import rules


def text_of(response):
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def page(client):
    def get(address):
        response = client.get(address, {"kieli": "en"})
        assert response.status_code == 200
        return text_of(response)

    return get


def test_it_works(page, figures, measure):
    html = page("/tulokset/keskusta/")

    assert "<h1>Keskustan terveysasema en</h1>" in html
    assert "60% of those who answered would be very likely to recommend the service" in html
    assert "+40" in html
    assert "20 answers" in html
    assert "Takaisinsoitto saman päivän aikana" in html
    assert "75%" in html


def test_it_works_without_signing_in_and_leaves_no_session(client, figures):
    client.get("/tulokset/")

    assert "sessionid" not in client.cookies


def test_the_figure_comes_with_its_interval_and_its_days(page, figures):
    html = page("/tulokset/keskusta/")
    low, high = nps_interval({"10": 8, "9": 4, "7": 4, "2": 4})

    assert f"probably between +{round(low)} and +{round(high)}" in html
    assert "Mon 16 Nov 2026" in html


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_speaks_the_language_asked_for(client, figures, measure, language):
    for address in ("/tulokset/", "/tulokset/terveys/", "/tulokset/keskusta/"):
        response = client.get(address, {"kieli": language})
        assert response.status_code == 200
        assert f'<html lang="{language}">' in text_of(response)


def test_a_unit_with_too_few_answers_for_the_public_shows_why(page, figures):
    html = page("/tulokset/psyk/")

    assert "There are still too few answers to publish: at least 10 are needed." in html
    assert "stat-figure" not in html
    assert "−100" not in html


def test_answers_of_a_unit_below_the_limit_are_not_in_the_countys_figure_either(page, figures):
    html = page("/tulokset/")

    assert "20 answers" in html
    assert "27 answers" not in html


def test_a_statement_that_few_took_a_stand_on_has_no_share(page, answered):
    answered.add("keskusta", "thl-2/nps", {"10": 12})
    answered.add("keskusta", "thl-2/access", {"na": 10, "5": 2})
    answered.close()

    html = page("/tulokset/keskusta/")

    assert "fewer than 10 answers" in html
    assert "100%" not in html.split("<h2")[3]


def test_a_statement_without_figures_is_named_as_missing(page, figures):
    html = page("/tulokset/keskusta/")

    assert "Not enough answers yet:" in html
    assert "Encounter" in html


def test_only_approved_measures_are_told(page, figures, measure):
    Measure.objects.update(state=Measure.State.RECORDED, approved_by=None, approved_at=None)

    assert "Takaisinsoitto" not in page("/tulokset/keskusta/")
    assert "Takaisinsoitto" not in page("/tulokset/")


def test_the_county_tells_which_unit_a_measure_belongs_to(page, figures, measure):
    assert '<a href="/tulokset/keskusta/">Keskustan terveysasema en</a>' in page("/tulokset/")


def test_another_areas_measure_is_not_told(page, figures, measure):
    assert "Takaisinsoitto" not in page("/tulokset/kotona/")


def test_units_are_in_alphabetical_order_with_umlauts_last(client, units, figures):
    for name in ("Ähtärin asema", "Zeniitti", "Åminne", "Aapiskukko"):
        units.keskusta.__class__.objects.create(
            code=name.lower()[:4].strip(),
            slug=f"u{abs(hash(name)) % 9999}",
            kind="unit",
            parent=units.health,
            name_fi=name,
            name_sv=name,
            name_en=name,
        )

    html = text_of(client.get("/tulokset/terveys/", {"kieli": "fi"}))
    places = [html.index(f">{name}<") for name in ("Aapiskukko", "Zeniitti", "Åminne", "Ähtärin asema")]

    assert places == sorted(places)


def test_units_are_found_by_a_part_of_their_name(client, units, figures):
    html = text_of(client.get("/tulokset/", {"haku": "kotihoito", "kieli": "fi"}))

    assert "/tulokset/koti/" in html
    assert "/tulokset/keskusta/" not in html


def test_a_search_that_finds_nothing_says_so(client, units, figures):
    html = text_of(client.get("/tulokset/", {"haku": "<script>", "kieli": "en"}))

    assert "No unit was found with “&lt;script&gt;”" in html


def test_the_list_says_which_units_have_no_figures_yet(page, figures):
    html = page("/tulokset/")

    assert "2 of 3 units have fewer than 10 answers" in html
    assert html.count("no figures yet") == 2


def test_a_closed_unit_keeps_its_page(page, units, figures):
    units.keskusta.active_to = date(2026, 1, 31)
    units.keskusta.save()

    html = page("/tulokset/keskusta/")

    assert "This unit closed on Sat 31 Jan 2026." in html
    assert 'href="/p/keskusta/"' not in html


def test_an_unknown_unit_is_not_found(client, units):
    assert client.get("/tulokset/ei-ole/").status_code == 404
    assert client.get("/tulokset/%F0%9F%98%80/").status_code == 404


def test_a_unit_that_has_not_opened_is_not_found(client, units):
    units.koti.active_from = date(2999, 1, 1)
    units.koti.save()

    assert client.get("/tulokset/koti/").status_code == 404


def test_without_an_organisation_there_is_no_page(client, db):
    assert client.get("/tulokset/").status_code == 404


def test_the_county_has_one_address(client, units):
    assert client.get("/tulokset/sata/").url == "/tulokset/"


@pytest.mark.parametrize("address", ["/tulokset/", "/tulokset/terveys/", "/tulokset/keskusta/"])
def test_the_number_of_queries_does_not_grow(client, more_units, django_assert_max_num_queries, address):
    with django_assert_max_num_queries(11):
        client.get(address)


def test_the_feed_tells_of_measures(client, figures, measure):
    response = client.get("/tulokset/syote.xml", {"kieli": "fi"})

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Takaisinsoitto saman päivän aikana" in response.content.decode()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_measure_is_marked_with_the_language_it_was_written_in(client, figures, measure, language):
    Measure.objects.update(
        state="done",
        completed_at=measure.approved_at,
        effect="<b>Odotus lyheni.",
        effect_approved_at=measure.approved_at,
    )

    html = text_of(client.get("/tulokset/keskusta/", {"kieli": language}))
    feed = client.get("/tulokset/syote.xml", {"kieli": language}).content.decode()
    [told] = client.get("/api/v1/results/keskusta").json()["measures"]

    assert '<h3 lang="fi">Takaisinsoitto saman päivän aikana</h3>' in html
    assert '<span lang="fi">&lt;b&gt;Odotus lyheni.</span>' in html
    assert '<title xml:lang="fi">Takaisinsoitto saman päivän aikana</title>' in feed
    assert told["language"] == "fi"


def test_a_county_that_writes_in_another_language_says_so(tmp_path):
    file = tmp_path / "county.toml"
    file.write_text('[measures]\nlanguage = "sv"\n')
    assert rules.read(file).measure_language == "sv"

    file.write_text('[measures]\nlanguage = "se"\n')
    with pytest.raises(rules.BadCountyFile, match="measures"):
        rules.read(file)
