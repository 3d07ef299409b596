"""The reports a work community reads: a list, and the week of a unit, area or county."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from palauteketju.insight import access, pdf, periods, queries, report_page, reports
from palauteketju.insight.errors import BadWeek
from palauteketju.organisation.access import READERS
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Unit

SCOPES_A_PAGE = 50
# As many links to earlier weeks as the line has points.
WEEKS_OFFERED = reports.WEEKS


@for_staff(*READERS)
@require_safe
def list_reports(request: StaffRequest) -> HttpResponse:
    """All the reader's units, areas and counties; whoever has only one goes straight to its report."""
    words = request.GET.get("haku", "").strip()[:100]
    scopes = queries.by_name(access.reports_open_to(request.user), words=words)
    if len(scopes) == 1 and not words:
        return redirect("insight:report", scopes[0].slug)
    pages = Paginator(scopes, SCOPES_A_PAGE).get_page(request.GET.get("sivu"))
    context = {
        "pages": pages,
        "rows": [{"scope": scope, "facts": _facts(scope)} for scope in pages],
        "words": words,
        "week": report_page.week_in_words(periods.last_whole_week(timezone.now())),
    }
    return render(request, "insight/reports.html", context)


@for_staff(*READERS)
@require_safe
def show_report(request: StaffRequest, code: str) -> HttpResponse:
    scope = access.get_scope_or_404(request.user, code)
    now = timezone.now()
    latest = periods.last_whole_week(now)
    week = _week_or_404(request.GET.get("viikko") or str(latest))
    today = now.astimezone(periods.HELSINKI).date()
    context = {
        "scope": scope,
        "week": week,
        "report": report_page.page_of(reports.weekly(scope, week), today=today),
        "weeks": [
            {"value": str(other), "words": report_page.week_in_words(other), "current": other == week}
            for other in (latest.earlier(back) for back in range(-1, WEEKS_OFFERED))
        ],
    }
    return render(request, "insight/report.html", context)


@for_staff(*READERS)
@require_safe
def download_report(request: StaffRequest, code: str, week: str) -> HttpResponse:
    """The same report on paper: a tagged PDF."""
    scope = access.get_scope_or_404(request.user, code)
    report = reports.weekly(scope, _week_or_404(week))
    response = HttpResponse(pdf.render(report), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{scope.slug}-{report.week}.pdf"'
    return response


def _week_or_404(text: str) -> periods.Week:
    try:
        return periods.read_week(text)
    except BadWeek as error:
        raise Http404 from error


def _facts(scope: Unit) -> str:
    """What it is, and under what."""
    kind = scope.get_kind_display()
    return f"{kind}, {scope.parent.name}" if scope.parent else kind
