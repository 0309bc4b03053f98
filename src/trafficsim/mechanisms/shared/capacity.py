"""Capacity by the day: who of a sample finds room where a market's customers compete for what can be had in a day."""

import math

from trafficsim.compiled import part, rule
from trafficsim.kernel.frame import Frame

USED = 2
"""Columns of `Units.used` before those of windows: the demand so far, by two kinds of people."""
SURE = 2.0
"""Standard errors below the mean that are almost surely exceeded (98 % of a normal distribution)."""


@rule
def finds_room(u: float, left: float, more: float) -> bool:
    """Whether the next finds room where so much is left, and so many more are to be expected in the same window.

    First come, first served where nobody more is expected. Else all have the same chance, so that what is left lasts
    (selection sampling: Fan, Muller and Rezucha 1962, with the number of those to come estimated).
    """
    return u * (1.0 + more) < left


@part
def reopen(f: Frame, first: int, last: int) -> None:
    """On the first day of a window nothing of limits first..last is used up."""
    if f.window.opens == f.day:
        for limit in range(first, last):
            f.units.used[limit, USED + f.window.row] = 0


@part
def left_of(f: Frame, whole: int, limit: int) -> int:
    """What is left of a limit's `whole` capacity in this window."""
    return whole - f.units.used[limit, USED + f.window.row]


@part
def use(f: Frame, limit: int) -> None:
    """One of a limit is used up."""
    f.units.used[limit, USED + f.window.row] += 1


@part
def reserved(f: Frame, limit: int, kind: int) -> float:
    """How many more people of a kind will almost surely come in this window after today, as many came so far.

    What is kept for people who don't come is lost, while who comes too many is turned away later. The number to come is
    Poisson, and so is the number from which its mean is told.
    """
    mean = f.units.used[limit, kind] * f.window.ahead
    return float(max(mean - SURE * math.sqrt(mean * (1.0 + f.window.ahead)), 0.0))


@rule
def paced(mean: float) -> float:
    """Of so many to be expected, for how many room is kept so that all times of a window get their part.

    One standard error below the mean (Poisson), since what is kept for people who don't come is lost.
    """
    return max(mean - math.sqrt(mean), 0.0)
