"""Recording a measure, finishing it and sending it back."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palauteketju.improvement import subjects
from palauteketju.improvement.actions import Plan
from palauteketju.improvement.models import Measure
from palauteketju.organisation.models import Unit


def _day(label: Any, empty: Any, *, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        # Browsers without a calendar of their own show a text field.
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"required": empty, "invalid": _("Write the day like 8.12.2026.")},
    )


class MeasureForm(forms.Form):
    """What the work community decided. `units` are those the person may record in."""

    use_required_attribute = False

    unit = forms.ChoiceField(label=_("Unit"), error_messages={"required": _("Choose the unit.")})
    period_from = _day(_("Reports from"), _("Choose the first day."))
    period_to = _day(
        _("Reports to"),
        _("Choose the last day."),
        help_text=_("The days of the weekly reports that the measure rests on."),
    )
    about = forms.ChoiceField(label=_("What the feedback was about"), required=False)
    title = forms.CharField(
        label=_("What is done"),
        max_length=120,
        help_text=_("In one sentence, as you would tell it to a customer."),
        error_messages={"required": _("Tell in one sentence what is done.")},
    )
    description = forms.CharField(
        label=_("More about it"), max_length=1000, required=False, widget=forms.Textarea
    )
    responsible = forms.CharField(
        label=_("Who is responsible"),
        max_length=80,
        help_text=_("A role, such as ward manager. No names."),
        error_messages={"required": _("Tell who is responsible.")},
    )
    due = _day(_("Done by"), _("Choose the day by which it is done."))

    def __init__(self, *args: Any, units: list[Unit], today: date, **named: Any) -> None:
        super().__init__(*args, **named)
        self.today = today
        self.units = {unit.slug: unit for unit in units}
        self._choices("unit").choices = [(unit.slug, unit.name) for unit in units]
        self._choices("about").choices = [("", _("All feedback")), *subjects.choices()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and first > last:
            self.add_error("period_to", _("The period ends before it begins."))
        elif first and last and last - first > timedelta(days=366):
            self.add_error("period_from", _("The period is longer than a year."))
        if first and first > self.today:
            self.add_error("period_from", _("The period has not begun yet."))
        due = cleaned.get("due")
        if due and not self.today <= due <= self.today + timedelta(days=3 * 366):
            self.add_error("due", _("Choose a day from today on, within three years."))
        return cleaned

    def plan(self) -> Plan:
        """What was written; only after is_valid."""
        given = self.cleaned_data
        stream, theme = subjects.read(given["about"])
        return Plan(
            unit=self.units[given["unit"]],
            stream=stream,
            theme=theme,
            period_from=given["period_from"],
            period_to=given["period_to"],
            title=given["title"],
            description=given["description"],
            responsible=given["responsible"],
            due=given["due"],
        )

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker; both are, above
        return field


def as_written(measure: Measure) -> dict[str, Any]:
    """The form's content for mending a measure."""
    return {
        "unit": measure.unit.slug,
        "about": subjects.written(measure.stream, measure.theme),
        "period_from": measure.period_from,
        "period_to": measure.period_to,
        "title": measure.title,
        "description": measure.description,
        "responsible": measure.responsible,
        "due": measure.due,
    }


class CompleteForm(forms.Form):
    use_required_attribute = False

    effect = forms.CharField(
        label=_("What it changed"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("Communications reads this before it is public."),
        error_messages={"required": _("Tell what it changed, even if it was little.")},
    )


class ReturnForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=_("What has to be mended"),
        max_length=500,
        widget=forms.Textarea,
        help_text=_("The unit's handlers read this."),
        error_messages={"required": _("Tell what has to be mended.")},
    )


class ReviewForm(forms.Form):
    use_required_attribute = False

    note = forms.CharField(
        label=_("What was agreed on"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        help_text=_("Nothing about a single customer, and no names. Your unit and its managers read this."),
    )
