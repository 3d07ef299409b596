"""The life of a measure: recorded, approved or returned, done. Each function is one whole change with its trace."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from palauteketju.audit import log
from palauteketju.audit.models import Entry
from palauteketju.improvement import access
from palauteketju.improvement.errors import AlreadyDecided, NothingToRestOn, NotYours, OwnMeasure
from palauteketju.improvement.models import Measure
from palauteketju.insight.handover import Basis, bases_of
from palauteketju.organisation.models import Person, Unit

State = Measure.State
Facts = dict[str, str | int | bool | None]

# So long the same words of the same person are a second press of the button, and change nothing more.
TWICE: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Plan:
    """What is written of a measure: on which figures it rests, what is done, by whom and by when."""

    unit: Unit
    stream: str
    theme: str
    period_from: date
    period_to: date
    title: str
    description: str
    responsible: str
    due: date


def record_measure(plan: Plan, *, by: Person, at: datetime) -> Measure:
    """Record a measure; it waits for communications before anybody outside the county sees it.

    How many answers it rests on is fixed here: later blocks of the same days do not change what was known.
    Raises NotYours for who is no handler of the unit, and NothingToRestOn.
    """
    with transaction.atomic():
        # Two presses at the same moment wait for each other here.
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        same = Measure.objects.filter(**vars(plan), recorded_by=by, recorded_at__gt=at - TWICE)
        if recorded := same.first():
            return recorded
        measure = Measure(state=State.RECORDED)
        _write(measure, plan, by=by, at=at)
        measure.save(force_insert=True)
        facts: Facts = {"unit": plan.unit.code, "stream": plan.stream, "theme": plan.theme, "n": measure.n}
        log.record("improvement.measure.recorded", by=by, subject=measure, at=at, facts=facts)
    return measure


def revise_measure(measure_id: int, plan: Plan, *, by: Person, at: datetime) -> Measure:
    """Mend a measure that is not public; it waits for approval again, recorded by whoever mended it.

    Raises NotYours, NothingToRestOn and AlreadyDecided.
    """
    with transaction.atomic():
        measure = _locked(measure_id)
        if measure.state not in (State.RECORDED, State.RETURNED):
            raise AlreadyDecided
        if not access.can_record(by, measure.unit):
            raise NotYours
        _write(measure, plan, by=by, at=at)
        measure.state = State.RECORDED
        measure.return_reason = ""
        measure.save()
        facts: Facts = {"unit": plan.unit.code, "n": measure.n}
        log.record("improvement.measure.revised", by=by, subject=measure, at=at, facts=facts)
    return measure


def approve_measure(measure_id: int, *, by: Person, at: datetime) -> Measure:
    """Make public what waits: the measure, or what it changed. Somebody other than its writer must approve it.

    Raises NotYours for who is not communications there, OwnMeasure and AlreadyDecided.
    """
    with transaction.atomic():
        measure = _locked(measure_id)
        _check_decider(measure, by)
        if measure.effect_waits:
            if measure.completed_by_id == by.pk:
                raise OwnMeasure
            measure.effect_approved_by, measure.effect_approved_at = by, at
            action = "improvement.effect.approved"
        elif measure.state == State.RECORDED:
            if measure.recorded_by_id == by.pk:
                raise OwnMeasure
            measure.state, measure.approved_by, measure.approved_at = State.APPROVED, by, at
            action = "improvement.measure.approved"
        else:
            raise AlreadyDecided
        measure.return_reason = ""
        measure.save()
        log.record(action, by=by, subject=measure, at=at, facts={"unit": measure.unit.code})
    return measure


def return_measure(measure_id: int, *, reason: str, by: Person, at: datetime) -> Measure:
    """Send back what waits, with the reason; a measure that is public already is taken off the public pages.

    Where only what it changed is in question, the measure itself stays public and under way.
    Raises NotYours and, for what was returned already, AlreadyDecided.
    """
    with transaction.atomic():
        measure = _locked(measure_id)
        _check_decider(measure, by)
        if measure.return_reason == reason and _has_just_returned(by, measure, at=at):
            return measure
        if measure.state == State.RETURNED:
            raise AlreadyDecided
        if measure.effect_waits:
            measure.state = State.APPROVED
        else:
            measure.state, measure.approved_by, measure.approved_at = State.RETURNED, None, None
        measure.completed_by = measure.completed_at = None
        measure.effect_approved_by = measure.effect_approved_at = None
        measure.return_reason = reason
        measure.save()
        facts = {"unit": measure.unit.code, "state": measure.state}
        log.record("improvement.measure.returned", by=by, subject=measure, at=at, facts=facts)
    return measure


def complete_measure(measure_id: int, *, effect: str, by: Person, at: datetime) -> Measure:
    """Say that it is done and what it changed; the words wait for communications.

    Raises NotYours for who is no handler of the unit, and AlreadyDecided for what is not under way.
    """
    with transaction.atomic():
        measure = _locked(measure_id)
        if not access.can_record(by, measure.unit):
            raise NotYours
        if measure.state == State.DONE and (measure.effect, measure.completed_by_id) == (effect, by.pk):
            return measure
        if measure.state != State.APPROVED:
            raise AlreadyDecided
        measure.state, measure.effect = State.DONE, effect
        measure.completed_by, measure.completed_at = by, at
        measure.return_reason = ""
        measure.save()
        log.record(
            "improvement.measure.completed", by=by, subject=measure, at=at, facts={"unit": measure.unit.code}
        )
    return measure


def _locked(measure_id: int) -> Measure:
    """Two people may decide at once: the first decision stands."""
    return Measure.objects.select_for_update(of=("self",)).select_related("unit").get(pk=measure_id)


def _has_just_returned(person: Person, measure: Measure, *, at: datetime) -> bool:
    """A second press would else take off the measure whose effect the first one returned."""
    returned = Entry.objects.filter(action="improvement.measure.returned", actor=person, at__gt=at - TWICE)
    return returned.filter(subject_id=str(measure.pk)).exists()


def _check_decider(measure: Measure, by: Person) -> None:
    if not access.can_approve(by, measure.unit):
        raise NotYours


def _write(measure: Measure, plan: Plan, *, by: Person, at: datetime) -> None:
    if not access.can_record(by, plan.unit):
        raise NotYours
    measure.unit, measure.stream, measure.theme = plan.unit, plan.stream, plan.theme
    measure.period_from, measure.period_to = plan.period_from, plan.period_to
    measure.n = _basis(plan).n
    measure.title, measure.description = plan.title, plan.description
    measure.responsible, measure.due = plan.responsible, plan.due
    measure.recorded_by, measure.recorded_at = by, at


def _basis(plan: Plan) -> Basis:
    """The blocks of its stream. A theme the figures do not hold yet, or all feedback, rests on the widest stream."""
    bases = {basis.stream: basis for basis in bases_of(plan.unit, plan.period_from, plan.period_to)}
    if not bases or (plan.stream and plan.stream not in bases):
        raise NothingToRestOn
    if plan.stream:
        return bases[plan.stream]
    if plan.theme and "theme" in bases:
        return bases["theme"]
    return max(bases.values(), key=lambda basis: basis.n)
