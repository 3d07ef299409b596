"""The invented county: what its file says is what its customers find."""

import random
from datetime import date, datetime

import pytest

from palauteketju.operations.synthetic.county import organisation_csv, settle
from palauteketju.organisation.deadlines import HELSINKI
from palauteketju.organisation.models import Unit

pytestmark = pytest.mark.django_db
START = date(2026, 8, 31)


def test_nobody_gives_anything_to_a_unit_that_has_closed():
    begins = datetime(START.year, START.month, START.day, tzinfo=HELSINKI)
    places = settle(organisation_csv(50, start=START), random.Random(1), at=begins)

    closed = Unit.objects.exclude(active_to=None).get()
    assert closed.active_to < START
    assert len(places) == 49
    assert closed not in [place.unit for place in places]
