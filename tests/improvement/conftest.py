from dataclasses import replace
from datetime import date, timedelta

import pytest

from palauteketju.improvement import actions
from palauteketju.improvement.actions import Plan
from tests.insight.answers import MONDAY, answers, close


@pytest.fixture
def figures(units):
    """Twelve recommendations and nine opinions on access of keskusta, closed on Monday."""
    close(
        answers(units.keskusta, 12),
        answers(units.keskusta, 9, stream="thl-2/access", value="5"),
        answers(units.keskusta, 12, stream="channel", value="web"),
        answers(units.koti, 3),
        on=MONDAY,
    )


@pytest.fixture
def plan(units):
    return Plan(
        unit=units.keskusta,
        stream="thl-2/access",
        theme="",
        period_from=date(2026, 11, 1),
        period_to=date(2026, 11, 22),
        title="Takaisinsoitto samana päivänä",
        description="Ajanvarauksen soittopyyntöihin vastataan samana päivänä.",
        responsible="osastonhoitaja",
        due=date(2027, 1, 31),
    )


@pytest.fixture
def recorded(figures, plan, people, at):
    return actions.record_measure(plan, by=people.aino, at=at)


@pytest.fixture
def approved(recorded, people, at):
    return actions.approve_measure(recorded.pk, by=people.viivi, at=at + timedelta(days=1))


@pytest.fixture
def done(approved, people, at):
    return actions.complete_measure(
        approved.pk, effect="Soittoa odotetaan enää tunti.", by=people.eero, at=at + timedelta(days=9)
    )


@pytest.fixture
def other_plan(plan, units):
    """The same, for a unit that has no figure yet."""
    return replace(plan, unit=units.koti, stream="")
