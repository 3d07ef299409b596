"""Which of the chosen cases may be closed together, and why the others may not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palauteketju.audit.models import Entry
from palauteketju.handling.access import handled_units
from palauteketju.handling.models import Case
from palauteketju.handling.queries import outcomes_offered, unread_by
from palauteketju.organisation.models import Person

# Two pages of the worklist: more is not looked through on one confirming page.
MOST_AT_ONCE: Final = 50

_CLOSED = _("It is closed already.")
_PROMISED = _("The customer has been promised an answer.")
_URGENT = _("It is urgent. Open it and write down what was done, or judge it as not urgent.")
_UNREAD = _("Nobody has opened it yet. Open it first.")
_WROTE = _("The customer has written more. Open it first.")


@dataclass(frozen=True)
class Chosen:
    closable: list[Case]
    others: list[tuple[Case, str | Promise]]


def look_through(numbers: Iterable[int], *, by: Person) -> Chosen:
    """The cases of these numbers that the person handles; of others it is not told that they exist.

    Closed together are only cases that nobody was promised an answer for, that are not urgent, that somebody has read, and
    in which the customer has written nothing that this person has not seen.
    """
    found = Case.objects.filter(pk__in=list(numbers)[:MOST_AT_ONCE], unit__in=handled_units(by))
    cases = list(found.select_related("unit").order_by("pk"))
    readings = Entry.objects.filter(
        subject_type=Case._meta.label_lower,  # noqa: SLF001 - Django's documented name for a model's meta data
        subject_id__in=[str(case.pk) for case in cases],
        action="handling.case.read",
    )
    read = set(readings.order_by().values_list("subject_id", flat=True).distinct())
    unread = unread_by(by, cases)
    closable: list[Case] = []
    others: list[tuple[Case, str | Promise]] = []
    for case in cases:
        if reason := _why_not(case, is_read=str(case.pk) in read, is_new=case.pk in unread):
            others.append((case, reason))
        else:
            closable.append(case)
    return Chosen(closable, others)


def may_be_chosen(case: Case) -> bool:
    return not case.is_closed and Case.Outcome.NOTHING_NEEDED in outcomes_offered(case)


def _why_not(case: Case, *, is_read: bool, is_new: bool) -> str | Promise:
    if case.is_closed:
        return _CLOSED
    if not may_be_chosen(case):
        return _PROMISED if case.wants_answer or not case.is_urgent else _URGENT
    if is_new:
        return _WROTE
    return "" if is_read else _UNREAD
