"""/kasittely/<id>/kirje/<message>/: a message to the customer as a letter to print."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palauteketju.handling import access, actions, queries
from palauteketju.handling.errors import CaseAlreadyClosed
from palauteketju.handling.replies.letters import PRINTED, letter_pdf
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role


@for_staff(Role.Kind.HANDLER)
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest, case_id: int, message_id: int) -> HttpResponse:
    """The PDF, in the answer to a press and nowhere else: no address shows it."""
    case = access.get_handled_case_or_404(request.user, case_id)
    if request.method == "GET":
        return redirect("handling:case", case.pk)
    message = case.messages.filter(pk=message_id, kind__in=PRINTED).first()
    if message is None or queries.way_asked(case) != ContactRequest.Way.LETTER:
        raise Http404
    at = timezone.now()
    try:
        details = actions.reveal_contact(case, by=request.user, at=at, letter=message)
    except CaseAlreadyClosed:
        details = None
    if details is None:
        messages.info(request, _("The case is closed, so the contact details are no longer shown."))
        return redirect("handling:case", case.pk)
    message.case = case
    language = Feedback.objects.values_list("language", flat=True).get(pk=case.feedback_id)
    response = HttpResponse(
        letter_pdf(message, address=details.value, language=language, at=at), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{case.pk}-{message.pk}.pdf"'
    return response
