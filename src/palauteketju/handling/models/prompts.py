"""How people are prompted: what each of them chose, the units' chat channels, digests; and the question after four weeks."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.models.cases import Case, Message
from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Unit
from palauteketju.organisation.sendings import Sending

TO_STAFF = _("E-mails to staff")
TO_CUSTOMERS = _("E-mails and text messages to customers")


class Prompt(Sending):
    """That a case needs a person: shown to them until they have seen it, and mailed once, at once or in a digest."""

    class Kind(models.TextChoices):
        NEW = "new", _("New")
        NO_HANDLER = "no_handler", _("New, and the unit has no handler")
        MAILBOX = "mailbox", _("The mailbox of a handler refuses e-mail")
        CUSTOMER_WROTE = "customer_wrote", _("The customer wrote")
        MOVED = "moved", _("From another unit")
        REMINDER = "reminder", _("Reminder")
        OVERDUE = "overdue", _("Late")

    NAME = TO_STAFF
    DUE = "mail_at"

    case = models.ForeignKey(Case, models.CASCADE, related_name="prompts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    # The message it is about, of the customer's or of a move; NULL for what concerns the whole case. An alarm has that of
    # what nobody could be told of.
    about = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    # The deadline that is near or past; a later one is reminded of anew. NULL for the other kinds.
    deadline = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=Now())
    # When it is due by e-mail; NULL: the person is not mailed of it.
    mail_at = models.DateTimeField(null=True)
    in_digest = models.BooleanField(default=False, db_default=False)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # The digests and the sweep look for what waits.
            models.Index(
                fields=["mail_at"],
                condition=Q(mail_at__isnull=False, sent_at__isnull=True, dropped_at__isnull=True),
                name="prompt_waiting",
            ),
            # The number in the bar of every page.
            models.Index(fields=["person"], condition=Q(seen_at__isnull=True), name="prompt_unseen"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "kind", "about", "deadline"],
                nulls_distinct=False,
                name="prompt_each_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["reminder", "overdue"]) ^ Q(deadline__isnull=True),
                name="prompt_of_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["customer_wrote", "moved"], about__isnull=False)
                | Q(kind__in=["new", "mailbox", "reminder", "overdue"], about__isnull=True)
                | Q(kind="no_handler"),
                name="prompt_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} prompt {self.pk}"

    @classmethod
    def due(cls, *, at: datetime) -> models.QuerySet["Prompt"]:
        # What is in a digest goes with it.
        return super().due(at=at).filter(in_digest=False)


class PromptSettings(models.Model):
    """What a person chose. What the county no longer allows counts as not chosen (prompting.times.wishes_of)."""

    class Urgent(models.TextChoices):
        EMAIL = "email", _("By e-mail at once")
        CHAT = "chat", _("In the unit's chat channel at once; by e-mail where the unit has none")

    class Others(models.TextChoices):
        DIGEST = "digest", _("In one e-mail a day")
        AT_ONCE = "at_once", _("By e-mail at once")
        APP = "app", _("Only here, on the page of prompts")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    urgent = models.CharField(max_length=5, choices=Urgent)
    others = models.CharField(max_length=7, choices=Others)
    digest_hour = models.PositiveSmallIntegerField()
    # 1 is Monday.
    digest_weekdays = models.JSONField()

    def __str__(self) -> str:
        return f"prompt settings of person {self.person_id}"


class ChatChannel(models.Model):
    """A channel of Teams or another chat, by the secret address of its webhook, for a unit or all that is below it."""

    class Format(models.TextChoices):
        TEAMS = "teams", _("Microsoft Teams")
        TEXT = "text", _("Another chat that takes a JSON text (Slack, Mattermost, Rocket.Chat)")

    # Known before the row is stored, because the seal is bound to it.
    id = models.UUIDField(primary_key=True, default=uuid4)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    format = models.CharField(max_length=5, choices=Format)
    only_urgent = models.BooleanField(default=False)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(closed_at__isnull=True), name="chat_channel_one_of_a_unit"
            )
        ]

    def __str__(self) -> str:
        return f"chat channel of unit {self.unit_id}"

    @property
    def _seal_context(self) -> str:
        return f"handling_chatchannel:{self.pk}"

    def hide(self, address: str) -> None:
        self.sealed = settings.KEY_RING.seal(address, context=self._seal_context)

    def reveal(self) -> str:
        """Whoever has the address can write to the channel."""
        return str(settings.KEY_RING.open(bytes(self.sealed), context=self._seal_context))


class ChatPost(Sending):
    """One message to a channel that a case needs its unit; as a prompt, and without content like one."""

    NAME = _("Messages to chat channels")

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    channel = models.ForeignKey(ChatChannel, models.CASCADE, related_name="posts")
    # A kind of Prompt.
    kind = models.CharField(max_length=14)
    about = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    deadline = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="chat_post_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "channel", "kind", "about", "deadline"],
                nulls_distinct=False,
                name="chat_post_each_once",
            )
        ]

    def __str__(self) -> str:
        return f"chat post {self.pk}"


class Digest(Sending):
    """One e-mail of a day to one person: the prompts that waited for it, and the list of the late."""

    NAME = TO_STAFF

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="digest_waiting",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="digest_one_a_day")]

    def __str__(self) -> str:
        return f"digest {self.pk}"


class CustomerWay(models.TextChoices):
    """How the program itself can tell a customer that something waits to be read."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class CustomerNotice(Sending):
    """What tells a customer of one message; made together with the message where the customer asked to be told so."""

    NAME = TO_CUSTOMERS

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="+")
    way = models.CharField(max_length=5, choices=CustomerWay)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="customer_notice_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"customer notice of message {self.message_id}"


class RefusedMailbox(models.Model):
    """A person whose mailbox refused a prompt for good; the row goes when it takes one again."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"refused mailbox of person {self.person_id}"


class FollowUp(Sending):
    """Whether the answer helped: the message that asks, where there is one, and what the customer said, once."""

    NAME = TO_CUSTOMERS

    class Helped(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    feedback = models.OneToOneField(Feedback, models.CASCADE, related_name="+")
    # Who answered; the figure is theirs also when the feedback was given to another unit.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # By which message it is asked; empty: it only stands on the receipt page.
    way = models.CharField(max_length=5, choices=CustomerWay, blank=True)
    helped = models.CharField(max_length=6, choices=Helped, blank=True)
    # Reports count a window of these times, so it is never changed.
    helped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["helped_at"], condition=Q(helped_at__isnull=False), name="follow_up_answered"
            ),
            models.Index(
                fields=["at"],
                condition=~Q(way="") & Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="follow_up_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(helped="", helped_at__isnull=True)
                | Q(helped__in=["yes", "partly", "no"], helped_at__isnull=False),
                name="follow_up_answer_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return f"follow-up of feedback {self.feedback_id}"

    @classmethod
    def due(cls, *, at: datetime) -> models.QuerySet["FollowUp"]:
        return super().due(at=at).exclude(way="")
