"""Pages that tell how the whole thing works: ways to give feedback, privacy, accessibility."""

from datetime import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import dateformat, translation
from django.views.decorators.http import require_safe

from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.look import county_brand
from palauteketju.organisation.rules import county_rules
from palauteketju.sms.texts import compose


@for_everyone
@require_safe
def ways_to_give_feedback(request: HttpRequest) -> HttpResponse:
    """All ways, and what each is for; the text message as it is really sent, so that a false one is known."""
    language = translation.get_language() or "fi"
    rules = county_rules()
    context = {
        "rules": rules,
        "message": compose(
            language, None, county_brand().short_name(language), f"{settings.PUBLIC_ADDRESS}/v/Ab3dE5gH"
        ),
        "address": settings.PUBLIC_ADDRESS,
        "opens": _time_in_words(rules.sms.window_opens, language),
        "closes": _time_in_words(rules.sms.window_closes, language),
        "weekday_first": rules.sms.send_on_next == "working_day",
    }
    return render(request, "publishing/ways_to_give_feedback.html", context)


def _time_in_words(time_: time, language: str) -> str:
    return dateformat.time_format(time_, "G:i" if language == "en" else "G.i")


@for_everyone
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, for how long and who sees it: the figures are those the program works by."""
    rules = county_rules()
    context = {
        "rules": rules,
        "feedback_years": rules.retention.feedback.days // 365,
        "feedback_days": rules.retention.feedback.days,
        "contact_days": rules.retention.contact_details_after_closing.days,
        "merge_weeks": rules.anonymity.merge_after.days // 7,
    }
    return render(request, "publishing/privacy.html", context)


@for_everyone
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "publishing/accessibility.html")
