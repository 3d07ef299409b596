"""Who is told that a case needs them, and how: each prompt is a row, and a job or a digest before it is an e-mail."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from procrastinate.contrib.django import app as jobs
from procrastinate.jobs import JobDeferrer

from palauteketju.handling.models import Case, ChatPost, Message, Prompt
from palauteketju.handling.prompting.causes import MARK, Cause
from palauteketju.handling.prompting.recipients import ALARMS, ROLES, InCharge, in_charge_of
from palauteketju.handling.prompting.times import NO_MAIL, mailing_of
from palauteketju.organisation.days import day_of
from palauteketju.organisation.models import Person, Role

logger = logging.getLogger(__name__)

PROMPT = "palauteketju.prompt"
CHAT = "palauteketju.chat"
QUEUE = "prompts"
# How many prompts one job mails: more would save little, and wait longer for a slow mail server.
MOST_TOGETHER: Final = 10


def promise_first_prompts(cases: Sequence[Case], *, at: datetime) -> Counter[int]:
    """Prompt the units' handlers; where none is at work, their managers. In the caller's transaction; how many of each case."""
    in_charge = in_charge_of((case.unit_id for case in cases), on=day_of(at))
    made = promise_for(cases, Prompt.Kind.NEW, in_charge=in_charge, at=at)
    for case in cases:
        if not made[case.pk]:
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
    """As `promise_prompts`, for many cases with few queries; how many prompts each case got."""
    causes = [Cause(case, kind, about.pk if about else None) for case in cases]
    return promise_each(causes, in_charge=in_charge, at=at)


def promise_each(causes: Sequence[Cause], *, in_charge: InCharge, at: datetime) -> Counter[int]:
    """As `promise_for`, also for different kinds together.

    A case whose handlers cannot be reached (none, all away, none with a mailbox that takes mail) is an alarm to its
    managers, of each cause anew: what came of the last one is not known.
    """
    told = _told(Prompt, "person", causes)
    prompts = [
        _prompt(cause, person, in_charge=in_charge, at=at)
        for cause in causes
        for person in in_charge.of(cause.case.unit_id, cause.kind)
        if (person.pk, *cause.mark) not in told
    ]
    Prompt.objects.bulk_create(prompts, batch_size=1000)
    announce_prompts([one.pk for one in prompts if one.mail_at and not one.in_digest])
    made = Counter(prompt.case_id for prompt in prompts)
    alarms = [
        replace(cause, kind=Prompt.Kind.NO_HANDLER)
        for cause in causes
        if ROLES[cause.kind] == (Role.Kind.HANDLER,) and not in_charge.reaches(cause.case.unit_id, cause.kind)
    ]
    if alarms:
        made += promise_each(alarms, in_charge=in_charge, at=at)
    # The alarm is the manager's; what it is about has been posted already.
    _promise_posts([cause for cause in causes if cause.kind not in ALARMS], in_charge=in_charge, at=at)
    return made


def _told(model: type[Prompt | ChatPost], whom: str, causes: Sequence[Cause]) -> set[tuple[Any, ...]]:
    """Who has been told of what already: the key of the person or channel, and then the mark of the cause."""
    cases, kinds = {cause.case.pk for cause in causes}, {cause.kind for cause in causes}
    rows = model.objects.filter(case__in=cases, kind__in=kinds)
    return set(rows.values_list(whom, *MARK))


def _prompt(cause: Cause, person: Person, *, in_charge: InCharge, at: datetime) -> Prompt:
    mailing = NO_MAIL
    if person.email:
        # That nobody may know of it is always urgent, and no chat channel alone is trusted with it.
        is_alarm = cause.kind in ALARMS
        mailing = mailing_of(
            in_charge.wishes(person),
            is_urgent=cause.case.is_urgent or is_alarm,
            has_chat=in_charge.channel(cause.case.unit_id) is not None and not is_alarm,
            at=at,
            deadline=cause.deadline,
        )
    return Prompt(
        case=cause.case,
        person=person,
        kind=cause.kind,
        about_id=cause.about,
        deadline=cause.deadline,
        at=at,
        mail_at=mailing.at,
        in_digest=mailing.in_digest,
    )


def _promise_posts(causes: Sequence[Cause], *, in_charge: InCharge, at: datetime) -> None:
    if not causes or not in_charge.channels:
        return
    told = _told(ChatPost, "channel", causes)
    posts = []
    for cause in causes:
        channel = in_charge.channel(cause.case.unit_id)
        if channel is None or (channel.only_urgent and not cause.case.is_urgent):
            continue
        if (channel.pk, *cause.mark) not in told:
            case, kind, about, deadline = cause.case, cause.kind, cause.about, cause.deadline
            posts.append(
                ChatPost(case=case, channel=channel, kind=kind, about_id=about, deadline=deadline, at=at)
            )
    ChatPost.objects.bulk_create(posts, batch_size=1000)
    announce_posts([post.pk for post in posts])


def announce_prompts(ids: Sequence[int]) -> None:
    """The jobs that mail these prompts, in the caller's transaction."""
    # Before what still waits for its triage: whoever is to be told first was there first.
    job = jobs.configure_task(PROMPT, queue=QUEUE, priority=1)
    each: list[dict[str, Any]] = [
        {"prompt_ids": list(ids[start : start + MOST_TOGETHER])}
        for start in range(0, len(ids), MOST_TOGETHER)
    ]
    if each:
        job.batch_defer(*each)


def announce_posts(ids: Sequence[int]) -> None:
    defer_each(jobs.configure_task(CHAT, queue=QUEUE), "post_id", ids)


def defer_each(job: JobDeferrer, argument: str, ids: Sequence[int]) -> None:
    """A job for each of the ids, in one statement."""
    each: list[dict[str, Any]] = [{argument: number} for number in ids]
    if each:
        job.batch_defer(*each)
