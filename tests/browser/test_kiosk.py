"""A kiosk: one screen for everybody, on which nothing of one person is left for the next."""

import pytest

pytestmark = pytest.mark.browser

FORM = "/p/keskusta/?k=kiosk&kieli=en"


@pytest.fixture
def kiosk(page, county):
    """Its form, with a clock that the test turns."""
    page.clock.install()
    page.goto(FORM)
    return page


def ask(page):
    return page.get_by_role("dialog", name="Are you still there?")


def give(page):
    page.locator('input[name="answers.nps"][value="9"]').check()
    page.get_by_role("button", name="Send the feedback").click()
    page.get_by_role("heading", name="Your receipt code").wait_for()


def test_it_works(kiosk, check_page):
    give(kiosk)
    kiosk.clock.run_for(61_000)
    ask(kiosk).wait_for()
    check_page(kiosk)
    kiosk.clock.run_for(21_000)
    kiosk.locator('input[name="answers.nps"]').first.wait_for()
    assert kiosk.locator('input[name="answers.nps"]:checked').count() == 0


def test_whoever_is_still_there_goes_on(kiosk):
    give(kiosk)
    kiosk.clock.run_for(61_000)
    ask(kiosk).get_by_role("button", name="Continue").click()
    kiosk.clock.run_for(59_000)
    kiosk.get_by_role("heading", name="Your receipt code").wait_for()
    assert not ask(kiosk).is_visible()


def test_a_form_left_half_filled_is_emptied(kiosk):
    kiosk.locator("textarea[name=text]").fill("Odotin kaksi tuntia.")
    kiosk.clock.run_for(121_000)
    ask(kiosk).wait_for()
    with kiosk.expect_navigation():
        kiosk.clock.run_for(21_000)
    assert kiosk.locator("textarea[name=text]").input_value() == ""


def test_a_form_nobody_touches_asks_nothing(kiosk):
    kiosk.clock.run_for(600_000)
    assert not ask(kiosk).is_visible()


def test_a_form_elsewhere_is_left_alone(page, county):
    page.goto("/p/keskusta/?kieli=en")
    assert page.locator("#kiosk").count() == 0
    assert page.locator("script").count() == 0
