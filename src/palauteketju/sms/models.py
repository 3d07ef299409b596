"""What sms keeps, and why nothing of it joins an answer to a phone number, a service event or a person.

1. A number is here, sealed, only in `OutgoingSms`, and the row goes as soon as the gateway has taken the message or it
   is given up. No delivered message has a row: what remains is one more in a `DecisionCount`. The gateway's own id
   of a message is not kept either, because the gateway's log knows its number.
2. An `OutgoingSms` has no token: the token is made when the row is claimed, lives in the message's text alone, and
   only its keyed hash is stored, in an `Invitation`. Neither row knows the other.
3. An `Invitation` knows a unit, a language and the week of a visit. It has no time of its making: it runs out on a
   Sunday, so that not even the day when the message left can be read from it. The rows of one claim are written in
   the order of their hashes, not in that of the outbox.
4. The answer is a `Feedback` like any other. Its mark is another keyed hash of the token, so that it cannot be made
   from the invitation's, and whoever has all tables and the key ring but not the message itself cannot join the two.
5. A number is recognised again (`Contacted`, `OptOut`) only by a keyed hash, with days and without a unit; an event
   (`SeenEvent`) by another, with the day of its decision. Neither is a key to anything else here.

What is left is arithmetic: in a unit that asked one person in a week, the answer of that week is that person's. The
tables do not say who it was; the patient system does. Blocks (insight) keep such an answer out of every report. The
database's own inner columns tell which rows one transaction wrote; whoever reads those reads the running server itself.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models

from palauteketju.organisation.models import Unit


class OutgoingSms(models.Model):
    """A message that waits for its time, or is just being handed to the gateway. At most one for a number."""

    class State(models.TextChoices):
        WAITING = "waiting"
        # Somebody is calling the gateway, or died doing so: never handed over by anybody else.
        CLAIMED = "claimed"

    # Known before the row is stored, because the seal is bound to it.
    id = models.UUIDField(primary_key=True, default=uuid4)
    sealed_phone = models.BinaryField()
    phone_hash = models.BinaryField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    # The visit asked about: from it follow the last moment of sending and whether another visit came later.
    occurred_at = models.DateTimeField()
    send_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", claimed_at__isnull=True)
                | models.Q(state="claimed", claimed_at__isnull=False),
                name="sms_claimed_has_its_time",
            )
        ]
        indexes = [
            # `send_due` reads the due ones, oldest first.
            models.Index(fields=["send_at"], condition=models.Q(state="waiting"), name="sms_due"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="claimed"), name="sms_claimed"),
        ]

    def __str__(self) -> str:
        return f"outgoing sms {self.pk}"

    @property
    def seal_context(self) -> str:
        return f"sms_outgoing:{self.pk}"

    def seal(self, number: str) -> None:
        self.sealed_phone = settings.KEY_RING.seal(number, context=self.seal_context)

    def number(self) -> str:
        """Raises CannotOpen when the key is no longer in the ring."""
        return str(settings.KEY_RING.open(bytes(self.sealed_phone), context=self.seal_context))


class SeenEvent(models.Model):
    """A service event that was decided: sent again, it is not decided again."""

    event_hash = models.BinaryField(primary_key=True, max_length=32)
    decided_on = models.DateField()

    def __str__(self) -> str:
        return f"event decided on {self.decided_on}"


class Contacted(models.Model):
    """The days that the rules about 30 days need of a number. Whoever may not be asked at all has no row."""

    phone_hash = models.BinaryField(primary_key=True, max_length=32)
    last_visit_on = models.DateField(null=True)
    # The last visit on a day before that: an event of the last day itself asks about this one.
    earlier_visit_on = models.DateField(null=True)
    last_invited_on = models.DateField(null=True)

    def __str__(self) -> str:
        return "a number that visited or was asked"


class OptOut(models.Model):
    """A number whose user has forbidden surveys. Kept until the user allows them again."""

    phone_hash = models.BinaryField(primary_key=True, max_length=32)

    def __str__(self) -> str:
        return "a number that surveys are not sent to"


class OptOutAsked(models.Model):
    """That somebody forbade surveys just now, whoever it was: a limit for programs that forbid them for everybody."""

    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"forbidden at {self.at}"


class DecisionCount(models.Model):
    """How many events or messages of a unit met a reason on a day: `eligibility.REASONS`, and `counting.OUTCOMES`."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=24)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day", "reason"], name="sms_count_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.reason}: {self.n}"


class Invitation(models.Model):
    """The right to answer once about a unit and a week. Nothing here may tell whose it is (see above)."""

    token_hash = models.BinaryField(primary_key=True, max_length=32)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    # ISO week of the visit, "2026-W46".
    event_week = models.CharField(max_length=8)
    # The last day of answering, always a Sunday.
    expires_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"invitation of {self.event_week}"
