"""The weekly meeting step by step, fit to be projected; and an area's table of who has met."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from palauteketju.improvement import access, meetings
from palauteketju.improvement.errors import AlreadyReviewed, NotYours, WeekAhead
from palauteketju.improvement.forms import ReviewForm
from palauteketju.improvement.ready_reports import decided_since, ready_report
from palauteketju.insight import handover as insight
from palauteketju.insight.handover import BadPeriod, Report, period_in_words, periods, starting
from palauteketju.organisation.access import READERS
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.keeping_text import give_back_late, text_is_kept
from palauteketju.organisation.models import Role, Unit
from palauteketju.organisation.queries import alphabetical

UNITS_A_PAGE = 50
# As many as a phone can show beside a unit's name, and a manager remembers.
WEEKS = 8


@text_is_kept("note")
@for_staff(*READERS)
@require_http_methods(["GET", "POST"])
def hold_meeting(request: StaffRequest, code: str) -> HttpResponse:
    """Report, quotes, what do we do, and the note that the week was gone through: each step has its address."""
    unit = insight.get_scope_or_404(request.user, code)
    now = timezone.now()
    week = _week_or_404(request.GET.get("viikko") or str(periods.last_whole_week(now)))
    if unit.kind != Unit.Kind.UNIT:
        raise Http404
    steps = _steps(unit, week)
    number = _number(request.GET.get("vaihe"), len(steps))
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        number = len(steps)
        if form.is_valid():
            try:
                return _reviewed(request, unit, week, form.cleaned_data["note"], address=steps[-1]["url"])
            except WeekAhead:
                form.add_error(None, _("The week has not begun yet. You can note it when it has."))
    report = ready_report(unit, week)
    decisions = (*decided_since(unit, week, at=now), *report.decisions)
    context = {
        "scope": unit,
        "week": week,
        "days": f"{day_in_words(week.first)} – {day_in_words(week.last)}",
        "report": insight.page_of(replace(report, decisions=decisions)),
        "steps": [{**step, "current": place == number} for place, step in enumerate(steps, start=1)],
        "step": number,
        "before": steps[number - 2] if number > 1 else None,
        "after": steps[number] if number < len(steps) else None,
        "subjects": _subjects(report) if access.can_record(request.user, unit) else [],
        "review": meetings.review_of(unit, week),
        "may_review": access.may_lead(request.user, unit),
        "has_begun": meetings.has_begun(week, at=now),
        "form": form,
    }
    return render(request, "improvement/meeting.html", context, status=422 if form.errors else 200)


@for_staff(Role.Kind.MANAGER)
@require_safe
def list_meetings(request: StaffRequest, code: str) -> HttpResponse:
    """By name, never by how much: which of the units have gone through which of the last weeks."""
    scope = access.get_managed_or_404(request.user, code)
    now = timezone.now()
    today = timezone.localdate(now, periods.HELSINKI)
    latest = periods.last_whole_week(now)
    weeks = [latest.earlier(back) for back in range(WEEKS)]
    units = Unit.objects.below(scope).giving_service().open_on(today).select_related("parent")
    pages = Paginator(
        sorted(
            units,
            key=lambda unit: (alphabetical(unit.parent.name if unit.parent else ""), alphabetical(unit.name)),
        ),
        UNITS_A_PAGE,
    ).get_page(request.GET.get("sivu"))
    held = {(review.unit_id, review.week): review for review in meetings.reviews_of(list(pages), weeks)}
    context = {
        "scope": scope,
        "weeks": [insight.short_in_words(week) for week in weeks],
        "pages": pages,
        "rows": [
            {
                "unit": unit,
                "weeks": [
                    {
                        "label": starting(period_in_words(week)),
                        "url": _address(unit, week),
                        "held": held.get((unit.pk, week.first)),
                    }
                    for week in weeks
                ],
            }
            for unit in pages
        ],
    }
    return render(request, "improvement/meetings.html", context)


def _reviewed(
    request: StaffRequest, unit: Unit, week: periods.Week, note: str, *, address: str
) -> HttpResponse:
    try:
        meetings.review_week(unit, week, note=note, by=request.user, at=timezone.now())
    except NotYours as error:
        raise Http404 from error
    except AlreadyReviewed:
        told = _("A colleague has already noted that the week was gone through.")
        return give_back_late(request, told=told, address=address)
    messages.success(request, _("The week is noted as gone through."))
    return redirect(address)


def _week_or_404(text: str) -> periods.Week:
    try:
        return periods.read_week(text)
    except BadPeriod as error:
        raise Http404 from error


def _steps(unit: Unit, week: periods.Week) -> list[dict[str, str]]:
    words = [
        _("What customers said"),
        _("In their own words"),
        _("What do we do?"),
        _("Gone through"),
    ]
    return [
        {"words": name, "url": f"{_address(unit, week)}&vaihe={number}"}
        for number, name in enumerate(words, start=1)
    ]


def _address(unit: Unit, week: periods.Week) -> str:
    return f"{reverse('improvement:meeting', args=[unit.slug])}?{urlencode({'viikko': str(week)})}"


def _number(text: str | None, most: int) -> int:
    """The step asked for; the first when the address names none of them."""
    return int(text) if text in {str(number) for number in range(1, most + 1)} else 1


def _subjects(report: Report) -> list[dict[str, Any]]:
    """Recording a measure on each question that has a figure, with the figure beside it; and on all feedback."""
    kept = {
        "yksikko": report.scope.slug,
        "alku": report.period.first.isoformat(),
        "loppu": report.period.last.isoformat(),
        "kokous": str(report.period),
    }
    page = reverse("improvement:record")
    found = [
        {
            "words": insight.short_name_of(figure.stream),
            "figure": insight.wording.figure(figure.measure, figure.value.value),
            "url": f"{page}?{urlencode({**kept, 'aihe': figure.stream})}",
        }
        for figure in report.figures
        if figure.measure and figure.value
    ]
    everything = {"words": _("All feedback"), "figure": "", "url": f"{page}?{urlencode(kept)}"}
    return [*found, everything] if report.figures else []
