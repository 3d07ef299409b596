"""What a form of staff refuses it refuses in our own words, which say what to do; Django's say "This field is required."."""

import inspect
from datetime import date

from django import forms
from django.urls import get_resolver

from palauteketju.handling.prompting.times import wishes_of
from palauteketju.intake.forms import KeyInForm
from palauteketju.organisation.forms import PersonForm, RoleForm, SignInForm
from palauteketju.organisation.models import Unit
from tests.architecture.test_every_view_has_an_audience import views_of
from tests.architecture.test_what_was_written_comes_back import forms_of, takes_posts

# Read by intake.submissions, which has words of its own.
APART = {KeyInForm}
TODAY = date(2026, 11, 16)


def forms_of_staff():
    """Those that the views make; the one of signing in stands in a class of Django's."""
    made = {
        form
        for _address, view in views_of(get_resolver().url_patterns)
        if getattr(view, "audience", "") == "staff" and takes_posts(view)
        for form in forms_of(inspect.unwrap(view))
    }
    return (made | {SignInForm}) - APART


def as_first_shown(form, person):
    """Some fields are made when the form is."""
    given = {
        "by_phone": False,
        "days": (TODAY, TODAY),
        "feedback": None,
        "language": "fi",
        "outcomes": {},
        "person": person,
        "scopes": [],
        "shipped": [],
        "today": TODAY,
        "units": Unit.objects.none(),
        "wishes": wishes_of(None),
    }
    asked = {name for kind in form.__mro__ for name in inspect.signature(kind.__init__).parameters}
    return form(data=None, **{name: value for name, value in given.items() if name in asked})


def in_djangos_words(field):
    """The codes of what the field refuses that way."""
    shipped = [
        kind.__dict__.get("default_error_messages", {})
        for kind in type(field).__mro__
        if kind.__module__.startswith("django.")
    ]
    codes = {
        code
        for code, words in field.error_messages.items()
        if any(words is messages.get(code) for messages in shipped)
    }
    validators = [check for check in field.validators if type(check).__module__.startswith("django.")]
    codes |= {check.code for check in validators if check.code not in field.error_messages}
    return {code for code in codes if may_happen(field, code)}


def may_happen(field, code):
    """To somebody who fills in the page with a browser."""
    if code == "required":
        return field.required
    if code == "max_length":
        return "maxlength" not in field.widget.attrs
    return code not in {"invalid_choice", "invalid_list", "null_characters_not_allowed"}


def unworded(kinds, person):
    return {
        f"{kind.__name__}.{name}": codes
        for kind in kinds
        for name, field in as_first_shown(kind, person).fields.items()
        if (codes := in_djangos_words(field))
    }


def test_every_field_of_staff_refuses_in_our_words(people):
    assert unworded(forms_of_staff(), people.aino) == {}


def test_the_known_ones_are_looked_at(db):
    assert {SignInForm, PersonForm, RoleForm} < forms_of_staff()


def test_fields_without_words_would_be_found(people):
    class Bare(forms.Form):
        name = forms.CharField(max_length=3)
        day = forms.DateField(required=False)
        mail = forms.EmailField(error_messages={"required": "Write it."})
        kind = forms.ChoiceField(required=False)

    assert unworded([Bare], people.aino) == {
        "Bare.name": {"required"},
        "Bare.day": {"invalid"},
        "Bare.mail": {"invalid"},
    }
