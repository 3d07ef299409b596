"""Approving, returning and finishing a measure: nothing is public that one person alone has read."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from palauteketju.audit.models import Entry
from palauteketju.improvement import actions
from palauteketju.improvement.errors import AlreadyDecided, NotYours, OwnMeasure
from palauteketju.improvement.handover import published_measures
from palauteketju.improvement.models import Measure
from palauteketju.organisation.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def is_both(people, units):
    """Aino handles keskusta and is communications of the county too."""
    Role.objects.create(person=people.aino, unit=units.county, kind=Role.Kind.COMMUNICATIONS)
    return people.aino


def test_it_works(recorded, people, units, at):
    assert published_measures(None) == []

    actions.approve_measure(recorded.pk, by=people.viivi, at=at)

    [public] = published_measures(units.keskusta)
    assert (public.title, public.text, public.responsible) == (
        recorded.title,
        recorded.description,
        "osastonhoitaja",
    )
    assert (public.decided_on, public.published_on, public.done_on, public.effect) == (
        at.date(),
        at.date(),
        None,
        "",
    )
    assert "aatavuus" in public.heard
    assert Entry.objects.latest("number").action == "improvement.measure.approved"


def test_what_was_published_is_found_above_and_not_beside(approved, units):
    for scope in (None, units.county, units.health, units.keskusta):
        assert len(published_measures(scope)) == 1
    for scope in (units.home, units.psyk, units.koti):
        assert published_measures(scope) == []


def test_all_published_measures_are_one_query(approved, units, django_assert_num_queries):
    with django_assert_num_queries(1):
        published_measures(units.county)


def test_how_many_answers_it_rests_on_stays_inside(approved, units):
    [public] = published_measures(units.keskusta)

    assert not hasattr(public, "n")


def test_its_writer_cannot_approve_it(recorded, is_both, at):
    with pytest.raises(OwnMeasure):
        actions.approve_measure(recorded.pk, by=is_both, at=at)
    assert published_measures(None) == []


def test_the_database_wants_two_people_too(recorded, people, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=recorded.pk).update(
            state="approved", approved_by=people.aino, approved_at=at
        )


@pytest.mark.parametrize("who", ["aino", "eero", "jaana", "mikko", "aada", "petra", "outi"])
def test_only_communications_approves_and_returns(recorded, people, at, who):
    with pytest.raises(NotYours):
        actions.approve_measure(recorded.pk, by=getattr(people, who), at=at)
    with pytest.raises(NotYours):
        actions.return_measure(recorded.pk, reason="Ei.", by=getattr(people, who), at=at)


def test_it_is_approved_once(approved, people, at):
    with pytest.raises(AlreadyDecided):
        actions.approve_measure(approved.pk, by=people.viivi, at=at)


def test_what_it_changed_is_public_only_when_approved(done, people, units, at):
    [public] = published_measures(units.keskusta)
    assert (public.effect, public.done_on is None) == ("", False)

    actions.approve_measure(done.pk, by=people.viivi, at=at)

    [public] = published_measures(units.keskusta)
    assert public.effect == "Soittoa odotetaan enää tunti."


def test_the_writer_of_the_effect_cannot_approve_it(approved, is_both, people, at):
    actions.complete_measure(approved.pk, effect="Parani.", by=is_both, at=at)

    with pytest.raises(OwnMeasure):
        actions.approve_measure(approved.pk, by=is_both, at=at)


def test_a_returned_effect_leaves_the_measure_public(done, people, units, at):
    actions.return_measure(done.pk, reason="Kerro luku.", by=people.viivi, at=at)

    done.refresh_from_db()
    assert (done.state, done.return_reason) == ("approved", "Kerro luku.")
    [public] = published_measures(units.keskusta)
    assert (public.effect, public.done_on) == ("", None)


@pytest.mark.parametrize("stage", ["approved", "done"])
def test_a_public_measure_can_be_taken_off(request, stage, people, at):
    measure = request.getfixturevalue(stage)
    if stage == "done":
        actions.approve_measure(measure.pk, by=people.viivi, at=at)

    actions.return_measure(measure.pk, reason="Tekstissä on nimi.", by=people.viivi, at=at)

    measure.refresh_from_db()
    assert measure.state == "returned"
    assert published_measures(None) == []


def test_only_what_is_under_way_is_finished(recorded, done, people, at):
    with pytest.raises(AlreadyDecided):
        actions.complete_measure(done.pk, effect="Taas.", by=people.aino, at=at)


@pytest.mark.parametrize("who", ["outi", "jaana", "mikko", "viivi"])
def test_only_the_units_handlers_finish_it(approved, people, at, who):
    with pytest.raises(NotYours):
        actions.complete_measure(approved.pk, effect="Parani.", by=getattr(people, who), at=at)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_the_first_stands(recorded, people, at):
    barrier, refused = Barrier(2), []

    def decide(action):
        try:
            barrier.wait(timeout=10)
            action()
        except AlreadyDecided:
            refused.append(action)
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=[lambda: actions.approve_measure(recorded.pk, by=people.viivi, at=at)])
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert len(refused) == 1
    assert Entry.objects.filter(action="improvement.measure.approved").count() == 1
