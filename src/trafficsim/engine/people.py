"""People counted once, when a replicate has ended: by segment, region and the hook of their pool, and the top buyers.

What counts customers over the whole run can't be summed over days: a buyer of two days is one buyer.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.metrics import LAST_COUNTS, TOPS
from trafficsim.kernel.columns import FOLDED, Columns, is_inside

Integers = NDArray[np.int64]


def last_counts(
    columns: Columns, orders: NDArray[np.uint32], paid: Integers, segments: int, hooks: int, ends: Sequence[int] = ()
) -> Integers:
    """The counts of `metrics.LAST_COUNTS`, in their order, of a world whose days have passed.

    Args:
        columns: of the world, at its end.
        orders: of each customer in the run, shape `(customers,)`.
        paid: cents that each customer paid in the run, of the same shape.
        segments: how many there are.
        hooks: how many there are.
        ends: of each region the first home beyond it.

    Returns:
        Simulated customers, orders and cents, shape `(counts, width)`: as wide as the longest row, filled with 0.
    """
    rows = [
        *_of_segments(columns, orders, paid, segments),
        *_of_regions(columns, orders, ends),
        _stayed(columns, hooks),
        *_of_top(paid, orders),
    ]
    found = np.zeros((len(LAST_COUNTS), max(segments, hooks, len(TOPS), len(ends))), np.int64)
    for row, numbers in enumerate(rows):
        found[row, : numbers.size] = numbers
    return found


def _of_segments(columns: Columns, orders: NDArray[np.uint32], paid: Integers, segments: int) -> list[Integers]:
    """Customers, buyers, orders, cents, members of any pool and those reached, new ones who came back, by segment."""
    segment = columns.traits.segment
    repeaters = (columns.bought.first_order_on >= 0) & (orders > 1)
    inside = _in(columns)
    reached = inside & (columns.member.status < FOLDED)
    members = [np.any(some, axis=0) for some in (inside, reached)]
    return _each([np.ones_like(orders), orders > 0, orders, paid, *members, repeaters], segment, segments)


def _of_regions(columns: Columns, orders: NDArray[np.uint32], ends: Sequence[int]) -> list[Integers]:
    """Customers, buyers and members of any pool, by region."""
    members = np.any(_in(columns), axis=0)
    region = np.searchsorted(ends, columns.traits.home, side="right")
    return _each([np.ones_like(orders), orders > 0, members], region, len(ends))


def _each(numbers: Sequence[NDArray[Any]], code: NDArray[Any], codes: int) -> list[Integers]:
    """Sums of customers' numbers by the code of something that they have."""
    masks = [code == one for one in range(codes)]
    return [np.array([of[mask].sum(dtype=np.int64) for mask in masks], np.int64) for of in numbers]


def _in(columns: Columns) -> NDArray[np.bool_]:
    """Who is a member now, shape `(pools, customers)`."""
    return is_inside(columns.member.status)


def _stayed(columns: Columns, hooks: int) -> Integers:
    by = columns.member.hook[_in(columns)]
    return np.bincount(by, minlength=hooks + 1)[1 : hooks + 1].astype(np.int64)


def _of_top(paid: NDArray[np.int64], orders: NDArray[np.uint32]) -> list[Integers]:
    """How many the top buyers are, and the cents that they paid; a part of a customer counts as one more."""
    of_buyers = np.sort(paid[orders > 0])[::-1].astype(np.int64)
    many = [-(-of_buyers.size // one_in) for one_in in TOPS.values()]
    return [np.array(many, np.int64), np.array([of_buyers[:n].sum() for n in many], np.int64)]
