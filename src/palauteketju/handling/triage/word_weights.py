"""How much the words of a text are like those of urgent feedback: one number, from the weights of pieces of words.

The weights are data with a version (`urgency-weights-3.toml`), learnt from labelled texts by
`tests/handling/learn_weights.py`. A word is cut into its pieces of four and five letters with `^` before and `$` after it, so
that inflected, compound and misspelt words share pieces with known ones. A word weighs the sum of its pieces.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from math import fsum, sqrt
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

from palauteketju.handling.triage.word_patterns import dotless, plain

PIECES: Final = (4, 5)
LONGEST_SENTENCE: Final = 60  # words; a longer one is read in parts
SHORTEST_SENTENCE: Final = 2  # different words; a shorter one is read together with the next
SPARE_WORDS: Final = 5  # so that a text of one word does not weigh as much as a whole sentence
LONGEST_WORD: Final = 60  # letters; what comes after them is not read
REMEMBERED: Final = 50_000  # words whose weight is kept: people use the same ones
SHOWN_WORDS: Final = 3
FEWEST_WORDS: Final = 4  # different ones, below which weights alone mark nothing: "Third." is like anything

_TOKEN: Final = re.compile(r"(?P<word>\w[\w\u0300-\u036f\u00ad\u200b-\u200d'’]*)|[.!?;\n]")


class BadWeights(Exception):
    """The file of weights cannot be used; the message names the file and why."""


class Word(NamedTuple):
    """A word as it is weighed, and where it stands in the text."""

    letters: str
    start: int
    end: int


class Weighed(NamedTuple):
    """The heaviest place of a text, its different words, and where the heaviest of them stand."""

    weight: float
    words: int
    heaviest: list[tuple[int, int]]


@dataclass(frozen=True)
class Weights:
    """Above `limit` a text is marked. Each rule that finds something adds `rule_points`, for `most_rules` at most."""

    pieces: dict[str, float]
    base: float
    limit: float
    rule_points: float
    most_rules: int
    _known: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    def of_word(self, letters: str) -> float:
        weight = self._known.get(letters)
        if weight is None:
            weight = sum(self.pieces.get(piece, 0.0) for piece in pieces_of(letters))
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[letters] = weight
        return weight

    def weigh(self, text: str, found: Iterable[int] = ()) -> Weighed:
        """The heaviest two sentences that follow each other: one urgent sentence must not drown in a long text.

        A sentence where a rule found something, at one of `found`, counts alone too: thanks before it excuse nothing.
        """
        sentences = list(sentences_of(text)) or [{}]
        sums = [sum(map(self.of_word, sentence)) for sentence in sentences]
        pairs = range(1, len(sentences)) or range(1)
        alone = {max(0, bisect_right(sentences, at, key=_start) - 1) for at in found}
        weight, first, last = max(
            chain(
                ((self._of_pair(sentences, sums, last), max(0, last - 1), last) for last in pairs),
                ((self._of_sum(sums[at], len(sentences[at])), at, at) for at in sorted(alone)),
            ),
            key=itemgetter(0),
        )
        place = (sentences[first] | sentences[last]).values()
        words = sorted(place, key=lambda word: (-self.of_word(word.letters), word.start))
        shown = [word for word in words[:SHOWN_WORDS] if self.of_word(word.letters) > 0] or words[:1]
        return Weighed(weight, len(place), sorted((word.start, word.end) for word in shown))

    def _of_pair(self, sentences: list[dict[str, Word]], sums: list[float], last: int) -> float:
        """Of the sentence at `last` and the one before it; a word of both weighs once."""
        if last == 0:
            return self._of_sum(sums[0], len(sentences[0]))
        both = sentences[last - 1].keys() & sentences[last].keys()
        different = len(sentences[last - 1]) + len(sentences[last]) - len(both)
        return self._of_sum(sums[last - 1] + sums[last] - fsum(map(self.of_word, both)), different)

    def _of_sum(self, weight: float, words: int) -> float:
        return base_share(words) * self.base + weight / length_of(words)


def _start(sentence: dict[str, Word]) -> int:
    return next((word.start for word in sentence.values()), 0)


def length_of(words: int) -> float:
    """What the weight of so many words is divided by."""
    return sqrt(words + SPARE_WORDS)


def base_share(words: int) -> float:
    """How much of the base counts: most texts are not urgent, but a few words say little of that."""
    return sqrt(words) / length_of(words)


def sentences_of(text: str) -> Iterator[dict[str, Word]]:
    """The different words of each sentence that has any."""
    sentence: dict[str, Word] = {}
    known: dict[str, str] = {}
    for token in _TOKEN.finditer(text):
        if token.lastgroup is not None:
            written = token.group()
            letters = known.get(written) or known.setdefault(written, dotless(plain(written[:LONGEST_WORD])))
            sentence.setdefault(letters, Word(letters, *token.span()))
        shortest = LONGEST_SENTENCE if token.lastgroup else SHORTEST_SENTENCE
        if len(sentence) >= shortest:
            yield sentence
            sentence = {}
    if sentence:
        yield sentence


def pieces_of(letters: str) -> list[str]:
    """Every piece of a word, the whole word among them."""
    word = f"^{letters}$"
    cut = [word[at : at + size] for size in PIECES for at in range(len(word) - size + 1)]
    return cut if len(word) in PIECES else [*cut, word]


def load_weights(path: Path) -> tuple[Weights, str]:
    """The weights of a file, and its text. Raises BadWeights."""
    try:
        source = path.read_text(encoding="utf-8")
        content = tomllib.loads(source)
        weights = Weights(
            pieces={piece: float(weight) for piece, weight in content["pieces"].items()},
            base=float(content["base"]),
            limit=float(content["limit"]),
            rule_points=float(content["rule_points"]),
            most_rules=int(content["most_rules"]),
        )
    except OSError as error:
        raise BadWeights(f"{path.name} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadWeights(f"{path.name} is not TOML: {error}.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadWeights(f"{path.name} has something missing or wrong in it: {error}.") from error
    return weights, source
