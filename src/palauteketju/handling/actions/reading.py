"""Readings leave a trace too: who saw what a customer wrote, or how to reach them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.errors import CaseAlreadyClosed
from palauteketju.handling.models import Case, Message
from palauteketju.intake.models import ContactRequest
from palauteketju.intake.submissions import Contact
from palauteketju.organisation.models import Person


def record_reading(case: Case, *, by: Person, at: datetime) -> None:
    """Once for each time the text is shown. A page calls it before it shows anything."""
    with transaction.atomic():
        log.record("handling.case.read", by=by, subject=case, at=at)


def record_list_reading(feedback_ids: Iterable[int], *, by: Person, at: datetime) -> None:
    """One entry for a list of raw feedback, naming what was on it."""
    ids = " ".join(str(number) for number in sorted(feedback_ids))
    with transaction.atomic():
        log.record("handling.feedback_list.read", by=by, subject=by, at=at, facts={"feedback": ids})


def record_search(found: Iterable[int], *, by: Person, at: datetime) -> None:
    """One entry for each search, naming the cases it showed and not a word of what was looked for."""
    ids = " ".join(str(number) for number in found)
    with transaction.atomic():
        log.record("handling.case.searched", by=by, subject=by, at=at, facts={"cases": ids})


def reveal_contact(case: Case, *, by: Person, at: datetime, letter: Message | None = None) -> Contact | None:
    """How the customer is reached, for example for the printing of `letter`; None when that has been deleted.

    Raises CaseAlreadyClosed: then nobody needs it.
    """
    with transaction.atomic():
        if Case.objects.select_for_update().get(pk=case.pk).is_closed:
            raise CaseAlreadyClosed
        request = ContactRequest.objects.filter(feedback=case.feedback_id).first()
        if request is None:
            return None
        contact = Contact(request.way, request.reveal())
        facts = {"letter": letter.pk} if letter else None
        log.record("handling.contact.read", by=by, subject=case, at=at, facts=facts)
    return contact
