"""The road of a feedback: how the rules decided it, what a handler found after reading it, and the rules themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from palauteketju.intake.models import Feedback


class Triage(models.Model):
    """The road of one feedback and why, decided once and kept as it was decided."""

    class Road(models.TextChoices):
        URGENT_CONTACT = "urgent_contact", _("Urgent, an answer was asked for")
        URGENT = "urgent", _("Urgent, no answer was asked for")
        CONTACT = "contact", _("An answer was asked for")
        REPORTS = "reports", _("To the reports")

    feedback = models.OneToOneField(Feedback, models.CASCADE, primary_key=True, related_name="+")
    # Theme counts read a window of these times, so it is never changed.
    at = models.DateTimeField()
    road = models.CharField(max_length=14, choices=Road)
    # Codes of urgency, never words of the text.
    reasons = models.JSONField(default=list)
    # Where the words that the rules marked stand in the text: pairs of first character and the one after the last.
    marks = models.JSONField(default=list)
    # Theme codes, the most spoken of first.
    themes = models.JSONField(default=list)
    # NULL: the rules could not be run, so nobody knows.
    rules_version = models.PositiveIntegerField(null=True)
    themes_version = models.PositiveIntegerField(null=True)
    # Of the county's own file beside them, NULL where it has none; the digests are of both files together.
    own_rules_version = models.PositiveIntegerField(null=True)
    own_themes_version = models.PositiveIntegerField(null=True)
    rules_digest = models.CharField(max_length=64, blank=True)
    themes_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="triage_at")]

    def __str__(self) -> str:
        return f"triage of feedback {self.feedback_id}"


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


class OwnThemeWords(models.Model):
    """The county's own theme words as they were saved on the page; the newest are in force, and none ever changes."""

    version = models.PositiveIntegerField(primary_key=True)
    # As the [[theme]] of a file: code, fi, sv, en, remove, unless.
    entries = models.JSONField(default=list)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"own theme words {self.version}"


class UsedRules(models.Model):
    """A version of word rules that feedback may have been judged by: from then on its content is fixed."""

    name = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
