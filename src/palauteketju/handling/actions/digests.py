"""The daily e-mail: what waited for it, and the list of the late."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models, transaction
from django.db.models import When
from procrastinate.contrib.django import app as jobs

from palauteketju.audit import log
from palauteketju.handling.actions.mailing import note_delivery, note_refusal, still_needed
from palauteketju.handling.actions.prompting import QUEUE, defer_each
from palauteketju.handling.actions.reminding import wait_for_turn
from palauteketju.handling.models import Case, Digest, Prompt, PromptSettings
from palauteketju.handling.prompting.digest_mails import MOST_LINKS, Late, send_digest_mail
from palauteketju.handling.prompting.recipients import ROLES, in_charge_of
from palauteketju.handling.prompting.times import digest_has_come, wishes_of
from palauteketju.organisation.access import units_of
from palauteketju.organisation.days import day_of
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Person
from palauteketju.organisation.sendings import WAITING

DIGEST = "palauteketju.digest"


def announce_digests(*, at: datetime) -> int:
    """Promise today's digest to everybody for whom its hour has come and who has something to read in it; how many."""
    today = day_of(at)
    with transaction.atomic():
        wait_for_turn()
        people = _with_prompts(at) | _with_late_cases(at)
        people -= set(Digest.objects.filter(day=today, person__in=people).values_list("person", flat=True))
        digests = Digest.objects.bulk_create(
            [Digest(person_id=person, day=today, at=at) for person in sorted(people)]
        )
        announce_mails([digest.pk for digest in digests])
    return len(digests)


def send_digest(digest_id: int, *, at: datetime) -> bool:
    """Send a digest with what is in it now; whether it was sent. Raises MailNotSent, and then all of it still waits.

    As with a single prompt, a crash between the mail server and our commit sends that one message again.
    """
    if not Digest.claim(digest_id, at=at):
        return False
    digest = Digest.objects.select_related("person").get(pk=digest_id)
    person = digest.person
    # What an older one could not bring is in this one.
    Digest.objects.filter(person=person, day__lt=digest.day, claimed_at__isnull=True, **WAITING).update(
        dropped_at=at
    )
    prompts = still_needed(_due_prompts(person, at=at), person, at=at)
    late = _late_cases(person, at=at)
    if not prompts and not late.count:
        Digest.settle(digest.pk, dropped_at=at)
        return False
    try:
        send_digest_mail(digest, prompts, late)
    except MailNotSent as error:
        Digest.note_failure(digest.pk, str(error), at=at)
        if error.is_final:
            note_refusal(person, [*(prompt.case for prompt in prompts), *late.first], at=at)
        raise
    note_delivery(person)
    with transaction.atomic():
        Digest.settle(digest.pk, sent_at=at)
        Prompt.objects.filter(pk__in=[prompt.pk for prompt in prompts]).update(sent_at=at)
        facts = {"prompts": len(prompts), "late": late.count}
        log.record("handling.digest.sent", by=None, subject=person, at=at, facts=facts)
    return True


def announce_mails(ids: Sequence[int]) -> None:
    """The jobs that send these digests, in the caller's transaction."""
    defer_each(jobs.configure_task(DIGEST, queue=QUEUE), "digest_id", ids)


def _due_prompts(person: Person, *, at: datetime) -> Sequence[Prompt]:
    due = Prompt.objects.filter(person=person, in_digest=True, mail_at__lte=at, **WAITING)
    return list(due.select_related("case__unit", "about").order_by("at", "pk"))


def _late_cases(person: Person, *, at: datetime) -> Late:
    """The late cases the person is in charge of today: the urgent ones first, and of each kind the latest first."""
    if not person.is_active or not person.email:
        return Late(0, [])
    # Who stands in for another has the role too, so there are no units but these.
    units = list(units_of(person, *ROLES[Prompt.Kind.OVERDUE]).values_list("pk", flat=True))
    late = Case.objects.open().filter(due_at__lt=at, unit__in=units)
    in_charge = in_charge_of(late.values_list("unit", flat=True).distinct(), on=day_of(at))
    mine = [
        unit
        for unit in in_charge.chains
        if any(one.pk == person.pk for one in in_charge.of(unit, Prompt.Kind.OVERDUE))
    ]
    late = late.filter(unit__in=mine)
    urgent_first = models.Case(When(road__in=Case.URGENT_ROADS, then=0), default=1)
    return Late(late.count(), list(late.order_by(urgent_first, "due_at", "pk")[:MOST_LINKS]))


def _with_prompts(at: datetime) -> set[int]:
    due = Prompt.objects.filter(in_digest=True, mail_at__lte=at, **WAITING)
    people = set(due.values_list("person", flat=True).distinct())
    chosen = PromptSettings.objects.in_bulk(people)
    # What is left from before waits for the hour too: a digest at midnight would take the place of the day's own.
    return {person for person in people if digest_has_come(wishes_of(chosen.get(person)), at=at)}


def _with_late_cases(at: datetime) -> set[int]:
    late = Case.objects.open().filter(due_at__lt=at)
    units = set(late.order_by().values_list("unit", flat=True).distinct())
    in_charge = in_charge_of(units, on=day_of(at))
    return {
        person.pk
        for unit in units
        for person in in_charge.of(unit, Prompt.Kind.OVERDUE)
        if person.email and digest_has_come(in_charge.wishes(person), at=at, with_late=True)
    }
