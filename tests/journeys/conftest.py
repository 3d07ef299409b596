"""Customers, staff and the clock, as the journeys meet them."""

import re
from datetime import datetime, time, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from palauteketju.operations import clock, worker
from palauteketju.surveys.actions import take_into_use
from palauteketju.surveys.library import question_sets
from tests.handling import conftest as handling

committed = handling.committed
postbox = handling.postbox


@pytest.fixture
def county(committed, settings, tmp_path, people, units):
    """The fixed cast at work in a database that other connections see too, with folders of its own."""
    settings.SMS_SIMULATOR_DIR = tmp_path / "simulator"
    settings.PUBLISHED_DIR = tmp_path / "published"
    take_into_use(question_sets().values(), at=timezone.now())
    return SimpleNamespace(people=people, units=units)


@pytest.fixture
def customer():
    """Somebody in front of a form."""
    return Customer()


@pytest.fixture
def staff(county):
    """A person of the cast, signed in: `staff("aino")` is a client whose pages are in English."""

    def sign_in(name):
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(getattr(county.people, name))
        return client

    return sign_in


class Customer:
    """A browser without JavaScript and without a memory."""

    def open(self, address):
        return Client(headers={"Accept-Language": "en"}).get(address)

    def send(self, address, fields):
        return Client(headers={"Accept-Language": "en"}).post(address, fields)

    def fill_in(self, address, **answers):
        """Open a form, answer and send it; the page that comes back. `answers__nps` is the field "answers.nps"."""
        form = self.open(address)
        assert form.status_code == 200, address
        given = {name.replace("__", "."): value for name, value in answers.items()}
        return self.send(address, hidden_fields(form) | given)

    def give(self, address, **answers):
        """The same; the receipt code of the thank-you page."""
        return receipt_on(self.fill_in(address, **answers))


def hidden_fields(response):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode())
    return {name: unescape(value) for name, value in found}


def receipt_on(response):
    assert response.status_code == 200
    return re.search(r'<p class="code">([\d ]{19})</p>', response.content.decode())[1]


def text_of(response):
    """The page as it is read: without tags, with single spaces."""
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)).replace("\xa0", " ")).strip()


def next_morning():
    """When blocks have closed tomorrow: after what is given today."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time(4, 30)))


def let_jobs_run():
    """What a worker would do now."""
    worker.run_waiting_jobs()


def let_morning_come():
    return clock.tick(at=next_morning())
