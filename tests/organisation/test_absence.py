"""Marking days away: who may stand in, and what is refused."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest

from palauteketju.audit.models import Entry
from palauteketju.organisation.absences import (
    absences_on,
    add_absence,
    forget_absences,
    possible_substitutes,
    remove_absence,
)
from palauteketju.organisation.errors import AbsenceRefused
from palauteketju.organisation.models import Absence, Role

JULY = {"first_day": date(2026, 7, 1), "last_day": date(2026, 7, 31)}


def test_it_works(people, at):
    absence = add_absence(people.aino, **JULY, substitute=people.eero, by=people.aino, at=at)
    assert absences_on(date(2026, 7, 31), [people.aino.pk]) == {people.aino.pk: absence}
    assert absences_on(date(2026, 8, 1), [people.aino.pk]) == {}
    assert Entry.objects.get().facts["substitute"] == people.eero.pk


def test_only_who_has_the_same_role_can_stand_in(people, units):
    Role.objects.create(person=people.viivi, kind=Role.Kind.HANDLER, unit=units.county)
    assert set(possible_substitutes(people.aino)) == {people.eero, people.viivi}
    assert set(possible_substitutes(people.mikko)) == set()


def test_a_manager_stands_in_for_a_manager(people, units):
    Role.objects.create(person=people.outi, kind=Role.Kind.MANAGER, unit=units.keskusta)
    assert set(possible_substitutes(people.mikko)) == {people.outi}


def test_who_has_left_cannot_stand_in(people):
    people.eero.is_active = False
    people.eero.save()
    assert set(possible_substitutes(people.aino)) == set()


@pytest.mark.parametrize("name", ["outi", "jaana", "mikko", "aino"])
def test_a_substitute_without_the_role_is_refused(people, at, name):
    with pytest.raises(AbsenceRefused):
        add_absence(people.aino, **JULY, substitute=getattr(people, name), by=people.aino, at=at)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "is_possible"), [(-365, 730, True), (-366, 0, False), (0, 731, False)]
)
def test_days_years_away_are_refused(people, at, first, last, is_possible):
    days = {
        "first_day": at.date() + timedelta(days=first),
        "last_day": at.date() + timedelta(days=last),
    }
    with nullcontext() if is_possible else pytest.raises(AbsenceRefused):
        add_absence(people.aino, **days, substitute=None, by=people.aino, at=at)
    assert Absence.objects.exists() == is_possible


def test_days_that_overlap_are_refused(people, at):
    add_absence(people.aino, **JULY, substitute=None, by=people.aino, at=at)
    with pytest.raises(AbsenceRefused):
        add_absence(
            people.aino,
            first_day=date(2026, 7, 31),
            last_day=date(2026, 8, 2),
            substitute=None,
            by=people.aino,
            at=at,
        )


def test_taken_back_it_is_as_if_it_had_not_been(people, at):
    absence = add_absence(people.aino, **JULY, substitute=None, by=people.aino, at=at)
    remove_absence(absence, by=people.aino, at=at)
    remove_absence(absence, by=people.aino, at=at)
    assert not Absence.objects.exists()
    assert Entry.objects.filter(action="organisation.absence.removed").count() == 1


def test_a_month_after_its_end_it_is_forgotten(people, at):
    add_absence(people.aino, **JULY, substitute=None, by=people.aino, at=at)
    end = at.replace(month=8, day=31)
    assert forget_absences(at=end) == 0
    assert forget_absences(at=end + timedelta(days=1)) == 1
