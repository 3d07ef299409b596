"""Finding cases by words of their feedback or dialogue; only those whose text the person may read."""

import re
from typing import Final

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db.models import Q

from palauteketju.handling.access import handled_units
from palauteketju.handling.models import Case, CaseQuerySet, Message
from palauteketju.intake.models import WORDS_OF_TEXT, Feedback
from palauteketju.organisation.models import Person

LANGUAGES: Final = ("finnish", "swedish", "english")
MOST_WORDS: Final = 8
# A shorter beginning would find nearly every text.
SHORTEST: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")


def words_of(typed: str) -> list[str]:
    """The words that are looked for; none when what was typed has nothing long enough."""
    return [word for word in _WORD.findall(typed) if len(word) >= SHORTEST][:MOST_WORDS]


def cases_with(words: list[str], *, handled_by: Person) -> CaseQuerySet:
    """Cases, open and closed, in whose feedback or dialogue all the words stand, newest first.

    A word finds its inflected forms and the longer words it begins ("lääke": "lääkkeestä", "lääkevirhe"). `words` come
    from `words_of`, so that nothing of the query language is in them.
    """
    query = _query(words)
    feedback = Feedback.objects.alias(found=WORDS_OF_TEXT).filter(found=query).exclude(text="")
    messages = Message.objects.alias(found=WORDS_OF_TEXT).filter(found=query)
    return (
        Case.objects.filter(unit__in=handled_units(handled_by))
        .filter(Q(feedback__in=feedback.values("pk")) | Q(pk__in=messages.values("case")))
        .select_related("unit")
        .order_by("-arrived_at", "-pk")
    )


def _query(words: list[str]) -> SearchQuery | CombinedSearchQuery:
    raw = " & ".join(f"{word}:*" for word in words)
    finnish, swedish, english = (
        SearchQuery(raw, config=language, search_type="raw") for language in LANGUAGES
    )
    return finnish | swedish | english
