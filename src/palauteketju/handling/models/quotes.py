"""What a customer said, as the reports may tell it: read, masked and approved by a handler."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Unit


class Quote(models.Model):
    """An approved excerpt. The reports get a copy of its text and kind, and keep nothing that leads back here."""

    class Kind(models.TextChoices):
        THANKS = "thanks", _("Thanks")
        CRITICISM = "criticism", _("Criticism")
        IDEA = "idea", _("Improvement idea")

    # NULL: the feedback has been deleted, and the quote leaves the reports and this table with the next tick.
    feedback = models.ForeignKey(Feedback, models.SET_NULL, null=True, related_name="+")
    # Where the feedback was given, and counted.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.TextField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    # Since when the reports have their copy; NULL while they have none.
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Every tick looks for what waits for its block, and for what has to leave the reports.
            models.Index(
                fields=["unit"],
                condition=Q(released_at__isnull=True, withdrawn_at__isnull=True),
                name="quote_waiting",
            ),
            models.Index(
                fields=["withdrawn_at"],
                condition=Q(released_at__isnull=False, withdrawn_at__isnull=False),
                name="quote_leaving",
            ),
            models.Index(fields=["unit"], condition=Q(feedback__isnull=True), name="quote_without_feedback"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback"],
                condition=Q(withdrawn_at__isnull=True),
                name="quote_one_of_a_feedback",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="quote_says_something"),
        ]

    def __str__(self) -> str:
        return f"quote {self.pk}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
