"""What can be recognised by its shape: numbers, addresses, dates, links.

Each pattern has bounded repetitions only, so its time grows with the text and no faster.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Final

from palauteketju.privacy.redaction_contacts import (
    EMAIL_SIGN,
    EMAILS,
    HANDLE_SIGN,
    HANDLES,
    PHONES,
    may_be_phone,
)
from palauteketju.privacy.redaction_dates import BARE_DATES, DATES, may_be_day

_CHECK: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# The signs of the 1800s, 1900s and 2000s, the newer ones (2023) included.
_CENTURIES: Final = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)

_SIDE: Final = r"(?:Norra|Södra|Östra|Västra|Stora|Lilla|Övre|Nedre|Gamla|Nya|Iso|Pieni|Pohjoinen|Eteläinen|Itäinen|Läntinen|Vanha|Uusi)"
_STREET: Final = (
    r"(?:katu|kadun|kadulla|kuja|kujan|kujalla|polku|polun|polulla|kaari|kaaren|raitti|raitin|väylä|väylän|penger|penkere|aukio|aukion|tori|torin"
    r"|puisto|puiston|puistikko|puistotie|esplanadi|tie|tien|tiellä|ranta|rannan|rinne|rinteen|mäki|mäen|laita|portti|kulma"
    r"|gatan|gata|vägen|väg|gränden|gränd|stigen|allén|allen|torget|stranden|backen|kajen|esplanaden|brinken|parken)"
)
# A staircase; the Swedish "i" after a house is a word.
_STAIRS: Final = r"(?: ?[A-Za-hj-zÅÄÖåäö](?!\w))?"
_NUMBER: Final = rf"\d{{1,4}}(?:[-–]\d{{1,4}})?(?::?[a-zåäö]{{3,4}}\b)?{_STAIRS}(?: ?(?:as\.? ?|bst\.? ?|lgh\.? ?)?\d{{1,3}}(?!\d))?(?::[a-zåäö]{{1,4}}\b)?"
_TOWN: Final = r"(?:,? ?(?:FI-)?\d{5} [A-ZÅÄÖ][\w-]{2,30})"
_ADDRESSES: Final = (
    re.compile(
        rf"\b(?:{_SIDE} )?(?!Valtatie|Kantatie|Seututie)[A-ZÅÄÖ][\w-]{{1,40}}?(?: [a-zåäö]{{3,20}})?{_STREET}\b ?{_NUMBER}{_TOWN}?"
        rf"|\b[A-ZÅÄÖ][a-zåäö]{{2,30}} (?:väg|gata|gränd|stig)(?:en|an)? {_NUMBER}{_TOWN}?"
    ),
    re.compile(rf"\b{_SIDE} (?i:{_STREET})\b ?{_NUMBER}{_TOWN}?"),
    re.compile(
        rf"\b[\w-]{{2,40}}?(?:katu|kadun|kuja|polku|kaari|raitti|gatan|vägen|gränden|stigen) {_NUMBER}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b\d{1,4}[A-Za-z]? (?:[A-ZÅÄÖ][\w-]{1,30} ){1,3}(?:Street|Road|Avenue|Lane|Drive|St|Rd|Ave)\b"
    ),
    re.compile(r"(?<!\d)(?:FI-)?\d{5} [A-ZÅÄÖ][a-zåäö-]{2,30}(?![\w])"),
)

_ACCOUNTS: Final = (
    re.compile(r"(?<![\w])[A-Z]{2}\d{2}(?: ?[\dA-Z]{4}){2,7}(?: ?[\dA-Z]{1,3})?(?![\w])"),
    re.compile(r"(?<![\w])(?:fi|FI|Fi)[ ]?\d{2}(?:[ ]?\d){14}(?![\w])"),
    re.compile(r"(?<![\w+-])\d{4}(?:[ -]?\d{4}){3}(?![\w-])"),
)

_CODE_WORDS: Final = r"\b(?:hetu|henkilötunnu|sotu|sosiaaliturvatunnu|personbeteckning|personnummer|identity|social security|synt|född|born)"
_TELLS_CODE: Final = re.compile(_CODE_WORDS, re.IGNORECASE)
_IDENTITY_CODES: Final = (
    re.compile(r"(?<![\w])\d{6} ?[-–+A-FU-Ya-fu-y] ?\d{3} ?[0-9A-Za-z](?![\w])|(?<!\w)\d{9}[A-Za-z](?!\w)"),
    re.compile(r"(?<![\w-])(?:19|20)?\d{6}[-+]\d{4}(?![\w-])"),
    re.compile(r"(?<!\w)\d{10}(?!\w)"),
    re.compile(r"(?<!\w)\d{6} \d{3}[0-9A-Za-z](?!\w)"),
    # Its beginning: a day, the sign of the century and a part of the number.
    re.compile(r"(?<!\w)\d{6}[A-FU-Y]\d{1,3}(?!\w)"),
    re.compile(rf"{_CODE_WORDS}[^\d.!?\n]{{0,25}}(?P<is>\d{{6}})(?!\w)", re.IGNORECASE),
)

# Nobody is ninety-two of anything else so often as of years.
_AGES: Final = (
    re.compile(
        r"(?<!\d)(?:9\d|1[01]\d)(?: ?-? ?(?:vuotia|vuotta\b|v\b|årig|åring|years?[- ]old)[\w-]{0,12}|:n vuo[\w]{2,10}|y/?o\b)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?<!för )(?<!om )(?:9\d|10\d)[- ]år(?: gammal\w?)?(?! sedan)(?!\w)", re.IGNORECASE),
    re.compile(
        r"\b(?:aged?|ikä|ikää|ikäni|ålder|fyller|fyllde|täyttää|täytti|täytän|turned|turns|turning)(?: on| jo| är| of)? (?P<is>9\d|10\d)(?![\w%]|[.,:/]\d)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:yhdeksänkymmentä\w{0,10}|nittio\w{0,6}|ninety(?:[- ]\w{3,5})?)[- ]?(?:vuoti\w{1,8}|vuotta|år\w{0,5}|years?[- ]old)\b",
        re.IGNORECASE,
    ),
)

# The surest kinds first.
_PATTERNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (kind, pattern)
    for kind, patterns in (
        ("email", EMAILS),
        ("handle", HANDLES),
        ("account", _ACCOUNTS),
        ("identity_code", _IDENTITY_CODES),
        ("date", (DATES, BARE_DATES)),
        ("address", _ADDRESSES),
        ("phone", PHONES),
        ("age", _AGES),
    )
    for pattern in patterns
)


# Patterns are tried only around what each of their matches holds, such as a number or a part of a weekday; and how many
# characters a match can reach from it at the most, on either side.
_NUMBER_NEAR: Final = re.compile(r"\d"), 120
_SIGNS: Final[Mapping[str, tuple[re.Pattern[str], int]]] = {
    "email": (EMAIL_SIGN, 480),
    "handle": (HANDLE_SIGN, 520),
    "account": _NUMBER_NEAR,
    "identity_code": _NUMBER_NEAR,
    "date": (re.compile(r"\d|[ns]tai|keskiv|da[gy]", re.IGNORECASE), 40),
    "address": _NUMBER_NEAR,
    "phone": _NUMBER_NEAR,
    "age": (re.compile(r"\d|kymmentä|nittio|ninety", re.IGNORECASE), 60),
}


def find(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each thing, the surest kinds first; they may overlap."""
    near = {sign: list(_near(*sign, text)) for sign in set(_SIGNS.values())}
    for kind, pattern in _PATTERNS:
        check = _CHECKS.get(kind)
        for match in chain.from_iterable(pattern.finditer(text, *part) for part in near[_SIGNS[kind]]):
            start, end = match.span("is") if "is" in pattern.groupindex else match.span()
            if check is None or check(text, start, end):
                yield kind, start, _without_tail(text, start, end) if kind == "handle" else end


def _near(sign: re.Pattern[str], reach: int, text: str) -> Iterator[tuple[int, int]]:
    """The parts of the text within reach of a sign; those that touch are one."""
    start, end = 0, -1
    for match in sign.finditer(text):
        if match.start() - reach > end:
            if end >= 0:
                yield start, end
            start = max(0, match.start() - reach)
        end = match.end() + reach
    if end >= 0:
        yield start, end


def is_identity_code(text: str) -> bool:
    """Whether it is a Finnish personal identity code: a day that exists and a check character that is right."""
    code = re.sub(r"\s", "", text).upper()
    digits = code[:6] + code[-4:-1]
    if len(code) not in {10, 11} or not digits.isdecimal() or not _is_day(code[:6]):
        return False
    if len(code) == 11 and code[6] not in _CENTURIES:
        return False
    return code[-1] == _CHECK[int(digits) % 31]


def _may_be_identity_code(text: str, start: int, end: int) -> bool:
    """A code with its sign counts even with a wrong check character; digits alone only when it is right or announced."""
    code = re.sub(r"\s", "", text[start:end]).upper()
    if not code.isdecimal():
        return len(code) > 10 or _is_day(code[:6])
    told = bool(_TELLS_CODE.search(text, max(0, start - 30), start))
    return is_identity_code(code) or (told and _is_day(code[:6]))


def _is_day(ddmmyy: str) -> bool:
    # A leap year, because the century is not always told.
    try:
        date(2000, int(ddmmyy[2:4]), int(ddmmyy[:2]))
    except ValueError:
        return False
    return True


def _without_tail(text: str, start: int, end: int) -> int:
    """A link's end without the full stop or bracket of the sentence around it."""
    while end > start and text[end - 1] in ".,;:!?)]'”":
        end -= 1
    return end


_CHECKS: Final[dict[str, Callable[[str, int, int], bool]]] = {
    "identity_code": _may_be_identity_code,
    "phone": may_be_phone,
    "date": may_be_day,
}
