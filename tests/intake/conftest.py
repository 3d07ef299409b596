"""A customer in front of a form: what the page gives and what a sound answer is."""

import re
from html import unescape

import pytest

from palauteketju.intake.models import Feedback
from palauteketju.organisation import queries
from palauteketju.organisation.models import Unit


@pytest.fixture
def form(client, units):
    """The hidden fields of a unit's form, as a browser would send them."""

    def get(address="/p/keskusta/?kieli=en"):
        page = client.get(address).content.decode()
        return {
            name: unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
            if name != "csrfmiddlewaretoken"
        }

    return get


@pytest.fixture
def ratings():
    return {"answers.nps": "9", "answers.access": "5", "answers.caring": "na"}


@pytest.fixture
def sound(form, ratings):
    """A form of keskusta, filled in as little as may be."""
    return lambda address="/p/keskusta/?kieli=en": form(address) | ratings


@pytest.fixture
def change(units):
    """Change a unit and let the few seconds pass for which its address is remembered."""

    def make(code="keskusta", **values):
        Unit.objects.filter(code=code).update(**values)
        queries._unit_at.cache_clear()

    return make


@pytest.fixture
def stored(db):
    """The only feedback there is."""
    return Feedback.objects.get
