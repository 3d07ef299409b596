"""The shared page parts: labels, hints, errors and figures reach everyone, also those who do not see the page."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from palauteketju.brand.tokens import load

PARTS = "ui/parts"


class Feedback(forms.Form):
    nps = forms.ChoiceField(
        choices=[(n, n) for n in range(11)], widget=forms.RadioSelect, label="Suosittelisitko?"
    )
    access = forms.ChoiceField(
        choices=[("5", "Samaa mieltä"), ("na", "Ei koske minua")],
        widget=forms.RadioSelect,
        label="Sain apua.",
        required=False,
    )
    email = forms.EmailField(label="Sähköposti", help_text="Vain vastausta varten.")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_it_works():
    html = render_to_string(f"{PARTS}/field.html", {"field": Feedback()["email"]})

    assert '<label for="id_email">Sähköposti</label>' in html
    assert 'id="id_email_helptext">Vain vastausta varten.' in html
    assert 'aria-describedby="id_email_helptext"' in html


def test_an_error_stands_at_its_field_and_is_tied_to_it():
    html = render_to_string(f"{PARTS}/field.html", {"field": Feedback({"email": "x"})["email"]})

    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'<p class="error" id="id_email_error">.+</p>', html)


def test_the_summary_takes_the_focus_and_leads_to_each_field():
    html = render_to_string(f"{PARTS}/error_summary.html", {"form": Feedback({})})

    assert 'role="alert" tabindex="-1" autofocus' in html
    assert 'href="#id_nps_0"' in html
    assert 'href="#id_email"' in html


def test_errors_that_sound_the_same_are_told_apart_by_their_fields():
    class Twice(forms.Form):
        first = forms.CharField(label="Etunimi", error_messages={"required": "Kirjoita."})
        last = forms.CharField(label="Sukunimi", error_messages={"required": "Kirjoita."})
        town = forms.CharField(label="Kunta", error_messages={"required": "Kirjoita kunta."})

    html = render_to_string(f"{PARTS}/error_summary.html", {"form": Twice({})})

    assert ">Etunimi: Kirjoita.</a>" in html
    assert ">Sukunimi: Kirjoita.</a>" in html
    assert ">Kirjoita kunta.</a>" in html


def test_there_is_no_summary_without_errors():
    assert not render_to_string(f"{PARTS}/error_summary.html", {"form": Feedback()}).strip()


def test_no_choice_is_made_beforehand_and_not_concerned_is_set_apart():
    html = render_to_string(
        f"{PARTS}/choices.html", {"field": Feedback()["access"], "scale": True, "apart": "na"}
    )

    assert "checked" not in html
    assert html.count("choice apart") == 1
    assert "<legend>Sain apua.</legend>" in html


def test_the_eleven_steps_have_their_ends_in_words():
    html = render_to_string(f"{PARTS}/nps.html", {"field": Feedback()["nps"], "low": "En", "high": "Kyllä"})

    assert html.count('type="radio"') == 11
    assert 'aria-describedby="id_nps_ends"' in html
    assert "0 = En" in html
    assert "10 = Kyllä" in html


def test_too_few_answers_are_said_in_words():
    html = render_to_string(
        f"{PARTS}/stat.html", {"label": "NPS", "figure": "", "missing": "Alle viisi vastausta."}
    )

    assert "Alle viisi vastausta." in html
    assert "stat-figure" not in html


def test_each_cell_of_a_card_carries_the_name_of_its_column():
    html = render_to_string(
        f"{PARTS}/table.html", {"caption": "c", "head": ["Yksikkö", "n"], "rows": [["A", "7"]]}
    )

    assert '<td role="cell" data-label="n">7</td>' in html


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html", "500.html"])
def test_an_error_page_needs_nothing_from_anybody(page):
    html = render_to_string(page)

    assert "<h1>" in html
    assert 'lang="en"' in html
    assert "<link" not in html


def test_a_page_names_the_county_in_the_readers_language():
    with translation.override("sv"):
        html = render_to_string("404.html", {"brand": load(), "stylesheets": {"customer": "/a.css"}})

    assert "– Välfärdsområdet Exempelby</title>" in html
    assert load().logo in html
    assert '<link rel="stylesheet" href="/a.css">' in html
