"""A case that belongs elsewhere: to another unit, in two parts, or together with another case.

The feedback itself never moves: figures counted it once, for the unit it was given to, and stay as they are. The clock
keeps running too, because the customer has been waiting since the arrival.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from palauteketju.audit import log
from palauteketju.handling.actions.locking import lock_case
from palauteketju.handling.actions.opening import opening_facts
from palauteketju.handling.actions.prompting import promise_first_prompts, promise_prompts
from palauteketju.handling.actions.saying_once import TWICE, said_just_now
from palauteketju.handling.cases.history import original_deadline
from palauteketju.handling.errors import CannotGoThere, CannotLink, CaseAlreadyClosed
from palauteketju.handling.models import Case, CaseLink, DeadlineChange, Message, Move, Prompt
from palauteketju.organisation.days import day_of
from palauteketju.organisation.models import Person, Unit


def move_case(case: Case, to: Unit, *, reason: str, by: Person, at: datetime) -> Move:
    """Give the case with all its history to another unit, whose handlers are prompted.

    From then on the handlers of the old unit no longer see it, nor the feedback. Raises CaseAlreadyClosed, or
    CannotGoThere for the same unit and for one that serves nobody today.
    """
    with transaction.atomic():
        case = lock_case(case)
        if moved := moved_just_now(case.pk, to, reason=reason, by=by, at=at):
            return moved
        if case.is_closed:
            raise CaseAlreadyClosed
        if to.pk == case.unit_id or not serves_customers(to, at=at):
            raise CannotGoThere
        left = case.unit
        note = _note(case, _words_of_move(left, to, reason), by=by, at=at)
        move = Move.objects.create(case=case, from_unit=left, to_unit=to, note=note, at=at)
        case.unit = to
        case.save(update_fields=["unit"])
        # What the old unit's people had begun to write is not for the new one to send.
        case.drafts.all().delete()
        # Who was reminded in the old unit is not the one who must be in the new.
        case.prompts.filter(kind__in=[Prompt.Kind.REMINDER, Prompt.Kind.OVERDUE]).delete()
        prompted = promise_prompts(case, Prompt.Kind.MOVED, about=note)
        facts = {"from": left.pk, "to": to.pk, "message": note.pk, "prompted": prompted}
        log.record("handling.case.moved", by=by, subject=case, at=at, facts=facts)
    return move


def moved_just_now(case_id: int, to: Unit, *, reason: str, by: Person, at: datetime) -> Move | None:
    """The move that the first press of the button made; where the case is by now in a third unit, none."""
    moves = Move.objects.filter(case=case_id, case__unit=to, to_unit=to, note__author=by, at__gt=at - TWICE)
    move = moves.select_related("case", "from_unit", "note").last()
    is_same = move is not None and move.note.text == _words_of_move(move.from_unit, to, reason)
    return move if is_same else None


def split_case(case: Case, to: Unit, *, about: str, by: Person, at: datetime) -> Case:
    """Open a second case about the same feedback, for what `about` says; its unit's handlers are prompted.

    Both have the deadline of the first, and the customer follows both with the one receipt code. Contact details stay
    until both are closed. Raises CaseAlreadyClosed or CannotGoThere.
    """
    with transaction.atomic():
        case = lock_case(case)
        if part := _split_just_now(case, to, about=about, by=by, at=at):
            return part
        if case.is_closed:
            raise CaseAlreadyClosed
        if not serves_customers(to, at=at):
            raise CannotGoThere
        part = Case.objects.create(
            feedback_id=case.feedback_id,
            unit=to,
            split_from=case,
            road=case.road,
            channel=case.channel,
            why=case.why,
            arrived_at=case.arrived_at,
            opened_at=at,
            due_at=case.due_at,
        )
        _give_changes(case, part)
        _note(case, _words_of_split(part, about), by=by, at=at)
        words = {"about": about, "unit": case.unit.name, "number": case.pk}
        _note(part, _("Split from case %(number)s of %(unit)s: %(about)s") % words, by=by, at=at)
        prompted = promise_first_prompts([part], at=at)[part.pk]
        log.record("handling.case.split", by=by, subject=case, at=at, facts={"into": part.pk})
        facts = opening_facts(part, promised=original_deadline(case))
        facts |= {"split_from": case.pk, "prompted": prompted}
        log.record("handling.case.opened", by=by, subject=part, at=at, facts=facts)
    return part


def link_cases(case: Case, other: Case, *, by: Person, at: datetime) -> None:
    """Say that two cases are about the same matter; whoever handles both sees it. Open or closed, nothing else changes.

    The caller has found both through `access`. Raises CannotLink for a case with itself or linked already.
    """
    first, second = sorted([case, other], key=lambda one: one.pk)
    with transaction.atomic():
        if first.pk == second.pk:
            raise CannotLink
        _link, is_new = CaseLink.objects.get_or_create(first=first, second=second)
        if not is_new:
            raise CannotLink
        log.record("handling.case.linked", by=by, subject=first, at=at, facts={"with": second.pk})
        log.record("handling.case.linked", by=by, subject=second, at=at, facts={"with": first.pk})


def unlink_cases(case: Case, other: Case, *, by: Person, at: datetime) -> None:
    """Take a link away again; nothing happens where there is none."""
    first, second = sorted([case, other], key=lambda one: one.pk)
    with transaction.atomic():
        gone, _by_model = CaseLink.objects.filter(first=first, second=second).delete()
        if gone:
            log.record("handling.case.unlinked", by=by, subject=first, at=at, facts={"with": second.pk})
            log.record("handling.case.unlinked", by=by, subject=second, at=at, facts={"with": first.pk})


def serves_customers(unit: Unit, *, at: datetime) -> bool:
    return unit.kind == Unit.Kind.UNIT and unit.is_open_on(day_of(at))


def _split_just_now(case: Case, to: Unit, *, about: str, by: Person, at: datetime) -> Case | None:
    parts = Case.objects.filter(split_from=case, unit=to, opened_at__gt=at - TWICE)
    words = ((part, _words_of_split(part, about)) for part in parts)
    return next(
        (part for part, text in words if said_just_now(case, Message.Kind.NOTE, text, by=by, at=at)), None
    )


def _give_changes(case: Case, part: Case) -> None:
    """What the customer was told of later days holds for the part too, and its days are explained by them."""
    changes = list(case.deadline_changes.all())
    for change in changes:
        change.pk, change.case = None, part
    DeadlineChange.objects.bulk_create(changes)


def _words_of_move(left: Unit, to: Unit, reason: str) -> str:
    words = {"from": left.name, "to": to.name, "reason": reason}
    return _("Moved from %(from)s to %(to)s: %(reason)s") % words


def _words_of_split(part: Case, about: str) -> str:
    words = {"about": about, "unit": part.unit.name, "number": part.pk}
    return _("Split off as case %(number)s for %(unit)s: %(about)s") % words


def _note(case: Case, text: str, *, by: Person, at: datetime) -> Message:
    # Passing a case on is no reaction to the customer, so it does not count as the first one.
    return Message.objects.create(case=case, kind=Message.Kind.NOTE, author=by, text=text, at=at)
