"""Two counties with the same blocks look the same, whatever waits and whatever customers wrote: in every byte that leaves.

So no page, chart, alternative text, file, its metadata, e-mail, export or answer of the API can tell anything of an answer
that is in no block, or of one answer inside a block. Faults of each kind are planted, and each is caught.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from palauteketju.handling import actions as handling
from palauteketju.handling import handover
from palauteketju.improvement import actions as improvement
from palauteketju.improvement import boards
from palauteketju.improvement.actions import Plan
from palauteketju.insight import (
    comparisons,
    exports,
    queries,
    report_orders,
    report_page,
    reports,
    spreadsheet,
)
from palauteketju.insight import handover as insight
from palauteketju.insight.actions import close_blocks, release_quotes
from palauteketju.insight.models import Pool
from palauteketju.intake.handover import counts_recorded
from palauteketju.intake.models import Feedback
from palauteketju.ui import charts
from tests.insight.answers import DAY, MONDAY, give
from tests.insight.outlets import OUTLETS, all_of, one_of

pytestmark = pytest.mark.django_db
# The reports of week 47 are the last whole ones.
TODAY = MONDAY + timedelta(days=7, hours=5)
CLOSINGS = (MONDAY - 6 * DAY, MONDAY + 2 * DAY)


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: TODAY)


@pytest.fixture
def county(units, people):
    """Two weeks: keskusta is public, psyk reports inside the county, koti waits. A quote, a measure, an ordered report."""
    for closing in CLOSINGS:
        asked = closing - DAY
        give(
            units.keskusta,
            at=asked,
            n=14,
            text="Hyvin meni.",
            kind="thanks",
            answers={"nps": "9", "access": "5"},
        )
        give(units.psyk, at=asked, n=6, text="Jonotin.", kind="idea", answers={"nps": "3"})
        give(units.koti, at=asked, n=1, answers={"nps": "0"}, text="Odotan.", kind="criticism")
        if closing == CLOSINGS[-1]:
            chosen = Feedback.objects.filter(unit=units.keskusta).latest("pk")
            handling.approve_quote(chosen, text="Hyvin meni.", kind="thanks", by=people.aino, at=asked)
        _tick(closing)
    plan = Plan(
        unit=units.keskusta,
        stream="thl-2/access",
        theme="",
        period_from=(MONDAY - 20 * DAY).date(),
        period_to=MONDAY.date(),
        title="Soitto samana päivänä",
        description="",
        responsible="osastonhoitaja",
        due=(MONDAY + 60 * DAY).date(),
    )
    measure = improvement.record_measure(plan, by=people.aino, at=MONDAY)
    improvement.approve_measure(measure.pk, by=people.viivi, at=MONDAY)
    report_orders.order_reports([units.keskusta, units.county], by=people.viivi, at=MONDAY - 5 * DAY)


def _tick(at):
    close_blocks(counts_recorded, at=at)
    release_quotes(handover, at=at)


def let_others_wait(units, people):
    """What waits becomes something else altogether, and so does all that was written; the blocks stay."""
    Pool.objects.all().delete()
    for unit in (units.keskusta, units.psyk, units.koti):
        for stream, value in (
            ("thl-2/nps", "1"),
            ("kind", "question"),
            ("channel", "phone"),
            ("comment", "given"),
        ):
            Pool.objects.create(
                scope=unit.code,
                stream=stream,
                opened=(MONDAY - 30 * DAY).date(),
                counts={value: 3, "7": 1},
                k=9,
                public_k=17,
            )
    # The comment behind the quote stays: the quote would go with it.
    Feedback.objects.exclude(unit=units.keskusta).delete()
    Feedback.objects.filter(unit=units.keskusta).update(
        answers={"nps": "0"}, kind="question", channel="paper"
    )
    give(
        units.psyk, at=TODAY - DAY, n=4, text="Sinikello.", kind="thanks", answers={"nps": "0", "access": "1"}
    )
    waiting = Feedback.objects.filter(text="Sinikello.").first()
    handling.approve_quote(waiting, text="Sinikello.", kind="thanks", by=people.aino, at=TODAY)


@pytest.mark.parametrize("name", OUTLETS)
def test_it_works(county, units, people, name):
    before = all_of(name, people, TODAY)
    let_others_wait(units, people)
    after = all_of(name, people, TODAY)

    assert before.keys() == after.keys()
    assert [what for what in before if before[what] != after[what]] == []


def test_what_is_compared_is_not_empty(county, units, people):
    """Else it would be equal for no good reason."""
    of_files, of_pages = all_of("files", people, TODAY), all_of("pages", people, TODAY)

    assert b"Hyvin meni." in of_files["keskusta 2026-W47.html"]
    assert b'"nps": 100.0' in of_files["keskusta 2026-W47.json"]
    assert b"+100" in of_pages["screen"]
    assert b"Hyvin meni." in of_pages["screen"]
    assert not any(b"Sinikello" in content for content in (*of_files.values(), *of_pages.values()))


def waiting():
    return sum(sum(pool.counts.values()) for pool in Pool.objects.all()) + Pool.objects.count()


def adds_to_texts(function):
    return lambda *given, **more: [*function(*given, **more), f"{waiting()}"]


def adds_to_text(function):
    return lambda *given, **more: f"{function(*given, **more)} {waiting()}"


def adds_to_pair(function):
    return lambda *given, **more: (function(*given, **more)[0], f"{function(*given, **more)[1]} {waiting()}")


def adds_to_numbers(function):
    def more_than_released(*given, **more):
        for row in function(*given, **more):
            yield *row[:-1], row[-1] + waiting()

    return more_than_released


def adds_to_size(function):
    def more_than_released(*given, **more):
        block = function(*given, **more)
        return type(block)(**{**_fields(block), "n": block.n + waiting()})

    return more_than_released


def adds_to_cell(function):
    return lambda *given, **more: {**function(*given, **more), "n": waiting()}


def adds_to_histograms(function):
    def more_than_released(*given, **more):
        for histograms in (found := function(*given, **more)).values():
            histograms[0]["9"] = histograms[0].get("9", 0) + waiting()
        return found

    return more_than_released


def adds_to_metadata(function):
    return lambda book, said: function(book, {**said, "keywords": f"{waiting()}"})


def _fields(value):
    return {name: getattr(value, name) for name in type(value).__slots__}


@pytest.mark.parametrize(
    ("name", "module", "function", "fault", "caught_in"),
    [
        ("files", report_page, "_withheld", adds_to_texts, "psyk 2026-W47.pdf"),
        ("files", report_page, "_sentences", adds_to_texts, "keskusta 2026.xlsx"),
        ("files", charts, "described", adds_to_text, "keskusta 2026-11.html"),
        ("files", charts, "described", adds_to_text, "keskusta 2026-11.pdf"),
        ("files", spreadsheet.Workbook, "set_properties", adds_to_metadata, "keskusta 2026-3.xlsx"),
        ("files", reports, "_figure_as_json", adds_to_cell, "keskusta 2026-W47.json"),
        (
            "pages",
            comparisons,
            "sums_beside",
            adds_to_histograms,
            "Viivi Heikkinen /raportit/terveys/vertailu/",
        ),
        ("pages", boards, "_days", adds_to_text, "screen"),
        ("data", exports, "_rows", adds_to_numbers, "internal parquet"),
        ("data", exports, "_rows", adds_to_numbers, "public csv"),
        ("data", exports, "as_object", adds_to_cell, "API public"),
        ("data", queries, "_released", adds_to_size, "figures internal"),
        ("data", queries, "_released", adds_to_size, "API keskusta"),
        ("open site", insight, "_sum", adds_to_size, "/tulokset/keskusta/"),
        ("mails", report_orders, "_written", adds_to_pair, "mail to ['viivi@example.fi']"),
    ],
)
def test_a_leak_is_caught(county, units, people, monkeypatch, name, module, function, fault, caught_in):
    monkeypatch.setattr(module, function, fault(getattr(module, function)))

    before = one_of(name, caught_in, people, TODAY)
    let_others_wait(units, people)

    assert one_of(name, caught_in, people, TODAY) != before
