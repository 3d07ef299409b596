"""Whether answers fit their question set: one rule for every channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palauteketju.surveys.answers import MISSING, NOT_A_CHOICE, UNKNOWN_QUESTION, check
from palauteketju.surveys.library import question_set

NATIONAL = question_set("thl-2")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    st.lists,
    max_leaves=3,
)


def test_it_works():
    answers, errors = check({"nps": 10, "access": "5", "caring": "na", "safety": ""}, question_set=NATIONAL)
    assert answers == {"nps": "10", "access": "5", "caring": "na"}
    assert errors == {}


@pytest.mark.parametrize("nothing", [{}, {"nps": None}, {"nps": ""}])
def test_the_recommendation_is_required(nothing):
    assert check(nothing, question_set=NATIONAL)[1] == {"nps": MISSING}


def test_paper_may_leave_it_empty():
    assert check({}, question_set=NATIONAL, all_required=False) == ({}, {})


@pytest.mark.parametrize("value", [11, -1, True, 9.0, "9.0", " 9", "09", "٩", [9], {"9": 9}, "na"])
def test_what_is_no_choice_of_the_recommendation(value):
    assert check({"nps": value}, question_set=NATIONAL)[1] == {"nps": NOT_A_CHOICE}


@pytest.mark.parametrize("value", [0, 6, "6", "NA", "täysin samaa mieltä"])
def test_what_is_no_choice_of_a_statement(value):
    assert check({"nps": 9, "access": value}, question_set=NATIONAL)[1] == {"access": NOT_A_CHOICE}


def test_a_question_that_was_not_asked():
    asked = NATIONAL.only(["nps"])
    assert check({"nps": 9, "access": 5}, question_set=NATIONAL, asked=asked)[1] == {
        "access": UNKNOWN_QUESTION
    }
    assert check({"nps": 9, "zzz": 5}, question_set=NATIONAL)[1] == {"zzz": UNKNOWN_QUESTION}


@given(
    st.dictionaries(
        st.sampled_from([question.id for question in NATIONAL.questions]) | st.text(max_size=5), ANYTHING
    )
)
def test_what_is_kept_is_always_a_choice_of_its_question(raw):
    answers, errors = check(raw, question_set=NATIONAL)
    assert not set(answers) & set(errors)
    for name, value in answers.items():
        assert value in NATIONAL.question(name).values
