"""The page of a ready-made report, and the same report as a file."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from palauteketju.improvement import access, boards
from palauteketju.improvement.ready_reports import ready_report
from palauteketju.insight import handover as insight
from palauteketju.insight.handover import BadPeriod, period_in_words, periods, starting
from palauteketju.organisation.access import READERS
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Unit

# The name each kind has in addresses.
IN_ADDRESS: dict[periods.Kind, str] = {
    "week": "viikko",
    "month": "kuukausi",
    "third": "tertiaali",
    "year": "vuosi",
}
# Files that one can take along; the page itself is the fourth form.
DOWNLOADS = ("pdf", "xlsx", "json")


@for_staff(*READERS)
@require_safe
def show_report(request: StaffRequest, code: str) -> HttpResponse:
    scope = insight.get_scope_or_404(request.user, code)
    now = timezone.now()
    period = asked_period(request, at=now)
    today = timezone.localdate(now, periods.HELSINKI)
    may_open_board = access.may_lead(request.user, scope)
    context = {
        "scope": scope,
        "period": str(period),
        "name_in_address": IN_ADDRESS[period.kind],
        "report": insight.page_of(ready_report(scope, period), today=today),
        "kinds": _kinds(scope, period),
        "others": _others(period, periods.last_whole(period.kind, now)),
        "is_unit": scope.kind == Unit.Kind.UNIT,
        "may_see_meetings": access.manages(request.user, scope),
        "may_open_board": may_open_board,
        "board": boards.living_key(scope) if may_open_board else None,
    }
    return render(request, "improvement/report.html", context)


@for_staff(*READERS)
@require_safe
def download_report(request: StaffRequest, code: str, period: str, form: str) -> HttpResponse:
    scope = insight.get_scope_or_404(request.user, code)
    if form not in DOWNLOADS:
        raise Http404
    try:
        report = ready_report(scope, periods.read_any(period))
    except BadPeriod as error:
        raise Http404 from error
    found = insight.FORMATS[form]
    response = HttpResponse(found.write(report), content_type=found.media_type)
    response["Content-Disposition"] = f'attachment; filename="{insight.file_name(report, form)}"'
    return response


def asked_period(request: HttpRequest, *, at: datetime) -> periods.Period:
    """The period of the address; the last whole week when it names none. 404 for what is no period."""
    for kind, name in IN_ADDRESS.items():
        if text := request.GET.get(name):
            try:
                return periods.read(kind, text)
            except BadPeriod as error:
                raise Http404 from error
    return periods.last_whole_week(at)


def _kinds(scope: Unit, period: periods.Period) -> list[dict[str, Any]]:
    """The same place by week, month, four months and year: the one in which this period ends."""
    words: dict[periods.Kind, str] = {
        "week": _("Week"),
        "month": _("Month"),
        "third": _("Four months"),
        "year": _("Year"),
    }
    return [
        {
            "words": words[kind],
            "url": f"/raportit/{scope.slug}/?{name}={periods.KINDS[kind].of(period.last)}",
            "current": kind == period.kind,
        }
        for kind, name in IN_ADDRESS.items()
    ]


def _others(period: periods.Period, latest: periods.Period) -> list[dict[str, Any]]:
    """The running one, the whole ones before it, and the one shown where it is older than those."""
    offered = [latest.earlier(back) for back in range(-1, period.points)]
    if period not in offered:
        offered.append(period)
    return [
        {"value": str(other), "words": starting(period_in_words(other)), "current": other == period}
        for other in offered
    ]
