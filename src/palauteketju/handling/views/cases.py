"""/kasittely/<id>/: one case, and what its handler does with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from palauteketju.handling import access, actions
from palauteketju.handling.errors import (
    CaseAlreadyClosed,
    CustomerWroteMeanwhile,
    NothingRecorded,
    OutcomeNotOffered,
)
from palauteketju.handling.forms.cases import CloseForm, RecordForm
from palauteketju.handling.models import Case, Message
from palauteketju.handling.views import case_page
from palauteketju.handling.views.case_page import Returned
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.keeping_text import text_is_kept, written
from palauteketju.organisation.models import Role

# What a press brought up may be asked for again by GET, for example to change the language: then the case is shown.
_BOTH = ["GET", "POST"]


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_GET
def show(request: StaffRequest, case_id: int) -> HttpResponse:
    seen = access.get_case_or_404(request.user, case_id)
    at = timezone.now()
    # Before the page is read: what prompts in between is not on it, and stays unseen.
    actions.mark_case_seen(request.user, seen.case.pk, at=at)
    render_it = case_page.for_handler if seen.reads_text else case_page.for_manager
    return render_it(request, seen.case, at=at)


@text_is_kept("text")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def record(request: StaffRequest, case_id: int) -> HttpResponse:
    case = access.get_handled_case_or_404(request.user, case_id)
    if request.method == "GET":
        return redirect("handling:case", case.pk)
    at = timezone.now()
    form = RecordForm(request.POST)
    if not form.is_valid():
        return case_page.for_handler(request, case, at=at, returned=Returned(record=form), status=422)
    is_call = form.cleaned_data["kind"] == Message.Kind.CALL
    write_down = actions.record_call if is_call else actions.record_note
    try:
        write_down(case, form.cleaned_data["text"], by=request.user, at=at)
    except CaseAlreadyClosed:
        return case_page.in_vain(request, case.pk, _("The case has already been answered or closed."))
    messages.success(request, _("It is written down."))
    return redirect("handling:case", case.pk)


@text_is_kept("done")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def close(request: StaffRequest, case_id: int) -> HttpResponse:
    case = access.get_handled_case_or_404(request.user, case_id)
    if request.method == "GET":
        return redirect("handling:case", case.pk)
    at = timezone.now()
    form = case_page.close_form(case, request.POST)
    if not form.is_valid() and not case.is_closed:
        return case_page.for_handler(request, case, at=at, returned=Returned(close=form), status=422)
    try:
        _close(request, case, form)
    except CaseAlreadyClosed:
        return _closed_already(request, case)
    except CustomerWroteMeanwhile:
        returned = Returned(close=form, hindrance=case_page.CUSTOMER_WROTE)
        return case_page.for_handler(request, case, at=at, returned=returned, status=409)
    except (NothingRecorded, OutcomeNotOffered):
        # Something changed between the form and the lock; the page as it is now says what is possible.
        return case_page.in_vain(request, case.pk, _("Look at the case again, and close it then."))
    messages.success(request, _("The case is closed."))
    return redirect("handling:case", case.pk)


def _close(request: StaffRequest, case: Case, form: CloseForm) -> None:
    if not form.is_valid():
        raise CaseAlreadyClosed
    outcome, done = Case.Outcome(form.cleaned_data["outcome"]), form.cleaned_data["done"]
    actions.close_case(case, outcome, by=request.user, at=timezone.now(), done=done)


def _closed_already(request: StaffRequest, case: Case) -> HttpResponse:
    if written(request):
        return case_page.in_vain(
            request, case.pk, _("The case is closed, so nothing more can be done to it.")
        )
    # Without words nobody can tell a second press from a colleague's.
    messages.info(request, _("The case is closed already."))
    return redirect("handling:case", case.pk)


@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def contact(request: StaffRequest, case_id: int) -> HttpResponse:
    """The contact details, in the answer to a press and nowhere else: no address shows them, nothing stores them."""
    case = access.get_handled_case_or_404(request.user, case_id)
    if request.method == "GET":
        return redirect("handling:case", case.pk)
    at = timezone.now()
    try:
        details = actions.reveal_contact(case, by=request.user, at=at)
    except CaseAlreadyClosed:
        messages.info(request, _("The case is closed, so the contact details are no longer shown."))
        return redirect("handling:case", case.pk)
    returned = Returned(contact=details, contact_asked=True)
    return case_page.for_handler(request, case, at=at, returned=returned)
