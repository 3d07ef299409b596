"""Reading what came in: one rule of what a feedback may hold, for the form, the API and keyed-in paper."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.days import day_of
from palauteketju.organisation.models import Unit
from palauteketju.organisation.phones import finnish_mobile
from palauteketju.organisation.rules import county_rules
from palauteketju.surveys import answers as survey_answers
from palauteketju.surveys.library import Question, QuestionSet

LONGEST_TEXT = 10_000
LONGEST_CONTACT = 300
# Keyed-in feedback older than this is a slip of the year.
OLDEST_ARRIVAL = timedelta(days=366)
KEYED_IN = frozenset({Feedback.Channel.PAPER, Feedback.Channel.PHONE, Feedback.Channel.SPOKEN})
# Everything a keyboard cannot type, but for line ends and tabs; and what a decoder left for broken bytes.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")

# What can be wrong with a field; the form and the API say these in the user's language.
EMPTY, TOO_LONG, NOT_TEXT, NOT_A_CHOICE = "empty", "too_long", "not_text", "not_a_choice"
BAD_EMAIL, BAD_PHONE, BAD_MOBILE = "bad_email", "bad_phone", "bad_mobile"
NOT_OFFERED, BAD_TIME, NOT_OPEN = "not_offered", "bad_time", "not_open"
Errors = dict[str, str]
_ROLES = list(Feedback.Respondent.values)
# Nobody must say of which kind it is.
_KINDS = ["", *Feedback.Kind.values]


@dataclass(frozen=True)
class Contact:
    way: str
    value: str


@dataclass(frozen=True)
class Submission:
    """A sound feedback, ready to be received. `arrived_at` None means: now."""

    unit: Unit
    channel: str
    question_set: str
    language: str
    respondent: str
    assisted: bool
    answers: Mapping[str, str]
    text: str
    kind: str
    needs_attention: bool
    contact: Contact | None
    arrived_at: datetime | None


def read(
    raw: Mapping[str, Any],
    *,
    unit: Unit,
    channel: str,
    question_set: QuestionSet,
    language: str,
    at: datetime,
    asked: Iterable[Question] | None = None,
) -> tuple[Submission | None, Errors]:
    """The submission, or None and what is wrong by field ("answers.nps", "text", "contact.value" …).

    `raw` has the names of the API: answers, text, kind, role, assisted, needs_attention, contact, arrived_at.
    """
    errors: Errors = {}
    answers, answer_errors = survey_answers.check(
        _mapping(raw.get("answers"), "answers", errors),
        question_set=question_set,
        asked=asked,
        all_required=channel not in KEYED_IN,
    )
    errors.update({f"answers.{name}": code for name, code in answer_errors.items()})
    text = _text(raw.get("text"), "text", LONGEST_TEXT, errors)
    submission = Submission(
        unit=unit,
        channel=channel,
        question_set=question_set.name,
        language=language,
        respondent=_choice(raw.get("role") or Feedback.Respondent.CUSTOMER, _ROLES, "role", errors),
        assisted=_boolean(raw.get("assisted"), "assisted", errors),
        answers=answers,
        text=text,
        kind=_choice(raw.get("kind") or "", _KINDS, "kind", errors),
        needs_attention=_boolean(raw.get("needs_attention"), "needs_attention", errors),
        contact=_contact(raw.get("contact"), channel, errors),
        arrived_at=_arrival(raw.get("arrived_at"), unit, at, errors),
    )
    if not errors and not answers and not text:
        errors["text"] = EMPTY
    return (None, errors) if errors else (submission, {})


def _mapping(value: Any, field: str, errors: Errors) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        errors[field] = NOT_A_CHOICE
        return {}
    return value


def _text(value: Any, field: str, longest: int, errors: Errors) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or _NOT_TEXT.search(value):
        errors[field] = NOT_TEXT
        return ""
    text: str = value.replace("\r\n", "\n").strip()
    if len(text) > longest:
        errors[field] = TOO_LONG
    return text


def _choice(value: Any, choices: list[str], field: str, errors: Errors) -> str:
    if value not in choices:
        errors[field] = NOT_A_CHOICE
    return str(value)


def _boolean(value: Any, field: str, errors: Errors) -> bool:
    if value is not None and not isinstance(value, bool):
        errors[field] = NOT_A_CHOICE
    return value is True


def _contact(raw: Any, channel: str, errors: Errors) -> Contact | None:
    if raw is None:
        return None
    raw = _mapping(raw, "contact", errors)
    if not county_rules().allows_contact_request(channel):
        errors["contact"] = NOT_OFFERED
        return None
    way = _choice(raw.get("way"), ContactRequest.Way.values, "contact.way", errors)
    if way == ContactRequest.Way.SMS and not tells_by_sms():
        errors["contact.way"] = NOT_OFFERED
    value = _text(raw.get("value"), "contact.value", LONGEST_CONTACT, errors)
    if "contact.value" in errors or "contact.way" in errors:
        return None
    if way == ContactRequest.Way.RECEIPT:
        return Contact(way, "")
    if not value:
        errors["contact.value"] = EMPTY
    elif way in _CHECKS:
        value = _CHECKS[way](value, errors)
    return Contact(way, value)


def tells_by_sms() -> bool:
    """Whether customers may choose to be told of the answer by text message: the county can send some, and wants to."""
    return settings.SMS_GATEWAY != "none" and county_rules().sms.tells_of_answers


def _email(value: str, errors: Errors) -> str:
    try:
        validate_email(value)
    except ValidationError:
        errors["contact.value"] = BAD_EMAIL
    return value


def _mobile(value: str, errors: Errors) -> str:
    number = finnish_mobile(value)
    if number is None:
        errors["contact.value"] = BAD_MOBILE
    return number or value


def _phone(value: str, errors: Errors) -> str:
    try:
        number = phonenumbers.parse(value, "FI")
    except phonenumbers.NumberParseException:
        errors["contact.value"] = BAD_PHONE
        return value
    if not phonenumbers.is_possible_number(number):
        errors["contact.value"] = BAD_PHONE
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


# An address on paper is whatever the customer wrote.
_CHECKS: Mapping[str, Callable[[str, Errors], str]] = {
    ContactRequest.Way.EMAIL: _email,
    ContactRequest.Way.SMS: _mobile,
    ContactRequest.Way.PHONE: _phone,
}


def _arrival(raw: Any, unit: Unit, at: datetime, errors: Errors) -> datetime | None:
    """When the county received what staff key in or another system passes on; the customer's own form never says."""
    if raw is None or raw == "":
        return None
    try:
        arrived = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        errors["arrived_at"] = BAD_TIME
        return None
    if isinstance(raw, date) and not isinstance(raw, datetime):
        errors["arrived_at"] = BAD_TIME
        return None
    if arrived.tzinfo is None or not at - OLDEST_ARRIVAL <= arrived <= at:
        errors["arrived_at"] = BAD_TIME
        return None
    if not unit.is_open_on(day_of(arrived)):
        errors["arrived_at"] = NOT_OPEN
    return arrived
