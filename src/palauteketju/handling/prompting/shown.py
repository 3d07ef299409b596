"""The prompts a person has not yet seen, and what waits to be sent: for pages."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count, Exists, Min, OuterRef

from palauteketju.handling.access import cases_for
from palauteketju.handling.models import (
    Case,
    ChatPost,
    CustomerNotice,
    Digest,
    FollowUp,
    Prompt,
    RefusedMailbox,
)
from palauteketju.organisation.absences import KINDS
from palauteketju.organisation.models import Person, Role
from palauteketju.organisation.sendings import WAITING, Sending


@dataclass(frozen=True)
class Unsent:
    """What should have gone out by one way and has not: how many, since when, and why the last try failed."""

    n: int
    since: datetime | None
    failure: str
    failed_at: datetime | None


NOTHING = Unsent(0, None, "", None)


def unseen_by(person: Person) -> models.QuerySet[Prompt]:
    """Of open cases that are still the person's to see."""
    return Prompt.objects.filter(
        person=person, seen_at__isnull=True, case__in=cases_for(person).open().values("pk")
    )


def unsent_prompts(*, at: datetime) -> Unsent:
    """E-mails to staff that are due, single ones and digests."""
    single = _unsent(Prompt.objects.filter(mail_at__lte=at, in_digest=False, **WAITING), "mail_at")
    digests = _unsent(Digest.objects.filter(at__lte=at, **WAITING), "at")
    return _together(single, digests)


def unsent_posts(*, at: datetime) -> Unsent:
    return _unsent(ChatPost.objects.filter(at__lte=at, **WAITING), "at")


def unsent_to_customers(*, at: datetime) -> Unsent:
    """E-mails that tell a customer of a message or ask whether the answer helped."""
    asked = _unsent(FollowUp.objects.filter(at__lte=at, **WAITING).exclude(way=""), "at")
    told = _unsent(CustomerNotice.objects.filter(at__lte=at, **WAITING), "at")
    return _together(asked, told)


def refused_mailboxes() -> list[RefusedMailbox]:
    """Whose mailboxes refuse e-mail, of those who are prompted at all; the first one first."""
    prompted = Role.objects.filter(person=OuterRef("person"), kind__in=KINDS)
    refused = RefusedMailbox.objects.filter(Exists(prompted), person__is_active=True)
    return list(refused.select_related("person").order_by("since", "pk"))


def untold_of(case: Case) -> CustomerNotice | None:
    """The newest message of this case that the customer was to be told of and perhaps was not; `dropped_at`: and will not be."""
    untold = CustomerNotice.objects.filter(
        message__case=case, failed_at__isnull=False, sent_at__isnull=True
    ).exclude(failure="")
    return untold.order_by("-at", "-pk").first()


def cases_without_anybody() -> int:
    """Open cases of which nobody has ever been prompted: no handler and no manager was at work."""
    told = Prompt.objects.filter(case=OuterRef("pk"))
    return Case.objects.open().filter(~Exists(told), due_at__isnull=False).count()


def _unsent(rows: "models.QuerySet[models.Model]", since: str) -> Unsent:
    counted = rows.aggregate(n=Count("pk"), since=Min(since))
    if not counted["n"]:
        return NOTHING
    last = rows.filter(failed_at__isnull=False).order_by("-failed_at").first()
    failure, failed_at = (last.failure, last.failed_at) if isinstance(last, Sending) else ("", None)
    return Unsent(counted["n"], counted["since"], failure, failed_at)


def _together(one: Unsent, other: Unsent) -> Unsent:
    since = [each.since for each in (one, other) if each.since]
    latest = max(
        (each for each in (one, other) if each.failed_at),
        key=lambda each: each.failed_at.timestamp() if each.failed_at else 0,
        default=NOTHING,
    )
    return Unsent(one.n + other.n, min(since, default=None), latest.failure, latest.failed_at)
