"""How long customers wait, and whether promises are kept: counted from the audit trail, shown in groups.

**From the trail.** When a case begins, its entry tells the unit, the arrival and the promised deadline; each thing done is
an entry of its own. Entries are sealed and never changed, so nothing that can be edited afterwards makes a figure nicer:
an extended deadline counts as the first one, a moved case for the unit it began in, and each part of a split one for its own.
What an answer is "in time" for is the promise: an answer, or where nobody can be answered the closing of the case, by the
end of the promised day. Where a handler found that a case is urgent, or that it is not, or the customer's later message made it urgent, the deadline that was valid after that counts, because a false
alarm of the rules promised the customer nothing; not where the finding came after the answer, after an extension, or after the month of the first
promise. Passing a case on, extending it or reading it is no reaction. docs/proof.md tells it with examples.

**In groups.** How long cases took is no answer of a customer, but a single case of a week could be recognised: somebody who
knows that an acquaintance complained could read how it went. So everybody sees figures of groups of at least k cases (k of
county.toml), of whole months, closed for good: a unit with fewer waits, and the next months join in until there are k (what has waited two years is left out).
A case belongs to the month of its promised day and is judged as the trail stood when the group's last month ended; who was
still waiting then counts as late, with a time longer than all others. So a group never changes and never overlaps
another, and each figure of any unit, area, county or period is a sum over whole groups: however they are added and
subtracted, no difference reaches fewer than k cases. The same for handlers and managers, whose worklists show them every
case of theirs anyway; only for them the late cases are listed, by number and days.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from palauteketju.handling.models import AnswerTimes
from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Person, Role, Unit

# What counts as the first reaction, and what as the end of the waiting.
REACTIONS: Final = (
    "handling.case.clarification_asked",
    "handling.case.noted",
    "handling.case.called",
    "handling.case.answered",
    "handling.case.redirected",
    "handling.case.closed",
)
ENDS: Final = ("handling.case.answered", "handling.case.redirected", "handling.case.closed")
# What a handler found of the urgency, and the rules of what the customer wrote later.
JUDGED: Final = (
    "handling.case.urgency_confirmed",
    "handling.case.urgency_removed",
    "handling.case.urgent_by_message",
)

# Longer than from the opening of a case to its first deadline.
_LONGEST: Final = timedelta(days=400)
_RECENT: Final = timedelta(days=31)

# The promise of a case that begins: that of its first entry, or where a handler opened it without one the first that its
# urgency gave it; then what was found of its urgency while the customer waited. A finding after an extension changes no promise, and none after the month of the first promise: by then that
# month's figures may be closed, and a case is in one group only.
_PROMISES = """
    SELECT a.subject_id, b.at, a.facts, CASE WHEN j.facts IS NULL THEN b.due ELSE j.facts->>'due' END AS due
    FROM audit_entry a
    CROSS JOIN LATERAL (
        SELECT a.at, a.facts->>'due' AS due WHERE a.facts->>'due' IS NOT NULL
        UNION ALL (
            SELECT e.at, e.facts->>'due' FROM audit_entry e
            WHERE a.facts->>'due' IS NULL
            AND e.subject_type = 'handling.case' AND e.subject_id = a.subject_id AND e.action = ANY(%(judged)s)
            AND e.at < %(until)s AND e.facts->>'due' IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM audit_entry x WHERE x.subject_type = 'handling.case' AND x.subject_id = a.subject_id
                AND x.action = ANY(%(ends)s) AND x.number < e.number
            )
            ORDER BY e.number LIMIT 1
        )
    ) b
    LEFT JOIN LATERAL (
        SELECT e.facts FROM audit_entry e
        WHERE e.subject_type = 'handling.case' AND e.subject_id = a.subject_id AND e.action = ANY(%(judged)s)
        AND e.at < %(until)s AND e.at < (
            date_trunc('month', greatest(b.due::timestamptz, b.at) AT TIME ZONE 'Europe/Helsinki')
            + interval '1 month'
        ) AT TIME ZONE 'Europe/Helsinki'
        AND NOT EXISTS (
            SELECT FROM audit_entry x WHERE x.subject_type = 'handling.case' AND x.subject_id = a.subject_id
            AND (x.action = 'handling.case.extended' OR x.action = ANY(%(ends)s)) AND x.number < e.number
        )
        ORDER BY e.number DESC LIMIT 1
    ) j ON true
    WHERE a.action = 'handling.case.opened'
"""

_WAITS = f"""
SELECT (o.facts->>'unit')::bigint, o.month, o.due, (o.facts->>'arrived')::timestamptz,
       (SELECT min(e.at) FROM audit_entry e WHERE e.subject_type = 'handling.case' AND e.subject_id = o.subject_id
        AND e.action = ANY(%(reactions)s) AND e.at < %(until)s),
       (SELECT min(e.at) FROM audit_entry e WHERE e.subject_type = 'handling.case' AND e.subject_id = o.subject_id
        AND e.action = ANY(%(ends)s) AND e.at < %(until)s)
FROM (
    SELECT p.subject_id, p.facts, p.due::timestamptz AS due, greatest(p.due::timestamptz, p.at) AS month
    FROM ({_PROMISES} AND a.at >= %(opened_from)s AND a.at < %(until)s) p
    WHERE p.due IS NOT NULL
) o
WHERE o.month >= %(since)s AND o.month < %(until)s
"""  # noqa: S608 - joined of two constants, nothing comes from outside

_LATE = f"""
SELECT o.id, o.unit_id, o.due, o.ended
FROM (
    SELECT c.id, c.unit_id, p.due::timestamptz AS due,
           (SELECT min(e.at) FROM audit_entry e WHERE e.subject_type = 'handling.case' AND e.subject_id = c.id::text
            AND e.action = ANY(%(ends)s)) AS ended
    FROM handling_case c
    CROSS JOIN LATERAL ({_PROMISES} AND a.subject_type = 'handling.case' AND a.subject_id = c.id::text) p
    WHERE c.unit_id = ANY(%(units)s) AND (c.closed_at IS NULL OR c.closed_at > %(recent)s)
) o
WHERE o.due < %(until)s AND (o.ended IS NULL OR (o.ended > o.due AND o.ended > %(recent)s))
ORDER BY o.ended IS NOT NULL, o.due
LIMIT %(limit)s
"""  # noqa: S608 - as above


@dataclass(frozen=True)
class Wait:
    """One customer's waiting: `in_month` says to which month it belongs, times still unknown are None."""

    unit: int
    in_month: datetime
    due: datetime
    arrived: datetime
    reacted: datetime | None
    ended: datetime | None

    @property
    def is_in_time(self) -> bool:
        return self.ended is not None and self.ended <= self.due


@dataclass(frozen=True)
class Times:
    """Figures of whole groups. Hours are None where so many were still waiting that nobody knows."""

    cases: int
    in_time: int
    reaction_median: int | None
    reaction_most: int | None
    response_median: int | None
    response_most: int | None
    first_month: date
    last_month: date

    @property
    def share_in_time(self) -> float:
        return self.in_time / self.cases


@dataclass(frozen=True)
class LateCase:
    """Its number and days; `ended` is None while somebody still waits."""

    number: int
    unit: int
    due: datetime
    ended: datetime | None


def waits(*, since: datetime, until: datetime) -> list[Wait]:
    """Whose promised day was in the window, as the trail stood at its end."""
    facts: dict[str, datetime | list[str]] = {
        "reactions": list(REACTIONS),
        "ends": list(ENDS),
        "judged": list(JUDGED),
        "since": since,
        "until": until,
        "opened_from": since - _LONGEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, facts)
        return [Wait(*row) for row in cursor.fetchall()]


def hours_between(start: datetime, end: datetime) -> int:
    """Whole hours begun; what is keyed in after it happened took none."""
    return max(0, math.ceil((end - start).total_seconds() / 3600))


def times_of(groups: Iterable[AnswerTimes]) -> Times | None:
    """The groups together; None without any."""
    found = list(groups)
    if not found:
        return None
    cases = sum(group.cases for group in found)
    reaction = sum((Counter(group.reaction_hours) for group in found), Counter[str]())
    response = sum((Counter(group.response_hours) for group in found), Counter[str]())
    return Times(
        cases=cases,
        in_time=sum(group.in_time for group in found),
        reaction_median=_quantile(reaction, cases, 0.5),
        reaction_most=_quantile(reaction, cases, 0.9),
        response_median=_quantile(response, cases, 0.5),
        response_most=_quantile(response, cases, 0.9),
        first_month=min(group.first_month for group in found),
        last_month=max(group.last_month for group in found),
    )


def response_times(scope: Unit, *, first: date, last: date) -> Times | None:
    """Of a unit, an area or the county: the groups that were closed for a month between the two days."""
    months = (first.replace(day=1), last)
    return times_of(groups_of(scope).filter(last_month__range=months))


def groups_of(scope: Unit) -> QuerySet[AnswerTimes]:
    """Of a unit, of the county, or of an area those that closed while their unit belonged to it."""
    if scope.kind == Unit.Kind.AREA:
        return AnswerTimes.objects.filter(area=scope)
    return AnswerTimes.objects.filter(unit__in=Unit.objects.below(scope).values("pk"))


def units_open_to(person: Person) -> list[Unit]:
    """Whose times the person sees; members of the work community see them in the reports."""
    kinds = (Role.Kind.HANDLER, Role.Kind.MANAGER, Role.Kind.COMMUNICATIONS)
    return list(units_of(person, *kinds).select_related("parent").in_order())


def late_cases(person: Person, *, at: datetime, limit: int = 100) -> list[LateCase]:
    """Who waits too long in the person's units, and who had to until the last 31 days, by the first promise."""
    units = units_of(person, Role.Kind.HANDLER, Role.Kind.MANAGER).values_list("pk", flat=True)
    facts: dict[str, datetime | int | list[str] | list[int]] = {
        "ends": list(ENDS),
        "judged": list(JUDGED),
        "until": at,
        "recent": at - _RECENT,
        "units": list(units),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LATE, facts)
        return [LateCase(*row) for row in cursor.fetchall()]


def month_of(moment: datetime) -> date:
    return timezone.localdate(moment).replace(day=1)


def month_after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _quantile(hours: Mapping[str, int], cases: int, share: float) -> int | None:
    """The nearest rank among all cases; whoever still waits stands last."""
    rank = math.ceil(share * cases)
    for number in sorted(hours, key=int):
        rank -= hours[number]
        if rank <= 0:
            return int(number)
    return None
