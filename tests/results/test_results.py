"""Results: the statistics against numbers worked out by hand or by scipy itself."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from synthetic import story, with_profit, zeros
from trafficsim.books.metrics import METRICS
from trafficsim.files.whole import write_whole
from trafficsim.results import Result
from trafficsim.results.crossover import first_lasting_day


def by_metric(result, name, arm):
    table = result.summary().set_index(["metric", "arm"])
    return table.loc[(name, arm)]


def test_summary_has_a_row_for_each_metric_and_arm():
    result = story()
    table = result.summary()
    expected = [(entry.name, arm) for entry in METRICS for arm in result.arms]
    assert list(zip(table["metric"], table["arm"], strict=True)) == expected


def test_profit_is_gross_sales_less_every_cost_line():
    data = zeros(replicates=1, days=2, staff=("hosts",))
    data["gross_sales"][1, :, :, 1] = 100_000
    for place_line in (
        "discounts",
        "cost_of_goods",
        "commission",
        "delivery",
        "advertising",
        "content",
        "tools",
        "perks",
    ):
        data[place_line][1, :, 0, 2] = 1_000
    data["fixed_costs"][1, :, 1, 1] = 1_000
    data["hooks"][1, :, 1, 0] = 1_000
    data["wages"][1, :, 1, 0] = 1_000
    result = Result(data)
    assert result.values("profit").sel(arm="private").item() == 2000 - 11 * 10
    assert result.values("spend").sel(arm="private").item() == 6 * 10
    assert result.values("revenue").sel(arm="private").item() == 2000 - 10


def test_mean_and_difference_have_the_t_intervals_of_scipy():
    profit = np.array([[[200], [100], [400], [300]], [[500], [600], [800], [900]]]) * 100
    row = by_metric(with_profit(profit), "profit", "private")
    own, ahead = profit[1, :, 0] / 100, (profit[1, :, 0] - profit[0, :, 0]) / 100
    by_hand = stats.ttest_1samp(own, 0).confidence_interval(0.95)
    paired = stats.ttest_rel(own, profit[0, :, 0] / 100).confidence_interval(0.95)
    assert row["mean"] == 700
    assert (row["low"], row["high"]) == pytest.approx(by_hand, rel=1e-12)
    assert row["difference"] == ahead.mean()
    assert (row["difference_low"], row["difference_high"]) == pytest.approx(paired, rel=1e-12)


def test_better_is_strictly_better_with_the_interval_of_clopper_and_pearson():
    profit = np.array([[[1], [1], [1], [1]], [[2], [2], [1], [0]]])
    row = by_metric(with_profit(profit), "profit", "private")
    exact = stats.binomtest(2, 4).proportion_ci(0.95, method="exact")
    assert row["better"] == 0.5
    assert (row["better_low"], row["better_high"]) == pytest.approx(exact, abs=2e-12)  # so far is SciPy's search off


def test_less_is_better_for_cac_and_neither_for_spend():
    data = zeros(replicates=2)
    data["first_orders"][..., 0, 0] = 10
    data["advertising"][0, :, 0, 0] = 5_000
    data["advertising"][1, :, 0, 0] = 3_000
    result = Result(data)
    assert by_metric(result, "cac", "private")["mean"] == 3
    assert by_metric(result, "cac", "private")["difference"] == -2
    assert by_metric(result, "cac", "private")["better"] == 1
    assert math.isnan(by_metric(result, "spend", "private")["better"])
    assert result.ranking("cac") == ["private", "nothing"]


def test_cac_has_no_value_without_a_new_customer():
    data = zeros(replicates=3)
    data["advertising"][1, :, 0, 0] = 900
    data["first_orders"][1, 0, 0, 0] = 3
    row = by_metric(Result(data), "cac", "private")
    assert math.isnan(row["mean"])  # customers in one of three replicates can't be told from none
    assert row["replicates"] == 0
    data["first_orders"][1, 1:, 0, 0] = [2, 1]
    row = by_metric(Result(data), "cac", "private")
    assert row["mean"] == 27 / 6
    assert row["replicates"] == 3
    assert math.isnan(row["low"])  # 2 +- 2.48
    assert math.isnan(by_metric(Result(data), "cac", "nothing")["mean"])
    assert Result(data).ranking("cac") == ["private", "nothing"]


def test_true_cac_is_extra_spend_by_extra_new_customers():
    data = zeros(replicates=2)
    data["first_orders"][0, :, 0, 0] = 10
    data["first_orders"][1, :, 0, 0] = 14
    data["content"][1, :, 0, 0] = 1_000
    assert by_metric(Result(data), "true_cac", "private")["mean"] == 2.5
    assert math.isnan(by_metric(Result(data), "true_cac", "nothing")["mean"])


def test_clv_is_the_margin_of_new_customers_each():
    data = zeros(replicates=1)
    data["first_orders"][:, :, 0, 0] = 4
    data["margin_of_new"][:, :, :, 0] = 200
    assert Result(data).values("clv").to_numpy().tolist() == [[2.0], [2.0]]


def test_variance_ratio_tells_what_common_luck_saved():
    profit = np.array([[[100], [200], [300]], [[300], [400], [600]]])
    row = by_metric(with_profit(profit), "profit", "private")
    own = np.var([1, 2, 3], ddof=1) + np.var([3, 4, 6], ddof=1)
    assert row["variance_ratio"] == pytest.approx(own / np.var([2, 2, 3], ddof=1), rel=1e-12)


def test_variance_ratio_is_undefined_when_the_arms_differ_by_a_constant():
    row = by_metric(with_profit([[[10], [20], [30]], [[11], [21], [31]]]), "profit", "private")
    assert math.isnan(row["variance_ratio"])
    assert row["difference_low"] == row["difference_high"] == 0.01


def test_the_last_30_days_and_the_members_of_the_last_day():
    result = with_profit(np.ones((2, 1, 40)) * 100)
    assert result.values("profit_last_30").to_numpy().tolist() == [[30.0], [30.0]]
    result.data["members"][1, 0, -1] = [0, 0, 5]
    assert Result(result.data).values("members").to_numpy().tolist() == [[0.0], [5.0]]


def test_one_replicate_has_no_interval_and_warns_of_nothing():
    table = story(replicates=1).summary()
    unknown = ["low", "high", "difference_low", "difference_high", "better_low", "better_high", "variance_ratio"]
    assert table[unknown].isna().all(axis=None)
    assert table.query("metric == 'profit'")["mean"].notna().all()


def test_series_by_day_and_added_up():
    result = with_profit([[[0, 0, 0]], [[100, -50, 200]]])
    assert result.series("profit").sel(arm="private").to_numpy().tolist() == [[1.0, -0.5, 2.0]]
    assert result.series("profit", cumulative=True).sel(arm="private").to_numpy().tolist() == [[1.0, 0.5, 2.5]]
    with pytest.raises(KeyError, match="no series 'luck'; there are profit"):
        result.series("luck")


@pytest.mark.parametrize(
    ("ahead", "day"),
    [
        ([1, 2, 3, 4], 0),
        ([-1, 0, 1, 2], 2),
        ([-1, 2, -1, 2], 3),
        ([1, 2, 3, 0], math.inf),
        ([0, 0, 0, 0], math.inf),
        ([5, -1, 1, 1], 2),
        ([-9, -9, -9, 1], 3),
    ],
)
def test_first_day_from_which_an_arm_stays_ahead(ahead, day):
    assert first_lasting_day(np.array([ahead])).tolist() == [day]


def test_crossover_of_replicates_that_disagree():
    ahead = [[-1, -1, 5, 1], [-1, 5, 1, 1], [1, 1, 1, -9], [-1, -1, 5, 1], [-1, -1, -1, 9], [-1, 5, 1, 1]]
    found = with_profit([np.zeros((6, 4)), ahead]).crossover("profit", "private", "nothing")
    assert (found.day, found.low, found.high, found.never) == (2, 1, math.inf, 1 / 6)
    assert found.lead.low < 0 < found.lead.high
    assert (found.ahead.middle, found.brief()) == (5 / 6, "undecided")
    assert found.sentence() == (
        "“private” ends ahead of “nothing” in total contribution profit in 5 of 6 replicates; but the 95% interval of "
        "its mean lead includes 0, so that it is not settled whether and from when on it stays ahead."
    )


def test_crossover_that_most_replicates_have():
    ahead = [[-1, -1, 5, 7], [-1, 5, 1, 9], [1, 1, 1, -3], [-1, -1, 5, 5], [-1, -1, -1, 16], [-1, 5, 1, 12]]
    ahead += [[-1, -1, 5, 9], [-1, -1, 5, 8]]
    found = with_profit([np.zeros((8, 4)), ahead]).crossover("profit", "private", "nothing")
    assert found.lead.low > 0
    assert found.sentence() == (
        "From 3 Jan 2024 on, “private” stays ahead of “nothing” in total contribution profit "
        "(median of 8 replicates; 95% interval 2 Jan 2024 or not within 4 days; not ahead at the end in 1 of "
        "them)."
    )
    assert found.short() == (
        "“private” stays ahead of “nothing” in total profit from about day 2 (3 Jan 2024) on; allowing for luck, from "
        "2 Jan 2024 on at the earliest, or not within 4 days (95% sure)."
    )


def test_crossover_that_never_comes_says_so():
    found = with_profit([np.ones((8, 4)), np.zeros((8, 4))]).crossover("profit", "private", "nothing")
    assert found.day == found.low == found.high == math.inf
    assert found.sentence() == (
        "“private” does not get ahead of “nothing” for good in total contribution profit within 4 days "
        "(in none of 8 replicates)."
    )


def test_crossover_from_the_start_and_of_one_replicate():
    found = with_profit([np.zeros((1, 4)), np.ones((1, 4))]).crossover("profit", "private", "nothing")
    assert found.day == 0
    assert math.isnan(found.low)
    assert found.sentence() == (
        "From the first day on, “private” stays ahead of “nothing” in total contribution profit "
        "(one replicate: no interval)."
    )
    assert found.short() == "From the first day on, “private” stays ahead of “nothing” in total profit."
    assert found.short("zh") == "自首日起，“private”的累计利润持续领先“nothing”。"


def test_crossovers_name_the_arm_that_ends_ahead_first():
    result = with_profit([np.zeros((2, 3)), 2 * np.ones((2, 3)), np.ones((2, 3))])
    assert [(found.a, found.b) for found in result.crossovers()] == [
        ("private", "paid"),
        ("private", "nothing"),
        ("paid", "nothing"),
    ]


def uplift_data(**attrs):
    data = zeros(("nothing", "paid", "private"), replicates=2, **attrs)
    data["joiners"][2] = [140, 160]
    data["joiner_orders"][2] = [400, 700]
    data["others"][2] = [900, 700]
    data["other_orders"][2] = [900, 700]
    data["orders"][2, :, 0, 0] = [1250, 1700]
    data["joiner_orders_without"][2] = [330, 620]
    data["orders_without"][2] = [1150, 1560]
    return Result(data)


def test_uplift_naive_and_causal():
    """Ratios of means: 1,100 orders of 300 joiners, 950 without the pool; 1,600 orders of 1,600 who were in no pool."""
    found = uplift_data().uplift("private")
    assert found.against == "nothing"
    assert found.naive.middle == pytest.approx(1100 / 300 - 1)
    assert found.causal.middle == pytest.approx(150 / 300)
    assert found.extra.middle == pytest.approx(950 / 300 - 1)
    assert (found.causal.low, found.causal.high) == pytest.approx((0.5, 0.5))
    assert (found.joiners, found.from_start) == (150, 50)


def test_what_the_pool_did_to_everybody_is_told_apart_from_what_it_did_to_joiners():
    """100 and 140 more orders in all, 70 and 80 of them by joiners."""
    found = uplift_data().uplift("private")
    assert (found.everybody.middle, found.of_joiners.middle, found.of_rest.middle) == (120, 75, 45)
    said = found.sentence()
    assert "the same people placed 0.50 more orders (95% interval 0.50 to 0.50) than without the pool (arm" in said
    assert "Everybody together placed 120 more orders" in said
    assert "joiners 75 more orders" in said
    assert "everybody else 45 more orders" in said
    assert "interference" in said
    assert said.endswith(
        "Of those who joined no pool in the run, 50 were members from the start; "
        "the naive gain counts them on neither side."
    )


def test_an_uplift_against_a_run_of_its_own_says_so():
    found = uplift_data(without_pools=json.dumps({"private": ""})).uplift("private")
    assert "(a run of the same arm without it)" in found.sentence()


def test_what_was_not_run_without_its_pool_has_no_causal_uplift():
    data = uplift_data().data.copy(deep=True)
    data["joiner_orders_without"][:] = data["orders_without"][:] = np.nan
    found = Result(data).uplift("private")
    assert found.naive.middle == pytest.approx(1100 / 300 - 1)
    assert all(math.isnan(getattr(found, name).middle) for name in ("causal", "extra", "everybody", "of_rest"))
    assert found.sentence().startswith("“private”: a joiner placed 2.67 more orders")
    assert "was not measured" in found.sentence()


def test_uplift_of_an_arm_without_a_pool_is_refused():
    with pytest.raises(ValueError, match="paid has no pool"):
        uplift_data().uplift("paid")


def test_uplift_when_nobody_joined():
    found = Result(zeros()).uplift("private")
    assert math.isnan(found.naive.middle)
    assert "nobody joined" in found.sentence()


def test_saved_and_loaded_is_the_same(tmp_path):
    result = story()
    result.save(tmp_path / "new")
    again = Result.load(tmp_path / "new")
    assert again.data.identical(result.data.assign_attrs(again.data.attrs))
    assert {k: str(v) for k, v in again.data.attrs.items()} == {k: str(v) for k, v in result.data.attrs.items()}
    assert again.summary().equals(result.summary())
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["results.nc"]


def test_a_comparison_without_hooks_and_staff_can_be_saved(tmp_path):
    Result(zeros(hooks=(), staff=())).save(tmp_path)
    assert Result.load(tmp_path / "results.nc").summary()["mean"].notna().any()


def test_data_that_is_none_of_a_comparison_is_refused():
    with pytest.raises(ValueError, match="lacks told, joiners"):
        Result(zeros().drop_vars(["told", "joiners"]))


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a" / "b.txt"
    write_whole(path, "私域\n")
    assert path.read_bytes() == "私域\n".encode()
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text("utf-8") == "私域\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_saved_result_is_read_without_the_compiler(tmp_path):
    story().save(tmp_path)
    reads = """
import sys
from trafficsim.results import Result

result = Result.load(sys.argv[1])
assert not result.summary().empty and not result.by_cohort().empty and result.crossovers()
assert not {"numba", "llvmlite"} & set(sys.modules)
print(result.ranking()[0])
"""
    told = subprocess.run([sys.executable, "-c", reads, str(tmp_path)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == story().ranking()[0]
