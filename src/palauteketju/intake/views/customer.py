"""Customers' pages: finding a unit, its form, thanks."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from palauteketju.intake import actions, forms, nonces, pages, submissions, wording
from palauteketju.intake.errors import BadNonce
from palauteketju.intake.models import Feedback
from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.models import Unit
from palauteketju.organisation.queries import alphabetical, open_units, unit_at_address
from palauteketju.organisation.rules import county_rules
from palauteketju.surveys.library import question_set, question_sets

# More than this on the first page would have to be searched with the eyes.
_ALL_SHOWN = 40
_ON_A_PAGE = 50
_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


@for_everyone
@require_safe
def find_unit(request: HttpRequest) -> HttpResponse:
    """The front page: every open unit, or, where there are many, those of an area or of a search."""
    words, area = request.GET.get("haku", "")[:100].strip(), request.GET.get("alue", "")[:40]
    units = open_units(timezone.localdate(), words=words, area=area)
    context: dict[str, Any] = {"words": words, "is_limited": bool(words or area)}
    if context["is_limited"] or len(units) <= _ALL_SHOWN:
        page = Paginator(units, _ON_A_PAGE).get_page(request.GET.get("sivu"))
        context |= {"pages": page, "areas": _by_area(list(page)), "total": len(units)}
    else:
        areas = {unit.parent for unit in units if unit.parent}
        context["choices"] = sorted(areas, key=lambda each: alphabetical(each.name))
    return render(request, "intake/find_unit.html", context)


def _by_area(units: list[Unit]) -> list[tuple[Unit | None, list[Unit]]]:
    return [(area, list(group)) for area, group in groupby(units, key=lambda unit: unit.parent)]


@for_everyone
@require_safe
def other_routes(request: HttpRequest) -> HttpResponse:
    """The formal ways beside feedback: the ombudsman, the reminder, the complaint."""
    return render(request, "intake/other_routes.html", {"routes": county_rules().formal_routes})


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def give_feedback(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's form. Sending it stores the feedback before the answer leaves."""
    at = timezone.now()
    unit = unit_at_address(code)
    channel = pages.CHANNELS.get(request.GET.get("k", ""), Feedback.Channel.WEB)
    if unit is None:
        return _nowhere(request, None, status=404)
    is_open = unit.is_open_on(timezone.localdate(at))
    if request.method == "POST":
        # The form says in which language it was shown: whoever keeps no cookies is answered in the same one.
        language = request.POST.get("language", "")
        with translation.override(language if language in _LANGUAGES else _language(request)):
            response = _sent(request, unit, channel, is_open=is_open, at=at)
            response["Content-Language"] = translation.get_language()
    elif not is_open:
        return _nowhere(request, unit, status=410)
    else:
        page = pages.form_page(
            pages.Place.of(unit),
            language=_language(request),
            channel=channel,
            questions=county_rules().question_set,
        )
        response = HttpResponse(page.with_word(nonces.make(at)))
    # Each form has a mark of its own: a form handed out twice would make two customers' feedback one.
    response["Cache-Control"] = "private, no-cache"
    return response


def _sent(request: HttpRequest, unit: Unit, channel: str, *, is_open: bool, at: datetime) -> HttpResponse:
    posted = request.POST
    try:
        nonce = nonces.read(posted.get("nonce", ""), at=at)
    except BadNonce as error:
        return _refused(request, unit, channel, at=at, status=400, problems={"": _about_mark(error)})
    if not is_open:
        earlier = actions.received_earlier(nonce)
        return _thanks(unit, channel, earlier) if earlier else _nowhere(request, unit, status=410)

    definition = question_sets().get(posted.get("question_set", "")) or question_set(
        county_rules().question_set
    )
    raw = forms.raw_from(posted, definition)
    submission, errors = submissions.read(
        raw, unit=unit, channel=channel, question_set=definition, language=translation.get_language(), at=at
    )
    problems = wording.explained(errors, raw)
    if posted.get(forms.TRAP):
        problems[""] = _(
            "A hidden field was filled in, perhaps by your browser. It is empty again: send the form once more."
        )
    if posted.get("language", "") not in {"", *_LANGUAGES}:
        problems[""] = _(
            "The language of the form is not one of ours. It is now the one you see: send the form once more."
        )
    if problems or submission is None:
        return _refused(request, unit, channel, at=at, status=422, problems=problems, nonce=posted["nonce"])
    return _thanks(unit, channel, actions.receive(submission, nonce=nonce, at=at))


def _thanks(unit: Unit, channel: str, received: actions.Received) -> HttpResponse:
    page = pages.thank_you_page(
        pages.Place.of(unit),
        language=translation.get_language(),
        channel=channel,
        answer_by=received.answer_by,
        needs_attention=received.needs_attention,
        is_new=received.is_new,
    )
    return HttpResponse(page.with_word(received.receipt))


def _refused(
    request: HttpRequest,
    unit: Unit,
    channel: str,
    *,
    at: datetime,
    status: int,
    problems: dict[str, str],
    nonce: str = "",
) -> HttpResponse:
    """The form again with everything that was typed, and what to mend."""
    posted = request.POST.copy()
    posted.pop(forms.TRAP, None)
    questions = posted.get("question_set", "")
    context = pages.form_context(
        pages.Place.of(unit),
        language=translation.get_language(),
        channel=channel,
        questions=questions if questions in question_sets() else county_rules().question_set,
        data=posted,
    )
    context["form"].tell(problems)
    # Another language would be another, empty form.
    context |= {"nonce": nonce or nonces.make(at), "languages": []}
    context.pop("request")
    return render(request, "intake/give_feedback.html", context, status=status)


def _nowhere(request: HttpRequest, unit: Unit | None, *, status: int) -> HttpResponse:
    """No unit at this address, or not now: where to go on, with what was written to take along."""
    today = timezone.localdate()
    opens = unit.active_from if unit and unit.active_from and unit.active_from > today else None
    context = {
        "unit": unit,
        "opens": opens,
        "closed": unit.active_to if unit and not opens else None,
        "text": request.POST.get("text", "") if request.method == "POST" else "",
    }
    return render(request, "intake/nowhere.html", context, status=404 if opens else status)


def _about_mark(error: BadNonce) -> str:
    if error.reason == "expired":
        return _("The form had been open for more than a week. Check what you wrote and send it again.")
    return _("The form was not recognised. Check what you wrote and send it again.")


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE))
