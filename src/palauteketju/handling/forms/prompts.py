"""The forms around prompts: one's own settings and absences, the chat channels, and whether the answer helped."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.errors import AddressNotAllowed
from palauteketju.handling.forms.cases import PlainForm, WholeField
from palauteketju.handling.models import ChatChannel, FollowUp, PromptSettings
from palauteketju.handling.prompting.chat import LONGEST_ADDRESS, check_address
from palauteketju.handling.prompting.times import Wishes
from palauteketju.organisation.absences import possible_days, possible_substitutes
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.forms import UnitChoice
from palauteketju.organisation.models import Person, UnitQuerySet
from palauteketju.organisation.rules import county_rules

_WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)
_CHOOSE_ONE = {"required": _("Choose one.")}


class PromptSettingsForm(PlainForm):
    urgent = forms.ChoiceField(
        label=_("Urgent feedback"), widget=forms.RadioSelect, error_messages=_CHOOSE_ONE
    )
    others = forms.ChoiceField(
        label=_("Other feedback"), widget=forms.RadioSelect, error_messages=_CHOOSE_ONE
    )
    digest_hour = forms.TypedChoiceField(
        label=_("When the one e-mail a day comes"),
        coerce=int,
        help_text=_(
            "The list of late feedback comes at the same time on every working day, whatever you choose here."
        ),
        error_messages={"required": _("Choose the time.")},
    )
    digest_weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the e-mails"),
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose the language.")},
    )

    def __init__(self, data: Any, *, wishes: Wishes, language: str) -> None:
        """Only what the county allows is offered; `wishes` is what holds now."""
        initial = {
            "urgent": wishes.urgent,
            "others": wishes.others,
            "digest_hour": wishes.digest_hour,
            "digest_weekdays": list(wishes.digest_weekdays),
            "language": language,
        }
        super().__init__(data, initial=initial)
        allowed = county_rules().prompts
        self._offer("urgent", [one for one in PromptSettings.Urgent.choices if one[0] in allowed.urgent])
        self._offer("others", [one for one in PromptSettings.Others.choices if one[0] in allowed.others])
        self._offer("digest_hour", [(hour, f"{hour}.00") for hour in sorted(allowed.digest_hours)])
        self._offer("digest_weekdays", [one for one in _WEEKDAYS if one[0] in allowed.digest_weekdays])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class SubstituteChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """Without anybody, nobody is prompted in the person's place."""


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        # Browsers without a calendar of their own show a text field.
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "required": _("Write the day, for example 1.7.2026."),
            "invalid": _("Write the day, for example 1.7.2026."),
        },
    )


class AbsenceForm(PlainForm):
    first_day = _day(_("First day away"))
    last_day = _day(_("Last day away"))

    def __init__(self, data: Any, *, person: Person, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["substitute"] = SubstituteChoice(
            queryset=possible_substitutes(person),
            label=_("Who is prompted instead"),
            required=False,
            empty_label=_("Nobody in particular"),
            help_text=_(
                "A substitute gets no new rights. So you can choose only people who have the same role, and they are"
                " prompted only of the units they have it in."
            ),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day cannot be before the first one."))
        elif last and last < self.today:
            self.add_error("last_day", _("These days are past already."))
        else:
            self._refuse_days_years_away(first, last)
        return given

    def _refuse_days_years_away(self, first: date | None, last: date | None) -> None:
        earliest, latest = possible_days(self.today)
        if first and first < earliest:
            told = _("More than a year back cannot be marked. Write %(day)s or a later day.")
            self.add_error("first_day", told % {"day": day_in_words(earliest)})
        if last and last > latest:
            told = _("More than two years ahead cannot be marked. Write %(day)s or an earlier day.")
            self.add_error("last_day", told % {"day": day_in_words(latest)})


class ChatChannelForm(PlainForm):
    format = forms.ChoiceField(
        label=_("Which chat"),
        choices=[("", _("Choose")), *ChatChannel.Format.choices],
        error_messages={"required": _("Choose which chat it is.")},
    )
    address = WholeField(
        label=_("The webhook's address"),
        max_length=LONGEST_ADDRESS,
        help_text=_("It begins with https://. It is stored sealed and never shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Write the webhook's address. You get it from the chat."),
            "max_length": _("The address is too long. Copy it anew from the chat."),
        },
    )
    only_urgent = forms.BooleanField(label=_("Only urgent feedback"), required=False)

    def __init__(self, data: Any, *, units: UnitQuerySet) -> None:
        super().__init__(data)
        self.fields["unit"] = UnitChoice(
            queryset=units,
            label=_("Of which unit"),
            empty_label=_("Choose"),
            help_text=_("An area's channel is used by those of its units that have none of their own."),
            error_messages={"required": _("Choose a unit or an area.")},
        )
        self.order_fields(["unit", "format", "address", "only_urgent"])

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            check_address(address, anywhere=not settings.IS_PRODUCTION)
        except AddressNotAllowed:
            raise ValidationError(
                _("The address must begin with https:// and lead to a service on the open internet.")
            ) from None
        return address


class HelpedForm(PlainForm):
    helped = forms.ChoiceField(
        label=_("Did the answer help?"),
        choices=FollowUp.Helped.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Counted in the unit's figures together with what others say. Nobody contacts you about it."
        ),
        error_messages=_CHOOSE_ONE,
    )
