"""Finding a feedback. Only handling may ask (import-linter)."""

from django.conf import settings

from palauteketju.intake.models import Feedback
from palauteketju.privacy import receipts


def by_receipt(typed: str) -> Feedback | None:
    """The customer's own feedback by the code on the receipt, however it was spaced."""
    code = receipts.normalise(typed)
    if code is None:
        return None
    found = Feedback.objects.filter(receipt_hash=receipts.fingerprint(code, settings.KEY_RING))
    return found.select_related("unit", "contact_request").first()
