"""What handlers and customers write in a case."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.cases.search import words_of
from palauteketju.handling.models import Case, Message, ReplyTemplate
from palauteketju.handling.replies.fields import places_left
from palauteketju.organisation.models import Unit
from palauteketju.privacy import receipts

LONGEST_MESSAGE = 5000
TOO_LONG = format_lazy(
    _("The text is too long. At most {most} characters fit."),
    most=lazy(number_format, str)(LONGEST_MESSAGE, force_grouping=True),
)


class PlainForm(forms.Form):
    """Errors in our own words instead of the browser's; ids of their own, since a page has several forms."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}_%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class WholeField(forms.CharField):
    """What is too long comes here whole and is said: with a maxlength the browser cuts what is pasted, without a word."""

    default_error_messages = {
        "max_length": _("The text is too long. At most %(limit_value)d characters fit."),
        "null_characters_not_allowed": _("Some characters cannot be read. Write them again."),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class MessageField(WholeField):
    """A text of several lines, whose ends browsers send in two ways."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str | None:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


def _text(
    label: Any, empty: Any, *, help_text: Any = "", rows: int = 6, required: bool = True
) -> MessageField:
    return MessageField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": empty, "max_length": TOO_LONG},
    )


def without_places(text: str) -> str:
    """The text, once every place in braces is filled. Raises ValidationError."""
    if left := places_left(text):
        raise ValidationError(
            _("Fill in or remove what stands in braces: %(places)s."), params={"places": ", ".join(left)}
        )
    return text


class ReplyForm(PlainForm):
    text = _text(_("What you want to say to the customer"), _("Write what you want to say to the customer."))
    # The key that leads here, for ui/static/ui/shortcuts.js.
    text.widget.attrs["data-key"] = "r"
    kind = forms.ChoiceField(
        label=_("What is this?"),
        choices=[
            (Message.Kind.CLARIFICATION.value, _("Ask for more. The clock keeps running.")),
            (Message.Kind.RESPONSE.value, _("Answer. This is the unit's answer to the feedback.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you ask for more or answer.")},
    )

    def clean_text(self) -> str:
        return without_places(self.cleaned_data["text"])


class RecordForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("What do you write down?"),
        choices=[
            (Message.Kind.NOTE.value, _("A note")),
            (Message.Kind.CALL.value, _("A phone call with the customer")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a note or a phone call.")},
    )
    text = _text(
        _("What was done or agreed"),
        _("Write what was done or agreed."),
        help_text=_("Only the unit's handlers see this."),
        rows=4,
    )


class CloseForm(PlainForm):
    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended.")},
    )
    done = _text(
        _("What was done"),
        _("Write what was done."),
        help_text=_("Only the unit's handlers see this. Needed when nothing has been written down before."),
        rows=4,
        required=False,
    )

    def __init__(self, *args: Any, outcomes: dict[Case.Outcome, bool], by_phone: bool, **kwargs: Any) -> None:
        """Each outcome with whether it still has to be written down what was done."""
        super().__init__(*args, **kwargs)
        self.unwritten = {outcome.value for outcome, needs_words in outcomes.items() if needs_words}
        labels = {Case.Outcome.ANSWERED: _("The customer has been answered on the phone")} if by_phone else {}
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(outcome.value, labels.get(outcome, outcome.label)) for outcome in outcomes]

    def clean_done(self) -> str:
        done = str(self.cleaned_data["done"])
        if not done and self.cleaned_data.get("outcome") in self.unwritten:
            raise ValidationError(_("Write what was done. Nothing has been written down yet."))
        return done


class ReceiptForm(PlainForm):
    # A code that is wrong comes back as it was typed, so that one digit can be mended.
    code = WholeField(
        label=_("Receipt code"),
        help_text=_(
            "Sixteen digits, for example 1234 5678 9012 3456. You got it when you gave the feedback."
        ),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Write your receipt code."),
            "max_length": _("A receipt code has sixteen digits. Check the code."),
        },
    )

    def clean_code(self) -> str:
        code = receipts.normalise(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(_("A receipt code has sixteen digits. Check the code."))
        return code


class CustomerMessageForm(PlainForm):
    text = _text(
        _("Your message to the unit"),
        _("Write your message."),
        help_text=_(
            "You need not give your name. Do not write personal identity codes or details of your health."
        ),
    )


class SearchForm(PlainForm):
    words = WholeField(
        label=_("Words of the feedback or of the case, or the number of a case"),
        help_text=_(
            "All the words must be found. The beginning of a word is enough. The search is recorded, its words are not."
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "autofocus": True}),
        error_messages={
            "required": _("Write at least three letters of a word."),
            "max_length": _("Write fewer words."),
        },
    )

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if not words_of(words):
            raise ValidationError(_("Write at least three letters of a word."))
        return words


class CloseManyForm(PlainForm):
    reason = _text(
        _("Why do they need nothing?"),
        _("Write why they need nothing."),
        help_text=_("It becomes a note in each of them. Only the unit's handlers see it."),
        rows=3,
    )


class ReplyTemplateForm(PlainForm):
    unit = forms.TypedChoiceField(
        label=_("For whom"),
        coerce=int,
        error_messages={"required": _("Choose the unit."), "invalid_choice": _("Choose the unit.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the customer"),
        choices=ReplyTemplate.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the language.")},
    )
    name = WholeField(
        label=_("Name in the list"),
        max_length=80,
        error_messages={
            "required": _("Write a name for the template."),
            "max_length": _("The name is too long. At most %(limit_value)d characters fit."),
        },
    )
    text = _text(
        _("Text"),
        _("Write the text."),
        help_text=_(
            "Fields are filled by themselves: {unit}, {deadline}, {arrival day}. Other words in braces, such as {what was done}, are places that the writer must fill."
        ),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(unit.pk, unit.name) for unit in units]
