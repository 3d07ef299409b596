"""/kasittely/<id>/vastaa/: write to the customer, see it as the customer will, send; `step` says which."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from palauteketju.handling import access, actions, queries
from palauteketju.handling.actions.drafts import LONGEST_DRAFT
from palauteketju.handling.cases import wording
from palauteketju.handling.errors import CaseAlreadyAnswered, CaseAlreadyClosed, CustomerWroteMeanwhile
from palauteketju.handling.forms.cases import ReplyForm
from palauteketju.handling.models import Case, Message
from palauteketju.handling.replies import answer_guard
from palauteketju.handling.replies.beside_the_reply import templates_for
from palauteketju.handling.replies.fields import filled
from palauteketju.handling.views import case_page
from palauteketju.handling.views.case_page import Returned
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.keeping_text import text_is_kept
from palauteketju.organisation.models import Role

_ANSWERED = gettext_lazy("The case has already been answered or closed.")


@text_is_kept("text")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def reply(request: StaffRequest, case_id: int) -> HttpResponse:
    case = access.get_handled_case_or_404(request.user, case_id)
    at = timezone.now()
    step = request.POST.get("step")
    if request.method == "GET":
        return redirect("handling:case", case.pk)
    form = ReplyForm(request.POST)
    if step == "send" and form.is_valid():
        return _send(request, case, Message.Kind(form.cleaned_data["kind"]), form.cleaned_data["text"], at=at)
    is_kept_whole = _keep(request, case, at=at)
    if step in {"draft", "throw"} and is_kept_whole:
        return redirect("handling:case", case.pk)
    if step == "template":
        returned = Returned(reply=_with_template(request, case))
        return case_page.for_handler(request, case, at=at, returned=returned)
    if not form.is_valid() or step == "edit":
        status = 200 if form.is_valid() else 422
        return case_page.for_handler(request, case, at=at, returned=Returned(reply=form), status=status)
    return _preview(request, case, form, at=at)


def _keep(request: StaffRequest, case: Case, *, at: datetime) -> bool:
    """Whatever comes next, an error or a colleague's answer, what was written is there again at the next visit.

    False where some of it does not fit in a draft: then the page must give it back.
    """
    text, step = request.POST.get("text", ""), request.POST.get("step")
    # Only who asks for it empties a draft: an empty box sent by mistake does not.
    if step == "throw" or (step == "draft" and not text.strip()):
        actions.delete_draft(case, by=request.user)
        messages.success(request, _("The draft has been deleted."))
    elif text.strip():
        if not actions.save_draft(case, text, kind=request.POST.get("kind", ""), by=request.user, at=at):
            told = _(
                "The draft holds only the first %(count)s characters of your text. Copy the rest before you leave this page."
            )
            messages.warning(request, told % {"count": number_format(LONGEST_DRAFT, force_grouping=True)})
            return False
        if step == "draft":
            messages.success(request, _("The draft is saved. Only you see it."))
    return True


def _with_template(request: StaffRequest, case: Case) -> ReplyForm:
    """The reply form with the chosen template below what was written."""
    text = request.POST.get("text", "").strip()
    number = request.POST.get("template", "")
    offered = templates_for(case, language=_language_of(case))
    chosen = offered.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if chosen:
        text = "\n\n".join(filter(None, [text, filled(chosen.text, case, language=chosen.language)]))
    form = ReplyForm(initial={"text": text, "kind": request.POST.get("kind", "")})
    # The page comes anew: who pressed the button goes on in the field, and is not left at the top of the page.
    form.fields["text"].widget.attrs["autofocus"] = True
    return form


def _language_of(case: Case) -> str:
    """Of the form that the customer filled in."""
    return Feedback.objects.values_list("language", flat=True).get(pk=case.feedback_id)


def _preview(request: StaffRequest, case: Case, form: ReplyForm, *, at: datetime) -> HttpResponse:
    if case.is_closed or case.answered_at:
        return case_page.in_vain(request, case.pk, _ANSWERED)
    kind, text = Message.Kind(form.cleaned_data["kind"]), form.cleaned_data["text"]
    is_answer = kind == Message.Kind.RESPONSE
    way = queries.way_asked(case)
    share = 0.0
    if is_answer:
        templates = [
            filled(one.text, case, language=one.language) for one in templates_for(case, language="")
        ]
        share = answer_guard.share_of_template(text, templates)
    context = {
        "case": case,
        "form": form,
        "entry": wording.preview_for_customer(kind, text, case.unit, language=_language_of(case), at=at),
        "is_answer": is_answer,
        "way": way,
        "reaches": wording.how_it_reaches(way),
        "template_percent": round(100 * share),
        "is_mostly_template": share >= answer_guard.MOSTLY_TEMPLATE,
        "claim": answer_guard.claimed_change(text) if is_answer else "",
    }
    return render(request, "handling/reply_preview.html", context)


def _send(request: StaffRequest, case: Case, kind: Message.Kind, text: str, *, at: datetime) -> HttpResponse:
    try:
        if kind == Message.Kind.RESPONSE:
            actions.answer(case, text, by=request.user, at=at)
        else:
            actions.ask_clarification(case, text, by=request.user, at=at)
    except (CaseAlreadyAnswered, CaseAlreadyClosed):
        actions.save_draft(case, text, kind=kind, by=request.user, at=at)
        # By a colleague or by themselves in another window.
        return case_page.in_vain(request, case.pk, _ANSWERED)
    except CustomerWroteMeanwhile:
        # The text stands in the reply box, to be sent as it is or written anew.
        actions.save_draft(case, text, kind=kind, by=request.user, at=at)
        returned = Returned(reply=ReplyForm(request.POST), hindrance=case_page.CUSTOMER_WROTE)
        return case_page.for_handler(request, case, at=at, returned=returned, status=409)
    messages.success(request, _what_happens_now(case, kind))
    return redirect("handling:case", case.pk)


def _what_happens_now(case: Case, kind: Message.Kind) -> str:
    way = queries.way_asked(case)
    if way == ContactRequest.Way.LETTER:
        return _("It is saved. Now print it as a letter and post it.")
    if kind == Message.Kind.RESPONSE and way == ContactRequest.Way.PHONE:
        return _(
            "The customer can read the answer with the receipt code. Now call them, and then close the case."
        )
    if kind == Message.Kind.RESPONSE:
        return _("The answer is on its way to the customer.")
    return _("The question is saved.") + " " + wording.how_it_reaches(way)
