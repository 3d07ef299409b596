"""The front door of every channel: intake.actions.receive."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.intake import actions, nonces, queries, retention, submissions
from palauteketju.intake.errors import BadNonce
from palauteketju.intake.handover import Count, counts_recorded
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.rules import county_rules
from palauteketju.privacy import receipts
from palauteketju.surveys.library import question_set


@pytest.fixture
def submission(units, at):
    def make(**raw):
        raw = {"answers": {"nps": 9}} | raw
        made, errors = submissions.read(
            raw, unit=units.keskusta, channel="web", question_set=question_set("thl-2"), language="fi", at=at
        )
        assert not errors
        return made

    return make


def _inserts(captured):
    return [query["sql"].split('"')[1] for query in captured if query["sql"].startswith("INSERT")]


def _jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, json.loads(arguments)) for name, arguments in cursor.fetchall()]


def test_it_works(submission, units, at):
    received = actions.receive(submission(), nonce=uuid4(), at=at)
    feedback = Feedback.objects.get(pk=received.feedback_id)
    assert received.is_new
    assert received.answer_by is None
    assert (feedback.unit, feedback.arrived_at, feedback.recorded_at) == (units.keskusta, at, at)
    assert queries.by_receipt(received.receipt) == feedback


def test_ratings_alone_are_one_insert_and_no_job(submission, at):
    sound = submission()
    with CaptureQueriesContext(connection) as captured:
        actions.receive(sound, nonce=uuid4(), at=at)
    assert _inserts(captured) == ["intake_feedback"]
    assert _jobs() == []


@pytest.mark.parametrize(
    "raw", [{"text": "Kiitos"}, {"contact": {"way": "receipt", "value": ""}}, {"needs_attention": True}]
)
def test_what_somebody_must_look_at_announces_its_triage_with_its_id_only(submission, at, raw):
    received = actions.receive(submission(**raw), nonce=uuid4(), at=at)
    assert _jobs() == [("palauteketju.triage", {"feedback_id": received.feedback_id})]
    assert Feedback.objects.get().triage_due


def test_the_same_nonce_is_the_same_feedback(submission, at):
    nonce = uuid4()
    first = actions.receive(submission(contact={"way": "receipt"}), nonce=nonce, at=at)
    second = actions.receive(submission(text="Jotain muuta"), nonce=nonce, at=at + timedelta(days=1))
    assert not second.is_new
    assert (second.feedback_id, second.receipt, second.answer_by) == (
        first.feedback_id,
        first.receipt,
        first.answer_by,
    )
    assert Feedback.objects.get().text == ""
    assert len(_jobs()) == 1


def test_an_urgent_request_is_promised_sooner(submission, at):
    contact = {"way": "receipt"}
    soon = actions.receive(submission(contact=contact, needs_attention=True), nonce=uuid4(), at=at)
    later = actions.receive(submission(contact=contact), nonce=uuid4(), at=at)
    assert soon.answer_by == (at + timedelta(days=1)).date()
    assert later.answer_by == (at + timedelta(days=14)).date()


def test_a_receipt_that_is_taken_is_passed_over(submission, at):
    taken, nonce = actions.receive(submission(), nonce=uuid4(), at=at), uuid4()
    collision = receipts.fingerprint(
        receipts.derive(nonce, keys=settings.KEY_RING, attempt=0), settings.KEY_RING
    )
    Feedback.objects.filter(pk=taken.feedback_id).update(receipt_hash=collision)

    received = actions.receive(submission(), nonce=nonce, at=at)
    again = actions.receive(submission(), nonce=nonce, at=at)
    assert received.is_new
    assert received.receipt == receipts.derive(nonce, keys=settings.KEY_RING, attempt=1) == again.receipt


def test_contact_details_stand_nowhere_in_the_clear(submission, at):
    actions.receive(submission(contact={"way": "email", "value": "matti@example.fi"}), nonce=uuid4(), at=at)
    assert ContactRequest.objects.get().reveal() == "matti@example.fi"
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', ["%matti@example%"])
            assert cursor.fetchone() == (0,), table


def test_contact_details_do_not_open_in_another_row(submission, at):
    contact = {"way": "phone", "value": "0401234567"}
    actions.receive(submission(contact=contact), nonce=uuid4(), at=at)
    actions.receive(submission(contact=contact), nonce=uuid4(), at=at)
    mine, other = ContactRequest.objects.order_by("pk")
    assert bytes(mine.sealed) != bytes(other.sealed)
    mine.sealed = other.sealed
    with pytest.raises(Exception, match="another place"):
        mine.reveal()


def test_no_receipt_is_stored(submission, at):
    received = actions.receive(submission(), nonce=uuid4(), at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM intake_feedback t WHERE t::text LIKE %s", [f"%{received.receipt}%"]
        )
        assert cursor.fetchone() == (0,)


@pytest.fixture
def committed(transactional_db):
    """Django empties its own tables afterwards, the jobs' are not among them."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_the_same_nonce_from_two_threads_at_once_is_one_feedback(committed, submission, at):
    nonce, sound, together = uuid4(), submission(text="Kiitos", contact={"way": "receipt"}), Barrier(4)

    def send(_number):
        together.wait()
        try:
            return actions.receive(sound, nonce=nonce, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert Feedback.objects.count() == 1
    assert ContactRequest.objects.count() == 1
    assert len(_jobs()) == 1
    assert len({answer.receipt for answer in answers}) == 1
    assert sum(answer.is_new for answer in answers) == 1


def test_a_crash_before_the_job_leaves_nothing_half_stored(submission, at, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(actions.jobs, "configure_task", fail)
    with pytest.raises(RuntimeError):
        actions.receive(submission(text="Kiitos", contact={"way": "receipt"}), nonce=uuid4(), at=at)
    assert not Feedback.objects.exists()
    assert not ContactRequest.objects.exists()


# --- Marks


def test_a_mark_is_good_for_a_week(at):
    mark = nonces.make(at)
    assert nonces.read(mark, at=at) == nonces.read(mark, at=at + timedelta(days=7))
    with pytest.raises(BadNonce, match="expired"):
        nonces.read(mark, at=at + timedelta(days=7, seconds=1))


@given(position=st.integers(0, 35), bit=st.integers(0, 7))
def test_a_mark_changed_anywhere_is_not_ours(position, bit):
    now = timezone.now()
    raw = bytearray(base64.urlsafe_b64decode(nonces.make(now)))
    raw[position] ^= 1 << bit
    with pytest.raises(BadNonce, match="forged"):
        nonces.read(base64.urlsafe_b64encode(bytes(raw)).decode(), at=now)


def test_the_same_key_of_two_senders_is_two_feedbacks():
    assert nonces.from_idempotency_key("1", sender=1) != nonces.from_idempotency_key("1", sender=2)


# --- Counting and deleting


def test_counts_hold_every_feedback_once(submission, at):
    actions.receive(submission(text="Kiitos", kind="thanks"), nonce=uuid4(), at=at)
    actions.receive(submission(), nonce=uuid4(), at=at + timedelta(hours=1))
    first = list(counts_recorded(after=at - timedelta(days=1), until=at))
    second = list(counts_recorded(after=at, until=at + timedelta(hours=1)))
    assert Count("keskusta", "thl-2/nps", "9", 1, 5, 10) in first
    assert Count("keskusta", "kind", "thanks", 1, 5, 10) in first
    assert Count("keskusta", "comment", "given", 1, 5, 10) in first
    assert second == [
        Count("keskusta", "channel", "web", 1, 5, 10),
        Count("keskusta", "thl-2/nps", "9", 1, 5, 10),
    ]


def test_old_feedback_is_deleted_with_its_contact_details(submission, at):
    kept_for = county_rules().retention.feedback
    actions.receive(
        submission(contact={"way": "receipt"}), nonce=uuid4(), at=at - kept_for - timedelta(seconds=1)
    )
    kept = actions.receive(submission(), nonce=uuid4(), at=at - kept_for)
    assert retention.delete_old(at=at) == 1
    assert Feedback.objects.get().pk == kept.feedback_id
    assert not ContactRequest.objects.exists()
    assert retention.delete_old(at=at) == 0
