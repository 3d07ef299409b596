"""/palautteeni/: the customer's own feedback by the receipt code, which never stands in an address."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palauteketju.handling import actions, queries
from palauteketju.handling.attempts import WINDOW, caller_of, wrong_codes
from palauteketju.handling.cases import wording
from palauteketju.handling.cases.history import cases_of, unit_names_over_time
from palauteketju.handling.errors import CaseAlreadyClosed, MessageNotExpected, NotAsked
from palauteketju.handling.follow_up import follow_up_of
from palauteketju.handling.forms.cases import CustomerMessageForm, ReceiptForm
from palauteketju.handling.forms.prompts import HelpedForm
from palauteketju.handling.models import Case, FollowUp
from palauteketju.intake.models import Feedback
from palauteketju.intake.queries import by_receipt
from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.days import day_of
from palauteketju.organisation.models import Unit


@for_everyone
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _ask_for_code(request, ReceiptForm(), status=200)
    at = timezone.now()
    found = _feedback_of(request, at=at)
    return _status_page(request, found, at=at) if isinstance(found, Feedback) else found


@for_everyone
@never_cache
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("handling:receipt")
    at = timezone.now()
    found = _feedback_of(request, at=at)
    if not isinstance(found, Feedback):
        return found
    form = CustomerMessageForm(request.POST)
    if not form.is_valid():
        return _status_page(request, found, at=at, form=form, status=422)
    text = form.cleaned_data["text"]
    case = _written_to(request, found)
    if case is None:
        return _status_page(request, found, at=at, unsent=text, status=409)
    try:
        actions.write_as_customer(case, text, at=at)
    except (CaseAlreadyClosed, MessageNotExpected):
        return _status_page(request, found, at=at, unsent=text, status=409)
    case.refresh_from_db()
    return _status_page(request, found, at=at, saved_in=case)


@for_everyone
@never_cache
@require_http_methods(["GET", "POST"])
def tell_if_helped(request: HttpRequest) -> HttpResponse:
    """The customer's word, once, on whether the answer helped."""
    if request.method == "GET":
        return redirect("handling:receipt")
    at = timezone.now()
    found = _feedback_of(request, at=at)
    if not isinstance(found, Feedback):
        return found
    form = HelpedForm(request.POST)
    if not form.is_valid():
        return _status_page(request, found, at=at, helped=form, status=422)
    try:
        actions.tell_if_helped(found, FollowUp.Helped(form.cleaned_data["helped"]), at=at)
    except NotAsked:
        return _status_page(request, found, at=at, status=409)
    return _status_page(request, found, at=at)


def _feedback_of(request: HttpRequest, *, at: datetime) -> Feedback | HttpResponse:
    """The feedback whose code was posted, or the page that asks for it again."""
    form = ReceiptForm(request.POST)
    caller = caller_of(request)
    if wrong_codes.is_too_many(caller, at=at):
        form.add_error("code", _("Too many wrong codes. Wait ten minutes and try again."))
        response = _ask_for_code(request, form, status=429)
        response["Retry-After"] = str(int(WINDOW.total_seconds()))
        return response
    if not form.is_valid():
        return _ask_for_code(request, form, status=422)
    feedback = by_receipt(form.cleaned_data["code"])
    if feedback is None:
        wrong_codes.add(caller, at=at)
        form.add_error("code", _("No feedback was found with this code. Check each digit."))
        return _ask_for_code(request, form, status=404)
    return feedback


def _ask_for_code(request: HttpRequest, form: ReceiptForm, *, status: int) -> HttpResponse:
    return render(request, "handling/receipt.html", {"form": form}, status=status)


def _written_to(request: HttpRequest, feedback: Feedback) -> Case | None:
    """Which of the feedback's cases the message is for: by its place, since case numbers are no customer's business."""
    cases = cases_of(feedback)
    place = request.POST.get("part", "1")
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 0
    return cases[number - 1] if 1 <= number <= len(cases) else None


def _status_page(
    request: HttpRequest,
    feedback: Feedback,
    *,
    at: datetime,
    form: CustomerMessageForm | None = None,
    helped: HelpedForm | None = None,
    saved_in: Case | None = None,
    unsent: str = "",
    status: int = 200,
) -> HttpResponse:
    failed_part = request.POST.get("part", "1") if form else ""
    cases = cases_of(feedback)
    parts = [
        _part(feedback, case, place, form=form if failed_part == str(place) else None, at=at)
        for place, case in enumerate(cases or [None], start=1)
    ]
    # Before there is a case, nothing needs a heading.
    for part, heading in zip(parts, wording.headings_for_customer(cases), strict=False):
        part["heading"] = heading
    is_asked, said = follow_up_of(feedback, at=at)
    ended = [part["case"].unit for part in parts if part["has_ended"]]
    return render(
        request,
        "handling/receipt_status.html",
        {
            "feedback": feedback,
            "parts": parts,
            "code": request.POST["code"],
            "form": form or helped,
            "asked_if_helped": is_asked,
            "said_if_helped": said,
            "helped_form": helped or HelpedForm(),
            "saved_in": saved_in,
            "unsent": unsent,
            "has_ended": bool(ended),
            "new_feedback": dict(_form_for_new_feedback(unit, at=at) for unit in ended or [feedback.unit]),
        },
        status=status,
    )


def _part(
    feedback: Feedback, case: Case | None, place: int, *, form: CustomerMessageForm | None, at: datetime
) -> dict[str, Any]:
    """How one case of the feedback stands; before there is one, the feedback itself."""
    stands, next_step = wording.status_for_customer(feedback, case, at=at)
    messages = list(case.messages.all()) if case else []
    may_write = case and queries.customer_may_write(case)
    return {
        "case": case,
        "place": place,
        "stands": stands,
        "next_step": next_step,
        "dialogue": wording.timeline_for_customer(messages, unit_names_over_time(case)) if case else [],
        # The field of each part has an id of its own.
        "form": (form or CustomerMessageForm(auto_id=f"message_{place}_%s")) if may_write else None,
        "has_ended": bool(case and (case.is_closed or case.answered_at)),
    }


def _form_for_new_feedback(unit: Unit, *, at: datetime) -> tuple[str, str]:
    """Its address and the unit's name; where the unit has closed, the page on which a unit is chosen, without a name."""
    if unit.is_open_on(day_of(at)):
        return reverse("intake:give_feedback", args=[unit.slug]), unit.name
    return reverse("intake:find_unit"), ""
