"""A case that belongs elsewhere: to another unit, in two parts, or together with another case.

The feedback itself never moves: figures counted it once, for the unit it was given to, and stay as they are. The clock
keeps running too, because the customer has been waiting since the arrival.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from palauteketju.audit import log
from palauteketju.handling.actions.locking import lock_open
from palauteketju.handling.actions.opening import opening_facts
from palauteketju.handling.actions.prompting import promise_first_prompts, promise_prompts
from palauteketju.handling.cases.history import original_deadline
from palauteketju.handling.errors import CannotGoThere, CannotLink
from palauteketju.handling.models import Case, CaseLink, Message, Move, Prompt
from palauteketju.organisation.days import day_of
from palauteketju.organisation.models import Person, Unit


def move_case(case: Case, to: Unit, *, reason: str, by: Person, at: datetime) -> Move:
    """Give the case with all its history to another unit, whose handlers are prompted.

    From then on the handlers of the old unit no longer see it, nor the feedback. Raises CaseAlreadyClosed, or
    CannotGoThere for the same unit and for one that serves nobody today.
    """
    with transaction.atomic():
        case = lock_open(case)
        if to.pk == case.unit_id or not serves_customers(to, at=at):
            raise CannotGoThere
        left = case.unit
        words = {"from": left.name, "to": to.name, "reason": reason}
        note = _note(case, _("Moved from %(from)s to %(to)s: %(reason)s") % words, by=by, at=at)
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


def split_case(case: Case, to: Unit, *, about: str, by: Person, at: datetime) -> Case:
    """Open a second case about the same feedback, for what `about` says; its unit's handlers are prompted.

    Both have the deadline of the first, and the customer follows both with the one receipt code. Contact details stay
    until both are closed. Raises CaseAlreadyClosed or CannotGoThere.
    """
    with transaction.atomic():
        case = lock_open(case)
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
        words = {"about": about, "unit": to.name, "number": part.pk}
        _note(case, _("Split off as case %(number)s for %(unit)s: %(about)s") % words, by=by, at=at)
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


def _note(case: Case, text: str, *, by: Person, at: datetime) -> Message:
    # Passing a case on is no reaction to the customer, so it does not count as the first one.
    return Message.objects.create(case=case, kind=Message.Kind.NOTE, author=by, text=text, at=at)
