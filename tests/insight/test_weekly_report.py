"""The weekly report as figures: what became reportable from Monday to Sunday, and what did not."""

import json
from datetime import timedelta

import pytest

from palauteketju.insight import report_file, report_page, reports
from palauteketju.insight.errors import BadPeriod
from palauteketju.insight.periods import Week, read_week
from palauteketju.insight.statistics import favourable, nps, nps_interval
from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db

WEEK = read_week("2026-W47")
ACCESS = "thl-2/access"


def as_json(scope, week=WEEK):
    return reports.as_json(reports.ready_made(scope, week))


def figures(scope, week=WEEK):
    return {figure["stream"]: figure for figure in as_json(scope, week)["figures"]}


def test_it_works(units):
    close(
        answers(units.keskusta, 6),
        answers(units.keskusta, 2, value="3"),
        answers(units.keskusta, 5, stream=ACCESS, value="5"),
        answers(units.keskusta, 2, stream=ACCESS, value="na"),
        answers(units.keskusta, 8, stream="channel", value="web"),
        on=MONDAY,
    )

    report = as_json(units.keskusta)

    assert (report["scope"], report["week"]) == ("keskusta", "2026-W47")
    assert (report["first_day"], report["last_day"]) == ("2026-11-16", "2026-11-22")
    assert [figure["stream"] for figure in report["figures"]] == ["thl-2/nps", ACCESS, "channel"]
    recommendation, access, channel = report["figures"]
    assert (recommendation["n"], recommendation["counts"]) == (8, {"3": 2, "9": 6})
    assert recommendation["nps"] == nps({"3": 2, "9": 6}) == 50
    assert recommendation["interval"] == [round(end, 6) for end in nps_interval({"3": 2, "9": 6})]
    assert (access["n"], access["base"], access["favourable"]) == (7, 5, favourable({"5": 5}))
    assert channel == {"stream": "channel", "n": 8, "counts": {"web": 8}}


def test_what_has_no_block_is_withheld(units):
    close(answers(units.keskusta, 6), answers(units.keskusta, 4, stream="kind", value="idea"), on=MONDAY)

    report = as_json(units.keskusta)

    withheld = [entry["stream"] for entry in report["withheld"]]
    assert "kind" in withheld
    assert "thl-2/nps" not in withheld
    assert all(entry["least_answers"] == 5 for entry in report["withheld"])
    # How many wait is nobody's to know.
    assert "4" not in json.dumps(report["withheld"])


def test_a_week_is_from_monday_to_sunday(units):
    for day, n in ((-1, 5), (0, 6), (6, 7), (7, 8)):
        close(answers(units.keskusta, n), on=MONDAY + day * DAY)

    assert figures(units.keskusta)["thl-2/nps"]["n"] == 13
    weeks = figures(units.keskusta, read_week("2026-W48"))["thl-2/nps"]["weeks"]
    assert [(week["week"], week["n"]) for week in weeks[-3:]] == [
        ("2026-W46", 5),
        ("2026-W47", 13),
        ("2026-W48", 8),
    ]
    assert len(weeks) == 12


def test_an_area_has_its_own_units(units):
    close(answers(units.keskusta, 6), answers(units.psyk, 7), answers(units.koti, 9), on=MONDAY)

    assert figures(units.health)["thl-2/nps"]["n"] == 13
    assert figures(units.home)["thl-2/nps"]["n"] == 9
    assert figures(units.county)["thl-2/nps"]["n"] == 22


def test_the_other_block_counts_in_its_area_and_the_county(units, dental):
    close(*(answers(unit, 3) for unit in (units.keskusta, units.psyk, dental)), on=MONDAY)
    close(on=MONDAY + 57 * DAY)
    week = read_week("2027-W02")

    assert figures(units.health, week)["thl-2/nps"]["n"] == 9
    assert figures(units.county, week)["thl-2/nps"]["n"] == 9
    assert figures(units.keskusta, week) == {}
    assert figures(units.home, week) == {}


def test_an_area_tells_how_many_units_have_no_figure(units):
    close(answers(units.keskusta, 5), answers(units.psyk, 4), on=MONDAY)

    assert as_json(units.health)["withheld"][-1]["units"] == {"without": 1, "of": 2}
    assert as_json(units.county)["withheld"][-1]["units"] == {"without": 2, "of": 3}


def test_a_change_is_told_only_when_it_is_more_than_noise(units):
    for week in range(1, 5):
        close(answers(units.keskusta, 20), answers(units.keskusta, 5, value="3"), on=MONDAY - week * 7 * DAY)
    close(answers(units.keskusta, 8), answers(units.keskusta, 3, value="2"), on=MONDAY)
    close(answers(units.keskusta, 2), answers(units.keskusta, 18, value="2"), on=MONDAY + 7 * DAY)

    like_before = figures(units.keskusta)["thl-2/nps"]
    assert not like_before["changed"]
    assert like_before["before"]["nps"] == 60
    assert figures(units.keskusta, read_week("2026-W48"))["thl-2/nps"]["changed"]


def test_without_earlier_weeks_there_is_no_change(units):
    close(answers(units.keskusta, 8), on=MONDAY)

    found = figures(units.keskusta)["thl-2/nps"]
    assert (found["before"], found["changed"]) == (None, False)


def test_nobody_took_a_stand(units):
    close(answers(units.keskusta, 5, stream=ACCESS, value="na"), on=MONDAY)

    found = figures(units.keskusta)[ACCESS]
    assert (found["n"], found["base"], found["favourable"], found["interval"]) == (5, 0, None, None)


def test_an_older_version_of_the_questions_is_a_stream_of_its_own(units):
    close(answers(units.keskusta, 5, stream="thl-1/nps"), answers(units.keskusta, 6), on=MONDAY)

    found = figures(units.keskusta)
    assert (found["thl-2/nps"]["n"], found["thl-1/nps"]["n"]) == (6, 5)


def test_an_empty_week_says_so(units):
    report = as_json(units.keskusta)

    assert report["figures"] == []
    assert len(report["withheld"]) == 12
    assert report_page.page_of(reports.ready_made(units.keskusta, WEEK)).sentences


def test_the_same_blocks_give_the_same_bytes(units):
    close(answers(units.keskusta, 6), answers(units.keskusta, 5, stream=ACCESS, value="5"), on=MONDAY)

    for form in report_file.FORMATS.values():
        once, again = (form.write(reports.ready_made(units.keskusta, WEEK)) for _ in range(2))
        assert once == again


def test_the_pdf_is_tagged(units):
    close(
        answers(units.keskusta, 6),
        answers(units.keskusta, 5, stream=ACCESS, value="5"),
        answers(units.keskusta, 5, stream="theme", value="parking"),
        on=MONDAY,
    )

    pdf = report_file.FORMATS["pdf"].write(reports.ready_made(units.keskusta, WEEK))
    assert pdf.startswith(b"%PDF-")
    assert b"/MarkInfo" in pdf


def test_the_file_needs_nothing_beside_it(units):
    close(answers(units.keskusta, 6), on=MONDAY)

    page = report_file.FORMATS["html"].write(reports.ready_made(units.keskusta, WEEK)).decode()
    assert "<link" not in page
    assert "Keskustan terveysasema" in page


@pytest.mark.parametrize(
    "text", ["2026-W54", "2026-W00", "2026-45", "", "W45", "9999-W52", "2026-W45\n", "٢٠٢٦-W45"]
)
def test_what_is_no_week_is_refused(text):
    with pytest.raises(BadPeriod):
        read_week(text)


def test_the_first_week_of_a_year_may_begin_in_the_year_before():
    week = read_week("2026-W01")

    assert week.first.isoformat() == "2025-12-29"
    assert (str(week), week.year, week.number) == ("2026-W01", 2026, 1)
    assert week.earlier(1) == Week(week.first - timedelta(days=7))
    assert str(read_week("2026-W53").earlier(-1)) == "2027-W01"


def test_a_unit_that_moved_counts_where_its_blocks_are(units):
    close(answers(units.keskusta, 5), answers(units.psyk, 4), on=MONDAY)
    units.keskusta.parent = units.home
    units.keskusta.save()

    assert as_json(units.health)["withheld"][-1]["units"] == {"without": 1, "of": 2}
    assert as_json(units.home)["withheld"][-1]["units"] == {"without": 1, "of": 1}
    assert as_json(units.county)["withheld"][-1]["units"] == {"without": 2, "of": 3}
