"""The row every change of a case waits for."""

from palauteketju.handling.errors import CaseAlreadyClosed, CustomerWroteMeanwhile
from palauteketju.handling.models import Case
from palauteketju.handling.queries import unread_by
from palauteketju.organisation.models import Person


def lock_case(case: Case) -> Case:
    """The case as it is now, locked until the caller's transaction ends.

    Without its unit: a join is not looked up again after the wait, so a case moved meanwhile would not be found at all.
    """
    return Case.objects.select_for_update().get(pk=case.pk)


def lock_open(case: Case) -> Case:
    """As `lock_case`; raises CaseAlreadyClosed."""
    locked = lock_case(case)
    if locked.is_closed:
        raise CaseAlreadyClosed
    return locked


def refuse_unread(locked: Case, *, by: Person) -> None:
    """Before what ends the customer's turn. Raises CustomerWroteMeanwhile."""
    if unread_by(by, [locked]):
        raise CustomerWroteMeanwhile
