"""The handler's day by keyboard and on a phone, in a real browser."""

import pytest
from django.utils import timezone

from palauteketju.handling import actions
from palauteketju.handling.actions.reply_templates import add_template
from tests.browser.conftest import scrolls_sideways
from tests.handling.conftest import give, open_case  # noqa: F401 - fixtures asked for by name

URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cases(transactional_db, open_case, people):  # noqa: F811 - pytest's way to ask for a fixture
    now = timezone.now()
    made = [
        open_case(URGENT, way=None, at=now),
        open_case(way="letter", value="Maija\n00100 Helsinki", at=now),
        # Needs nothing, and may be closed with others.
        open_case(URGENT, way=None, at=now),
    ]
    actions.record_reading(made[1], by=people.eero, at=now)
    actions.remove_urgency(made[2], by=people.eero, at=now)
    return made


@pytest.fixture
def signed_in(page, client, people, cases, live_server):
    client.force_login(people.aino)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.id")


def test_the_list_is_walked_by_keys(signed_in, cases):
    page = signed_in
    page.goto("/tyolista/")
    page.keyboard.press("j")
    assert focused(page) == f"/kasittely/{cases[0].pk}/"
    page.keyboard.press("j")
    assert focused(page) == f"/kasittely/{cases[1].pk}/"
    page.keyboard.press("k")
    assert focused(page) == f"/kasittely/{cases[0].pk}/"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.is_checked(f"#choose_{cases[2].pk}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/kasittely/{cases[2].pk}/")


def test_the_keys_rest_while_one_types_and_when_they_are_turned_off(signed_in, cases):
    page = signed_in
    page.goto(f"/kasittely/{cases[0].pk}/")
    page.keyboard.press("r")
    assert focused(page) == "reply_text"
    page.keyboard.type("jukurun?/")
    assert page.input_value("#reply_text") == "jukurun?/"

    page.goto("/tyolista/")
    page.keyboard.press("?")
    page.uncheck("#shortcuts_on")
    page.reload()
    page.keyboard.press("j")
    assert focused(page) != f"/kasittely/{cases[0].pk}/"


def test_who_leaves_with_an_unsent_text_is_asked_first(signed_in, cases):
    page, asked = signed_in, []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    address = f"/kasittely/{cases[1].pk}/"
    page.goto(address)
    page.fill("#reply_text", "Kiitos palautteestasi.")
    page.click("a[data-key=u]")
    page.click("text=Show the contact details")
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"] * 2
    assert page.url.endswith(address)
    assert page.input_value("#reply_text") == "Kiitos palautteestasi."

    page.click("text=Save the draft")
    page.wait_for_url(f"**{address}")
    page.click("a[data-key=u]")
    page.wait_for_url("**/tyolista/")
    assert len(asked) == 2


def test_the_contact_details_that_were_asked_for_have_the_focus(signed_in, cases):
    page = signed_in
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/kasittely/{cases[1].pk}/")
    page.click("text=Show the contact details")
    page.wait_for_selector("text=00100 Helsinki")
    assert "00100 Helsinki" in page.evaluate("document.activeElement.textContent")
    assert page.evaluate("scrollY") > 0


def test_the_keys_open_what_is_folded(signed_in, cases):
    page = signed_in
    page.goto(f"/kasittely/{cases[0].pk}/")
    assert not page.is_visible("#reply_text")
    page.keyboard.press("r")
    assert focused(page) == "reply_text"


def test_on_a_phone_the_urgency_is_at_the_top_and_one_step_from_its_judgement(signed_in, cases):
    page = signed_in
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/kasittely/{cases[0].pk}/")
    assert page.is_visible(".place .badge.urgent")
    assert page.is_visible(".on-phone")
    page.click("a[href='#urgency']")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "urgent"

    page.set_viewport_size({"width": 1280, "height": 800})
    assert not page.is_visible(".on-phone")


def test_the_pages_pass_axe_in_each_width_and_scheme(signed_in, check_page, cases, people, units):
    page = signed_in
    text = "Kiitos palautteestasi. Olemme käsitelleet sen yksikössä."
    add_template(units.keskusta, language="fi", name="Kiitos", text=text, by=people.aino, at=timezone.now())

    def check():
        # What can be read depends on the colours, what can be reached on the width: no need of each with each.
        for width, scheme in ((320, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            check_page(page)
        page.set_viewport_size({"width": 390, "height": 844})
        assert not scrolls_sideways(page)

    page.goto("/tyolista/")
    page.keyboard.press("?")
    check()
    page.check(f"#choose_{cases[2].pk}")
    page.click("button[form=together], #together button")
    check()
    page.goto(f"/kasittely/{cases[0].pk}/")
    check()
    page.goto(f"/kasittely/{cases[1].pk}/")
    check()
    page.fill("#reply_text", f"{text} Olemme muuttaneet ajat.")
    page.check("#reply_kind_1")
    page.click("button.button[value=preview]")
    check()
    page.goto("/tyolista/haku/")
    page.fill("#search_words", "hoito")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rows")
    check()
