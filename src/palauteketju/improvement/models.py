"""What was decided because of the feedback: who does what by when, and what it changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from palauteketju.organisation.models import Unit


class Measure(models.Model):
    """An improvement measure. It rests on released figures of a unit, never on a feedback."""

    class State(models.TextChoices):
        RECORDED = "recorded", _("Waits for approval")
        RETURNED = "returned", _("Returned for mending")
        APPROVED = "approved", _("Public, under way")
        DONE = "done", _("Done")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # What the feedback was about: a stream, or one of the themes; both empty for all of it.
    stream = models.CharField(max_length=60, blank=True)
    theme = models.CharField(max_length=40, blank=True)
    # The days on which the blocks it rests on closed, and how many answers those had when it was recorded.
    period_from = models.DateField()
    period_to = models.DateField()
    n = models.PositiveIntegerField()

    title = models.CharField(max_length=120)
    description = models.CharField(max_length=1000, blank=True)
    # A role in words ("osastonhoitaja"), not a person: this becomes public.
    responsible = models.CharField(max_length=80)
    due = models.DateField()

    state = models.CharField(max_length=8, choices=State, default=State.RECORDED)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # Why communications sent it back.
    return_reason = models.CharField(max_length=500, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    # What it changed. Public only once it, too, is approved.
    effect = models.CharField(max_length=1000, blank=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    completed_at = models.DateTimeField(null=True)
    effect_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    effect_approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period_from__lte=F("period_to")), name="measure_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("recorded_by")), name="measure_has_two_pairs_of_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(effect_approved_by=F("completed_by")), name="effect_has_two_pairs_of_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "done"], approved_at__isnull=False)
                | Q(state__in=["recorded", "returned"], approved_at__isnull=True),
                name="measure_is_approved_or_not",
            ),
            models.CheckConstraint(
                condition=Q(state="done", completed_at__isnull=False)
                | (~Q(state="done") & Q(completed_at__isnull=True)),
                name="measure_is_done_or_not",
            ),
        ]
        indexes = [
            # The list of a unit, and the public page's.
            models.Index(fields=["unit", "-recorded_at"], name="measures_of_unit"),
            # What waits for communications; a handful of rows, however many there have been.
            models.Index(
                fields=["recorded_at"],
                condition=Q(state="recorded") | Q(state="done", effect_approved_at__isnull=True),
                name="measures_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def effect_waits(self) -> bool:
        """Done, and what it changed is still to be approved."""
        return self.state == self.State.DONE and self.effect_approved_at is None

    @property
    def waits(self) -> bool:
        """Whether communications should look at it."""
        return self.state == self.State.RECORDED or self.effect_waits


class BoardKey(models.Model):
    """Lets a screen without a person show a unit's board; what it shows, any visitor may see."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # Of the random part of the screen's address, which is shown once and stored nowhere.
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(revoked_at__isnull=True), name="one_living_board_key_a_unit"
            )
        ]

    def __str__(self) -> str:
        return f"board key {self.pk}"


class WeekReview(models.Model):
    """A work community went through a week's report together."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # The week by its Monday.
    week = models.DateField()
    # What was agreed on; of no customer.
    note = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # Also the index by which an area's table reads.
            models.UniqueConstraint(fields=["unit", "week"], name="a_week_is_reviewed_once"),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="review_is_of_a_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.week}"
