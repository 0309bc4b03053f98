"""Flows: how many people moved from each place to each other one, looked at every four weeks.

Everybody is at one place: in the newest pool held, else where the brand was last met, else outside (never met at any
place, or out of the last pool and not met since). Who moves on within four weeks is seen only where they end.
"""

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.metrics import COHORT_DAYS
from trafficsim.engine.world import World

OUTSIDE = "outside"
"""Where nobody is met: what number 0 is called in results."""
WINDOW_DAYS = COHORT_DAYS
"""Days between two looks at where people are: the same four weeks as those of cohorts."""
AT_ONCE = 1 << 16
"""Customers whose moves are counted together, so that the numbers counted stay in the processor's cache."""


def run_counting_moves(world: World) -> NDArray[np.int64]:
    """Let the days that are left pass, and count who moved; the world ends as `World.run` alone would leave it.

    Returns:
        Simulated customers, shape `(windows, places + 1, places + 1)`: from where, to where; number 0 is outside, then
        come the places by their codes. The diagonal holds those who were at the same place at both ends, so that sums
        over `to` are who was there before, and sums over `from` who is there after a window.
    """
    at, places = world.columns.story.place.copy(), len(world.names.places)
    there = np.bincount(at, minlength=places + 1)
    windows = [np.zeros((places + 1, places + 1), np.int64)] * (world.day // WINDOW_DAYS)  # before it begins
    while world.day < world.days:
        world.run(until=(len(windows) + 1) * WINDOW_DAYS)
        moved = moves(at, world.columns.story.place, places)
        np.fill_diagonal(moved, there - moved.sum(axis=1))
        there = moved.sum(axis=0)
        windows.append(moved)
    return np.stack(windows)


def moves(before: NDArray[np.uint8], now: NDArray[np.uint8], places: int) -> NDArray[np.int64]:
    """How many moved from each place code + 1 (0: outside) to each other one; `before` is brought to `now`."""
    many = places + 1
    counted = np.zeros(many * many, np.int64)
    for first in range(0, before.size, AT_ONCE):
        was, is_now = before[first : first + AT_ONCE], now[first : first + AT_ONCE].copy()
        who = np.flatnonzero(was != is_now)  # few, and looking for them is quicker than counting everybody
        counted += np.bincount(was[who].astype(np.int64) * many + is_now[who], minlength=many * many)
        was[:] = is_now
    return counted.reshape(many, many)


def first_days(days: int) -> range:
    """The first day of each window of a run of so many days; the last one may be cut short."""
    return range(0, days, WINDOW_DAYS)
