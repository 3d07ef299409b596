"""A printed case leaves the program: who took it, and whether contact details went along, is in the trail."""

from datetime import datetime

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.models import Case
from palauteketju.intake.models import ContactRequest
from palauteketju.intake.submissions import Contact
from palauteketju.organisation.models import Person


def record_printing(case: Case, *, with_contact: bool, by: Person, at: datetime) -> Contact | None:
    """Called before anything is printed; the contact details where they are asked for, and None otherwise.

    Once the case has closed they are hidden from paper too.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        request = None
        if with_contact and not case.is_closed:
            request = ContactRequest.objects.filter(feedback=case.feedback_id).first()
        contact = Contact(request.way, request.reveal()) if request else None
        facts = {"contact_details": contact is not None}
        log.record("handling.case.printed", by=by, subject=case, at=at, facts=facts)
    return contact
