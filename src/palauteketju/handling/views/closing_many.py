"""/tyolista/sulje/: close several cases that need nothing: look at them together, say why, close."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from palauteketju.handling import actions
from palauteketju.handling.actions.closing_many import ClosedTogether
from palauteketju.handling.cases import wording
from palauteketju.handling.cases.closing_together import look_through
from palauteketju.handling.cases.matters import matters_of
from palauteketju.handling.forms.cases import CloseManyForm
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.keeping_text import text_is_kept
from palauteketju.organisation.models import Role


@text_is_kept("reason")
@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    chosen_numbers = [int(one) for one in request.POST.getlist("case") if one.isdecimal() and len(one) < 19]
    if not chosen_numbers:
        if request.method == "POST":
            messages.info(request, _("Choose the cases first, by the boxes before them."))
        return redirect("handling:worklist")
    at = timezone.now()
    chosen = look_through(chosen_numbers, by=request.user)
    confirms = request.POST.get("step") == "close"
    form = CloseManyForm(request.POST if confirms else None)
    if confirms and form.is_valid():
        # Those that are closed too: the first press of the button may have closed them.
        cases = [*chosen.closable, *(case for case, _why in chosen.others if case.is_closed)]
        done = actions.close_many(cases, form.cleaned_data["reason"], by=request.user, at=at)
        _tell(request, done)
        return redirect("handling:worklist")
    matters = matters_of(chosen.closable)
    context = {
        "form": form,
        "rows": [wording.row_of(case, at=at, matter=matters.get(case.pk, "")) for case in chosen.closable],
        "numbers": [case.pk for case in chosen.closable],
        "others": [(wording.row_of(case, at=at), why) for case, why in chosen.others],
    }
    return render(request, "handling/close_many.html", context, status=422 if form.errors else 200)


def _tell(request: StaffRequest, done: ClosedTogether) -> None:
    closed, already, refused = len(done.closed), len(done.already), len(done.refused)
    if closed:
        told = ngettext("%(count)s case is closed.", "%(count)s cases are closed.", closed)
        messages.success(request, told % {"count": closed})
    if already:
        told = ngettext(
            "%(count)s case was closed already.",
            "%(count)s cases were closed already.",
            already,
        )
        messages.info(request, told % {"count": already})
    if refused:
        told = ngettext(
            "%(count)s case has changed in the meantime and stays open.",
            "%(count)s cases have changed in the meantime and stay open.",
            refused,
        )
        messages.warning(request, told % {"count": refused})
