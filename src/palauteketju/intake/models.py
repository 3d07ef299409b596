"""What customers said, as they said it. Only handlers read these rows as such (see docs/privacy.md)."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils.translation import gettext_lazy as _

from palauteketju.organisation.models import Unit

# People write in other languages than the form's, so each word is indexed as each of the three bends it. A search must
# use this very expression, or it reads every row.
WORDS_OF_TEXT = (
    SearchVector("text", config="finnish")
    + SearchVector("text", config="swedish")
    + SearchVector("text", config="english")
)


class Feedback(models.Model):
    """One feedback of one customer. The rating of a visit and a long letter are both one row."""

    class Channel(models.TextChoices):
        WEB = "web", _("Web form")
        QR = "qr", _("QR code")
        KIOSK = "kiosk", _("Kiosk")
        SMS = "sms", _("Text message survey")
        PAPER = "paper", _("Paper")
        PHONE = "phone", _("Phone call")
        SPOKEN = "spoken", _("Spoken on the spot")

    class Respondent(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        CHILD = "child", _("Child")
        RELATIVE = "relative", _("Relative")

    class Kind(models.TextChoices):
        THANKS = "thanks", _("Thanks")
        CRITICISM = "criticism", _("Criticism")
        IDEA = "idea", _("Improvement idea")
        QUESTION = "question", _("Question")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel)
    respondent = models.CharField(max_length=8, choices=Respondent)
    # Somebody helped the respondent to answer.
    assisted = models.BooleanField(default=False)
    language = models.CharField(max_length=2)
    question_set = models.CharField(max_length=40)
    answers = models.JSONField()
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=9, choices=Kind, blank=True)
    # The customer's own word that this cannot wait.
    needs_attention = models.BooleanField(default=False)
    # Stays true after the contact details are deleted: it decides the road.
    wants_answer = models.BooleanField(default=False)
    # When the county received it; deadlines count from here. For paper the day it came, not the day it was keyed in.
    arrived_at = models.DateTimeField()
    # When it was stored; figures count by this, so that late paper never changes a released block.
    recorded_at = models.DateTimeField()
    # The version of the anonymity promise that the customer was shown.
    promise = models.PositiveSmallIntegerField()
    # The least sizes of a figure that the promise named that day, inside the county and in public. A county that lowers
    # them later keeps to these. 0: nothing was noted, so what holds when it is counted.
    promised_k = models.PositiveSmallIntegerField(default=0, db_default=0)
    promised_public_k = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Repeating a send gives the same feedback.
    nonce = models.UUIDField(unique=True)
    receipt_hash = models.BinaryField(max_length=32, unique=True)
    # Waits for somebody (the job, or the sweep of `tick`) to decide its road.
    triage_due = models.BooleanField()

    class Meta:
        indexes = [
            # insight's daily count reads a time window over all units.
            models.Index(fields=["recorded_at"], name="feedback_recorded"),
            # The sweep for what no worker triaged; nearly always empty.
            models.Index(
                fields=["recorded_at"], condition=models.Q(triage_due=True), name="feedback_untriaged"
            ),
            # Handlers search for words in the cases of their units. A rating without words costs nothing here.
            GinIndex(WORDS_OF_TEXT, condition=~models.Q(text=""), name="feedback_words"),
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class ContactRequest(models.Model):
    """How to reach a customer who asked for an answer: apart from the feedback, sealed, and deleted on its own."""

    class Way(models.TextChoices):
        RECEIPT = "receipt", _("On this site, with the receipt code")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        PHONE = "phone", _("Phone call")
        LETTER = "letter", _("Letter")

    # Known before the row is stored, because the seal is bound to it.
    id = models.UUIDField(primary_key=True, default=uuid4)
    feedback = models.OneToOneField(Feedback, models.CASCADE, related_name="contact_request")
    way = models.CharField(max_length=7, choices=Way)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"contact request of {self.feedback_id}"

    @property
    def seal_context(self) -> str:
        return f"intake_contactrequest:{self.pk}"

    def hide(self, value: str) -> None:
        self.sealed = settings.KEY_RING.seal(value, context=self.seal_context)

    def reveal(self) -> str:
        """The contact details. Whoever calls this writes the reading to the audit trail."""
        return str(settings.KEY_RING.open(bytes(self.sealed), context=self.seal_context))
