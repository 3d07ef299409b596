"""`figures` and every other way out agree, and none shows what waits."""

import json
import os
import threading
from collections import Counter

import pytest

from palauteketju.insight import reports
from palauteketju.insight.handover import (
    bases_of,
    blocks_of,
    county_public_figures,
    last_public_closing,
    public_figures,
    units_with_public_figures,
)
from palauteketju.insight.models import Pool
from palauteketju.insight.periods import read_week
from palauteketju.insight.queries import released
from palauteketju.project.commands import Refused, figures, report
from tests.insight.answers import DAY, MONDAY, answers, close

pytestmark = pytest.mark.django_db


class Options:
    def __init__(self, **given):
        vars(self).update(given)


@pytest.fixture
def weeks(units, dental):
    """Five weeks of two busy units and three quiet ones; what is left in the pools stays there."""
    for day in range(35):
        close(
            answers(units.keskusta, 3 + day % 4),
            answers(units.keskusta, day % 3, value="2"),
            answers(units.koti, day % 4, stream="thl-2/access", value="4"),
            answers(units.psyk, 1 if day % 9 == 0 else 0),
            answers(dental, 2 if day == 20 else 0, stream="kind", value="idea"),
            on=MONDAY + day * DAY,
        )


def lines(capsys, audience):
    assert figures.run(Options(audience=audience)) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_it_works(units, capsys):
    close(answers(units.keskusta, 6, value="10"), answers(units.keskusta, 5, value="2"), on=MONDAY)

    [line] = lines(capsys, "internal")

    assert line == {
        "scope": "keskusta",
        "stream": "thl-2/nps",
        "opened": "2026-11-16",
        "closed": "2026-11-16",
        "n": 11,
        "counts": {"2": 5, "10": 6},
    }
    assert list(line["counts"]) == ["2", "10"]
    assert lines(capsys, "public") == [line]


@pytest.mark.parametrize(("audience", "least"), [("internal", 5), ("public", 10)])
def test_every_line_has_enough_answers(weeks, capsys, audience, least):
    found = lines(capsys, audience)

    assert len(found) > 10
    assert all(line["n"] == sum(line["counts"].values()) >= least for line in found)


def test_nothing_that_waits_is_shown(weeks, capsys):
    shown = {(line["scope"], line["stream"]) for line in lines(capsys, "internal")}

    assert Pool.objects.filter(scope="psyk").exists()
    assert not {scope for scope, _stream in shown} & {"psyk", "hammas"}


def test_blocks_and_pools_together_are_all_answers(weeks, capsys):
    given = Counter()
    for day in range(35):
        given["keskusta", "9"] += 3 + day % 4
        given["keskusta", "2"] += day % 3
    held = Counter()
    for line in [*lines(capsys, "internal"), *Pool.objects.values("scope", "stream", "counts")]:
        if line["scope"] == "keskusta":
            held.update({("keskusta", value): n for value, n in line["counts"].items()})

    assert held == given


def test_reports_are_sums_of_the_released_blocks(weeks, units, capsys):
    released_lines = lines(capsys, "internal")
    for week in map(read_week, ("2026-W47", "2026-W49", "2026-W51")):
        for scope, codes in {
            units.keskusta: {"keskusta"},
            units.health: {"keskusta", "psyk", "hammas", "other:terveys"},
            units.county: None,
        }.items():
            for figure in reports.as_json(reports.ready_made(scope, week))["figures"]:
                expected = Counter()
                for line in released_lines:
                    if (
                        line["stream"] == figure["stream"]
                        and week.first.isoformat() <= line["closed"] <= week.last.isoformat()
                        and (codes is None or line["scope"] in codes)
                    ):
                        expected.update(line["counts"])
                assert figure["counts"] == expected
                assert figure["n"] == expected.total()


def test_public_figures_are_sums_of_public_blocks(weeks, units):
    of_unit = {figure.stream: figure for figure in public_figures("keskusta")}
    blocks = [
        block for block in released("public") if (block.scope, block.stream) == ("keskusta", "thl-2/nps")
    ]

    assert of_unit["thl-2/nps"].latest.counts == blocks[-1].counts
    assert of_unit["thl-2/nps"].latest.closed == blocks[-1].closed
    assert of_unit["thl-2/nps"].year.n == sum(block.n for block in blocks)
    everything = sum(block.n for block in released("public") if block.stream == "thl-2/nps")
    assert {figure.stream: figure.year.n for figure in county_public_figures()}["thl-2/nps"] == everything
    assert units_with_public_figures() == {"keskusta", "koti"}
    assert last_public_closing() == max(block.closed for block in released("public"))


def test_a_unit_without_public_blocks_has_no_public_figures(units):
    close(answers(units.keskusta, 9), on=MONDAY)

    assert public_figures("keskusta") == public_figures("nonsense") == county_public_figures() == []
    assert last_public_closing() is None


def test_what_a_measure_can_rest_on(units):
    close(answers(units.keskusta, 6), on=MONDAY)
    close(
        answers(units.keskusta, 7), answers(units.keskusta, 4, stream="kind", value="idea"), on=MONDAY + DAY
    )

    [basis] = bases_of(units.keskusta, MONDAY.date(), (MONDAY + DAY).date())
    assert (basis.stream, basis.n, basis.closed) == ("thl-2/nps", 13, (MONDAY + DAY).date())
    assert blocks_of(units.keskusta, MONDAY.date(), MONDAY.date(), "thl-2/nps").n == 6
    assert blocks_of(units.keskusta, MONDAY.date(), (MONDAY + DAY).date(), "kind") is None


def test_the_report_is_written_whole(units, tmp_path):
    close(answers(units.keskusta, 6), on=MONDAY)
    file = tmp_path / "raportti.json"
    file.write_text("old")

    assert (
        report.run(Options(unit="keskusta", week="2026-W47", format="json", output=file, language="fi")) == 0
    )

    assert json.loads(file.read_text())["figures"][0]["n"] == 6
    assert [found.name for found in tmp_path.iterdir()] == ["raportti.json"]


def test_a_link_stays_a_link_and_a_pipe_a_pipe(units, tmp_path):
    """A file put in its place would take `/dev/stdout` away from everybody."""
    close(answers(units.keskusta, 6), on=MONDAY)
    file, link, pipe = tmp_path / "raportti.json", tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe)
    heard = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    reader.start()
    for output in (link, pipe):
        report.run(Options(unit="keskusta", week="2026-W47", format="json", output=output, language="fi"))
    reader.join(timeout=10)

    assert link.is_symlink()
    assert pipe.is_fifo()
    assert heard == [file.read_text()]


def test_a_week_that_has_not_begun_is_empty_and_says_so(units, tmp_path, capsys):
    file = tmp_path / "x.json"

    assert (
        report.run(Options(unit="keskusta", week="2990-W10", format="json", output=file, language="fi")) == 0
    )

    assert json.loads(file.read_text())["figures"] == []
    assert "2990-W10 has not begun yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"unit": "nonsense"}, "no unit"),
        ({"week": "2026-W60"}, "not a week"),
        ({"week": "viime viikko"}, "2026-W45"),
        ({"week": None, "month": "2026-3"}, "not a month"),
        ({"week": None, "month": None, "third": "2026-4"}, "2026-3"),
        ({"week": None, "month": None, "third": None, "year": "26"}, "not a year"),
        ({"output": "missing/folder.json"}, "cannot be written"),
    ],
)
def test_the_report_is_refused_with_a_sentence(units, tmp_path, changed, words):
    wanted = {
        "unit": "keskusta",
        "week": "2026-W47",
        "format": "json",
        "output": "x.json",
        "language": "fi",
    } | changed
    wanted["output"] = tmp_path / wanted["output"]

    with pytest.raises(Refused, match=words):
        report.run(Options(**wanted))
    assert not list(tmp_path.iterdir())
