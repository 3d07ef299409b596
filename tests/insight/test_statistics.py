"""NPS, favourable share, their intervals, and whether a change is real."""

from math import comb

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from palauteketju.insight.statistics import (
    favourable,
    favourable_interval,
    is_real_change,
    nps,
    nps_interval,
)


def histograms(answers):
    counts = st.dictionaries(st.sampled_from(answers), st.integers(0, 400))
    return counts.filter(lambda found: any(n for answer, n in found.items() if answer != "na"))


NPS_COUNTS = histograms([*map(str, range(11)), "na"])
OPINIONS = histograms([*"12345", "na"])


def test_it_works():
    counts = {"10": 3, "9": 2, "8": 4, "7": 1, "6": 1, "0": 4}

    assert nps(counts) == 0
    assert nps({"10": 6, "6": 2}) == 50
    assert favourable({"5": 3, "4": 3, "3": 1, "1": 1}) == 0.75


def test_all_of_one_mind():
    assert nps({"9": 5}) == 100
    assert nps({"6": 5}) == -100
    assert nps({"7": 2, "8": 3}) == 0
    assert favourable({"4": 5}) == 1
    assert favourable({"3": 5}) == 0


def test_does_not_concern_me_counts_in_no_figure():
    assert favourable({"5": 3, "2": 1, "na": 96}) == 0.75
    assert favourable_interval({"5": 3, "2": 1, "na": 96}) == favourable_interval({"5": 3, "2": 1})
    assert nps({"10": 1, "na": 9}) == 100


@pytest.mark.parametrize("figure", [nps, nps_interval, favourable, favourable_interval])
@pytest.mark.parametrize("counts", [{}, {"na": 7}, {"5": 0}, {"5": 8, "4": -1}, {"5": 8, "maybe": 1}])
def test_what_is_no_answer_to_the_question_is_refused(figure, counts):
    with pytest.raises(ValueError, match=r"figure|negative|question"):
        figure(counts)


def test_a_recommendation_is_no_opinion():
    with pytest.raises(ValueError, match="0, 10"):
        favourable({"10": 5, "0": 2})


def test_known_intervals():
    # By hand: n = 10 + 3, up = 6.75 / 13, down = 2.75 / 13, centre 4/13, reach 1.96 sqrt((9.5/13 - (4/13)²) / 13).
    assert nps_interval({"10": 6, "8": 2, "0": 2}) == pytest.approx((-12.5856, 74.1240), abs=0.001)
    # Newcombe 1998 (Statistics in Medicine 17, 857-872), table I: 81 of 263 and 15 of 148.
    assert favourable_interval({"5": 81, "1": 182}) == pytest.approx((0.2553, 0.3662), abs=0.0001)
    assert favourable_interval({"5": 15, "1": 133}) == pytest.approx((0.0624, 0.1605), abs=0.0001)
    assert favourable_interval({"1": 20}) == pytest.approx((0, 0.1611), abs=0.0001)


def test_three_customers_of_one_mind_prove_little():
    low, high = nps_interval({"10": 3})

    assert low < 0
    assert high == 100


@given(NPS_COUNTS)
@example({"0": 1})
def test_the_nps_interval_holds_the_figure_within_its_bounds(counts):
    low, high = nps_interval(counts)

    assert -100 <= low < high <= 100
    assert low - 1e-9 <= nps(counts) <= high + 1e-9


@given(OPINIONS)
def test_the_favourable_interval_holds_the_figure_within_its_bounds(counts):
    low, high = favourable_interval(counts)

    assert 0 <= low < high <= 1
    assert low <= favourable(counts) <= high


@given(NPS_COUNTS, st.integers(0, 9))
def test_a_better_answer_never_lowers_the_figure(counts, answer):
    assume(counts.get(str(answer), 0))
    better = {**counts, str(answer): counts[str(answer)] - 1}
    better[str(answer + 1)] = better.get(str(answer + 1), 0) + 1

    assert nps(better) >= nps(counts)
    assert nps_interval(better)[0] >= nps_interval(counts)[0] - 1e-9


@given(NPS_COUNTS, OPINIONS, st.integers(2, 20))
def test_more_answers_of_the_same_kind_narrow_the_interval(recommendations, opinions, times):
    for interval, counts in ((nps_interval, recommendations), (favourable_interval, opinions)):
        low, high = interval(counts)
        low_of_more, high_of_more = interval({answer: n * times for answer, n in counts.items()})
        assert high_of_more - low_of_more < high - low


@given(NPS_COUNTS)
def test_praise_and_blame_are_treated_alike(counts):
    swap = {"0": "10", "1": "10", "2": "10", "3": "10", "4": "10", "5": "10", "6": "9", "9": "6", "10": "0"}
    mirrored = {}
    for answer, n in counts.items():
        mirrored[swap.get(answer, answer)] = mirrored.get(swap.get(answer, answer), 0) + n
    low, high = nps_interval(counts)

    assert nps(mirrored) == pytest.approx(-nps(counts))
    assert nps_interval(mirrored) == pytest.approx((-high, -low))


@pytest.mark.parametrize("n", [5, 10, 30])
def test_the_nps_interval_keeps_its_promise_for_few_answers(n):
    """Exact coverage: all outcomes of n answers, over a grid of true shares of promoters and detractors."""
    outcomes = [(up, down) for up in range(n + 1) for down in range(n + 1 - up)]
    intervals = {(up, down): nps_interval({"9": up, "0": down, "8": n - up - down}) for up, down in outcomes}

    def coverage(up_share, down_share):
        truth = 100 * (up_share - down_share)
        rest = 1 - up_share - down_share
        return sum(
            comb(n, up) * comb(n - up, down) * up_share**up * down_share**down * rest ** (n - up - down)
            for up, down in outcomes
            if intervals[up, down][0] <= truth <= intervals[up, down][1]
        )

    grid = [coverage(up / 20, down / 20) for up in range(1, 19) for down in range(1, 20 - up)]

    assert sum(grid) / len(grid) > 0.945
    assert min(grid) > 0.89


def test_a_change_that_five_answers_could_bring_by_chance_is_not_real():
    assert not is_real_change({"9": 3, "3": 2}, {"9": 5}, "nps")
    assert not is_real_change({"5": 3, "1": 2}, {"5": 5}, "favourable")


def test_a_change_of_many_answers_is_real():
    assert is_real_change({"9": 300, "3": 200}, {"9": 400, "3": 100}, "nps")
    assert is_real_change({"5": 300, "1": 200}, {"5": 400, "1": 100}, "favourable")


def test_a_known_difference():
    # Newcombe 1998 (Statistics in Medicine 17, 873-890), table II, method 10: 9 of 10 and 3 of 10 differ by 0.17 to 0.81;
    # 6 of 7 and 2 of 7 by 0.06 to 0.81, and 5 of 56 and 0 of 29 by -0.04 to 0.19.
    assert is_real_change({"5": 3, "1": 7}, {"5": 9, "1": 1}, "favourable")
    assert is_real_change({"5": 2, "1": 5}, {"5": 6, "1": 1}, "favourable")
    assert not is_real_change({"1": 29}, {"5": 5, "1": 51}, "favourable")


@given(OPINIONS)
def test_nothing_changed_is_no_change(counts):
    assert not is_real_change(counts, counts, "favourable")


@given(NPS_COUNTS, NPS_COUNTS)
def test_a_change_is_as_real_forwards_as_backwards(before, after):
    assert is_real_change(before, after, "nps") == is_real_change(after, before, "nps")
