"""Every page that has an address, found in the program's own list of them, passes axe and fits a narrow window."""

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from palauteketju.handling.actions.reply_templates import add_template
from palauteketju.improvement import boards
from palauteketju.organisation import actions as organisation
from palauteketju.organisation.models import Integration
from tests.browser.conftest import AT_400_PERCENT, PHONE, scrolls_sideways
from tests.handling import conftest as handling
from tests.improvement import conftest as improvement

give, open_case = handling.give, handling.open_case
figures, plan, recorded, approved = (
    improvement.figures,
    improvement.plan,
    improvement.recorded,
    improvement.approved,
)

pytestmark = pytest.mark.browser

# Who opens it: the first of these who may. Nobody signed in comes first.
WHO = (None, "aino", "mikko", "viivi", "aada", "petra")
# Nobody opens these by the address alone; where they are passed instead.
OPENED_OTHERWISE = {
    "sms:answer_survey": "opened from the text message in test_the_whole_chain",
    "improvement:revise": "opened while a measure waits for approval; the same form as improvement:record",
}
MORE = {
    "aino": [
        "/raportit/keskusta/?viikko=2026-W47",
        "/raportit/keskusta/?kuukausi=2026-11",
        "/raportit/keskusta/?tertiaali=2026-3",
        "/raportit/keskusta/?vuosi=2026",
        *(f"/raportit/keskusta/kokous/?viikko=2026-W47&vaihe={step}" for step in (1, 2, 3, 4)),
        "/tyolista/?tila=myohassa",
    ],
    None: [
        "/p/keskusta/?k=kiosk",
        "/?haku=terveys",
        "/?haku=zzzz",
        "/p/ei-ole/",
        "/tulokset/psyk/",
        "/ei-ole/",
    ],
}


@pytest.fixture
def examples(county, approved, open_case, people, units):
    """One of each thing that has a page, as the arguments of addresses."""
    now = timezone.now()
    case = open_case(way="letter", value="Maija\n00100 Helsinki", at=now)
    template = add_template(
        units.keskusta, language="fi", name="Kiitos", text="Kiitos.", by=people.aino, at=now
    )
    organisation.add_integration(
        "Effica", right=Integration.Right.FEEDBACK, unit=units.health, by=people.aada, at=now
    )
    token = boards.open_board(units.keskusta, by=people.aino, at=now)
    return {
        "case_id": case.pk,
        "feedback_id": case.feedback_id,
        "template_id": template.pk,
        "measure_id": approved.pk,
        "person_id": people.eero.pk,
        "token": token,
        "code": "keskusta",
    }


def named_addresses(examples):
    """The name and the address of every view that needs no more than the examples; the API has no pages."""
    for name, arguments in sorted(_named(get_resolver().url_patterns)):
        areas = {"code": "terveys"} if name in {"insight:comparison", "improvement:meetings"} else {}
        areas |= {"code": "parking"} if name == "handling:theme_words" else {}
        if arguments <= examples.keys():
            yield name, reverse(name, kwargs={each: (examples | areas)[each] for each in arguments})


def _named(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if not str(pattern.pattern).startswith("api/"):
                yield from _named(
                    pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space
                )
        elif pattern.name:
            yield f"{space}{pattern.name}", frozenset(pattern.pattern.converters)


def pages(clients, examples):
    """Who may open which page. What only takes what is sent (405), leads on to another page, or is a file is no page."""
    found = {who: list(MORE.get(who, [])) for who in WHO}
    for name, address in named_addresses(examples):
        for who, client in clients.items():
            response = client.get(address)
            if response.status_code == 405 or _leads_on(response):
                break
            if response.status_code == 200:
                if response["Content-Type"].startswith("text/html"):
                    found[who].append(address)
                break
        else:
            assert name in OPENED_OTHERWISE, f"Nobody of {WHO} may open {address}."
    return found


def _leads_on(response):
    return response.status_code == 302 and not response["Location"].startswith("/kirjaudu/?")


def test_it_works(examples, people, open_browser, check_page):
    clients = {}
    for who in WHO:
        clients[who] = Client(headers={"Accept-Language": "fi"})
        if who:
            clients[who].force_login(getattr(people, who))
    found = pages(clients, examples)

    assert sum(map(len, found.values())) > 60
    titles = {}
    for who, addresses in found.items():
        page = open_browser(viewport=PHONE, as_=getattr(people, who) if who else None, locale="fi-FI")
        for address in addresses:
            page.set_viewport_size(PHONE)
            page.goto(address)
            check_page(page)
            if examples["token"] not in address:  # the same board as by its own address
                titles.setdefault(page.title(), set()).add(address.partition("?")[0])
            page.set_viewport_size(AT_400_PERCENT)
            assert not scrolls_sideways(page), f"{address} scrolls sideways at 400 per cent"
    assert {title: alike for title, alike in titles.items() if len(alike) > 1} == {}
