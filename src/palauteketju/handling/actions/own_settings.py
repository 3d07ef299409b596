"""What a person decides about the own prompts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from palauteketju.audit import log
from palauteketju.handling.models import Prompt, PromptSettings
from palauteketju.handling.prompting.shown import unseen_by
from palauteketju.organisation.models import Person


def change_settings(
    person: Person,
    *,
    urgent: PromptSettings.Urgent,
    others: PromptSettings.Others,
    digest_hour: int,
    digest_weekdays: Sequence[int],
    language: str,
    at: datetime,
) -> None:
    """From the next prompt on; what waits for a digest comes no sooner, and at the new hour. What the county forbids has no effect."""
    with transaction.atomic():
        PromptSettings.objects.update_or_create(
            person=person,
            defaults={
                "urgent": urgent,
                "others": others,
                "digest_hour": digest_hour,
                "digest_weekdays": sorted(digest_weekdays),
            },
        )
        Person.objects.filter(pk=person.pk).update(language=language)
        facts = {"urgent": urgent.value, "others": others.value}
        log.record("handling.prompt_settings.changed", by=person, subject=person, at=at, facts=facts)


def mark_seen(person: Person, prompt_ids: Iterable[int], *, at: datetime) -> int:
    """Take these of the person's own prompts off their page; how many there were. E-mails go out all the same."""
    return unseen_by(person).filter(pk__in=set(prompt_ids)).update(seen_at=at)


def mark_case_seen(person: Person, case_id: int, *, at: datetime) -> int:
    """Who has opened the case has seen all that prompted them to it; how much that was. Nobody else's prompts change."""
    return Prompt.objects.filter(person=person, case=case_id, seen_at__isnull=True).update(seen_at=at)
