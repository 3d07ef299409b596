"""The fields of a reply template: `{yksikkö}` becomes the unit's name in the template's language.

What stands in braces under another name is a place for the writer to fill, and no message is sent while one is left.
"""

import re
from typing import Final

from django.utils import translation

from palauteketju.handling.models import Case
from palauteketju.organisation.days import day_in_words

# Field, and how it is written in each language; any of them is understood in any template.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "unit": ("yksikkö", "enhet", "unit"),
    "deadline": ("määräpäivä", "svarsdag", "deadline"),
    "arrived": ("saapumispäivä", "ankomstdag", "arrival day"),
}
_BRACES: Final = re.compile(r"\{([^{}\n]{0,80})\}")
_BY_NAME: Final = {name: field for field, names in FIELDS.items() for name in names}


def filled(text: str, case: Case, *, language: str) -> str:
    """The template's text for this case. A field that the case has nothing for stays, as a place to fill."""
    with translation.override(language):
        values = {
            "unit": case.unit.name,
            "deadline": day_in_words(case.due_at) if case.due_at else None,
            "arrived": day_in_words(case.arrived_at),
        }

    def value(found: re.Match[str]) -> str:
        field = _BY_NAME.get(found[1].strip().casefold())
        return (values[field] if field else None) or found[0]

    return _BRACES.sub(value, text)


def places_left(text: str) -> list[str]:
    """What still has to be filled, as it stands in the text, each once."""
    return list(dict.fromkeys(found[0] for found in _BRACES.finditer(text)))
