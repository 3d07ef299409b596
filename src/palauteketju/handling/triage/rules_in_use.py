"""The word rules in force: the program's and the county's own, read once, and fixed once they have judged anything."""

from datetime import datetime
from functools import cache

from django.db import transaction

from palauteketju.handling.errors import WordRulesChanged
from palauteketju.handling.models import UsedRules
from palauteketju.handling.triage import themes, urgency
from palauteketju.organisation.rules import county_rules


@cache
def urgency_rules() -> urgency.Rules:
    """Raises BadRules."""
    return urgency.load_rules(own=county_rules().word_files.urgency)


@cache
def theme_words() -> themes.Themes:
    """Raises BadThemes."""
    return themes.load_themes(own=county_rules().word_files.themes)


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
    if files.themes:
        words = themes.load_themes(own=files.themes)
        found[f"own themes-{words.own_version}"] = urgency.digest_of(files.themes.read_text("utf-8"))
    return found
