"""`tick`: everything that is due at a time, once. The worker calls it every minute, the command line when asked.

Each part is its own transaction and finds out itself what it has done already; one that fails does not keep the
others from their work, and the failure is raised at the end for all to see.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from palauteketju.handling import actions as handling
from palauteketju.handling import handover as handling_handover
from palauteketju.handling import retention as handling_retention
from palauteketju.insight import actions as insight
from palauteketju.insight import report_orders
from palauteketju.insight import retention as insight_retention
from palauteketju.insight.sources import ApprovedQuotes
from palauteketju.intake import handover as intake_handover
from palauteketju.intake import retention as intake_retention
from palauteketju.organisation.absences import forget_absences
from palauteketju.publishing import actions as publishing
from palauteketju.sms import actions as sms
from palauteketju.sms import retention as sms_retention
from palauteketju.sms.gateways import gateway_from_settings

logger = logging.getLogger(__name__)

# A feedback's own job comes first; only what it left behind is swept.
JOBS_TURN = timedelta(minutes=1)


class TickFailed(Exception):
    """Some parts of a tick failed; the message names them, the log tells where."""


def tick(*, at: datetime, without: frozenset[str] = frozenset()) -> dict[str, int]:
    """Do what is due at `at`. Returns how much each part did; raises TickFailed after all parts had their turn."""
    done: dict[str, int] = {}
    failed = []
    for name, part in PARTS.items():
        if name in without:
            continue
        try:
            done[name] = part(at)
        except Exception:
            logger.exception("tick.part_failed part=%s", name)
            failed.append(name)
    if failed:
        raise TickFailed(f"These parts failed: {', '.join(failed)}.")
    return done


def sweep_untriaged(at: datetime) -> int:
    """Triage what no job has: a lost worker loses nothing."""
    waiting = handling_handover.untriaged(recorded_before=at - JOBS_TURN)
    for feedback_id in waiting:
        handling.triage(feedback_id, at=at)
    return len(waiting)


def counts(after: datetime, until: datetime) -> Iterator[Any]:
    """All streams of a time window: insight counts what the earlier steps hand over, and knows no row of theirs."""
    return chain(
        intake_handover.counts_recorded(after=after, until=until),
        handling_handover.theme_counts(after=after, until=until),
        handling_handover.helped_counts(after=after, until=until),
    )


def close_blocks(at: datetime) -> int:
    return insight.close_blocks(counts, at=at)


def send_sms(at: datetime) -> int:
    gateway = gateway_from_settings()
    return sms.send_due(at=at, gateway=gateway) if gateway else 0


def publish(at: datetime) -> int:
    """The public site, when new public blocks or measures have come since it was made, or a day has passed."""
    return publishing.publish(Path(settings.PUBLISHED_DIR), at=at) if publishing.is_due(at=at) else 0


def release_quotes(at: datetime) -> int:
    # The module has the functions the protocol names; their quotes are handling's own kind, of the same shape.
    return insight.release_quotes(cast("ApprovedQuotes", handling_handover), at=at)


PARTS: dict[str, Callable[[datetime], int]] = {
    "untriaged": sweep_untriaged,
    # Before the reminders: a changed calendar moves what they go by.
    "deadlines": lambda at: handling.recount_deadlines(at=at),
    "reminders": lambda at: handling.send_due_reminders(at=at),
    "stand-ins": lambda at: handling.prompt_stand_ins(at=at),
    # After the stand-ins: it finds what still waits for nobody.
    "cases without a handler": lambda at: handling.alarm_managers(at=at),
    "digests": lambda at: handling.announce_digests(at=at),
    "asking if the answer helped": lambda at: handling.ask_if_helped(at=at),
    "lost prompts": lambda at: handling.announce_lost(at=at),
    "sms": send_sms,
    "blocks": close_blocks,
    # After the blocks: a quote comes with the block its comment is in.
    "quotes": release_quotes,
    # After the blocks: the mail leads to a report that is whole.
    "report mails": lambda at: report_orders.announce_due(at=at),
    "publication": publish,
    "answer times": lambda at: handling.count_answer_times(at=at),
    "contact details": lambda at: handling_retention.delete_contact_details(at=at),
    "drafts": lambda at: handling_retention.delete_drafts(at=at),
    "absences": lambda at: forget_absences(at=at),
    "digests of the past": lambda at: handling_retention.delete_digests(at=at),
    "report mails of the past": lambda at: insight_retention.delete_report_mails(at=at),
    "old feedback": lambda at: intake_retention.delete_old(at=at),
    "sms traces": lambda at: sms_retention.forget(at=at),
}
