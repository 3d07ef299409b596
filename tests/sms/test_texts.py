"""The words of a survey message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.sms.segments import segments
from palauteketju.sms.texts import MOST_PARTS, WITH_UNIT, WITHOUT_UNIT, compose

COUNTY = {
    "fi": "Satakunnan hyvinvointialue",
    "sv": "Satakunta välfärdsområde",
    "en": "Wellbeing services county of Satakunta",
}
UNIT = {"fi": "Keskustan terveysasema", "sv": "Centrums hälsostation", "en": "City health centre"}
LINK = "https://palaute.example.fi/v/abcdefghjkm"
LANGUAGES = ("fi", "sv", "en")


def test_it_works():
    assert compose("fi", UNIT["fi"], COUNTY["fi"], LINK) == (
        "Satakunnan hyvinvointialue: miten asiointisi sujui (Keskustan terveysasema)? "
        f"Vastaa nimettömästi ja maksutta: {LINK}"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_with_a_link_of_40_characters_is_one_part(language):
    assert len(LINK) == 40
    for unit in (UNIT[language], None):
        counted = segments(compose(language, unit, COUNTY[language], LINK))
        assert (counted.encoding, counted.parts) == ("GSM-7", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_says_who_asks_and_ends_in_its_link(language):
    text = compose(language, UNIT[language], COUNTY[language], LINK)
    assert text.startswith(COUNTY[language])
    assert text.endswith(f" {LINK}")


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "nimettömästi ja maksutta"), ("sv", "anonymt och gratis"), ("en", "anonymously, free of charge")],
)
def test_a_message_says_that_answering_is_anonymous_and_free(language, words):
    for unit in (UNIT[language], None):
        assert words in compose(language, unit, COUNTY[language], LINK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_units_name_nothing_tells_what_the_visit_was(language):
    text = compose(language, None, COUNTY[language], LINK)
    assert text == compose(language, " ", COUNTY[language], LINK)
    assert "(" not in text


def test_every_language_has_both_texts():
    assert tuple(WITH_UNIT) == tuple(WITHOUT_UNIT) == LANGUAGES


def test_a_non_breaking_space_and_typographic_marks_in_a_name_do_not_raise_the_price():
    name = "Poli\N{NO-BREAK SPACE}1 \N{EN DASH} \N{RIGHT DOUBLE QUOTATION MARK}Satama\N{RIGHT DOUBLE QUOTATION MARK}\n"
    text = compose("fi", name, COUNTY["fi"], LINK)
    assert '(Poli 1 - "Satama")' in text
    assert segments(text).encoding == "GSM-7"


def test_sami_letters_are_kept_at_their_price():
    text = compose("fi", "Ohcejohka č", "Lapin hyvinvointialue", "https://l.fi/v/abc")
    assert "(Ohcejohka č)" in text
    assert segments(text).encoding == "UCS-2"
    assert segments(text).parts == 2


def test_a_name_too_long_for_two_parts_is_left_out():
    assert compose("fi", "x" * 300, COUNTY["fi"], LINK) == compose("fi", None, COUNTY["fi"], LINK)


def test_braces_in_a_name_are_only_braces():
    assert "({link} {0})" in compose("fi", "{link} {0}", COUNTY["fi"], LINK)


@given(st.sampled_from(LANGUAGES), st.one_of(st.none(), st.text(max_size=200)), st.integers(20, 80))
def test_no_unit_makes_a_message_longer_than_two_parts(language, unit, link_length):
    link = "https://" + "x" * (link_length - 8)
    assert segments(compose(language, unit, COUNTY[language], link)).parts <= MOST_PARTS
