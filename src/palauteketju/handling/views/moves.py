"""What is done to a case when it belongs elsewhere or needs more time: one page for each, from the page of the case."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from palauteketju.handling import access, actions
from palauteketju.handling.actions.extending import extension_days
from palauteketju.handling.cases import wording
from palauteketju.handling.cases.history import linked_cases
from palauteketju.handling.errors import (
    CannotGoThere,
    CannotLink,
    CaseAlreadyAnswered,
    CaseAlreadyClosed,
    CustomerWroteMeanwhile,
    DayNotAllowed,
    NoDeadline,
)
from palauteketju.handling.forms.moves import ExtendForm, LinkForm, MoveForm, RedirectForm, SplitForm
from palauteketju.handling.models import Case
from palauteketju.handling.queries import way_asked
from palauteketju.handling.replies.formal_texts import ready_text
from palauteketju.handling.views import case_page
from palauteketju.intake.models import Feedback
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.keeping_text import text_is_kept
from palauteketju.organisation.models import Role
from palauteketju.organisation.queries import open_units

_BOTH = ["GET", "POST"]

_WHY: dict[type[Exception], Any] = {
    CaseAlreadyClosed: gettext_lazy("The case is closed, so nothing more can be done to it."),
    CaseAlreadyAnswered: gettext_lazy(
        "The customer has been answered already. Write down what was done, and close the case."
    ),
    CustomerWroteMeanwhile: case_page.CUSTOMER_WROTE,
    CannotGoThere: gettext_lazy(
        "The case is already with the unit that you chose, or the unit no longer takes cases."
    ),
    NoDeadline: gettext_lazy("Nobody was promised anything, so there is no deadline to extend."),
}


@text_is_kept("reason")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def move(request: StaffRequest, case_id: int) -> HttpResponse:
    at = timezone.now()
    units = open_units(timezone.localdate(at))
    form = MoveForm(_posted(request), units=units)
    # A second press finds the case where the first one moved it, often out of reach of who pressed.
    if form.is_valid() and (
        moved := actions.moved_just_now(case_id, **_where_to(form), by=request.user, at=at)
    ):
        return _moved(request, moved.case)
    case = access.get_handled_case_or_404(request.user, case_id)
    form = MoveForm(_posted(request), units=[unit for unit in units if unit.pk != case.unit_id])
    if not form.is_valid():
        return _page(request, "handling/move_case.html", case, form, hindrance=_hindrance(case))
    if refused := _refused(
        request, case, lambda: actions.move_case(case, **_where_to(form), by=request.user, at=at)
    ):
        return refused
    case.refresh_from_db()
    return _moved(request, case)


@text_is_kept("about")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def split(request: StaffRequest, case_id: int) -> HttpResponse:
    at = timezone.now()
    form = SplitForm(_posted(request), units=open_units(timezone.localdate(at)))
    case = access.get_handled_case_or_404(request.user, case_id)
    if not form.is_valid():
        return _page(request, "handling/split_case.html", case, form, hindrance=_hindrance(case))
    to, about = form.cleaned_data["unit"], form.cleaned_data["about"]
    if refused := _refused(
        request, case, lambda: actions.split_case(case, to, about=about, by=request.user, at=at)
    ):
        return refused
    messages.success(request, _("There is now a second case, with %(unit)s.") % {"unit": to.name})
    return redirect("handling:case", case.pk)


@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def link(request: StaffRequest, case_id: int) -> HttpResponse:
    case = access.get_handled_case_or_404(request.user, case_id)
    form = LinkForm(_posted(request))
    if form.is_valid():
        # A number that is nobody's and one of another unit are told apart by nothing.
        other = access.handled_case(request.user, form.cleaned_data["other"])
        if other and _is_linked_now(request, case, other):
            messages.success(request, _("The cases are linked."))
            return redirect("handling:case", case.pk)
        form.add_error("other", _("You handle no other case of that number, or it is linked already."))
    return _page(request, "handling/link_case.html", case, form, linked=linked_cases(case, request.user))


@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def unlink(request: StaffRequest, case_id: int, other_id: int) -> HttpResponse:
    case = access.get_handled_case_or_404(request.user, case_id)
    other = access.get_handled_case_or_404(request.user, other_id)
    if request.method == "POST":
        actions.unlink_cases(case, other, by=request.user, at=timezone.now())
        messages.success(request, _("The link is taken away."))
    return redirect("handling:link", case.pk)


@text_is_kept("reason", "message")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def extend(request: StaffRequest, case_id: int) -> HttpResponse:
    case = access.get_handled_case_or_404(request.user, case_id)
    at = timezone.now()
    form = _extend_form(_posted(request), case, at=at)
    if not form.is_valid():
        return _page(
            request,
            "handling/extend_deadline.html",
            case,
            form,
            hindrance=_hindrance_to_more_time(case),
            reaches=wording.how_it_reaches(way_asked(case)),
        )
    until, words = form.cleaned_data["until"], form.cleaned_data
    try:
        if refused := _refused(
            request,
            case,
            lambda: actions.extend_deadline(
                case, until, reason=words["reason"], message=words["message"], by=request.user, at=at
            ),
        ):
            return refused
    except DayNotAllowed:
        case = access.get_handled_case_or_404(request.user, case_id)
        form = _extend_form(_posted(request), case, at=at)
        form.refuse_day()
        reaches = wording.how_it_reaches(way_asked(case))
        return _page(request, "handling/extend_deadline.html", case, form, reaches=reaches)
    messages.success(request, _("The deadline is extended.") + " " + wording.how_it_reaches(way_asked(case)))
    return redirect("handling:case", case.pk)


@text_is_kept("text")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(_BOTH)
def formal_road(request: StaffRequest, case_id: int) -> HttpResponse:
    """First the road (`?tie=`), then its ready text."""
    case = access.get_handled_case_or_404(request.user, case_id)
    chosen = request.GET.get("tie", "")
    road = Case.FormalRoad(chosen) if chosen in Case.FormalRoad.values else None
    ready = _in_language_of(case, lambda: ready_text(road)) if road else ""
    form = RedirectForm(_posted(request) if road else None, initial={"text": ready})
    if road is None or not form.is_valid():
        more = {"road": road, "roads": Case.FormalRoad, "hindrance": _hindrance_to_words(case)}
        return _page(request, "handling/formal_road.html", case, form, **more)
    text = form.cleaned_data["text"]
    if refused := _refused(
        request,
        case,
        lambda: actions.redirect_case(case, road, text, by=request.user, at=timezone.now()),
    ):
        return refused
    messages.success(request, _("The customer is told where the matter belongs."))
    return redirect("handling:case", case.pk)


def _where_to(form: MoveForm) -> dict[str, Any]:
    return {"to": form.cleaned_data["unit"], "reason": form.cleaned_data["reason"]}


def _moved(request: StaffRequest, case: Case) -> HttpResponse:
    messages.success(request, _("The case is now with %(unit)s.") % {"unit": case.unit.name})
    # The old unit's handlers no longer see it, often the one who moved it among them.
    is_still_own = access.handles(request.user, case.unit_id)
    return redirect("handling:case", case.pk) if is_still_own else redirect("handling:worklist")


def _posted(request: StaffRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _is_linked_now(request: StaffRequest, case: Case, other: Case) -> bool:
    try:
        actions.link_cases(case, other, by=request.user, at=timezone.now())
    except CannotLink:
        return False
    return True


def _page(
    request: StaffRequest, template: str, case: Case, form: Any, *, hindrance: Any = "", **more: Any
) -> HttpResponse:
    if hindrance and form.is_bound:
        return case_page.in_vain(request, case.pk, hindrance)
    context = {"case": case, "form": form, "hindrance": hindrance, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def _hindrance(case: Case) -> Any:
    """Why nothing can be done to the case any more; empty when something can."""
    return _WHY[CaseAlreadyClosed] if case.is_closed else ""


def _hindrance_to_words(case: Case) -> Any:
    return _hindrance(case) or (_WHY[CaseAlreadyAnswered] if case.answered_at else "")


def _hindrance_to_more_time(case: Case) -> Any:
    return _hindrance_to_words(case) or (_WHY[NoDeadline] if case.due_at is None else "")


def _refused(request: StaffRequest, case: Case, act: Callable[[], object]) -> HttpResponse | None:
    """Do it; the answer where the case has changed between the page and the lock."""
    try:
        act()
    except tuple(_WHY) as refusal:
        return case_page.in_vain(request, case.pk, _WHY[type(refusal)])
    return None


def _extend_form(posted: QueryDict | None, case: Case, *, at: datetime) -> ExtendForm:
    ready = _in_language_of(case, lambda: _("Our answer takes longer than we promised, because {reason}."))
    return ExtendForm(posted, days=extension_days(case, at=at), initial={"message": ready})


def _in_language_of(case: Case, words: Callable[[], str]) -> str:
    """What the customer will read, in the language of their own form."""
    with override(Feedback.objects.values_list("language", flat=True).get(pk=case.feedback_id)):
        return words()
