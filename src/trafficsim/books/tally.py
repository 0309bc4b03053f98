"""The tally: what is counted each day, in people and in cents, as integers; sums are exact in any order.

A day's tally is an int64 array of shape `(counters, width)`: one row for each of `counters`, in that
order, and in it one number for each place, hook, staff name, route or touch.
"""

import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import rule

Tally = NDArray[np.int64]

MONTH = 365.0 / 12.0
"""Days in a month, for what is given by the month."""


@rule
def cents(amount: float) -> int:
    """An amount as whole cents, half a cent rounded up, as a customer pays it."""
    return math.floor(amount + 0.5)


@rule
def cents_drawn(u: float, amount: float) -> int:
    """An amount as whole cents, the next lower or higher by a uniform draw in (0, 1), so that parts of a cent add up.

    Whole cents stay what they are.
    """
    return math.floor(amount + u)


@rule
def added_up(each: float, before: float, after: float) -> int:
    """Whole cents of what costs so many cents each, between a number of them before and one after.

    What has been booked in all is never off by more than half a cent, however small each is.
    """
    return cents(each * after) - cents(each * before)
