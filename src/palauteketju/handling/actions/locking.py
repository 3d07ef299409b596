"""The row every change of a case waits for."""

from palauteketju.handling.errors import CaseAlreadyClosed
from palauteketju.handling.models import Case


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
