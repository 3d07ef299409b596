"""Measures: the list, recording one, and its own page where it is approved, returned or finished."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from palauteketju.improvement import access, actions, queries, subjects
from palauteketju.improvement.errors import AlreadyDecided, NothingToRestOn, NotYours, OwnMeasure
from palauteketju.improvement.forms import CompleteForm, MeasureForm, ReturnForm, as_written
from palauteketju.improvement.models import Measure
from palauteketju.insight.handover import BadPeriod, periods
from palauteketju.organisation.access import READERS, units_of
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.keeping_text import give_back_late, text_is_kept
from palauteketju.organisation.models import Role, Unit
from palauteketju.organisation.queries import alphabetical
from palauteketju.organisation.rules import county_rules

A_PAGE = 25
# What the form offers first: as long as the line of the weekly report.
USUAL_PERIOD = timedelta(weeks=12)


@for_staff(*READERS)
@require_safe
def list_measures(request: StaffRequest) -> HttpResponse:
    measures = access.measures_open_to(request.user)
    units = _by_name(units_of(request.user, *READERS))
    unit = next((unit for unit in units if unit.slug == request.GET.get("yksikko")), None)
    if unit:
        measures = measures.filter(unit=unit)
    elif request.GET.get("yksikko"):
        raise Http404
    state = request.GET.get("tila", "")
    approves = Role.Kind.COMMUNICATIONS in request.roles
    found = queries.listed(measures, state=state, waiting_first=approves)
    pages = Paginator(found, A_PAGE).get_page(request.GET.get("sivu"))
    context = {
        "pages": pages,
        "rows": [_row(measure) for measure in pages],
        "language": county_rules().measure_language,
        "units": units if len(units) > 1 else [],
        "unit": unit,
        "states": _states(),
        "state": state,
        "may_record": Role.Kind.HANDLER in request.roles,
    }
    return render(request, "improvement/measures.html", context)


@text_is_kept("title", "description", "responsible")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def record_measure(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    units = _by_name(access.units_to_record_in(request.user))
    given = {
        "unit": request.GET.get("yksikko"),
        "about": request.GET.get("aihe"),
        "period_from": request.GET.get("alku") or today - USUAL_PERIOD,
        "period_to": request.GET.get("loppu") or today,
    }
    form = MeasureForm(
        request.POST if request.method == "POST" else None, initial=given, units=units, today=today
    )
    if request.method == "POST" and form.is_valid():
        try:
            measure = actions.record_measure(form.plan(), by=request.user, at=now)
        except NothingToRestOn:
            form.add_error("about", _nothing_to_rest_on())
        else:
            messages.success(
                request, _("The measure is recorded. Communications reads it before it is public.")
            )
            return _back_to_meeting(request, measure) or redirect("improvement:measure", measure.pk)
    context = {"form": form, "measure": None, "written_in": _written_in()}
    return render(request, "improvement/measure_form.html", context, status=422 if form.errors else 200)


@text_is_kept("title", "description", "responsible")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def revise_measure(request: StaffRequest, measure_id: int) -> HttpResponse:
    measure = _own_or_404(request, measure_id)
    now = timezone.now()
    units = _by_name(access.units_to_record_in(request.user))
    written = {"data": request.POST} if request.method == "POST" else {"initial": as_written(measure)}
    form = MeasureForm(**written, units=units, today=timezone.localdate(now))
    if form.is_valid():
        try:
            actions.revise_measure(measure.pk, form.plan(), by=request.user, at=now)
        except NothingToRestOn:
            form.add_error("about", _nothing_to_rest_on())
        except AlreadyDecided:
            return _decided_already(request, measure)
        else:
            messages.success(request, _("The measure is mended and waits for approval again."))
            return redirect("improvement:measure", measure.pk)
    context = {"form": form, "measure": measure, "written_in": _written_in()}
    return render(request, "improvement/measure_form.html", context, status=422 if form.errors else 200)


@for_staff(*READERS)
@require_safe
def show_measure(request: StaffRequest, measure_id: int) -> HttpResponse:
    measure = access.get_measure_or_404(request.user, measure_id)
    return _page(request, measure)


@for_staff(Role.Kind.COMMUNICATIONS)
@require_POST
def approve_measure(request: StaffRequest, measure_id: int) -> HttpResponse:
    measure = access.get_measure_or_404(request.user, measure_id)
    try:
        actions.approve_measure(measure.pk, by=request.user, at=timezone.now())
    except NotYours as error:
        raise Http404 from error
    except OwnMeasure:
        messages.warning(request, _("You wrote this yourself: somebody else has to approve it."))
    except AlreadyDecided:
        messages.info(request, _("A colleague has already decided on this measure."))
    else:
        messages.success(request, _("Approved. It is on the public pages when they are next made."))
    return redirect("improvement:measure", measure.pk)


@text_is_kept("reason")
@for_staff(Role.Kind.COMMUNICATIONS)
@require_http_methods(["GET", "POST"])
def return_measure(request: StaffRequest, measure_id: int) -> HttpResponse:
    measure = access.get_measure_or_404(request.user, measure_id)
    if request.method == "GET":
        return redirect("improvement:measure", measure.pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, measure, return_form=form)
    try:
        actions.return_measure(
            measure.pk, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except NotYours as error:
        raise Http404 from error
    except AlreadyDecided:
        return _decided_already(request, measure)
    messages.success(request, _("Returned to the unit."))
    return redirect("improvement:measure", measure.pk)


@text_is_kept("effect")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def complete_measure(request: StaffRequest, measure_id: int) -> HttpResponse:
    measure = _own_or_404(request, measure_id)
    if request.method == "GET":
        return redirect("improvement:measure", measure.pk)
    form = CompleteForm(request.POST)
    if not form.is_valid():
        return _page(request, measure, complete_form=form)
    try:
        actions.complete_measure(
            measure.pk, effect=form.cleaned_data["effect"], by=request.user, at=timezone.now()
        )
    except AlreadyDecided:
        return _decided_already(request, measure)
    messages.success(request, _("Done. Communications reads what it changed before that is public."))
    return redirect("improvement:measure", measure.pk)


def _decided_already(request: StaffRequest, measure: Measure) -> HttpResponse:
    told = _("A colleague has already decided on this measure.")
    return give_back_late(request, told=told, address=reverse("improvement:measure", args=[measure.pk]))


def _back_to_meeting(request: StaffRequest, measure: Measure) -> HttpResponse | None:
    """Where the measure was recorded in a weekly meeting, the meeting goes on."""
    try:
        week = periods.read_week(request.GET.get("kokous", ""))
    except BadPeriod:
        return None
    address = reverse("improvement:meeting", args=[measure.unit.slug])
    return redirect(f"{address}?viikko={week}&vaihe=3") if measure.unit.kind == Unit.Kind.UNIT else None


def _own_or_404(request: StaffRequest, measure_id: int) -> Measure:
    measure = access.get_measure_or_404(request.user, measure_id)
    if not access.can_record(request.user, measure.unit):
        raise Http404
    return measure


def _page(
    request: StaffRequest,
    measure: Measure,
    *,
    return_form: ReturnForm | None = None,
    complete_form: CompleteForm | None = None,
) -> HttpResponse:
    """The measure with what this reader may do to it."""
    is_handler = access.can_record(request.user, measure.unit)
    approves = access.can_approve(request.user, measure.unit)
    writer = measure.completed_by_id if measure.effect_waits else measure.recorded_by_id
    context = {
        "measure": measure,
        "language": county_rules().measure_language,
        "about": subjects.name_of(measure.stream, measure.theme),
        "badge": _badge(measure),
        "may_revise": is_handler and measure.state in (Measure.State.RECORDED, Measure.State.RETURNED),
        "complete_form": (complete_form or CompleteForm())
        if is_handler and measure.state == Measure.State.APPROVED
        else None,
        "may_approve": approves and measure.waits and writer != request.user.pk,
        "is_own": approves and measure.waits and writer == request.user.pk,
        "return_form": (return_form or ReturnForm())
        if approves and measure.state != Measure.State.RETURNED
        else None,
        "form": return_form or complete_form,
    }
    is_refused = return_form is not None or complete_form is not None
    return render(request, "improvement/measure.html", context, status=422 if is_refused else 200)


def _written_in() -> str:
    """Whoever reads it in another language is told which one it is: it has to be that one."""
    return {
        "fi": _("Write in Finnish, whatever language you use here: measures are public in Finnish."),
        "sv": _("Write in Swedish, whatever language you use here: measures are public in Swedish."),
        "en": _("Write in English, whatever language you use here: measures are public in English."),
    }[county_rules().measure_language]


def _row(measure: Measure) -> dict[str, Any]:
    about = subjects.name_of(measure.stream, measure.theme)
    kind, words = _badge(measure)
    if measure.completed_at:
        when = _("Finished %(day)s") % {"day": day_in_words(measure.completed_at)}
    else:
        when = _("Done by %(day)s") % {"day": day_in_words(measure.due)}
    return {
        "measure": measure,
        "facts": f"{measure.unit.name}, {about}" if about else measure.unit.name,
        "when": when,
        "badge": kind,
        "badge_text": words,
    }


def _badge(measure: Measure) -> tuple[str, str]:
    """How it stands: the kind of the badge and its words."""
    if measure.effect_waits:
        return "waiting", _("Effect waits for approval")
    kinds = {"recorded": "waiting", "returned": "late", "approved": "new", "done": "done"}
    return kinds[measure.state], measure.get_state_display()


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("odottaa", _("Waiting for approval")),
        ("palautettu", _("Returned for mending")),
        ("kaynnissa", _("Public, under way")),
        ("valmis", _("Done")),
    ]


def _by_name(units: Any) -> list[Unit]:
    return sorted(units, key=lambda unit: alphabetical(unit.name))


def _nothing_to_rest_on() -> str:
    return _(
        "The reports of that period have no figure for this. Choose a longer period or all feedback: a measure rests on figures of several customers, never on the feedback of one."
    )
