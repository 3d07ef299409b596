"""Long names on a narrow window, and what is closed on a page when it is printed."""

import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from palauteketju.improvement import boards
from palauteketju.organisation.models import Role
from tests.browser.conftest import DESKTOP, scrolls_sideways
from tests.improvement import conftest as improvement

figures = improvement.figures

pytestmark = pytest.mark.browser

LONG = "Erityislastentautienerikoissairaanhoidonosastot"
# The rectangles of the words themselves: a box may be narrower than what runs out of it.
WORDS = """() => [".staff-home", ".staff-me"].map(name => {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector(name), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (texts.currentNode.parentElement.closest(".hidden") || !texts.currentNode.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    found.push(...[...range.getClientRects()].map(box => [box.left, box.top, box.right, box.bottom]));
  }
  return found;
})"""


@pytest.fixture
def long_names(county, people, units):
    for unit, name in ((units.keskusta, f"{LONG}, Rantakylä"), (units.psyk, "Perhe- ja vammaispalvelut")):
        unit.name_fi = name
        unit.name_sv = name.replace("Perhe- ja vammaispalvelut", "Familje- och funktionshinderservice")
        unit.save()
    people.eero.first_name, people.eero.last_name = "Anna-Kristiina", "Korkeamäki-Söderström"
    people.eero.save()
    Role.objects.filter(person=people.eero).update(unit=units.psyk)
    return people


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("who", ["aino", "eero"])
def test_the_place_and_the_name_share_the_bar(open_browser, long_names, who, width, language):
    page = open_browser(viewport={"width": width, "height": 640}, as_=getattr(long_names, who))
    page.goto(f"/tyolista/?kieli={language}")

    place, me = page.evaluate(WORDS)

    assert place
    assert me
    assert [(one, other) for one in place for other in me if overlap(one, other)] == []
    assert all(left >= 0 and right <= width for left, _top, right, _bottom in [*place, *me])


@pytest.mark.parametrize("width", [320, 1280])
def test_a_long_word_breaks_instead_of_moving_the_page(open_browser, long_names, units, figures, width):
    page = open_browser(viewport={"width": width, "height": 800}, as_=long_names.mikko)
    token = boards.open_board(units.keskusta, by=long_names.aino, at=timezone.now())
    for address in (
        "/raportit/terveys/vertailu/?kieli=fi",
        "/raportit/keskusta/?viikko=2026-W47",
        f"/raportit/keskusta/taulu/{token}/",
    ):
        page.goto(address)
        assert LONG in page.content()
        assert not scrolls_sideways(page), address


def test_a_printed_report_has_its_numbers(open_browser, county, people, figures):
    page = open_browser(viewport=DESKTOP, as_=people.jaana)
    page.goto("/raportit/keskusta/?viikko=2026-W47&kieli=en")
    table = page.locator("figure table").last
    assert not table.is_visible()

    paper = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)

    # Heads of the tables, which are nowhere else.
    assert "95% interval" in " ".join(paper.split())
    assert "Number" in paper
