"""/palautteeni/: the customer's own feedback by the receipt code, which never stands in an address."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from palauteketju.handling import actions, queries, wording
from palauteketju.handling.attempts import WINDOW, caller_of, wrong_codes
from palauteketju.handling.errors import CaseAlreadyClosed, MessageNotExpected
from palauteketju.handling.forms import CustomerMessageForm, ReceiptForm
from palauteketju.intake.models import Feedback
from palauteketju.intake.queries import by_receipt
from palauteketju.organisation.audience import for_everyone


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
    case = queries.case_of(found)
    if case is None:
        return _status_page(request, found, at=at, unsent=text, status=409)
    try:
        actions.write_as_customer(case, text, at=at)
    except (CaseAlreadyClosed, MessageNotExpected):
        return _status_page(request, found, at=at, unsent=text, status=409)
    return _status_page(request, found, at=at, is_saved=True)


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


def _status_page(
    request: HttpRequest,
    feedback: Feedback,
    *,
    at: datetime,
    form: CustomerMessageForm | None = None,
    is_saved: bool = False,
    unsent: str = "",
    status: int = 200,
) -> HttpResponse:
    case = queries.case_of(feedback)
    stands, next_step = wording.status_for_customer(feedback, case, at=at)
    messages = list(case.messages.select_related("author")) if case else []
    return render(
        request,
        "handling/receipt_status.html",
        {
            "feedback": feedback,
            "case": case,
            "code": request.POST["code"],
            "stands": stands,
            "next_step": next_step,
            "dialogue": wording.timeline_for_customer(messages, feedback.unit.name),
            "form": (form or CustomerMessageForm()) if case and queries.customer_may_write(case) else None,
            "is_saved": is_saved,
            "unsent": unsent,
        },
        status=status,
    )
