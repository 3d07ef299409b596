"""Cases: what somebody must react to, by when, and what was said and done."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from palauteketju.intake.models import Feedback
from palauteketju.organisation.models import Unit


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
    # Theme codes, the most spoken of first.
    themes = models.JSONField(default=list)
    # NULL: the rules could not be run, so nobody knows.
    rules_version = models.PositiveIntegerField(null=True)
    themes_version = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="triage_at")]

    def __str__(self) -> str:
        return f"triage of feedback {self.feedback_id}"


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(closed_at__isnull=True)


class Case(models.Model):
    """One feedback that somebody must react to. Whether it is new, waiting or late follows from its times."""

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

    feedback = models.OneToOneField(Feedback, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    road = models.CharField(max_length=17, choices=Road)
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

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            # The worklist: the open cases of some units by due time.
            models.Index(
                fields=["unit", "due_at"], condition=Q(closed_at__isnull=True), name="case_open_of_unit"
            ),
            # Reminders look over all units for what is due soon or late.
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="case_open_due"),
            # Retention counts from here.
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="case_closed"),
        ]
        constraints = [
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
        return self.road in {Case.Road.URGENT_CONTACT, Case.Road.URGENT}

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

    # What the customer reads at the receipt page; a function of the class would need an instance.
    SHOWN_TO_CUSTOMER = (Kind.CLARIFICATION, Kind.RESPONSE, Kind.FROM_CUSTOMER)

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=13, choices=Kind)
    # NULL: the customer, who never gives a name.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    # When the customer was told by e-mail that there is something to read.
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="from_customer", author__isnull=True)
                | Q(kind__in=["clarification", "response", "note", "call"], author__isnull=False),
                name="message_author_unless_customer",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="response"), name="message_one_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Prompt(models.Model):
    """One e-mail to one person that a case needs them. The row is the promise that it is sent, once."""

    class Kind(models.TextChoices):
        NEW = "new", _("New")
        NO_HANDLER = "no_handler", _("New, and the unit has no handler")
        CUSTOMER_WROTE = "customer_wrote", _("The customer wrote")
        REMINDER = "reminder", _("Reminder")
        OVERDUE = "overdue", _("Late")

    case = models.ForeignKey(Case, models.CASCADE, related_name="prompts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    # The customer's message it is about; NULL for what concerns the whole case.
    about = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "kind", "about"], nulls_distinct=False, name="prompt_each_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="customer_wrote", about__isnull=False)
                | Q(kind__in=["new", "no_handler", "reminder", "overdue"], about__isnull=True),
                name="prompt_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} prompt {self.pk}"
