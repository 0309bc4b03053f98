"""Emulators: what a simulator's summaries would be where it was not run, and how far that is from sure.

Summaries (weekly sums and levels) become scores on a few principal components of what differs between points (Higdon et
al. 2008), in units of their own luck; a Gaussian process with a learned noise gives each score at any point. Where many
numbers are unknown, it looks at those that matter most; the others are noise to it (Vernon et al. 2010).
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_COMPONENTS = 12
"""Principal components at most (assumed: more have been nothing but noise with ten unknowns)."""
LEAST_SIGNAL = 0.25
"""What differs between points, luck taken off, as a multiple of a run's luck, for a component to be kept (assumed: of
less, the data tell next to nothing; some of what is kept is luck alone, which a process learns as its noise)."""
MOST_ACTIVE = 12
"""Unknowns that an emulator looks at (assumed: of more, some hundred points tell too little)."""
STEPS_OF_FIT = 40
"""Of a search for the parameters of a process."""
LENGTHS = (0.1, 30.0)
"""Shortest and longest length over which a score may bend, in widths of a number's range."""
SMALLEST = 1e-9
"""Luck of a summary that never differs, in place of 0, as a share of the largest."""


@dataclass(frozen=True)
class Basis:
    """Principal components of summaries, and luck in them.

    `scale` is the luck of each summary, shape `(summaries,)`, and `centre` what it is on average; `vectors` are
    orthonormal, shape `(summaries, components)`. `luck` is the covariance of scores between runs of one point.
    """

    centre: Array
    scale: Array
    vectors: Array
    luck: Array

    def scores(self, summaries: Array) -> Array:
        """Scores of summaries, shapes `(..., summaries)` and `(..., components)`."""
        return np.asarray((summaries - self.centre) / self.scale @ self.vectors)

    def unreached(self, summaries: Array) -> Array:
        """What of summaries no scores can say, in units of luck, shape as given."""
        scaled = (summaries - self.centre) / self.scale
        return np.asarray(scaled - scaled @ self.vectors @ self.vectors.T)


def luck_of(runs: Array) -> Array:
    """Deviations of runs from the mean of their point, with the variance of a run, `(points * runs, summaries)`."""
    points, replicates, summaries = runs.shape
    deviations = runs - runs.mean(axis=1, keepdims=True)
    return np.asarray(deviations.reshape(points * replicates, summaries) * np.sqrt(replicates / (replicates - 1)))


def basis(runs: Array) -> Basis:
    """Find the components of runs, shape `(points, replicates, summaries)`, with two replicates or more."""
    replicates, means, luck = runs.shape[1], runs.mean(axis=1), luck_of(runs)
    scale = np.sqrt((luck**2).mean(axis=0))
    scale = np.maximum(scale, SMALLEST * max(float(scale.max()), np.finfo(float).tiny))
    centre = means.mean(axis=0)
    _, singular, directions = np.linalg.svd((means - centre) / scale, full_matrices=False)
    of_luck = ((luck / scale @ directions.T) ** 2).mean(axis=0)
    kept = np.flatnonzero(singular**2 / len(means) - of_luck / replicates > LEAST_SIGNAL * of_luck)
    vectors = directions[kept[:MOST_COMPONENTS] if kept.size else [0]].T
    in_scores = luck / scale @ vectors
    return Basis(centre, scale, vectors, np.atleast_2d(in_scores.T @ in_scores / len(in_scores)))


def screened(at: Array, runs: Array, most: int = MOST_ACTIVE) -> NDArray[np.int64]:
    """The unknowns that matter most to the scores, by a regression with bends, in their order."""
    if at.shape[1] <= most:
        return np.arange(at.shape[1])
    from sklearn.linear_model import RidgeCV  # noqa: PLC0415 - slow to import

    scores = (of := basis(runs)).scores(runs.mean(axis=1))
    terms = np.hstack([at - 0.5, (at - 0.5) ** 2 - 1.0 / 12.0])
    terms = terms / terms.std(axis=0)
    found = RidgeCV(np.geomspace(0.1, 1000.0, 9)).fit(terms, scores / np.sqrt(np.diag(of.luck)))
    strength = np.square(np.atleast_2d(found.coef_)).sum(axis=0)
    return np.sort(np.argsort(strength[: at.shape[1]] + strength[at.shape[1] :])[-most:])


class Emulator:
    """Scores at any point of the unit cube, learned from runs at some.

    Args:
        at: where the simulator was run, shape `(points, unknowns)`, each from 0 to 1.
        runs: summaries, shape `(points, replicates, summaries)`.
    """

    def __init__(self, at: Array, runs: Array) -> None:
        self.basis = basis(runs)
        scores = self.basis.scores(runs.mean(axis=1))
        noise = np.diag(self.basis.luck) / runs.shape[1]
        self._processes = [_Process(at, score, float(n)) for score, n in zip(scores.T, noise, strict=True)]

    def at(self, points: Array) -> tuple[Array, Array]:
        """Mean and variance of the scores' expectations at points, each `(points, components)`; no luck is in them."""
        found = [process.expected(points) for process in self._processes]
        return np.stack([mean for mean, _ in found], axis=1), np.stack([variance for _, variance in found], axis=1)


class _Process:
    """One score as a Gaussian process. Noise beyond luck, of what it doesn't look at, counts as its own variance."""

    def __init__(self, at: Array, score: Array, luck: float) -> None:
        from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - slow to import
        from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: PLC0415
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel  # noqa: PLC0415

        self._mean, self._spread = float(score.mean()), float(score.std()) or 1.0
        level = min(max(luck / self._spread**2, 1e-6), 1.0)
        kernel: Any = ConstantKernel(4.0, (1e-2, 1e4)) * RBF(np.full(at.shape[1], 1.5), LENGTHS)
        kernel += WhiteKernel(level, (level / 2.0, max(2.0 * level, 1.0)))
        self._regressor = GaussianProcessRegressor(kernel, optimizer=fitted)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its longest: the score is straight there
            self._regressor.fit(at, (score - self._mean) / self._spread)
        self._noise = float(self._regressor.kernel_.k2.noise_level)
        self._beyond = max(self._noise - level, 0.0)

    def expected(self, points: Array) -> tuple[Array, Array]:
        mean, deviation = self._regressor.predict(points, return_std=True)
        variance = np.maximum(deviation**2 - self._noise, 0.0) + self._beyond
        return self._mean + self._spread * mean, self._spread**2 * variance


def fitted(objective: Callable[..., tuple[float, Array]], start: Array, bounds: Array) -> tuple[Array, float]:
    """Kernel parameters near their best: the last digits cost most steps and change nothing."""
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to import

    found = minimize(objective, start, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": STEPS_OF_FIT})
    return found.x, found.fun
