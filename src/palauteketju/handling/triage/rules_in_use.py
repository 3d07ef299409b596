"""The word rules in force: the program's and the county's own, read once, and fixed once they have judged anything."""

import json
import time
from datetime import datetime
from functools import cache, lru_cache
from typing import Final

from django.db import transaction

from palauteketju.handling.errors import WordRulesChanged
from palauteketju.handling.models import OwnThemeWords, UsedRules
from palauteketju.handling.triage import themes, urgency
from palauteketju.organisation.rules import county_rules

# Every triage asks; words change a few times a year.
_REMEMBERED_S: Final = 5
_OWN_THEMES: Final = "own themes-"


@cache
def urgency_rules() -> urgency.Rules:
    """Raises BadRules."""
    return urgency.load_rules(own=county_rules().word_files.urgency)


def theme_words() -> themes.Themes:
    """Raises BadThemes. What is saved on the page is in force in every process within some seconds."""
    return _theme_words(_version_saved(int(time.monotonic() / _REMEMBERED_S)))


def own_theme_words() -> themes.OwnWords | None:
    """The newest saved on the page; until there are some, those of the county's file. Raises BadThemes."""
    saved = OwnThemeWords.objects.order_by("-version").first()
    if saved is None:
        return theme_words_of_file()
    source = json.dumps(saved.entries, sort_keys=True, ensure_ascii=False)
    return themes.OwnWords(saved.name, saved.version, saved.entries, source)


def theme_words_of_file() -> themes.OwnWords | None:
    """None where the county has no file; asks no database. Raises BadThemes."""
    file = county_rules().word_files.themes
    return themes.own_words_in(file) if file else None


def themes_with_file() -> themes.Themes:
    """What the program's words and the county's file make together. Raises BadThemes."""
    return themes.load_themes(own=theme_words_of_file())


def forget_theme_words() -> None:
    """So that this process asks anew."""
    _version_saved.cache_clear()
    _theme_words.cache_clear()


@lru_cache(maxsize=1)
def _version_saved(_moment: int) -> int | None:
    """One query; `_moment` only makes it be asked anew."""
    return OwnThemeWords.objects.order_by("-version").values_list("version", flat=True).first()


@lru_cache(maxsize=1)
def _theme_words(_version: int | None) -> themes.Themes:
    return themes.load_themes(own=own_theme_words())


def take_into_use(*, at: datetime) -> None:
    """Fix the content of each version. Raises WordRulesChanged, BadRules or BadThemes.

    Figures are compared by version, so a version must mean one thing for good.
    """
    with transaction.atomic():
        used = dict(UsedRules.objects.values_list("name", "digest"))
        for name, digest in _versions().items():
            if used.setdefault(name, digest) != digest:
                raise WordRulesChanged(name)
        UsedRules.objects.bulk_create(
            [UsedRules(name=name, digest=digest, first_used_at=at) for name, digest in used.items()],
            ignore_conflicts=True,
        )


def name_of_own_themes(version: int) -> str:
    return f"{_OWN_THEMES}{version}"


def next_version_of_own_themes() -> int:
    """Higher than any that has judged anything, from the page or from a file that may be gone."""
    used = UsedRules.objects.filter(name__startswith=_OWN_THEMES).values_list("name", flat=True)
    own = own_theme_words()
    return 1 + max([int(name.removeprefix(_OWN_THEMES)) for name in used] + [own.version if own else 0])


def _versions() -> dict[str, str]:
    files = county_rules().word_files
    shipped_rules, shipped_words = urgency.load_rules(), themes.load_themes()
    found = {
        f"urgency-{shipped_rules.version}": shipped_rules.digest,
        f"themes-{shipped_words.version}": shipped_words.digest,
    }
    if files.urgency:
        rules = urgency.load_rules(own=files.urgency)
        found[f"own urgency-{rules.own_version}"] = urgency.digest_of(files.urgency.read_text("utf-8"))
    if own := own_theme_words():
        themes.load_themes(own=own)
        found[name_of_own_themes(own.version)] = urgency.digest_of(own.source)
    return found
