"""Money in time: when an arm pays back, how little cash it comes down to, and when cash runs out."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trafficsim.results import intervals
from trafficsim.results.crossover import first_lasting_day, median_day
from trafficsim.results.intervals import Interval

Days = NDArray[np.float64]


@dataclass(frozen=True)
class MoneyInTime:
    """An arm's cash over time; days are medians over replicates with their intervals, `math.inf` for never.

    Attributes:
        set_up: what it cost to open stores and pools, in currency units.
        payback: the day from which on contribution profit added up stays above 0.
        lowest: cash (that at the start, and contribution profit added up) at its least, in currency units.
        lowest_on: the day on which it is least.
        out_of_cash: the first day on which it is below 0.
        ran_out: the share of replicates in which that comes within the run, 0 to 1.
    """

    arm: str
    set_up: float
    payback: Interval
    lowest: Interval
    lowest_on: Interval
    out_of_cash: Interval
    ran_out: float


def payback_days(profit: NDArray[np.int64]) -> Days:
    """Of each replicate the day from which on profits added up stay above 0; `profit` is `(replicates, days)`."""
    return first_lasting_day(np.cumsum(profit, axis=1))


def lowest_days(cash: NDArray[np.int64]) -> Days:
    """Of each replicate the first day on which cash is least; `cash` is `(replicates, days)`."""
    return np.asarray(np.argmin(cash, axis=1), np.float64)


def out_of_cash_days(cash: NDArray[np.int64]) -> Days:
    """Of each replicate the first day on which cash is below 0, infinity for none."""
    below = cash < 0
    return np.asarray(np.where(below.any(axis=1), np.argmax(below, axis=1), math.inf), np.float64)


DAYS: dict[str, tuple[str, Callable[[NDArray[np.int64]], Days]]] = {
    "payback_day": ("profit", payback_days),
    "lowest_cash_day": ("cash", lowest_days),
    "out_of_cash_day": ("cash", out_of_cash_days),
}
"""Days that a claim can speak of: the series that each is found in, and how."""


def money_in_time(
    arm: str, profit: NDArray[np.int64], cash: NDArray[np.int64], set_up: float, confidence: float
) -> MoneyInTime:
    """Of an arm's profit each day and cash at its end, `(replicates, days)` in whole cents."""
    out = out_of_cash_days(cash)
    return MoneyInTime(
        arm,
        set_up,
        median_day(payback_days(profit), confidence),
        intervals.mean(cash.min(axis=1) / 100.0, confidence),
        median_day(lowest_days(cash), confidence),
        median_day(out, confidence),
        float(np.isfinite(out).mean()),
    )
