"""The forms of signing in and of administration."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palauteketju.organisation.models import Integration, Person, Role, Unit, UnitQuerySet
from palauteketju.organisation.queries import by_areas, must_wait


class SignInForm(AuthenticationForm):
    """A name that has had too many wrong passwords waits, whether it is somebody's or nobody's."""

    use_required_attribute = False
    error_messages = {"invalid_login": _("The user name or the password is wrong. Check them and try again.")}
    # What went wrong, for the trace: "wrong", "wait" or "no_role".
    failure = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")
        self.fields["username"].error_messages["required"] = _("Write your user name.")
        self.fields["password"].error_messages["required"] = _("Write your password.")
        self.fields["username"].widget.attrs.pop("autofocus", None)

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if username and must_wait(username, at=timezone.now()):
            self.failure = "wait"
            raise ValidationError(_("Too many wrong passwords. Wait 15 minutes and try again."))
        return super().clean()

    def get_invalid_login_error(self) -> ValidationError:
        self.failure = "wrong"
        return super().get_invalid_login_error()

    def confirm_login_allowed(self, user: Person) -> None:
        super().confirm_login_allowed(user)
        if not Role.objects.filter(person_id=user.pk).exists():
            self.failure = "no_role"
            raise ValidationError(
                _("You have no role yet, so there is nothing to show you. Ask the administrator for one.")
            )


class PasswordForm(forms.Form):
    use_required_attribute = False
    current = forms.CharField(
        label=_("Your present password"),
        error_messages={"required": _("Write your present password.")},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("The new password"),
        error_messages={"required": _("Write the new password.")},
        strip=False,
        help_text=_("At least 12 characters. Several words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.person.check_password(current):
            raise ValidationError(_("This is not your present password."))
        return current

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        if new == self.cleaned_data.get("current"):
            raise ValidationError(_("This is your present password. Choose another one."))
        return new


class PersonForm(forms.Form):
    """Somebody new. The first password is made by the program and shown once."""

    use_required_attribute = False
    first_name = forms.CharField(
        label=_("First name"), max_length=150, error_messages={"required": _("Write the first name.")}
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, error_messages={"required": _("Write the last name.")}
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Prompts and reminders are sent here."),
        error_messages={
            "required": _("Write the e-mail address."),
            "invalid": _("Check the e-mail address. It looks like this: name@example.fi"),
        },
    )
    username = forms.CharField(
        label=_("User name"),
        error_messages={
            "required": _("Write the user name."),
            "invalid": _("Write only letters, digits and the characters @ . + - _, without spaces."),
        },
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Letters, digits and the characters @ . + - _"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        # Two names that differ only by a capital would be mistaken for each other.
        if Person.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Somebody has this user name already."))
        return username


class _ByAreas(ModelChoiceIterator):  # type: ignore[type-arg]  # generic for the type checker only
    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        for unit in by_areas(self.queryset):
            yield self.choice(unit)


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # as above
    """County, areas and units of an administrator, those of an area under it."""

    iterator = _ByAreas

    def label_from_instance(self, obj: Any) -> str:
        indent = {Unit.Kind.COUNTY: "", Unit.Kind.AREA: "– ", Unit.Kind.UNIT: "– – "}[Unit.Kind(obj.kind)]
        return f"{indent}{obj.name}"


def _places(units: UnitQuerySet, label: Any) -> UnitChoice:
    return UnitChoice(
        queryset=units,
        label=label,
        empty_label=_("Choose"),
        error_messages={"required": _("Choose a unit or an area.")},
    )


class RoleForm(forms.Form):
    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("Choose")), *Role.Kind.choices],
        error_messages={"required": _("Choose a role.")},
    )

    def __init__(self, *args: Any, units: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _places(units, _("Where"))


class IntegrationForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(
        label=_("Name of the system"),
        max_length=80,
        error_messages={"required": _("Write the name of the system.")},
    )
    right = forms.ChoiceField(
        label=_("What it may do"),
        choices=[("", _("Choose")), *Integration.Right.choices],
        error_messages={"required": _("Choose what the system may do.")},
    )

    def __init__(self, *args: Any, units: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _places(units, _("In which units"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Integration.objects.filter(name=name).exists():
            raise ValidationError(_("Another system has this name already."))
        return name
