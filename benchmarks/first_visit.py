"""What a first visit to the form costs: requests and bytes, counted by a real browser with an empty cache.

.venv/bin/python -m benchmarks.first_visit
"""

from playwright.sync_api import sync_playwright

from benchmarks.stage import stage
from tests.browser_program import launch


def main() -> None:
    with stage(with_worker=False, units=5) as on, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        sizes = []
        page.on("requestfinished", lambda request: sizes.append((request.url, request.sizes())))
        page.goto(f"http://127.0.0.1:{on.port}/p/y001/", wait_until="networkidle")
        browser.close()
    total = 0
    for url, size in sizes:
        sent = size["responseBodySize"] + size["responseHeadersSize"]
        total += sent
        print(f"{sent:>8} bytes  {url.split('/', 3)[3]}")
    print(f"requests: {len(sizes)}, bytes: {total}")


if __name__ == "__main__":
    main()
