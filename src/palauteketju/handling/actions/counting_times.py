"""The months whose answer times are counted, once and for good."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from palauteketju.audit import log
from palauteketju.audit.models import Entry
from palauteketju.handling.models import AnswerTimes
from palauteketju.handling.proof import Wait, hours_between, month_after, month_of, waits
from palauteketju.organisation.models import Unit
from palauteketju.organisation.queries import county
from palauteketju.organisation.rules import county_rules

COUNTED: Final = "handling.answer_times.counted"
# Whatever was begun before the month ended has been committed by then.
_REST: Final = timedelta(days=1)

# A unit that has not had k cases in two years gets no figure for them.
_LONGEST_WAIT: Final = timedelta(days=2 * 365)


def count_answer_times(*, at: datetime) -> int:
    """Close the groups of all months that have ended and were not counted yet; returns how many groups closed."""
    closed = 0
    for month in _waiting_months(at):
        closed += _count(month, at=at)
    return closed


def _waiting_months(at: datetime) -> Iterator[date]:
    newest = Entry.objects.filter(action=COUNTED).order_by("-at").first()
    if newest:
        month = month_after(date.fromisoformat(str(newest.facts["month"])))
    else:
        first = Entry.objects.filter(action="handling.case.opened").order_by("at").first()
        if first is None:
            return
        month = month_of(first.at)
    while _begin_of(month_after(month)) + _REST <= at:
        yield month
        month = month_after(month)


def _count(month: date, *, at: datetime) -> int:
    k = county_rules().anonymity.k
    until = _begin_of(month_after(month))
    scope = county()
    if scope is None:
        return 0
    with transaction.atomic():
        since = dict(AnswerTimes.objects.order_by("last_month").values_list("unit", "last_month"))
        waiting: dict[int, list[Wait]] = {}
        for wait in waits(since=until - _LONGEST_WAIT, until=until):
            if (counted := since.get(wait.unit)) is None or month_of(wait.in_month) > counted:
                waiting.setdefault(wait.unit, []).append(wait)
        areas = dict(Unit.objects.filter(parent__kind=Unit.Kind.AREA).values_list("pk", "parent"))
        groups = [
            _group(unit, areas.get(unit), found, month, at=at)
            for unit, found in waiting.items()
            if len(found) >= k
        ]
        AnswerTimes.objects.bulk_create(groups)
        facts: dict[str, str | int | bool | None] = {"month": month.isoformat(), "groups": len(groups)}
        log.record(COUNTED, by=None, subject=scope, at=at, facts=facts)
    return len(groups)


def _group(unit: int, area: int | None, found: list[Wait], month: date, *, at: datetime) -> AnswerTimes:
    reaction = Counter(hours_between(one.arrived, one.reacted) for one in found if one.reacted)
    response = Counter(hours_between(one.arrived, one.ended) for one in found if one.ended)
    return AnswerTimes(
        unit_id=unit,
        area_id=area,
        first_month=month_of(min(one.in_month for one in found)),
        last_month=month,
        cases=len(found),
        in_time=sum(one.is_in_time for one in found),
        reaction_hours={str(hours): n for hours, n in reaction.items()},
        response_hours={str(hours): n for hours, n in response.items()},
        counted_at=at,
    )


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
