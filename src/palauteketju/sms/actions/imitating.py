"""An invented visit, for whoever tries the chain out on the simulator's phones."""

import secrets
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from palauteketju.organisation.models import Unit
from palauteketju.sms import fingerprints
from palauteketju.sms.actions.accepting import accept_events
from palauteketju.sms.models import OutgoingSms
from palauteketju.sms.service_events import ServiceEvent

_SEND = "palauteketju.send_sms"
_AGE = 40


def imitate_visit(unit: Unit, *, language: str, at: datetime) -> datetime | None:
    """A visit of yesterday by somebody who may be asked, with a fresh number; it goes the way of every event.

    Returns when the message leaves, or None when the county's rules let none. One that may leave now is announced.
    """
    # Nobody's number by any list: but it never leaves this computer, because the gateway is the simulator.
    number = f"+35845700{secrets.randbelow(100_000):05}"
    event = ServiceEvent(
        event_id=f"puhelin-{uuid4()}",
        phone=number,
        occurred_at=at - timedelta(days=1),
        visit_type="",
        language=language,
        birth_year=at.year - _AGE,
        municipality="",
        unit=unit.code,
        permission=True,
        non_disclosure=False,
        phones_on_file=1,
    )
    with transaction.atomic():
        accept_events([event], at=at)
        message = OutgoingSms.objects.filter(phone_hash=fingerprints.of_number(number)).first()
        if message is not None and message.send_at <= at:
            jobs.configure_task(_SEND, queue="sms").defer()
    return message.send_at if message else None
