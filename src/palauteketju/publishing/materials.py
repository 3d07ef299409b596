"""What units tell their customers with: posters, cards, addresses and ready-made texts."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palauteketju.brand import documents
from palauteketju.insight import wording
from palauteketju.insight.handover import public_figures
from palauteketju.organisation.look import county_brand
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import county_rules
from palauteketju.publishing.results_page import days_of, likely_to_recommend

_TEMPLATES = Path(__file__).parent / "templates" / "publishing"
POSTER, CARD = _TEMPLATES / "poster.typ", _TEMPLATES / "card.typ"


def form_address(scope: Unit, *, from_poster: bool = False) -> str:
    """Where feedback on it is given, as a customer types or scans it; a poster's visitors are counted as such."""
    if scope.kind == Unit.Kind.COUNTY:
        return f"{settings.PUBLIC_ADDRESS}/"
    if scope.kind == Unit.Kind.AREA:
        return f"{settings.PUBLIC_ADDRESS}/?alue={scope.slug}"
    return f"{settings.PUBLIC_ADDRESS}/p/{scope.slug}/" + ("?k=qr" if from_poster else "")


def results_address(scope: Unit) -> str:
    return f"{settings.PUBLIC_ADDRESS}/tulokset/" + (
        "" if scope.kind == Unit.Kind.COUNTY else f"{scope.slug}/"
    )


def poster(scope: Unit, *, language: str) -> bytes:
    """An A4 to hang on a wall, as a PDF/UA-1 document."""
    return documents.render_pdf(POSTER, poster_data(scope, language=language))


def poster_data(scope: Unit, *, language: str) -> dict[str, Any]:
    with translation.override(language):
        address = form_address(scope, from_poster=True)
        readable = form_address(scope).removeprefix("https://").removeprefix("http://").rstrip("/")
        return {
            "look": documents.look(county_brand(), language),
            "title": _("Feedback poster: %(name)s") % {"name": scope.name},
            "name": "" if scope.kind == Unit.Kind.COUNTY else scope.name,
            "heading": _("How did it go?"),
            "lead": _("Tell us. Your feedback makes the service better."),
            "code": qr_code(address),
            "code_text": _("QR code that leads to the feedback form: %(address)s") % {"address": address},
            "how": _("Point your phone's camera at the code"),
            "or": _("or write in the browser:"),
            "address": readable,
            "facts": [
                _("It takes about two minutes."),
                _("You may answer without giving your name."),
                _("If you want an answer, leave your contact details."),
            ],
            "emergency": _("In an emergency call 112."),
        }


def qr_code(address: str) -> str:
    """As SVG text, with the quiet zone it needs; a quarter of it may be worn off."""
    drawn = io.BytesIO()
    segno.make(address, error="q", micro=False).save(
        drawn, kind="svg", border=4, xmldecl=False, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()


@dataclass(frozen=True, slots=True)
class Card:
    """A social-media card in words; `alt` says all that the picture says."""

    headline: str
    figure: str
    text: str
    name: str
    address: str

    @property
    def alt(self) -> str:
        return " ".join(
            part for part in (f"{self.name}.", self.figure, self.headline, self.text, self.address) if part
        )


def card_of(scope: Unit, *, language: str) -> Card:
    """With the public figure where there is one, else an invitation to give feedback. Reads the figures: three queries.

    The figure is that of twelve months: a card lives long, and of a dozen answers it would say more than they know.
    """
    found = next(
        (each for each in public_figures(scope.code) if each.measure == "nps" and each.year.value), None
    )
    with translation.override(language):
        readable = results_address(scope).removeprefix("https://").removeprefix("http://").rstrip("/")
        if found is None:
            form = form_address(scope).removeprefix("https://").removeprefix("http://").rstrip("/")
            return Card(
                _("How did it go?"),
                "",
                _("Tell us. Your feedback makes the service better."),
                scope.name,
                form,
            )
        facts = {"answers": wording.answers(found.year.n), "days": days_of(found.year)}
        return Card(
            _("of those who answered would be very likely to recommend us to someone close to them."),
            wording.percent(likely_to_recommend(found.year.counts)),
            _("%(answers)s, gathered %(days)s.") % facts,
            scope.name,
            readable,
        )


def card_picture(scope: Unit, *, language: str) -> bytes:
    """A PNG of 1200 × 630 px."""
    card = card_of(scope, language=language)
    data = {
        "look": documents.look(county_brand(), language),
        "headline": card.headline,
        "figure": card.figure,
        "text": card.text,
        "name": card.name,
        "address": card.address,
    }
    return documents.render_png(CARD, data, ppi=144)


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A text to copy; `where` says in which channel it is used."""

    where: str
    text: str


# Where a text is used, and the text, as short as its channel wants it.
_READY = (
    (
        gettext_lazy("Face to face, at the end of a visit"),
        gettext_lazy(
            "How did this go for you? You can give feedback with the code on the wall or on the web, also without your name. We go through all feedback every week."
        ),
    ),
    (
        gettext_lazy("On the web pages and the intranet"),
        gettext_lazy(
            "Give feedback on %(name)s: %(form)s. You may answer without your name. If you leave your contact details, you will get an answer within %(days)s days. See what others have said and what it has changed: %(results)s"
        ),
    ),
    (
        gettext_lazy("In a letter or an appointment notice"),
        gettext_lazy(
            "We would like to know how your visit went. Give feedback at %(form)s. Other ways to give feedback: %(channels)s"
        ),
    ),
    (
        gettext_lazy("In social media"),
        gettext_lazy(
            "What do customers say of us, and what have we done about it? Look and tell your own: %(results)s"
        ),
    ),
    (
        gettext_lazy("On the phone"),
        gettext_lazy(
            "If you want to give feedback on this call or on your visit, I can write it down for you right now, or you can give it yourself at %(form)s."
        ),
    ),
)


def ready_texts(scope: Unit) -> Sequence[ReadyText]:
    """In the active language."""
    facts = {
        "name": scope.name,
        "form": form_address(scope),
        "results": results_address(scope),
        "channels": f"{settings.PUBLIC_ADDRESS}/palautekanavat/",
        "days": county_rules().deadlines.contact_days,
    }
    return [ReadyText(str(where), str(text) % facts) for where, text in _READY]
