"""Somebody is away: from their first day on others are prompted, also of what already waited for them alone."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from palauteketju.handling.actions.prompting import promise_each
from palauteketju.handling.models import Prompt
from palauteketju.handling.prompting.causes import causes_of, waiting_cases
from palauteketju.handling.prompting.recipients import in_charge_of
from palauteketju.organisation.absences import add_absence
from palauteketju.organisation.days import day_of
from palauteketju.organisation.models import Absence, Person


def mark_away(
    person: Person, *, first_day: date, last_day: date, substitute: Person | None, by: Person, at: datetime
) -> Absence:
    """From `first_day` to `last_day` the person is not prompted, and whoever is in charge instead is.

    Is one of the days today, they are prompted at once as by `prompt_stand_ins`. Raises AbsenceRefused.
    """
    absence = add_absence(person, first_day=first_day, last_day=last_day, substitute=substitute, by=by, at=at)
    # Not in the same transaction: that one holds the trail, for which whoever holds one of the cases may wait. Should
    # this process die here, the clock does it.
    _prompt_for(Absence.objects.filter(pk=absence.pk), at=at)
    return absence


def prompt_stand_ins(*, at: datetime) -> int:
    """Of absences that have begun: prompt whoever stands in of the person's cases that wait, of each absence once; how many.

    Where nobody is left, the managers are alarmed.
    """
    return _prompt_for(Absence.objects.all(), at=at)


def _prompt_for(absences: QuerySet[Absence], *, at: datetime) -> int:
    today = day_of(at)
    begun = absences.filter(first_day__lte=today, last_day__gte=today, others_told_at__isnull=True)
    with transaction.atomic():
        people = dict(begun.select_for_update(skip_locked=True).values_list("pk", "person"))
        if not people:
            return 0
        told = Prompt.objects.filter(person__in=people.values()).values("case")
        waiting = waiting_cases().filter(pk__in=told).order_by("pk")
        cases = list(waiting.select_for_update(of=("self",), no_key=True))
        in_charge = in_charge_of({case.unit_id for case in cases}, on=today)
        made = promise_each(causes_of(cases), in_charge=in_charge, at=at)
        Absence.objects.filter(pk__in=people).update(others_told_at=at)
    return made.total()
