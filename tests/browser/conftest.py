"""A real browser beside a real server; every page passed is held against axe."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import sync_playwright

from tests.browser_program import launch

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        program = launch(playwright)
        yield program
        program.close()


@pytest.fixture
def page(browser, live_server):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=live_server.url, locale="fi-FI"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def check_page():
    """Hold the page against axe and say what it found; nothing may scroll sideways either."""

    def check(page):
        # Evaluated, not added as a script: the pages' own policy forbids scripts, as it should.
        page.evaluate(AXE)
        found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
        told = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]
        assert told == [], f"{page.url}: {told}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{page.url} scrolls sideways"
        )

    return check
