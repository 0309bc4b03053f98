"""The answer says no more than the numbers allow: results made by hand, and the sentences expected of them."""

import datetime as dt
import json

import numpy as np
import pytest

from synthetic import with_profit
from trafficsim.report import answer, leans
from trafficsim.report.answer import question
from trafficsim.report.standing import standing
from trafficsim.report.verdicts import facts_in_words
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.scenario.claims import Fact
from trafficsim.study.claims import Verdict

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
BRACKETS = (
    "In brackets: limits of a mean, 95% sure after {} runs, allowing for luck alone; a single run may lie outside."
)
IN_CHINESE = "括号内：均值所在的范围，{} 次模拟后有 95% 的把握（只考虑随机波动）；单次模拟可能超出。"
UNMEASURED = (
    "How sure: no surer than the 2 guessed numbers it rests on; whether it holds if they are wrong has not been tried, "
    "and nothing was checked against what is observed."
)
TO_TRY = "To try other guesses: trafficsim compare restaurant --uncertain 64"
NOT_YET = (
    "把握有多大：不会比模型里估计的 2 个数字更可靠；估得不准时结论是否仍成立，还没有检验过，也没有与实际数据对照。"
)
THEN = "想试试别的估计，运行：trafficsim compare restaurant --uncertain 64"
BY_LUCK = "It may be luck: “private” earned more than “nothing” in 2 of 4 simulated runs."
IT_MAY_BE_LUCK = "差别可能只是随机波动：4 次模拟中，“private”比“nothing”赚得多的有 2 次。"
PROFIT = (
    "Profit over 1 day (after goods, commission, delivery, promotion and the staff that the file gives; it gives no "
    "fixed costs, such as rent): “nothing” CNY 200; against it, “private” CNY 5 more, which may be chance (from 123 "
    "less to 133 more)."
)
IN_PROFIT = (
    "1 天的利润（即贡献利润：扣除货品成本、佣金、配送和营销支出，人工按本场景的设定计；设定里没有房租等固定成本，"
    "所以未扣）：“nothing”200 元；与它相比，“private”多 5 元，可能只是偶然（从少 123 元到多 133 元都有可能）。"
)
STAY = "What to do, if the assumptions hold: stay with “nothing” until more is known: no option is shown to earn more."
NOISY = (
    "Too close to call: “private” is CNY 5 ahead of “nothing” over 1 day, but by luck alone it may be anything from "
    "123 behind to 133 ahead."
)
SENTENCES = {
    "a tie": (
        TIE,
        [
            "“nothing” and “private” are equal in every run: contribution profit CNY 20 over 1 day.",
            UNMEASURED,
            TO_TRY,
            BRACKETS.format(3),
        ],
        [
            "“nothing”和“private”在每一次重复模拟中都完全相同：1 天的贡献利润均为 20 元。",
            NOT_YET,
            THEN,
            IN_CHINESE.format(3),
        ],
    ),
    "noise": (
        NOISE,
        [
            NOISY,
            STAY,
            f"{UNMEASURED} {BY_LUCK}",
            PROFIT,
            TO_TRY,
            BRACKETS.format(4),
        ],
        [
            "分不出高下：1 天内“private”比“nothing”多赚 5 元，但单凭运气，从少赚 123 元到多赚 133 元都有可能。",
            "建议（以假设成立为前提）：在了解更多之前维持“nothing”：没有哪个方案显示出赚得更多。",
            f"{NOT_YET}{IT_MAY_BE_LUCK}",
            IN_PROFIT,
            THEN,
            IN_CHINESE.format(4),
        ],
    ),
    "all zero": (
        NOTHING,
        ["“nothing” and “private” earn and lose nothing: nobody orders.", UNMEASURED, TO_TRY, BRACKETS.format(2)],
        ["“nothing”和“private”都不赚不亏：没有人下单。", NOT_YET, THEN, IN_CHINESE.format(2)],
    ),
    "one replicate": (
        ONE,
        [
            "“private” earns most in the only run: CNY 300 over 1 day. One run decides nothing: it may be luck.",
            "What to do: run more replicates (--replicates 16).",
            UNMEASURED,
            TO_TRY,
        ],
        [
            "只模拟了一次，其中“private”赚得最多：1 天共 300 元。一次模拟不能下结论，可能只是运气。",
            "建议：多模拟几次（--replicates 16）。",
            NOT_YET,
            THEN,
        ],
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answer_says_what_the_numbers_allow(name, language):
    made, english, chinese = SENTENCES[name]
    assert answer(made, language=language) == (english if language == "en" else chinese)


def test_a_loss_is_told_as_one():
    first, *others = answer(LOSSES)
    assert first == "“private” loses CNY 200 (175 to 225 allowing for luck, 95% sure) less than “nothing” over 1 day."
    assert any("“nothing” CNY -300; against it, “private” CNY 200 (175 to 225) more." in said for said in others)
    assert (
        answer(LOSSES, language="zh")[0]
        == "1 天内“private”比“nothing”少亏 200 元（考虑随机波动，95% 把握：175 至 225 元）。"
    )


def test_the_best_is_told_from_all_others_not_from_the_next_alone():
    first, advice, sure, profit, *_ = answer(THREE_ONE_CLOSE)
    assert first.startswith("“paid” earns CNY 208 (")
    assert first.endswith("more than “nothing” over 1 day."), "whether it earns most is open"
    assert advice.startswith("What to do, if the assumptions hold: any of “paid” and “private” will do: the wrong one")
    assert sure.endswith(
        "The difference is not luck (95% sure): “paid” earned more than “nothing” in all 4 simulated runs. This may be "
        "luck: “paid” earned more than “private” in 2 of 4 simulated runs."
    )
    assert "against it, “paid” CNY 208 (" in profit


def test_arms_that_tie_in_front_are_said_to_be_equal():
    said = answer(THREE_TIED)
    assert said[0].startswith(
        "“private” earns CNY 200 (200 to 200 allowing for luck, 95% sure) more than “nothing” over 1 day, and most"
    )
    assert any("“private” CNY 200 (200 to 200) more; “paid” CNY 200 (200 to 200) more" in each for each in said)


def test_a_baseline_that_wins_is_stayed_with():
    said = answer(BASELINE_WINS)
    assert said[0].startswith(
        "“nothing” earns most over 1 day: CNY 200 (150 to 250 allowing for luck, 95% sure) more than “private”"
    )
    assert said[1] == "What to do, if the assumptions hold: stay with “nothing”."


def same_money(*arms):
    """As `result`, with its second and third arm made to spend the same."""
    equal = {"arms": ["private", "paid"], "factors": {"private": 0.7}, "spend": {}}
    days = [[[YUAN * yuan] for yuan in replicates] for replicates in arms]
    return with_profit(days, equal_budget=json.dumps(equal))


LOW, HIGH = [200, 230, 170, 210], [300, 330, 270, 310]


def test_for_the_same_money_the_pair_and_the_arm_that_goes_without_make_the_headline():
    """What is asked is about the pair; what to do hangs on whether the better of them beats doing nothing."""
    pays = answer(same_money([100, 110, 90, 100], LOW, HIGH))
    assert pays[0].startswith("“paid”: for the same CNY 0 it earns CNY 100 (")
    assert pays[0].endswith("“private” over 1 day; against “nothing” it earns CNY 202 more, all spending deducted.")
    assert "spend the CNY 0 on “paid”: it earns CNY 202 (" in pays[2]
    assert "“paid” earned more than “private” and “nothing” in all 4 simulated runs" in pays[3]
    neither = answer(same_money([400, 430, 370, 410], LOW, HIGH))
    assert neither[0] == (
        "Neither pays: with the CNY 0 that either costs deducted, profit over 1 day is CNY 100 lower with “paid” than "
        "with “nothing”, and CNY 200 lower with “private”."
    )
    assert neither[1].startswith("Between the two, “paid” is ahead by CNY 100 (")
    assert neither[2] == "What to do, if the assumptions hold: don't spend the CNY 0: stay with “nothing”."
    assert "“nothing” earned more than “private” and “paid” in all 4 simulated runs" in neither[3]
    nor_both = answer(same_money([400, 430, 370, 410], LOW, HIGH, [50, 80, 20, 60]))
    assert nor_both[1].endswith("“both” does not pay either: CNY 350 less than “nothing”.")
    assert "“nothing” earned more than “private”, “paid” and “both” in all 4 simulated runs" in nor_both[3]
    not_yet = answer(same_money([0, 600, 300, 310], LOW, HIGH))
    assert not_yet[0].startswith("For the same CNY 0, “paid” earns CNY 100 (")
    assert not_yet[0].endswith("but is not shown to earn more than “nothing”: don't spend it yet.")


def test_for_the_same_money_a_pair_may_be_too_close_to_call():
    noise = ([100, 200, 300, 200], [195, 115, 345, 165])
    said = answer(same_money([-400, -410, -390, -400], *noise))
    assert said[0].startswith("“paid” earns CNY 605 more than “nothing” over 1 day; between it and “private”, for the")
    assert "This may be luck: “paid” earned more than “private” in 2 of 4 simulated runs." in " ".join(said)


def test_money_that_is_not_shown_to_earn_is_not_to_be_spent_yet():
    """Too close to call among themselves, and none shown to beat the arm that goes without."""
    noise = ([100, 200, 300, 200], [195, 115, 345, 165])
    headline, between, advice, *_ = answer(same_money([90, 210, 280, 220], *noise))
    assert headline == (
        "Too close to call between “private” and “paid” for the same money, and neither is shown to earn more than "
        "“nothing” over 1 day: don't spend it yet."
    )
    assert between.startswith("Between the two, “paid” is CNY 5 ahead, but by luck alone it may be anything from ")
    assert advice.startswith("What to do, if the assumptions hold: don't spend the CNY 0 yet; stay with “nothing”")
    less = [value - 150 for value in noise[0]]
    said = answer(same_money(noise[0], less, [value - 40 for value in noise[1]]))
    assert any("“private” earns CNY 150 (150 to 150) less than “nothing”." in each for each in said)
    assert said[0] == (
        "Too close to call between “private” and “paid” for the same money; “private” earns less than “nothing” over "
        "1 day, and “paid” is not shown to earn more: don't spend it yet."
    )


def test_a_pair_that_is_equal_in_every_run_is_not_called_close():
    pays = answer(same_money([100, 110, 90, 100], LOW, LOW))
    assert pays[0].endswith("for the same money “paid” earns the same in every run.")
    not_yet = answer(same_money([90, 210, 380, 220], LOW, LOW))
    assert not_yet[0].startswith("For the same money “private” and “paid” earn the same in every run, and neither is")
    assert not any("close to call" in each for each in (*pays, *not_yet))


def test_the_sums_of_an_answer_have_one_scale():
    """Not 7,198 beside 14.1k: three digits of the largest, for all that are compared."""
    thousands = [[1000 * yuan for yuan in earned] for earned in ([40.1, 40.3, 39.7, 40], [33, 33, 32, 32], LOW)]
    said = answer(same_money(*thousands))
    assert said[0].startswith("“paid”: for the same CNY 0 it earns CNY 170k (1")
    assert "sure) more than “private”" in said[0]
    assert said[0].endswith("against “nothing” it earns CNY 162k more, all spending deducted.")
    assert "“private” CNY 8k (7k to 8k) less" in " ".join(said)


@pytest.mark.parametrize(
    ("about", "asked"),
    [
        ("Two months of ads. Does a group earn more?", "Does a group earn more?"),
        ("Is it? Two months. What then? We see.", "What then?"),
        ("两个月。做群，比投放赚得多吗？试试。", "做群，比投放赚得多吗？"),
        ("Nothing is asked.", ""),
    ],
)
def test_the_question_is_the_last_one_of_what_a_scenario_is_about(about, asked):
    assert question(about) == asked


def test_no_day_is_told_where_the_difference_is_undecided():
    """Arms without a difference end ahead half of the time, and stay ahead since some day before."""
    draws = np.random.default_rng(1)
    days = draws.normal(0, 100_000, (2, 16, 60)).astype(int)
    said = " ".join(answer(with_profit(days)))
    assert "Too close to call" in said
    assert "2024" not in said


def test_a_late_lead_has_its_day():
    luck = np.arange(12) % 3
    behind = np.zeros((12, 40), int)
    late = np.where(np.arange(40) < 30, -100, 100_000)[None, :] + luck[:, None]
    said = answer(with_profit([behind, late]))
    assert said[1].startswith("From 31 Jan 2024 on, “private” stays ahead of “nothing” in total")


def test_a_winner_is_named_wrongly_in_at_most_one_of_twenty_comparisons():
    """Four arms without a difference: 400 comparisons, of which by chance no more than 5 % name a winner."""
    draws = np.random.default_rng(3)
    named = sum(standing(with_profit(draws.normal(0, 1e5, (3, 16, 1)).astype(int)), 0.95).won for _ in range(400))
    assert named <= 400 * 0.05 + 2 * np.sqrt(400 * 0.05 * 0.95)


def test_a_question_that_is_not_about_profit_is_answered_first():
    profits = [[[YUAN * yuan] for yuan in arm] for arm in ([100, 110, 90], [300, 330, 270])]
    data = with_profit(profits, asks="orders").data
    for arm, many in ((0, (40, 41, 42)), (1, (50, 52, 51))):
        data["orders"][arm, :, 0, 0] = np.array(many)
    said = answer(Result(data))
    more = "“private” has 10.0 more orders than “nothing”"
    surely = "(7.5 to 12.5 allowing for luck, 95% sure; in 3 of 3 simulated runs)"
    assert said[:2] == ["Most orders over 1 day: “private” 51; “nothing” 41.", f"{more} {surely}."]
    assert not any("The others" in each for each in said), "the headline tells of both"
    assert any(each.startswith("“private” earns CNY 200 (") for each in said)
    data["orders"][1] = data["orders"][0] + np.array([1, -1, 0])[:, None, None]
    assert answer(Result(data))[0] == "Most orders over 1 day: “nothing” 41, “private” 41 (too close to call)."
    data["orders"][0] += 10
    apart = answer(Result(data))
    assert apart[0] == "Most orders over 1 day: “nothing” 71; “private” 41. But “private” earns most."
    assert apart[1].endswith("“private” earns CNY 300, CNY 200 (150 to 250) more than “nothing”.")


def test_a_count_is_told_by_channel_the_largest_first():
    data = with_profit([[[YUAN], [YUAN]]] * 3, asks="delivered").data
    for arm, by_place in enumerate(([4, 1, 0], [4, 9, 1], [2, 4, 0])):
        data["delivered"][arm, :, 0] = np.array(by_place)
    first, second, third = map(str, data["place"].values)
    said = " ".join(answer(Result(data)))
    assert f"The largest channel: {second} with “private” and “paid”; {first} with “nothing”. All channels: " in said
    assert f"“private” 14: {second} 9, {first} 4, {third} 1; “paid” 6: {second} 4, {first} 2; “nothing” 5: " in said
    assert said.startswith("Most home-delivery orders a day over 1 day: “private” 14; “nothing” 5.")
    assert "are equal in every run: contribution profit CNY 1 over 1 day." in said
    data["delivered"][..., 1:] = 0
    assert "The largest channel" not in " ".join(answer(Result(data))), "each has one alone"


def test_leads_that_did_not_come_out_in_every_run_are_told_one_by_one():
    of_each = [300, 280, 290, 310] * 4
    said = " ".join(answer(result(of_each, [10, 20, 10, 10] * 4, [100, 150, 90, 120] * 3 + [100, 150, 90, 320])))
    assert "of 16 simulated runs, “nothing” earned more than “paid” in 15, more than “private” in 16." in said


def fact(says, at_least, observed):
    expect = {"metric": "profit", "arm": "private", "at_least": at_least}
    return {"says": says, "source": "a book", "observed": observed, "expect": expect}


def test_facts_are_told_by_name_those_that_are_missed_first():
    facts = {"a": fact("A", 10, 10), "b": fact("B", 10, 20), "c": fact("C", 10, 30), "d": fact("D", 900, 950)}
    made = with_profit([[[0], [0]], [[30_000], [30_000]]], facts=json.dumps(facts))
    assert answer(made)[-4:-2] == [
        (
            "Checked against what was observed, outside of what was allowed: “D” (observed: 950; simulated: "
            "300; allowed: at least 900; counted: contribution profit for “private”)."
        ),
        (
            "Checked against what was observed, within what was allowed: “A” (known: at least 10; simulated: "
            "300; counted: contribution profit for “private”); “B” (observed: 20; simulated: 300; allowed: at least "
            "10; counted: contribution profit for “private”), and 1 more."
        ),
    ]
    assert (
        "与实际观察对照，超出允许范围：“D”（实际：950；模拟：300；允许：不少于 900；模拟口径：“private”，贡献利润）。"
        in answer(made, language="zh")
    )


def test_what_was_fitted_proves_less():
    facts = json.dumps({"a": fact("A", 10, 10)})
    made = with_profit([[[0], [0]], [[30_000], [30_000]]], facts=facts, fitted=json.dumps(["x", "y"]))
    assert "2 numbers were fitted to what was observed, so that this agreement proves less." in answer(made)
    made = with_profit([[[0], [0]], [[30_000], [30_000]]], facts=facts, fitted=json.dumps(["x"]))
    assert "1 number was fitted to what was observed, so that this agreement proves less." in answer(made)


def test_arms_that_keep_their_ads_are_named_where_those_of_others_were_cut():
    made = same_money([0, 0], [100, 120], [300, 310])
    made.data["advertising"][1:3] = 1
    assert not any("are as planned" in said for said in answer(made))
    made.data["advertising"][0] = 1
    assert any("Ads of “nothing” are as planned." in said for said in answer(made))


def test_a_lead_over_zero_is_told_without_signs():
    said = " ".join([*answer(NOISE), *answer(THREE_ONE_CLOSE)])
    assert "-" not in said.replace("--", "")


def test_a_fact_that_is_a_share_is_told_in_percent_and_a_bound_as_one():
    part = {"metric": "delivered.app", "per": "delivered", "arm": "private", "window": [1, 4], "at_least": 0.5}
    fact = Fact.model_validate({"says": "Half", "source": "a book", "observed": 0.5, "expect": part}, strict=False)
    found = Verdict("half", fact, "holds", Interval(0.577, 0.5, 0.6))
    assert (
        "“Half” (known: at least 50%; simulated: 57.7%; counted: home-delivery orders (app) as a share of "
        "home-delivery orders for “private” from day 1 to day 3)" in facts_in_words([found], Voice("en"))[0]
    )
    assert (
        "“Half”（已知：不少于 50%；模拟：57.7%；模拟口径：“private”第 1 天至第 3 天，到家订单（app）占到家订单的比例）"
        in facts_in_words([found], Voice("zh"))[0]
    )
    dated = facts_in_words([found], Voice("en", start=dt.date(2024, 1, 1)))[0]
    assert "for “private” from 2 Jan 2024 to 4 Jan 2024)" in dated


@pytest.mark.parametrize(
    ("repeat", "given"),
    [
        ("trafficsim compare 'my shops/shop.yaml' --replicates 6", "'my shops/shop.yaml'"),
        ("trafficsim compare --replicates 6 restaurant", "restaurant"),
        ("", "restaurant"),
    ],
)
def test_what_to_run_next_names_the_file_that_was_compared(repeat, given):
    assert leans.asked_of(BASELINE_WINS.saying(repeat=repeat)) == given
