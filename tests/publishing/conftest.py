"""Public figures as they really come to be: answers counted, blocks closed."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from palauteketju.improvement.models import Measure
from palauteketju.insight.actions import close_blocks
from palauteketju.organisation.models import Unit

NPS, ACCESS, CARING = "thl-2/nps", "thl-2/access", "thl-2/caring"


@pytest.fixture
def answered(units, at):
    """Let so many answers become figures: `answered("keskusta", "thl-2/nps", {"10": 12})`, as many as one likes."""
    waiting = []

    def add(unit, stream, counts):
        waiting.extend(
            SimpleNamespace(unit=unit, stream=stream, value=value, n=n, k=0, public_k=0)
            for value, n in counts.items()
        )

    def close(*, on=at):
        found = list(waiting)
        waiting.clear()

        def counts(*, after, until):
            return found

        return close_blocks(counts, at=on)

    return SimpleNamespace(add=add, close=close)


@pytest.fixture
def figures(answered):
    """One unit, keskusta, has enough for the public, psyk only for inside the county, koti for nobody."""
    answered.add("keskusta", NPS, {"10": 8, "9": 4, "7": 4, "2": 4})
    answered.add("keskusta", ACCESS, {"5": 10, "4": 5, "1": 5})
    answered.add("keskusta", CARING, {"5": 4, "2": 3})
    answered.add("keskusta", "channel", {"web": 12, "qr": 8})
    answered.add("psyk", NPS, {"0": 7})
    answered.add("koti", NPS, {"0": 3})
    answered.close()


@pytest.fixture
def more_units(units, figures, measure, answered, at):
    """Twenty other units of keskusta's area, each with a public figure."""
    for number in range(20):
        code = f"u{number}"
        Unit.objects.create(
            code=code, slug=code, kind="unit", parent=units.health, name_fi=code, name_sv=code, name_en=code
        )
        answered.add(code, NPS, {"10": 12})
    answered.close(on=at + timedelta(days=1))


@pytest.fixture
def measure(units, people, at):
    """Approved, so it is public; written and approved by two people."""
    return Measure.objects.create(
        unit=units.keskusta,
        stream=ACCESS,
        period_from=at.date(),
        period_to=at.date(),
        n=20,
        title="Takaisinsoitto saman päivän aikana",
        description="Soitamme takaisin aina samana päivänä.",
        responsible="osastonhoitaja",
        due=at.date(),
        state=Measure.State.APPROVED,
        recorded_by=people.aino,
        recorded_at=at,
        approved_by=people.viivi,
        approved_at=at,
    )
