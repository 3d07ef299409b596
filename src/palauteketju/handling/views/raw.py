"""/palautteet/: what customers wrote that is not a case, by days only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from palauteketju.handling import access, actions, queries
from palauteketju.handling.errors import CaseAlreadyClosed
from palauteketju.handling.triage.judgements import theme_choices, themes_standing
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role

ROWS = 25


@for_staff(Role.Kind.HANDLER)
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    feedback = queries.raw_feedback_for(request.user, at=at)
    page = Paginator(feedback, ROWS).get_page(request.GET.get("sivu"))
    listed = list(page.object_list)
    numbers = [one.pk for one in listed]
    if listed:
        actions.record_list_reading(numbers, by=request.user, at=at)
    standing = themes_standing(numbers)
    rows = [(one, standing.get(one.pk), theme_choices(standing.get(one.pk, []))) for one in listed]
    return render(request, "handling/raw_feedback.html", {"pages": page, "feedback": listed, "rows": rows})


@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def open_case(request: StaffRequest, feedback_id: int) -> HttpResponse:
    feedback = access.get_feedback_or_404(request.user, feedback_id)
    # A language chosen on a page that a press brought up comes here by GET.
    if request.method == "GET":
        return redirect("handling:raw_feedback")
    open_it = actions.open_urgent_case if request.POST.get("urgent") == "yes" else actions.open_case
    try:
        case = open_it(feedback, by=request.user, at=timezone.now())
    except CaseAlreadyClosed:
        messages.info(request, _("The case has already been answered or closed."))
        return redirect("handling:raw_feedback")
    return redirect("handling:case", case.pk)
