"""Other tools, given what `data` exports, find what is true of the simulated business."""

import importlib
import warnings

import numpy as np
import pandas as pd
import pytest

import trafficsim as ts
from benchmarks.truth.__main__ import NEAR, expected
from benchmarks.truth.adstock import fitted_roas
from benchmarks.truth.worlds import CHANNELS, WORLDS, world
from trafficsim.scenario import load_text

pytestmark = pytest.mark.slow

REGULARS = """
format: 1
title: Regulars of a shop, who neither forget it nor leave
start: 2023-01-02
days: 392
customers:
  count: 2000
  segments: {all: {share: 1, days_between_needs: 20, need_shape: 1.2, fit: 0.6, deal_prone: 0.3}}
  at_start: {aware: 1.0, bought: 0.0}
  ties: {mean: 0}
  memory: {acquaintance_half_life_days: 36500, salience_half_life_days: 36500, days_to_drift: 36500}
product: {price: 80, unit_cost: 30}
places: {shop: {kind: store, visits_per_week: 2}}
leaving: off
word_of_mouth: off
"""


@pytest.fixture
def lifetimes():
    """The package, which is not kept up: it sets an option that pandas has deprecated, and divides by 0 in trials."""
    pytest.importorskip("lifetimes", reason="lifetimes isn't installed: pip install -e '.[test]'", exc_type=ImportError)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield importlib.import_module("lifetimes")


def test_lifetimes_foretells_repeat_buying_from_the_order_log(lifetimes):
    """Pareto/NBD (Schmittlein, Morrison and Colombo 1987) on the first half tells how often all buy in the second."""
    scenario = load_text(REGULARS, "regulars")
    orders = ts.export_data(scenario, scenario.arms[0]).orders.drop_duplicates(["customer", "date"])
    cut = pd.Timestamp(scenario.start) + pd.Timedelta(days=scenario.days // 2 - 1)
    summary = importlib.import_module("lifetimes.utils").summary_data_from_transaction_data
    known = summary(orders[orders["date"] <= cut], "customer", "date", observation_period_end=cut)
    known = known[known["T"] > 0]
    model = lifetimes.ParetoNBDFitter(penalizer_coef=0.001).fit(known["frequency"], known["recency"], known["T"])
    foretold = model.conditional_expected_number_of_purchases_up_to_time(
        scenario.days // 2, known["frequency"], known["recency"], known["T"]
    ).sum()
    later = orders[(orders["date"] > cut) & orders["customer"].isin(known.index)]
    # three standard errors of a ratio of two counts: what it is learned from, and what it is held against
    assert foretold / len(later) == pytest.approx(1.0, abs=3 * np.sqrt(1 / known["frequency"].sum() + 1 / len(later)))


@pytest.fixture(scope="module")
def first():
    return world(0)


def test_a_world_with_its_answers_is_made_again_bit_by_bit(first):
    """After the model was changed: python -m benchmarks.truth OUT --renew."""
    assert [each["world"] for each in expected()] == list(range(WORLDS))
    assert first.expected() == expected()[0]


def test_an_adstock_fit_recovers_roas_where_channels_are_spent_on_independently(first):
    fitted = fitted_roas(first.media, CHANNELS)
    for row in first.truth.to_dict("records"):
        assert fitted[row["channel"]] == pytest.approx(row["roas"], rel=NEAR)
