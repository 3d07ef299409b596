"""`/puhelin/`: the simulator's phones, where the demo's messages arrive."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.queries import open_units
from palauteketju.sms import actions
from palauteketju.sms.forms import ImitateVisitForm
from palauteketju.sms.gateways import SimulatorGateway, gateway_from_settings

_MOST_SHOWN = 30


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def phones(request: HttpRequest) -> HttpResponse:
    """Phones with their messages, the newest first, and a visit to imitate. With another gateway: no such page."""
    gateway = gateway_from_settings()
    if not isinstance(gateway, SimulatorGateway):
        raise Http404
    units = {unit.code: unit for unit in open_units(timezone.localdate()) if unit.sms}
    form = ImitateVisitForm(request.POST if request.method == "POST" else None, units=list(units.values()))
    context = {"form": form, "has_units": bool(units), "phones": gateway.phones(most=_MOST_SHOWN)}
    if form.is_valid():
        unit, language = units[form.cleaned_data["unit"]], form.cleaned_data["language"]
        at = timezone.now()
        send_at = actions.imitate_visit(unit, language=language, at=at)
        context |= {
            "is_done": True,
            "unit": unit,
            "send_at": send_at,
            "is_leaving": send_at and send_at <= at,
        }
    return render(request, "sms/phones.html", context, status=422 if form.errors else 200)
