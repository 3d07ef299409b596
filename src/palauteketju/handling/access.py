"""The only doors to a case: a handler of its unit reads it, a manager sees how it stands, for others it does not exist."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from palauteketju.handling.models import Case, CaseQuerySet, ReplyTemplate
from palauteketju.intake.models import Feedback
from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Person, Role, UnitQuerySet


@dataclass(frozen=True)
class SeenCase:
    """A case as this person may see it; `reads_text` opens the text, the dialogue and the reply box."""

    case: Case
    reads_text: bool


def cases_for(person: Person) -> CaseQuerySet:
    """Cases whose state and deadline the person may see: as a handler or as a manager."""
    # Asked first: with their numbers the planner finds the open cases of few units by an index, with a subquery it reads all.
    return Case.objects.filter(unit__in=list(units_seen(person).values_list("pk", flat=True)))


def units_seen(person: Person) -> UnitQuerySet:
    """The units of `cases_for`."""
    return units_of(person, Role.Kind.HANDLER, Role.Kind.MANAGER)


def get_case_or_404(person: Person, case_id: int) -> SeenCase:
    case = cases_for(person).select_related("unit__parent").filter(pk=case_id).first()
    if case is None:
        raise Http404
    return SeenCase(case, reads_text=handles(person, case.unit_id))


def get_handled_case_or_404(person: Person, case_id: int) -> Case:
    """For what only a handler may do: a manager's own case page has no such form, so for them it is not there."""
    seen = get_case_or_404(person, case_id)
    if not seen.reads_text:
        raise Http404
    return seen.case


def handled_case(person: Person, case_id: int) -> Case | None:
    """A case of a unit the person handles, for what names it by its number."""
    units = units_of(person, Role.Kind.HANDLER)
    return Case.objects.filter(unit__in=units, pk=case_id).select_related("unit").first()


def get_feedback_or_404(person: Person, feedback_id: int) -> Feedback:
    """A raw feedback of a unit the person handles."""
    units = units_of(person, Role.Kind.HANDLER)
    found = Feedback.objects.filter(pk=feedback_id, unit__in=units).select_related("unit")
    feedback = not_moved_away(found, person).first()
    if feedback is None:
        raise Http404
    return feedback


def not_moved_away(feedback: QuerySet[Feedback], person: Person) -> QuerySet[Feedback]:
    """Without the feedback whose cases have all gone to units that the person does not handle."""
    cases = Case.objects.filter(feedback=OuterRef("pk"))
    own = cases.filter(unit__in=units_of(person, Role.Kind.HANDLER))
    return feedback.filter(~Exists(cases) | Exists(own))


def handled_units(person: Person) -> set[int]:
    """The units whose feedback the person reads."""
    return set(units_of(person, Role.Kind.HANDLER).values_list("pk", flat=True))


def get_template_or_404(person: Person, template_id: int) -> ReplyTemplate:
    """A reply template of a unit the person handles; one of the whole area only its own handlers may change."""
    own = ReplyTemplate.objects.filter(unit__in=units_of(person, Role.Kind.HANDLER))
    template = own.select_related("unit").filter(pk=template_id).first()
    if template is None:
        raise Http404
    return template


def handles(person: Person, unit_id: int) -> bool:
    return units_of(person, Role.Kind.HANDLER).filter(pk=unit_id).exists()
