"""Who wants the link to the weekly report on Mondays."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palauteketju.insight import access, report_orders
from palauteketju.insight.forms import OrderForm
from palauteketju.organisation.access import READERS
from palauteketju.organisation.audience import StaffRequest, for_staff


@for_staff(*READERS)
@require_http_methods(["GET", "POST"])
def order_reports(request: StaffRequest) -> HttpResponse:
    """One's own units and areas to choose from; those above and below them have their pages."""
    scopes = access.own_scopes(request.user)
    ordered = report_orders.ordered_by(request.user)
    initial = {"scopes": [str(scope.pk) for scope in scopes if scope.pk in ordered]}
    form = OrderForm(request.POST if request.method == "POST" else None, initial=initial, scopes=scopes)
    if form.is_valid():
        report_orders.order_reports(form.chosen(), by=request.user, at=timezone.now())
        messages.success(request, _("Your choice is kept."))
        return redirect("insight:order")
    context = {"form": form, "email": request.user.email}
    return render(request, "insight/order.html", context, status=422 if form.errors else 200)
