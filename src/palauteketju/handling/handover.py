"""What later steps and the clock may ask of handling: numbers and ids, and no words but approved quotes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, models

from palauteketju.handling import actions, proof, queries
from palauteketju.handling.access import cases_for
from palauteketju.handling.models import Case, Quote
from palauteketju.handling.prompting.shown import unseen_by
from palauteketju.handling.proof import Times
from palauteketju.intake.handover import Count, windows
from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Person, Unit

__all__ = ["Times"]

# A feedback counts once, under the theme it speaks of most: were it counted under each, a few talkative customers could
# make up a whole block of "answers". The window is open at its start, so consecutive windows miss and repeat nothing.
# It is a window of triages: a handler's correction decides under which theme, never when or how often.
_THEME_COUNTS = """
SELECT u.code, 'theme', coalesce(c.themes, t.themes)->>0, count(*), max(f.promised_k), max(f.promised_public_k)
FROM handling_triage t
LEFT JOIN handling_themecorrection c ON c.feedback_id = t.feedback_id
JOIN intake_feedback f ON f.id = t.feedback_id
JOIN organisation_unit u ON u.id = f.unit_id
WHERE t.at > %s AND t.at <= %s AND jsonb_array_length(coalesce(c.themes, t.themes)) > 0
GROUP BY 1, 3
ORDER BY 1, 3
"""
# Where a window of so many verdicts ends.
_TRIAGED = "SELECT at FROM handling_triage WHERE at > %s AND at <= %s ORDER BY at OFFSET %s LIMIT 1"

# Where one person handles alone, the unit's figure would rate that person: it counts in the area's instead.
_HELPED_COUNTS = """
WITH handlers AS (
    SELECT u.id, count(DISTINCT r.person_id) AS n
    FROM organisation_unit u
    LEFT JOIN organisation_unit a ON a.id = u.parent_id
    LEFT JOIN organisation_role r ON r.kind = 'handler' AND r.unit_id IN (u.id, a.id, a.parent_id)
    GROUP BY 1
)
SELECT coalesce(CASE WHEN h.n > 1 THEN u.code END, a.code, u.code), 'helped', f.helped, count(*), max(i.promised_k), max(i.promised_public_k)
FROM handling_followup f
JOIN intake_feedback i ON i.id = f.feedback_id
JOIN organisation_unit u ON u.id = f.unit_id
JOIN handlers h ON h.id = u.id
LEFT JOIN organisation_unit a ON a.id = u.parent_id
WHERE f.helped_at > %s AND f.helped_at <= %s
GROUP BY 1, 3
ORDER BY 1, 3
"""


@dataclass(frozen=True, slots=True)
class ApprovedQuote:
    """All that the reports learn of a quote. `unit` is a code."""

    unit: str
    kind: str
    text: str


def open_case_count(person: Person) -> int:
    """How many cases of the person's units are open."""
    return cases_for(person).open().count()


def busiest_unit() -> Unit | None:
    """The unit with the most open cases; None while there is none."""
    most = (
        Case.objects.open()
        .values("unit")
        .annotate(cases=models.Count("pk"))
        .order_by("-cases", "unit")
        .first()
    )
    return Unit.objects.select_related("parent").get(pk=most["unit"]) if most else None


def response_times(scope: Unit, *, first: date, last: date) -> Times | None:
    """How long cases of a unit, an area or the county took, from the trail, in whole groups of at least k cases (proof.py).

    Of the groups closed for the months from `first` to `last`; None where there is none yet.
    """
    return proof.response_times(scope, first=first, last=last)


def untriaged(*, recorded_before: datetime) -> list[int]:
    """Feedback whose road nobody has decided although it was stored before then, oldest first."""
    waiting = Feedback.objects.filter(triage_due=True, recorded_at__lt=recorded_before)
    return list(waiting.order_by("recorded_at", "pk").values_list("pk", flat=True))


def theme_counts(*, after: datetime, until: datetime) -> Iterator[Count]:
    """Themes of what was triaged in the window, by unit code."""
    for start, end in windows(after=after, until=until, ends=_TRIAGED):
        with connection.cursor() as cursor:
            cursor.execute(_THEME_COUNTS, [start, end])
            found = cursor.fetchall()
        yield from (Count(*row) for row in found)


def helped_counts(*, after: datetime, until: datetime) -> Iterator[Count]:
    """What customers said in the window to whether the answer had helped, by code of the unit that answered.

    Never a figure of one handler: a unit with a single one counts in its area.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELPED_COUNTS, [after, until])
        yield from (Count(*row) for row in cursor.fetchall())


def unseen_prompt_count(person: Person) -> int:
    """How many prompts the person has not marked as seen."""
    return unseen_by(person).count()


def units_with_new_quotes() -> list[str]:
    """The codes of the units that have approved quotes the reports do not have yet."""
    return queries.units_with_waiting_quotes()


def new_quotes(
    windows: Mapping[str, Sequence[tuple[datetime, datetime]]], *, at: datetime
) -> list[ApprovedQuote]:
    """Each unit's approved quotes whose feedback was recorded in one of the unit's windows, open at their start, given once.

    Whoever asks stores them in the same transaction. No day, language, channel or key of the feedback goes with them.
    """
    return _as_told(actions.hand_over_quotes(windows, at=at))


def withdrawn_quotes() -> list[ApprovedQuote]:
    """The quotes given earlier that are to be forgotten, given once, in the transaction in which they are."""
    return _as_told(actions.take_back_quotes())


def _as_told(quotes: list[Quote]) -> list[ApprovedQuote]:
    return [ApprovedQuote(quote.unit.code, quote.kind, quote.text) for quote in quotes]
