"""A small language of words for finding things said in free text, in time linear in the text.

Used instead of regular expressions, so that a county's own people can read and change the patterns
and no pattern can be slow. A pattern is words with spaces between them:

- `lääke` that word, `lääk*` any word that begins so, `*virhe` one that ends so, `*myrky*` one that
  has it inside, `isä|äiti` either;
- `..` between two words lets up to four others come between;
- `a ~ b` is `a .. b` or `b .. a`;
- `a & b` is both in one sentence in either order, with up to thirty others between; `a & b & c` all three.

A pattern never reaches over the end of a sentence. Words are compared in lower case. A text without any
å, ä or ö is read as if typed without them, and parts of seven letters or more also match where dots
are missing, letters are doubled or single by mistake, or one letter after the first is wrong, missing, too much or
changed places with the next.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, permutations
from typing import Final, Generic, TypeVar

REACH: Final = 4  # other words that may come where a pattern says `..`
SENTENCE_REACH: Final = 30  # and where it says `&`
BREAK: Final = 100  # positions skipped at the end of a sentence: more than any pattern can reach
FORGIVING_LENGTH: Final = 7
RIGHT_AFTER: Final = 3  # letters that must be right after a mistake
MOST_SIDES: Final = 3  # of a pattern with `&`: each order of them is a pattern of its own
SHORTEST_PART: Final = 3
SHORTEST_INSIDE: Final = 4

# A soft hyphen or a zero-width mark inside a word comes from copying, an apostrophe from English. Each
# character can be read in one way only, so that the time stays linear.
_TOKEN: Final = re.compile(r"(?P<word>\w[\w\u0300-\u036f\u00ad\u200b-\u200d'’]*)|[.!?;\n]")
_DROPPED: Final = re.compile(r"[\u00ad\u200b-\u200d'’]")
_DOUBLED: Final = re.compile(r"(.)\1+")
_PART: Final = re.compile(r"(\*?)([^\W_]+)(\*?)")
_ANYWHERE: Final = "&"
_DOTLESS: Final = str.maketrans("åäöáéèüæø", "aaoaeeuao")
_DOTTED: Final = re.compile("[åäö]")


Key = TypeVar("Key")


class BadPattern(Exception):
    """The pattern cannot be understood; the message says why."""


@dataclass(frozen=True)
class Place:
    """One place of a pattern: any of `parts`, after at most `gap` words from the place before it."""

    parts: frozenset[int]
    gap: int


Pattern = tuple[Place, ...]


class Table:
    """Parts of words, filed by the letters at their closed end, so that few are tried on a word."""

    def __init__(self) -> None:
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._beginnings: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._ends: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._inside: list[tuple[str, int]] = []

    def file(self, letters: str, part: int, *, open_before: bool, open_after: bool) -> None:
        if open_before and open_after:
            self._inside.append((letters, part))
        elif open_before:
            self._ends[letters[-SHORTEST_PART:]].append((letters, part))
        elif open_after:
            self._beginnings[letters[:SHORTEST_PART]].append((letters, part))
        else:
            self._whole[letters].add(part)

    def parts_of(self, word: str) -> set[int]:
        found = set(self._whole.get(word, ()))
        if beginnings := self._beginnings.get(word[:SHORTEST_PART]):
            found.update(part for letters, part in beginnings if word.startswith(letters))
        if ends := self._ends.get(word[-SHORTEST_PART:]):
            found.update(part for letters, part in ends if word.endswith(letters))
        found.update([part for letters, part in self._inside if letters in word])
        return found


class Misspellings:
    """Parts of seven letters or more, found although one letter of a word is wrong.

    Two words with one mistake between them become alike when the right letter is left out of each. So a part is filed
    under its first seven letters with each of them but the first left out, a word is looked up in the same few ways, and
    what is found is compared letter by letter: the time stays linear.
    """

    def __init__(self) -> None:
        self._parts: dict[str, set[tuple[str, int, bool]]] = defaultdict(set)

    def file(self, letters: str, part: int, *, open_after: bool) -> None:
        for key in self._keys(letters):
            self._parts[key].add((letters, part, open_after))

    def parts_of(self, word: str) -> set[int]:
        candidates = set().union(*(self._parts.get(key, ()) for key in self._keys(word)))
        return {part for letters, part, is_open in candidates if _nearly(word, letters, is_open=is_open)}

    @staticmethod
    def _keys(letters: str) -> list[str]:
        start = letters[:FORGIVING_LENGTH]
        return [start[:at] + start[at + 1 :] for at in range(1, len(start))]


def _nearly(word: str, letters: str, *, is_open: bool) -> bool:
    """Whether `word` is `letters`, or begins so, but for one mistake.

    A difference near the end is more often another form of a word than a mistake, so it is not forgiven.
    """
    at = next((i for i, (one, other) in enumerate(zip(word, letters, strict=False)) if one != other), None)
    if at is None or at > len(letters) - RIGHT_AFTER - 1:
        return False
    rest, expected = word[at:], letters[at:]
    mended = (expected[0] + rest[1:], rest[1:2] + rest[:1] + rest[2:], rest[1:], expected[0] + rest)
    return any(one.startswith(expected) if is_open else one == expected for one in mended)


class Lexicon:
    """Every part of a word that some pattern asks for, so that each word is looked up once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, bool], int] = {}
        self._dotted = Table()
        self._dotless = Table()
        self._forgiving = Table()
        self._misspelt = Misspellings()
        self._right = Table()

    def never_misspelt(self, part: str) -> None:
        """Words that are right as they are, however near they come to a part that is looked for."""
        shape = _PART.fullmatch(plain(part))
        if shape is None or shape[1]:
            raise BadPattern(f"{part!r} is not a word; a star may only end it")
        self._right.file(dotless(shape[2]), 0, open_before=False, open_after=bool(shape[3]))

    def number(self, part: str, *, misspelt: bool) -> int:
        """The number of a part such as `lääk*`, filing it when it is new."""
        shape = _PART.fullmatch(part)
        if shape is None:
            raise BadPattern(f"{part!r} is not a word; a star may only begin or end it")
        letters = shape[2]
        open_before, open_after = bool(shape[1]), bool(shape[3])
        shortest = SHORTEST_INSIDE if open_before and open_after else SHORTEST_PART
        if (open_before or open_after) and len(letters) < shortest:
            raise BadPattern(f"{part!r} would match too much: at least {shortest} letters beside the star")

        key = (part, misspelt)
        if key not in self._numbers:
            number = self._numbers[key] = len(self._numbers)
            self._dotted.file(letters, number, open_before=open_before, open_after=open_after)
            self._dotless.file(dotless(letters), number, open_before=open_before, open_after=open_after)
            rough = forgiving(letters)
            if len(rough) >= FORGIVING_LENGTH:
                self._forgiving.file(rough, number, open_before=open_before, open_after=open_after)
            if misspelt and len(letters) >= FORGIVING_LENGTH and not open_before:
                self._misspelt.file(dotless(letters), number, open_after=open_after)
        return self._numbers[key]

    def parts_of(self, word: str, *, dots_typed: bool) -> set[int]:
        found = (self._dotted if dots_typed else self._dotless).parts_of(word)
        if len(word) >= FORGIVING_LENGTH:
            found |= self._forgiving.parts_of(forgiving(word))
        # One letter may be missing, so a word may be one shorter.
        if len(word) >= FORGIVING_LENGTH - 1 and not self._right.parts_of(dotless(word)):
            found |= self._misspelt.parts_of(dotless(word))
        return found


class Words:
    """A text, read once: where each part of the lexicon stands in it."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._positions: dict[int, set[int]] = defaultdict(set)
        self._spans: dict[int, tuple[int, int]] = {}
        self._unions: dict[frozenset[int], list[int]] = {}
        dots_typed = _DOTTED.search(unicodedata.normalize("NFC", text).lower()) is not None
        known: dict[str, set[int]] = {}

        position = 0
        for token in _TOKEN.finditer(text):
            if token.lastgroup is None:
                position += BREAK
                continue
            position += 1
            written = token.group()
            if written not in known:
                known[written] = lexicon.parts_of(plain(written), dots_typed=dots_typed)
            for part in known[written]:
                self._positions[part].add(position)
            if known[written]:
                self._spans[position] = token.span()

    def find(self, pattern: Pattern) -> Iterator[tuple[int, int]]:
        """First and last position of each place in the text where `pattern` holds, in order.

        Of several words that fit a place the nearest is taken, which keeps the time linear.
        """
        if any(self._positions.keys().isdisjoint(place.parts) for place in pattern):
            return
        places = [self._where(place.parts) for place in pattern]
        for first in places[0]:
            last = first
            for place, where in zip(pattern[1:], places[1:], strict=True):
                index = bisect_right(where, last)
                if index == len(where) or where[index] > last + place.gap + 1:
                    break
                last = where[index]
            else:
                yield first, last

    @property
    def parts(self) -> Iterable[int]:
        """Every part of the lexicon that stands in the text."""
        return self._positions.keys()

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Start and end, in characters of the text, from one position to another."""
        return self._spans[first][0], self._spans[last][1]

    def _where(self, parts: frozenset[int]) -> list[int]:
        if parts not in self._unions:
            self._unions[parts] = sorted(set().union(*(self._positions.get(part, ()) for part in parts)))
        return self._unions[parts]


class Index(Generic[Key]):
    """Many patterns, each under a key: nearly none of them stands in a text, and only those that may are worth a look."""

    def __init__(self, entries: Iterable[tuple[Key, Pattern]]) -> None:
        self._entries = list(entries)
        self._needing: dict[int, list[int]] = defaultdict(list)
        for number, (_key, pattern) in enumerate(self._entries):
            # The place that the fewest words fit.
            for part in min((place.parts for place in pattern), key=len):
                self._needing[part].append(number)

    def possible_in(self, words: Words) -> dict[Key, list[Pattern]]:
        """By key, in the order of the entries, the patterns that have one of the words they need in the text."""
        numbers = {number for part in words.parts for number in self._needing.get(part, ())}
        possible: dict[Key, list[Pattern]] = {}
        for number in sorted(numbers):
            key, pattern = self._entries[number]
            possible.setdefault(key, []).append(pattern)
        return possible


def parse(pattern: str, lexicon: Lexicon, *, misspelt: bool = True) -> list[Pattern]:
    """The pattern in the form `Words.find` takes: one for each order in which its sides may come.

    Without `misspelt` words must be spelt right: what takes a mark away should not be found by mistake.
    """
    words = plain(pattern).split()
    between = [word for word in words if word in {"~", _ANYWHERE}]
    if len(set(between)) > 1 or len(between) > (MOST_SIDES if _ANYWHERE in between else 2) - 1:
        raise BadPattern("only one ~ or two & in a pattern, and not both")
    if not between:
        return [_places(words, lexicon, misspelt=misspelt)]
    sides = [list(side) for is_word, side in groupby(words, lambda word: word != between[0]) if is_word]
    if len(sides) != len(between) + 1:
        raise BadPattern("~ and & belong between two words")
    reach = ".." if between[0] == "~" else _ANYWHERE
    return [_places(_joined(order, reach), lexicon, misspelt=misspelt) for order in permutations(sides)]


def _joined(sides: Iterable[list[str]], reach: str) -> list[str]:
    return [word for side in sides for word in (reach, *side)][1:]


def _places(items: list[str], lexicon: Lexicon, *, misspelt: bool) -> Pattern:
    places: list[Place] = []
    gap = 0
    for index, item in enumerate(items):
        if item in {"..", _ANYWHERE}:
            if gap or index in {0, len(items) - 1}:
                raise BadPattern(".. belongs between two words")
            gap = REACH if item == ".." else SENTENCE_REACH
            continue
        parts = frozenset(lexicon.number(part, misspelt=misspelt) for part in item.split("|"))
        places.append(Place(parts, gap))
        gap = 0
    if not places:
        raise BadPattern("the pattern is empty")
    return tuple(places)


def plain(word: str) -> str:
    """Lower case, composed letters, without apostrophes and invisible marks."""
    return _DROPPED.sub("", unicodedata.normalize("NFC", word).lower())


def dotless(word: str) -> str:
    return word.translate(_DOTLESS)


def forgiving(word: str) -> str:
    """Without dots and doubled letters: "väkivaltaa" and "vakkivalta*" begin alike."""
    return _DOUBLED.sub(r"\1", dotless(word))
