"""The clock's tick: everything that is due, once."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from palauteketju.audit import log
from palauteketju.handling.models import Case, Prompt, Triage
from palauteketju.insight.models import Block, Pool, PublicBlock
from palauteketju.intake.models import Feedback
from palauteketju.operations import clock
from palauteketju.operations.clock import TickFailed, tick
from palauteketju.organisation.models import Unit
from palauteketju.sms.actions import accept_events
from palauteketju.sms.gateways import gateway_from_settings
from palauteketju.sms.models import OutgoingSms
from palauteketju.sms.service_events import ServiceEvent

URGENT = "Äitini melkein kuoli, kun lääkkeet vaihtuivat."
DAY = timedelta(days=1)
NOTHING = dict.fromkeys(clock.PARTS, 0)


@pytest.fixture
def morning(at):
    """Half past four: blocks may close."""
    return at.replace(hour=4, minute=30)


@pytest.fixture
def noon(at):
    return at.replace(hour=12, minute=0)


@pytest.fixture
def visit(at, give):
    """Somebody visited keskusta yesterday, and may be asked."""
    event = ServiceEvent(
        event_id="e1",
        phone="+358401234567",
        occurred_at=at - DAY,
        visit_type="",
        language="fi",
        birth_year=1980,
        municipality="",
        unit="keskusta",
        permission=True,
        non_disclosure=False,
        phones_on_file=1,
    )
    return lambda: accept_events([event], at=at)


def test_it_works(give, morning):
    give(12, at=morning - DAY)
    done = tick(at=morning)

    # Twelve recommendations and twelve channels.
    assert done["blocks"] == 2
    assert {block.n for block in Block.objects.all()} == {12}
    assert PublicBlock.objects.count() == 2
    assert done["publication"] > 0


def test_each_part_does_its_work_once(give, visit, noon):
    give(6, at=noon - DAY, text="Kiitos.", way="receipt")
    visit()
    first = tick(at=noon)
    assert first["untriaged"] == 6
    assert first["sms"] == 1
    assert first["blocks"] > 0

    assert tick(at=noon) == NOTHING
    assert tick(at=noon + timedelta(minutes=1)) == NOTHING
    assert log.verify().broken_at is None


def test_one_part_that_fails_keeps_no_other_from_its_work(give, visit, noon, settings, tmp_path, caplog):
    (tmp_path / "holiday.jpg").touch()
    settings.PUBLISHED_DIR = tmp_path
    (tmp_path / "simulator").touch()
    give(6, at=noon - DAY)
    visit()
    with pytest.raises(TickFailed, match=r"^These parts failed: sms, publication\.$"):
        tick(at=noon)

    assert Block.objects.filter(scope="keskusta").exists()
    assert {record.getMessage() for record in caplog.records} >= {
        "tick.part_failed part=sms",
        "tick.part_failed part=publication",
    }

    # What failed is done when it can be.
    settings.PUBLISHED_DIR = tmp_path / "published"
    (tmp_path / "simulator").unlink()
    assert tick(at=noon + timedelta(hours=1))["publication"] > 0


def test_the_sweep_triages_what_no_job_took(give, at):
    give(at=at, text=URGENT)
    ProcrastinateJob.objects.all()._raw_delete("default")
    tick(at=at + timedelta(minutes=2))

    assert Case.objects.get().road == Case.Road.URGENT
    assert Prompt.objects.count() == 2
    [job] = ProcrastinateJob.objects.filter(task_name="palauteketju.prompt")
    assert sorted(job.args["prompt_ids"]) == sorted(Prompt.objects.values_list("pk", flat=True))


def test_what_came_just_now_is_left_to_its_job(give, at):
    give(at=at, text=URGENT)
    assert tick(at=at + timedelta(seconds=30))["untriaged"] == 0
    assert not Triage.objects.exists()


def test_two_ticks_at_the_same_moment_do_everything_once(give, visit, noon, at_once):
    give(7, at=noon - DAY, text="Kiitos.", way="receipt")
    visit()
    first, second = at_once(lambda: tick(at=noon), lambda: tick(at=noon))

    assert not isinstance(first, Exception), first
    assert not isinstance(second, Exception), second
    assert first["blocks"] + second["blocks"] == Block.objects.count()
    assert {block.n for block in Block.objects.filter(stream="thl-2/nps")} == {7}
    assert first["sms"] + second["sms"] == 1
    assert len(gateway_from_settings().phones(most=9)[0].messages) == 1
    assert Case.objects.count() == Triage.objects.count() == 7
    assert log.verify().broken_at is None


def test_an_answer_that_is_being_stored_waits_for_the_next_morning(give, morning):
    give(5, at=morning - timedelta(minutes=1))
    assert tick(at=morning)["blocks"] == 0
    assert tick(at=morning + DAY)["blocks"] == 2


def test_after_weeks_of_silence_one_tick_catches_up(give, units, morning):
    for unit, n in ((units.keskusta, 3), (units.psyk, 4), (units.koti, 4)):
        give(n, at=morning - DAY, unit=unit)
    assert tick(at=morning)["blocks"] == 0
    give(1, at=morning + DAY, unit=units.koti)

    # Koti has five by now; the two others have waited longer than the county's rule lets them, and are too few together.
    late = morning + timedelta(weeks=10)
    tick(at=late)
    assert set(Block.objects.values_list("scope", "n")) == {("koti", 5)}
    assert sum(sum(pool.counts.values()) for pool in Pool.objects.filter(stream="thl-2/nps")) == 7

    give(5, at=late, unit=units.koti, nps="0")
    give(3, at=late, unit=units.psyk)
    tick(at=late + DAY)
    assert tick(at=late + DAY) == NOTHING
    assert (
        sum(block.n for block in Block.objects.filter(stream="thl-2/nps"))
        + sum(sum(pool.counts.values()) for pool in Pool.objects.filter(stream="thl-2/nps"))
        == Feedback.objects.count()
    )


def test_a_message_that_came_too_late_is_not_sent(give, visit, noon):
    visit()
    tick(at=noon + timedelta(weeks=6))
    assert not gateway_from_settings().phones(most=9)
    assert not OutgoingSms.objects.exists()


def test_what_has_had_its_time_is_deleted_and_its_figures_stay(give, morning):
    give(6, at=morning - DAY, text="Kiitos.", way="receipt")
    tick(at=morning)
    assert Block.objects.exists()
    figures = list(Block.objects.values_list("scope", "stream", "n"))

    tick(at=morning + timedelta(days=366 * 6))
    assert not Feedback.objects.exists()
    assert (
        list(Block.objects.filter(scope="keskusta").values_list("scope", "stream", "n"))[: len(figures)]
        == figures
    )
    assert log.verify().broken_at is None


def test_without_an_organisation_there_is_nothing_to_do(committed, settings, tmp_path, at):
    settings.PUBLISHED_DIR = tmp_path / "published"
    assert not Unit.objects.exists()
    assert tick(at=at) == NOTHING


def test_a_part_may_be_left_out(give, morning):
    assert "publication" not in tick(at=morning, without=frozenset({"publication"}))
