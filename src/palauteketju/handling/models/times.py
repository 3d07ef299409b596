"""Time as it was promised and as it went: moved deadlines, the rules they were counted by, and how long customers waited."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.models.cases import Case, Message
from palauteketju.organisation.models import Unit


class DeadlineChange(models.Model):
    """One move of a case's deadline. Rows are only added; the first one's `before` is the day that was promised."""

    class Why(models.TextChoices):
        EXTENDED = "extended", _("Extended")
        RULES = "rules", _("The county's calendar or terms changed")
        URGENCY = "urgency", _("A handler judged the urgency")
        MESSAGE = "message", _("What the customer wrote counts as urgent")

    # They hurry the unit or not, and promise the customer nothing.
    OF_URGENCY = (Why.URGENCY, Why.MESSAGE)

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadline_changes")
    why = models.CharField(max_length=8, choices=Why)
    before = models.DateTimeField()
    after = models.DateTimeField()
    at = models.DateTimeField()
    # NULL: the program, because the rules changed or the customer wrote.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Why more time is needed, for the unit's handlers; else empty.
    reason = models.TextField(blank=True)
    # What the customer was told of it; a case split off has the changes before that with the same messages.
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            # Nobody gets more time without a reason and a word to the customer; that it is not urgent is a reason.
            models.CheckConstraint(
                condition=Q(why__in=["rules", "message"], by__isnull=True, message__isnull=True, reason="")
                | Q(why="urgency", by__isnull=False, message__isnull=True, reason="")
                | (Q(why="extended", by__isnull=False, message__isnull=False) & ~Q(reason="")),
                name="deadline_change_has_its_reason",
            )
        ]

    def __str__(self) -> str:
        return f"deadline change {self.pk}"


class CountingRules(models.Model):
    """The calendar and terms that deadlines were counted by from a time on; the newest row is the one in force."""

    digest = models.CharField(max_length=64)
    noticed_at = models.DateTimeField()
    # NULL: not every open case has been counted anew yet.
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"counting rules of {self.noticed_at}"


class AnswerTimes(models.Model):
    """How long at least k customers of a unit waited, in whole months that are never divided again (proof.py)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # Where the unit belonged when this closed; a unit that moves later leaves its past behind. NULL right under the county.
    area = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    first_month = models.DateField()
    last_month = models.DateField()
    cases = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    # How many waited so many whole hours; whoever was still waiting when the last month ended is in neither.
    reaction_hours = models.JSONField()
    response_hours = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "last_month"], name="answer_times_once"),
            models.CheckConstraint(
                condition=Q(first_month__lte=models.F("last_month")), name="answer_times_run_on"
            ),
        ]

    def __str__(self) -> str:
        return f"answer times {self.pk}"
