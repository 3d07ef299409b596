"""/hallinta/saannot/: the word rules in force, what the county's own files change, and how right they were."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
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
    rows = rules_shown.patterns_by_theme(words)
    head = [_("Theme"), _("Patterns")]
    if words.own_version is None:
        return {"version": words.version, "head": head, "rows": [[LABELS[code], n] for code, n, _own in rows]}
    return {
        "version": words.version,
        "own_version": words.own_version,
        "head": [*head, _("Of the county's own file")],
        "rows": [[LABELS[code], n, f"{own:+d}" if own else "0"] for code, n, own in rows],
    }


def _rows(groups: list[Group], columns: tuple[str, ...]) -> list[list[str | int]]:
    return [
        [
            months_in_words(group.first, group.last),
            group.judged,
            *(group.counts[column] for column in columns),
        ]
        for group in reversed(groups)
    ]
