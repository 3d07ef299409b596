"""The unit's message to a customer on paper: the one place where an address and a text stand together."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from palauteketju.brand import documents
from palauteketju.handling.models import Message
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.look import county_brand

# What is said to a customer, who reads it on paper where a letter was asked for.
PRINTED: Final = (Message.Kind.CLARIFICATION, Message.Kind.RESPONSE, Message.Kind.EXTENSION)
_TEMPLATE: Final = Path(__file__).parent.parent / "templates" / "handling" / "letter.typ"


def letter_pdf(message: Message, *, address: str, language: str, at: datetime) -> bytes:
    """The letter in the customer's language, the address where a window envelope shows it. Nothing is stored."""
    return documents.render_pdf(_TEMPLATE, letter_data(message, address=address, language=language, at=at))


def letter_data(message: Message, *, address: str, language: str, at: datetime) -> dict[str, Any]:
    """Every word of the letter. The unit speaks, not one of its people."""
    case = message.case
    with translation.override(language):
        titles = {
            Message.Kind.CLARIFICATION: _("A question about your feedback"),
            Message.Kind.RESPONSE: _("Answer to your feedback"),
            Message.Kind.EXTENSION: _("The answer to your feedback takes longer"),
        }
        is_question = message.kind == Message.Kind.CLARIFICATION
        site = settings.PUBLIC_ADDRESS + reverse("handling:receipt")
        also = (
            _("Answer on our site with the receipt code you got when you gave the feedback: %(address)s")
            if is_question
            else _(
                "You can also read this on our site with the receipt code you got when you gave the feedback: %(address)s"
            )
        )
        return {
            "look": documents.look(county_brand(), language),
            "title": titles[Message.Kind(message.kind)],
            "address": [line.strip() for line in address.splitlines() if line.strip()],
            "day": day_in_words(at),
            "about": _("Your feedback of %(day)s") % {"day": day_in_words(case.arrived_at)},
            "unit": case.unit.name,
            "paragraphs": [part for part in message.text.split("\n") if part.strip()],
            "site": also % {"address": site},
        }
