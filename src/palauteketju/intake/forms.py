"""The forms as they are shown. Their fields judge nothing: `submissions.read` alone decides what is right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.intake.submissions import KEYED_IN, tells_by_sms
from palauteketju.organisation.deadlines import arrival_of
from palauteketju.surveys.library import Question, QuestionSet

# Where the details of each way are written; the receipt needs none.
DETAILS = {
    ContactRequest.Way.EMAIL: "email",
    ContactRequest.Way.SMS: "mobile",
    ContactRequest.Way.PHONE: "phone",
    ContactRequest.Way.LETTER: "address",
}
# Whoever keys in is asked of the customer, not of themselves: the question, and those choices that speak as "I".
_OF_THE_CUSTOMER: dict[str, tuple[Any, dict[str, Any]]] = {
    "text": (_("The feedback in the customer's own words"), {}),
    "wants_answer": (_("Does the customer want an answer?"), {"no": _("No"), "yes": _("Yes")}),
    "way": (
        _("How does the customer want the answer?"),
        {ContactRequest.Way.RECEIPT.value: _("The customer reads it on this site with the receipt code")},
    ),
    "role": (_("Who gave the feedback?"), {}),
}
# Only a program fills this in: people do not see it.
TRAP = "website"


@dataclass(frozen=True)
class Asked:
    """One question as a page shows it."""

    field: forms.BoundField
    is_recommendation: bool
    low: str
    high: str


class FeedbackForm(forms.Form):
    """What a customer fills in. Field names are those of the API, but for the contact request."""

    def __init__(
        self, data: QueryDict | None = None, *, question_set: QuestionSet, language: str, offers_answer: bool
    ) -> None:
        super().__init__(data)
        self.question_set = question_set
        self.language = language
        self.offers_answer = offers_answer
        for question in question_set.questions:
            self.fields[f"answers.{question.id}"] = _question_field(question, question_set, language)
        # In the order of the page, which is that of the summary of errors too.
        self.fields |= _words_fields()
        if offers_answer:
            self.fields |= _answer_fields()
        self.fields |= _respondent_fields()
        self.fields[TRAP] = _text(
            _("Leave this empty"), widget=forms.TextInput(attrs={"tabindex": -1, "autocomplete": "off"})
        )

    def asked(self) -> Iterable[Asked]:
        for question in self.question_set.questions:
            is_recommendation = question.kind == "recommendation"
            low, high = question.low.get(self.language, ""), question.high.get(self.language, "")
            yield Asked(self[f"answers.{question.id}"], is_recommendation, low, high)

    def ways(self) -> Iterable[tuple[Any, forms.BoundField | None]]:
        """Each way of getting an answer with the field in which its details are written."""
        for choice in self["way"]:
            detail = DETAILS.get(choice.data["value"])
            yield choice, self[detail] if detail else None

    def tell(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong, each thing at its own field; what has none of its own is told on top."""
        for field, problem in problems.items():
            name = self._field_named(field)
            self.add_error(name if name in self.fields else None, problem)

    def _field_named(self, field: str) -> str:
        if field in {"contact", "contact.way"}:
            return "way"
        if field == "contact.value":
            return DETAILS.get(self.data.get("way", ""), "way")
        return "arrived_on" if field == "arrived_at" else field


class KeyInForm(FeedbackForm):
    """What staff write down for a customer: the same, and how, when and in which language it came."""

    def __init__(
        self, data: QueryDict | None = None, *, question_set: QuestionSet, language: str, offers_answer: bool
    ) -> None:
        super().__init__(data, question_set=question_set, language=language, offers_answer=offers_answer)
        channels = [choice for choice in Feedback.Channel.choices if choice[0] in KEYED_IN]
        self.fields["channel"] = _choice(_("How did the feedback come?"), channels)
        self.fields["language"] = _choice(_("In which language?"), settings.LANGUAGES)
        self.fields["arrived_on"] = _text(
            _("When was it received?"),
            help_text=_(
                "The day when the customer gave it. The deadline of an answer is counted from this day."
            ),
            widget=forms.DateInput(attrs={"type": "date"}),
        )
        self.fields["text"].help_text = _(
            "Leave out personal identity codes, whatever else tells who somebody is, and health details that are not needed, even if the customer gave them."
        )
        for name, (label, choices) in _OF_THE_CUSTOMER.items():
            if field := self.fields.get(name):
                field.label = label
                if isinstance(field.widget, forms.RadioSelect):
                    field.widget.choices = [
                        (value, choices.get(str(value), words)) for value, words in field.widget.choices
                    ]
        self.order_fields(["channel", "arrived_on", "language"])


def raw_from(posted: QueryDict, question_set: QuestionSet) -> dict[str, Any]:
    """A posted form in the shape that `submissions.read` takes."""
    return {
        "answers": {question.id: posted.get(f"answers.{question.id}") for question in question_set.questions},
        "text": posted.get("text"),
        "kind": posted.get("kind"),
        "role": posted.get("role"),
        "assisted": "assisted" in posted,
        "needs_attention": "needs_attention" in posted,
        "contact": _contact_from(posted),
    }


def _contact_from(posted: QueryDict) -> dict[str, str] | None:
    """Nothing when no answer is wanted, whatever was written before changing one's mind.

    Without a word of either, contact details alone say that an answer is wanted, and by which way.
    """
    wanted = posted.get("wants_answer", "")
    way = posted.get("way", "")
    filled = [each for each, name in DETAILS.items() if posted.get(name, "").strip()]
    if wanted == "no" or (not wanted and not way and not filled):
        return None
    if not way and len(filled) == 1:
        way = filled[0]
    return {"way": way, "value": posted.get(DETAILS.get(way, ""), "")}  # type: ignore[call-overload]  # any posted word


def arrival_from(posted: QueryDict, *, at: datetime) -> datetime | str | None:
    """The day when staff received it, or the present moment when that was today; anything odd as it was."""
    typed = posted.get("arrived_on", "")
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return typed or "?"
    if day == timezone.localdate(at):
        return at
    return arrival_of(day)


def _question_field(question: Question, question_set: QuestionSet, language: str) -> forms.Field:
    if question.kind == "recommendation":
        choices = [(value, value) for value in question.values]
    else:
        choices = [(choice.value, choice.text[language]) for choice in question_set.scale]
    return _choice(question.text[language], choices)


def _words_fields() -> dict[str, forms.Field]:
    return {
        "kind": _choice(_("What kind of feedback is this?"), Feedback.Kind.choices),
        "text": _text(
            _("Your feedback in your own words"),
            help_text=_("Do not write personal identity codes, or health details of yourself or others."),
            widget=forms.Textarea(attrs={"rows": 8}),
        ),
        "needs_attention": forms.BooleanField(
            required=False,
            label=_("This needs immediate attention"),
            help_text=_("The unit is told at once and acts without delay. In an emergency call 112."),
        ),
    }


def _respondent_fields() -> dict[str, forms.Field]:
    roles = [
        (Feedback.Respondent.CUSTOMER, _("A customer or a patient")),
        (Feedback.Respondent.CHILD, _("A child or a young person")),
        (Feedback.Respondent.RELATIVE, _("A family member or somebody close")),
    ]
    return {
        "role": _choice(_("Who is answering?"), roles),
        "assisted": forms.BooleanField(required=False, label=_("Somebody helped with the answers")),
    }


def _answer_fields() -> dict[str, forms.Field]:
    ways = [
        (ContactRequest.Way.RECEIPT, _("I read it on this site with the receipt code")),
        (ContactRequest.Way.EMAIL, _("By e-mail")),
        *([(ContactRequest.Way.SMS, _("By text message"))] if tells_by_sms() else []),
        (ContactRequest.Way.PHONE, _("By phone")),
        (ContactRequest.Way.LETTER, _("By letter")),
    ]
    return {
        "wants_answer": _choice(
            _("Do you want an answer?"), [("no", _("No, this is enough")), ("yes", _("Yes, answer me"))]
        ),
        "way": _choice(_("How do you want the answer?"), ways),
        "email": _text(
            _("E-mail address"),
            widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        ),
        "mobile": _text(
            _("Mobile phone number"), widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        ),
        "phone": _text(
            _("Phone number"), widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        ),
        "address": _text(
            _("Name and postal address"),
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        ),
    }


def _choice(label: Any, choices: Iterable[tuple[Any, Any]]) -> forms.Field:
    return forms.Field(required=False, label=label, widget=forms.RadioSelect(choices=list(choices)))


def _text(label: Any, *, widget: forms.Widget, help_text: Any = "") -> forms.Field:
    return forms.Field(required=False, label=label, help_text=help_text, widget=widget)
