"""The audit trail: written in the transaction of what it tells, and any change of it shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from palauteketju.audit import log
from palauteketju.audit.models import Entry


@pytest.fixture
def write(people, units, at):
    def add(count=5):
        with transaction.atomic():
            for number in range(count):
                log.record(
                    "test.thing.done", by=people.aino, subject=units.koti, at=at, facts={"number": number}
                )

    return add


def test_it_works(write, people, units, at):
    write(1)
    entry = Entry.objects.get()
    assert (entry.number, entry.at, entry.actor, entry.action) == (1, at, people.aino, "test.thing.done")
    assert (entry.subject_type, entry.subject_id) == ("organisation.unit", str(units.koti.pk))


def test_a_whole_trail_is_sound(write):
    write()
    verdict = log.verify()
    assert (verdict.entries, verdict.broken_at) == (5, None)
    assert verdict.last_seal == bytes(Entry.objects.get(number=5).seal).hex()


def test_an_empty_trail_is_sound(db):
    assert log.verify().broken_at is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2020-01-01 00:00:00+00'"),
        ("actor_id", "NULL"),
        ("action", "'test.thing.undone'"),
        ("subject_type", "'organisation.person'"),
        ("subject_id", "'999'"),
        ("facts", "'{}'"),
        ("seal", "'\\x00'"),
        ("number", "99"),
    ],
)
def test_a_changed_column_shows(write, column, value):
    write()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_entry SET {column} = {value} WHERE number = 3")
    assert log.verify().broken_at == 3


def test_another_person_in_the_actors_place_shows(write, people):
    write()
    Entry.objects.filter(number=3).update(actor=people.eero)
    assert log.verify().broken_at == 3


@pytest.mark.parametrize("number", [1, 3])
def test_a_removed_entry_shows(write, number):
    write()
    Entry.objects.filter(number=number).delete()
    assert log.verify().broken_at == number


def test_closing_the_gap_shows_too(write):
    write()
    Entry.objects.filter(number=3).delete()
    for number in (4, 5):
        Entry.objects.filter(number=number).update(number=number - 1)
    assert log.verify().broken_at == 3


def test_two_entries_that_changed_places_show(write):
    write()
    Entry.objects.filter(number=2).update(number=99)
    Entry.objects.filter(number=3).update(number=2)
    Entry.objects.filter(number=99).update(number=3)
    assert log.verify().broken_at == 2


def test_an_end_cut_off_shows_in_the_number_and_the_seal(write):
    write()
    before = log.verify()
    Entry.objects.filter(number=5).delete()
    after = log.verify()
    assert after.broken_at is None
    assert (after.entries, after.last_seal) != (before.entries, before.last_seal)


def test_the_chain_goes_on_after_a_new_entry(write):
    write()
    write()
    assert log.verify().entries == 10


def test_what_was_rolled_back_leaves_no_trace(people, units, at):
    with transaction.atomic():
        log.record("test.thing.done", by=None, subject=units.koti, at=at)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written(units, at):
    with pytest.raises(RuntimeError, match="transaction"):
        log.record("test.thing.done", by=None, subject=units.koti, at=at)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_entries_of_many_at_once_make_one_chain(units, at):
    def write(number):
        try:
            with transaction.atomic():
                log.record("test.thing.done", by=None, subject=units.koti, at=at + timedelta(seconds=number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    assert log.verify().entries == 24
    assert log.verify().broken_at is None
