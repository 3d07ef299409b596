"""Taking question sets into use."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from palauteketju.surveys.errors import WordingChanged
from palauteketju.surveys.library import QuestionSet
from palauteketju.surveys.models import UsedQuestionSet


def take_into_use(definitions: Iterable[QuestionSet], *, at: datetime) -> None:
    """Fix the wording of each version. Raises WordingChanged when a version in use reads differently now."""
    with transaction.atomic():
        used = dict(UsedQuestionSet.objects.values_list("name", "digest"))
        for definition in definitions:
            if used.setdefault(definition.name, definition.digest) != definition.digest:
                raise WordingChanged(
                    f"The wording of {definition.name} has changed after it was taken into use. "
                    "Put the old file back and give the new wording a version of its own."
                )
        UsedQuestionSet.objects.bulk_create(
            [UsedQuestionSet(name=name, digest=digest, first_used_at=at) for name, digest in used.items()],
            ignore_conflicts=True,
        )
