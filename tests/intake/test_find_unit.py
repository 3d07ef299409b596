"""Finding the unit: /."""

from datetime import date

import pytest

from palauteketju.organisation.models import Unit


@pytest.fixture
def county_of_units(units):
    Unit.objects.bulk_create(
        Unit(
            code=f"u{number}",
            slug=f"u{number}",
            kind="unit",
            parent=units.health if number % 2 else units.home,
            name_fi=f"Yksikkö {number}",
            name_sv=f"Enhet {number}",
            name_en=f"Unit {number}",
        )
        for number in range(120)
    )


def test_it_works(client, units):
    page = client.get("/").content.decode()
    assert 'href="/p/keskusta/"' in page
    assert 'href="/p/koti/"' in page
    assert "112" in page
    assert 'href="/tulokset/"' in page
    assert 'href="/palautteeni/"' in page


def test_a_search_finds_a_part_of_a_name(client, units):
    page = client.get("/", {"haku": "terveysas"}).content.decode()
    assert 'href="/p/keskusta/"' in page
    assert 'href="/p/koti/"' not in page


def test_a_search_minds_neither_capitals_nor_dots(client, units):
    Unit.objects.filter(code="koti").update(name_fi="Työterveys")
    assert 'href="/p/koti/"' in client.get("/", {"haku": "TYOTERVEYS"}).content.decode()


def test_a_search_finds_the_name_in_another_language(client, units):
    assert 'href="/p/keskusta/"' in client.get("/", {"haku": "terveysasema sv"}).content.decode()


def test_a_search_that_finds_nothing_says_so(client, units):
    page = client.get("/", {"haku": "zzz", "kieli": "en"}).content.decode()
    assert "No unit was found" in page


def test_what_was_searched_for_is_shown_but_never_as_markup(client, units):
    page = client.get("/", {"haku": '"><script>'}).content.decode()
    assert "<script>" not in page


def test_a_closed_unit_is_not_listed(client, units):
    Unit.objects.filter(code="koti").update(active_to=date(2020, 1, 1))
    assert "/p/koti/" not in client.get("/").content.decode()


def test_units_are_listed_under_their_areas(client, units):
    page = client.get("/").content.decode()
    assert (
        page.index("Kotona asumisen")
        < page.index("/p/koti/")
        < page.index("Terveyspalvelut")
        < page.index("/p/psyk/")
    )


def test_many_units_are_chosen_by_area(client, county_of_units):
    page = client.get("/").content.decode()
    assert "/p/u1/" not in page
    assert 'href="/?alue=terveys"' in page
    assert 'href="/p/u1/"' in client.get("/?alue=terveys").content.decode()


def test_a_long_list_comes_in_pages(client, county_of_units):
    first = client.get("/", {"haku": "yksikkö"}).content.decode()
    second = client.get("/", {"haku": "yksikkö", "sivu": "2"}).content.decode()
    assert first.count('href="/p/') == 50
    assert second.count('href="/p/') == 50
    assert "sivu=2" in first


def test_names_are_sorted_as_finns_sort_them(client, units):
    Unit.objects.filter(code="keskusta").update(name_fi="Ähtäri")
    Unit.objects.filter(code="psyk").update(name_fi="Zetan asema")
    page = client.get("/").content.decode()
    assert page.index("Zetan asema") < page.index("Ähtäri")


def test_it_works_before_any_organisation(client, db):
    assert client.get("/").status_code == 200
