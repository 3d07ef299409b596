"""What handling forgets, and when."""

from datetime import datetime

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.models import Case
from palauteketju.intake.models import ContactRequest
from palauteketju.organisation.rules import county_rules


def delete_contact_details(*, at: datetime) -> int:
    """Delete the contact details of cases closed the county's number of days ago or earlier; returns how many."""
    closed_by = at - county_rules().retention.contact_details_after_closing
    closed = Case.objects.filter(closed_at__lte=closed_by).values("feedback")
    deleted = 0
    for request_id, feedback_id in ContactRequest.objects.filter(feedback__in=closed).values_list(
        "pk", "feedback_id"
    ):
        with transaction.atomic():
            gone, _by_model = ContactRequest.objects.filter(pk=request_id).delete()
            if gone:
                case = Case.objects.get(feedback=feedback_id)
                log.record("handling.contact_details.deleted", by=None, subject=case, at=at)
                deleted += 1
    return deleted
