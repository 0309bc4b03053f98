"""Intervals over replicates: how far random variation alone may have moved a number.

Every interval here takes replicates as independent draws of the same model. None of them knows about wrong assumptions.
One replicate says nothing about random variation: its intervals are NaN. docs/statistics.md has the measured coverage
of each.
"""

import math
import statistics
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betaincinv, stdtr, stdtrit  # scipy.stats takes half a second to import

from trafficsim.words import asked

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An estimate with the limits of its interval; NaN where something can't be told."""

    middle: float
    low: float
    high: float


UNKNOWN = Interval(math.nan, math.nan, math.nan)


def of_each(confidence: float, count: int) -> float:
    """The confidence of each of so many intervals that hold together with `confidence` (Bonferroni)."""
    return 1.0 - (1.0 - confidence) / max(count, 1)


def spread(values: Array) -> Array:
    """Standard deviation over the first axis, `(replicates, ...)` to `(...)`; exactly 0 where all values are alike."""
    alike = np.ptp(values, axis=0) == 0
    return np.where(alike, 0.0, values.std(axis=0, ddof=1))


def band(values: Array, confidence: float = 0.95) -> tuple[Array, Array, Array]:
    """Mean, lower and upper limit over the first axis, each `(...)` for values of shape `(replicates, ...)`.

    It holds the expected value, not one replicate, with probability `confidence`: Student's t interval, its limits
    moved by the sample's skewness as Hall (1992, "On the removal of skewness by transformation", J. R. Statist. Soc. B
    54, 221-228) does. Without skewness it is Student's. Skewness moves limits up to `_TURN` only.
    """
    replicates = len(values)
    middle = np.asarray(values.mean(axis=0))
    if replicates < 2:
        unknown = np.full_like(middle, np.nan)
        return middle, unknown, unknown
    deviation = spread(values)
    limit, error = _student(confidence, replicates - 1), deviation / math.sqrt(replicates)
    lean = np.clip(_lean(values - middle, deviation), -_TURN / limit, _TURN / limit)
    return middle, middle - error * _as_skewed(limit, lean), middle - error * _as_skewed(-limit, lean)


_TURN = 0.9
"""Assumed: how far towards the turning point of Hall's cubic skewness moves a limit. There, where the lean times
Student's limit is 1, the cubic is flat: of few replicates, whose skewness is mostly luck, limits jumped to three times
as far from one day to the next. It costs up to a point where values are very skewed (docs/statistics.md)."""


def _lean(off: Array, deviation: Array) -> Array:
    """Skewness over the root of the number of values, from how far `(replicates, ...)` values lie off their mean."""
    count = len(off)
    third = np.asarray((off * off * off).mean(axis=0))
    cubed = np.asarray((deviation * math.sqrt((count - 1) / count)) ** 3)
    lean: Array = np.divide(third, cubed * math.sqrt(count), out=np.zeros_like(cubed), where=cubed > 0)
    return lean


def _as_skewed(limit: float, lean: Array) -> Array:
    """The t statistic of a skewed sample that Hall's cubic maps to `limit`; `limit` itself without skewness.

    The cubic is t + a t^2 / 3 + a^2 t^3 / 27 + a / 6 with a = `lean`. This form of its inverse loses no digits where a
    is small.
    """
    from_bias = limit - lean / 6
    root: Array = np.cbrt(1 + lean * from_bias)
    return 3 * from_bias / (root * root + root + 1)


def mean(values: Array, confidence: float = 0.95) -> Interval:
    """Mean of `(replicates,)` values with Student's t interval; replicates without a value (NaN) are left out."""
    known = values[~np.isnan(values)]
    if not len(known):
        return UNKNOWN
    middle, low, high = band(known, confidence)
    return Interval(float(middle), float(low), float(high))


def ratio(above: Array, below: Array, confidence: float = 0.95) -> Interval:
    """Ratio of the means of paired `(replicates,)` values, with the interval of Fieller (1954); see `ratio_band`."""
    middle, low, high = ratio_band(above, below, confidence)
    return Interval(float(middle), float(low), float(high))


def ratio_band(above: Array, below: Array, confidence: float = 0.95) -> tuple[Array, Array, Array]:
    """Ratio of the means over the first axis and its limits, each `(...)` for paired values `(replicates, ...)`.

    The interval of Fieller (1954) holds every ratio r for which mean(above - r x below) can't be told from 0. It has no
    bounds where the mean of `below` can't be told from 0 or is less. Then there is no ratio either (NaN), but where
    `below` is positive in every replicate only the limits are NaN: too few replicates to say more.
    """
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    count, bottom = len(above), np.asarray(below.mean(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.where(bottom > 0, above.mean(axis=0) / bottom, np.nan)
        if count < 2:
            return middle, np.full_like(middle, np.nan), np.full_like(middle, np.nan)
        doubt = _student(confidence, count - 1) / math.sqrt(count)
        apart = (above * below.sum(axis=0) - above.sum(axis=0) * below) / below.sum(axis=0)  # above - middle x below
        known = bottom**2 - (doubt * spread(below)) ** 2
        skew = doubt**2 * (apart * (below - bottom)).sum(axis=0) / (count - 1)
        half = np.sqrt(known * (doubt * spread(apart)) ** 2 + skew**2)
        bounded = (bottom > 0) & (known > 0)
        low, high = (np.where(bounded, middle + (side * half - skew) / known, np.nan) for side in (-1, 1))
    return np.where(bounded | (below.min(axis=0) > 0), middle, np.nan), low, high


def linear(above: Array, below: Array) -> Array:
    """Values `(replicates,)` whose mean is the ratio of means, and whose spread is the random variation of that ratio.

    A ratio is as good as linear in its two means where the lower one varies little (Taylor linearisation; Woodruff
    1971). Such values may be added, subtracted and divided on, paired, as those of a plain mean. NaN if `below` has no
    mean above 0.
    """
    bottom = float(below.mean())
    if not bottom > 0:
        return np.full(len(above), np.nan)
    middle = float(above.mean()) / bottom
    return np.asarray(middle + (above - middle * below) / bottom)


@cache  # a report asks for the same few again and again, and SciPy takes its time
def _student(confidence: float, degrees: int) -> float:
    """Half the width of an interval of Student's t that holds so much."""
    return float(stdtrit(degrees, (1 + asked.confidence(confidence)) / 2))


_EFFECT_PRECISION = 8.0
"""Assumed: how narrowly differences are expected around 0, in 1/(standard deviations^2). It only decides at how many
replicates `at_every_look` costs least: about eight times as many, here 64. With 4 the first looks left out 5.2 % of the
very skewed (lognormal, skewness 6), with 8 less than 5 (docs/statistics.md)."""
_SUREST = 1 - 1e-12
"""In place of 1, where fewer replicates have no limits at all: so wide that none is missed, yet numbers."""


@cache
def at_every_look(confidence: float, replicates: int) -> float:
    """The confidence with which an interval is to be taken so that those at all looks hold together with `confidence`.

    For whoever adds replicates until the intervals please. Student's t statistic is compared with the limit at which
    the ratio of likelihoods, of a normal mixture of differences to none, exceeds 1 / (1 - confidence). Where there is
    no difference the ratio is a martingale from 1, so that it ever does so with probability 1 - confidence at most (Lai
    1976; Wang and Ramdas 2025, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown
    variance", Sequential Analysis 44, 56-110, theorem 4.9). How many looks there are, and when, is free.
    """
    widened = 1 + replicates / _EFFECT_PRECISION
    grown = (math.sqrt(widened) / (1 - confidence)) ** (2 / replicates)
    if grown >= widened or replicates < 2:
        return _SUREST
    limit = math.sqrt((replicates - 1) * (grown - 1) / (1 - grown / widened))
    return min(float(2 * stdtr(replicates - 1, limit) - 1), _SUREST)


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
    fall on one side of it, which is binomial (n, 1/2). Between the last k that keeps `confidence` and the next one,
    which doesn't, limits are interpolated (Hettmansperger and Sheather 1986, "Confidence intervals based on
    interpolated order statistics", Statistics & Probability Letters 4, 75-79); not towards infinity, where the
    wider one stands. Too few replicates for any such k (fewer than 6 at 0.95) give NaN limits.
    """
    if not len(values):
        return UNKNOWN
    ordered = sorted(values.tolist())
    middle = float(statistics.median(ordered))
    rank, inwards = _ranks(len(ordered), confidence)
    if rank < 1:
        return Interval(middle, math.nan, math.nan)
    low = _between(ordered[rank - 1], ordered[rank], inwards)
    return Interval(middle, low, _between(ordered[-rank], ordered[-rank - 1], inwards))


@cache
def _ranks(count: int, confidence: float) -> tuple[int, float]:
    """The k whose order statistics hold the median with `confidence` or more, and how far to go to the next ones."""
    holds = 1 - 2 * bdtr(np.arange(count), count, 0.5)
    rank = int(np.count_nonzero(holds >= confidence))
    if rank < 1:
        return 0, 0.0
    more = float((holds[rank - 1] - confidence) / (holds[rank - 1] - holds[rank]))
    return rank, (count - rank) * more / (rank + (count - 2 * rank) * more)


def _between(outer: float, inner: float, share: float) -> float:
    if outer == inner or not (math.isfinite(outer) and math.isfinite(inner)):
        return outer
    return outer + share * (inner - outer)
