"""/tyolista/: what needs me today."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from palauteketju.handling import queries, wording
from palauteketju.handling.queries import State
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role

ROWS = 25


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # the stubs' generic is no generic at run time
    """Pages of a list whose length is known already."""

    def __init__(self, *args: object, count: int) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # as above
        self.count = count


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    state, unit = request.GET.get("tila", ""), request.GET.get("yksikko", "")
    worklist = queries.worklist(request.user, at=at, state=state, unit=unit)
    page = CountedPaginator(worklist.cases, ROWS, count=worklist.count).get_page(request.GET.get("sivu"))
    groups = [
        {"state": State(name), "rows": [wording.row_of(case, at=at) for case in cases]}
        for name, cases in groupby(page.object_list, key=lambda case: case.state)
    ]
    return render(
        request,
        "handling/worklist.html",
        {
            "worklist": worklist,
            "groups": groups,
            "pages": page,
            "states": [(one, worklist.by_state.get(one.value, 0)) for one in State],
            "units": [(one, worklist.by_unit[one.pk]) for one in worklist.units],
            "state": state,
            "unit": unit,
            "is_handler": Role.Kind.HANDLER in request.roles,
        },
    )
