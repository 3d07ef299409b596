"""The two pages every customer gets, made once and kept.

Of the form and the thank-you page only one word differs between two visitors of a unit: the form's mark or the
receipt code. So a page is rendered once in each process for a unit, language and channel, and cut where that word
stands. It is rendered for a request of nobody's, so that nothing of the first visitor can stay in it.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from palauteketju.intake.forms import FeedbackForm
from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import county_rules
from palauteketju.surveys.library import question_set

# About 20 kB each: a county of 300 units in three languages fits, and a bigger one keeps its busiest.
_KEPT = 1000
# Neither a mark nor a code can hold these characters, and no template writes them.
_CUT = "[[here]]"
CHANNELS = {"qr": Feedback.Channel.QR, "kiosk": Feedback.Channel.KIOSK}


@dataclass(frozen=True)
class Place:
    """All of a unit that its pages show: whatever changes in it makes new pages."""

    slug: str
    name_fi: str
    name_sv: str
    name_en: str
    area: str

    @classmethod
    def of(cls, unit: Unit) -> "Place":
        return cls(
            unit.slug, unit.name_fi, unit.name_sv, unit.name_en, unit.parent.slug if unit.parent else ""
        )

    def name(self, language: str) -> str:
        return {"sv": self.name_sv, "en": self.name_en}.get(language) or self.name_fi


@dataclass(frozen=True)
class Page:
    before: bytes
    after: bytes

    def with_word(self, word: str) -> bytes:
        return self.before + word.encode() + self.after


@lru_cache(maxsize=_KEPT)
def form_page(place: Place, *, language: str, channel: str, questions: str) -> Page:
    return _cut(
        "intake/give_feedback.html",
        form_context(place, language=language, channel=channel, questions=questions),
    )


def form_context(
    place: Place, *, language: str, channel: str, questions: str, data: QueryDict | None = None
) -> dict[str, Any]:
    """What the form's template takes; with `data`, the form as it was sent."""
    definition = question_set(questions)
    offers_answer = county_rules().allows_contact_request(channel)
    form = FeedbackForm(data, question_set=definition, language=language, offers_answer=offers_answer)
    return {
        "form": form,
        "place": place,
        "name": place.name(language),
        "channel": channel,
        "is_kiosk": channel == Feedback.Channel.KIOSK,
        "address": address(place, channel),
        "question_set": questions,
        "language": language,
        "nonce": _CUT,
        "request": _of_nobody(place, channel, language),
    }


@lru_cache(maxsize=_KEPT)
def thank_you_page(
    place: Place, *, language: str, channel: str, answer_by: date | None, needs_attention: bool, is_new: bool
) -> Page:
    context = {
        "place": place,
        "name": place.name(language),
        "language": language,
        "address": address(place, channel),
        "is_kiosk": channel == Feedback.Channel.KIOSK,
        "offers_answer": county_rules().allows_contact_request(channel),
        "answer_by": answer_by,
        "needs_attention": needs_attention,
        "is_new": is_new,
        "receipt": _CUT,
        # The code is nowhere else: a step to another language would leave it behind.
        "languages": [],
        "request": _of_nobody(place, channel, language),
    }
    return _cut("intake/thank_you.html", context)


def address(place: Place, channel: str) -> str:
    """The form's own address: the channel of a poster or a kiosk stays with it."""
    word = next((word for word, each in CHANNELS.items() if each == channel), None)
    return f"/p/{place.slug}/" + (f"?k={word}" if word else "")


def _cut(template: str, context: dict[str, Any]) -> Page:
    request = context.pop("request")
    with translation.override(context["language"]):
        before, after = render_to_string(template, context, request=request).split(_CUT)
    return Page(before.encode(), after.encode())


def _of_nobody(place: Place, channel: str, language: str) -> HttpRequest:
    request = HttpRequest()
    request.method = "GET"
    path, _, query = address(place, channel).partition("?")
    request.path = request.path_info = path
    request.GET = QueryDict(query)
    request.user = AnonymousUser()
    request.LANGUAGE_CODE = language
    return request
