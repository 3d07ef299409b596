"""The e-mails of prompts: sent once, to whom still needs them, and what a mailbox that refuses them sets off."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from palauteketju.audit import log
from palauteketju.handling.actions.prompting import announce_prompts, promise_for
from palauteketju.handling.models import Case, Prompt, RefusedMailbox
from palauteketju.handling.prompting.mails import send_prompt_mail
from palauteketju.handling.prompting.recipients import ROLES, in_charge_of
from palauteketju.organisation import mails
from palauteketju.organisation.access import units_of
from palauteketju.organisation.days import day_of
from palauteketju.organisation.errors import MailNotSent
from palauteketju.organisation.models import Person, Role
from palauteketju.organisation.sendings import WAITING

# By SQL, because a worker asks it for all its e-mails and Django would take as long to write it as the rest together.
_FACTS = """
SELECT
    q.id,
    q.person_id,
    c.closed_at IS NULL AND p.is_active AND p.email <> ''
    AND EXISTS (
        SELECT 1 FROM organisation_role r
        WHERE r.person_id = p.id AND %(roles)s::jsonb -> q.kind ? r.kind AND r.unit_id IN (u.id, u.parent_id, a.parent_id)
    )
    AND NOT EXISTS (
        SELECT 1 FROM organisation_absence b
        WHERE b.person_id = p.id AND %(day)s BETWEEN b.first_day AND b.last_day
    ),
    EXISTS (SELECT 1 FROM handling_refusedmailbox m WHERE m.person_id = p.id)
FROM handling_prompt q
JOIN handling_case c ON c.id = q.case_id
JOIN organisation_person p ON p.id = q.person_id
JOIN organisation_unit u ON u.id = c.unit_id
LEFT JOIN organisation_unit a ON a.id = u.parent_id
WHERE q.id = ANY(%(prompts)s)
"""
_ROLES = json.dumps(ROLES)
# Seconds after which a job begins no further message: with a slow mail server its claims would run out.
LONGEST: Final = 20


@dataclass(frozen=True, slots=True)
class _Facts:
    # The prompts of which nothing has changed since they were promised. It is so for nearly all, and one query tells.
    plain: set[int]
    # The people whose mailbox refused the last prompt for good.
    refused: set[int]


def send_prompts(prompt_ids: Sequence[int], *, at: datetime) -> int:
    """Send the e-mails of prompts that were not sent yet and are still needed; how many were sent now.

    Raises MailNotSent where one was not, which then still waits. A mail that is refused keeps back none of the others; where
    the mailbox refuses it for good, its managers are told. After trouble of the server the rest waits for the next try.
    A crash after the mail server took a message and before that is stored sends this one again, under the same Message-ID.
    """
    prompts = Prompt.objects.filter(pk__in=prompt_ids, **WAITING).select_related("case__unit", "person")
    # What could not be sent before comes last, so that it keeps back none of the others for ever.
    found = list(prompts.order_by("tries", "pk"))
    facts = _facts_of(found, at=at)
    began, sent, failure = monotonic(), 0, None
    with mails.connection() as over:
        for place, prompt in enumerate(found):
            if monotonic() - began > LONGEST:
                announce_prompts([one.pk for one in found[place:]])
                break
            try:
                if _send(prompt, is_plain=prompt.pk in facts.plain, over=over, at=at):
                    sent += 1
                    if prompt.person_id in facts.refused:
                        note_delivery(prompt.person)
            except MailNotSent as error:
                if not error.is_of_this:
                    raise
                failure = error
                if error.is_final:
                    facts.refused.add(prompt.person_id)
    if failure:
        raise failure
    return sent


def _send(prompt: Prompt, *, is_plain: bool, over: BaseEmailBackend, at: datetime) -> bool:
    # A prompt of a digest waits for that one, also when a job comes for it.
    if not Prompt.claim(prompt.pk, at=at, mail_at__isnull=False, in_digest=False):
        return False
    if not is_plain and not still_needed([prompt], prompt.person, at=at):
        return False
    try:
        send_prompt_mail(prompt, over=over)
    except MailNotSent as error:
        Prompt.note_failure(prompt.pk, str(error), at=at)
        if error.is_final:
            note_refusal(prompt.person, [prompt.case], at=at)
        raise
    with transaction.atomic():
        Prompt.settle(prompt.pk, sent_at=at)
        log.record(
            "handling.prompt.sent",
            by=None,
            subject=prompt.case,
            at=at,
            facts={"kind": prompt.kind, "person": prompt.person_id},
        )
    return True


def still_needed(prompts: Sequence[Prompt], person: Person, *, at: datetime) -> list[Prompt]:
    """Those of the person's prompts that still have to reach them; the others are dropped here.

    Who has gone away since is replaced as if the prompt were made now.
    """
    has_left = not person.is_active or not person.email
    roles = () if has_left else (Role.Kind.HANDLER, Role.Kind.MANAGER)
    units = {role: set(units_of(person, role).values_list("pk", flat=True)) for role in roles}
    needed = [
        prompt
        for prompt in prompts
        if not prompt.case.is_closed
        and any(prompt.case.unit_id in units.get(role, ()) for role in ROLES[prompt.kind])
    ]
    in_charge = in_charge_of((prompt.case.unit_id for prompt in needed), on=day_of(at))
    is_away = in_charge.is_away(person)
    kept = set() if is_away else {prompt.pk for prompt in needed}
    dropped = {prompt.pk for prompt in prompts} - kept
    with transaction.atomic():
        Prompt.objects.filter(pk__in=dropped).update(dropped_at=at, claimed_at=None)
        for prompt in needed if is_away else []:
            promise_for(
                [prompt.case], Prompt.Kind(prompt.kind), in_charge=in_charge, about=prompt.about, at=at
            )
    return [] if is_away else needed


def note_refusal(person: Person, cases: Sequence[Case], *, at: datetime) -> None:
    """The person's mailbox refused what prompts to these cases: tell their managers, once until it takes mail again.

    Of another case of which nobody else can be told either, they are told once more. The prompt itself still waits and
    is tried again, and it is on the person's page.
    """
    in_charge = in_charge_of({case.unit_id for case in cases}, on=day_of(at))
    with transaction.atomic():
        _row, is_new = RefusedMailbox.objects.get_or_create(person=person, defaults={"since": at})
        if is_new:
            promise_for(cases[:1], Prompt.Kind.MAILBOX, in_charge=in_charge, at=at)
            log.record("handling.mailbox.refused", by=None, subject=person, at=at)
        else:
            told = set(
                Prompt.objects.filter(case__in=cases, kind=Prompt.Kind.MAILBOX).values_list("case", flat=True)
            )
            alone = [
                case
                for case in cases
                if case.pk not in told and not in_charge.reaches(case.unit_id, Prompt.Kind.NEW)
            ]
            promise_for(alone, Prompt.Kind.NO_HANDLER, in_charge=in_charge, at=at)


def note_delivery(person: Person) -> None:
    """The person's mailbox takes mail again; should it refuse once more, that is a new alarm."""
    RefusedMailbox.objects.filter(person=person).delete()


def _facts_of(prompts: Sequence[Prompt], *, at: datetime) -> _Facts:
    given: dict[str, Any] = {"prompts": [prompt.pk for prompt in prompts], "roles": _ROLES, "day": day_of(at)}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, given)
        rows = cursor.fetchall()
    return _Facts(
        plain={prompt for prompt, _person, is_plain, _refused in rows if is_plain},
        refused={person for _prompt, person, _plain, is_refused in rows if is_refused},
    )
