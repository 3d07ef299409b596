"""Who is told that a case needs them, and when: each prompt is a row and a job before it is an e-mail."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from procrastinate.contrib.django import app as jobs

from palauteketju.audit import log
from palauteketju.handling.mails import send_customer_mail, send_prompt_mail
from palauteketju.handling.models import Case, CaseQuerySet, Message, Prompt
from palauteketju.handling.reminders import LONGEST_WAIT, remind_from
from palauteketju.intake.models import ContactRequest
from palauteketju.organisation.access import people_with_role, units_of
from palauteketju.organisation.models import Person, Role, Unit

logger = logging.getLogger(__name__)

PROMPT = "palauteketju.prompt"
TELL_CUSTOMER = "palauteketju.tell_customer"
QUEUE = "prompts"

_ROLES = {
    Prompt.Kind.NEW: (Role.Kind.HANDLER,),
    Prompt.Kind.NO_HANDLER: (Role.Kind.MANAGER,),
    Prompt.Kind.CUSTOMER_WROTE: (Role.Kind.HANDLER,),
    Prompt.Kind.REMINDER: (Role.Kind.HANDLER,),
    Prompt.Kind.OVERDUE: (Role.Kind.HANDLER, Role.Kind.MANAGER),
}


def promise_first_prompts(case: Case) -> int:
    """Prompt the unit's handlers; where nobody handles, its managers. In the caller's transaction; returns how many."""
    if made := promise_prompts(case, Prompt.Kind.NEW):
        return made
    made = promise_prompts(case, Prompt.Kind.NO_HANDLER)
    if not made:
        logger.warning("handling.nobody_to_prompt case=%s unit=%s", case.pk, case.unit_id)
    return made


def promise_prompts(case: Case, kind: Prompt.Kind, *, about: Message | None = None) -> int:
    """A row and a job for everybody whom this kind concerns and who has none yet. In the caller's transaction."""
    made = 0
    for person in _people(case.unit, _ROLES[kind]):
        prompt, is_new = Prompt.objects.get_or_create(case=case, person=person, kind=kind, about=about)
        if is_new:
            jobs.configure_task(PROMPT, queue=QUEUE).defer(prompt_id=prompt.pk)
            made += 1
    return made


def send_prompt(prompt_id: int, *, at: datetime) -> bool:
    """Send the e-mail of a prompt, unless it was sent or is no longer needed; whether it was sent now.

    Raises MailNotSent, and then the prompt still waits. A crash after the mail server took the message and before this
    returns sends that one message again, under the same Message-ID.
    """
    prompt = Prompt.objects.select_related("case__unit", "person").filter(pk=prompt_id).first()
    if prompt is None or prompt.sent_at or not _is_needed(prompt):
        return False
    send_prompt_mail(prompt)
    with transaction.atomic():
        Prompt.objects.filter(pk=prompt.pk).update(sent_at=at)
        log.record(
            "handling.prompt.sent",
            by=None,
            subject=prompt.case,
            at=at,
            facts={"kind": prompt.kind, "person": prompt.person_id},
        )
    return True


def send_due_reminders(*, at: datetime) -> int:
    """Announce the reminders due by `at`, each once: before the deadline to the handlers, after it to the managers too.

    Returns how many were announced; their e-mails are jobs of their own.
    """
    soon = _without(Prompt.Kind.REMINDER).filter(due_at__gte=at, due_at__lt=at + LONGEST_WAIT)
    late = _without(Prompt.Kind.OVERDUE).filter(due_at__lt=at)
    made = 0
    for case in soon:
        if case.due_at and remind_from(case.due_at, opened=case.opened_at, is_urgent=case.is_urgent) <= at:
            made += _announce(case, Prompt.Kind.REMINDER, at=at)
    for case in late:
        made += _announce(case, Prompt.Kind.OVERDUE, at=at)
    return made


def announce_to_customer(message: Message) -> None:
    """The job that tells the customer of a message, where e-mail was asked for. In the caller's transaction."""
    feedback = message.case.feedback_id
    if ContactRequest.objects.filter(feedback=feedback, way=ContactRequest.Way.EMAIL).exists():
        jobs.configure_task(TELL_CUSTOMER, queue=QUEUE).defer(message_id=message.pk)


def tell_customer(message_id: int, *, at: datetime) -> bool:
    """Tell by e-mail that there is something to read, where the customer asked for that; whether it was sent now.

    The address is opened only here. Raises MailNotSent; sent at least once, as prompts are.
    """
    message = Message.objects.select_related("case").filter(pk=message_id, told_at__isnull=True).first()
    if message is None:
        return False
    request = (
        ContactRequest.objects.filter(feedback=message.case.feedback_id, way=ContactRequest.Way.EMAIL)
        .select_related("feedback")
        .first()
    )
    if request is None:
        return False
    send_customer_mail(message, to=request.reveal(), language=request.feedback.language)
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(told_at=at)
        facts = {"message": message.pk}
        log.record("handling.customer.told", by=None, subject=message.case, at=at, facts=facts)
    return True


def _announce(case: Case, kind: Prompt.Kind, *, at: datetime) -> int:
    with transaction.atomic():
        made = promise_prompts(case, kind)
        if made:
            log.record(
                "handling.case.reminded",
                by=None,
                subject=case,
                at=at,
                facts={"kind": kind.value, "prompted": made},
            )
    return made


def _without(kind: Prompt.Kind) -> CaseQuerySet:
    told = Prompt.objects.filter(case=OuterRef("pk"), kind=kind)
    return (
        Case.objects.open()
        .filter(~Exists(told))
        .select_related("unit__parent__parent")
        .order_by("due_at", "pk")
    )


def _people(unit: Unit, roles: Iterable[Role.Kind]) -> list[Person]:
    """Each once. Who has no address cannot be prompted, and must not stand in the way of those who can."""
    people = {person.pk: person for role in roles for person in people_with_role(unit, role) if person.email}
    return list(people.values())


def _is_needed(prompt: Prompt) -> bool:
    person = prompt.person
    if prompt.case.is_closed or not person.is_active or not person.email:
        return False
    return units_of(person, *_ROLES[Prompt.Kind(prompt.kind)]).filter(pk=prompt.case.unit_id).exists()
