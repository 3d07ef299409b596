"""Finding the names of people in a text, by lists of names, their inflected forms, capital letters and the words beside.

A word is taken for a name when it is a form of a listed name; one that is also an ordinary word (Onni, Toivo, Satu) only
where its capital letter is not that of a sentence's beginning, or where a title, a verb or another name stands beside
it. A word with a capital letter inside a sentence that is in no list is taken for a name as well, unless it is a known
place, firm, medicine or holiday or stands beside a word for a place: Finnish and Swedish write common words small.
Too much is masked rather than too little.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from palauteketju.privacy.name_lists import (
    FIRST,
    LAST,
    NAME,
    OTHER,
    SURE,
    Context,
    first_names,
    forms_of_staff,
    the_context,
)
from palauteketju.privacy.name_tokens import Token, is_thing, tokens_of

_BETWEEN_NAMES: Final = frozenset({" ", "\u00a0", "  "})
_IN_LISTS: Final = frozenset({", ", ",", " & ", "/", " / ", " + "})
_PLACE_CASES: Final = ("ssa", "ssä", "sta", "stä", "een", "oon", "iin", "aan", "ään")
# Above this share of capital letters a capital tells nothing.
_TITLE_CASE: Final = 0.6


def find(text: str, *, known: Iterable[str] = ()) -> list[tuple[int, int]]:
    """The places of people's names in the text, in order, first and last name as one; title and initials are not one's own.

    `known` are names of people who may be meant, such as the staff: they count as names even where the same word could
    be an ordinary one, as long as it has its capital letter.
    """
    staff = forms_of_staff(tuple(sorted(set(known))))
    tokens = list(tokens_of(text, staff))
    if not tokens:
        return []
    capitals = sum(token.is_capital for token in tokens)
    trusts_capitals = len(tokens) < 6 or capitals <= _TITLE_CASE * len(tokens)
    _judge(text, tokens, trusts_capitals=trusts_capitals)
    return list(_spans(text, tokens))


def _judge(text: str, tokens: list[Token], *, trusts_capitals: bool) -> None:
    context, count = the_context(), len(tokens)
    for number, token in enumerate(tokens):
        if not token.flags and not token.is_capital:
            continue
        before = tokens[number - 1] if number else None
        after = tokens[number + 1] if number + 1 < count else None
        titled = before is not None and before.low in context.titles and token.start - before.end <= 2
        if token.is_capital and (not token.is_shouted or _stands_alone(token, before, after)):
            token.verdict = _of_capital(token, before, after, titled=titled, trusts_capitals=trusts_capitals)
        elif token.flags & NAME:
            beside = titled or _is_thanked(tokens, number)
            spaced = before is not None and text[before.end : token.start] in _BETWEEN_NAMES
            token.verdict = _of_plain(token, beside=beside and spaced)
    _spread(text, tokens, context)
    _spread_in_lists(text, tokens, context)
    _fill_in_particles(text, tokens, context)


def _is_thanked(tokens: list[Token], number: int) -> bool:
    """Whether "kiitos", "tack" or "tack till" stands before."""
    words = [token.low for token in tokens[max(0, number - 2) : number]]
    thanks = the_context().thanks
    return bool(words) and (
        words[-1] in thanks or (words[-1] in {"till", "to", "you"} and words[0] in thanks)
    )


def _of_plain(token: Token, *, beside: bool) -> int:
    """Of a listed name in small letters, or in capitals among others such."""
    is_sure = bool(token.flags & SURE) and not token.flags & OTHER
    if is_sure and len(token.low) > 3:
        return 1
    context = the_context()
    # The Swedish genitive: "syster annas hjälp".
    may_be = (
        is_sure
        or token.low in context.names_in_small
        or token.low.removesuffix("s") in context.names_in_small
    )
    if token.is_shouted:
        may_be = may_be or token.low in first_names()
    if beside and may_be and token.low not in context.never_first:
        return 1
    return 0 if may_be else -1


def _stands_alone(token: Token, before: Token | None, after: Token | None) -> bool:
    """Whether a word in capitals is an abbreviation in an ordinary text, not one of many shouted words."""
    return len(token.word) == 1 or not any(
        other is not None and other.is_shouted for other in (before, after)
    )


def _of_capital(
    token: Token, before: Token | None, after: Token | None, *, titled: bool, trusts_capitals: bool
) -> int:
    if len(token.word) == 1:
        return -1
    is_name = bool(token.flags & NAME)
    if token.flags & OTHER and not titled:
        is_place = not is_name or token.low.endswith(_PLACE_CASES)
        return -1 if is_place else int(not token.opens)
    facilities = the_context().facilities
    beside_place = after is not None and after.low in facilities and after.start - token.end == 1
    if is_name:
        if beside_place and not titled and not token.flags & FIRST:
            return -1
        return int(titled or _is_listed(token, after, trusts_capitals=trusts_capitals))
    in_place = before is not None and before.low in facilities and not token.opens
    trusted = trusts_capitals and not (beside_place or in_place or token.opens)
    return _of_unknown(token, titled=titled, trusted=trusted)


def _is_listed(token: Token, after: Token | None, *, trusts_capitals: bool) -> bool:
    """Whether a form of a listed name is one here, although it may be an ordinary word too."""
    if token.flags & SURE:
        return True
    if not token.opens:
        return trusts_capitals
    context = the_context()
    if after is None or token.low in context.never_first or not token.flags & FIRST:
        return False
    # Who does something is in the nominative: "Satu oli ihana", but "Meillä oli kivaa" is not about Mei.
    return after.low in (context.verbs if token.low in first_names() else context.postpositions)


def _of_unknown(token: Token, *, titled: bool, trusted: bool) -> int:
    """Of a word in no list: a name where its capital letter can be trusted, or a title stands before it."""
    context = the_context()
    # "Puskaradio-ryhmä", "Helmi-osasto": a thing with a name.
    is_word = token.flags & OTHER or token.low in context.facilities or token.low in context.titles
    if is_word or is_thing(token.word):
        return -1
    return int(not token.is_shouted and (titled or trusted))


def _spread(text: str, tokens: list[Token], context: Context) -> None:
    """A word that may be a name is one beside a name: "Onni Virtanen"."""
    for step in (-1, 1):
        order = range(len(tokens)) if step == -1 else range(len(tokens) - 1, -1, -1)
        for number in order:
            token = tokens[number]
            other = tokens[number + step] if 0 <= number + step < len(tokens) else None
            if token.verdict != 0 or other is None or other.verdict != 1:
                continue
            in_small = not token.is_capital and step == 1 and bool(other.flags & LAST)
            if not (other.is_capital or in_small):
                continue
            gap = text[other.end : token.start] if step == -1 else text[token.end : other.start]
            # A word at the beginning of a sentence that is in no list is rather a word: "Kiitos Kaisa".
            if gap in _BETWEEN_NAMES and (token.flags & NAME or not token.opens):
                token.verdict = 0 if token.low in context.never_first and not token.flags & NAME else 1


def _spread_in_lists(text: str, tokens: list[Token], context: Context) -> None:
    """What may be names are names in a list with one: "Meri, Kai ja Rauha", "pia och kristian"."""
    listed: list[Token] = []
    for number, token in enumerate(tokens):
        may_be = token.verdict >= 0 and bool(token.flags & NAME)
        if listed and not (
            (may_be or token.low in context.between) and _is_linked(text, tokens[number - 1], token, context)
        ):
            _decide(listed)
            listed = []
        if may_be:
            listed.append(token)
    _decide(listed)


def _is_linked(text: str, before: Token, token: Token, context: Context) -> bool:
    gap = text[before.end : token.start]
    if before.low in context.between or token.low in context.between:
        return gap in _BETWEEN_NAMES or gap == ", "
    return gap in _IN_LISTS or (before.verdict == token.verdict == 1 and gap in _BETWEEN_NAMES)


def _decide(listed: list[Token]) -> None:
    if any(token.verdict == 1 for token in listed):
        for token in listed:
            token.verdict = 1


def _fill_in_particles(text: str, tokens: list[Token], context: Context) -> None:
    """The small words inside a name: "Carl von Essen"."""
    for number, token in enumerate(tokens[1:-1], start=1):
        if token.low not in context.particles or tokens[number - 1].verdict != 1:
            continue
        after = tokens[number + 1]
        if after.low in context.particles and number + 2 < len(tokens):
            after = tokens[number + 2]
        gap = text[tokens[number - 1].end : token.start]
        if after.verdict == 1 and after.is_capital and gap in _BETWEEN_NAMES:
            token.verdict = 1


def _spans(text: str, tokens: list[Token]) -> Iterator[tuple[int, int]]:
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


def _end_of_name(token: Token) -> int:
    """Of "Kaisa-hoitaja" only the name; of a whole double name all of it."""
    is_whole = not token.is_capital or not is_thing(token.word) or len(token.word) != token.end - token.start
    return token.end if is_whole else token.start + token.word.rindex("-")
