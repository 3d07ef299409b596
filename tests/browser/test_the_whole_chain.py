"""The whole chain in a real browser: the customer on a phone, staff at a desk."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from palauteketju.handling.models import Case
from palauteketju.insight.periods import week_of
from palauteketju.intake.models import Feedback
from palauteketju.operations import clock
from palauteketju.organisation.models import Role
from palauteketju.sms.actions import accept_events
from palauteketju.sms.service_events import ServiceEvent
from tests.browser.conftest import AT_400_PERCENT, DESKTOP, let_jobs_run, scrolls_sideways
from tests.journeys.conftest import next_morning

pytestmark = pytest.mark.browser

WORDS = "Odotin kaksi tuntia Sinikello-huoneessa, eikä kukaan kertonut miksi."
ANSWER = "Kiitos palautteesta. Odotusajat kerrotaan nyt aulan taululla."
MEASURE = "Odotusaika kerrotaan aulan taululla"


@pytest.fixture
def desk(open_browser, county):
    """Staff at a desk, with dark colours."""
    return lambda name: open_browser(viewport=DESKTOP, as_=getattr(county.people, name), color_scheme="dark")


@pytest.fixture
def figures(county, customer):
    """Twelve customers gave ratings, and the next morning came."""

    def make(n=12):
        for _ in range(n):
            customer.give("/p/keskusta/", answers__nps="9", answers__access="5", answers__caring="4")
        clock.tick(at=next_morning())

    return make


def choose(page, name, value):
    page.locator(f'input[name="{name}"][value="{value}"]').check()


def send(page):
    page.locator('main form:not([role="search"]) button[type="submit"].button').last.click()


def what_to_mend_has_the_focus(page):
    page.locator(".errors:focus").wait_for()


def test_it_works(page, desk, county, figures, check_page, postbox):
    receipt = the_customer_gives_feedback(page, check_page)
    let_jobs_run()
    the_handler_answers(desk("aino"), check_page)
    the_customer_reads_the_answer(page, receipt, check_page)
    figures()
    the_work_community_reads_the_report(desk("jaana"), check_page)
    address = the_handler_records_a_measure(desk("aino"), check_page)
    communications_approves(desk("viivi"), address, check_page)
    everybody_reads_of_it(page, check_page)


def the_customer_gives_feedback(page, check_page):
    page.goto("/")
    check_page(page)
    page.get_by_role("link", name="Keskustan terveysasema en").click()
    check_page(page)

    page.locator('textarea[name="text"]').fill(WORDS)
    send(page)
    # The first question was not answered: what to mend has the focus, and nothing is lost.
    what_to_mend_has_the_focus(page)
    assert page.title().startswith("Error:")
    assert page.locator('textarea[name="text"]').input_value() == WORDS
    check_page(page)

    page.locator(".errors a").first.click()
    choose(page, "answers.nps", "3")
    choose(page, "wants_answer", "yes")
    choose(page, "way", "receipt")
    send(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you for your feedback"
    assert "We answer by" in page.locator("main").inner_text()
    check_page(page)
    return page.locator("p.code").inner_text()


def the_handler_answers(page, check_page):
    page.goto("/tyolista/")
    assert "14 days left" in page.locator("main").inner_text()
    check_page(page)
    page.locator("a.row-title").click()
    assert WORDS in page.locator("main").inner_text()
    check_page(page)

    reply = page.locator('form[action$="/vastaa/"]')
    reply.locator('textarea[name="text"]').fill(ANSWER)
    choose(page, "kind", "response")
    reply.locator('button.button[value="preview"]').click()
    assert ANSWER in page.locator("main").inner_text()
    check_page(page)
    page.locator('button[value="send"]').click()
    assert Case.objects.get().is_closed
    check_page(page)


def the_customer_reads_the_answer(page, receipt, check_page):
    page.goto("/palautteeni/")
    check_page(page)
    page.locator('input[name="code"]').fill("1111 2222 3333 4444")
    send(page)
    what_to_mend_has_the_focus(page)
    page.locator('input[name="code"]').fill(receipt)
    send(page)
    assert ANSWER in page.locator("main").inner_text()
    assert receipt.replace(" ", "") not in page.url
    check_page(page)


def the_work_community_reads_the_report(page, check_page):
    week = week_of(timezone.localdate(next_morning()))
    page.goto(f"/raportit/keskusta/?viikko={week}")
    told = page.locator("main").inner_text()
    assert "13 answers" in told
    assert "Sinikello" not in told
    check_page(page)


def the_handler_records_a_measure(page, check_page):
    today = timezone.localdate()
    page.goto("/toimenpiteet/uusi/")
    check_page(page)
    send(page)
    what_to_mend_has_the_focus(page)
    check_page(page)
    page.locator('[name="title"]').fill(MEASURE)
    page.locator('[name="responsible"]').fill("osastonhoitaja")
    page.locator('[name="due"]').fill((today + timedelta(days=30)).isoformat())
    page.locator('[name="period_from"]').fill(today.isoformat())
    page.locator('[name="period_to"]').fill((today + timedelta(days=1)).isoformat())
    page.locator('select[name="about"]').select_option("thl-2/access")
    send(page)
    assert page.get_by_role("heading", level=1).inner_text() == MEASURE
    check_page(page)
    return re.search(r"/toimenpiteet/\d+/", page.url)[0]


def communications_approves(page, address, check_page):
    page.goto("/toimenpiteet/")
    check_page(page)
    page.goto(address)
    page.get_by_role("button", name="Approve for publication").click()
    check_page(page)


def everybody_reads_of_it(page, check_page):
    for address in ("/tulokset/", "/tulokset/keskusta/"):
        page.goto(address)
        assert MEASURE in page.locator("main").inner_text()
        check_page(page)
    assert "13" in page.locator("main").inner_text()


def test_without_javascript_nothing_is_missing(open_browser, county):
    page = open_browser(java_script_enabled=False)
    page.goto("/p/keskusta/")
    page.locator('textarea[name="text"]').fill(WORDS)
    choose(page, "wants_answer", "yes")
    choose(page, "way", "email")
    page.locator('input[name="email"]').fill("sirkka at posti")
    send(page)
    assert page.locator(".errors li").count() == 2
    assert page.locator('textarea[name="text"]').input_value() == WORDS
    assert page.locator('input[name="email"]').input_value() == "sirkka at posti"

    choose(page, "answers.nps", "7")
    page.locator('input[name="email"]').fill("sirkka@posti.example")
    send(page)
    assert page.locator("p.code").count() == 1
    assert Feedback.objects.get().text == WORDS


def test_the_keyboard_alone_is_enough(page, county):
    page.goto("/p/keskusta/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")

    tab_to(page, "answers.nps")
    page.keyboard.press("Space")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    tab_to(page, "text")
    page.keyboard.type("Kiitos. Ääkkösetkin käyvät.")
    tab_to(page, "needs_attention")
    page.keyboard.press("Space")
    tab_to(page, "wants_answer")
    page.keyboard.press("ArrowDown")
    tab_to(page, "way")
    page.keyboard.press("Space")
    tab_to(page, "", tag="BUTTON")
    page.keyboard.press("Enter")

    page.locator("p.code").wait_for()
    given = Feedback.objects.get()
    assert given.answers == {"nps": "9"}
    assert (given.text, given.needs_attention, given.wants_answer) == (
        "Kiitos. Ääkkösetkin käyvät.",
        True,
        True,
    )


def tab_to(page, name, tag=""):
    """Press Tab until the focus is there; each stop on the way can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();"
            " return {name: e.name || '', tag: e.tagName, type: e.type || '', visible: b.width > 0 && b.height > 0}; })()"
        )
        assert at["visible"], at
        if (tag and at["tag"] == tag and at["type"] == "submit") or (not tag and at["name"] == name):
            return
    raise AssertionError(f"Tab never came to {name or tag}.")


def test_at_four_hundred_percent_nothing_scrolls_sideways(open_browser, county, customer, figures):
    customer.give("/p/keskusta/", answers__nps="3", text=WORDS, wants_answer="yes", way="receipt")
    let_jobs_run()
    figures()
    page = open_browser(viewport=AT_400_PERCENT)
    for address in ("/", "/p/keskusta/", "/palautteeni/", "/tulokset/", "/tulokset/keskusta/", "/kirjaudu/"):
        page.goto(address)
        assert not scrolls_sideways(page), address
    page.goto("/p/keskusta/")
    choose(page, "answers.nps", "10")
    send(page)
    assert page.locator("p.code").count() == 1
    assert not scrolls_sideways(page)

    # Finnish, and every other page, is passed in test_every_page: here the longest words of the other languages.
    week = week_of(timezone.localdate(next_morning()))
    page = open_browser(viewport=AT_400_PERCENT, as_=county.people.aino)
    for address in (
        "/tyolista/",
        f"/kasittely/{Case.objects.get().pk}/",
        f"/raportit/keskusta/?viikko={week}",
        "/toimenpiteet/uusi/",
        "/materiaalit/",
        "/palautteet/",
    ):
        for language in ("en", "sv"):
            page.goto(f"{address}{'&' if '?' in address else '?'}kieli={language}")
            assert not scrolls_sideways(page), (address, language)


@pytest.mark.parametrize("address", ["/p/keskusta/?k=qr", "/tulokset/keskusta/", "/?haku=terveys"])
def test_another_language_is_the_same_page(page, county, address):
    page.goto(address)
    page.get_by_role("link", name="Svenska").click()
    assert page.url.partition("?")[0].endswith(address.partition("?")[0])
    assert page.locator("html").get_attribute("lang") == "sv"
    for part in address.partition("?")[2].split("&"):
        assert part in page.url
    # It is remembered.
    page.goto("/palautteeni/")
    assert page.locator("html").get_attribute("lang") == "sv"


def test_a_survey_by_text_message_is_answered_on_the_phone(page, county, live_server, settings, check_page):
    settings.PUBLIC_ADDRESS = live_server.url
    yesterday = timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=1), time(9)))
    visit = ServiceEvent(
        event_id="e1",
        phone="+358401234567",
        occurred_at=yesterday - timedelta(days=1),
        visit_type="",
        language="fi",
        birth_year=1980,
        municipality="",
        unit="keskusta",
        permission=True,
        non_disclosure=False,
        phones_on_file=1,
    )
    accept_events([visit], at=yesterday)
    clock.tick(at=yesterday.replace(hour=12))

    page.goto("/puhelin/")
    check_page(page)
    page.locator("main section a").click()
    check_page(page)
    send(page)
    what_to_mend_has_the_focus(page)
    check_page(page)
    choose(page, "answers.nps", "8")
    send(page)
    check_page(page)
    assert Feedback.objects.get().channel == "sms"


def test_staff_sign_in_and_come_where_they_were_going(open_browser, county, check_page):
    aada = county.people.aada
    aada.set_password("orava hyppäsi kuuseen")
    aada.save()
    Role.objects.create(person=aada, kind=Role.Kind.HANDLER, unit=county.units.keskusta)
    page = open_browser(viewport=DESKTOP)
    page.goto("/hallinta/")
    check_page(page)
    page.locator('input[name="username"]').fill("aada")
    page.locator('input[name="password"]').fill("wrong")
    send(page)
    what_to_mend_has_the_focus(page)
    check_page(page)
    page.locator('input[name="username"]').fill("aada")
    page.locator('input[name="password"]').fill("orava hyppäsi kuuseen")
    send(page)
    assert page.url.endswith("/hallinta/")
