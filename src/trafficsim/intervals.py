"""Intervals over replicates: how far the luck of the draw alone may have moved a number.

Every interval here takes replicates as independent draws of the same model. None of them knows about wrong assumptions.
One replicate says nothing about luck: its intervals are NaN.
"""

import math
import statistics
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betaincinv, stdtrit  # scipy.stats takes half a second to import

from trafficsim import asked

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An estimate with the limits of its interval; NaN where something can't be told."""

    middle: float
    low: float
    high: float


UNKNOWN = Interval(math.nan, math.nan, math.nan)


def spread(values: Array) -> Array:
    """Standard deviation over the first axis, `(replicates, ...)` to `(...)`; exactly 0 where all values are alike."""
    alike = np.ptp(values, axis=0) == 0
    return np.where(alike, 0.0, values.std(axis=0, ddof=1))


def band(values: Array, confidence: float = 0.95) -> tuple[Array, Array, Array]:
    """Mean, lower and upper limit over the first axis, each `(...)` for values of shape `(replicates, ...)`.

    Student's t interval of the mean: it holds the expected value, not one replicate, with probability `confidence`.
    """
    replicates = len(values)
    middle = np.asarray(values.mean(axis=0))
    if replicates < 2:
        unknown = np.full_like(middle, np.nan)
        return middle, unknown, unknown
    half = _student(confidence, replicates - 1) * spread(values) / math.sqrt(replicates)
    return middle, middle - half, middle + half


def mean(values: Array, confidence: float = 0.95) -> Interval:
    """Mean of `(replicates,)` values with Student's t interval; replicates without a value (NaN) are left out."""
    known = values[~np.isnan(values)]
    if not len(known):
        return UNKNOWN
    middle, low, high = band(known, confidence)
    return Interval(float(middle), float(low), float(high))


def ratio(above: Array, below: Array, confidence: float = 0.95) -> Interval:
    """Ratio of the means of paired `(replicates,)` values, with the interval of Fieller (1954).

    It holds every ratio r for which mean(above - r x below) can't be told from 0. UNKNOWN where the mean of `below`
    can't be told from 0 or is less, since the ratio then has no bounds; NaN limits for one replicate.
    """
    top, bottom, count = float(above.mean()), float(below.mean()), len(above)
    if count < 2:
        return Interval(top / bottom, math.nan, math.nan) if bottom > 0 else UNKNOWN
    doubt = _student(confidence, count - 1) ** 2 / count
    (top_top, top_bottom), (_, bottom_bottom) = doubt * np.cov(above, below)
    a, b, c = bottom**2 - bottom_bottom, top * bottom - top_bottom, top**2 - top_top
    if bottom <= 0 or a <= 0:
        return UNKNOWN
    half = math.sqrt(max(b * b - a * c, 0.0))
    return Interval(top / bottom, float(b - half) / a, float(b + half) / a)


@cache  # a report asks for the same few again and again, and SciPy takes its time
def _student(confidence: float, degrees: int) -> float:
    """Half the width of an interval of Student's t that holds so much."""
    return float(stdtrit(degrees, (1 + asked.confidence(confidence)) / 2))


@cache
def share(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Share of successes, in 0..1, with the exact interval of Clopper and Pearson (1934)."""
    if not trials:
        return UNKNOWN
    if trials == 1:
        return Interval(float(successes), math.nan, math.nan)
    failures, beyond = trials - successes, (1 - asked.confidence(confidence)) / 2
    low = betaincinv(successes, failures + 1, beyond) if successes else 0.0
    high = betaincinv(successes + 1, failures, 1 - beyond) if failures else 1.0
    return Interval(successes / trials, float(low), float(high))


def median(values: Array, confidence: float = 0.95) -> Interval:
    """Median of `(replicates,)` values, infinity allowed, with the interval between two order statistics.

    No distribution is assumed: the k-th smallest and k-th largest value hold the median unless fewer than k replicates
    fall on one side of it, which is binomial (n, 1/2); k is the largest that keeps `confidence` (David and Nagaraja
    2003, section 7.1). Too few replicates for any such k (fewer than 6 at 0.95) give NaN limits.
    """
    if not len(values):
        return UNKNOWN
    ordered = sorted(values.tolist())
    below = bdtr(np.arange(len(ordered)), len(ordered), 0.5)
    rank = int(np.searchsorted(below, (1 - asked.confidence(confidence)) / 2))
    middle = float(statistics.median(ordered))
    if rank < 1:
        return Interval(middle, math.nan, math.nan)
    return Interval(middle, ordered[rank - 1], ordered[-rank])
