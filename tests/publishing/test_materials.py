"""Materials to tell customers with: /materiaalit/."""

import io
from html import unescape

import pytest
import zxingcpp
from PIL import Image

from palauteketju.brand import documents
from palauteketju.organisation.models import Unit
from palauteketju.publishing import materials


@pytest.fixture
def signed_in(client, people):
    client.force_login(people.aino)
    return client


def text_of(response):
    return unescape(response.content.decode())


def picture_of(scope, language="fi"):
    """The poster as one sees it on the wall."""
    data = materials.poster_data(scope, language=language)
    return Image.open(io.BytesIO(documents.render_png(materials.POSTER, data, ppi=72)))


def test_it_works(signed_in, settings):
    html = text_of(signed_in.get("/materiaalit/"))
    assert "Keskustan terveysasema" in html

    html = text_of(signed_in.get("/materiaalit/keskusta/", {"kieli": "en"}))
    assert f"{settings.PUBLIC_ADDRESS}/p/keskusta/" in html
    assert f"{settings.PUBLIC_ADDRESS}/tulokset/keskusta/" in html
    for language in ("fi", "sv", "en"):
        assert f"/materiaalit/keskusta/juliste.pdf?kieli={language}" in html
        assert f"/materiaalit/keskusta/kortti.png?kieli={language}" in html


def test_only_ones_own_units_are_there(signed_in):
    html = text_of(signed_in.get("/materiaalit/"))

    assert "Kotihoito" not in html
    for file in ("", "juliste.pdf", "kortti.png"):
        assert signed_in.get(f"/materiaalit/koti/{file}").status_code == 404


@pytest.mark.parametrize("name", ["aino", "jaana", "mikko", "viivi"])
def test_it_is_for_those_who_meet_or_tell_customers(client, people, name):
    client.force_login(getattr(people, name))

    assert client.get("/materiaalit/").status_code == 200
    assert client.get("/materiaalit/keskusta/juliste.pdf").status_code == 200


@pytest.mark.parametrize("name", ["aada", "petra"])
def test_it_is_not_for_the_administrator_or_the_privacy_officer(client, people, name):
    client.force_login(getattr(people, name))

    assert client.get("/materiaalit/").status_code == 404


def test_who_has_not_signed_in_is_asked_to(client, units):
    assert client.get("/materiaalit/keskusta/").status_code == 302


def test_communications_finds_a_unit_by_its_name(client, people):
    client.force_login(people.viivi)
    html = text_of(client.get("/materiaalit/", {"haku": "kotihoito"}))

    assert "Kotihoito" in html
    assert "Keskustan" not in html


def test_a_search_that_finds_nothing_says_so(signed_in):
    html = text_of(signed_in.get("/materiaalit/", {"haku": "kotihoito", "kieli": "en"}))

    assert "None of your units was found with “kotihoito”." in html


def test_long_lists_come_in_pages(client, people, units):
    for number in range(40):
        Unit.objects.create(
            code=f"u{number}",
            slug=f"u{number}",
            kind="unit",
            parent=units.home,
            name_fi=f"Asema {number}",
            name_sv="a",
            name_en="a",
        )
    client.force_login(people.viivi)

    assert text_of(client.get("/materiaalit/")).count('class="row-title"') == 25
    assert text_of(client.get("/materiaalit/", {"sivu": "2"})).count('class="row-title"') == 21


def test_a_closed_unit_has_no_poster_to_hang(signed_in, units, at):
    units.keskusta.active_to = at.date()
    units.keskusta.save()
    Unit.objects.filter(pk=units.keskusta.pk).update(active_to="2026-01-01")

    html = text_of(signed_in.get("/materiaalit/keskusta/", {"kieli": "en"}))

    assert "This unit has closed" in html


# The poster


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_code_on_the_poster_leads_to_the_form(units, settings, language):
    found = zxingcpp.read_barcodes(picture_of(units.keskusta, language))

    assert [code.text for code in found] == [f"{settings.PUBLIC_ADDRESS}/p/keskusta/?k=qr"]


def test_the_address_behind_the_code_opens_the_form(client, units, settings):
    (code,) = zxingcpp.read_barcodes(picture_of(units.keskusta))

    assert client.get(code.text.removeprefix(settings.PUBLIC_ADDRESS)).status_code == 200


def test_the_countys_poster_leads_to_the_front_page_and_an_areas_to_its_units(units, settings):
    (county,) = zxingcpp.read_barcodes(picture_of(units.county))
    (area,) = zxingcpp.read_barcodes(picture_of(units.health))

    assert county.text == f"{settings.PUBLIC_ADDRESS}/"
    assert area.text == f"{settings.PUBLIC_ADDRESS}/?alue=terveys"


def test_the_poster_is_an_accessible_document_in_its_language(signed_in):
    response = signed_in.get("/materiaalit/keskusta/juliste.pdf", {"kieli": "sv"})
    content = response.content

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="keskusta-juliste-sv.pdf"'
    assert content.startswith(b"%PDF")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"/Lang(sv)" in content
    assert b"/MarkInfo" in content
    assert "Keskustan terveysasema sv" in content.decode("utf-8", errors="replace")


def test_the_same_poster_is_the_same_file(units):
    assert materials.poster(units.keskusta, language="fi") == materials.poster(units.keskusta, language="fi")


def test_a_name_no_font_can_draw_does_not_stop_the_poster(units):
    units.keskusta.name_fi = "Neuvola 😀 中文 *pohjoinen* #1"
    content = materials.poster(units.keskusta, language="fi")

    assert "Neuvola □ *pohjoinen* #1" in content.decode("utf-8", errors="replace")


def test_the_longest_name_and_address_stay_on_one_page(units):
    units.keskusta.name_fi = " ".join(["Lastensuojeluperhepalvelukeskus"] * 4)[:120]
    units.keskusta.slug = "m" * 40
    content = materials.poster(units.keskusta, language="fi")

    assert b"/Type/Pages/Count 1/" in content
    assert [code.text for code in zxingcpp.read_barcodes(picture_of(units.keskusta))]


# The card


def test_the_card_is_as_large_as_social_media_show_it(signed_in):
    response = signed_in.get("/materiaalit/keskusta/kortti.png")

    assert response["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)


def test_the_cards_words_tell_the_public_figure(signed_in, figures):
    html = text_of(signed_in.get("/materiaalit/keskusta/", {"kieli": "en"}))

    assert (
        'alt="Keskustan terveysasema en. 60% of those who answered would be very likely to recommend us'
        in html
    )


def test_a_card_without_public_figures_invites_to_answer(units, figures):
    card = materials.card_of(units.psyk, language="en")

    assert card.figure == ""
    assert card.alt.startswith("Psykiatrian poliklinikka en. How did it go?")


# The texts


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_there_is_a_text_for_each_channel(signed_in, language, settings):
    html = text_of(signed_in.get("/materiaalit/keskusta/", {"kieli": language}))

    # Five texts and the card's words in three languages.
    assert html.count("<textarea") == 18
    assert f"{settings.PUBLIC_ADDRESS}/palautekanavat/" in html


def test_the_number_of_queries_is_the_same_for_all(signed_in, figures, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        signed_in.get("/materiaalit/keskusta/")


def test_card_words_leave_out_what_is_not_there():
    card = materials.Card("Headline", "", "Text", "Name", "address")

    assert card.alt == "Name. Headline Text address"
