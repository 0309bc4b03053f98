"""Fitting unknown numbers to summaries of own data: waves of runs, each in what the last ones left."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from trafficsim.study.emulating import Emulator, luck_of, screened
from trafficsim.study.matching import (
    CUT,
    PARTICLES,
    Left,
    Likelihood,
    Target,
    effective,
    narrowed,
    target,
    weighed,
)
from trafficsim.study.one_thread import on_one_thread

Array = NDArray[np.float64]
POINTS_PER_UNKNOWN = 10
"""Of a wave's design (Loeppky et al. 2009)."""
FEWEST_POINTS, MOST_POINTS = 32, 256
"""Of a wave."""
MOST_WAVES = 3
"""Waves before the points are weighted (assumed: a fourth has narrowed no further)."""
MOST_TRAINED = 256
"""Points that an emulator learns from: those that are most plausible."""
FAR = 2.0 * CUT
"""Implausibility beyond which runs teach nothing about what is left."""
SURE = 0.25
"""Variance of the emulator, as a share of luck, from which on a further wave teaches little."""
DRAWS = 128
"""Plausible points that are run once more, and written."""
REPLICATES = 2
"""Runs of a point, each with random numbers of its own: common ones would shift all points alike, unseen."""


class CannotFitError(ValueError):
    """So few points could be run that nothing can be learned from them."""


@dataclass(frozen=True)
class Summaries:
    """The data, and what to compare them by.

    Attributes:
        data: of each summary, transformed.
        slopes: how much each changes if what it sums up is larger by its whole.
        weeks: when each was, in weeks, and of which series, `(summaries, 2)`.
        fitted: which of them are fitted; the others are held out.
        share: luck of the data as a share of a run's.
    """

    data: Array
    slopes: Array
    weeks: Array
    fitted: NDArray[np.bool_]
    share: float

    def target(self, emulator: Emulator, runs: Array) -> Target:
        """The data as an emulator of the fitted ones sees them."""
        kept = self.fitted
        return target(emulator.basis, self.data[kept], self.slopes[kept], self.weeks[kept], luck_of(runs), self.share)


@dataclass(frozen=True)
class Wave:
    """One wave: how many points were run, what share of all is left, and below which implausibility.

    `unsure` is the emulator's variance as a share of luck, in its worst score; `components` how many scores it has.
    """

    points: int
    left: float
    level: float
    unsure: float
    components: int


@dataclass(frozen=True)
class Fit:
    """What came out: plausible points of the cube with their weights, and their runs.

    `runs` has the summaries of each, `(draws, replicates, summaries)`, held-out ones too. `off` tells how plausible
    each discrepancy of `OFF` is at each point, `(draws, kinds)`, `logs` their log likelihood. `active` are the unknowns
    looked at.
    """

    points: Array
    weights: Array
    runs: Array
    off: Array
    logs: Array
    active: NDArray[np.int64]
    waves: tuple[Wave, ...]
    worlds: int

    @property
    def effective(self) -> float:
        """How many equally weighted points would say as much."""
        return effective(self.weights)

    @property
    def reached(self) -> bool:
        """Whether any point is as plausible as the cut asks for."""
        return self.waves[-1].level <= CUT


Simulate = Callable[[Array, int], Array]
"""Runs points of the cube, the first of which has this number: `(points, replicates, summaries)`, NaN if impossible."""


def design_size(unknowns: int) -> int:
    """Points of a wave: ten for each unknown, as the next power of two, which a Sobol sequence needs."""
    wanted = min(max(POINTS_PER_UNKNOWN * unknowns, FEWEST_POINTS), MOST_POINTS)
    return 1 << (wanted - 1).bit_length()


def fit(simulate: Simulate, unknowns: int, summaries: Summaries, seed: int, most_waves: int = MOST_WAVES) -> Fit:
    """Find the points of the unit cube that could have brought about the data.

    Args:
        simulate: runs points.
        unknowns: dimensions of the cube.
        summaries: the data.
        seed: of designs and walks.
        most_waves: waves at most.

    Raises:
        CannotFitError: if too few points can be run at all.
    """
    with on_one_thread():
        return _Fitting(simulate, unknowns, summaries, seed).fit(most_waves)


class _Fitting:
    """The steps of `fit`, which share what was run so far."""

    def __init__(self, simulate: Simulate, unknowns: int, summaries: Summaries, seed: int) -> None:
        self.simulate, self.unknowns, self.summaries = simulate, unknowns, summaries
        self.rng = np.random.default_rng(seed)
        self.at = np.empty((0, unknowns))
        self.runs = np.empty((0, REPLICATES, summaries.data.size))
        self.active = np.arange(unknowns)
        self.begun = 0
        self.waves: list[Wave] = []

    def fit(self, most_waves: int) -> Fit:
        many = design_size(self.unknowns)
        self._run(qmc.Sobol(self.unknowns, seed=self.rng).random(many))
        if len(self.at) < FEWEST_POINTS // 2:
            raise CannotFitError(
                f"only {len(self.at)} of {many} points could be run: the ranges hardly ever go together"
            )
        self.active = screened(self.at, self.runs[:, :, self.summaries.fitted])
        left = self._wave(qmc.Sobol(self.active.size, seed=self.rng).random(PARTICLES), 1.0, many)
        while len(self.waves) < most_waves and self.waves[-1].unsure > SURE:
            many = min(many, len(left.points))
            self._run(self._whole(left.points[self.rng.choice(len(left.points), many, replace=False)]))
            left = self._wave(left.points, left.share, many)
        return self._weighted(left)

    def _whole(self, points: Array) -> Array:
        """Points of the active unknowns with any values of the others."""
        whole = self.rng.random((len(points), self.unknowns))
        whole[:, self.active] = points
        return whole

    def _run(self, points: Array) -> NDArray[np.bool_]:
        """Run points and keep what came of them; which of them could be run."""
        found = self.simulate(points, self.begun)
        self.begun += len(points)
        possible: NDArray[np.bool_] = np.atleast_1d(np.isfinite(found).all(axis=(1, 2)))
        self.at, self.runs = np.vstack([self.at, points[possible]]), np.concatenate([self.runs, found[possible]])
        return possible

    def _learned(self) -> Likelihood:
        """What the most plausible runs so far say."""
        at, runs = self.at[:, self.active], self.runs[:, :, self.summaries.fitted]
        if self.waves:
            far = self.likelihood.implausibility(at)
            order = np.argsort(far, kind="stable")
            many = max(int((far < max(FAR, self.waves[-1].level * 2.0)).sum()), design_size(self.unknowns))
            chosen = np.sort(order[: min(many, MOST_TRAINED)])
            at, runs = at[chosen], runs[chosen]
        emulator = Emulator(at, runs)
        return Likelihood(emulator, self.summaries.target(emulator, runs))

    def _wave(self, start: Array, share: float, many: int) -> Left:
        self.likelihood = self._learned()
        found = narrowed(self.likelihood.implausibility, start, self.rng)
        left = Left(found.points, share * found.share, found.level)
        _, variance = self.likelihood.emulator.at(left.points)
        unsure = variance.mean(axis=0) / np.diag(self.likelihood.data.luck)
        self.waves.append(Wave(many, left.share, left.level, float(unsure.max()), variance.shape[1]))
        return left

    def _weighted(self, left: Left) -> Fit:
        """Draw points by the likelihood, run them, and weigh them by what that taught."""
        before = self.likelihood
        drawn = weighed(before.log, left.points, self.rng)
        drawn = drawn[self.rng.choice(len(drawn), DRAWS, replace=False)]
        whole = self._whole(drawn)
        possible = self._run(whole)
        after = self._learned()
        kept = drawn[possible]
        change = after.log(kept) - before.log(kept)
        weights = np.exp(change - change.max())
        by_kind = after.by_kind(kept)
        off = np.exp(by_kind - by_kind.max(axis=1, keepdims=True))
        self.likelihood = after
        return Fit(
            whole[possible],
            weights / weights.sum(),
            self.runs[len(self.runs) - len(kept) :],
            off / off.sum(axis=1, keepdims=True),
            after.log(kept),
            self.active,
            tuple(self.waves),
            self.begun * REPLICATES,
        )
