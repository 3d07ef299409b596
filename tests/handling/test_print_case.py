"""A case as a PDF for a records request, at /kasittely/<id>/tuloste/."""

import json
from datetime import date

import pytest
from django.utils import translation

from palauteketju.audit.models import Entry
from palauteketju.brand import documents
from palauteketju.handling import actions
from palauteketju.handling.cases import case_file

ADDRESS = "matti.asiakas@example.fi"


@pytest.fixture
def case(open_case):
    return open_case(way="email", value=ADDRESS)


@pytest.fixture
def url(case):
    return f"/kasittely/{case.pk}/tuloste/"


@pytest.fixture
def paper(english, people, url, monkeypatch):
    """Print by the page; the words that were put on the paper."""
    draw, put = documents.render_pdf, []

    def render(template, data):
        put.append(json.dumps(data, ensure_ascii=False))
        return draw(template, data)

    def paper(**sent):
        monkeypatch.setattr(case_file.documents, "render_pdf", render)
        english.force_login(people.aino)
        assert english.post(url, sent).content.startswith(b"%PDF-")
        return put[-1]

    return paper


def test_it_works(english, people, case, url):
    english.force_login(people.aino)
    assert english.get(url).status_code == 200
    response = english.post(url)

    assert response["Content-Type"] == "application/pdf"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in response.content
    assert b"/Lang(en)" in response.content
    entry = Entry.objects.last()
    assert (entry.action, entry.actor) == ("handling.case.printed", people.aino)
    assert entry.facts == {"contact_details": False}


def test_it_is_complete(people, units, case, paper, at):
    actions.ask_clarification(case, "Minä päivänä kävit?", by=people.aino, at=at)
    actions.write_as_customer(case, "Maanantaina.", at=at)
    actions.record_note(case, "Puhuttiin tiimissä.", by=people.eero, at=at)
    actions.extend_deadline(
        case, date(2026, 12, 7), reason="Lääkäri lomalla.", message="Kestää viikon.", by=people.aino, at=at
    )
    actions.split_case(case, units.koti, about="Kotihoidon osuus.", by=people.aino, at=at)
    actions.move_case(case, units.koti, reason="Kaikki sinne.", by=people.aino, at=at)
    actions.move_case(case, units.keskusta, reason="Sittenkin tänne.", by=people.outi, at=at)
    actions.record_reading(case, by=people.aino, at=at)
    actions.redirect_case(case, case.FormalRoad.REMINDER, "Tee muistutus.", by=people.aino, at=at)
    told = paper()

    for words in (
        case.feedback.text,
        "Minä päivänä kävit?",
        "Maanantaina.",
        "Puhuttiin tiimissä.",
        "Lääkäri lomalla.",
        "Kestää viikon.",
        "Kotihoidon osuus.",
        "Sittenkin tänne.",
        "Tee muistutus.",
        "Formal reminder",
        "More time was given",
        "The feedback arrived.",
        "Aino Virtanen",
    ):
        assert words in told, words
    with translation.override("en"):
        for entry in Entry.objects.filter(subject_type="handling.case", subject_id=str(case.pk)):
            assert str(entry.in_words) in told


def test_what_cannot_be_printed_is_said(open_case):
    whole = open_case("مرحبا, Здравствуйте!")
    assert case_file.contents(whole, contact=None)["not_whole"] == ""
    for words in ("Kiitos 你好", "Kiitos 😀"):
        with translation.override("en"):
            told = case_file.contents(open_case(words), contact=None)["not_whole"]
        assert "cannot be printed here" in told


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        (
            "fi",
            "Yksiköstä: Keskustan terveysasema\nYksikköön: Kotihoito pohjoinen\nHerätteen saaneiden määrä: 1",
        ),
        ("sv", "Från enheten: Keskustan terveysasema sv\nTill enheten: Kotihoito pohjoinen sv\n"),
        ("en", "From unit: Keskustan terveysasema en\nTo unit: Kotihoito pohjoinen en\n"),
    ],
)
def test_the_trail_is_in_the_readers_words(people, units, case, at, language, facts):
    actions.move_case(case, units.koti, reason="Sinne.", by=people.aino, at=at)
    with translation.override(language):
        trail = case_file.contents(case, contact=None)["trail"]
    assert facts in trail[-1][-1]
    assert "urgent_contact" not in str(trail)


def test_the_template_draws_everything_it_is_given(case):
    template = case_file._TEMPLATE.read_text()
    given = case_file.contents(case, contact=None)
    assert [key for key in given if f"data.{key}" not in template] == []
    assert [key for key in given["words"] if f"data.words.{key}" not in template] == []


def test_contact_details_only_when_asked_for_and_then_it_is_recorded(paper):
    assert ADDRESS not in paper()
    assert ADDRESS in paper(with_contact="on")
    assert Entry.objects.last().facts == {"contact_details": True}


def test_once_closed_contact_details_are_hidden_from_paper_too(people, case, paper, at):
    actions.answer(case, "Kiitos.", by=people.aino, at=at)
    assert ADDRESS not in paper(with_contact="on")
    assert Entry.objects.last().facts == {"contact_details": False}


def test_the_printing_itself_is_on_the_paper(paper):
    assert "Case printed for a records request" in paper()


def test_odd_letters_and_long_dialogues_fit(case, people, at):
    for number in range(60):
        text = f"Rivi {number} 😀 #panic() *b* $x$\n\n\tsisennetty " + "ä" * 300
        actions.record_note(case, text, by=people.aino, at=at)
    assert case_file.render(case, contact=None).startswith(b"%PDF-")


def test_the_same_case_gives_the_same_bytes(case):
    assert case_file.render(case, contact=None) == case_file.render(case, contact=None)


@pytest.mark.parametrize("name", ["outi", "mikko", "jaana", "viivi", "aada", "petra"])
def test_others_print_nothing(client, people, case, url, name):
    client.force_login(getattr(people, name))
    assert client.post(url, {"with_contact": "on"}).status_code == 404
    assert not Entry.objects.filter(action="handling.case.printed").exists()
