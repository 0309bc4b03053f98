"""Measures: money by origin, present value and true CAC, all worked out by hand."""

import json
import math

import numpy as np
import pytest

from comparisons import lively
from synthetic import with_profit, zeros
from trafficsim.engine.ensemble import run_replicate
from trafficsim.report.tables import blocks
from trafficsim.results import Result
from trafficsim.results.measures import daily
from trafficsim.study.dataset import counted, totalled
from worlds import after

NOTHING, PRIVATE = 0, 1


def row(table, **at):
    """The only row of a table with these values."""
    for name, value in at.items():
        table = table[table[name] == value]
    (found,) = table.to_dict("records")
    return found


def of_route(data, name, route):
    return data[name].sel(route=route)


def test_routes_have_the_cost_lines_that_are_theirs():
    data = zeros(replicates=2)
    for route, people in (("paid", 4), ("told", 5), ("invited", 2), ("organic", 8)):
        of_route(data, "first_orders", route)[PRIVATE, :, 1] = people
        of_route(data, "margin_of_new", route)[PRIVATE, :, 2] = [people * 1000, people * 3000]
    data["advertising"][PRIVATE, :, :, 0] = 1_000
    data["advertising"][PRIVATE, 0, 0, 1] = 4_000
    data["rewards"][PRIVATE, :, 0, 0] = 300
    data["attention"][PRIVATE, :, 0] = 700
    data["partner_pay"][PRIVATE, :, 3] = 800
    table = Result(data).by_route()
    assert len(table) == 2 * 7
    paid = row(table, arm="private", route="paid")
    assert paid["route_cost"] == (20 + 10) / 2
    assert (paid["new_customers"], paid["new_customers_low"], paid["new_customers_high"]) == (4, 4, 4)
    assert paid["clv"] == 20
    half = 12.706204736174694 * math.sqrt(200 / 2)  # Student with one degree of freedom; values 10 and 30
    assert (paid["clv_low"], paid["clv_high"]) == pytest.approx((20 - half, 20 + half), rel=1e-9)
    assert row(table, arm="private", route="told")["route_cost"] == 3
    assert row(table, arm="private", route="invited")["route_cost"] == 1.5
    assert math.isnan(row(table, arm="private", route="organic")["route_cost"])
    assert row(table, arm="private", route="organic")["clv"] == 20
    assert math.isnan(row(table, arm="nothing", route="paid")["clv"])


def test_series_are_the_same_of_what_studies_keep_of_a_replicate():
    """Without places, hooks and so on: each counter is added up before, where a comparison keeps its entries."""
    case = lively({"days": 12, "customers.count": 300})
    ran = [run_replicate(case, 1, number, without_pools=False) for number in range(2)]
    whole, kept = (daily(made(case, ran)) for made in (counted, totalled))
    assert kept.drop_vars("date", errors="ignore").equals(whole.drop_vars("date"))
    assert kept["ever_members"].isel(day=0).any()


def test_hooks_cost_gifts_and_rewards_and_earn_from_joining_on():
    data = zeros(replicates=2, hooks=("side_dish", "coupon"))
    data["joined_by"][PRIVATE, :, 0] = [10, 4]
    data["hooks"][PRIVATE, :, 0] = [4_000, 0]
    data["rewards"][PRIVATE, :, 1] = [1_000, 200]
    data["margin_by_hook"][PRIVATE, :, 2:] = [3_000, 0]
    table = Result(data).by_hook()
    assert table[["arm", "hook"]].to_numpy().tolist() == [
        ["nothing", "side_dish"],
        ["nothing", "coupon"],
        ["private", "side_dish"],
        ["private", "coupon"],
    ]
    assert [row(table, arm="private", hook="side_dish")[c] for c in ("joined", "joiner_cost", "clv")] == [10, 5, 6]
    assert [row(table, arm="private", hook="coupon")[c] for c in ("joined", "joiner_cost", "clv")] == [4, 0.5, 0]


def test_without_hooks_the_table_is_empty_but_has_its_columns():
    table = Result(zeros(hooks=())).by_hook()
    assert table.empty
    assert "clv_high" in table


def test_a_cohort_over_its_life():
    """70 days: cohorts of days 0, 28 and 56, the last of which has seen 14 of 28 days."""
    data = zeros(replicates=2, days=70)
    data["first_orders"][PRIVATE, :, 3, 0] = 6
    data["first_orders"][PRIVATE, :, 20, 1] = 4
    data["first_orders"][PRIVATE, :, 30, 0] = 5
    first = data["orders_of_cohort"].sel(cohort="day 0")
    first[PRIVATE, :, 20] = 12
    first[PRIVATE, :, 28] = 8
    first[PRIVATE, :, 69] = 2
    data["orders_of_cohort"].sel(cohort="day 28")[PRIVATE, :, 30] = 5
    margin = data["margin_of_cohort"].sel(cohort="day 0")
    margin[PRIVATE, :, 20] = 10_000
    margin[PRIVATE, :, 50] = 5_000
    table = Result(data).by_cohort()
    assert len(table) == 2 * (3 + 2 + 1)
    life = [row(table, arm="private", cohort=0, period=period) for period in (0, 1, 2)]
    assert [r["days"] for r in life] == [28, 28, 14]
    assert [r["customers"] for r in life] == [10, 10, 10]
    assert [r["orders"] for r in life] == [1.2, 0.8, 0.2]
    assert [r["margin"] for r in life] == [10, 5, 0]
    assert [r["clv"] for r in life] == [10, 15, 15]
    assert [r["retention"] for r in life] == pytest.approx([math.nan, 1, math.nan], nan_ok=True)
    assert row(table, arm="private", cohort=28, period=0)["orders"] == 1
    assert row(table, arm="private", cohort=56, period=0)["days"] == 14
    assert math.isnan(row(table, arm="private", cohort=56, period=0)["orders"])


def test_retention_counts_orders_against_the_first_whole_period():
    data = zeros(replicates=1, days=112)
    data["first_orders"][..., 0, 0] = 10
    data["orders_of_cohort"].sel(cohort="day 0")[:, :, [0, 28, 56, 84]] = [10, 8, 6, 2]
    table = Result(data).by_cohort()
    found = table[(table["arm"] == "private") & (table["cohort"] == 0)]["retention"]
    assert found.tolist()[1:] == [1, 0.75, 0.25]


def test_present_value_discounts_by_the_day():
    """At 21 % a year, money of day 365 is worth 1 / 1.21 and money of day 730 its square."""
    profit = np.zeros((2, 1, 731))
    profit[:, :, [0, 365, 730]] = [1_000, 12_100, 14_641]
    result = with_profit(profit, discount_rates=json.dumps({"private": 0.21}))
    assert result.discounted
    assert result.values("present_value").sel(arm="private").item() == pytest.approx(10 + 100 + 100, rel=1e-12)
    assert result.values("present_value").sel(arm="nothing").item() == pytest.approx(277.41, rel=1e-12)
    assert "present value, CNY" in [b.heading for b in blocks(result)]


def test_without_a_rate_present_value_is_profit_and_stays_out_of_the_report():
    result = with_profit(np.ones((2, 2, 5)) * 1_200)
    assert not result.discounted
    assert np.array_equal(result.values("present_value"), result.values("profit"))
    assert "present value, CNY" not in [b.heading for b in blocks(result)]


@pytest.mark.parametrize(
    ("extra", "has_value"), [(0, False), (990, False), (1_000, False), (1_100, True), (-1_100, True)]
)
def test_true_cac_needs_spending_that_differs_by_more_than_a_hundredth(extra, has_value):
    data = zeros(replicates=2)
    data["first_orders"][PRIVATE, :, 0, 0] = 4
    data["content"][:, :, 0, 0] = 100_000
    data["content"][PRIVATE, :, 0, 0] += extra
    found = Result(data).values("true_cac").sel(arm="private").to_numpy()
    assert np.all(np.isnan(found) != has_value)


def test_true_cac_is_a_dash_between_arms_made_to_spend_the_same():
    data = zeros(("paid", "private", "nothing"), replicates=2)
    data["first_orders"][PRIVATE:, :, 0, 0] = 4
    data["content"][:, :, 0, 0] = np.array([100_000, 102_000, 104_000])[:, None]
    data.attrs["equal_budget"] = json.dumps({"arms": ["paid", "private"], "factors": {}, "spend": {}})
    found = Result(data).values("true_cac")
    assert np.isnan(found.sel(arm="private")).all()
    assert found.sel(arm="nothing").to_numpy().tolist() == [10, 10]


LIFE = {
    "customers.count": 60,
    "days": 60,
    "purchasing": {"forgetting": False, "intercept": 50.0, "trust_step": 0.0},
    "places.shop.visits_per_week": 1,
    "hooks": {"gift": {"at": "shop", "in_person": True, "into": "club", "gives": "gift", "strength": 50.0}},
}
"""Everybody buys on every need at a margin of 60, and joins on the first visit to the shop."""


@pytest.mark.nojit
def test_orders_are_booked_to_hooks_and_cohorts():
    w = after(changes=LIFE)
    margin, orders = w.counted("margin_by_hook")[:, 0], w.counted("orders").sum(axis=1)
    members = w.members[1:].sum(axis=1)
    assert 0 < margin.sum() < 6000 * orders.sum()
    assert np.array_equal(margin[members == 60], 6000 * orders[members == 60])
    first = w.columns.bought.first_order_on
    of_cohort = w.counted("orders_of_cohort")
    assert of_cohort.shape == (60, 3)
    for cohort in range(3):
        own = (first >= 28 * cohort) & (first < 28 * (cohort + 1))
        assert of_cohort[:, cohort].sum() == w.columns.bought.orders[own].sum()
        assert not of_cohort[: 28 * cohort, cohort].any()
    assert np.array_equal(w.counted("margin_of_cohort"), 6000 * of_cohort)


@pytest.mark.nojit
def test_margin_counts_for_the_hook_of_each_pool_joined():
    """From joining on, in whatever order; whoever held a pool before the start came there by no hook."""
    two = {"gift": LIFE["hooks"]["gift"], "more": {**LIFE["hooks"]["gift"], "into": "desk"}}
    w = after(changes={**LIFE, "hooks": two})
    joined, hook = w.columns.member.joined_on, w.columns.member.hook
    assert np.all(joined >= 0)
    margin, orders = w.counted("margin_by_hook"), w.counted("orders").sum(axis=1)
    for row in range(2):
        after_all = int(joined[hook == row + 1].max()) + 1
        assert np.array_equal(margin[after_all:, row], 6000 * orders[after_all:])
        assert 0 < margin[:, row].sum() < 6000 * orders.sum()
    assert margin.sum() > 6000 * orders.sum()
    early = after(changes={**LIFE, "customers.at_start": {"aware": 1, "members": {"desk": 1}}})
    assert early.counted("joined_by").sum() == 60
    assert early.counted("margin_by_hook").sum() > 0
