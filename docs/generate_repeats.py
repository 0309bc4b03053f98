"""Can calibrate foretell repeat orders? CDNOW's customers (Fader, Hardie and Lee 2005), fitted to weeks 1 to 39.

Fitted are weekly repeat orders since each customer's first order, and who repeats for the first time, over the weeks
that more than half of all customers had lived through by week 39; each plausible world then tells the repeat orders of
all cohorts until week 78, which no fit has seen.

    python docs/generate_repeats.py FOLDER
"""

import argparse
import datetime as dt
import json
from pathlib import Path

import numpy as np

from trafficsim.data.cells import DAYS_OF_WEEK
from trafficsim.engine import world
from trafficsim.files.whole import write_whole
from trafficsim.scenario import Scenario
from trafficsim.scenario.loading import load_text
from trafficsim.study.calibrated import weighted_quantiles
from trafficsim.study.calibrating import calibrate
from trafficsim.study.uncertain import Changes

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
MANY = 12_000
"""Customers of a world that foretells."""


def case(weeks: int, count: int) -> Scenario:
    """The shop, for so many weeks and customers."""
    return load_text(TEXT.format(start=START, days=weeks * DAYS_OF_WEEK, count=count), "cdnow")


def repeats_by(week: int, of: world.World) -> float:
    """Repeat orders of all cohorts until the end of a calendar week."""
    each = np.concatenate([[0], of.counted("orders").sum(axis=1).cumsum()]) / of.customers
    return float(FIRST_ORDERS @ each[[week * DAYS_OF_WEEK - round((k + 0.5) * DAYS_OF_WEEK) for k in range(12)]])


def main() -> None:
    """Fit, foretell, and write how far that is off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    counts = parser.parse_args().folder / "repeats.csv"
    dates = [START + dt.timedelta(days=DAYS_OF_WEEK * week) for week in range(len(REPEATS))]
    rows = [f"{date},{n},{again}" for date, n, again in zip(dates, REPEATS, AGAIN, strict=True)]
    write_whole(counts, "\n".join(["week,orders,second_orders", *rows]) + "\n")
    found = calibrate(case(len(REPEATS), int(FIRST_ORDERS.sum())), counts, fit=FIT, held_out=0.0)
    later = case(max(BY_WEEK), MANY)
    changes, foretold = Changes(later, found.numbers), []
    for number, drawn in enumerate(found.draws.tolist()):
        lived = world.start(later.replace(changes(drawn)), "base", 5, number).run()
        foretold.append([repeats_by(week, lived) for week in BY_WEEK])
    shares = np.array([0.05, 0.5, 0.95])
    told = {
        week: {"seen": seen, "low_middle_high": weighted_quantiles(of, found.weights, shares).tolist()}
        for (week, seen), of in zip(BY_WEEK.items(), np.array(foretold).T, strict=True)
    }
    numbers = {each.path: [each.after, each.verdict] for each in found.told}
    text = json.dumps({"weeks": told, "numbers": numbers, "discrepancy": found.discrepancy}, indent=1)
    write_whole(OUT, text + "\n")
    print(text)  # noqa: T201 - a program


if __name__ == "__main__":
    main()
