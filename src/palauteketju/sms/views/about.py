"""`/tekstiviestikysely/`: what the county's messages look like, and how to forbid them."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.dateformat import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.look import county_brand
from palauteketju.organisation.rules import county_rules
from palauteketju.sms import actions, tokens
from palauteketju.sms.errors import TooManyAtOnce
from palauteketju.sms.forms import ForbidSurveysForm
from palauteketju.sms.texts import compose


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def about_surveys(request: HttpRequest) -> HttpResponse:
    """The same answer to a number we know and to one we do not: nobody learns here whose number has visited."""
    form = ForbidSurveysForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if form.is_valid():
        try:
            actions.forbid_surveys(form.cleaned_data["phone"], at=timezone.now())
        except TooManyAtOnce:
            status = HTTPStatus.TOO_MANY_REQUESTS
            form.add_error(None, _("Very many are forbidding surveys just now. Try again in a while."))
        else:
            return render(request, "sms/forbidden.html")
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "sms/about_surveys.html", _looks() | {"form": form}, status=status)


def _looks() -> dict[str, object]:
    rules, language = county_rules().sms, translation.get_language()
    clock = "G:i" if language == "en" else "G.i"
    return {
        "sender": rules.sender,
        "beginning": f"{settings.PUBLIC_ADDRESS}/v/",
        "example": compose(language, None, county_brand().name(language), tokens.address(tokens.EXAMPLE)),
        "opens": time_format(rules.window_opens, clock),
        "closes": time_format(rules.window_closes, clock),
        "days": rules.days_between_surveys,
        "age": rules.minimum_age,
    }
