"""A report's PDF as a screen reader gets it: language, title, headings, tables, alternative texts, the order of its words.

Read by pypdf from the file itself. The compiler (typst, PDF/UA-1) refuses what it can check, such as a picture without its text;
here stands what it cannot know: that the words and their order are ours.
"""

import io
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from django.utils import translation
from pypdf import PdfReader

from palauteketju.insight import report_file, report_page, reports
from palauteketju.insight.periods import read_any
from palauteketju.insight.queries import ReleasedQuote
from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db
ACCESS = "thl-2/access"
QUOTE = "Hoitaja kuunteli rauhassa ja selitti kaiken."


@pytest.fixture
def report(units):
    for week in range(4):
        close(
            answers(units.keskusta, 9 + week),
            answers(units.keskusta, 3, value="2"),
            answers(units.keskusta, 8, stream=ACCESS, value="5"),
            answers(units.keskusta, 6, stream="kind", value="thanks"),
            answers(units.keskusta, 5, stream="comment", value="given"),
            on=MONDAY - (21 - 7 * week) * DAY,
        )
    decision = reports.Decision(
        unit=units.keskusta,
        title="Takaisinsoitto samana päivänä",
        stream=ACCESS,
        theme="",
        responsible="osastonhoitaja",
        state="done",
        decided_on=date(2026, 11, 1),
        due=date(2026, 11, 30),
        done_on=date(2026, 11, 20),
        effect="Soittoa odotetaan tunti.",
    )
    made = reports.ready_made(units.keskusta, read_any("2026-W47"), decisions=[decision])
    return replace(made, quotes=(ReleasedQuote("thanks", QUOTE),))


def read(report, language="fi"):
    with translation.override(language):
        return PdfReader(io.BytesIO(report_file.FORMATS["pdf"].write(report)))


def elements(reader):
    """The structure as it is read aloud: each element's role, itself, and the roles above it."""

    def walk(node, above):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from walk(child, above)
        elif isinstance(node, dict) and "/S" in node:
            yield node["/S"], node, above
            yield from walk(node.get("/K", []), (*above, node["/S"]))
        elif (
            isinstance(node, dict) and "/K" in node and "/Type" in node and node["/Type"] == "/StructTreeRoot"
        ):
            yield from walk(node["/K"], above)

    return list(walk(reader.trailer["/Root"]["/StructTreeRoot"], ()))


def words_of(reader):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_works(report, language):
    reader = read(report, language)
    root = reader.trailer["/Root"]
    with translation.override(language):
        title = report_page.page_of(report).title

    assert root["/Lang"] == language
    assert reader.metadata.title == title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_the_words_are_in_the_order_of_the_page(report):
    words = words_of(read(report))
    with translation.override("fi"):
        page = report_page.page_of(report)
    expected = [
        page.title,
        page.sentences[0],
        page.recommendation.label,
        page.line.caption,
        page.statements.caption,
        page.counts[0].caption,
        QUOTE,
        page.decisions[0].title,
        page.decisions[0].effect,
        page.withheld[-1],
    ]

    places = []
    for part in expected:
        found = words.find(re.sub(r"\s+", " ", part), places[-1] if places else 0)
        assert found >= 0, part
        places.append(found)


def test_headings_go_down_step_by_step(report):
    levels = [int(role[2:]) for role, _node, _above in elements(read(report)) if re.fullmatch(r"/H\d", role)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(levels) >= 6


def test_each_picture_tells_what_it_shows(report):
    told = [node.get("/Alt") for role, node, _above in elements(read(report)) if role == "/Figure"]
    with translation.override("fi"):
        page = report_page.page_of(report)
    charts = [page.line, page.statements, *page.counts]

    assert all(told)
    assert {chart.description for chart in charts} <= {str(text) for text in told}


def test_each_table_has_a_head(report):
    found = elements(read(report))
    tables = sum(role == "/Table" for role, _node, _above in found)
    heads = [above for role, _node, above in found if role == "/TH"]

    assert tables >= 3
    assert heads
    assert all("/Table" in above for above in heads)
    assert sum(role == "/THead" for role, _node, _above in found) == tables


def test_the_fonts_travel_with_it(report):
    for page in read(report).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            [inner] = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            assert any(key.startswith("/FontFile") for key in descriptor)
            assert "/ToUnicode" in font.get_object()


def test_the_file_says_nothing_else_of_itself(report):
    """No clock, no name of who made it, no path."""
    about = read(report).metadata

    assert set(about) <= {"/Title", "/Author", "/Creator"}
    assert about.author == "Esimerkkilän hyvinvointialue"


def test_the_quotes_are_those_that_were_released(client, report):
    words = words_of(read(report))
    without = words_of(read(replace(report, quotes=())))

    assert words.count(QUOTE) == 1
    assert QUOTE not in without
    # One heading, the quote and its kind are all that the quotes add.
    added = set(words.split()) - set(without.split())
    assert added <= {*QUOTE.split(), *["Asiakkaiden", "omin", "sanoin"]}
