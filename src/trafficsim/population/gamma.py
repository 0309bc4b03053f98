"""Gamma quantiles of many draws: a table for each shape, exact at its nodes, interpolated between them.

The logarithm of a quantile is a smooth function of the log-odds of its probability, almost straight in the lower tail
and bending slowly in the upper one. Nodes lie evenly on the log-odds; between two of them stands the polynomial of
fifth degree that has the values, slopes and curvatures of both.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PER_UNIT = 16
"""Nodes per unit of log-odds: enough for eleven digits at all shapes that a scenario may have."""
FURTHEST = 37
"""Log-odds that no draw exceeds: a draw is at least 2**-53 away from 0 and 1 (see `rng.unit`)."""
AT_ONCE = 1 << 14
"""Draws worked on together, so that what is needed meanwhile stays near the processor."""
NEWTON_STEPS = 5
"""More than any shape needs from the coarse table; each doubles the digits."""
EXACT = 1e-14
"""A sum or fraction is done when another term changes it by less than this share."""


def gamma_of_mean_one(u: Floats, shape: float) -> Floats:
    """Gamma values of mean 1 at the quantiles `u`, each in (0, 1) and at least 2**-53 away from both ends.

    Within 1e-11 of the exact values, relative to them, for shapes from 0.05 to 1000.
    """
    if shape == 1.0:
        return -np.log1p(-u)
    table, found = _table(shape), np.empty(u.shape)
    for first in range(0, u.size, AT_ONCE):
        some = u[first : first + AT_ONCE]
        place = (np.log(some) - np.log1p(-some) + FURTHEST) * PER_UNIT
        node = place.astype(np.intp)
        beyond = place - node
        value = table[5, node]
        for power in range(4, -1, -1):
            value *= beyond
            value += table[power, node]
        found[first : first + AT_ONCE] = np.exp(value)
    return found


@lru_cache(maxsize=64)
def _table(shape: float) -> Floats:
    """Coefficients by rising power of the logarithm of quantiles of mean 1 between nodes, shape `(6, nodes - 1)`."""
    odds = np.linspace(-FURTHEST, FURTHEST, 2 * FURTHEST * PER_UNIT + 1)
    log_x = _log_quantiles(odds, shape)
    _, rise, bend = _log_odds(log_x, shape)
    slope = 1.0 / rise / PER_UNIT
    curve = -bend * slope**2 / 2.0  # half the second derivative, as in Taylor's series
    a, b, c = (log_x - math.log(shape))[:-1], slope[:-1], curve[:-1]
    # What is left at the next node of value, slope and curvature, for the three higher powers to make up.
    value = np.diff(log_x) - b - c
    first = np.diff(slope) - 2.0 * c
    second = np.diff(curve)
    return np.array(
        [a, b, c, 10.0 * value - 4.0 * first + second, -15.0 * value + 7.0 * first - 2.0 * second,
         6.0 * value - 3.0 * first + second]
    )  # fmt: skip


def _log_quantiles(odds: Floats, shape: float) -> Floats:
    """Logarithms of the quantiles at some log-odds, by Newton's method from a coarse table."""
    lowest = (odds[0] + math.lgamma(shape + 1.0)) / shape - 1.0
    highest = math.log(shape + FURTHEST + math.sqrt(2.0 * FURTHEST * shape)) + 1.0
    coarse = np.linspace(lowest, highest, odds.size)
    log_x = np.interp(odds, _log_odds(coarse, shape)[0], coarse)
    for _ in range(NEWTON_STEPS):
        at, rise, _ = _log_odds(log_x, shape)
        log_x -= (at - odds) / rise
    return log_x


def _log_odds(log_x: Floats, shape: float) -> tuple[Floats, Floats, Floats]:
    """The log-odds of a gamma value being lower than x, its slope by log x, and the slope of that slope's logarithm.

    Lower tail by its series, upper tail by Legendre's continued fraction (Abramowitz and Stegun 1964, Handbook of
    Mathematical Functions, 6.5.29 and 6.5.31), each where it converges fast.
    """
    x = np.exp(log_x)
    log_density = shape * log_x - x - math.lgamma(shape)  # of log x
    low = x < shape + 1.0
    log_below, log_above = np.empty_like(x), np.empty_like(x)
    log_below[low] = log_density[low] + np.log(_series(x[low], shape))
    log_above[low] = np.log(-np.expm1(log_below[low]))
    log_above[~low] = log_density[~low] + np.log(_fraction(x[~low], shape))
    log_below[~low] = np.log(-np.expm1(log_above[~low]))
    by_below, by_above = np.exp(log_density - log_below), np.exp(log_density - log_above)
    return log_below - log_above, by_below + by_above, shape - x - by_below + by_above


def _series(x: Floats, shape: float) -> Floats:
    """The lower tail over the density of log x."""
    term = np.full_like(x, 1.0 / shape)
    total, n = term.copy(), 0
    while np.any(term > EXACT * total):
        n += 1
        term *= x / (shape + n)
        total += term
    return total


def _fraction(x: Floats, shape: float) -> Floats:
    """The upper tail over the density of log x, by the modified method of Lentz (Thompson and Barnett 1986)."""
    b = x + 1.0 - shape
    c, d = np.full_like(x, np.inf), 1.0 / b
    found, n = d.copy(), 0
    factor = np.zeros_like(x)
    while np.any(np.abs(factor - 1.0) > EXACT):
        n += 1
        numerator = -n * (n - shape)
        b += 2.0
        d = 1.0 / (numerator * d + b)
        c = b + numerator / c
        factor = c * d
        found *= factor
    return found
