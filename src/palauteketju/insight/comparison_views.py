"""/raportit/<area>/vertailu/: an area's units, or the county's areas, each beside its own past."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from palauteketju.insight import access, comparison_page, comparisons, periods, streams
from palauteketju.organisation.access import READERS
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Unit

SIDES_A_PAGE = 24


@for_staff(*READERS)
@require_safe
def compare(request: StaffRequest, code: str) -> HttpResponse:
    """A unit has nobody beside it: 404."""
    scope = access.get_scope_or_404(request.user, code)
    if scope.kind == Unit.Kind.UNIT:
        raise Http404
    offered = [stream for stream in streams.question_streams() if streams.measure_of(stream)]
    stream = request.GET.get("kysymys") or offered[0]
    if stream not in offered:
        raise Http404
    pages = Paginator(comparisons.sides_of(scope), SIDES_A_PAGE).get_page(request.GET.get("sivu"))
    week = periods.last_whole_week(timezone.now())
    context = {
        "scope": scope,
        "pages": pages,
        "side_by_side": comparison_page.page_of(
            comparisons.side_by_side(list(pages), stream, week), of=pages.paginator.count
        ),
        "weeks": comparisons.WEEKS,
        "questions": [
            {"value": other, "words": streams.short_name_of(other), "current": other == stream}
            for other in offered
        ],
        # Areas of a county are compared again inside; a unit's own page is its report.
        "is_county": scope.kind == Unit.Kind.COUNTY,
    }
    return render(request, "insight/comparison.html", context)
