"""`POST /api/v1/service-events`: visits, as a patient system tells of them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from palauteketju.organisation.api_keys import key_with
from palauteketju.organisation.models import Integration
from palauteketju.sms import actions, queries
from palauteketju.sms.service_events import COLUMNS, Objection, RowError, ServiceEvent, read_json

router = Router(tags=["service events"])

# About as much as fits into one request of the size that is taken at all.
MOST_EVENTS = 10_000
_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "As a row of the CSV file: a field left out is the same as an empty one.",
    "properties": {
        name: {"type": ["string", "integer", "boolean", "null"], "maxLength": most}
        for name, most in COLUMNS.items()
    },
    "required": ["event_id", "occurred_at", "unit"],
    "additionalProperties": False,
}


class EventsIn(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    # Each is judged by itself, so that one bad event does not cost the others.
    events: list[Any] = Field(max_length=MOST_EVENTS, json_schema_extra={"items": _EVENT})


class EventError(Schema):
    field: str | None
    code: str
    message: str


class RejectedEvent(Schema):
    index: int
    errors: list[EventError]


class EventsOut(Schema):
    accepted: int
    rejected: list[RejectedEvent]


@router.post(
    "service-events",
    auth=key_with(Integration.Right.SERVICE_EVENTS),
    response=EventsOut,
    summary="Tell of service events",
    operation_id="send_service_events",
)
def send_service_events(request: HttpRequest, payload: EventsIn) -> dict[str, Any]:
    """Each event is taken once, by its `event_id`: sent again, it is accepted again and changes nothing."""
    integration: Integration = request.auth  # type: ignore[attr-defined]  # ninja puts the key's integration there
    events, rejected = read_json(payload.events, translate=_, objection=_not_of(integration))
    # One told twice in the same words is one event; told of as accepted it is both times.
    actions.accept_events(events, at=timezone.now())
    return {"accepted": len(payload.events) - len(rejected), "rejected": rejected}


def _not_of(integration: Integration) -> Objection:
    units = queries.units_by_name()
    own = queries.units_below(integration.unit)

    def objection(event: ServiceEvent) -> RowError | None:
        unit = units.get(event.unit)
        if unit is None:
            return RowError("unit_unknown", {"field": "unit"})
        return None if unit.pk in own else RowError("unit_not_yours", {"field": "unit"})

    return objection
