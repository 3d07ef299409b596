"""The board's page, for who is signed in and for a screen that holds a key; opening and closing it to a screen."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from palauteketju.improvement import boards
from palauteketju.improvement.errors import NotYours
from palauteketju.insight import handover as insight
from palauteketju.organisation.access import READERS
from palauteketju.organisation.audience import StaffRequest, for_everyone, for_staff
from palauteketju.organisation.days import moment_in_words
from palauteketju.organisation.language import COOKIE
from palauteketju.organisation.models import Role, Unit
from palauteketju.organisation.rules import county_rules


@for_staff(*READERS)
@require_safe
def show_board(request: StaffRequest, code: str) -> HttpResponse:
    return _page(request, insight.get_scope_or_404(request.user, code))


@for_everyone
@require_safe
def show_board_on_screen(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """A screen does not sign in: whoever knows the address sees what any visitor of the room sees."""
    unit = boards.unit_of_key(code.lower(), token)
    if unit is None:
        raise Http404
    # The screen's browser speaks the language it was bought with; the board that of its measures, or the address's own.
    with translation.override(request.GET.get(COOKIE) or county_rules().measure_language):
        response = _page(request, unit)
        response["Content-Language"] = translation.get_language()
    patch_cache_control(response, no_store=True)
    # The address is a key: it belongs neither into a search engine nor into another site's log.
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_POST
def open_board(request: StaffRequest, code: str) -> HttpResponse:
    """Show the new address, this once."""
    unit = insight.get_scope_or_404(request.user, code)
    try:
        token = boards.open_board(unit, by=request.user, at=timezone.now())
    except NotYours as error:
        raise Http404 from error
    address = settings.PUBLIC_ADDRESS + reverse("improvement:screen", args=[unit.slug, token])
    context = {"scope": unit, "address": address, "language": county_rules().measure_language}
    return render(request, "improvement/board_opened.html", context)


@for_staff(Role.Kind.HANDLER, Role.Kind.MANAGER)
@require_POST
def close_board(request: StaffRequest, code: str) -> HttpResponse:
    unit = insight.get_scope_or_404(request.user, code)
    try:
        was_open = boards.close_board(unit, by=request.user, at=timezone.now())
    except NotYours as error:
        raise Http404 from error
    if was_open:
        messages.success(request, _("The screen's address is closed: it leads nowhere from now on."))
    return redirect("improvement:report", unit.slug)


def _page(request: HttpRequest, unit: Unit) -> HttpResponse:
    now = timezone.now()
    board = boards.board_of(unit, today=timezone.localdate(now, insight.periods.HELSINKI))
    context = {"scope": unit, "board": board, "read_at": moment_in_words(now)}
    return render(request, "improvement/board.html", context)
