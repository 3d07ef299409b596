"""/hallinta/saannot/: the word rules in force, what the county's own files change, and how right they were."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from palauteketju.handling.cases.day_lists import months_in_words
from palauteketju.handling.cases.labels import label
from palauteketju.handling.triage import rules_in_use, rules_shown
from palauteketju.handling.triage.rules_shown import Group
from palauteketju.handling.triage.themes import LABELS, BadThemes
from palauteketju.handling.triage.urgency import BadRules
from palauteketju.organisation.audience import StaffRequest, for_staff
from palauteketju.organisation.models import Role
from palauteketju.organisation.rules import county_rules

_URGENCY_COLUMNS = ("right", "false_alarm", "missed")
_THEME_COLUMNS = ("kept", "changed", "added", "taken")


@for_staff(Role.Kind.ADMINISTRATOR)
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    today, k = timezone.localdate(), county_rules().anonymity.k
    years = rules_shown.years_judged(today=today)
    asked = request.GET.get("vuosi", "")
    year = next((one for one in years if str(one) == asked), years[0])
    context = {
        "urgency": _urgency(),
        "themes": _themes(),
        "years": years,
        "year": year,
        "urgency_judged": _rows(rules_shown.urgency_judged(year, today=today, k=k), _URGENCY_COLUMNS),
        "urgency_head": [_("Months"), _("Judged"), _("Rightly marked"), _("False alarm"), _("Missed")],
        "themes_judged": _rows(rules_shown.themes_judged(year, today=today, k=k), _THEME_COLUMNS),
        "themes_head": [
            _("Months"),
            _("Corrected"),
            _("Main theme kept"),
            _("Another main theme"),
            _("No theme was found"),
            _("All themes taken away"),
        ],
        "k": k,
        "here": "rules",
    }
    return render(request, "handling/rules.html", context)


def _urgency() -> dict[str, Any]:
    try:
        rules = rules_in_use.urgency_rules()
    except BadRules as error:
        return {"broken": str(error)}
    own = rules_shown.own_rules(rules)
    return {
        "version": rules.version,
        "own": own,
        "added": [(rule.id, label(rule.kind)) for rule in own.added] if own else [],
        "head": [_("Reason"), _("Finnish"), _("Swedish"), _("English")],
        "rows": [[label(kind), *counts] for kind, counts in rules_shown.rules_by_kind(rules)],
    }


def _themes() -> dict[str, Any]:
    try:
        words = rules_in_use.theme_words()
    except BadThemes as error:
        return {"broken": str(error)}
    own = words.own_version is not None
    return {
        "version": words.version,
        "own_version": words.own_version,
        "head": [_("Theme"), _("Patterns"), *([_("Of the county's own words")] if own else [])],
        "rows": [
            [_link(code), n, *([f"{change:+d}" if change else "0"] if own else [])]
            for code, n, change in rules_shown.patterns_by_theme(words)
        ],
    }


def _link(code: str) -> str:
    return format_html('<a href="{}">{}</a>', reverse("handling:theme_words", args=[code]), LABELS[code])


def _rows(groups: list[Group], columns: tuple[str, ...]) -> list[list[str | int]]:
    return [
        [
            months_in_words(group.first, group.last),
            group.judged,
            *(group.counts[column] for column in columns),
        ]
        for group in reversed(groups)
    ]
