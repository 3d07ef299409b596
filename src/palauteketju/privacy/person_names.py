"""Finding the names of people in a text, by lists of names, their inflected forms, capital letters and the words beside.

A word is taken for a name when it is a form of a listed name; one that is also an ordinary word (Onni, Toivo, Satu) only
where its capital letter is not that of a sentence's beginning, or where a title, a verb or another name stands beside
it. A word with a capital letter inside a sentence that is in no list is taken for a name as well, unless it is a known
place, firm, medicine or holiday or stands beside a word for a place: Finnish and Swedish write common words small.
Too much is masked rather than too little.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from palauteketju.privacy.name_forms import forms_of

_LISTS: Final = Path(__file__).parent / "names"
_LETTERS: Final = r"[^\s\d!-/:-@\[-`{-~\u00a1-\u00ac\u00ae-\u00bf\u2010-\u2027\u2030-\u205e\u3000-\u303f]+"
_TOKEN: Final = re.compile(rf"{_LETTERS}(?:['’\-\u2010\u2011]{_LETTERS})*(?::[a-zåäö]+)?")
# Invisible marks inside a word come from copying.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\ufeff]")
_SENTENCE_ENDS: Final = re.compile(r"[.!?…:;\n\"”“»«(\[•*]|(?:^|\s)[-–—]\s")
_BETWEEN_NAMES: Final = frozenset({" ", "\u00a0", "  "})
_CLITICS: Final = ("kin", "kaan", "kään", "han", "hän", "ko", "kö", "s")
_PLACE_CASES: Final = ("ssa", "ssä", "sta", "stä", "een", "oon", "iin", "aan", "ään")
_FIRST, _LAST, _SURE, _OTHER = 1, 2, 4, 8
_NAME: Final = _FIRST | _LAST
# Above this share of capital letters a capital tells nothing.
_TITLE_CASE: Final = 0.6
_WHOLE_WORD: Final = 5


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of context: short ones as they are, long ones as the beginning of a word."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and (word in self.whole or word.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class _Context:
    titles: _Words
    facilities: _Words
    verbs: frozenset[str]
    never_first: frozenset[str]


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    word: str
    low: str
    flags: int
    opens: bool
    # 1: the name of a person; 0: perhaps, beside a name; -1: not one.
    verdict: int = -1

    @property
    def is_capital(self) -> bool:
        return self.word[0].isupper()

    @property
    def is_shouted(self) -> bool:
        return len(self.word) > 1 and self.word.isupper()


def find(text: str, *, known: Iterable[str] = ()) -> list[tuple[int, int]]:
    """The places of people's names in the text, in order, first and last name as one; title and initials are not one's own.

    `known` are names of people who may be meant, such as the staff: they count as names even where the same word could
    be an ordinary one, as long as it has its capital letter.
    """
    staff = _forms_of_staff(tuple(sorted(set(known))))
    tokens = list(_tokens(text, staff))
    if not tokens:
        return []
    capitals = sum(token.is_capital for token in tokens)
    trusts_capitals = len(tokens) < 6 or capitals <= _TITLE_CASE * len(tokens)
    _judge(text, tokens, trusts_capitals=trusts_capitals)
    return list(_spans(text, tokens))


def _tokens(text: str, staff: Mapping[str, int]) -> Iterator[_Token]:
    forms, end, low, begins = _forms(), 0, "", True
    # A long text says the same words again and again.
    known: dict[str, tuple[str, str, int]] = {}
    for match in _TOKEN.finditer(text):
        start, before, written = match.start(), low, match[0]
        if written not in known:
            word = _plain(written)
            known[written] = word, word.lower(), _flags(word, word.lower(), forms, staff) if word else 0
        word, low, flags = known[written]
        # A picture stands where a sentence ends.
        if not word[:1].isalpha():
            begins, low = True, before
            continue
        opens = begins
        if not opens and word[0].isupper():
            gap = text[end:start]
            opens = bool(_SENTENCE_ENDS.search(gap)) and not (gap[0] == "." and _is_short(before))
        end, begins = match.end(), False
        yield _Token(start, end, word, low, flags, opens)


def _plain(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", word))


def _is_short(low: str) -> bool:
    """An initial or "tri", "dr": the full stop after it ends no sentence."""
    return len(low) == 1 or low in {"dr", "tri", "prof", "hra", "rva", "mr", "mrs", "ms", "st"}


def _flags(word: str, low: str, forms: Mapping[str, int], staff: Mapping[str, int]) -> int:
    found = forms.get(low, 0) | staff.get(low, 0)
    if found or not (word[0].isupper() or "-" in low):
        return found
    stem, _colon, _ending = low.partition(":")
    if stem != low:
        return forms.get(stem, 0) | staff.get(stem, 0)
    if "-" in low:
        head, _hyphen, tail = low.rpartition("-")
        first = forms.get(head.partition("-")[0], 0) | staff.get(head, 0)
        last = forms.get(tail, 0) | staff.get(tail, 0)
        if first & _NAME and last & _NAME:
            return (first | last) & ~_OTHER
        is_person = first & _SURE and _is_thing(word) and tail not in _context().facilities
        return first if is_person else 0
    for clitic in _CLITICS:
        if low.endswith(clitic) and len(low) > len(clitic) + 3:
            found = forms.get(low.removesuffix(clitic), 0)
            if found:
                return found
    return 0


def _judge(text: str, tokens: list[_Token], *, trusts_capitals: bool) -> None:
    context, count = _context(), len(tokens)
    for number, token in enumerate(tokens):
        if not token.flags and not token.is_capital:
            continue
        before = tokens[number - 1] if number else None
        after = tokens[number + 1] if number + 1 < count else None
        titled = before is not None and before.low in context.titles and token.start - before.end <= 2
        if token.is_capital and (not token.is_shouted or _stands_alone(token, before, after)):
            token.verdict = _of_capital(token, before, after, titled=titled, trusts_capitals=trusts_capitals)
        elif token.flags & _NAME:
            sure = bool(token.flags & _SURE) and len(token.low) > 3 and not token.flags & _OTHER
            token.verdict = 1 if sure and (not token.is_shouted or titled or len(token.low) > 3) else -1
    _spread(text, tokens, context)


def _stands_alone(token: _Token, before: _Token | None, after: _Token | None) -> bool:
    """Whether a word in capitals is an abbreviation in an ordinary text, not one of many shouted words."""
    return len(token.word) == 1 or not any(
        other is not None and other.is_shouted for other in (before, after)
    )


def _of_capital(
    token: _Token, before: _Token | None, after: _Token | None, *, titled: bool, trusts_capitals: bool
) -> int:
    if len(token.word) == 1:
        return -1
    is_name = bool(token.flags & _NAME)
    if token.flags & _OTHER and not titled:
        is_place = not is_name or token.low.endswith(_PLACE_CASES)
        return -1 if is_place else int(not token.opens)
    facilities = _context().facilities
    beside_place = after is not None and after.low in facilities and after.start - token.end == 1
    if is_name:
        if beside_place and not titled and not token.flags & _FIRST:
            return -1
        return int(titled or _is_listed(token, after, trusts_capitals=trusts_capitals))
    in_place = before is not None and before.low in facilities and not token.opens
    trusted = trusts_capitals and not (beside_place or in_place or token.opens)
    return _of_unknown(token, titled=titled, trusted=trusted)


def _is_listed(token: _Token, after: _Token | None, *, trusts_capitals: bool) -> bool:
    """Whether a form of a listed name is one here, although it may be an ordinary word too."""
    if token.flags & _SURE:
        return True
    if not token.opens:
        return trusts_capitals
    context = _context()
    followed = after is not None and after.low in context.verbs and token.low not in context.never_first
    return followed and bool(token.flags & _FIRST)


def _of_unknown(token: _Token, *, titled: bool, trusted: bool) -> int:
    """Of a word in no list: a name where its capital letter can be trusted, or a title stands before it."""
    context = _context()
    # "Puskaradio-ryhmä", "Helmi-osasto": a thing with a name.
    is_word = token.flags & _OTHER or token.low in context.facilities or token.low in context.titles
    if is_word or _is_thing(token.word):
        return -1
    return int(not token.is_shouted and (titled or trusted))


def _spread(text: str, tokens: list[_Token], context: _Context) -> None:
    """A word that may be a name is one beside a name: "Onni Virtanen", "Marja ja Raili"."""
    for step in (-1, 1):
        order = range(len(tokens)) if step == -1 else range(len(tokens) - 1, -1, -1)
        for number in order:
            token = tokens[number]
            other = tokens[number + step] if 0 <= number + step < len(tokens) else None
            if token.verdict != 0 or other is None or other.verdict != 1 or not other.is_capital:
                continue
            gap = text[other.end : token.start] if step == -1 else text[token.end : other.start]
            # A word at the beginning of a sentence that is in no list is rather a word: "Kiitos Kaisa".
            if gap in _BETWEEN_NAMES and (token.flags & _NAME or not token.opens):
                token.verdict = 0 if token.low in context.never_first and not token.flags & _NAME else 1
    for left, between, right in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if left.verdict == 0 and left.flags & _NAME and right.verdict == 1 and right.is_capital:
            left.verdict = 1 if between.low in {"ja", "sekä", "och", "and", "&"} else 0


def _spans(text: str, tokens: list[_Token]) -> Iterator[tuple[int, int]]:
    """The names, those side by side as one; an initial before or after belongs to it."""
    start = end = -1
    for number, token in enumerate(tokens):
        if token.verdict != 1:
            continue
        first, last = token.start, _end_of_name(token)
        before = tokens[number - 1] if number else None
        if before is not None and len(before.word) == 1 and before.is_capital:
            first = before.start if text[before.end : token.start] in {". ", ".", " "} else first
        after = tokens[number + 1] if number + 1 < len(tokens) else None
        if after is not None and len(after.word) == 1 and after.word.isupper() and after.word != "I":
            dotted = text[after.end : after.end + 1] == "."
            last = after.end + dotted if text[token.end : after.start] == " " else last
        if start >= 0 and (first <= end or text[end:first] in _BETWEEN_NAMES):
            end = last
            continue
        if start >= 0:
            yield start, end
        start, end = first, last
    if start >= 0:
        yield start, end


def _end_of_name(token: _Token) -> int:
    """Of "Kaisa-hoitaja" only the name; of a whole double name all of it."""
    is_whole = not token.is_capital or not _is_thing(token.word) or len(token.word) != token.end - token.start
    return token.end if is_whole else token.start + token.word.rindex("-")


def _is_thing(word: str) -> bool:
    """Whether a word with a hyphen ends in a common noun: "Kaisa-hoitaja", "Puskaradio-ryhmä"."""
    return "-" in word and word.rpartition("-")[2][:1].islower()


@cache
def _forms() -> dict[str, int]:
    """Every form of every listed name, and of what has a capital letter but is no person."""
    words = frozenset(_list("words"))
    forms: dict[str, int] = {}
    for kind, names in ((_FIRST, _list("first")), (_LAST, _list("last"))):
        for name in names:
            sure = 0 if name.lower() in words else _SURE
            for form in forms_of(name):
                forms[form] = forms.get(form, 0) | kind | sure
    for name in _list("others"):
        for form in forms_of(name):
            forms[form] = forms.get(form, 0) | _OTHER
    for word in words:
        forms[word] = forms.get(word, 0) & ~_SURE
    return forms


@lru_cache(maxsize=4)
def _forms_of_staff(names: tuple[str, ...]) -> dict[str, int]:
    forms: dict[str, int] = {}
    listed = _forms()
    for name in names:
        for part in name.split():
            if len(part) < 2:
                continue
            for form in forms_of(part.strip(".,")) if part.strip(".,") else ():
                # A colleague's name that is also a word counts by its capital letter alone.
                forms[form] = _FIRST | _LAST | (_SURE if form not in listed or listed[form] & _SURE else 0)
    return forms


@cache
def _context() -> _Context:
    content = tomllib.loads((_LISTS / "context.toml").read_text(encoding="utf-8"))
    return _Context(
        _words(content["titles"]),
        _words(content["facilities"]),
        frozenset(content["verbs"]),
        frozenset(content["never_first"]),
    )


def _words(words: list[str]) -> _Words:
    long = tuple(word for word in words if len(word) >= _WHOLE_WORD)
    return _Words(frozenset(words), long)


def _list(name: str) -> list[str]:
    return (_LISTS / f"{name}.txt").read_text(encoding="utf-8").split()
