"""A handler's judgement of what the program found: urgent or not, and the themes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palauteketju.handling import access, actions
from palauteketju.handling.errors import CaseAlreadyClosed, NothingToJudge, UnknownTheme
from palauteketju.intake.models import Feedback
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role

_BOTH = ["GET", "POST"]


@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def urgency(request: StaffRequest, case_id: int) -> HttpResponse:
    case = access.get_handled_case_or_404(request.user, case_id)
    # A language chosen on a page that a press brought up comes here by GET.
    if request.method == "GET":
        return redirect("handling:case", case.pk)
    verdict = request.POST.get("urgent")
    if verdict not in {"yes", "no"}:
        messages.warning(request, _("Nothing was changed: say whether it is urgent or not."))
        return redirect("handling:case", case.pk)
    is_urgent = verdict == "yes"
    judge = actions.confirm_urgency if is_urgent else actions.remove_urgency
    try:
        judge(case, by=request.user, at=timezone.now())
    except CaseAlreadyClosed:
        messages.info(request, _("The case has already been answered or closed."))
    except NothingToJudge:
        messages.info(request, _("It has already been judged: it is not urgent."))
    else:
        said = _("The case is urgent.") if is_urgent else _("The case is not urgent.")
        messages.success(request, said)
    return redirect("handling:case", case.pk)


@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def themes_of_case(request: StaffRequest, case_id: int) -> HttpResponse:
    case = access.get_handled_case_or_404(request.user, case_id)
    if request.method == "POST":
        _save_themes(request, case.feedback)
    return redirect("handling:case", case.pk)


@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def themes(request: StaffRequest, feedback_id: int) -> HttpResponse:
    feedback = access.get_feedback_or_404(request.user, feedback_id)
    if request.method == "POST":
        _save_themes(request, feedback)
    page = request.POST.get("page", "")
    address = reverse("handling:raw_feedback")
    return redirect(f"{address}?sivu={page}" if page.isdecimal() else address)


def _save_themes(request: StaffRequest, feedback: Feedback) -> None:
    """`main` is the theme that counts, `also` the others."""
    chosen = [theme for theme in (request.POST.get("main", ""), *request.POST.getlist("also")) if theme]
    try:
        actions.correct_themes(feedback, chosen, by=request.user, at=timezone.now())
    except UnknownTheme:
        messages.warning(request, _("There is no such theme. Choose from the list."))
    else:
        messages.success(request, _("The themes have been saved."))
