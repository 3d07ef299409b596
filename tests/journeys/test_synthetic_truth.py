"""What an invented county's customers truly said, beside everything that is told of it."""

import json
import logging
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from palauteketju.audit import log
from palauteketju.handling.models import Triage
from palauteketju.insight import queries, reports
from palauteketju.insight.models import Block, Pool, PublicBlock
from palauteketju.insight.periods import HELSINKI, week_of
from palauteketju.intake.models import Feedback
from palauteketju.operations import clock
from palauteketju.operations.synthetic.run import NotEmpty, run
from palauteketju.organisation.actions import import_organisation
from palauteketju.organisation.models import Unit
from palauteketju.surveys.actions import take_into_use
from palauteketju.surveys.library import question_sets

# Each test's own changes are undone after it; the county below stands until the last of them.
pytestmark = pytest.mark.django_db
START = date(2026, 8, 31)
SIZE = {"units": 8, "weeks": 3, "per_week": 60, "seed": 7, "start": START}
MORNING_AFTER = datetime(2026, 9, 21, 4, 30, tzinfo=HELSINKI)
OTHER = "other:"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("synthetic")


@pytest.fixture(scope="module", autouse=True)
def invented(django_db_setup, django_db_blocker, folder):
    """Invented once for all tests here, and thrown away after them."""
    before = settings.EMAIL_BACKEND, settings.PUBLISHED_DIR
    settings.PUBLISHED_DIR = folder / "published"
    logging.disable(logging.INFO)
    with django_db_blocker.unblock():
        try:
            take_into_use(question_sets().values(), at=timezone.now())
            run(**SIZE, truth=folder / "truth.jsonl", organisation=folder / "organisation.csv")
            # What came on the last Sunday is counted on the morning after it.
            clock.tick(at=MORNING_AFTER)
            yield
        finally:
            logging.disable(logging.NOTSET)
            settings.EMAIL_BACKEND, settings.PUBLISHED_DIR = before
            call_command("flush", interactive=False, verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs")
            connection.close()


@pytest.fixture(scope="module")
def lines(folder):
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def truth(lines):
    """How many of each unit's customers gave each value, by (unit, stream)."""
    found = defaultdict(Counter)
    for line in lines:
        unit = line["unit"]
        for stream, value in line["answers"].items():
            if value != "na":
                found[unit, stream][value] += 1
        if line["kind"]:
            found[unit, "kind"][line["kind"]] += 1
        if line["comment"]:
            found[unit, "comment"]["given"] += 1
        found[unit, "channel"][line["channel"]] += 1
    return found


def added_up(blocks):
    found = defaultdict(Counter)
    for block in blocks:
        found[block.scope, block.stream].update(block.counts)
    return found


def test_it_works(lines, folder):
    assert len(lines) == 180
    assert Feedback.objects.count() == 180
    assert len({line["feedback"] for line in lines}) == 180
    assert all(date.fromisoformat(line["recorded_at"][:10]) >= START for line in lines)


def test_the_organisation_file_is_the_one_that_was_imported(folder):
    content = (folder / "organisation.csv").read_bytes()
    assert import_organisation(content, by=None, at=timezone.now(), dry_run=True).added == 0
    assert Unit.objects.giving_service().count() == 8


def test_no_figure_tells_more_than_was_said(truth):
    figures = added_up(queries.released("internal"))
    assert figures
    for (scope, stream), counts in figures.items():
        if stream == "theme" or scope.startswith(OTHER):
            continue
        for value, n in counts.items():
            assert n <= truth[scope, stream][value], (scope, stream, value)


def test_what_is_told_and_what_waits_is_exactly_what_was_said(truth):
    """Of every unit and stream; what several units told together is compared in the county's sums below."""
    known = added_up(block for block in queries.released("internal") if block.stream != "theme")
    assert not any(scope.startswith(OTHER) for scope, _stream in known)
    for pool in Pool.objects.exclude(stream="theme"):
        known[pool.scope, pool.stream].update(pool.counts)
    assert known == truth


def test_every_block_is_large_enough():
    assert all(block.n == sum(block.counts.values()) >= 5 for block in queries.released("internal"))
    assert all(block.n == sum(block.counts.values()) >= 10 for block in queries.released("public"))
    assert all(sum(pool.counts.values()) < 5 for pool in Pool.objects.all())


def test_a_public_block_is_a_sum_of_whole_blocks():
    assert PublicBlock.objects.exists()
    for public in PublicBlock.objects.all():
        parts = Block.objects.filter(public=public)
        assert {(part.scope, part.stream) for part in parts} == {(public.scope, public.stream)}
        assert sum((Counter(part.counts) for part in parts), Counter()) == Counter(public.counts)


def test_a_theme_counts_once_for_each_feedback_that_has_one():
    told = sum(block.n for block in queries.released("internal") if block.stream == "theme")
    waiting = sum(sum(pool.counts.values()) for pool in Pool.objects.filter(stream="theme"))
    assert told + waiting == Triage.objects.exclude(themes=[]).count()


@pytest.mark.parametrize("kind", ["unit", "area", "county"])
def test_the_weekly_reports_add_up_to_the_figures(kind):
    within = {unit.code: {unit.code} for unit in Unit.objects.filter(kind="unit")}
    if kind != "unit":
        within = {
            scope.code: {unit.code for unit in Unit.objects.below(scope)}
            for scope in Unit.objects.filter(kind=kind)
        }
    blocks = list(queries.released("internal"))
    for code, units in within.items():
        scope = Unit.objects.get(code=code)
        reported = Counter()
        # The last blocks close on the Monday after the third week.
        for number in range(5):
            report = reports.as_json(reports.ready_made(scope, week_of(START + timedelta(weeks=number))))
            for figure in report["figures"]:
                reported.update({(figure["stream"], value): n for value, n in figure["counts"].items()})
        told = Counter()
        for block in blocks:
            if block.scope in units:
                told.update({(block.stream, value): n for value, n in block.counts.items()})
        assert +reported == +told, code


def test_each_feedback_has_its_road_and_the_trail_is_whole():
    assert not Feedback.objects.filter(triage_due=True).exists()
    assert log.verify().broken_at is None


def test_a_second_county_is_never_mixed_into_the_first(folder):
    with pytest.raises(NotEmpty):
        run(**SIZE, truth=folder / "second.jsonl", organisation=None)
