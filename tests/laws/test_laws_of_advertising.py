"""Laws of advertising that no rule states: saturation, rising marginal cost of a new customer, carry-over.

Arms share their customers and their luck, so that differences are paired; all intervals are at 95 %.
"""

import numpy as np
import pytest
from law_worlds import interval, ran, scenario

BUDGETS = (0, 200, 800, 3200)
"""Money a day, each four times the one before."""
CAMPAIGN, AFTER = 180, 90
"""Days with the campaign, and days that follow."""
SEEDS = range(14)
"""Enough for the smallest difference, that between the first two budgets: about .28 of 1.4 new customers per 1,000,
with a standard deviation of about .25 between seeds."""


def half_year_of_ads(budget):
    """Half a year with a campaign, and a quarter after it."""
    return scenario(
        days=CAMPAIGN + AFTER,
        customers__count=20_000,
        customers__at_start={"aware": 0.2, "bought": 0.1},
        places__site={"kind": "public", "visits_per_week": 2},
        advertising={"site": {"budget_per_day": budget, "cpm": 60, "until_day": CAMPAIGN}},
        word_of_mouth={},
    )


@pytest.fixture(scope="module")
def worlds():
    """Worlds of each budget, by seed."""
    return [[ran(half_year_of_ads(budget), seed) for seed in SEEDS] for budget in BUDGETS]


def over(worlds, counter, first_day=0):
    """A counter summed from a day on, shape `(budgets, seeds)`."""
    return np.array([[w.counted(counter)[first_day:].sum() for w in row] for row in worlds], float)


def test_each_further_yuan_is_noticed_less(worlds):
    """Saturation: impressions become dearer, and those who have seen some notice fewer."""
    noticed, spent = over(worlds, "noticed"), over(worlds, "advertising")
    rates = np.diff(noticed, axis=0) / np.diff(spent, axis=0)
    assert all(interval(rates[k] - rates[k + 1])[0] > 0 for k in range(2))


def test_each_further_yuan_brings_fewer_new_customers(worlds):
    """The marginal CAC rises: extra new customers per extra yuan fall from budget to budget."""
    new, spent = over(worlds, "first_orders"), over(worlds, "advertising")
    rates = np.diff(new, axis=0) / np.diff(spent, axis=0)
    assert (rates > 0).all()
    assert all(interval(rates[k] - rates[k + 1])[0] > 0 for k in range(2))


@pytest.mark.parametrize("arm", [1, 2, 3])
def test_a_campaign_goes_on_selling_after_its_end(worlds, arm):
    """Carry-over: in the quarter after it, more is ordered than without the campaign."""
    later = over(worlds, "orders", CAMPAIGN)
    low, _ = interval(later[arm] - later[0])
    assert low > 0
    assert (over(worlds, "advertising", CAMPAIGN) == 0).all()
