"""A real browser beside a real server; every page passed is held against axe."""

from pathlib import Path
from threading import Thread

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.browser_program import launch
from tests.journeys import conftest as journeys

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = (
    "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],"
    " resultTypes: ['violations'], iframes: false}"
)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
# What 1280 pixels are when everything is shown four times as large.
AT_400_PERCENT = {"width": 320, "height": 256}

committed, county, customer, postbox = (
    journeys.committed,
    journeys.county,
    journeys.customer,
    journeys.postbox,
)


# Of a module, not of the run: while it stands its loop runs in this thread, and other tests start loops of their own.
@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        program = launch(playwright)
        yield program
        program.close()


@pytest.fixture
def open_browser(browser, live_server):
    """A browser of somebody's own: `open_browser(viewport=DESKTOP, as_="aino")` is one in which Aino has signed in.

    Whatever is asked of another host fails the test: customers' visits are nobody else's business.
    """
    contexts, strangers = [], []

    def open_browser(*, viewport=PHONE, as_=None, **more):
        more.setdefault("locale", "en-GB")
        context = browser.new_context(viewport=viewport, base_url=live_server.url, **more)
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on(
            "request",
            lambda request: (
                None if request.url.startswith((live_server.url, "data:")) else strangers.append(request.url)
            ),
        )
        if as_:
            client = Client()
            client.force_login(as_)
            context.add_cookies(
                [
                    {
                        "name": settings.SESSION_COOKIE_NAME,
                        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                        "url": live_server.url,
                    }
                ]
            )
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    assert strangers == []


@pytest.fixture
def page(open_browser):
    """A customer's phone."""
    return open_browser()


@pytest.fixture
def check_page():
    """Hold the page against axe and say what it found; it has one heading and a title, and does not scroll sideways."""

    def check(page):
        # Evaluated, not added as a script: the pages' own policy forbids scripts, as it should.
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        # Only what is wrong crosses to this process: all else is most of what axe returns, and most of the time.
        found = page.evaluate(
            f"axe.run(document, {RULES}).then(found => found.violations"
            ".map(each => [each.id, each.nodes.map(node => node.html)]))"
        )
        told = [(rule, [html[:200] for html in nodes]) for rule, nodes in found]
        assert told == [], f"{page.url}: {told}"
        assert page.locator("h1").count() == 1, f"{page.url} has no heading, or several"
        assert page.title().partition(" – ")[0], f"{page.url} has no title of its own"
        assert not scrolls_sideways(page), f"{page.url} scrolls sideways"

    return check


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def let_jobs_run():
    """What a worker would do now; in a thread, because Playwright's loop runs in this one."""
    working = Thread(target=journeys.let_jobs_run)
    working.start()
    working.join()
