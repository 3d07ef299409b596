"""What a handler fills in when a case goes elsewhere or gets more time."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.forms.cases import (
    LONGEST_MESSAGE,
    TOO_LONG,
    MessageField,
    PlainForm,
    without_places,
)
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.models import Unit


def _words(label: Any, empty: Any, *, help_text: Any = "", rows: int = 4) -> MessageField:
    return MessageField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": empty, "max_length": TOO_LONG},
    )


class _ToUnitForm(PlainForm):
    """`units` in the order of areas; the form knows each by its slug."""

    unit = forms.ChoiceField(
        error_messages={"required": _("Choose the unit."), "invalid_choice": _("Choose the unit.")}
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.slug: unit for unit in units}
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            by_area = groupby(self.units.values(), key=lambda unit: unit.parent.name if unit.parent else "")
            areas = [(area, [(unit.slug, unit.name) for unit in units]) for area, units in by_area]
            field.choices = [("", _("Choose")), *areas]

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


class MoveForm(_ToUnitForm):
    reason = _words(
        _("Why it belongs there"),
        _("Write why the case belongs there."),
        help_text=_("The handlers of both units see this, the customer does not."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = _("To which unit")


class SplitForm(_ToUnitForm):
    about = _words(
        _("What the other case is about"),
        _("Write what the other case is about."),
        help_text=_("The handlers of both units see this, the customer does not."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = _("Which unit deals with it")


class LinkForm(PlainForm):
    other = forms.IntegerField(
        label=_("Number of the other case"),
        help_text=_("You see the number on the worklist and at the top of the case's page."),
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Write the number of the other case."),
            "invalid": _("A case number has only digits."),
            "min_value": _("A case number has only digits."),
            "max_value": _("You handle no case of that number."),
        },
    )


class ExtendForm(PlainForm):
    until = forms.DateField(
        label=_("New deadline"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"required": _("Choose the new day."), "invalid": _("Write the day like 8.12.2026.")},
    )
    reason = _words(
        _("Why more time is needed"),
        _("Write why more time is needed."),
        help_text=_("Only the unit's handlers see this."),
    )
    message = _words(
        _("Message to the customer"),
        _("Write to the customer why the answer takes longer."),
        help_text=_("Say why the answer takes longer and when it comes."),
        rows=6,
    )

    def __init__(self, *args: Any, days: tuple[date, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = {"first": day_in_words(days[0]), "last": day_in_words(days[1])}
        self.fields["until"].help_text = _("From %(first)s to %(last)s.") % self.days

    def clean_message(self) -> str:
        return without_places(self.cleaned_data["message"])

    def refuse_day(self) -> None:
        self.add_error("until", _("Choose a day from %(first)s to %(last)s.") % self.days)


class RedirectForm(PlainForm):
    text = _words(
        _("What the customer is told"),
        _("Write what the customer is told."),
        help_text=_("This is the unit's answer. You may change every word."),
        rows=12,
    )

    def clean_text(self) -> str:
        return without_places(self.cleaned_data["text"])


class PrintForm(PlainForm):
    with_contact = forms.BooleanField(label=_("Print the contact details too"), required=False)
