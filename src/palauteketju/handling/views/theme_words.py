"""/hallinta/saannot/aiheet/<theme>/: the county's own words of a theme, with their effect before they are saved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from palauteketju.handling.actions import theme_words as actions
from palauteketju.handling.errors import WordsChangedMeanwhile
from palauteketju.handling.forms.theme_words import ThemeWordsForm
from palauteketju.handling.triage import rules_in_use, theme_trial, themes
from palauteketju.handling.triage.themes import LABELS, LANGUAGES, BadThemes
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.keeping_text import text_is_kept
from palauteketju.organisation.models import Role

MOST_SHOWN = 20


@text_is_kept("fi", "sv", "en", "remove", "unless", "sample")
@for_staff(Role.Kind.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, code: str) -> HttpResponse:
    if code not in LABELS:
        raise Http404
    shipped, own = themes.shipped_patterns(code), _own()
    data = request.POST if request.method == "POST" else None
    form = ThemeWordsForm(data, shipped=shipped, initial=_as_lines(own, code))
    context = {"form": form, "theme": LABELS[code], "shipped": shipped, "version": own.version if own else 0}
    if form.is_valid():
        if request.POST.get("step") == "save" and _is_saved(request, form, code):
            messages.success(
                request, _("The words are in use. What was read with the earlier words stays as it was.")
            )
            return redirect("handling:rules")
        context |= _effect_of(form, code)
    context["here"] = "rules"
    return render(request, "handling/theme_words.html", context, status=422 if form.errors else 200)


def _own() -> themes.OwnWords | None:
    try:
        return rules_in_use.own_theme_words()
    except BadThemes:
        # The county's file is broken, and the page of rules says so: what is saved here comes in its place.
        return None


def _as_lines(own: themes.OwnWords | None, code: str) -> dict[str, str]:
    entries = own.entries if own else []
    entry: dict[str, list[str]] = next((entry for entry in entries if entry.get("code") == code), {})
    return {name: "\n".join(entry.get(name, [])) for name in (*LANGUAGES, "remove", "unless")}


def _is_saved(request: StaffRequest, form: ThemeWordsForm, code: str) -> bool:
    began_from = request.POST.get("version", "")
    try:
        actions.save_words(
            code,
            form.patterns(),
            instead_of=int(began_from) if began_from.isdecimal() and len(began_from) < 9 else 0,
            by=request.user,
            at=timezone.now(),
        )
    except WordsChangedMeanwhile:
        text = _("Somebody else has saved other words meanwhile. Look at the effect again, and save then.")
        form.add_error(None, text)
    except BadThemes:
        form.add_error(None, _("A theme must have at least one word left."))
    return not form.errors


def _effect_of(form: ThemeWordsForm, code: str) -> dict[str, Any]:
    try:
        tried = themes.load_themes(own=actions.changed_words(code, form.patterns()))
    except BadThemes:
        form.add_error(None, _("A theme must have at least one word left."))
        return {}
    looked_at, moves = theme_trial.moved_quotes(tried)
    rows = [[move.text, _name(move.now), _name(move.then)] for move in moves[:MOST_SHOWN]]
    sample = form.cleaned_data["sample"]
    return {
        "is_tried": True,
        "looked_at": looked_at,
        "moved": len(moves),
        "head": [_("Quote"), _("Theme now"), _("Theme then")],
        "rows": rows,
        "sample_theme": _name(theme_trial.main_theme(sample, tried)) if sample else "",
    }


def _name(code: str) -> str:
    return _("none") if code == theme_trial.NONE else str(LABELS[code])
