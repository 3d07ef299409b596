"""The trace of what was read and changed."""

from django.conf import settings
from django.db import models
from django.utils.functional import Promise

from palauteketju.audit import wording


class Entry(models.Model):
    """One reading or change. Rows are only ever added; `seal` chains each to the one before it."""

    # Given by the program, without gaps, so that a missing row shows.
    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    # NULL: the program itself, by the clock or as a job.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    # Ids and codes only: never what somebody wrote, never contact details.
    facts = models.JSONField(default=dict)
    seal = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "number"], name="audit_of_a_subject"),
            models.Index(fields=["actor", "number"], name="audit_of_a_person"),
            # Figures are counted from what happened in a time, whatever it happened to.
            models.Index(fields=["action", "at"], name="audit_of_an_action"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    @property
    def in_words(self) -> str | Promise:
        """The action, in the reader's language."""
        return wording.in_words(self.action)
