"""What a measure did, by figures: in every format of the reports, and only where it is more than chance."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from palauteketju.improvement import actions
from palauteketju.improvement.ready_reports import ready_report
from palauteketju.insight import report_file, reports
from palauteketju.insight.periods import read_any
from tests.insight.answers import DAY, MONDAY, answers, close
from tests.insight.test_ready_made_reports import sheets_of

pytestmark = pytest.mark.django_db
ACCESS = "thl-2/access"
WEEK = timedelta(weeks=1)


@pytest.fixture
def before(units):
    """Thirty opinions on access in the weeks before, a third of them good; and the recommendations."""
    close(
        answers(units.keskusta, 10, stream=ACCESS, value="5"),
        answers(units.keskusta, 20, stream=ACCESS, value="2"),
        answers(units.keskusta, 30, value="3"),
        on=MONDAY - 2 * WEEK,
    )


@pytest.fixture
def plan(before, plan):
    return plan


def finish(plan, people, at, **changed):
    """Decided on Monday, done on Wednesday of the next week."""
    measure = actions.record_measure(replace(plan, **changed), by=people.aino, at=at)
    actions.approve_measure(measure.pk, by=people.viivi, at=at)
    return actions.complete_measure(
        measure.pk, effect="Soittoa odotetaan tunti.", by=people.eero, at=at + 9 * DAY
    )


def later(units, good, bad, *, on=MONDAY + 3 * WEEK, stream=ACCESS, values=("5", "2")):
    close(
        answers(units.keskusta, good, stream=stream, value=values[0]),
        answers(units.keskusta, bad, stream=stream, value=values[1]),
        on=on,
    )


def change_of(scope, period):
    [decision] = ready_report(scope, read_any(period)).decisions
    return decision.change


def test_it_works(units, people, plan, at):
    finish(plan, people, at)
    later(units, 28, 2)

    change = change_of(units.keskusta, "2026-3")
    assert (change.stream, change.before.value, change.after.value) == (
        ACCESS,
        pytest.approx(1 / 3),
        pytest.approx(28 / 30),
    )
    assert (change.before.base, change.after.base, change.difference) == (30, 30, "better")


@pytest.mark.parametrize(
    ("good", "bad", "said"), [(28, 2, "better"), (12, 18, "no_real_difference"), (0, 30, "worse")]
)
def test_a_small_difference_is_called_none(units, people, plan, at, good, bad, said):
    finish(plan, people, at)
    later(units, good, bad)

    assert change_of(units.keskusta, "2026-3").difference == said


def test_every_format_tells_it(units, people, plan, at):
    finish(plan, people, at)
    later(units, 28, 2)
    report = ready_report(units.keskusta, read_any("2026-3"))
    words = (
        "Saatavuus: 33 % 12 viikossa ennen päätöstä (30 vastausta), 93 % sen jälkeen, kun työ oli tehty (30 vastausta)."
        " Parempi kuin ennen."
    )
    with translation.override("fi"):
        page = report_file.as_html(report).decode().replace("\u00a0", " ")
        sheet = sheets_of(report_file.FORMATS["xlsx"].write(report))["Toimenpiteet"]
        pdf = report_file.FORMATS["pdf"].write(report)
        without = report_file.FORMATS["pdf"].write(
            replace(report, decisions=(replace(report.decisions[0], change=None),))
        )

    assert words in page
    assert sheet[1][-6:] == ["Saatavuus", 0.333333, 30, 0.933333, 30, "Parempi kuin ennen."]
    assert len(pdf) > len(without)
    [told] = json.loads(report_file.as_json(report))["measures"]
    assert told["change"]["difference"] == "better"
    assert told["change"]["before"]["base"] == told["change"]["after"]["base"] == 30
    assert told["change"]["after"]["favourable"] == 0.933333


def test_one_about_all_feedback_goes_by_the_recommendation(units, people, plan, at):
    finish(plan, people, at, stream="")
    later(units, 28, 2, stream="thl-2/nps", values=("10", "3"))

    assert change_of(units.keskusta, "2026-3").stream == "thl-2/nps"


def test_a_theme_has_no_figure(units, people, plan, at):
    finish(plan, people, at, stream="", theme="access")
    later(units, 28, 2, stream="thl-2/nps", values=("10", "3"))

    assert change_of(units.keskusta, "2026-3") is None


def test_a_block_with_older_answers_is_not_one_of_after(units, people, plan, at):
    finish(plan, people, at)
    # Three wait since the day after it was done: they were given before, and are counted with the rest.
    later(units, 2, 1, on=at + 10 * DAY)
    later(units, 20, 0, on=MONDAY + 3 * WEEK)

    assert change_of(units.keskusta, "2026-3") is None


def test_nothing_is_said_before_there_are_figures(units, people, plan, at):
    finish(plan, people, at)

    assert change_of(units.keskusta, "2026-3") is None


def test_a_report_made_again_tells_what_it_told(units, people, plan, at):
    finish(plan, people, at)
    later(units, 28, 2, on=MONDAY + 10 * DAY + WEEK)
    november = reports.as_json(ready_report(units.keskusta, read_any("2026-11")))
    later(units, 0, 30, on=MONDAY + 3 * WEEK)

    assert reports.as_json(ready_report(units.keskusta, read_any("2026-11"))) == november
    assert change_of(units.keskusta, "2026-3").after.base == 60


def test_it_is_told_once_more_after_twelve_weeks(units, people, plan, at):
    finish(plan, people, at)
    later(units, 28, 2)
    # Done on Wednesday of week 48.
    weeks = {
        week: ready_report(units.keskusta, read_any(week)).decisions
        for week in ("2027-W06", "2027-W07", "2027-W08")
    }

    assert [len(decisions) for decisions in weeks.values()] == [0, 1, 0]
    assert weeks["2027-W07"][0].change.difference == "better"


def test_an_areas_measure_goes_by_all_its_blocks(units, people, plan, at):
    measure = finish(plan, people, at)
    measure.unit = units.health
    measure.save()
    later(units, 14, 1)
    close(answers(units.psyk, 14, stream=ACCESS, value="5"), on=MONDAY + 4 * WEEK)

    assert change_of(units.health, "2026-3").after.base == 29


def test_as_many_queries_for_many_measures_as_for_one(units, people, plan, at, django_assert_num_queries):
    for number in range(4):
        finish(plan, people, at, title=f"Toimenpide {number}")
    later(units, 28, 2)
    ready_report(units.keskusta, read_any("2026-3"))

    with django_assert_num_queries(8):
        report = ready_report(units.keskusta, read_any("2026-3"))
    assert len([decision for decision in report.decisions if decision.change]) == 4
