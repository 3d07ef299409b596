"""A phone's user forbids surveys."""

from datetime import datetime

from django.db import transaction

from palauteketju.sms import counting, fingerprints, queries
from palauteketju.sms.eligibility import local_day
from palauteketju.sms.errors import TooManyAtOnce
from palauteketju.sms.models import Contacted, OptOut, OptOutAsked, OutgoingSms


def forbid_surveys(number: str, *, at: datetime) -> None:
    """Send no survey to the number from `at` on; a waiting one is taken back. Appointment reminders are others' matter.

    `number` in the spelling of `finnish_mobile`. A number that is not known is forbidden just the same, and the
    caller is not told which it was. Raises TooManyAtOnce when a program seems to forbid them for everybody.
    """
    phone_hash = fingerprints.of_number(number)
    with transaction.atomic():
        if queries.too_many_opt_outs(at=at):
            raise TooManyAtOnce
        OptOutAsked.objects.create(at=at)
        OptOut.objects.get_or_create(phone_hash=phone_hash)
        # Nothing is asked any more, so nothing needs to be remembered of visits.
        Contacted.objects.filter(phone_hash=phone_hash).delete()
        message = OutgoingSms.objects.filter(phone_hash=phone_hash, state=OutgoingSms.State.WAITING).first()
        if message is not None:
            message.delete()
            counting.add({(message.unit_id, local_day(at), counting.WITHDRAWN): 1})
