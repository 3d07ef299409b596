"""/heratteet/: what one has been prompted of. /omat-asetukset/: how one is prompted, and who is when one is away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from palauteketju.handling import actions
from palauteketju.handling.cases import wording
from palauteketju.handling.forms.prompts import AbsenceForm, PromptSettingsForm
from palauteketju.handling.models import PromptSettings
from palauteketju.handling.prompting.mails import prompt_in_words
from palauteketju.handling.prompting.shown import URGENT_FIRST, unseen_by
from palauteketju.handling.prompting.times import wishes_of
from palauteketju.organisation.absences import absences_on, remove_absence
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.errors import AbsenceRefused
from palauteketju.organisation.models import Absence, Role

ROWS = 25
# What a press brought up may be asked for again by GET, for example to change the language.
_BOTH = ["GET", "POST"]


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    unseen = unseen_by(request.user).select_related("case__unit").order_by(URGENT_FIRST, "-at", "-pk")
    page = Paginator(unseen, ROWS).get_page(request.GET.get("sivu"))
    rows = [
        {
            "id": prompt.pk,
            "number": prompt.case_id,
            "says": prompt_in_words(prompt.kind, prompt.case),
            "at": prompt.at,
            "case": wording.row_of(prompt.case, at=at),
        }
        for prompt in page.object_list
    ]
    away = absences_on(timezone.localdate(at), [request.user.pk]).get(request.user.pk)
    context = {
        "rows": rows,
        "pages": page,
        "away_until": away.last_day if away else None,
        "is_manager": Role.Kind.MANAGER in request.roles,
    }
    return render(request, "handling/prompts.html", context)


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_http_methods(_BOTH)
def mark_seen(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        chosen = [int(one) for one in request.POST.getlist("prompt") if one.isdecimal() and len(one) < 19]
        actions.mark_seen(request.user, chosen, at=timezone.now())
    return redirect("handling:prompts")


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_http_methods(_BOTH)
def own_settings(request: StaffRequest) -> HttpResponse:
    form = _settings_form(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        actions.change_settings(
            request.user,
            urgent=PromptSettings.Urgent(given["urgent"]),
            others=PromptSettings.Others(given["others"]),
            digest_hour=given["digest_hour"],
            digest_weekdays=given["digest_weekdays"],
            language=given["language"],
            at=timezone.now(),
        )
        messages.success(request, _("Your settings are saved."))
        return redirect("handling:own_settings")
    return _page(request, form, _absence_form(request, None))


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_http_methods(_BOTH)
def be_away(request: StaffRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("handling:own_settings")
    form = _absence_form(request, request.POST)
    if form.is_valid():
        try:
            actions.mark_away(request.user, **form.cleaned_data, by=request.user, at=timezone.now())
        except AbsenceRefused:
            form.add_error("first_day", _("You have marked some of these days already."))
        else:
            messages.success(request, _("Your absence is saved."))
            return redirect("handling:own_settings")
    return _page(request, _settings_form(request, None), form)


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_http_methods(_BOTH)
def be_back(request: StaffRequest, absence_id: int) -> HttpResponse:
    if request.method == "POST":
        absence = get_object_or_404(Absence, pk=absence_id, person=request.user)
        remove_absence(absence, by=request.user, at=timezone.now())
        messages.success(request, _("The absence is removed. You are prompted again on those days."))
    return redirect("handling:own_settings")


def _settings_form(request: StaffRequest, data: object) -> PromptSettingsForm:
    wishes = wishes_of(PromptSettings.objects.filter(person=request.user).first())
    return PromptSettingsForm(data, wishes=wishes, language=request.user.language)


def _absence_form(request: StaffRequest, data: object) -> AbsenceForm:
    return AbsenceForm(data, person=request.user, today=timezone.localdate())


def _page(request: StaffRequest, form: PromptSettingsForm, absence: AbsenceForm) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "form": form,
        "absence": absence,
        "failed": next((one for one in (form, absence) if one.errors), None),
        "absences": request.user.absences.filter(last_day__gte=today).select_related("substitute"),
    }
    status = 422 if context["failed"] else 200
    return render(request, "handling/own_settings.html", context, status=status)
