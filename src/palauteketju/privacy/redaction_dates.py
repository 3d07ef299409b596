"""A day in all the ways it is written: "12.3.", "måndagen den 2.11", "viime tiistaina", "15th of October", "3/11".

Two numbers without a full stop after them may as well be a price, a dose or a ratio ("2.5 tuntia", "3/5"). They count as
a day where a weekday or a clock time stands beside them, or where the words before them tell of a day and none of
something measured.
"""

import re
from typing import Final


def _beginnings(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_MONTHS: Final = (
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu(?:ta|n|ssa|na)?"
    r"|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october"
    r"|(?:jan|feb|apr|jun|jul|aug|sept?|okt|oct|nov|dec)\b\.?(?! ?\d\d\d\d\d)"
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_YEAR: Final = r"(?:(?:19|20)\d\d)"
_SHORT_WEEKDAY: Final = (
    r"(?:den|ma|ti|ke|to|pe|la|su|mån|tis|ons|tor|tors|fre|lör|sön|mon|tue|wed|thu|fri|sat|sun)"
)
_CLOCK: Final = r"(?:,? ?(?:klo|kello|kl\.?|at) ?\d{1,2}(?:[.:]\d\d)?(?: ?[-–] ?\d{1,2}(?:[.:]\d\d)?)?(?!\d))"
# Two numbers that only what stands beside them makes a day.
_BARE: Final = rf"(?<![\d.,/:]){_DAY}[./]{_MONTH}(?![\d/%]|[.,:]\d)"
_NUMERIC: Final = (
    rf"(?:\b{_SHORT_WEEKDAY}\.? )?(?<![\d.,]){_DAY}\.[ ]?{_MONTH}\.(?:[ ]?(?:{_YEAR}|\d\d(?!\d)))?"
    rf"|(?<![\d./-]){_DAY}[./-]{_MONTH}[./-]{_YEAR}(?!\d)|(?<!\d){_YEAR}-\d\d-\d\d(?!\d)"
    rf"|(?<![\d./-]){_DAY}/{_MONTH}/\d\d(?![\d/])"
    rf"|\b{_SHORT_WEEKDAY}\.? {_BARE}|{_BARE}(?={_CLOCK})"
)
_WORDED: Final = (
    rf"\b(?:den )?{_DAY}(?:\.|:?[ae]|st|nd|rd|th)?(?: of)? ?(?:{_MONTHS})(?!\w)(?:,? {_YEAR})?"
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
# The first day of several: "3.-5.11.".
_FIRST_DAY: Final = rf"(?:(?<![\d.,]){_DAY}\.[-–](?={_DAY}\.{_MONTH}\.))?"
_DATE: Final = rf"(?:{_FIRST_DAY}(?:{_NUMERIC}|{_WORDED}|{_WEEKDAY}))"
# Days side by side are one day told twice: "maanantaina 3. päivä klo 14".
DATES: Final = re.compile(
    rf"(?<![^\W_]){_DATE}(?:,? {{0,2}}(?:{_DATE}|{_BARE})){{0,3}}{_CLOCK}?", re.IGNORECASE
)
BARE_DATES: Final = re.compile(_BARE)

_LOOKS_BACK: Final = 50
_SENTENCE_ENDS: Final = re.compile(r"[!?\n]|\.(?!\d)")
_WORDS: Final = re.compile(r"[^\W\d_]+")
# Beginnings of words; one with a stroke after it is whole. What is measured, priced or graded is no day.
_MEASURED: Final = _beginnings(
    "klo| kello| kl| hinta hinna hinno maks pris kost cost paid| betal lämpö kuume feber fever| hb| crp| inr| ph| psa| tsh| arvo keskiarvo piste täht tähd betyg poäng| score rate| rating"
    " grade| star| stars| verenpain verensoker sokeri blodtryck blodsocker paine paino pituu annos annok dos| dosen| dose näkö noin| yli| alle| ungefär| about| over| lähes| melkein| odot vänta wait"
)
# What has a number as its name.
_NUMBERED: Final = _beginnings(
    "osasto avd| avdelning ward| unit| versio kohta| kohda luku| luvu sivu kerros| kerrok rappu rapu huone rum| room| numero nro| nummer number"
)
_TELLS_DAY: Final = _beginnings(
    "kävi käyn tuli aika ajan| ajas soit sain| pääsi joudui leik päivyst ensia vastaanot polikl lähe peru vara siir synty alkaen| lähtien| jälkeen| viimeksi päivä pvm|"
    " uudestaan| taas| vasta| olin| olimme| koke röntg rokot hoitoon| kotiu den| tid| tiden| tider| besök ring kom| fick| sedan| igen| oper akut boka avbok läkar dagen|"
    " since| until| visit appointment called| came| booked| cancel surgery| date|"
)
_UNIT: Final = re.compile(
    r" ?(?:€|%|°|[x×*] ?\d|[-–] ?\d|(?:e|eur|euro\w*|mg|ml|g|kg|dl|cl|l|cm|mm|m|km|h|min|s|t|v|vk|vko|kk|pv|vrk|kr|mmol|yks|tunti\w*|tunnin|tuntia|minuut\w+|päivää|viikko\w*"
    r"|kuukau\w+|vuot\w+|aste\w*|tabl\w*|pill\w*|ann\w*|kertaa|krt|pist\w*|täht\w*|metri\w*|kilo\w*|litra\w*|timm\w+|dag(?:ar)?|veck\w+|månad\w*|år|grader|poäng|stjärn\w*"
    r"|hours?|days?|weeks?|months?|years?|minutes?|degrees?|stars?|points?|times|tablets?|pills?)\b)",
    re.IGNORECASE,
)
_ONLY_BARE: Final = re.compile(rf"{_DAY}[./] ?{_MONTH}\.?")


def may_be_day(text: str, start: int, end: int) -> bool:
    """Whether what was found is a day; only two numbers with nothing beside them are doubted."""
    found = text[start:end]
    if not _ONLY_BARE.fullmatch(found):
        return True
    sentence = _SENTENCE_ENDS.split(text[max(0, start - _LOOKS_BACK) : start])[-1]
    words = _WORDS.findall(sentence.lower())[-4:]
    if found.endswith("."):
        # Before another sentence, or at the end, the full stop may be that of the sentence.
        rest = text[end : end + 2].strip()
        return bool(rest and not rest[0].isupper()) or not _is_measured(words[-2:])
    if _is_measured(words) or _UNIT.match(text, end):
        return False
    if not _is_plain_ratio(found):
        return _is_late(found) or any(word.startswith(_TELLS_DAY) for word in _whole(words))
    return False


def _is_measured(words: list[str]) -> bool:
    marked = _whole(words)
    is_numbered = bool(marked) and marked[-1].startswith(_NUMBERED)
    return is_numbered or any(word.startswith(_MEASURED) for word in marked)


def _whole(words: list[str]) -> list[str]:
    return [f"{word}|" for word in words]


def _is_plain_ratio(found: str) -> bool:
    """3/5 and 9/10 are rather so many of so many, 24/7 is always; 3/11 and 24/5 may be days."""
    day, slash, month = found.partition("/")
    return bool(slash) and (found == "24/7" or (int(day) <= int(month) and int(month) <= 10))


def _is_late(found: str) -> bool:
    """24/11 and 15.10 are little else than days, even where no word tells so."""
    day, sign, month = re.split(r"([./])", found, maxsplit=1)
    return int(day) > 12 and (sign == "/" or int(month) >= 10)
