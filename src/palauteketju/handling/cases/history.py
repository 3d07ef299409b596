"""Where a case has been and what belongs to it: its units, its deadlines, its other parts and its links."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet

from palauteketju.handling.models import Case, CaseLink, DeadlineChange, Move
from palauteketju.intake.models import Feedback
from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Person, Role


def original_deadline(case: Case) -> datetime | None:
    """The deadline before more time was given or the rules changed; figures count by this one.

    What was found of the urgency before that is part of it.
    """
    if case.due_at is None:
        return None
    later = case.deadline_changes.exclude(why__in=DeadlineChange.OF_URGENCY).first()
    return later.before if later else case.due_at


def cases_of(feedback: Feedback) -> list[Case]:
    """All cases of a feedback, the first one first; more than one after a split."""
    return list(Case.objects.filter(feedback=feedback).select_related("unit").order_by("pk"))


def unit_names_over_time(case: Case) -> Callable[[datetime], str]:
    """Which unit had the case at a moment: the one that spoke then, whoever has it now."""
    moves = list(case.moves.select_related("from_unit"))

    def name_at(at: datetime) -> str:
        left_later = next((move.from_unit for move in moves if move.at > at), case.unit)
        return left_later.name

    return name_at


def linked_cases(case: Case, person: Person) -> list[Case]:
    """The cases linked with this one that the person handles too; of the others they learn nothing."""
    links = CaseLink.objects.filter(Q(first=case) | Q(second=case))
    numbers = {number for link in links for number in (link.first_id, link.second_id)} - {case.pk}
    # Most cases have none.
    if not numbers:
        return []
    return list(_handled_by(person).filter(pk__in=numbers).select_related("unit").order_by("pk"))


def other_parts(case: Case, person: Person) -> list[Case]:
    """The other cases about the same feedback that the person handles too."""
    parts = _handled_by(person).filter(feedback=case.feedback_id).exclude(pk=case.pk)
    return list(parts.select_related("unit").order_by("pk"))


def moves_of(case: Case) -> list[Move]:
    return list(case.moves.select_related("from_unit", "to_unit"))


def deadline_changes_of(case: Case) -> list[DeadlineChange]:
    return list(case.deadline_changes.select_related("by"))


def _handled_by(person: Person) -> QuerySet[Case]:
    return Case.objects.filter(unit__in=units_of(person, Role.Kind.HANDLER))
