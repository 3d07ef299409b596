"""The word rules as the administrator sees them: which are in force, what the county's own file changes, and how right they were.

Not a word of a feedback is read. How right they were is told in groups of at least k judgements of whole months, counted from the first month of each
year, so that no two tables differ by fewer; what is left at the end of a year is told nowhere.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from django.db import connection

from palauteketju.handling.models import ThemeCorrection, UrgencyReview
from palauteketju.handling.triage import themes, urgency
from palauteketju.organisation.days import day_of

# Of each judgement of a year: its month, and how the rules had marked what a handler found urgent or not. Where a later
# message made it urgent, they missed nothing in the feedback.
_URGENCY: Final = """
SELECT date_trunc('month', r.at AT TIME ZONE 'Europe/Helsinki')::date,
       CASE WHEN NOT t.marked THEN 'missed' WHEN r.is_urgent THEN 'right' ELSE 'false_alarm' END,
       count(*)
FROM handling_urgencyreview r
JOIN (
    SELECT feedback_id, jsonb_array_length(reasons - %(not_rules)s::text[]) > 0 AS marked FROM handling_triage
) t ON t.feedback_id = r.feedback_id
WHERE date_part('year', r.at AT TIME ZONE 'Europe/Helsinki') = %(year)s AND (t.marked OR r.is_urgent AND NOT EXISTS (
    SELECT FROM handling_case c WHERE c.feedback_id = r.feedback_id AND c.why ? %(later)s
))
GROUP BY 1, 2
ORDER BY 1
"""
# Of each correction of a year: what it did to the theme that counts.
_THEMES: Final = """
SELECT date_trunc('month', c.at AT TIME ZONE 'Europe/Helsinki')::date,
       CASE WHEN c.themes->>0 IS NOT DISTINCT FROM t.themes->>0 THEN 'kept'
            WHEN t.themes->>0 IS NULL THEN 'added'
            WHEN c.themes->>0 IS NULL THEN 'taken' ELSE 'changed' END,
       count(*)
FROM handling_themecorrection c JOIN handling_triage t ON t.feedback_id = c.feedback_id
WHERE date_part('year', c.at AT TIME ZONE 'Europe/Helsinki') = %(year)s
GROUP BY 1, 2
ORDER BY 1
"""
# The customer's own word and rules that could not run are no findings of the rules.
_NOT_RULES: Final = [urgency.CUSTOMER_SAID, urgency.RULES_FAILED]


@dataclass(frozen=True)
class OwnRules:
    """What the county's own file does to the program's rules; each rule by its id."""

    version: int
    added: list[urgency.Rule]
    removed: list[str]
    excepted: list[str]


@dataclass(frozen=True)
class Group:
    """At least k judgements of whole months, by what came out."""

    first: date
    last: date
    counts: Counter[str]

    @property
    def judged(self) -> int:
        return self.counts.total()


def rules_by_kind(rules: urgency.Rules) -> list[tuple[str, list[int]]]:
    """How many rules there are of each kind, in the order of `urgency.LANGUAGES`; the kinds that have none are left out."""
    counts = Counter((rule.kind, rule.language) for rule in rules.rules)
    rows = [(kind, [counts[kind, language] for language in urgency.LANGUAGES]) for kind in urgency.KINDS]
    return [(kind, row) for kind, row in rows if any(row)]


def own_rules(rules: urgency.Rules) -> OwnRules | None:
    """None where the county has no file of its own."""
    if rules.own_version is None:
        return None
    shipped, used = _shipped_rules(), {rule.id: rule for rule in rules.rules}
    return OwnRules(
        rules.own_version,
        added=[rule for name, rule in used.items() if name not in shipped],
        removed=[name for name in shipped if name not in used],
        excepted=[
            name
            for name, rule in shipped.items()
            if name in used and used[name].exceptions != rule.exceptions
        ],
    )


def patterns_by_theme(words: themes.Themes) -> list[tuple[str, int, int]]:
    """Each theme with the number of its patterns, and how many more or fewer than the program's own that is."""
    shipped = _shipped_patterns()
    return [(code, len(patterns), len(patterns) - shipped[code]) for code, patterns in words.patterns.items()]


def years_judged(*, today: date) -> list[int]:
    """The years in which somebody has judged anything, the newest first; this one is always among them."""
    firsts = [
        model.objects.order_by("at").values_list("at", flat=True).first()
        for model in (UrgencyReview, ThemeCorrection)
    ]
    first = min((day_of(at).year for at in firsts if at), default=today.year)
    return list(range(today.year, first - 1, -1))


def urgency_judged(year: int, *, today: date, k: int) -> list[Group]:
    """Groups of "right", "false_alarm" and "missed": feedback that nobody judged is in none of them."""
    return list(_in_groups(_rows(_URGENCY, year), today=today, k=k))


def themes_judged(year: int, *, today: date, k: int) -> list[Group]:
    """Groups of corrected feedback: the counting theme was "kept", "changed", "added" where none was found, or "taken" away."""
    return list(_in_groups(_rows(_THEMES, year), today=today, k=k))


def _rows(query: str, year: int) -> list[tuple[date, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"year": year, "not_rules": _NOT_RULES, "later": urgency.WRITTEN_LATER})
        return [(month, what, n) for month, what, n in cursor.fetchall()]


def _in_groups(rows: Iterable[tuple[date, str, int]], *, today: date, k: int) -> Iterator[Group]:
    """Months that have ended, in their order, joined until they have k."""
    months: dict[date, Counter[str]] = {}
    for month, what, n in rows:
        if month < today.replace(day=1):
            months.setdefault(month, Counter())[what] += n
    first, counts = None, Counter[str]()
    for month, found in months.items():
        first = first or month
        counts += found
        if counts.total() >= k:
            yield Group(first, month, counts)
            first, counts = None, Counter()


@cache
def _shipped_rules() -> dict[str, urgency.Rule]:
    return {rule.id: rule for rule in urgency.load_rules().rules}


@cache
def _shipped_patterns() -> dict[str, int]:
    return {code: len(patterns) for code, patterns in themes.load_themes().patterns.items()}
