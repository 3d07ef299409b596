"""Cases: what somebody must react to, by when, and what was said and done."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from palauteketju.intake.models import WORDS_OF_TEXT, Feedback
from palauteketju.organisation.models import Unit


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(closed_at__isnull=True)


class Case(models.Model):
    """A feedback, or a part of one, that somebody must react to. Whether it is new, waiting or late follows from its times."""

    class Road(models.TextChoices):
        URGENT_CONTACT = "urgent_contact", _("Urgent, an answer was asked for")
        URGENT = "urgent", _("Urgent, no answer was asked for")
        CONTACT = "contact", _("An answer was asked for")
        OPENED_BY_HANDLER = "opened_by_handler", _("Opened by a handler")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("The customer has been answered")
        ACTED = "acted", _("The unit has acted on it")
        NO_ANSWER_POSSIBLE = "no_answer_possible", _("An answer is not possible or no longer needed")
        REDIRECTED = "redirected", _("Passed on to whom it belongs")
        NOTHING_NEEDED = "nothing_needed", _("Nothing needed to be done")

    class FormalRoad(models.TextChoices):
        REMINDER = "reminder", _("Formal reminder")
        OMBUDSMAN = "ombudsman", _("Ombudsman")
        DANGER_NOTICE = "danger_notice", _("Danger notice")
        PRIVATE_PROVIDER = "private_provider", _("Private provider")

    URGENT_ROADS = (Road.URGENT_CONTACT, Road.URGENT)

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="+")
    # The unit that deals with it now; the feedback itself stays with the unit it was given to.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # The case this one was split from. One case of a feedback was split from none.
    split_from = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
    road = models.CharField(max_length=17, choices=Road)
    # Of the feedback: to limit the worklist by it, not all feedback has to be read.
    channel = models.CharField(max_length=6, choices=Feedback.Channel)
    why = models.JSONField(default=list)
    arrived_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    # Later than this is late. NULL: opened by a handler, nobody was promised anything.
    due_at = models.DateTimeField(null=True)
    # The first thing anybody of the unit wrote, said or did about it.
    first_reaction_at = models.DateTimeField(null=True)
    # Since when the customer has been asked for more; NULL when it is not the customer's turn.
    waiting_since = models.DateTimeField(null=True)
    # The customer's newest message that nobody has yet reacted to.
    customer_wrote_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=18, choices=Outcome, blank=True)
    # The road outside this program that the customer was shown.
    redirected_to = models.CharField(max_length=16, choices=FormalRoad, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            # The worklist: the open cases of some units by due time.
            models.Index(
                fields=["unit", "due_at"], condition=Q(closed_at__isnull=True), name="case_open_of_unit"
            ),
            # Reminders look over all units for what is due soon or late.
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="case_open_due"),
            # The clock asks every minute who was answered four weeks ago.
            models.Index(
                fields=["answered_at"], condition=Q(answered_at__isnull=False), name="case_answered"
            ),
            # Retention counts from here.
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="case_closed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback"], condition=Q(split_from__isnull=True), name="case_one_of_a_feedback"
            ),
            models.CheckConstraint(
                condition=Q(redirected_to="") | Q(answered_at__isnull=False),
                name="case_redirected_with_words",
            ),
            models.CheckConstraint(
                condition=Q(road__in=["urgent_contact", "urgent", "contact", "opened_by_handler"]),
                name="case_road_known",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(road="opened_by_handler"),
                name="case_promise_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(
                    closed_at__isnull=False,
                    first_reaction_at__isnull=False,
                    waiting_since__isnull=True,
                    outcome__in=["answered", "acted", "no_answer_possible", "redirected", "nothing_needed"],
                ),
                name="case_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="answered") | Q(answered_at__isnull=False),
                name="case_answered_when_it_says_so",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_urgent(self) -> bool:
        return self.road in Case.URGENT_ROADS

    @property
    def wants_answer(self) -> bool:
        return self.road in {Case.Road.URGENT_CONTACT, Case.Road.CONTACT}


class Message(models.Model):
    """One thing said or done in a case. Rows are only added; notes and calls are for the unit's handlers alone."""

    class Kind(models.TextChoices):
        CLARIFICATION = "clarification", _("Asked the customer for more")
        RESPONSE = "response", _("Answer to the customer")
        FROM_CUSTOMER = "from_customer", _("From the customer")
        NOTE = "note", _("Note")
        CALL = "call", _("Phone call")
        EXTENSION = "extension", _("Told of a later day")

    # What the customer reads at the receipt page; a function of the class would need an instance.
    SHOWN_TO_CUSTOMER = (Kind.CLARIFICATION, Kind.RESPONSE, Kind.FROM_CUSTOMER, Kind.EXTENSION)

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=13, choices=Kind)
    # NULL: the customer, who never gives a name.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        # Handlers search for words in the dialogues of their units.
        indexes = [GinIndex(WORDS_OF_TEXT, name="message_words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="from_customer", author__isnull=True)
                | Q(
                    kind__in=["clarification", "response", "note", "call", "extension"], author__isnull=False
                ),
                name="message_author_unless_customer",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="response"), name="message_one_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Draft(models.Model):
    """What one handler has begun to write to the customer of a case. Nobody else reads it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField()
    # Empty until its writer has chosen.
    kind = models.CharField(max_length=13, choices=Message.Kind, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="draft_one_of_a_person")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class ReplyTemplate(models.Model):
    """A text that handlers of a unit, or of all units below it, begin an answer from; its fields stand in braces."""

    LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    # Of the customer it is meant for.
    language = models.CharField(max_length=2, choices=LANGUAGES)
    name = models.CharField(max_length=80)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "language", "name"], name="reply_template_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Move(models.Model):
    """A case went to another unit. The note that tells why is what its new handlers are prompted about."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="moves")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    note = models.OneToOneField(Message, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"move {self.pk}"


class CaseLink(models.Model):
    """Two cases about the same matter; whoever handles both sees it."""

    first = models.ForeignKey(Case, models.CASCADE, related_name="+")
    second = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="case_link_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="case_link_in_order"),
        ]

    def __str__(self) -> str:
        return f"link {self.first_id}-{self.second_id}"
