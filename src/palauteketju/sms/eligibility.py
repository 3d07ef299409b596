"""Whether a service event leads to a text message, when, and if not, why: one policy, no database.

The rules are those counties publish about their SMS surveys (Pohjanmaa, Etelä-Pohjanmaa, Päijät-Häme).
They are asked in the order of `REASONS`, the reasons of safety first, and the first that refuses is the
reason. What is missing or unclear refuses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from holidays import country_holidays

from palauteketju.organisation.phones import finnish_mobile
from palauteketju.sms.service_events import ServiceEvent, gettext_noop

HELSINKI = ZoneInfo("Europe/Helsinki")
SEND = "send"

REASONS = {
    "non_disclosure": gettext_noop("A non-disclosure order for safety reasons is in force."),
    "non_disclosure_unclear": gettext_noop("It is not known whether a non-disclosure order is in force."),
    "opted_out": gettext_noop("The person has forbidden surveys."),
    "no_permission": gettext_noop("The person has not given permission for surveys."),
    "permission_unclear": gettext_noop("It is not known whether the person has given permission."),
    "age_unclear": gettext_noop("The year of birth is missing or cannot be right."),
    "under_age": gettext_noop("The person is, or may still be, under the age limit."),
    "phones_unclear": gettext_noop("It is not known how many phone numbers are on file."),
    "several_phones": gettext_noop("Several phone numbers are on file."),
    "no_phone": gettext_noop("There is no phone number."),
    "not_finnish_mobile": gettext_noop("The phone number is not a Finnish mobile number."),
    "unit_unknown": gettext_noop("The unit is not known."),
    "unit_not_active": gettext_noop("The unit is not open."),
    "unit_sms_off": gettext_noop("SMS surveys are not in use in the unit."),
    "future": gettext_noop("The event is in the future."),
    "too_old": gettext_noop("The event is too old."),
    "no_sending_time": gettext_noop("No sending day is left before the event is too old."),
    "later_visit": gettext_noop("The person has a later visit: only the last one is asked about."),
    "recent_visit": gettext_noop("The person had another visit shortly before this one."),
    "recently_invited": gettext_noop("The person was sent a survey recently."),
    SEND: gettext_noop("The survey is sent."),
}

_OLDEST = 120  # years: a greater age is a mistake in the record


def is_finnish_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday; Midsummer Eve and Christmas Eve count as days off."""
    return day.weekday() < 5 and day not in _FINNISH_HOLIDAYS


_FINNISH_HOLIDAYS = country_holidays("FI")


@dataclass(frozen=True)
class SmsRules:
    """The county's settings. Days are days in Finland; 0 days between visits or messages switches that rule off.

    `last_hour` ends the window: at 20:00 sharp nothing is sent any more.
    """

    minimum_age: int = 18
    window_opens: time = time(12)
    window_closes: time = time(20)
    send_on: Literal["next_day", "next_working_day"] = "next_day"
    days_between_messages: int = 30
    days_between_visits: int = 30
    oldest_event: timedelta = timedelta(days=14)
    is_working_day: Callable[[date], bool] = is_finnish_working_day

    def __post_init__(self) -> None:
        if not self.window_opens < self.window_closes:
            raise ValueError("The sending window must open before it closes, on the same day.")


@dataclass(frozen=True)
class UnitFacts:
    """What the policy and the message need of a unit.

    `name` is by language. An open end of the active time has no limit; `active_to` is the last active
    day. On `quiet_days` nothing is sent about the unit: the message waits for the next day.
    """

    code: str
    name: Mapping[str, str]
    sensitive: bool
    sms_on: bool
    active_from: date | None = None
    active_to: date | None = None
    quiet_days: frozenset[date] = frozenset()

    def is_active_on(self, day: date) -> bool:
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or day <= self.active_to
        )


@dataclass(frozen=True)
class History:
    """What is known of the event's phone number beside the event itself. Days are days in Finland.

    `later_visit`: another visit after this one, before the message about this one would leave.
    `previous_visit`: the last visit on an earlier day; several visits on one day are one another's
    `later_visit`, never previous ones. `non_disclosure`: any record with this number has the order,
    for two people may share a phone.
    """

    opted_out: bool = False
    last_invited: date | None = None
    previous_visit: date | None = None
    later_visit: bool = False
    non_disclosure: bool = False


@dataclass(frozen=True)
class Decision:
    """`send_at` is a time in Finland, given exactly when `send`; `reason` is a key of REASONS."""

    send: bool
    send_at: datetime | None
    reason: str


@dataclass(frozen=True)
class _Question:
    event: ServiceEvent
    history: History
    unit: UnitFacts | None
    rules: SmsRules
    at: datetime

    @property
    def day(self) -> date:
        return local_day(self.event.occurred_at)

    @property
    def send_at(self) -> datetime | None:
        return sending_time(self.event.occurred_at, self.unit, self.rules, at=self.at) if self.unit else None


def eligibility(
    event: ServiceEvent, history: History, unit: UnitFacts | None, rules: SmsRules, *, at: datetime
) -> Decision:
    """Decide at `at`, an aware time; ask again before sending, because what is known may have changed."""
    question = _Question(event, history, unit, rules, at)
    for refusal in _REFUSALS:
        reason = refusal(question)
        if reason is not None:
            return Decision(send=False, send_at=None, reason=reason)
    return Decision(send=True, send_at=question.send_at, reason=SEND)


def sending_time(occurred_at: datetime, unit: UnitFacts, rules: SmsRules, *, at: datetime) -> datetime | None:
    """The first moment from `at` on when a message about an event may leave, as a time in Finland.

    From the opening of the window on the day after the event (the next working day, where so set);
    never on a quiet day, outside the window, after the unit has closed or once the event is too old:
    then None.
    """
    if at.utcoffset() is None:
        raise ValueError("The time of the decision must be aware.")

    # Compared in UTC: Python compares two times of one zone by their clock faces, which repeat in autumn.
    now = at.astimezone(UTC)
    last = occurred_at.astimezone(UTC) + rules.oldest_event
    day = max(local_day(occurred_at) + timedelta(days=1), local_day(now))
    while True:
        opens = max(_moment(day, rules.window_opens), now)
        if opens > last:
            return None
        if opens < _moment(day, rules.window_closes) and _is_permitted(day, unit, rules):
            return opens.astimezone(HELSINKI)
        day += timedelta(days=1)


def choose_language(record_language: str) -> Literal["fi", "sv", "en"]:
    """The language of the message: Finnish or Swedish by the record, English for all others and none."""
    language = record_language.strip().casefold().replace("_", "-").split("-")[0]
    if language in {"fi", "fin"}:
        return "fi"
    if language in {"sv", "swe"}:
        return "sv"
    return "en"


def local_day(moment: datetime) -> date:
    return moment.astimezone(HELSINKI).date()


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, HELSINKI).astimezone(UTC)


def _is_permitted(day: date, unit: UnitFacts, rules: SmsRules) -> bool:
    return (
        day not in unit.quiet_days
        and unit.is_active_on(day)
        and (rules.send_on == "next_day" or rules.is_working_day(day))
    )


def _non_disclosure(question: _Question) -> str | None:
    if question.event.non_disclosure or question.history.non_disclosure:
        return "non_disclosure"
    return "non_disclosure_unclear" if question.event.non_disclosure is None else None


def _forbidden(question: _Question) -> str | None:
    if question.history.opted_out:
        return "opted_out"
    if question.event.permission is None:
        return "permission_unclear"
    return None if question.event.permission else "no_permission"


def _age(question: _Question) -> str | None:
    born, day = question.event.birth_year, question.day
    if born is None or not 0 <= day.year - born <= _OLDEST:
        return "age_unclear"
    # Counted as if born on the last day of the year, so only on that day is the year itself full.
    surely = day.year - born - (0 if (day.month, day.day) == (12, 31) else 1)
    return "under_age" if surely < question.rules.minimum_age else None


def _phone(question: _Question) -> str | None:
    event = question.event
    if not event.phones_on_file or event.phones_on_file < 0:
        return "phones_unclear"
    if event.phones_on_file > 1:
        return "several_phones"
    if not event.phone:
        return "no_phone"
    return None if finnish_mobile(event.phone) else "not_finnish_mobile"


def _unit(question: _Question) -> str | None:
    unit = question.unit
    if unit is None:
        return "unit_unknown"
    # Both days: nobody can answer about a unit whose form has closed since the visit.
    if not (unit.is_active_on(question.day) and unit.is_active_on(local_day(question.at))):
        return "unit_not_active"
    return None if unit.sms_on else "unit_sms_off"


def _time(question: _Question) -> str | None:
    age = question.at.astimezone(UTC) - question.event.occurred_at.astimezone(UTC)
    if age < timedelta(0):
        return "future"
    if age > question.rules.oldest_event:
        return "too_old"
    return "no_sending_time" if question.send_at is None else None


def _visits(question: _Question) -> str | None:
    history, rules = question.history, question.rules
    if history.later_visit:
        return "later_visit"
    if history.previous_visit is not None and rules.days_between_visits:
        days = (question.day - history.previous_visit).days
        # 30 days ago is still within 30 days. A visit of the same day is not a previous one.
        if days != 0 and days <= rules.days_between_visits:
            return "recent_visit"
    return None


def _messages(question: _Question) -> str | None:
    invited, days = question.history.last_invited, question.rules.days_between_messages
    if invited is None or not days or question.send_at is None:
        return None
    return "recently_invited" if (local_day(question.send_at) - invited).days < days else None


_REFUSALS: tuple[Callable[[_Question], str | None], ...] = (
    _non_disclosure,
    _forbidden,
    _age,
    _phone,
    _unit,
    _time,
    _visits,
    _messages,
)
