"""What people and files say of a triage: a handler's own judgement beside it, and the rules it was made by."""

from django.conf import settings
from django.db import models

from palauteketju.intake.models import Feedback


class UrgencyReview(models.Model):
    """What a handler found of a feedback after reading it; the newest judgement stands, the trail has them all."""

    feedback = models.OneToOneField(Feedback, models.CASCADE, primary_key=True, related_name="+")
    is_urgent = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"urgency review of feedback {self.feedback_id}"


class ThemeCorrection(models.Model):
    """The themes a handler chose instead of the suggested ones, which stay in the triage."""

    feedback = models.OneToOneField(Feedback, models.CASCADE, primary_key=True, related_name="+")
    # Theme codes, the main one first; empty: it speaks of none of them.
    themes = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"theme correction of feedback {self.feedback_id}"


class UsedRules(models.Model):
    """A version of word rules that feedback may have been judged by: from then on its content is fixed."""

    name = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
