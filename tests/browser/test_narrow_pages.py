"""What stands on a page is readable and reachable on a phone, and the page of a case is whole on paper."""

from datetime import date

import pytest
from django.utils import timezone

from palauteketju.handling import actions
from palauteketju.handling.models import AnswerTimes
from tests.browser.conftest import PHONE, scrolls_sideways
from tests.handling import conftest as handling

give, open_case = handling.give, handling.open_case
NARROW = {"width": 320, "height": 640}
UNBROKEN = "kiitoskiitos" * 25

pytestmark = pytest.mark.browser


@pytest.fixture
def case(county, open_case, people):
    case = open_case(UNBROKEN, at=timezone.now())
    actions.record_note(case, UNBROKEN, by=people.aino, at=timezone.now())
    return case


@pytest.fixture
def times(county, units):
    month = timezone.localdate().replace(day=1)
    return AnswerTimes.objects.create(
        unit=units.keskusta,
        first_month=date(month.year - 1, 12, 1),
        last_month=month,
        cases=26,
        in_time=20,
        reaction_hours={"1": 26},
        response_hours={"90": 26},
        counted_at=timezone.now(),
    )


def parts_wider_than_their_column(page):
    """The cells whose label runs over the value beside it: a label is in the first column, 8rem wide."""
    return page.evaluate(
        """[...document.querySelectorAll('td[data-label]')].filter(cell =>
        cell.scrollWidth > cell.clientWidth || getComputedStyle(cell, '::before').whiteSpace == 'nowrap'
        ).map(cell => cell.dataset.label)"""
    )


@pytest.mark.parametrize("width", [320, 390])
def test_labels_of_answer_times_are_beside_their_values(times, people, open_browser, width):
    page = open_browser(viewport={"width": width, "height": 700}, as_=people.aino, locale="fi-FI")
    page.goto("/kasittelyajat/")
    assert page.locator("td[data-label]").count() > 0
    assert parts_wider_than_their_column(page) == []
    assert not scrolls_sideways(page)


def test_a_long_unbroken_word_breaks(case, people, give, open_browser):
    give(UNBROKEN, at=timezone.now())
    page = open_browser(viewport=NARROW, as_=people.aino)
    for address in ("/palautteet/", f"/kasittely/{case.pk}/"):
        page.goto(address)
        assert UNBROKEN in page.content()
        assert not scrolls_sideways(page), address


def test_what_stands_alone_is_large_enough_to_press(case, people, open_browser):
    def small(page):
        return page.evaluate(
            """[...document.querySelectorAll('.staff-me :is(a, button), .staff-foot a, p > a, .button-row > a')]
            .filter(each => each.textContent.trim() == each.parentElement.textContent.trim() || !each.closest('p'))
            .filter(each => each.getBoundingClientRect().height < 44).map(each => each.textContent)"""
        )

    for person, address in (
        (people.aino, f"/kasittely/{case.pk}/"),
        (people.aino, "/palautteet/"),
        (people.aino, "/lainaukset/"),
        (people.mikko, "/heratteet/"),
    ):
        page = open_browser(viewport=PHONE, as_=person)
        page.goto(address)
        assert small(page) == [], address


def test_a_case_prints_what_is_known_and_nothing_to_fill_in(case, people, open_browser):
    page = open_browser(as_=people.aino)
    page.goto(f"/kasittely/{case.pk}/")
    page.emulate_media(media="print")
    answers, days = page.locator("details.printed").all()
    assert answers.get_by_text("6 / 10").is_visible()
    assert days.locator("li").first.is_visible()
    assert not page.locator("#reply-box").is_visible()
    assert not page.get_by_label("What you want to say to the customer").is_visible()
