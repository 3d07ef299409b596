"""The demo's phones at /puhelin/ and the visits imitated there."""

import re

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.organisation import rules
from palauteketju.sms.actions import send_due
from palauteketju.sms.gateways import gateway_from_settings
from palauteketju.sms.models import OutgoingSms

URL = "/puhelin/"


@pytest.fixture
def around_the_clock(settings, tmp_path, units):
    """As in the demo: messages leave at any hour."""
    settings.SMS_SIMULATOR_DIR = tmp_path / "simulator"
    settings.COUNTY_FILE = settings.PACKAGE / "project" / "demo_county.toml"
    rules.county_rules.cache_clear()
    yield
    settings.COUNTY_FILE = None
    rules.county_rules.cache_clear()


def imitate(client, unit="keskusta", language="sv"):
    return client.post(URL, {"unit": unit, "language": language})


def test_it_works(client, around_the_clock):
    assert imitate(client).status_code == 200
    assert ProcrastinateJob.objects.get(task_name="palauteketju.send_sms").args == {}
    assert send_due(at=timezone.now(), gateway=gateway_from_settings()) == 1

    shown = client.get(URL).content.decode()
    link = re.search(r'href="http://127.0.0.1:8000(/v/[a-z0-9]+/)"', shown)[1]
    assert "hur fungerade servicen" in shown
    assert '<html lang="sv">' in client.get(link).content.decode()


def test_each_visit_has_a_phone_of_its_own_and_the_newest_is_first(client, around_the_clock):
    for unit in ("keskusta", "psyk"):
        imitate(client, unit)
        send_due(at=timezone.now(), gateway=gateway_from_settings())

    shown = client.get(URL).content.decode()
    assert len(re.findall(r"\+35845700\d{5}", shown)) == 2
    assert shown.count("(Keskustan terveysasema sv)") == 1
    assert shown.index("hur fungerade servicen?") < shown.index("(Keskustan terveysasema sv)")


def test_a_message_that_must_wait_says_when_it_leaves(client, units, settings, tmp_path):
    is_morning = timezone.localtime().hour < 12
    opens, closes, shown = (
        ("20:00:00", "23:00:00", "20.00") if is_morning else ("01:00:00", "02:00:00", "1.00")
    )
    settings.SMS_SIMULATOR_DIR = tmp_path / "simulator"
    settings.COUNTY_FILE = tmp_path / "county.toml"
    settings.COUNTY_FILE.write_text(
        f"[sms]\nwindow_opens = {opens}\nwindow_closes = {closes}\n", encoding="utf-8"
    )
    rules.county_rules.cache_clear()
    try:
        page = imitate(client).content.decode()
    finally:
        settings.COUNTY_FILE = None
        rules.county_rules.cache_clear()

    assert f" {shown}." in page
    assert not ProcrastinateJob.objects.exists()


def test_an_empty_network_tells_what_to_do(client, around_the_clock):
    shown = client.get(URL).content.decode()

    assert 'class="empty"' in shown


@pytest.mark.parametrize("unit", ["koti", "ei-ole", ""])
def test_a_unit_without_surveys_cannot_be_visited(client, around_the_clock, unit):
    assert imitate(client, unit).status_code == 422
    assert not OutgoingSms.objects.exists()


def test_an_unknown_language_is_refused(client, around_the_clock):
    assert imitate(client, language="de").status_code == 422


@pytest.mark.parametrize("gateway", ["none", "http"])
def test_there_is_no_such_page_with_another_gateway(client, units, settings, gateway):
    settings.SMS_GATEWAY = gateway

    assert client.get(URL).status_code == 404
    assert imitate(client).status_code == 404
