"""How and when one person is mailed of a prompt: their wishes within what the county allows. Reads no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from palauteketju.handling.models import PromptSettings
from palauteketju.organisation.deadlines import county_calendar
from palauteketju.organisation.rules import county_rules


@dataclass(frozen=True)
class Wishes:
    """What holds for a person. `digest_weekdays`: 1 is Monday."""

    urgent: str
    others: str
    digest_hour: int
    digest_weekdays: tuple[int, ...]


@dataclass(frozen=True)
class Mailing:
    """`at` None: not by e-mail."""

    at: datetime | None
    in_digest: bool = False


NO_MAIL = Mailing(None)


def wishes_of(chosen: PromptSettings | None) -> Wishes:
    """What the county no longer allows falls back to its first choice."""
    allowed = county_rules().prompts
    if chosen is None:
        return Wishes(allowed.urgent[0], allowed.others[0], allowed.digest_hours[0], allowed.digest_weekdays)
    weekdays = tuple(day for day in allowed.digest_weekdays if day in chosen.digest_weekdays)
    return Wishes(
        urgent=_allowed(chosen.urgent, allowed.urgent),
        others=_allowed(chosen.others, allowed.others),
        digest_hour=chosen.digest_hour
        if chosen.digest_hour in allowed.digest_hours
        else allowed.digest_hours[0],
        digest_weekdays=weekdays or allowed.digest_weekdays,
    )


def mailing_of(
    wishes: Wishes, *, is_urgent: bool, has_chat: bool, at: datetime, deadline: datetime | None = None
) -> Mailing:
    """Urgent: always at once by some way. Everything else as the person wishes.

    But a deadline that is near is told of before it has passed, and one that has passed with the next list of the late.
    """
    if is_urgent:
        return NO_MAIL if wishes.urgent == PromptSettings.Urgent.CHAT and has_chat else Mailing(at)
    if wishes.others == PromptSettings.Others.AT_ONCE:
        return Mailing(at)
    if wishes.others == PromptSettings.Others.APP:
        return NO_MAIL
    is_late = deadline is not None and deadline < at
    digest = next_digest(wishes, after=at, with_late=is_late)
    if deadline and at <= deadline < digest:
        return Mailing(at)
    return Mailing(digest, in_digest=True)


def next_digest(wishes: Wishes, *, after: datetime, with_late: bool = False) -> datetime:
    """The first digest at `after` or later; that of somebody who has late cases comes on working days too."""
    day = timezone.localdate(after)
    while True:
        moment = _digest_on(wishes, day)
        if moment >= after and _is_digest_day(wishes, day, with_late=with_late):
            return moment
        day += timedelta(days=1)


def digest_has_come(wishes: Wishes, *, at: datetime, with_late: bool = False) -> bool:
    """Whether today is a digest day and its hour has come."""
    today = timezone.localdate(at)
    return _digest_on(wishes, today) <= at and _is_digest_day(wishes, today, with_late=with_late)


def _is_digest_day(wishes: Wishes, day: date, *, with_late: bool) -> bool:
    is_chosen = day.isoweekday() in wishes.digest_weekdays
    return is_chosen or (with_late and county_calendar().is_working_day(day))


def _digest_on(wishes: Wishes, day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(wishes.digest_hour)))


def _allowed(choice: str, allowed: Sequence[str]) -> str:
    return choice if choice in allowed else allowed[0]
