"""/palautteet/<id>/lainaus/ and /lainaukset/: which words of customers the reports may show."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from palauteketju.handling import access, actions, excerpts, queries
from palauteketju.handling.errors import QuoteAlreadyChosen
from palauteketju.handling.forms.quotes import QuoteForm
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.keeping_text import give_back_late, text_is_kept
from palauteketju.organisation.models import Role

ROWS = 25


@text_is_kept("text")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def choose(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """The customer's text with what was masked, and the proposal to shorten and approve."""
    feedback = access.get_feedback_or_404(request.user, feedback_id)
    if not feedback.text:
        raise Http404
    now = timezone.now()
    actions.record_list_reading([feedback.pk], by=request.user, at=now)
    proposal = excerpts.propose(feedback.text, language=feedback.language)
    initial = {"text": proposal.text, "kind": feedback.kind}
    form = QuoteForm(request.POST if request.method == "POST" else None, initial=initial, feedback=feedback)
    if request.method == "POST" and form.is_valid():
        try:
            actions.approve_quote(feedback, **form.approved, by=request.user, at=now)
        except QuoteAlreadyChosen:
            told = _("A quote of this feedback has already been chosen.")
            return give_back_late(request, told=told, address=request.path)
        messages.success(
            request, _("The quote is approved. It appears when enough comments are counted together.")
        )
        return redirect("handling:quotes")
    parts = excerpts.marked(feedback.text, proposal)
    context = {
        "feedback": feedback,
        "form": form,
        "parts": parts,
        "is_masked": any(part.kind for part in parts),
        "standing": queries.standing_quote_of(feedback),
    }
    return render(request, "handling/choose_quote.html", context, status=422 if form.errors else 200)


@for_staff(Role.Kind.HANDLER)
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    page = Paginator(queries.quotes_for(request.user), ROWS).get_page(request.GET.get("sivu"))
    return render(request, "handling/quotes.html", {"pages": page, "quotes": list(page.object_list)})


@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, quote_id: int) -> HttpResponse:
    quote = queries.quotes_for(request.user).filter(pk=quote_id).first()
    if quote is None:
        raise Http404
    if request.method == "POST":
        actions.withdraw_quote(quote, by=request.user, at=timezone.now())
        messages.success(request, _("The quote is withdrawn. It leaves the reports within minutes."))
    return redirect("handling:quotes")
