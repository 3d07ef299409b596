"""/kasittely/<id>/tuloste/: the whole case as a PDF, for a records request."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from palauteketju.handling import access, actions
from palauteketju.handling.cases import case_file
from palauteketju.handling.forms.moves import PrintForm
from palauteketju.intake.models import ContactRequest
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role


@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest, case_id: int) -> HttpResponse:
    """The page that asks what to print, and by POST the paper: each printing is in the trail first."""
    case = access.get_handled_case_or_404(request.user, case_id)
    form = PrintForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        contact = actions.record_printing(
            case, with_contact=form.cleaned_data["with_contact"], by=request.user, at=timezone.now()
        )
        response = HttpResponse(case_file.render(case, contact=contact), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="case-{case.pk}.pdf"'
        return response
    has_contact = not case.is_closed and ContactRequest.objects.filter(feedback=case.feedback_id).exists()
    context = {"case": case, "form": form, "has_contact": has_contact}
    return render(request, "handling/print_case.html", context)
