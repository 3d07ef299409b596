"""The only doors to a case: a handler of its unit reads it, a manager sees how it stands, for others it does not exist."""

from dataclasses import dataclass

from django.http import Http404

from palauteketju.handling.models import Case, CaseQuerySet
from palauteketju.intake.models import Feedback
from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Person, Role


@dataclass(frozen=True)
class SeenCase:
    """A case as this person may see it; `reads_text` opens the text, the dialogue and the reply box."""

    case: Case
    reads_text: bool


def cases_for(person: Person) -> CaseQuerySet:
    """Cases whose state and deadline the person may see: as a handler or as a manager."""
    return Case.objects.filter(unit__in=units_of(person, Role.Kind.HANDLER, Role.Kind.MANAGER))


def get_case_or_404(person: Person, case_id: int) -> SeenCase:
    case = cases_for(person).select_related("unit").filter(pk=case_id).first()
    if case is None:
        raise Http404
    return SeenCase(case, reads_text=handles(person, case.unit_id))


def get_handled_case_or_404(person: Person, case_id: int) -> Case:
    """For what only a handler may do: a manager's own case page has no such form, so for them it is not there."""
    seen = get_case_or_404(person, case_id)
    if not seen.reads_text:
        raise Http404
    return seen.case


def get_feedback_or_404(person: Person, feedback_id: int) -> Feedback:
    """A raw feedback of a unit the person handles."""
    units = units_of(person, Role.Kind.HANDLER)
    feedback = Feedback.objects.filter(pk=feedback_id, unit__in=units).select_related("unit").first()
    if feedback is None:
        raise Http404
    return feedback


def handles(person: Person, unit_id: int) -> bool:
    return units_of(person, Role.Kind.HANDLER).filter(pk=unit_id).exists()
