"""/tyolista/: what needs me today."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from palauteketju.handling import access, queries
from palauteketju.handling.cases import wording
from palauteketju.handling.cases.closing_together import may_be_chosen
from palauteketju.handling.cases.matters import matters_of
from palauteketju.handling.models import Case
from palauteketju.handling.queries import State
from palauteketju.intake.models import Feedback
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role

ROWS = 25
# What limits the list, and how it is called in the address.
_LIMITS = {"state": "tila", "unit": "yksikko", "road": "tie", "channel": "kanava"}


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # the stubs' generic is no generic at run time
    """Pages of a list whose length is known already."""

    def __init__(self, *args: object, count: int) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # as above
        self.count = count


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    is_handler = Role.Kind.HANDLER in request.roles
    limits = {name: request.GET.get(word, "") for name, word in _LIMITS.items()}
    worklist = queries.worklist(request.user, at=at, **limits)
    handled = access.handled_units(request.user) if is_handler else set()
    page = CountedPaginator(worklist.cases, ROWS, count=worklist.count).get_page(request.GET.get("sivu"))
    listed = list(page.object_list)
    own = [case for case in listed if case.unit_id in handled]
    matters = matters_of(own) if own else {}
    groups: list[dict[str, Any]] = [
        {"state": list(State)[rank], "rows": [_row(case, matters, at=at) for case in cases]}
        for rank, cases in groupby(listed, key=lambda case: case.rank)
    ]
    return render(
        request,
        "handling/worklist.html",
        {
            "worklist": worklist,
            "groups": groups,
            "pages": page,
            "in_all_states": worklist.by_state[""],
            "states": [(one, worklist.by_state[one.value]) for one in State],
            "units": list(worklist.by_unit.items()),
            "roads": Case.Road.choices,
            "channels": Feedback.Channel.choices,
            "limits": limits,
            "is_limited": any(limits.values()),
            "is_handler": is_handler,
            "can_choose": any(row["box"] for group in groups for row in group["rows"]),
        },
    )


def _row(case: Case, matters: dict[int, str], *, at: datetime) -> dict[str, Any]:
    """`matters` are of the cases that the person handles; `box`: the number of a case that may be closed with others, or nothing."""
    may_choose = case.pk in matters and may_be_chosen(case)
    row = wording.row_of(case, at=at, matter=matters.get(case.pk, ""))
    return {**row, "box": case.pk if may_choose else None}
