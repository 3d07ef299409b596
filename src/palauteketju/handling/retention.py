"""What handling forgets, and when."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from palauteketju.audit import log
from palauteketju.handling.models import Case, Digest, Draft
from palauteketju.intake.models import ContactRequest
from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Person, Role
from palauteketju.organisation.rules import county_rules

# Long enough for its writer to come back from leave and see that a colleague was first.
DRAFT_AFTER_CLOSING: Final = timedelta(days=14)
# A role taken away by mistake comes back within a day, and then the draft is still there.
DRAFT_WITHOUT_ROLE: Final = timedelta(days=1)

DIGESTS_KEPT_FOR: Final = timedelta(days=31)


def delete_contact_details(*, at: datetime) -> int:
    """Delete the contact details of cases closed the county's number of days ago or earlier; returns how many."""
    closed_by = at - county_rules().retention.contact_details_after_closing
    # A feedback in two cases keeps them until the last one has been closed for so long.
    cases = Case.objects.filter(feedback=OuterRef("feedback"))
    is_done = Exists(cases) & ~Exists(cases.exclude(closed_at__lte=closed_by))
    deleted = 0
    for request_id, feedback_id in ContactRequest.objects.filter(is_done).values_list("pk", "feedback_id"):
        with transaction.atomic():
            gone, _by_model = ContactRequest.objects.filter(pk=request_id).delete()
            if gone:
                case = Case.objects.get(feedback=feedback_id, split_from=None)
                log.record("handling.contact_details.deleted", by=None, subject=case, at=at)
                deleted += 1
    return deleted


def delete_drafts(*, at: datetime) -> int:
    """Delete drafts of cases long closed, and of people who no longer handle the case; returns how many."""
    deleted, _by_model = Draft.objects.filter(case__closed_at__lte=at - DRAFT_AFTER_CLOSING).delete()
    old = Draft.objects.filter(saved_at__lte=at - DRAFT_WITHOUT_ROLE)
    for person in Person.objects.filter(pk__in=old.values("person").distinct()):
        lost = old.filter(person=person)
        if person.is_active:
            lost = lost.exclude(case__unit__in=units_of(person, Role.Kind.HANDLER).values("pk"))
        deleted += lost.delete()[0]
    return deleted


def delete_digests(*, at: datetime) -> int:
    """Delete what is known of daily e-mails of more than a month ago; returns how many there were."""
    gone, _by_model = Digest.objects.filter(at__lt=at - DIGESTS_KEPT_FOR).delete()
    return gone
