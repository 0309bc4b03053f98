"""The answer says no more than the numbers allow: results made by hand, and the sentences expected of them."""

import numpy as np
import pytest

from synthetic import with_profit
from trafficsim.report import answer
from trafficsim.report.winner import standing

YUAN = 100


def result(*arms):
    """A comparison of one day, of arms that earn so many yuan in each replicate."""
    return with_profit([[[YUAN * yuan] for yuan in replicates] for replicates in arms])


TIE = result([10, 30, 20], [10, 30, 20])
NOISE = result([100, 200, 300, 200], [195, 115, 345, 165])
"""Differences of 95, -85, 45, -35: mean 5, standard deviation 80.4, so 3.18 standard errors are 128."""
NOTHING = result([0, 0], [0, 0])
ONE = result([100], [300])
LOSSES = result([-300, -310, -290], [-100, -120, -80])
THREE_ONE_CLOSE = result([100, 110, 90, 100], [300, 330, 270, 310], [310, 320, 290, 310])
THREE_TIED = result([100, 110, 90], [300, 310, 290], [300, 310, 290])
BASELINE_WINS = result([300, 330, 270], [100, 110, 90])
SENTENCES = {
    "a tie": (
        TIE,
        ["“nothing” and “private” are equal in every replicate: contribution profit CNY 20 over 1 day."],
        ["“nothing”和“private”在每一次重复模拟中都完全相同：1 天的贡献利润均为 20 元。"],
    ),
    "noise": (
        NOISE,
        [
            (
                "Too close to call: “private” has the highest mean contribution profit, CNY 205 over 1 day, but chance "
                "alone may have put it ahead of “nothing” by CNY 5 (95% interval -123 to 133)."
            )
        ],
        [
            (
                "难分高下：“private”的平均贡献利润最高（1 天共 205 元），"
                "但它对“nothing”（领先 5 元，95% 区间 -123 至 133）的领先可能只是运气。"
            )
        ],
    ),
    "all zero": (
        NOTHING,
        ["“nothing” and “private” earn and lose nothing: nobody orders."],
        ["“nothing”和“private”都不赚不亏：没有人下单。"],
    ),
    "one replicate": (
        ONE,
        [
            "“private” earns the most contribution profit: CNY 300 over 1 day.",
            "One replicate does not decide between “private” and “nothing”.",
        ],
        ["“private”的贡献利润最高：1 天共 300 元。", "只模拟一次，无法判定“private”与“nothing”孰优孰劣。"],
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answer_says_what_the_numbers_allow(name, language):
    made, english, chinese = SENTENCES[name]
    assert answer(made, language=language) == (english if language == "en" else chinese)


def test_a_loss_is_a_positive_sum():
    first = answer(LOSSES)[0]
    assert first.startswith("“private” loses the least contribution profit: a loss of CNY 100 over 1 day, CNY 200")
    assert answer(LOSSES, language="zh")[0].startswith("“private”亏得最少：1 天共亏损 100 元")


def test_the_best_is_told_from_all_others_not_from_the_next_alone():
    first, second, _ = answer(THREE_ONE_CLOSE)
    assert first.startswith("Too close to call: “paid” has the highest mean contribution profit, CNY 30")
    assert "“private” by CNY 5 (97.5% interval" in first, "two comparisons share the confidence"
    assert second.startswith("It earns CNY 208")
    assert second.endswith("more than the baseline “nothing” for certain.")


def test_arms_that_tie_in_front_are_said_to_be_equal():
    said = answer(THREE_TIED)
    assert said[0].startswith("“private” earns the most contribution profit: CNY 300 over 1 day, CNY 200")
    assert said[1] == "“private” and “paid” are equal in every replicate."


def test_a_baseline_that_wins_is_said_to_be_the_baseline():
    said = answer(BASELINE_WINS)
    assert "and is the baseline: no other arm beats it." in said[0]
    assert said[1].startswith("Next is “private”; “nothing” earns CNY 200")


def test_no_day_is_told_where_the_difference_is_undecided():
    """Arms without a difference end ahead half of the time, and stay ahead since some day before."""
    draws = np.random.default_rng(1)
    days = draws.normal(0, 100_000, (2, 16, 60)).astype(int)
    said = " ".join(answer(with_profit(days)))
    assert "Too close to call" in said
    assert " day " not in said.replace("over 60 day", "")


def test_a_late_lead_has_its_day():
    luck = np.arange(12) % 3
    behind = np.zeros((12, 40), int)
    late = np.where(np.arange(40) < 30, -100, 100_000)[None, :] + luck[:, None]
    said = answer(with_profit([behind, late]))
    assert any("From day 30 on, “private” stays ahead of “nothing”" in sentence for sentence in said)


def test_a_winner_is_named_wrongly_in_at_most_one_of_twenty_comparisons():
    """Four arms without a difference: 400 comparisons, of which by chance no more than 5 % name a winner."""
    draws = np.random.default_rng(3)
    named = sum(standing(with_profit(draws.normal(0, 1e5, (3, 16, 1)).astype(int)), 0.95).won for _ in range(400))
    assert named <= 400 * 0.05 + 2 * np.sqrt(400 * 0.05 * 0.95)
