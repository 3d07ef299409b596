"""The list of the reports a work community reads; the report itself is shown by improvement, which adds the measures."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from palauteketju.insight import access, periods, queries
from palauteketju.insight.period_words import period_in_words, starting
from palauteketju.organisation.access import READERS
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Unit

SCOPES_A_PAGE = 50


@for_staff(*READERS)
@require_safe
def list_reports(request: StaffRequest) -> HttpResponse:
    """All the reader's units, areas and counties; whoever has only one goes straight to its report."""
    words = request.GET.get("haku", "").strip()[:100]
    scopes = queries.by_name(access.reports_open_to(request.user), words=words)
    if len(scopes) == 1 and not words:
        return redirect(f"/raportit/{scopes[0].slug}/")
    pages = Paginator(scopes, SCOPES_A_PAGE).get_page(request.GET.get("sivu"))
    context = {
        "pages": pages,
        "rows": [
            {"scope": scope, "address": f"/raportit/{scope.slug}/", "facts": _facts(scope)} for scope in pages
        ],
        "words": words,
        "week": starting(period_in_words(periods.last_whole_week(timezone.now()))),
    }
    return render(request, "insight/reports.html", context)


def _facts(scope: Unit) -> str:
    """What it is, and under what."""
    kind = scope.get_kind_display()
    return f"{kind}, {scope.parent.name}" if scope.parent else kind
