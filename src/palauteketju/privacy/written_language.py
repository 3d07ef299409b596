"""In which of the county's languages a short text was written, guessed from the text alone.

A quote keeps no language of its own, because a lonely Swedish one would point at somebody; but a screen reader must know
how to pronounce it. What is guessed from its words tells nothing that its words do not. docs/privacy.md has how often it
is right.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

# The commonest words of each that the others do not have, and the ends by which longer words are known.
_COMMON: Mapping[str, str] = MappingProxyType(
    {
        "fi": """
            ja ei oli että kun niin mutta olin olen sain minä hän todella kiitos myös tai jo vain kaikki ovat
            sitä siitä mitä joka voi pitää olisi ollut saa tuli ihan aina kuin eikä meidän minun minua hyvä
            hyvää hyvin sekä vielä asia asiat missä miksi mikä kiitokset kiitän heidän siellä täällä kanssa
            ilman sen tämä nyt paljon
        """,
        "sv": """
            och att det är jag som på för inte med har till den mycket tack men av så vi fick mig ett min mitt
            om han hon blev då kan där när efter varit bra från över alla vid ni er också kunde skulle eller
            utan sig oss detta de väldigt hade ingen någon personalen vården
        """,
        "en": """
            the and to was of is it for my very not with that were they you thank thanks me we had have this be
            but are at he she so staff nurse doctor from your their there when could would been did no all about
        """,
    }
)
_ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        "fi": "ssa ssä sta stä lla llä lle lta ltä nen nut nyt aan ään tti vat isi",
        "sv": "ning het lig ligt ade arna erna orna isk iskt ande skt tion are",
        "en": "ing ly ould ness ment ed ous ful ght",
    }
)
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_ENDS = {language: tuple(ends.split()) for language, ends in _ENDINGS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def written_language(text: str) -> str | None:
    """`fi`, `sv` or `en`; None when the text says too little to tell, or as much for two of them."""
    words = _WORD.findall(text.lower())
    scores = {language: sum(_weight(word, language) for word in words) for language in _WORDS}
    best, second = sorted(scores.values(), reverse=True)[:2]
    return max(scores, key=lambda language: scores[language]) if best > second else None


def _weight(word: str, language: str) -> int:
    if word in _WORDS[language]:
        return 2
    return int(len(word) > 4 and word.endswith(_ENDS[language]))
