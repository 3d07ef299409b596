"""Whether a customer is asked if the answer helped, and what they said."""

from datetime import datetime

from palauteketju.handling.models import Case, FollowUp
from palauteketju.intake.models import Feedback
from palauteketju.organisation.rules import county_rules


def answered_case(feedback: Feedback) -> Case | None:
    """The case in which the customer was answered; of several parts of a feedback the one answered last."""
    answered = Case.objects.filter(feedback=feedback, answered_at__isnull=False)
    return answered.order_by("-answered_at").select_related("unit").first()


def is_asked(case: Case, *, at: datetime) -> bool:
    after = county_rules().ask_if_helped_after
    return case.answered_at is not None and case.answered_at + after <= at


def follow_up_of(feedback: Feedback, *, at: datetime) -> tuple[bool, str]:
    """Whether the question stands on the receipt page, and what the customer has said to it, in words."""
    case = answered_case(feedback)
    if case is None or not is_asked(case, at=at):
        return False, ""
    said = FollowUp.objects.filter(feedback=feedback).exclude(helped="").first()
    return True, str(said.get_helped_display()) if said else ""
