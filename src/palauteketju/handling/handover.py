"""What later steps and the clock may ask of handling: numbers and ids, never words."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, models

from palauteketju.handling.access import cases_for
from palauteketju.handling.models import Case
from palauteketju.intake.handover import Count
from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Person, Unit

# A feedback counts once, under the theme it speaks of most: were it counted under each, a few talkative customers could
# make up a whole block of "answers". The window is open at its start, so consecutive windows miss and repeat nothing.
_THEME_COUNTS = """
SELECT u.code, 'theme', t.themes->>0, count(*)
FROM handling_triage t
JOIN intake_feedback f ON f.id = t.feedback_id
JOIN organisation_unit u ON u.id = f.unit_id
WHERE t.at > %s AND t.at <= %s AND jsonb_array_length(t.themes) > 0
GROUP BY 1, 3
ORDER BY 1, 3
"""


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


def untriaged(*, recorded_before: datetime) -> list[int]:
    """Feedback whose road nobody has decided although it was stored before then, oldest first."""
    waiting = Feedback.objects.filter(triage_due=True, recorded_at__lt=recorded_before)
    return list(waiting.order_by("recorded_at", "pk").values_list("pk", flat=True))


def theme_counts(*, after: datetime, until: datetime) -> Iterator[Count]:
    """Themes of what was triaged in the window, by unit code."""
    with connection.cursor() as cursor:
        cursor.execute(_THEME_COUNTS, [after, until])
        yield from (Count(*row) for row in cursor.fetchall())
