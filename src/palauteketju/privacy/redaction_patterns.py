"""What can be recognised by its shape: numbers, addresses, dates, links.

Each pattern has bounded repetitions only, so its time grows with the text and no faster.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Final

_CHECK: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# The signs of the 1800s, 1900s and 2000s, the newer ones (2023) included.
_CENTURIES: Final = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)

_MONTHS: Final = (
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu(?:ta|n|ssa|na)?"
    r"|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october"
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_YEAR: Final = r"(?:(?:19|20)\d\d)"
_NUMERIC_DATE: Final = (
    rf"(?:\b(?:den|ma|ti|ke|to|pe|la|su|mån|tis|ons|tor|fre|lör|sön)\.? )?(?<![\d.,]){_DAY}\.[ ]?{_MONTH}\.(?:[ ]?(?:{_YEAR}|\d\d(?!\d)))?"
    rf"|(?<![\d./-]){_DAY}[./-]{_MONTH}[./-]{_YEAR}(?!\d)|(?<!\d){_YEAR}-\d\d-\d\d(?!\d)"
)
_WORDED_DATE: Final = (
    rf"\b(?:den )?{_DAY}(?:\.|:?[ae]|st|nd|rd|th)?(?: of)? ?(?:{_MONTHS})\b(?:,? {_YEAR})?"
    rf"|\b(?:{_MONTHS}) {_DAY}(?:\.|st|nd|rd|th)?(?: päivä(?:nä|stä|ksi)?)?(?:,? {_YEAR})?(?![\w])"
    rf"|\b(?:the )?{_DAY}(?:\. ?päivä(?:nä|stä|ksi)?\b|(?:st|nd|rd|th)\b)|\bden {_DAY}(?::?[ae])?(?!\w)"
)
_WEEKDAY: Final = (
    r"\b(?:viime |edellisenä |seuraavana |tulevana )?"
    r"(?:maanantai|tiistai|torstai|perjantai|lauantai|sunnuntai|keskiviikko)"
    r"(?:na|hin|sta|on|ta|n)?(?:[- ]?(?:aamu|ilta|yö|päivä|aamupäivä|iltapäivä)(?:na|nä|lla|llä|sta|stä)?)?(?![\w])"
    r"|\b(?:i |på |förra |sista )?(?:mån|tis|ons|tors|fre|lör|sön)da(?:gen|gs|g)(?:[ ]?(?:morse|morgon|kväll|natt|eftermiddag|förmiddag))?\b"
    r"|\b(?:on |last |this |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|evening|night|afternoon))?\b"
)
_DATE: Final = rf"(?:{_NUMERIC_DATE}|{_WORDED_DATE}|{_WEEKDAY})"
_CLOCK: Final = r"(?:,? ?(?:klo|kello|kl\.?|at) ?\d{1,2}(?:[.:]\d\d)?)"
# Days side by side are one day told twice: "maanantaina 3. päivä klo 14".
_DATES: Final = rf"(?<![^\W_]){_DATE}(?:,? {{0,2}}{_DATE}){{0,3}}{_CLOCK}?"

_STREET: Final = (
    r"(?:katu|kadun|kadulla|kuja|kujan|kujalla|polku|polun|polulla|kaari|kaaren|raitti|raitin|väylä|väylän|penger|penkere|aukio|aukion|tori|torin"
    r"|puistikko|puistotie|esplanadi|tie|tien|tiellä|ranta|rannan|rinne|rinteen|mäki|mäen|laita|portti|kulma"
    r"|gatan|gata|vägen|väg|gränden|gränd|stigen|allén|allen|torget|stranden|backen|kajen|esplanaden|brinken)"
)
_NUMBER: Final = r"\d{1,4}(?:[-–]\d{1,4})?(?::?[a-zåäö]{3,4}\b)?(?: ?[a-zåäö](?![\w]))?(?: ?(?:as\.? ?|bst\.? ?|lgh\.? ?)?\d{1,3}(?!\d))?"
_TOWN: Final = r"(?:,? ?(?:FI-)?\d{5} [A-ZÅÄÖ][\w-]{2,30})"

_PATTERNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "email",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?\((?:at|ät|a)\)\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    ),
    ("handle", re.compile(r"(?:\bhttps?://|\bwww\.)[^\s<>\"]{2,500}", re.IGNORECASE)),
    (
        "handle",
        re.compile(
            r"\b(?:facebook|fb|instagram|tiktok|twitter|x|youtube|linkedin|snapchat|threads|t|wa)\.(?:com|me|net)/[^\s<>\"]{1,300}",
            re.IGNORECASE,
        ),
    ),
    ("handle", re.compile(r"(?<![\w@.])@[\w.]{2,40}\w")),
    ("account", re.compile(r"(?<![\w])[A-Z]{2}\d{2}(?: ?[\dA-Z]{4}){2,7}(?: ?[\dA-Z]{1,3})?(?![\w])")),
    ("account", re.compile(r"(?<![\w])(?:fi|FI|Fi)[ ]?\d{2}(?:[ ]?\d){14}(?![\w])")),
    ("account", re.compile(r"(?<![\w+-])\d{4}(?:[ -]?\d{4}){3}(?![\w-])")),
    (
        "identity_code",
        re.compile(
            r"(?<![\w])\d{6} ?[-–+A-FU-Ya-fu-y] ?\d{3} ?[0-9A-Za-z](?![\w])|(?<!\w)\d{9}[A-Za-z](?!\w)"
        ),
    ),
    ("identity_code", re.compile(r"(?<![\w-])(?:19|20)?\d{6}[-+]\d{4}(?![\w-])")),
    ("identity_code", re.compile(r"(?<!\w)\d{10}(?!\w)")),
    ("date", re.compile(_DATES, re.IGNORECASE)),
    (
        "address",
        re.compile(
            rf"\b(?!Valtatie|Kantatie|Seututie)[A-ZÅÄÖ][\w-]{{1,40}}?(?: [a-zåäö]{{3,20}})?{_STREET}\b ?{_NUMBER}{_TOWN}?"
            rf"|\b[A-ZÅÄÖ][a-zåäö]{{2,30}} (?:väg|gata|gränd|stig)(?:en|an)? {_NUMBER}{_TOWN}?"
        ),
    ),
    (
        "address",
        re.compile(
            rf"\b[\w-]{{2,40}}?(?:katu|kadun|kuja|polku|kaari|raitti|gatan|vägen|gränden|stigen) {_NUMBER}",
            re.IGNORECASE,
        ),
    ),
    (
        "address",
        re.compile(
            r"\b\d{1,4}[A-Za-z]? (?:[A-ZÅÄÖ][\w-]{1,30} ){1,3}(?:Street|Road|Avenue|Lane|Drive|St|Rd|Ave)\b"
        ),
    ),
    ("address", re.compile(r"(?<!\d)(?:FI-)?\d{5} [A-ZÅÄÖ][a-zåäö-]{2,30}(?![\w])")),
    ("phone", re.compile(r"(?<![\w.,/])(?:\+|00|\(0|0)(?:[ \t().–-]{0,3}\d){5,14}(?![\w])")),
    (
        "phone",
        re.compile(
            r"(?:\b(?:puh|puhelin|numero(?:on|ni)?|numerosta|tel|nummer|telefon|phone|number)\b[.: ]{1,3})(?P<is>\d(?:[ -]?\d){5,11})(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        "age",
        re.compile(
            r"(?<!\d)(?:9\d|1[01]\d)(?:[- ]?(?:vuotia|v\b|årig|year-old)[\w-]{0,12}| (?:vuotta|years? old|år gammal)\b)",
            re.IGNORECASE,
        ),
    ),
)


# Patterns are tried only around what each of their matches holds, such as a number or a part of a weekday; and how many
# characters a match can reach from it at the most, on either side.
_NUMBER_NEAR: Final = re.compile(r"\d"), 120
_SIGNS: Final[Mapping[str, tuple[re.Pattern[str], int]]] = {
    "email": (re.compile(r"[@(]"), 400),
    "handle": (re.compile(r"[/@]|[wW]{3}"), 520),
    "account": _NUMBER_NEAR,
    "identity_code": _NUMBER_NEAR,
    "date": (re.compile(r"\d|[ns]tai|keskiv|da[gy]", re.IGNORECASE), 40),
    "address": _NUMBER_NEAR,
    "phone": _NUMBER_NEAR,
    "age": _NUMBER_NEAR,
}


def find(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each thing, the surest kinds first; they may overlap."""
    near = {sign: list(_near(*sign, text)) for sign in set(_SIGNS.values())}
    for kind, pattern in _PATTERNS:
        check = _CHECKS.get(kind)
        for match in chain.from_iterable(pattern.finditer(text, *part) for part in near[_SIGNS[kind]]):
            start, end = match.span("is") if "is" in pattern.groupindex else match.span()
            if check is None or check(text[start:end]):
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


def _may_be_identity_code(found: str) -> bool:
    """A code with its sign counts even with a wrong check character; a bare row of digits only when it is right."""
    code = re.sub(r"\s", "", found).upper()
    if code.isdecimal():
        return is_identity_code(code)
    return len(code) > 10 or _is_day(code[:6])


def _is_day(ddmmyy: str) -> bool:
    # A leap year, because the century is not always told.
    try:
        date(2000, int(ddmmyy[2:4]), int(ddmmyy[:2]))
    except ValueError:
        return False
    return True


def _may_be_phone(found: str) -> bool:
    return 6 <= sum(letter.isdecimal() for letter in found) <= 15


def _without_tail(text: str, start: int, end: int) -> int:
    """A link's end without the full stop or bracket of the sentence around it."""
    while end > start and text[end - 1] in ".,;:!?)]'”":
        end -= 1
    return end


_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "identity_code": _may_be_identity_code,
    "phone": _may_be_phone,
}
