"""Reports of a week, a month, four months and a year: the same figures in every format, and as `figures` has them."""

import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.handling.handover import Times
from palauteketju.insight import queries, report_file, report_page, reports, wording
from palauteketju.insight.errors import BadPeriod
from palauteketju.insight.models import MonthTotal
from palauteketju.insight.periods import KINDS, Month, Third, Week, Year, read, read_any
from palauteketju.insight.queries import released
from tests.insight.answers import DAY, MONDAY, answers, close

ACCESS = "thl-2/access"
PERIODS = ["2026-W47", "2026-11", "2026-3", "2026"]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def autumn(units):
    """A hundred days of answers that close on different days."""
    for day in range(0, 100, 4):
        close(
            answers(units.keskusta, 6 + day % 5),
            answers(units.keskusta, 1 + day % 3, value="2"),
            answers(units.keskusta, 5, stream=ACCESS, value="5"),
            answers(units.keskusta, 3, stream=ACCESS, value="2"),
            answers(units.keskusta, 6, stream="channel", value="qr"),
            answers(units.psyk, 2),
            answers(units.koti, 5, stream="kind", value="thanks"),
            on=MONDAY - 60 * DAY + day * DAY,
        )


def report_of(scope, text):
    return reports.ready_made(scope, read_any(text))


def sheets_of(content):
    """Each sheet's rows of plain texts and numbers, as any program reads them."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = [
            "".join(part.text or "" for part in entry.iter(f"{SHEET}t"))
            for entry in ET.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        names = [
            sheet.get("name") for sheet in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        ]
        found = {}
        for number, name in enumerate(names, start=1):
            rows = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{SHEET}row")
            found[name] = [[_cell(cell, shared) for cell in row] for row in rows]
        return found


def _cell(cell, shared):
    value = cell.findtext(f"{SHEET}v")
    if value is None:
        return None
    return shared[int(value)] if cell.get("t") == "s" else float(value)


@pytest.mark.django_db
@pytest.mark.parametrize("period", PERIODS)
def test_it_works(units, autumn, period):
    report = reports.as_json(report_of(units.keskusta, period))

    kind = read_any(period).kind
    assert (report["period"], report[kind]) == (kind, period)
    assert [figure["stream"] for figure in report["figures"]] == ["thl-2/nps", ACCESS, "channel"]


@pytest.mark.django_db
@pytest.mark.parametrize("period", PERIODS)
def test_the_figures_are_those_of_the_released_blocks(units, autumn, period):
    span = read_any(period)
    for scope, codes in ((units.keskusta, {"keskusta"}), (units.county, {"keskusta", "psyk", "koti"})):
        expected = {}
        for block in released("internal"):
            if block.scope in codes and span.first <= block.closed <= span.last:
                expected.setdefault(block.stream, Counter()).update(block.counts)
        found = reports.as_json(report_of(scope, period))["figures"]
        assert {figure["stream"]: figure["counts"] for figure in found} == expected


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("period", PERIODS)
def test_all_formats_tell_the_same(units, autumn, period, language):
    report = report_of(units.keskusta, period)
    as_json = json.loads(report_file.FORMATS["json"].write(report))
    with translation.override(language):
        sheets = list(sheets_of(report_file.FORMATS["xlsx"].write(report)).values())
        page = report_file.FORMATS["html"].write(report).decode()
        on_paper = report_page.page_of(report)

        figures = {row[0]: row for row in sheets[1][1:]}
        assert list(figures) == [figure["stream"] for figure in as_json["figures"]]
        for figure in as_json["figures"]:
            row = figures[figure["stream"]]
            assert row[2] == figure["n"]
            measure = next((name for name in ("nps", "favourable") if name in figure), None)
            if measure:
                assert row[3:7] == [figure["base"], figure[measure], *figure["interval"]]
                assert f">{wording.figure(measure, figure[measure])}<" in page
        counted = Counter()
        for row in sheets[2][1:]:
            counted[row[0]] += row[4]
        assert counted == {figure["stream"]: figure["n"] for figure in as_json["figures"]}
        # The PDF is set from exactly this.
        cells = [
            cell
            for chart in (on_paper.line, on_paper.statements, *on_paper.counts)
            for row in chart.rows
            for cell in row
        ]
        assert all(f">{cell}<" in page for cell in cells if not re.search("[&<>\"']", cell))


@pytest.mark.django_db
@pytest.mark.parametrize("form", report_file.FORMATS)
@pytest.mark.parametrize("period", PERIODS)
def test_the_same_blocks_give_the_same_bytes(units, autumn, monkeypatch, period, form):
    once = report_file.FORMATS[form].write(report_of(units.county, period))

    # On another day, in another second.
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert report_file.FORMATS[form].write(report_of(units.county, period)) == once


@pytest.mark.django_db
def test_months_that_were_never_added_up_are_when_the_program_is_renewed(units, autumn):
    """The migration finds what the closings have added up since."""

    def told():
        return {
            (total.scope, total.is_public, total.month, total.stream): (
                total.opened,
                total.closed,
                total.counts,
            )
            for total in MonthTotal.objects.all()
        }

    by_the_closings = told()
    MonthTotal.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("palauteketju.insight.migrations.0004_month_totals").FILL)

    kinds = {(scope, is_public) for scope, is_public, _month, _stream in by_the_closings}
    assert kinds >= {(scope, audience) for scope in ("keskusta", "sata") for audience in (False, True)}
    assert told() == by_the_closings


@pytest.mark.django_db
def test_a_change_is_against_the_period_before_of_the_same_length(units):
    close(answers(units.keskusta, 40, value="2"), on=MONDAY - 70 * DAY)
    close(answers(units.keskusta, 30), on=MONDAY - 30 * DAY)
    close(answers(units.keskusta, 30), on=MONDAY)

    month = report_of(units.keskusta, "2026-11").recommendation
    third = report_of(units.keskusta, "2026-3").recommendation
    assert (month.before.base, month.direction) == (30, "no_clear_change")
    assert (third.n, third.before) == (100, None)
    assert report_of(units.keskusta, "2026-10").recommendation.direction == "better"


@pytest.mark.django_db
def test_what_people_wrote_never_becomes_a_formula(units):
    decision = reports.Decision(
        unit=units.keskusta,
        title='=HYPERLINK("http://example.org")',
        stream=ACCESS,
        theme="",
        responsible="@sum",
        state="done",
        decided_on=date(2026, 11, 1),
        due=date(2026, 11, 30),
        done_on=date(2026, 11, 20),
        effect="+1",
    )
    content = report_file.FORMATS["xlsx"].write(
        reports.ready_made(units.keskusta, read_any("2026-11"), decisions=[decision])
    )

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert not any(
            b"<f>" in book.read(name) or b"hyperlink" in book.read(name) for name in book.namelist()
        )
    measures = next(
        rows for rows in sheets_of(content).values() if '=HYPERLINK("http://example.org")' in str(rows)
    )
    assert measures[1][3] == "@sum"


@pytest.mark.django_db
def test_the_spreadsheet_tells_what_is_withheld(units):
    close(answers(units.keskusta, 6), answers(units.keskusta, 4, stream="kind", value="idea"), on=MONDAY)

    sheets = sheets_of(report_file.FORMATS["xlsx"].write(report_of(units.health, "2026-W47")))
    *_others, withheld = sheets.values()
    assert len(withheld) == 6
    assert {row[0] for row in [*list(sheets.values())[1][1:], *list(sheets.values())[2][1:]]} == {"thl-2/nps"}


@pytest.mark.django_db
def test_an_empty_period_is_told_in_every_format(units):
    for form in report_file.FORMATS.values():
        assert form.write(report_of(units.keskusta, "2025"))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-1", "2026-01-01", "2026-04-30"),
        ("2026-2", "2026-05-01", "2026-08-31"),
        ("2026-3", "2026-09-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_the_days_of_a_period(text, first, last):
    period = read_any(text)

    assert (str(period), period.first.isoformat(), period.last.isoformat()) == (text, first, last)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("month", "2026-3"),
        ("month", "2026-13"),
        ("third", "2026-4"),
        ("third", "2026-03"),
        ("year", "26"),
        ("year", "2999"),
    ],
)
def test_what_is_no_period_is_refused(kind, text):
    with pytest.raises(BadPeriod):
        read(kind, text)


@given(st.dates(date(2001, 1, 1), date(2900, 1, 1)), st.sampled_from([Week, Month, Third, Year]))
def test_periods_follow_each_other_without_a_gap(day, kind):
    period = kind.of(day)

    assert period.first <= day <= period.last
    assert period.earlier(-1).first == period.last + timedelta(days=1)
    assert period.earlier(1).earlier(-1) == period
    assert read(period.kind, str(period)) == period == read_any(str(period))
    assert KINDS[period.kind] is kind


@pytest.fixture
def county_asks(monkeypatch):
    """From now on the county asks for so many answers a block, and merges after so many weeks."""

    def ask(*, k, weeks):
        rules = queries.county_rules()
        anonymity = replace(rules.anonymity, k=k, merge_after=timedelta(weeks=weeks))
        for module in ("queries", "actions"):
            monkeypatch.setattr(
                f"palauteketju.insight.{module}.county_rules", lambda: replace(rules, anonymity=anonymity)
            )

    return ask


@pytest.mark.django_db
@pytest.mark.parametrize("form", report_file.FORMATS)
def test_what_was_released_stays_when_the_county_asks_for_more_later(units, county_asks, form):
    close(
        answers(units.keskusta, 5),
        answers(units.keskusta, 5, stream=ACCESS, value="5"),
        answers(units.koti, 7, stream=ACCESS, value="4"),
        on=MONDAY,
    )
    once = [
        report_file.FORMATS[form].write(report_of(scope, "2026-W47"))
        for scope in (units.keskusta, units.health)
    ]

    county_asks(k=8, weeks=10)
    close(answers(units.keskusta, 7), on=MONDAY + 7 * DAY)

    assert once == [
        report_file.FORMATS[form].write(report_of(scope, "2026-W47"))
        for scope in (units.keskusta, units.health)
    ]


@pytest.mark.django_db
def test_a_report_tells_the_rules_of_its_time(units, county_asks):
    close(answers(units.keskusta, 5), on=MONDAY)
    county_asks(k=8, weeks=10)
    close(answers(units.keskusta, 5), on=MONDAY + 7 * DAY)

    with translation.override("en"):
        told = {
            week: " ".join(report_page.page_of(report_of(units.health, week)).withheld)
            for week in ("2026-W46", "2026-W47", "2026-W48", "2026-W49", "2026-11")
        }
    # Before the first closing only today's rules are known; after the last one its rules hold on.
    assert [int(re.search(r"at least (\d+) at a time", words)[1]) for words in told.values()] == [
        8,
        5,
        8,
        8,
        5,
    ]
    assert [int(re.search(r"waited (\d+) weeks", words)[1]) for words in told.values()] == [10, 8, 10, 10, 8]


@pytest.mark.django_db
def test_a_report_without_answer_times_says_why(units, autumn):
    with translation.override("en"):
        week = report_page.page_of(report_of(units.keskusta, "2026-W47"))
        month = report_page.page_of(report_of(units.keskusta, "2026-11"))
        times = Times(7, 6, 20, 30, 67, None, date(2026, 11, 1), date(2026, 11, 1))
        counted = report_page.page_of(replace(report_of(units.keskusta, "2026-11"), times=times))

    assert "whole months" in week.withheld[-1]
    assert "not yet enough cases" in month.withheld[-1]
    assert not any("waited is not told" in sentence for sentence in counted.withheld)


@pytest.mark.parametrize(
    ("half", "most", "told"),
    [
        (3, 68, "Answer: half in 3 hours, nine of ten in 2.8 days."),
        (
            68,
            None,
            "Answer: half in 2.8 days; more than one in ten were still waiting when the months ended.",
        ),
        (None, None, "Answer: more than half were still waiting when the months ended."),
    ],
)
def test_answer_times_that_nobody_knows_are_a_sentence_too(half, most, told):
    times = Times(7, 6, 1, 2, half, most, date(2026, 11, 1), date(2026, 11, 1))
    with translation.override("en"):
        assert report_page._times(times)[2] == told
