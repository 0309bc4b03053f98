"""History matching and weights: which points of the unit cube could have brought about the data.

A point is implausible whose expectation lies more than three standard deviations from the data, in any score (Craig et
al. 1997; Vernon et al. 2010). The variance is that of luck, of the emulator and of a discrepancy between model and
world. What is left is narrowed down wave by wave; then points are weighted by the likelihood of the data (a normal one
of emulated means and the simulator's own covariance, as in synthetic likelihood, Wood 2010), over all sizes of the
discrepancy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim.study.emulating import Basis, Emulator

Array = NDArray[np.float64]
CUT = 3.0
"""Standard deviations from which on a point is implausible: at least 95 % of any unimodal distribution lie within
(Pukelsheim 1994)."""
FADING_WEEKS = 4.0
"""Weeks after which a discrepancy that fades has faded to a third (assumed: a month)."""
SEASON_WEEKS = 6.0
"""Weeks over which one that lasts comes and goes (assumed: standard deviation of its correlation) ..."""
FOR_GOOD = 0.5
"""... but for this share of its variance, which stays (assumed)."""


class Off(NamedTuple):
    """How model and world may differ: by what share of itself a weekly number is off for reasons the model has not.

    Such a reason fades from week to week, or it lasts: for a season, or for good.
    """

    size: float
    lasts: bool
    before: float
    """How plausible it is before data."""


OFF = (
    Off(0.0, lasts=False, before=1.0 / 3.0),
    *(Off(size, lasts=False, before=1.0 / 15.0) for size in (0.02, 0.05, 0.1, 0.2, 0.4)),
    *(Off(size, lasts=True, before=1.0 / 12.0) for size in (0.02, 0.05, 0.1, 0.2)),
)
"""Discrepancies that may be: none, one that fades and one that lasts are held for equally plausible (assumed)."""
PARTICLES = 2_048
"""Points that stand for what is left, a power of two, as a Sobol sequence needs."""
KEPT = 0.5
"""Share of points that survive each step of narrowing."""
MOVES = 4
"""Steps of a random walk after each."""
MOST_STEPS = 60
"""Of narrowing: each halves what is left, so that less than 1e-18 would be."""
HALVINGS = 40
"""In search of how much of the likelihood may come in."""
STRIDES = (0.1, 0.3, 1.0)
"""Of a random walk, as shares of the best: narrow corners need short ones."""
STRIDE = 2.38
"""Best stride of a random walk in one dimension, divided by the root of how many there are (Roberts et al. 1997)."""


@dataclass(frozen=True)
class Target:
    """The data as the emulator sees them.

    `scores` shape `(components,)`; `luck` the covariance of the data's own luck; `discrepancy` that of each of `OFF`,
    shape `(kinds, components, components)`, whose plausibility, after what no score can say, is `weights`.
    """

    scores: Array
    luck: Array
    discrepancy: Array
    weights: Array


def off_together(off: Off, weeks: Array, slopes: Array) -> Array:
    """Covariance of a discrepancy, `(summaries, summaries)`.

    Without those that last, numbers would take the blame for a season or for a rule that the model has not
    (Brynjarsdottir and O'Hagan 2014); without those that fade, a few odd weeks would free them altogether.

    Args:
        off: its size and kind.
        weeks: when each summary was, and of which series: shape `(summaries, 2)`.
        slopes: how much a summary changes if what it sums up is larger by its whole, shape `(summaries,)`.
    """
    apart = np.abs(weeks[:, None, 0] - weeks[None, :, 0])
    season = np.exp(-0.5 * (apart / SEASON_WEEKS) ** 2)
    correlation = FOR_GOOD + (1.0 - FOR_GOOD) * season if off.lasts else np.exp(-apart / FADING_WEEKS)
    together = np.where(weeks[:, None, 1] == weeks[None, :, 1], correlation, 0.0)
    return np.asarray(off.size**2 * together * slopes[:, None] * slopes)


def target(basis: Basis, data: Array, slopes: Array, weeks: Array, luck: Array, share: float) -> Target:
    """What of the data the emulator is held against.

    Args:
        basis: of the emulator.
        data: summaries, shape `(summaries,)`.
        slopes: how much a summary changes if what it sums up is larger by its whole, shape `(summaries,)`.
        weeks: when each summary was, and of which series: shape `(summaries, 2)`.
        luck: deviations of runs (see `luck_of`), shape `(runs, summaries)`.
        share: the luck of the data as a share of that of a run, since a run may simulate a sample of the market.
    """
    kernels = [off_together(off, weeks, slopes / basis.scale) for off in OFF]
    discrepancy = np.array([basis.vectors.T @ kernel @ basis.vectors for kernel in kernels])
    weights = _weights(basis, data, kernels, luck / basis.scale, share)
    return Target(basis.scores(data), share * basis.luck, discrepancy, weights)


def _weights(basis: Basis, data: Array, kernels: list[Array], luck: Array, share: float) -> Array:
    """How plausible each discrepancy is by what of the data no score can say."""
    before = np.array([off.before for off in OFF])
    rest = np.linalg.svd(basis.vectors)[0][:, basis.vectors.shape[1] :]
    if not rest.shape[1]:
        return before
    unsaid = basis.unreached(data) @ rest
    own = share * _shrunk(luck @ rest)
    logs = np.array([_log_normal(unsaid, own + rest.T @ kernel @ rest) for kernel in kernels])
    found = before * np.exp(logs - logs.max())
    return np.asarray(found / found.sum())


def _shrunk(deviations: Array) -> Array:
    """Covariance from fewer runs than would be needed to invert what they show (Ledoit and Wolf 2004)."""
    from sklearn.covariance import ledoit_wolf  # noqa: PLC0415 - slow to import

    return np.asarray(ledoit_wolf(deviations, assume_centered=True)[0])


def _log_normal(x: Array, covariance: Array) -> float:
    root = np.linalg.cholesky(covariance + 1e-9 * np.trace(covariance) / len(x) * np.eye(len(x)))
    half = np.linalg.solve(root, x)
    return float(-0.5 * half @ half - np.log(np.diag(root)).sum())


class Likelihood:
    """How plausible points are by one emulator and the data."""

    def __init__(self, emulator: Emulator, data: Target) -> None:
        self.emulator, self.data = emulator, data
        self._usual = data.luck + np.einsum("s,sij->ij", data.weights, data.discrepancy)

    def implausibility(self, points: Array) -> Array:
        """Standard deviations between data and expectation in the worst score, shape `(points,)`."""
        mean, variance = self.emulator.at(points)
        return np.asarray((np.abs(self.data.scores - mean) / np.sqrt(variance + np.diag(self._usual))).max(axis=1))

    def by_kind(self, points: Array) -> Array:
        """Log likelihood of the data for each discrepancy, shape `(points, kinds)`."""
        mean, variance = self.emulator.at(points)
        apart = self.data.scores - mean
        spread = variance[:, None, :, None] * np.eye(apart.shape[1])
        covariance = self.data.luck + self.data.discrepancy[None] + spread
        root = np.linalg.cholesky(covariance)
        half = np.linalg.solve(root, np.broadcast_to(apart[:, None, :, None], (*root.shape[:3], 1)))[..., 0]
        logs = np.log(np.diagonal(root, axis1=2, axis2=3)).sum(axis=2)
        with np.errstate(divide="ignore"):
            return np.asarray(-0.5 * (half**2).sum(axis=2) - logs + np.log(self.data.weights))

    def log(self, points: Array) -> Array:
        """Log likelihood over all discrepancies, shape `(points,)`."""
        found = self.by_kind(points)
        top = found.max(axis=1)
        return np.asarray(top + np.log(np.exp(found - top[:, None]).sum(axis=1)))


@dataclass(frozen=True)
class Left:
    """Points that stand evenly for what is left, shape `(particles, unknowns)`.

    `share` of the whole cube is left; `level` is the implausibility below which they lie: CUT, or more where no point
    is as plausible as that.
    """

    points: Array
    share: float
    level: float


def narrowed(implausibility: Callable[[Array], Array], start: Array, rng: np.random.Generator) -> Left:
    """Narrow the cube down to what is plausible, in steps that each keep half of the points (Au and Beck 2001).

    Args:
        implausibility: of points, shape `(points,)`.
        start: points spread evenly over the cube.
        rng: for the walk.
    """
    points, found, share, level = start, implausibility(start), 1.0, float("inf")
    for _ in range(MOST_STEPS):
        before, level = level, max(CUT, float(np.quantile(found, KEPT)))
        if level > 0.99 * before:  # nothing comes nearer
            break
        inside = np.flatnonzero(found <= level)
        share *= inside.size / found.size
        chosen = rng.choice(inside, size=len(points))
        points, found = points[chosen], found[chosen]
        for _ in range(MOVES):
            proposed = _stepped(points, rng)
            there = implausibility(proposed)
            points, found = _taken(there <= level, proposed, points), _taken(there <= level, there, found)
        if level == CUT:
            break
    return Left(points, share, level)


def weighed(log_likelihood: Callable[[Array], Array], start: Array, rng: np.random.Generator) -> Array:
    """Points by their likelihood, from points that stand evenly for what is left: shape as given.

    The likelihood comes in bit by bit, so that half of the points count each time (sequential Monte Carlo: Del Moral et
    al. 2006).
    """
    points, found, share = start, log_likelihood(start), 0.0
    while share < 1.0:
        step = _bearable(found, 1.0 - share)
        share = 1.0 if share + step > 1.0 - 1e-9 else share + step
        weights = np.exp(step * (found - found.max()))
        chosen = resampled(weights / weights.sum(), len(points), rng)
        points, found = points[chosen], found[chosen]
        for _ in range(MOVES):
            proposed = _stepped(points, rng)
            there = log_likelihood(proposed)
            accepted = np.log(rng.random(len(points))) < share * (there - found)
            points, found = _taken(accepted, proposed, points), _taken(accepted, there, found)
    return points


def resampled(weights: Array, many: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Numbers of points drawn by their weights, as evenly as can be (systematic resampling: Kitagawa 1996)."""
    marks = (rng.random() + np.arange(many)) / many
    return np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)


def effective(weights: Array) -> float:
    """How many equally weighted points would say as much (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _bearable(found: Array, left: float) -> float:
    """By how much of the rest the likelihood may come in, for half of the points to count."""

    def remains(step: float) -> float:
        return effective(np.exp(step * (found - found.max()))) / len(found)

    if remains(left) >= KEPT:
        return left
    low, high = 0.0, left
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if remains(middle) >= KEPT else (low, middle)
    return max(low, left / 2.0**HALVINGS)


def _stepped(points: Array, rng: np.random.Generator) -> Array:
    """A random walk as wide as the points lie apart, reflected at the sides of the cube."""
    unknowns = points.shape[1]
    covariance = np.atleast_2d(np.cov(points.T)) + 1e-12 * np.eye(unknowns)
    strides = STRIDE / np.sqrt(unknowns) * rng.choice(STRIDES, size=(len(points), 1))
    there = points + strides * rng.multivariate_normal(np.zeros(unknowns), covariance, size=len(points))
    folded = np.abs(there) % 2.0
    return np.asarray(np.where(folded > 1.0, 2.0 - folded, folded))


def _taken(accepted: NDArray[np.bool_], new: Array, old: Array) -> Array:
    return np.asarray(np.where(accepted.reshape(-1, *([1] * (new.ndim - 1))), new, old))
