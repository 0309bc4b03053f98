"""Can calibrate foretell repeat orders? CDNOW's customers (Fader, Hardie and Lee 2005), fitted to weeks 1 to 39.

Fitted are weekly repeat orders since each customer's first order, and who repeats for the first time, over the weeks
that more than half of all customers had lived through by week 39. The weeks after those are held out, and foretold:
from them follow the repeat orders of all cohorts until week 78.

    python docs/generate_repeats.py FOLDER
"""

import argparse
import datetime as dt
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trafficsim.data.cells import DAYS_OF_WEEK
from trafficsim.files.whole import write_whole
from trafficsim.scenario import Scenario
from trafficsim.scenario.loading import load_text
from trafficsim.study.calibrating import calibrate
from trafficsim.study.scales import back

OUT = Path(__file__).with_name("calibration_repeats.json")
FIRST_ORDERS = np.array([157, 164, 182, 193, 216, 220, 202, 204, 219, 217, 204, 179])
"""First orders in weeks 1 to 12, on average in the middle of a week."""
REPEATS = [
    164, 156, 129, 115, 106, 99, 87, 89, 104, 67, 70, 68, 55, 67, 72, 50, 64, 56, 67, 48, 60, 77, 54, 53, 68, 57, 54,
    44, 49, 52, 61, 49,
]  # fmt: skip
"""Repeat orders of all customers in weeks 1 to 32 after their first order. By week 39 of the calendar all had lived
through 27, more than half through 32: from week 28 on, what these ordered is scaled up to all."""
AGAIN = [
    145, 117, 79, 54, 54, 48, 37, 42, 38, 19, 24, 17, 14, 17, 16, 13, 23, 15, 22, 16, 14, 19, 12, 12, 17, 6, 10,
    9, 5, 8, 9, 7,
]  # fmt: skip
"""Customers who in these weeks ordered for the second time ever, likewise: it tells how unequal they are."""
LATER = [
    52, 63, 67, 65, 52, 59, 54, 68, 50, 47, 47, 52, 50, 55, 45, 43, 44, 58, 49, 47, 43, 60, 47, 43, 46, 48, 56, 39,
    47, 42, 44, 54, 38, 47, 51, 32, 28, 57, 23, 23, 26, 34, 28, 29, 15,
]  # fmt: skip
"""Repeat orders in weeks 33 to 77, of those who had lived through them by week 78: held out."""
LATER_AGAIN = [
    5, 11, 7, 7, 12, 8, 10, 12, 3, 4, 6, 7, 5, 4, 2, 7, 4, 6, 7, 2, 3, 8, 6, 4, 3, 4, 7, 0, 5, 4, 3, 3, 0, 4, 3, 2,
    0, 3, 2, 2, 3, 3, 5, 7, 0,
]  # fmt: skip
"""Second orders in these weeks, held out as well."""
BY_WEEK = {39: 2457, 78: 4339}
START = dt.date(1997, 1, 1)
TEXT = """\
format: 1
title: Customers from their first order on
start: {start}
days: {days}
customers:
  count: {count}
  at_start: {{aware: 1, bought: 1, bought_within_days: 0.001}}
  segments: {{all: {{share: 1, days_between_needs: 15, need_shape: 1.0, fit: 0.5, deal_prone: 0.3}}}}
product: {{price: 90, unit_cost: 40}}
places:
  shop: {{kind: store}}
purchasing: {{forgetting: true}}
sources:
  customers.segments.all.days_between_needs: {{assumed: true, range: [4, 60]}}
  customers.segments.all.need_shape: {{assumed: true, range: [0.3, 4]}}
"""
FIT = (
    "customers.segments.all.days_between_needs",
    "customers.segments.all.need_shape",
    "customers.memory.acquaintance_half_life_days",
)


def case(weeks: int, count: int) -> Scenario:
    """The shop, for so many weeks and customers."""
    return load_text(TEXT.format(start=START, days=weeks * DAYS_OF_WEEK, count=count), "cdnow")


def repeats_by(week: int, weekly: NDArray[np.float64]) -> NDArray[np.float64]:
    """Repeat orders of all cohorts until the end of a calendar week, from those by weeks since the first order."""
    each = np.concatenate([np.zeros((len(weekly), 1)), weekly.cumsum(axis=1)], axis=1) / FIRST_ORDERS.sum()
    lived = [week - (k + 0.5) for k in range(FIRST_ORDERS.size)]
    at = [np.array([np.interp(weeks, np.arange(each.shape[1]), row) for row in each]) for weeks in lived]
    return np.asarray(sum(first * of for first, of in zip(FIRST_ORDERS.tolist(), at, strict=True)))


def main() -> None:
    """Fit, foretell, and write how far that is off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    counts = parser.parse_args().folder / "repeats.csv"
    orders, again = [*REPEATS, *LATER], [*AGAIN, *LATER_AGAIN]
    dates = [START + dt.timedelta(days=DAYS_OF_WEEK * week) for week in range(len(orders))]
    rows = [f"{date},{n},{second}" for date, n, second in zip(dates, orders, again, strict=True)]
    write_whole(counts, "\n".join(["week,orders,second_orders", *rows]) + "\n")
    shop = case(len(orders), int(FIRST_ORDERS.sum()))
    found = calibrate(shop, counts, fit=FIT, held_out=len(LATER) / len(orders))
    weekly = back("orders", found.predicted()[:, : len(orders)])
    weekly[:, : len(REPEATS)] = REPEATS
    told = {
        week: {"seen": seen, "low_middle_high": np.quantile(repeats_by(week, weekly), (0.05, 0.5, 0.95)).tolist()}
        for week, seen in BY_WEEK.items()
    }
    numbers = {each.path: [each.after, each.verdict] for each in found.told}
    held_out = {each.series: [each.inside, each.weeks] for each in found.foretold}
    said = {"weeks": told, "held_out": held_out, "numbers": numbers, "discrepancy": found.discrepancy}
    text = json.dumps(said, indent=1)
    write_whole(OUT, text + "\n")
    print(text)  # noqa: T201 - a program


if __name__ == "__main__":
    main()
