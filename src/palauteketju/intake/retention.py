"""What intake deletes by age."""

from datetime import datetime

from django.db import transaction

from palauteketju.audit import log
from palauteketju.intake.models import Feedback
from palauteketju.organisation.rules import county_rules

_BATCH = 500


def delete_old(*, at: datetime) -> int:
    """Delete the feedback, with what hangs on it, that is older than the county keeps it. Returns how many.

    Figures were counted into blocks long before and stay. The trace tells how many went, not what they were.
    """
    limit = at - county_rules().retention.feedback
    deleted = 0
    while True:
        with transaction.atomic():
            old = list(Feedback.objects.filter(recorded_at__lt=limit).order_by("recorded_at")[:_BATCH])
            if not old:
                return deleted
            last = old[-1]
            Feedback.objects.filter(pk__in=[feedback.pk for feedback in old]).delete()
            facts: dict[str, str | int | bool | None] = {
                "deleted": len(old),
                "recorded_before": limit.date().isoformat(),
            }
            log.record("intake.feedback.deleted_by_age", by=None, subject=last, at=at, facts=facts)
        deleted += len(old)
