"""Counts only: who gave an answer is not here, and nothing here leads back to a feedback.

A pool is read by `insight.actions` alone. Everything else reads blocks and sums of whole blocks.
"""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from palauteketju.organisation.models import Person, Unit
from palauteketju.organisation.sendings import Sending


class Cutoff(models.Model):
    """How far answers have been counted, and when blocks last closed: one row, locked by whoever counts."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_until = models.DateTimeField()
    # A day of Europe/Helsinki; NULL before the first closing.
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="cutoff_is_one_row")]

    def __str__(self) -> str:
        return f"counted until {self.counted_until}"


class Pool(models.Model):
    """Answers of one unit to one stream that no block has yet. Never shown, in no form."""

    # The unit's code.
    scope = models.CharField(max_length=40)
    stream = models.CharField(max_length=60)
    # The day on which the oldest of them was counted in.
    opened = models.DateField()
    counts = models.JSONField()
    # The largest least sizes that were in force while it gathered, or that anybody in it was promised when answering.
    k = models.PositiveSmallIntegerField()
    public_k = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "stream"], name="one_pool_a_scope_and_stream")
        ]

    def __str__(self) -> str:
        return f"pool of {self.scope} for {self.stream}"


class Released(models.Model):
    """Answers counted together, never to be divided again."""

    # A unit's code, or "other:" and the code of an area or county.
    scope = models.CharField(max_length=46)
    # NULL for the "other" ones.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    # Where the scope belonged when this closed, by code; a unit that moves later leaves its past behind.
    area = models.CharField(max_length=40, blank=True)
    county = models.CharField(max_length=40, blank=True)
    stream = models.CharField(max_length=60)
    # The days on which its oldest answer was counted in and on which it closed.
    opened = models.DateField()
    closed = models.DateField()
    n = models.PositiveIntegerField()
    counts = models.JSONField()
    # The least size that was asked of it.
    k = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.scope} {self.stream} {self.closed}: {self.n}"


class PublicBlock(Released):
    """Consecutive blocks of one scope and stream that together are enough for the public."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(n__gte=models.F("k")), name="public_block_has_k")
        ]
        indexes = [models.Index(fields=["scope", "closed"], name="public_block_of_scope")]


class Block(Released):
    """What everybody inside the county may see."""

    # What the public was promised when these answers were given.
    public_k = models.PositiveSmallIntegerField()
    public = models.ForeignKey(PublicBlock, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(n__gte=models.F("k")), name="block_has_k")]
        indexes = [
            # Reports of a unit, and whether a unit has any figure in a period.
            # The comparison page reads one stream of them.
            models.Index(fields=["scope", "closed", "stream"], name="block_of_scope"),
            # The tails that later blocks finish; a few rows a unit, however long the history.
            models.Index(
                fields=["scope"], condition=models.Q(public__isnull=True), name="block_not_public_yet"
            ),
        ]


class DayTotal(models.Model):
    """The sum of all blocks that closed on one day in an area or county, so that no report adds them up again."""

    # The code of the area or county; its "other" blocks are in it.
    scope = models.CharField(max_length=40)
    # True: the sum of public blocks.
    is_public = models.BooleanField()
    closed = models.DateField()
    stream = models.CharField(max_length=60)
    opened = models.DateField()
    n = models.PositiveIntegerField()
    counts = models.JSONField()

    class Meta:
        constraints = [
            # Also the index by which reports read; and a second closing on one day would break on it.
            models.UniqueConstraint(
                fields=["scope", "is_public", "closed", "stream"], name="one_total_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.stream} {self.closed}: {self.n}"


class MonthTotal(models.Model):
    """The sum of all blocks that closed in a month in a unit, area or county: a year is 12 of them, not 365 days."""

    # A code; the "other" blocks are in those of their area and county.
    scope = models.CharField(max_length=40)
    # True: the sum of public blocks.
    is_public = models.BooleanField()
    # By its first day.
    month = models.DateField()
    stream = models.CharField(max_length=60)
    # The days on which the oldest answer was counted in and the last of the blocks closed.
    opened = models.DateField()
    closed = models.DateField()
    counts = models.JSONField()

    class Meta:
        constraints = [
            # Also the index by which reports read.
            models.UniqueConstraint(
                fields=["scope", "is_public", "month", "stream"], name="one_total_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.stream} {self.month:%Y-%m}"


class ReportOrder(models.Model):
    """A person wants a link to the weekly report of a unit, area or county every Monday."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    scope = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "scope"], name="one_order_a_scope")]

    def __str__(self) -> str:
        return f"report order {self.pk}"


class ReportMail(Sending):
    """One e-mail with the links to a week's reports; the row is there before it is sent, and claimed while it is."""

    NAME = _("Links to the weekly reports")

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    # The week by its Monday.
    week = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "week"], name="one_report_mail_a_week")]

    def __str__(self) -> str:
        return f"report mail {self.pk}"


class Quote(models.Model):
    """An approved excerpt of one of the comments that a unit's blocks count. It has no day, language or channel of its own."""

    class Kind(models.TextChoices):
        THANKS = "thanks", _("Thanks")
        CRITICISM = "criticism", _("Criticism")
        IDEA = "idea", _("Improvement idea")

    # Random, and the order in which quotes are shown: neither arrival nor approval can be told from it.
    id = models.UUIDField(primary_key=True, default=uuid4)
    # The newest block of comments of the unit when the quote came; the comment is in it or in an earlier one.
    block = models.ForeignKey(Block, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.TextField()

    def __str__(self) -> str:
        return f"quote {self.pk}"
