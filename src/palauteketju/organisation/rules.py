"""The county's own rules, read once from county.toml: numbers a county may choose, within what law and promise allow."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings


class BadCountyFile(Exception):
    """The county file says something it cannot mean; the message names the line."""


@dataclass(frozen=True)
class Anonymity:
    """Least sizes of a block. Never below 3 and 5: with two answers each would know the other's."""

    k: int
    public_k: int
    merge_after: timedelta


@dataclass(frozen=True)
class Deadlines:
    urgent_working_days: int
    contact_days: int


@dataclass(frozen=True)
class DaysOff:
    midsummer_eve_off: bool
    christmas_eve_off: bool
    own: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Sms:
    sender: str
    minimum_age: int
    window_opens: time
    window_closes: time
    send_on_next: str
    days_between_surveys: int
    days_between_visits: int
    oldest_event_days: int
    questions: tuple[str, ...]
    link_valid_days: int
    tells_of_answers: bool
    # Between these a customer may be told of an answer; a survey has its own, narrower window.
    tells_from: time
    tells_until: time


@dataclass(frozen=True)
class FormalRoutes:
    """Addresses of the county's own pages, empty when it has given none."""

    ombudsman_address: str
    reminder_address: str
    supervisor_name: str
    supervisor_address: str


@dataclass(frozen=True)
class PrivacyContact:
    """Whom customers ask about their data, and where the legal basis is told; empty when not given."""

    privacy_officer_email: str
    privacy_officer_phone: str
    privacy_notice_address: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The settings that article 13 of the General Data Protection Regulation expects and the county has not given."""
        needed = ("privacy_officer_email", "privacy_notice_address")
        return tuple(name for name in needed if not getattr(self, name))


@dataclass(frozen=True)
class Retention:
    contact_details_after_closing: timedelta
    feedback: timedelta


@dataclass(frozen=True)
class Prompts:
    """What each person may choose; the first of each is what holds for who has chosen nothing."""

    urgent: tuple[str, ...]
    others: tuple[str, ...]
    digest_hours: tuple[int, ...]
    digest_weekdays: tuple[int, ...]


@dataclass(frozen=True)
class WordFiles:
    """The county's own word rules beside the program's; None where it has none."""

    urgency: Path | None
    themes: Path | None


@dataclass(frozen=True)
class CountyRules:
    question_set: str
    anonymity: Anonymity
    # In which units write measures: a county works in one language, and a measure is not asked for its own.
    measure_language: str
    deadlines: Deadlines
    days_off: DaysOff
    contact_request: frozenset[str]
    sms: Sms
    formal_routes: FormalRoutes
    contact: PrivacyContact
    retention: Retention
    prompts: Prompts
    ask_if_helped_after: timedelta
    word_files: WordFiles

    def allows_contact_request(self, channel: str) -> bool:
        return channel in self.contact_request


@cache
def county_rules() -> CountyRules:
    """The rules in force. Raises BadCountyFile; `palauteketju check` reports it before anything starts."""
    file = Path(settings.COUNTY_FILE) if settings.COUNTY_FILE else Path(__file__).with_name("county.toml")
    return read(file)


def read(file: Path) -> CountyRules:
    defaults = tomllib.loads(Path(__file__).with_name("county.toml").read_text(encoding="utf-8"))
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadCountyFile(f"{file.name} cannot be read: {error}") from error
    merged = {section: dict(values) for section, values in defaults.items()}
    for section, values in given.items():
        if section not in defaults or not isinstance(values, dict):
            raise BadCountyFile(f"{file.name}: there is no section [{section}].")
        for key, value in values.items():
            _check_kind(file, section, key, value, defaults[section])
            merged[section][key] = value
    return _rules(file, merged)


def _check_kind(file: Path, section: str, key: str, value: Any, known: dict[str, Any]) -> None:
    if key not in known:
        raise BadCountyFile(f"{file.name}: [{section}] has no setting {key}.")
    if type(value) is not type(known[key]):
        raise BadCountyFile(f"{file.name}: [{section}] {key} must be like {known[key]!r}.")
    if isinstance(value, int) and value < 0:
        raise BadCountyFile(f"{file.name}: [{section}] {key} cannot be negative.")


def _rules(file: Path, given: dict[str, dict[str, Any]]) -> CountyRules:
    _check_terms(file, given)
    _check_addresses(file, given)
    anonymity, deadlines, calendar = given["anonymity"], given["deadlines"], given["calendar"]
    return CountyRules(
        question_set=given["survey"]["question_set"],
        anonymity=Anonymity(
            anonymity["k"], anonymity["public_k"], timedelta(days=anonymity["merge_after_days"])
        ),
        measure_language=given["measures"]["language"],
        deadlines=Deadlines(deadlines["urgent_working_days"], deadlines["contact_days"]),
        days_off=DaysOff(
            calendar["midsummer_eve_off"], calendar["christmas_eve_off"], _own_days_off(file, calendar)
        ),
        contact_request=frozenset(
            channel for channel, allowed in given["contact_request"].items() if allowed
        ),
        sms=Sms(**{**given["sms"], "questions": tuple(given["sms"]["questions"])}),
        formal_routes=FormalRoutes(**given["formal_routes"]),
        contact=PrivacyContact(**given["contact"]),
        retention=Retention(
            timedelta(days=given["retention"]["contact_details_days_after_closing"]),
            timedelta(days=given["retention"]["feedback_days"]),
        ),
        prompts=_prompts(file, given["prompts"]),
        ask_if_helped_after=timedelta(days=given["follow_up"]["ask_after_days"]),
        word_files=WordFiles(
            urgency=_beside(file, given["urgency"]["own_rules"]),
            themes=_beside(file, given["themes"]["own_words"]),
        ),
    )


def _check_terms(file: Path, given: dict[str, dict[str, Any]]) -> None:
    anonymity, deadlines, sms = given["anonymity"], given["deadlines"], given["sms"]
    if anonymity["k"] < 3 or anonymity["public_k"] < max(5, anonymity["k"]):
        raise BadCountyFile(f"{file.name}: k must be at least 3, and public_k at least 5 and never below k.")
    if deadlines["urgent_working_days"] < 1 or not 1 <= deadlines["contact_days"] <= 31:
        raise BadCountyFile(f"{file.name}: urgent_working_days must be at least 1 and contact_days 1 to 31.")
    if sms["send_on_next"] not in {"day", "working_day"} or sms["window_opens"] >= sms["window_closes"]:
        raise BadCountyFile(
            f'{file.name}: [sms] send_on_next is "day" or "working_day", and the window must open first.'
        )
    if sms["tells_from"] >= sms["tells_until"]:
        raise BadCountyFile(f"{file.name}: [sms] tells_from must be before tells_until.")
    if given["measures"]["language"] not in {"fi", "sv", "en"}:
        raise BadCountyFile(f'{file.name}: [measures] language is "fi", "sv" or "en".')


def _check_addresses(file: Path, given: dict[str, dict[str, Any]]) -> None:
    for section in ("formal_routes", "contact"):
        for key, value in given[section].items():
            if key.endswith("_address") and value and not value.startswith(("https://", "http://")):
                raise BadCountyFile(f"{file.name}: [{section}] {key} must begin with https:// or be empty.")
            if key.endswith("_email") and value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
                raise BadCountyFile(f"{file.name}: [{section}] {key} must be an e-mail address or be empty.")


def _own_days_off(file: Path, calendar: dict[str, Any]) -> tuple[tuple[date, str], ...]:
    try:
        return tuple((day["date"], day["name"]) for day in calendar["days_off"])
    except (KeyError, TypeError) as error:
        raise BadCountyFile(f"{file.name}: each of days_off needs a date and a name.") from error


def _beside(file: Path, name: str) -> Path | None:
    return file.parent / name if name else None


def _prompts(file: Path, given: dict[str, list[Any]]) -> Prompts:
    allowed: dict[str, set[Any]] = {
        "urgent": {"email", "chat"},
        "others": {"digest", "at_once", "app"},
        "digest_hours": set(range(24)),
        "digest_weekdays": set(range(1, 8)),
    }
    for key, values in given.items():
        if not values or not all(type(value) in {str, int} and value in allowed[key] for value in values):
            raise BadCountyFile(
                f"{file.name}: [prompts] {key} must name at least one of {sorted(allowed[key])}."
            )
    if "email" not in given["urgent"]:
        # A chat channel may be closed any day; a person's own mailbox is what always remains.
        raise BadCountyFile(f'{file.name}: [prompts] urgent must allow "email".')
    return Prompts(**{key: tuple(values) for key, values in given.items()})
