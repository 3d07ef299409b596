"""Counting the parts of a text message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.sms.segments import BASIC, EXTENSION, Segments, segments


def test_it_works():
    assert segments("Miten asiointisi sujui?") == Segments("GSM-7", 23, 1)


def test_an_empty_text_is_no_message():
    assert segments("") == Segments("GSM-7", 0, 0)


def test_the_alphabet_has_127_characters_without_the_escape():
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10


@pytest.mark.parametrize(("length", "parts"), [(160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)])
def test_gsm_7_holds_160_alone_and_153_a_part(length, parts):
    assert segments("ä" * length) == Segments("GSM-7", length, parts)


@pytest.mark.parametrize(("length", "parts"), [(70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_ucs_2_holds_70_alone_and_67_a_part(length, parts):
    assert segments("č" * length) == Segments("UCS-2", length, parts)


def test_finnish_and_swedish_letters_are_gsm_7():
    assert segments("äöåÄÖÅéüñ").encoding == "GSM-7"


@pytest.mark.parametrize("letter", "čđŋšŧžá")
def test_each_sami_letter_forces_ucs_2(letter):
    assert segments(f"Terveysasema {letter}").encoding == "UCS-2"


def test_only_the_capital_c_with_cedilla_is_in_the_alphabet():
    assert segments("Ç").encoding == "GSM-7"
    assert segments("ç").encoding == "UCS-2"


def test_a_single_non_breaking_space_more_than_doubles_the_price():
    text = "a" * 99 + " " + "b" * 60
    assert segments(text) == Segments("GSM-7", 160, 1)
    assert segments(text.replace(" ", "\N{NO-BREAK SPACE}")) == Segments("UCS-2", 160, 3)


@pytest.mark.parametrize("character", sorted(EXTENSION))
def test_an_extension_character_counts_two(character):
    assert segments(character) == Segments("GSM-7", 2, 1)


def test_an_extension_character_is_not_split_between_parts():
    # 152 + 2 + 152 septets are 306, which two parts of 153 would hold were the pair split.
    assert segments("a" * 152 + "€" + "b" * 152) == Segments("GSM-7", 306, 3)
    assert segments("a" * 151 + "€" + "b" * 153) == Segments("GSM-7", 306, 2)


def test_an_emoji_counts_two_and_is_not_split_between_parts():
    assert segments("🙂") == Segments("UCS-2", 2, 1)
    assert segments("🙂" * 35) == Segments("UCS-2", 70, 1)
    assert segments("č" * 66 + "🙂" + "č" * 66) == Segments("UCS-2", 134, 3)


@given(st.text(max_size=400))
def test_the_units_are_those_of_the_encoding_and_fit_the_parts(text):
    counted = segments(text)

    if counted.encoding == "UCS-2":
        assert counted.units == len(text.encode("utf-16-le", "surrogatepass")) // 2
    alone, joined = (160, 153) if counted.encoding == "GSM-7" else (70, 67)
    assert counted.units <= (alone if counted.parts == 1 else joined * counted.parts)
    assert (counted.parts > 1) == (counted.units > alone)
