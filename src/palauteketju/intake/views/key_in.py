"""Staff's pages for writing down what customers gave on paper, by phone or on the spot."""

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from palauteketju.intake import access, actions, forms, nonces, submissions, wording
from palauteketju.intake.errors import BadNonce
from palauteketju.intake.submissions import KEYED_IN
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.keeping_text import text_is_kept
from palauteketju.organisation.models import Role, Unit
from palauteketju.organisation.queries import alphabetical
from palauteketju.organisation.rules import county_rules
from palauteketju.surveys.library import QuestionSet, question_set


@for_staff(Role.Kind.HANDLER, Role.Kind.MEMBER)
@require_safe
def choose_unit(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    units = sorted(access.units_keyed_in_by(request.user, at=at), key=lambda unit: alphabetical(unit.name))
    is_open = {unit.pk: unit.is_open_on(timezone.localdate(at)) for unit in units}
    context = {
        "units": [unit for unit in units if is_open[unit.pk]],
        "closed": [unit for unit in units if not is_open[unit.pk]],
    }
    return render(request, "intake/choose_unit.html", context)


@text_is_kept("text", "email", "mobile", "phone", "address")
@for_staff(Role.Kind.HANDLER, Role.Kind.MEMBER)
@require_http_methods(["GET", "POST"])
def key_in(request: StaffRequest, code: str) -> HttpResponse:
    at = timezone.now()
    unit = access.get_unit_to_key_in_or_404(request.user, code, at=at)
    definition = question_set(county_rules().question_set)
    form = forms.KeyInForm(
        request.POST if request.method == "POST" else None,
        question_set=definition,
        language=translation.get_language(),
        offers_answer=any(county_rules().allows_contact_request(channel) for channel in KEYED_IN),
    )
    nonce = request.POST.get("nonce", "")
    if request.method == "POST":
        received, problems = _written_down(request, unit, definition, at=at)
        if received:
            is_late = received.answer_by is not None and received.answer_by < timezone.localdate(at)
            context = {"unit": unit, "received": received, "is_late": is_late}
            return render(request, "intake/keyed_in.html", context)
        form.tell(problems)
    try:
        nonces.read(nonce, at=at)
    except BadNonce:
        nonce = nonces.make(at)
    status = 422 if form.errors else 200
    context = {
        "unit": unit,
        "closed_on": None if unit.is_open_on(timezone.localdate(at)) else unit.active_to,
        "form": form,
        "nonce": nonce,
    }
    return render(request, "intake/key_in.html", context, status=status)


def _written_down(
    request: StaffRequest, unit: Unit, definition: QuestionSet, *, at: datetime
) -> tuple[actions.Received | None, dict[str, str]]:
    """Received, or nothing and what to mend by field."""
    posted = request.POST
    try:
        nonce = nonces.read(posted.get("nonce", ""), at=at)
    except BadNonce:
        return None, {"": _("The form was not recognised. Check what you wrote and send it again.")}
    raw = forms.raw_from(posted, definition) | {"arrived_at": forms.arrival_from(posted, at=at)}
    channel, language = posted.get("channel", ""), posted.get("language", "")
    submission, errors = submissions.read(
        raw, unit=unit, channel=channel, question_set=definition, language=language, at=at
    )
    if channel not in KEYED_IN:
        errors = {"channel": submissions.NOT_A_CHOICE} | errors
        errors.pop("contact", None)
    if language not in dict(settings.LANGUAGES):
        errors["language"] = submissions.NOT_A_CHOICE
    if errors or submission is None:
        return None, wording.explained(errors, raw)
    return actions.key_in(submission, nonce=nonce, by=request.user, at=at), {}
