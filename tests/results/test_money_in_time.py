"""When an arm pays back, how little cash it comes down to, and when cash runs out: from days made by hand."""

import math

import numpy as np
import pytest

import trafficsim as ts
from trafficsim.results.money_in_time import lowest_days, money_in_time, out_of_cash_days, payback_days
from trafficsim.scenario import ScenarioError, load_text

SHOP = """
format: 1
title: A shop
start: 2024-01-01
days: 10
customers: {count: 100, segments: {all: {share: 1, days_between_needs: 20, fit: 0.5, deal_prone: 0.3}}}
product: {price: 10, unit_cost: 4}
places:
  street: {kind: public, visits_per_week: 1}
  shop: {kind: store, fixed_cost_per_day: 500}
  app: {kind: pool, form: app, open_rate: 0.1, set_up_cost: 700}
cash_at_start: 2200
arms:
  none: {places: {app: off}}
  now: {}
  later: {}
  again: {}
events:
  opens: {day: 4, set: {places.app.tool_cost_per_day: 1}}
"""


@pytest.mark.parametrize(
    ("profit", "payback", "lowest", "out"),
    [
        ([5, 5, 5], 0, 0, math.inf),
        ([-9, 4, 6], 2, 0, math.inf),
        ([-9, -2, 30], 2, 1, 1),
        ([1, -20, 1], math.inf, 1, 1),
        ([0, 0, 0], math.inf, 0, math.inf),
        ([3, -3, 3], 2, 1, math.inf),
    ],
)
def test_days_are_found_in_sums(profit, payback, lowest, out):
    days, cash = np.array([profit]), 10 + np.cumsum([profit], axis=1)
    assert payback_days(days).tolist() == [payback]
    assert lowest_days(cash).tolist() == [lowest]
    assert out_of_cash_days(cash).tolist() == [out]


def test_days_are_medians_and_may_never_come():
    profit = np.array([[-5, 10, 0], [-5, 0, 10], [-5, 0, 0], [-5, 0, 0], [-5, 0, 0], [-5, 0, 0]])
    found = money_in_time("a", profit, np.cumsum(profit, axis=1) + 3, 0.0, 0.95)
    assert found.payback.middle == math.inf
    assert (found.payback.low, found.payback.high) == (1, math.inf)
    assert (found.out_of_cash.middle, found.ran_out) == (0, 1.0)
    assert found.lowest.middle == pytest.approx(-0.02)


def test_set_up_is_paid_once_on_the_day_a_place_opens_and_cash_begins_where_it_was():
    """Nobody knows the shop, so that nothing but standing costs is paid: 500 a day, and 700 once."""
    result = ts.compare(load_text(SHOP, "shop"), 2)
    set_up = result.data["set_up"].sum("place").isel(replicate=0)
    assert set_up.sel(arm="none").to_numpy().tolist() == [0] * 10
    assert set_up.sel(arm="now").to_numpy().tolist() == [70_000, *[0] * 9]
    cash = result.series("cash").sel(arm="now").isel(replicate=0).to_numpy()
    assert cash[:5].tolist() == [2200 - 700 - 500 * 1, 500, 0, -500, -1001]
    found = result.money_in_time("now")
    assert (found.set_up, found.out_of_cash.middle, found.lowest_on.middle) == (700, 3, 9)
    assert result.money_in_time("none").out_of_cash.middle == 4
    assert result.estimate("lowest_cash", "none").interval().middle == 2200 - 5000


def test_a_place_that_opens_by_an_arm_and_an_event_is_paid_on_that_day():
    opens = "opens: {day: 4, set: {places.app.tool_cost_per_day: 1}}"
    text = SHOP.replace("later: {}", "later: {places: {app: off}}")
    text = text.replace(opens, "opens: {day: 4, set: {places.shop.open_branches: 0}}")
    result = ts.compare(load_text(text, "shop"), 1)
    assert int(result.data["set_up"].sel(arm="later").sum()) == 0
    assert int(result.data["set_up"].sel(arm="again").sum()) == 70_000


CLAIMS = """
claims:
  early: {says: s, source: b, expect: {metric: out_of_cash_day, arm: now, between: [2, 4]}}
  never: {says: s, source: b, expect: {metric: payback_day, arm: now, at_most: 9}}
  cash: {says: s, source: b, expect: {metric: cash, arm: now, day: 1, between: [499, 501]}}
  least: {says: s, source: b, expect: {metric: lowest_cash, arm: none, at_most: -2800}}
  invited: {says: s, source: b, expect: {metric: k_factor, arm: now, at_most: 0}}
  worth: {says: s, source: b, expect: {metric: ltv_to_cac, arm: now, at_most: 0}}
"""


def test_claims_can_speak_of_money_in_time():
    case = load_text(SHOP + CLAIMS, "shop")
    from trafficsim.study.claims import judge  # noqa: PLC0415 - of another room

    found = {verdict.name: verdict for verdict in judge(case, ts.compare(case, 8))}
    assert {name: verdict.status for name, verdict in found.items()} == {
        "early": "holds", "never": "contradicted", "cash": "holds", "least": "holds", "invited": "no_value",
        "worth": "holds",
    }  # fmt: skip
    assert found["early"].measured.middle == 3


@pytest.mark.parametrize(
    "expect", ["more_than: {arm: none}", "ratio_to: {arm: none}, at_least: 1", "per: days, at_least: 1"]
)
def test_a_day_is_held_against_limits_alone(expect):
    text = f"{SHOP}claims: {{c: {{says: s, source: b, expect: {{metric: payback_day, arm: now, {expect}}}}}}}\n"
    with pytest.raises(
        ScenarioError, match="'payback_day' is a day; hold it against 'at_least', 'at_most' or 'between' alone"
    ):
        load_text(text, "shop")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_of_an_arm_with_cash_draws_it(language):
    from trafficsim.report.page import html  # noqa: PLC0415 - of another room

    text = html(ts.compare(load_text(SHOP, "shop"), 2), language=language)
    assert {"en": "Money in time", "zh": "资金随时间的变化"}[language] in text
    assert {"en": "Cash over time;", "zh": "现金随时间的变化；"}[language] in text
