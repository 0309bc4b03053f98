"""Ratios: one number wherever it appears, that of two means, and none where it would divide by nothing."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from synthetic import claim_of, zeros
from trafficsim import compare, load, report, sweep, write_report
from trafficsim.books.metrics import SPEND_LINES
from trafficsim.report.answer import caveats
from trafficsim.report.tables import blocks
from trafficsim.results import Result, intervals
from trafficsim.results.estimates import Estimate
from trafficsim.study.claims import judge_claims

CASES = Path(__file__).parents[1] / "data/cases"
PRIVATE = 1
ARMS = ("paid", "nothing")


def draws(replicates, mean, spread, seed=0):
    return np.random.default_rng(seed).normal(mean, spread, replicates)


@pytest.mark.parametrize("replicates", [2, 3, 8, 64])
def test_fiellers_limits_are_the_ratios_at_which_nothing_can_be_told(replicates):
    """What defines them: at either limit r, mean(above - r x below) is just told from 0 by a t-test."""
    below = draws(replicates, 100, 1)
    above = 3 * below + draws(replicates, 0, 5, seed=1)
    found = intervals.ratio(above, below)
    assert found.middle == pytest.approx(above.mean() / below.mean())
    for limit in (found.low, found.high):
        assert stats.ttest_1samp(above - limit * below, 0).pvalue == pytest.approx(0.05, rel=1e-9)


def test_a_ratio_of_proportional_values_is_exact():
    below = np.array([3.0, 7.0, 5.0, 4.0])
    assert intervals.ratio(12 * below, below) == intervals.Interval(12, 12, 12)


def test_values_without_luck_below_give_students_interval():
    above = draws(8, 100, 10)
    found, plain = intervals.ratio(above, np.full(8, 4.0)), stats.ttest_1samp(above / 4, 0).confidence_interval(0.95)
    assert (found.middle, found.low, found.high) == pytest.approx((above.mean() / 4, plain.low, plain.high))


def test_there_is_no_ratio_to_what_cannot_be_told_from_nothing():
    assert math.isnan(intervals.ratio(np.ones(4), np.array([1.0, -1.0, 2.0, 0.5])).middle)
    few = intervals.ratio(np.array([6.0, 6.0]), np.array([1.0, 3.0]))  # positive both times: too few to bound it
    assert (few.middle, math.isnan(few.low)) == (3, True)


def test_a_difference_of_ratios_is_that_of_the_ratios_of_means_with_their_error():
    """By hand: the gradient of x1/y1 - x2/y2 at the means, and the covariance of the four (then moved by skewness)."""
    y1, y2 = draws(16, 10, 0.5), draws(16, 20, 0.5, seed=1)
    x1, x2 = 2 * y1 + draws(16, 0, 1, seed=2), 3 * y2 + draws(16, 0, 1, seed=3)
    apart = Estimate(x1, y1).less(Estimate(x2, y2))
    means = [x.mean() for x in (x1, y1, x2, y2)]
    gradient = [1 / means[1], -means[0] / means[1] ** 2, -1 / means[3], means[2] / means[3] ** 2]
    assert apart.interval().middle == pytest.approx(means[0] / means[1] - means[2] / means[3])
    assert apart.each.var(ddof=1) == pytest.approx(gradient @ np.cov([x1, y1, x2, y2]) @ gradient)
    assert apart.interval() == intervals.mean(apart.each)


def test_a_ratio_of_ratios_is_that_of_the_ratios_of_means():
    a, b, c, d = (draws(8, mean, 1, seed) for seed, mean in enumerate((100, 50, 60, 20)))
    found = Estimate(a, b).per(Estimate(c, d)).interval()
    assert found.middle == pytest.approx((a.mean() / b.mean()) / (c.mean() / d.mean()))


PARTS = ("spend", "new_customers")
ENDS = ("", "_low", "_high")


@pytest.fixture(scope="module")
def small_shop():
    return compare(load(CASES / "small_shop.yaml"), 16, seed=1)


def test_true_cac_is_one_number_wherever_it_appears(small_shop, tmp_path):
    """In the table it was 351 a customer, in the report 280: the first averaged the replicates' own ratios."""
    spend, new = (
        (small_shop.values(name).sel(arm="paid") - small_shop.values(name).sel(arm="nothing")).to_numpy()
        for name in PARTS
    )
    fieller = intervals.ratio(spend, new)
    known = pytest.approx([spend.mean() / new.mean(), fieller.low, fieller.high])
    table = small_shop.summary().set_index(["metric", "arm"]).loc[("true_cac", "paid")]
    assert table[["mean", "low", "high"]].tolist() == known
    (row,) = small_shop.attribution().to_dict("records")
    assert [row[f"true_cac{end}"] for end in ENDS] == known
    report.to_csv(small_shop, tmp_path)
    written = pd.read_csv(tmp_path / "attribution.csv").loc[0]
    assert [written[f"true_cac{end}"] for end in ENDS] == known
    (judged,) = judge_claims({"cheap": claim_of(metric="true_cac", arm="paid", at_most=1e6)}, small_shop)
    assert [judged.measured.middle, judged.measured.low, judged.measured.high] == known
    swept = sweep(load(CASES / "small_shop.yaml"), {"product.price": [60]}, arms=ARMS, replicates=16, seed=1)
    told = swept.table("true_cac").iloc[0]
    assert [told[f"paid{end}"] for end in ENDS] == known
    middle = f"{fieller.middle:,.0f} ({fieller.low:,.0f} to {fieller.high:,.0f})"
    write_report(small_shop, tmp_path / "report.html")
    assert middle in re.sub("<[^>]+>", "", (tmp_path / "report.html").read_text(encoding="utf-8"))


def test_where_extra_customers_cannot_be_told_from_none_true_cac_has_no_value_and_that_is_said():
    """In 256 replicates 0.12 customers more for 186 yuan: the mean of the replicates' own ratios was 176 +- 12."""
    result = compare(load(CASES / "twin.yaml"), 256, seed=1)
    table = result.summary().set_index(["metric", "arm"]).loc[("true_cac", "paid")]
    spend, new = (result.values(name).sel(arm="paid") - result.values(name).sel(arm="nothing") for name in PARTS)
    told = stats.ttest_1samp(new, 0).confidence_interval(0.95).low > 0
    if told:
        assert table["mean"] == pytest.approx(float(spend.mean() / new.mean()))
        assert table["mean"] > 500
    else:
        assert math.isnan(table["mean"])
        said = "“paid” has no true CAC: extra new customers can't be told from none in 256 replicates."
        assert said in caveats(result)


def test_cac_counts_all_spend_and_an_arm_that_buys_nothing_has_none():
    data = zeros(replicates=3, staff=("hosts",))
    data["first_orders"][..., 0, 0] = [[4, 5, 6], [4, 5, 6]]
    for number, line in enumerate(SPEND_LINES):
        each = data[line].to_numpy()
        each.reshape(*each.shape[:3], -1)[PRIVATE, :, 0, 0] = 100 * 2**number
    result = Result(data)
    assert result.estimate("cac", "private").interval().middle == pytest.approx((2 ** len(SPEND_LINES) - 1) / 5)
    row = result.summary().set_index(["metric", "arm"]).loc[("cac", "nothing")]
    assert math.isnan(row["mean"])
    row = result.summary().set_index(["metric", "arm"]).loc[("cac", "private")]
    assert math.isnan(row["difference"])
    assert math.isnan(row["better"])  # it was worse in 100 % than nothing at all


def test_true_roas_is_extra_revenue_and_margin_by_extra_spend():
    """100 yuan of advertising bring 250 of revenue, of which goods take 100; what others bought anyway is no return."""
    data = zeros(("nothing", "paid"), replicates=3)
    data["gross_sales"][:, :, 0, 0] = [[90_000, 91_000, 92_000], [115_000, 116_000, 117_000]]
    data["cost_of_goods"][:, :, 0, 0] = [[40_000] * 3, [50_000] * 3]
    data["content"][:, :, 0, 0] = 7_000
    data["advertising"][1, :, 0, 0] = 10_000
    result = Result(data)
    (row,) = result.attribution().to_dict("records")
    assert (row["without"], row["true_roas"], row["true_margin"]) == ("nothing", 2.5, 1.5)
    assert result.estimate("true_roas", "paid").interval().middle == 2.5
    assert result.estimate("roas", "paid").interval().middle == 11.6
    assert math.isnan(result.estimate("roas", "nothing").interval().middle)


def test_clv_is_discounted_as_present_value_is_and_says_so():
    """At 21 % a year, margin of day 365 is worth 1 / 1.21."""
    data = zeros(replicates=2, days=731, discount_rates=json.dumps({"private": 0.21}))
    data["first_orders"][..., 0, 0] = 10
    data["joined_by"][:, :, 0] = 5
    data["margin_of_new"][..., 365, 0] = data["margin_of_cohort"][..., 365, 0] = 12_100
    data["margin_by_hook"][..., 365, 0] = 12_100
    result = Result(data)
    both = {"nothing": 121, "private": 100}
    for arm, worth in both.items():
        clv = result.estimate("clv", arm).interval().middle
        assert clv == pytest.approx(worth / 10)
        routes, hooks, cohorts = (table[table["arm"] == arm] for table in (
            result.by_route(), result.by_hook(), result.by_cohort()
        ))  # fmt: skip
        assert routes[routes["route"] == "organic"]["clv"].item() == pytest.approx(clv)
        assert hooks["clv"].item() == pytest.approx(2 * clv)
        assert cohorts[cohorts["cohort"] == 0]["clv"].iloc[-1] == pytest.approx(clv)
    assert "CLV to the last day, discounted to day 0, CNY per customer" in [b.heading for b in blocks(result)]
    assert "CLV to the last day, CNY per customer" in [b.heading for b in blocks(Result(zeros()))]
