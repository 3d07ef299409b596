"""/hallinta/heratteet/: chat channels, and what should have gone out and has not."""

import pytest

from palauteketju.handling import actions
from palauteketju.handling.models import ChatChannel
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Role

URL = "/hallinta/heratteet/"
URGENT = "Isäni jäi ilman hoitoa ja melkein kuoli."


@pytest.fixture
def filled(units):
    return {"unit": units.keskusta.pk, "format": "teams", "address": "https://example.fi/hook/sala"}


def test_it_works(english, people, filled):
    english.force_login(people.aada)
    assert english.post(URL, filled).url == URL
    channel = ChatChannel.objects.get()
    assert channel.reveal() == "https://example.fi/hook/sala"
    page = english.get(URL).content.decode()
    assert "Keskustan terveysasema" in page
    assert "hook/sala" not in page
    assert english.post(f"{URL}{channel.pk}/sulje/").url == URL
    channel.refresh_from_db()
    assert channel.closed_at


@pytest.mark.parametrize(
    "address", ["", "http://example.fi/", "https://10.0.0.1/", "https://user@example.fi/"]
)
def test_an_address_that_leads_inside_is_refused(english, people, filled, settings, address):
    settings.IS_PRODUCTION = True
    english.force_login(people.aada)
    assert english.post(URL, filled | {"address": address}).status_code == 422
    assert not ChatChannel.objects.exists()


def test_each_empty_field_says_what_to_do(english, people):
    english.force_login(people.aada)
    page = english.post(URL).content.decode()
    assert "Choose a unit or an area." in page
    assert "Choose which chat it is." in page
    assert "Write the webhook&#x27;s address. You get it from the chat." in page
    assert "This field is required." not in page


def test_an_administrator_of_an_area_has_no_channels_elsewhere(english, units, people, filled, at):
    added = actions.add_channel(
        units.koti,
        "https://example.fi/",
        of=ChatChannel.Format.TEXT,
        only_urgent=False,
        by=people.aada,
        at=at,
    )
    Role.objects.filter(person=people.aada).update(unit=units.health)
    english.force_login(people.aada)
    assert english.post(f"{URL}{added.pk}/sulje/").status_code == 404
    assert english.post(URL, filled | {"unit": units.koti.pk}).status_code == 422


def test_a_dead_mail_server_shows(english, open_case, people, settings, at):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    case = open_case(URGENT)
    with pytest.raises(MailNotSent):
        actions.send_prompts([case.prompts.get(person=people.aino).pk], at=at)

    english.force_login(people.aada)
    page = english.get(URL).content.decode()
    assert "ConnectionRefusedError" in page
    assert "aino@example.fi" not in page
    assert english.get("/health/ready").status_code == 200


def test_a_case_nobody_was_told_of_shows(english, open_case, units, people):
    Role.objects.exclude(person=people.aada).delete()
    open_case()
    english.force_login(people.aada)
    assert "Of 1 open case nobody has been told" in english.get(URL).content.decode()


@pytest.mark.parametrize("name", ["aino", "mikko", "jaana", "viivi", "petra"])
def test_others_have_no_such_page(english, people, name):
    english.force_login(getattr(people, name))
    assert english.get(URL).status_code == 404
