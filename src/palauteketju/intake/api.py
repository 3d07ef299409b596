"""`POST /api/v1/feedback`: the front door for other systems."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import ConfigDict, Field

from palauteketju.intake import actions, nonces, submissions, wording
from palauteketju.intake.models import ContactRequest, Feedback
from palauteketju.organisation.api_keys import key_with
from palauteketju.organisation.language import CODES
from palauteketju.organisation.models import Integration, Unit
from palauteketju.organisation.problems import FieldError, Problem
from palauteketju.organisation.queries import unit_by_code
from palauteketju.organisation.rules import county_rules
from palauteketju.surveys.library import QuestionSet, question_sets

router = Router(tags=["feedback"])


def _one_of(values: list[str]) -> dict[str, Any]:
    """Told in the description, but judged by `submissions.read`, so that the refusal is in the caller's language."""
    return {"enum": values}


class Contact(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    way: str = Field(json_schema_extra=_one_of(list(ContactRequest.Way.values)))
    value: str = ""


class FeedbackIn(Schema):
    """Field by field what a customer's form holds. `unit` is a code, or an OID of the national register."""

    model_config = ConfigDict(extra="forbid", strict=True)

    unit: str = Field(max_length=80)
    channel: str = Field(json_schema_extra=_one_of(list(Feedback.Channel.values)))
    question_set: str | None = None
    language: str = Field(json_schema_extra=_one_of(list(CODES)))
    role: str | None = Field(None, json_schema_extra=_one_of(list(Feedback.Respondent.values)))
    assisted: bool = False
    answers: dict[str, Annotated[int, Field(strict=True)] | str | None] = Field(
        default_factory=dict, max_length=100
    )
    text: str | None = None
    kind: str | None = Field(None, json_schema_extra=_one_of(list(Feedback.Kind.values)))
    needs_attention: bool = False
    arrived_at: str | None = Field(
        None, description="ISO 8601 with an offset; the present moment when left out."
    )
    contact: Contact | None = None
    idempotency_key: str = Field(
        min_length=1, max_length=200, description="The same key again: the same answer."
    )


class Receipt(Schema):
    receipt: str


@router.post(
    "feedback",
    auth=key_with(Integration.Right.FEEDBACK),
    response={201: Receipt},
    summary="Send a customer's feedback",
    operation_id="send_feedback",
)
def send_feedback(request: HttpRequest, payload: FeedbackIn) -> Status[dict[str, str]]:
    """Stored when this answers 201; the receipt code is for the customer, who follows the feedback with it."""
    integration: Integration = request.auth  # type: ignore[attr-defined]  # ninja puts the key's integration there
    at = timezone.now()
    unit = _unit(payload.unit, integration)
    nonce = nonces.from_idempotency_key(payload.idempotency_key, sender=integration.pk)
    try:
        submission = _submission(payload, unit, at=at)
    except Problem:
        # What was received once stays received, though the unit has closed or the rules have changed since.
        if earlier := actions.received_earlier(nonce):
            return Status(201, {"receipt": earlier.receipt})
        raise
    return Status(201, {"receipt": actions.receive(submission, nonce=nonce, at=at).receipt})


def _unit(code: str, integration: Integration) -> Unit:
    unit = unit_by_code(code)
    if unit is None or unit.kind != Unit.Kind.UNIT:
        errors = [FieldError("unit", _("There is no such unit."))]
        raise Problem(HTTPStatus.NOT_FOUND, _("There is no such unit."), errors)
    if not Unit.objects.below(integration.unit).filter(pk=unit.pk).exists():
        errors = [FieldError("unit", _("The key is not for this unit."))]
        raise Problem(HTTPStatus.FORBIDDEN, _("The key is not for this unit."), errors)
    return unit


def _submission(payload: FeedbackIn, unit: Unit, *, at: datetime) -> submissions.Submission:
    # What says when it was received is judged by that day, in `submissions.read`.
    if not payload.arrived_at and not unit.is_open_on(timezone.localdate(at)):
        closed = _("The unit is not open.")
        raise Problem(HTTPStatus.GONE, closed, [FieldError("unit", closed)])
    question_set = question_sets().get(payload.question_set or county_rules().question_set)
    errors_by_field = _unknown_words(payload, question_set)
    if question_set is None:
        raise _problem(errors_by_field)
    raw = payload.dict(exclude={"unit", "channel", "question_set", "language", "idempotency_key"})
    submission, errors = submissions.read(
        raw, unit=unit, channel=payload.channel, question_set=question_set, language=payload.language, at=at
    )
    errors_by_field |= wording.explained(errors, raw)
    if submission is None or errors_by_field:
        raise _problem(errors_by_field)
    return submission


def _unknown_words(payload: FeedbackIn, question_set: QuestionSet | None) -> dict[str, str]:
    unknown = {
        "channel": payload.channel not in Feedback.Channel.values,
        "language": payload.language not in CODES,
        "question_set": question_set is None,
        "idempotency_key": not payload.idempotency_key.strip(),
    }
    return {
        field: _("Choose one of the alternatives.") for field, is_unknown in unknown.items() if is_unknown
    }


def _problem(errors: dict[str, str]) -> Problem:
    fields = [FieldError(field, message) for field, message in errors.items()]
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Some fields must be mended."), fields)
