"""The words of a text, each with what the lists of names say of it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from palauteketju.privacy.name_lists import NAME, OTHER, SURE, all_forms, the_context, words_elsewhere
from palauteketju.privacy.written_language import written_language

_LETTERS: Final = r"[^\s\d!-/:-@\[-`{-~\u00a1-\u00ac\u00ae-\u00bf\u2010-\u2027\u2030-\u205e\u3000-\u303f]+"
_TOKEN: Final = re.compile(rf"{_LETTERS}(?:['’\-\u2010\u2011]{_LETTERS})*(?::[a-zåäö]+)?")
# A soft hyphen before a capital letter is the hyphen of a double name; letters stay as many, so that places fit.
_HYPHENS: Final = re.compile("[\u2010\u2011]|\u00ad(?=[A-ZÅÄÖ][a-zåäö])")
# Invisible marks inside a word come from copying.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\ufeff]")
_SENTENCE_ENDS: Final = re.compile(r"[.!?…:;\n\"”“»«(\[•*]|(?:^|\s)[-–—]\s")
# So many characters are enough to tell the language by.
_TELLS_LANGUAGE: Final = 10_000
_CLITICS: Final = ("kin", "kaan", "kään", "han", "hän", "ko", "kö", "s")


@dataclass(slots=True)
class Token:
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


def tokens_of(text: str, staff: Mapping[str, int]) -> Iterator[Token]:
    forms, end, low, begins = all_forms(), 0, "", True
    ordinary = frozenset() if written_language(text[:_TELLS_LANGUAGE]) == "fi" else words_elsewhere()
    # A long text says the same words again and again.
    known: dict[str, tuple[str, str, int]] = {}
    for match in _TOKEN.finditer(text):
        start, before, written = match.start(), low, match[0]
        if written not in known:
            word = _plain(written)
            low = word.lower()
            flags = _flags(word, low, forms, staff) if word else 0
            known[written] = word, low, flags & ~SURE if low in ordinary and low not in staff else flags
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
        yield Token(start, end, word, low, flags, opens)


def _plain(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _HYPHENS.sub("-", word)))


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
        return _flags_of_double(word, low, forms, staff)
    for clitic in _CLITICS:
        if low.endswith(clitic) and len(low) > len(clitic) + 3:
            found = forms.get(low.removesuffix(clitic), 0)
            if found:
                return found
    return 0


def _flags_of_double(word: str, low: str, forms: Mapping[str, int], staff: Mapping[str, int]) -> int:
    """Of a word with a hyphen: "Mäki-Petäjä", "al-Rashid", "Kaisa-hoitaja"."""
    head, _hyphen, tail = low.rpartition("-")
    if head in the_context().particles and word[len(head) + 1].isupper():
        return NAME | SURE
    first = forms.get(head.partition("-")[0], 0) | staff.get(head, 0)
    last = forms.get(tail, 0) | staff.get(tail, 0)
    if first & NAME and last & NAME:
        return (first | last) & ~OTHER
    is_person = first & SURE and is_thing(word) and tail not in the_context().facilities
    return first if is_person else 0


def is_thing(word: str) -> bool:
    """Whether a word with a hyphen ends in a common noun: "Kaisa-hoitaja", "Puskaradio-ryhmä"."""
    return "-" in word and word.rpartition("-")[2][:1].islower()
