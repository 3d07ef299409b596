"""/hallinta/heratteet/: the chat channels, and whether what should go out has gone out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palauteketju.handling import actions
from palauteketju.handling.forms.prompts import ChatChannelForm
from palauteketju.handling.models import ChatChannel
from palauteketju.handling.prompting import shown
from palauteketju.organisation.access import units_of
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role
from palauteketju.organisation.sendings import unsent

_BOTH = ["GET", "POST"]


@for_staff(Role.Kind.ADMINISTRATOR)
@require_http_methods(_BOTH)
def show(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    units = units_of(request.user, Role.Kind.ADMINISTRATOR)
    form = ChatChannelForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_valid():
        given = form.cleaned_data
        actions.add_channel(
            given["unit"],
            given["address"],
            of=ChatChannel.Format(given["format"]),
            only_urgent=given["only_urgent"],
            by=request.user,
            at=at,
        )
        messages.success(request, _("The channel is in use."))
        return redirect("handling:prompt_administration")
    channels = ChatChannel.objects.filter(unit__in=units, closed_at__isnull=True)
    context = {
        "unsent": unsent(at=at),
        "without": shown.cases_without_anybody(),
        "refused": shown.refused_mailboxes(units),
        "channels": channels.select_related("unit").order_by("unit__code"),
        "form": form,
        "here": "prompts",
    }
    return render(request, "handling/prompt_administration.html", context, status=422 if form.errors else 200)


@for_staff(Role.Kind.ADMINISTRATOR)
@require_http_methods(_BOTH)
def close(request: StaffRequest, channel_id: UUID) -> HttpResponse:
    if request.method == "POST":
        units = units_of(request.user, Role.Kind.ADMINISTRATOR)
        channel = get_object_or_404(ChatChannel, pk=channel_id, unit__in=units)
        actions.close_channel(channel, by=request.user, at=timezone.now())
        messages.success(request, _("Nothing is sent to the channel any more."))
    return redirect("handling:prompt_administration")
