"""Closing several cases that need nothing, by one press."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from palauteketju.handling.actions.dialogue import close_case
from palauteketju.handling.errors import CaseAlreadyClosed, CustomerWroteMeanwhile, OutcomeNotOffered
from palauteketju.handling.models import Case
from palauteketju.organisation.models import Person


@dataclass
class ClosedTogether:
    """Numbers of the cases: closed now, closed by somebody before, or changed so that they may no longer close so."""

    closed: list[int] = field(default_factory=list)
    already: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


def close_many(cases: Iterable[Case], reason: str, *, by: Person, at: datetime) -> ClosedTogether:
    """Close each as needing nothing, with `reason` as its note: each a change and a trace of its own.

    A case that cannot close keeps none of the others open.
    """
    done = ClosedTogether()
    for case in cases:
        try:
            close_case(case, Case.Outcome.NOTHING_NEEDED, by=by, at=at, done=reason)
        except CaseAlreadyClosed:
            done.already.append(case.pk)
        except (OutcomeNotOffered, CustomerWroteMeanwhile):
            done.refused.append(case.pk)
        else:
            done.closed.append(case.pk)
    return done
