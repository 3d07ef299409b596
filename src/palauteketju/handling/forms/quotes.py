"""What a handler decides about a quote."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.excerpts import Review, review
from palauteketju.handling.forms.cases import MessageField, PlainForm
from palauteketju.handling.models import Quote
from palauteketju.intake.models import Feedback

LONGEST_QUOTE = 600


class QuoteForm(PlainForm):
    text = MessageField(
        label=_("The quote"),
        help_text=_(
            "Shorten it to what the work community should hear. Mask everything that could tell who somebody is: names, days, places, rare events."
        ),
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Leave some words to quote."),
            "max_length": _("The quote is too long. At most %(limit_value)d characters fit."),
        },
    )
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Quote.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the quote is."),
            "invalid_choice": _("Choose what the quote is."),
        },
    )
    checked = forms.BooleanField(
        label=_("I have checked these words, and the quote is right as it is"), required=False
    )

    def __init__(self, *args: Any, feedback: Feedback, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.feedback = feedback
        # What was seen in the text that was sent; None before that.
        self.review: Review | None = None

    @property
    def approved(self) -> dict[str, str]:
        return {"text": self.cleaned_data["text"], "kind": self.cleaned_data["kind"]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = cleaned.get("text")
        if not text:
            return cleaned
        self.review = review(text, original=self.feedback.text, language=self.feedback.language)
        if self.review.refused:
            words = ", ".join(self.review.refused)
            self.add_error("text", ValidationError(_("Mask this first: %(words)s"), params={"words": words}))
        elif not self.review.is_clean and not cleaned.get("checked"):
            self.add_error("checked", _("Mend the quote, or confirm that it is right as it is."))
        return cleaned
