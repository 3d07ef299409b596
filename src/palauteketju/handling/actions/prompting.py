"""Who is told that a case needs them, and how: each prompt is a row, and a job or a digest before it is an e-mail."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from procrastinate.contrib.django import app as jobs
from procrastinate.jobs import JobDeferrer

from palauteketju.audit import log
from palauteketju.handling.errors import MailNotSent
from palauteketju.handling.mails import send_customer_mail, send_prompt_mail
from palauteketju.handling.models import Case, Message, Prompt
from palauteketju.handling.prompt_models import ChatPost
from palauteketju.handling.prompt_times import NO_MAIL, day_of, mailing_of
from palauteketju.handling.recipients import ROLES, InCharge, in_charge_of
from palauteketju.intake.models import ContactRequest
from palauteketju.organisation.access import units_of
from palauteketju.organisation.models import Absence, Person, Role

logger = logging.getLogger(__name__)

PROMPT = "palauteketju.prompt"
CHAT = "palauteketju.chat"
TELL_CUSTOMER = "palauteketju.tell_customer"
QUEUE = "prompts"


def promise_first_prompts(case: Case) -> int:
    """Prompt the unit's handlers; where none is at work, its managers. In the caller's transaction; returns how many."""
    made = promise_prompts(case, Prompt.Kind.NEW)
    if not made:
        logger.warning("handling.nobody_to_prompt case=%s unit=%s", case.pk, case.unit_id)
    return made


def promise_prompts(
    case: Case, kind: Prompt.Kind, *, about: Message | None = None, at: datetime | None = None
) -> int:
    """Promise to prompt everybody whom this kind concerns and who was not, in the caller's transaction; how many.

    `at` is that of `about`, or of the opening of the case, when it is not given.
    """
    moment = at or (about.at if about else case.opened_at)
    in_charge = in_charge_of([case.unit_id], on=day_of(moment))
    return promise_for([case], kind, in_charge=in_charge, about=about, at=moment)[case.pk]


def promise_for(
    cases: Sequence[Case],
    kind: Prompt.Kind,
    *,
    in_charge: InCharge,
    at: datetime,
    about: Message | None = None,
) -> Counter[int]:
    """As `promise_prompts`, for many cases with few queries; how many prompts each case got.

    A case whose handlers cannot be reached (none, all away, none with an address) is an alarm to its managers.
    """
    told = set(
        Prompt.objects.filter(case__in=cases, kind=kind, about=about).values_list(
            "case", "person", "deadline"
        )
    )
    prompts = [
        _prompt(case, person, kind, in_charge=in_charge, about=about, at=at)
        for case in cases
        for person in in_charge.of(case.unit_id, kind)
        if (case.pk, person.pk, _deadline(case, kind)) not in told
    ]
    Prompt.objects.bulk_create(prompts, batch_size=1000)
    announce_prompts([one.pk for one in prompts if one.mail_at and not one.in_digest])
    made = Counter(prompt.case_id for prompt in prompts)
    if ROLES[kind] == (Role.Kind.HANDLER,):
        alarming = [
            case for case in cases if not any(person.email for person in in_charge.of(case.unit_id, kind))
        ]
        if alarming:
            made += promise_for(alarming, Prompt.Kind.NO_HANDLER, in_charge=in_charge, at=at)
    # The alarm is the manager's; what it is about has been posted already.
    if kind != Prompt.Kind.NO_HANDLER:
        _promise_posts(cases, kind, in_charge=in_charge, about=about, at=at)
    return made


def send_prompt(prompt_id: int, *, at: datetime) -> bool:
    """Send the e-mail of a prompt, unless it was sent or is no longer needed; whether it was sent now.

    Raises MailNotSent, and then the prompt still waits. A crash after the mail server took the message and before this
    returns sends that one message again, under the same Message-ID.
    """
    # A prompt of a digest waits for that one, also when a job comes for it.
    if not Prompt.claim(prompt_id, at=at, mail_at__isnull=False, in_digest=False):
        return False
    prompt = _with_facts(Prompt.objects.select_related("case__unit", "person"), at=at).get(pk=prompt_id)
    if not prompt.is_plain and not still_needed([prompt], prompt.person, at=at):
        return False
    try:
        send_prompt_mail(prompt)
    except MailNotSent as error:
        Prompt.note_failure(prompt.pk, str(error), at=at)
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
    dropped = prompts if is_away else [prompt for prompt in prompts if prompt not in needed]
    with transaction.atomic():
        Prompt.objects.filter(pk__in=[prompt.pk for prompt in dropped]).update(dropped_at=at, claimed_at=None)
        for prompt in needed if is_away else []:
            promise_for(
                [prompt.case], Prompt.Kind(prompt.kind), in_charge=in_charge, about=prompt.about, at=at
            )
    return [] if is_away else needed


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


def _with_facts(prompts: QuerySet[Prompt], *, at: datetime) -> Any:
    """With `is_plain`: by one query, that nothing has changed since it was promised. It is so for nearly all of them."""
    day = day_of(at)
    in_reach = (
        Q(unit=OuterRef("case__unit"))
        | Q(unit=OuterRef("case__unit__parent"))
        | Q(unit=OuterRef("case__unit__parent__parent"))
    )
    handles = Role.objects.filter(in_reach, person=OuterRef("person"))
    away = Absence.objects.filter(person=OuterRef("person"), first_day__lte=day, last_day__gte=day)
    still = Q(pk__in=[])
    for kind, roles in ROLES.items():
        still |= Q(Exists(handles.filter(kind__in=roles)), kind=kind)
    is_plain = Q(
        still,
        ~Exists(away),
        ~Q(person__email=""),
        case__closed_at__isnull=True,
        person__is_active=True,
    )
    return prompts.annotate(is_plain=ExpressionWrapper(is_plain, output_field=BooleanField()))


def _prompt(
    case: Case,
    person: Person,
    kind: Prompt.Kind,
    *,
    in_charge: InCharge,
    about: Message | None,
    at: datetime,
) -> Prompt:
    mailing = NO_MAIL
    if person.email:
        # That nobody is at work is always urgent, and no chat channel alone is trusted with it.
        is_alarm = kind == Prompt.Kind.NO_HANDLER
        mailing = mailing_of(
            in_charge.wishes(person),
            is_urgent=case.is_urgent or is_alarm,
            has_chat=in_charge.channel(case.unit_id) is not None and not is_alarm,
            at=at,
        )
    return Prompt(
        case=case,
        person=person,
        kind=kind,
        about=about,
        deadline=_deadline(case, kind),
        at=at,
        mail_at=mailing.at,
        in_digest=mailing.in_digest,
    )


def _promise_posts(
    cases: Sequence[Case], kind: Prompt.Kind, *, in_charge: InCharge, about: Message | None, at: datetime
) -> None:
    told = set(
        ChatPost.objects.filter(case__in=cases, kind=kind, about=about).values_list(
            "case", "channel", "deadline"
        )
    )
    posts = []
    for case in cases:
        channel = in_charge.channel(case.unit_id)
        if channel is None or (channel.only_urgent and not case.is_urgent):
            continue
        if (case.pk, channel.pk, _deadline(case, kind)) not in told:
            deadline = _deadline(case, kind)
            posts.append(
                ChatPost(case=case, channel=channel, kind=kind, about=about, deadline=deadline, at=at)
            )
    ChatPost.objects.bulk_create(posts, batch_size=1000)
    announce_posts([post.pk for post in posts])


def _deadline(case: Case, kind: str) -> datetime | None:
    return case.due_at if kind in {Prompt.Kind.REMINDER, Prompt.Kind.OVERDUE} else None


def announce_prompts(ids: Sequence[int]) -> None:
    """The jobs that mail these prompts, in the caller's transaction."""
    # Before what still waits for its triage: whoever is to be told first was there first.
    defer_each(jobs.configure_task(PROMPT, queue=QUEUE, priority=1), "prompt_id", ids)


def announce_posts(ids: Sequence[int]) -> None:
    defer_each(jobs.configure_task(CHAT, queue=QUEUE), "post_id", ids)


def announce_messages(ids: Sequence[int]) -> None:
    defer_each(jobs.configure_task(TELL_CUSTOMER, queue=QUEUE), "message_id", ids)


def defer_each(job: JobDeferrer, argument: str, ids: Sequence[int]) -> None:
    """A job for each of the ids, in one statement."""
    each: list[dict[str, Any]] = [{argument: number} for number in ids]
    if each:
        job.batch_defer(*each)
