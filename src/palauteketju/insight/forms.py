"""Choosing the reports whose link one wants by e-mail."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palauteketju.organisation.models import Unit


class OrderForm(forms.Form):
    """`scopes` are those the person may order."""

    use_required_attribute = False

    scopes = forms.MultipleChoiceField(
        label=_("Send me the link to the weekly report of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, scopes: Sequence[Unit], **named: Any) -> None:
        super().__init__(*args, **named)
        self.offered = {str(scope.pk): scope for scope in scopes}
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker; it is, above
        field.choices = [(key, scope.name) for key, scope in self.offered.items()]

    def chosen(self) -> list[Unit]:
        """Only after is_valid."""
        return [self.offered[key] for key in self.cleaned_data["scopes"]]
