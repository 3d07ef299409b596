"""Every staff page with a text field gives the text back when it refuses: a form without its mark loses what was typed."""

import ast
import inspect
import textwrap

from django import forms
from django.urls import get_resolver
from django.views.decorators.http import require_http_methods, require_safe

from palauteketju.handling.forms.theme_words import ThemeWordsForm
from palauteketju.intake.forms import KeyInForm
from palauteketju.organisation.audience import for_staff
from palauteketju.organisation.keeping_text import text_is_kept
from palauteketju.surveys.library import question_sets
from tests.architecture.test_every_view_has_an_audience import views_of

# Forms whose fields are made when the form is.
MADE = {
    ThemeWordsForm: lambda: ThemeWordsForm(shipped=[]),
    KeyInForm: lambda: KeyInForm(
        question_set=next(iter(question_sets().values())), language="fi", offers_answer=True
    ),
}


def takes_posts(view):
    """What `require_http_methods` allows stands in its closure; a view without it takes anything."""
    while view is not None:
        names = getattr(view, "__code__", None) and view.__code__.co_freevars
        if names and "request_method_list" in names:
            return "POST" in view.__closure__[names.index("request_method_list")].cell_contents
        view = getattr(view, "__wrapped__", None)
    return True


def named(node, function):
    """What a name, or a dotted one, in the function's body means."""
    found = function.__globals__.get(node.id) if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Attribute):
        found = getattr(named(node.value, function), node.attr, None)
    return found


def forms_of(function):
    """The forms that a view makes, itself or by a function to which it hands what was posted."""
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Call):
            called = named(node.func, function)
            if inspect.isclass(called) and issubclass(called, forms.BaseForm):
                yield called
            elif inspect.isfunction(called) and "POST" in ast.unparse(node).upper():
                yield from forms_of(called)


def text_fields(form):
    fields = MADE[form]().fields if form in MADE else form.base_fields
    return {name for name, field in fields.items() if isinstance(field.widget, forms.Textarea)}


def unmarked(views):
    return {
        address: missing
        for address, view in views
        if getattr(view, "audience", "") == "staff" and takes_posts(view)
        for form in forms_of(inspect.unwrap(view))
        if (missing := text_fields(form) - set(getattr(view, "kept_fields", ())))
    }


def test_every_text_field_of_staff_is_kept(db):
    assert unmarked(views_of(get_resolver().url_patterns)) == {}


def test_the_known_ones_are_looked_at(db):
    views = dict(views_of(get_resolver().url_patterns))
    looked_at = {
        address: {name for form in forms_of(inspect.unwrap(view)) for name in text_fields(form)}
        for address, view in views.items()
        if getattr(view, "audience", "") == "staff" and takes_posts(view)
    }
    assert looked_at["kirjaa/<str:code>/"] == {"text", "address"}
    assert looked_at["kasittely/<int:case_id>/sulje/"] == {"done"}
    assert looked_at["kasittely/<int:case_id>/jatka/"] == {"reason", "message"}
    assert looked_at["toimenpiteet/<int:measure_id>/muokkaa/"] == {"description"}
    assert looked_at["raportit/<str:code>/kokous/"] == {"note"}


class LetterForm(forms.Form):
    words = forms.CharField(widget=forms.Textarea)


def test_a_page_that_forgot_the_mark_would_be_found():
    @for_staff()
    @require_http_methods(["GET", "POST"])
    def write(request):
        return LetterForm(request.POST)

    @for_staff()
    @require_safe
    def read(request):
        return LetterForm()

    assert unmarked([("write/", write), ("read/", read)]) == {"write/": {"words"}}
    assert unmarked([("write/", text_is_kept("words")(write))]) == {}
