"""What is asked beside the survey itself: a number to forbid, a visit to imitate."""

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from palauteketju.organisation.models import Unit
from palauteketju.organisation.phones import finnish_mobile

_LONGEST = 40


class ForbidSurveysForm(forms.Form):
    use_required_attribute = False

    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("A Finnish mobile phone number, such as 040 123 4567."),
        error_messages={"required": _("Write the phone number to which surveys may not be sent.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        """The number in its one spelling."""
        typed = " ".join(self.cleaned_data["phone"][:_LONGEST].split())
        number = finnish_mobile(typed)
        if number is None:
            raise forms.ValidationError(_("Check the phone number. It looks like this: 040 123 4567"))
        return number


class ImitateVisitForm(forms.Form):
    use_required_attribute = False

    language = forms.ChoiceField(label=_("Language of the message"), choices=settings.LANGUAGES)

    def __init__(self, data: QueryDict | None = None, *, units: list[Unit]) -> None:
        super().__init__(data)
        self.fields["unit"] = forms.ChoiceField(
            label=_("Unit"), choices=[(unit.code, unit.name) for unit in units]
        )
        self.order_fields(["unit", "language"])
