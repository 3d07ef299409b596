"""Somebody is away: from now on others are prompted, also of what already waited for them alone."""

from datetime import date, datetime

from django.db import transaction

from palauteketju.handling.actions.prompting import promise_for
from palauteketju.handling.models import Case, Prompt
from palauteketju.handling.prompting.recipients import in_charge_of
from palauteketju.organisation.absences import add_absence
from palauteketju.organisation.days import day_of
from palauteketju.organisation.models import Absence, Person


def mark_away(
    person: Person, *, first_day: date, last_day: date, substitute: Person | None, by: Person, at: datetime
) -> Absence:
    """From `first_day` to `last_day` the person is not prompted, and whoever is in charge instead is.

    Is one of the days today, they are prompted at once of the person's cases to which nobody has reacted; where nobody
    is left, the managers are alarmed. Raises AbsenceRefused.
    """
    with transaction.atomic():
        absence = add_absence(
            person, first_day=first_day, last_day=last_day, substitute=substitute, by=by, at=at
        )
        if first_day <= day_of(at) <= last_day:
            _prompt_others(person, at=at)
    return absence


def _prompt_others(person: Person, *, at: datetime) -> None:
    told = Prompt.objects.filter(person=person).values("case")
    waiting = Case.objects.open().filter(pk__in=told, first_reaction_at__isnull=True, due_at__isnull=False)
    cases = list(waiting.order_by("pk"))
    in_charge = in_charge_of({case.unit_id for case in cases}, on=day_of(at))
    promise_for(cases, Prompt.Kind.NEW, in_charge=in_charge, at=at)
