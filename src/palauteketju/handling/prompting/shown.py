"""The prompts a person has not yet seen, and who could not be told of something: for pages."""

from typing import Final

from django.db import models
from django.db.models import Exists, OuterRef

from palauteketju.handling.access import units_seen
from palauteketju.handling.models import (
    Case,
    CustomerNotice,
    Prompt,
    RefusedMailbox,
)
from palauteketju.organisation.absences import KINDS
from palauteketju.organisation.models import Person, Role, Unit

URGENT_FIRST: Final = models.Case(
    models.When(case__road__in=Case.URGENT_ROADS, then=0), default=1, output_field=models.IntegerField()
)


def unseen_by(person: Person) -> models.QuerySet[Prompt]:
    """Of open cases that are still the person's to see."""
    unseen = Prompt.objects.filter(person=person, seen_at__isnull=True)
    return unseen.filter(case__closed_at__isnull=True, case__unit__in=units_seen(person))


def refused_mailboxes(units: models.QuerySet[Unit]) -> list[RefusedMailbox]:
    """Whose mailboxes refuse e-mail, of those who are prompted in these units; the first one first."""
    prompted = Role.objects.filter(person=OuterRef("person"), kind__in=KINDS, unit__in=units)
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
