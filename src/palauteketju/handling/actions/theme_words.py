"""The county's own theme words: each saving is a new version, and in force at once."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from palauteketju.audit import log
from palauteketju.handling.errors import WordsChangedMeanwhile
from palauteketju.handling.models import OwnThemeWords, UsedRules
from palauteketju.handling.triage import rules_in_use, themes, urgency
from palauteketju.organisation.models import Person


def changed_words(code: str, change: Mapping[str, Sequence[str]]) -> themes.OwnWords:
    """The county's words as they would be with `change` as everything it has for the theme `code`.

    Raises BadThemes when they could not be used. Nothing is stored.
    """
    now = rules_in_use.own_theme_words()
    others = [entry for entry in now.entries if entry["code"] != code] if now else []
    own = {name: list(patterns) for name, patterns in change.items() if patterns}
    entries = [*others, {"code": code, **own}] if own else others
    version = rules_in_use.next_version_of_own_themes()
    source = json.dumps(entries, sort_keys=True, ensure_ascii=False)
    words = themes.OwnWords(f"own theme words {version}", version, entries, source)
    themes.load_themes(own=words)
    return words


def save_words(
    code: str, change: Mapping[str, Sequence[str]], *, instead_of: int, by: Person, at: datetime
) -> None:
    """From now on these are the county's words of the theme.

    What has been triaged keeps its themes. `instead_of` is the version the person began from, 0 for none. Raises
    WordsChangedMeanwhile when it is no longer the newest, and BadThemes.
    """
    now = rules_in_use.own_theme_words()
    if instead_of != (now.version if now else 0):
        raise WordsChangedMeanwhile
    words = changed_words(code, change)
    try:
        with transaction.atomic():
            saved = OwnThemeWords.objects.create(
                version=words.version, entries=words.entries, saved_by=by, saved_at=at
            )
            name = rules_in_use.name_of_own_themes(words.version)
            UsedRules.objects.create(name=name, digest=urgency.digest_of(words.source), first_used_at=at)
            log.record(
                "handling.theme_words.saved",
                by=by,
                subject=saved,
                at=at,
                facts={"theme": code, "version": words.version},
            )
    except IntegrityError:
        # Somebody saved between our look and our row: each version is one saving.
        raise WordsChangedMeanwhile from None
    rules_in_use.forget_theme_words()
