"""Law: calibrated on the first 39 weeks of CDNOW's customers, the model predicts their orders of the next 39.

The published benchmark is BG/NBD (Fader, Hardie and Lee 2005, "Counting your customers the easy way", Marketing
Science 24), whose prediction for week 78 is 4 % low.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from law_worlds import scenario
from scipy.optimize import minimize

from trafficsim.engine import world

TABLE = pd.read_csv(Path(__file__).parents[1] / "data" / "cdnow_39_weeks.csv", comment="#")
"""Customers by repeat orders and quarter of the last order, all of weeks 1 to 39: what BG/NBD is fitted to as well."""
FIRST_ORDERS = np.array([157, 164, 182, 193, 216, 220, 202, 204, 219, 217, 204, 179])
"""First orders in weeks 1 to 12, on average in the middle of a week."""
BUYERS = 2357
REPEATS_BY_WEEK_39, REPEATS_BY_WEEK_78 = 2457, 4339
QUARTER, CALIBRATION, WEEK = 91, 273, 7


class Inputs(NamedTuple):
    """What differs from shop to shop; behaviour keeps its defaults."""

    days_between_needs: float
    need_shape: float


def shop(inputs, customers, weeks, forgetting):
    """Customers on the day of their first order, without any marketing."""
    return scenario(
        days=weeks * WEEK,
        customers__count=customers,
        customers__at_start={"aware": 1, "bought": 1, "bought_within_days": 0.001},
        customers__segments__all__days_between_needs=float(inputs.days_between_needs),
        customers__segments__all__need_shape=float(inputs.need_shape),
        purchasing={"forgetting": forgetting},
    )


def first_order_day(week):
    """The day in the calendar of CDNOW on which the buyers of a week begin on average."""
    return round((week + 0.5) * WEEK)


def cells(of):
    """Shares of customers in the cells of the table; the buyers of each week have had their own time until week 39."""
    shares = np.zeros(len(TABLE))
    for week in reversed(range(FIRST_ORDERS.size)):
        began = first_order_day(week)
        bought = of.run(until=CALIBRATION - began).columns.bought
        repeats = bought.orders.astype(np.int64) - 1
        quarter = np.where(repeats > 0, (np.maximum(bought.last_order_on, 0) + began) // QUARTER, 0)
        for row, cell in enumerate(TABLE.itertuples()):
            inside = (repeats >= cell.at_least) & (repeats <= cell.at_most) & (quarter == cell.last_order_in)
            shares[row] += FIRST_ORDERS[week] / BUYERS * inside.mean()
    return shares


def repeats_by(of, week):
    """Repeat orders of all buyers until the end of a calendar week."""
    per_customer = np.concatenate([[0], of.counted("orders").sum(axis=1).cumsum()]) / of.customers
    tenures = [week * WEEK - first_order_day(k) for k in range(FIRST_ORDERS.size)]
    return float(FIRST_ORDERS @ per_customer[tenures])


def calibrated(forgetting):
    """The inputs of greatest likelihood of the table, seen in 100,000 customers with common random numbers."""
    seen = TABLE.customers.to_numpy()

    def loss(logarithms):
        of = world.start(shop(Inputs(*np.exp(logarithms)), 100_000, 39, forgetting), "base", seed=1)
        return -float(seen @ np.log(np.maximum(cells(of), 1e-5)))

    simplex = np.log([[10, 1.0], [13, 1.0], [10, 1.4]])
    options = {"initial_simplex": simplex, "xatol": 0.01, "fatol": 0.05, "maxfev": 80}
    return Inputs(*np.exp(minimize(loss, simplex[0], method="Nelder-Mead", options=options).x))


def predicted(forgetting):
    """Repeat orders by weeks 39 and 78, of 60,000 customers with luck of their own."""
    of = world.start(shop(calibrated(forgetting), 60_000, 78, forgetting), "base", seed=7).run()
    return repeats_by(of, 39), repeats_by(of, 78)


@pytest.mark.slow
def test_repeat_orders_of_the_next_39_weeks():
    """Within 7 % of the published 4,339 at week 78, and of 2,457 at week 39, which the calibration has seen.

    BG/NBD itself misses by 4 % at week 78, by 12 % in what the second half adds; luck of 100,000 and 60,000 customers
    adds 2 %.
    """
    by_39, by_78 = predicted(forgetting=True)
    assert by_39 == pytest.approx(REPEATS_BY_WEEK_39, rel=0.07)
    assert by_78 == pytest.approx(REPEATS_BY_WEEK_78, rel=0.07)


@pytest.mark.slow
def test_without_forgetting_too_many_repeats_are_predicted():
    """So that the law is one of forgetting: nothing else in the model lets customers fade."""
    _, by_78 = predicted(forgetting=False)
    assert by_78 > 1.07 * REPEATS_BY_WEEK_78
