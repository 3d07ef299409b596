"""Take chain.png anew from a running demo: the customer's form, the handler's case, the week's report, the results.

    script/demo --data DIR --port 8000
    .venv/bin/python -m docs.pictures.take http://127.0.0.1:8000 DIR

It gives a feedback to the handler's unit, as a customer would, and signs in as the handler.
"""

# ruff: noqa: INP001 - a script beside its picture; docs are no package
import sys
import tomllib
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser_program import launch

PHONE = {"width": 390, "height": 900}
DESK = {"width": 1180, "height": 900}
WORDS = "Odotin kaksi tuntia, mutta hoitaja oli ystävällinen. Kuka vastaa jatkosta?"
# Longer than triage needs.
UNTIL_TRIAGED_MS = 6000


def main(address: str, folder: str) -> None:
    logins = tomllib.loads((Path(folder) / "demo-logins.toml").read_text(encoding="utf-8"))
    with sync_playwright() as playwright:
        browser = launch(playwright)
        desk = _open(browser, address, DESK)
        desk.goto("/kirjaudu/")
        desk.fill('[name="username"]', logins["handler"]["user"])
        desk.fill('[name="password"]', logins["handler"]["password"])
        desk.click('main button[type="submit"]')
        desk.goto("/raportit/")
        report, unit = desk.screenshot(), desk.url.rstrip("/").rsplit("/", 1)[1]

        phone = _open(browser, address, PHONE)
        phone.goto(f"/p/{unit}/")
        form = phone.screenshot()
        phone.check('[name="answers.nps"][value="3"]')
        phone.fill('[name="text"]', WORDS)
        phone.check('[name="wants_answer"][value="yes"]')
        phone.check('[name="way"][value="receipt"]')
        phone.click('main form button[type="submit"]')
        phone.goto("/tulokset/")
        results = phone.screenshot()

        desk.wait_for_timeout(UNTIL_TRIAGED_MS)
        desk.goto("/tyolista/?tila=uudet")
        desk.locator(".rows .row-title").last.click()
        case = desk.screenshot()
        _compose(browser, [form, case, report, results])
        browser.close()


def _open(browser: Browser, address: str, size: dict[str, int]) -> Page:
    return browser.new_context(viewport=size, base_url=address, locale="fi-FI").new_page()


def _compose(browser: Browser, shots: list[bytes]) -> None:
    pictures = "".join(f'<img src="data:image/png;base64,{b64encode(shot).decode()}">' for shot in shots)
    width = PHONE["width"] + DESK["width"] + 3 * 24
    page = browser.new_context(viewport={"width": width, "height": 100}).new_page()
    page.set_content(
        "<body style='margin:0;padding:24px;background:#d5dfe1;display:flex;flex-wrap:wrap;gap:24px;"
        f"width:{width - 48}px'>{pictures}"
    )
    page.screenshot(path=Path(__file__).with_name("chain.png"), full_page=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
