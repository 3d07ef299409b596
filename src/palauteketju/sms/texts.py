"""The words of a survey message, in the three languages.

A message says who asks, that answering is anonymous and free, and where to answer; never what the care
was. The link is last, with nothing after it that a phone could take as a part of it. How to forbid
surveys is told on the county's public page: a sender's name cannot be replied to, and the survey page
does not know whose phone it was opened on.
"""

from collections.abc import Mapping
from types import MappingProxyType

from palauteketju.sms.segments import segments

MOST_PARTS = 2

WITH_UNIT: Mapping[str, str] = MappingProxyType(
    {
        "fi": "{county}: miten asiointisi sujui ({unit})? Vastaa nimettömästi ja maksutta: {link}",
        "sv": "{county}: hur fungerade servicen ({unit})? Svara anonymt och gratis: {link}",
        "en": "{county}: how was the service ({unit})? Answer anonymously, free of charge: {link}",
    }
)

WITHOUT_UNIT: Mapping[str, str] = MappingProxyType(
    {
        "fi": "{county}: miten asiointisi sujui? Vastaa nimettömästi ja maksutta: {link}",
        "sv": "{county}: hur fungerade servicen? Svara anonymt och gratis: {link}",
        "en": "{county}: how was the service? Answer anonymously, free of charge: {link}",
    }
)

# Marks that word processors put into names and that would turn the message into UCS-2. Letters are never
# replaced: a Sámi name is worth its price.
_PLAIN = str.maketrans(
    {
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{SOFT HYPHEN}": None,
        "\N{ZERO WIDTH SPACE}": None,
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    }
)


def compose(language: str, unit_name: str | None, county: str, link: str) -> str:
    """The text of a message; `unit_name` is None for a sensitive unit.

    A unit's name that would take the message over `MOST_PARTS` is left out. Raises KeyError for a
    language other than fi, sv and en.
    """
    unnamed = WITHOUT_UNIT[language].format(county=plain(county), link=link)
    if unit_name is None or not plain(unit_name):
        return unnamed

    named = WITH_UNIT[language].format(county=plain(county), unit=plain(unit_name), link=link)
    return named if segments(named).parts <= MOST_PARTS else unnamed


def plain(name: str) -> str:
    """Without what would turn a message into UCS-2 for nothing."""
    # split() knows the non-breaking space and line breaks as spaces too.
    return " ".join(name.translate(_PLAIN).split())
