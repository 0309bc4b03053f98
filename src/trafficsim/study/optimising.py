"""The best point of a space under limits, where each look is a simulation: constrained Bayesian optimisation.

The aim and what each limit leaves are learned as Gaussian processes (Matern 5/2, a length for each lever, learned
noise; Snoek, Larochelle and Adams 2012, "Practical Bayesian optimization of machine learning algorithms"). The next
points are those of the greatest expected improvement times the chance that all limits hold (Gardner et al. 2014,
"Bayesian optimization with inequality constraints"); improvement is counted from the best expected aim among the points
tried, not from the best that luck has shown (Picheny, Wagner and Ginsbourger 2013, "A benchmark of kriging-based infill
criteria for noisy optimization"). Several are chosen at a time, each as if what is expected of those before it had been
found (Ginsbourger, Le Riche and Carraro 2010, "Kriging is well-suited to parallelize optimization").
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import qmc

from trafficsim.study.emulating import fitted
from trafficsim.study.one_thread import on_one_thread

Array = NDArray[np.float64]
Points = NDArray[np.int64]
"""Points `(points, levers)`: which of its values each lever has, from 0 on."""

FINE = 200
"""Steps of a lever that may have any value: what is told of a plan has no more digits (assumed)."""
BATCH = 4
"""Points chosen at a time."""
CANDIDATES, NEAR, SCALES = 1024, 8, (0.2, 0.05, 0.015)
"""Points among which the next ones are chosen: so many over the whole space, and besides some about each of the `NEAR`
best that were tried, as far away as `SCALES` of the space (assumed)."""
HALVINGS = 10
"""Of the way from the cheapest point to a candidate, when looking for the end of what limits allow."""
LENGTHS = (0.05, 20.0)
"""Shortest and longest length over which a surface may bend, in widths of a lever's range."""


class NothingAllowedError(ValueError):
    """No point that was tried is within all limits."""


@dataclass(frozen=True)
class Space:
    """The values that levers may have: `steps` is how many less one, `ordered` whether those in between lie between."""

    steps: tuple[int, ...]
    ordered: tuple[bool, ...]

    def snapped(self, shares: Array) -> Points:
        """The points nearest to shares (0 to 1) of the way, shape `(points, levers)`."""
        steps = np.array(self.steps)
        return np.asarray(np.clip(np.rint(shares * steps), 0, steps), np.int64)

    def shares(self, points: Points) -> Array:
        """How far each lever is moved, 0 to 1."""
        return np.asarray(points / np.maximum(np.array(self.steps), 1))

    def features(self, points: Points) -> Array:
        """What surfaces look at: shares, and a column for each value of a lever without an order."""
        columns = []
        for lever, (steps, ordered) in enumerate(zip(self.steps, self.ordered, strict=True)):
            if ordered:
                columns.append(points[:, [lever]] / max(steps, 1))
            else:
                columns.append((points[:, [lever]] == np.arange(steps + 1)).astype(np.float64))
        return np.hstack(columns)

    def sobol(self, many: int, seed: Sequence[int]) -> Points:
        """Points of a scrambled Sobol sequence, a power of two."""
        return self.snapped(qmc.Sobol(d=len(self.steps), seed=np.random.default_rng(seed)).random(many))

    def star(self) -> Points:
        """All levers at their lowest, and each alone at its highest."""
        return np.vstack([np.zeros((1, len(self.steps)), np.int64), np.diag(np.array(self.steps, np.int64))])


class Surface:
    """An expectation over a space, learned from noisy values at some points `(points, features)`."""

    def __init__(self, at: Array, values: Array, like: "Surface | None" = None) -> None:
        from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - slow to import
        from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: PLC0415
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel  # noqa: PLC0415

        self._at, self._values = at, values
        self._mean, self._spread = float(values.mean()), float(values.std()) or 1.0
        kernel: Any = ConstantKernel(4.0, (1e-2, 1e4)) * Matern(np.full(at.shape[1], 1.0), LENGTHS, nu=2.5)
        kernel += WhiteKernel(1e-4, (1e-9, 1.0))
        known: Any = None if like is None else like.kernel
        self._regressor = GaussianProcessRegressor(known or kernel, optimizer=None if known else fitted)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its longest: it is straight there
            self._regressor.fit(at, (values - self._mean) / self._spread)
        self.kernel: Any = self._regressor.kernel_
        self._noise = float(self.kernel.k2.noise_level)

    def at(self, points: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the expectation, each `(points,)`; no noise is in them."""
        mean, deviation = self._regressor.predict(points, return_std=True)
        inner = np.sqrt(np.maximum(deviation**2 - self._noise, 0.0))
        return self._mean + self._spread * mean, self._spread * inner

    def mean(self, points: Array) -> Array:
        """The expectation alone, `(points,)`."""
        return np.asarray(self._mean + self._spread * self._regressor.predict(points))

    def believing(self, points: Array) -> "Surface":
        """The same surface as if what it expects there had been found."""
        believed = np.concatenate([self._values, self.mean(points)])
        return Surface(np.vstack([self._at, points]), believed, like=self)

    def held_out(self) -> float:
        """The share of the variance of values that it foretells when each is left out in turn (R2)."""
        kernel = self.kernel(self._regressor.X_train_)
        kernel[np.diag_indices_from(kernel)] += self._regressor.alpha
        inverse = np.linalg.inv(kernel)
        off = self._regressor.alpha_ / np.diag(inverse)  # of the value left out (Rasmussen and Williams 2006, 5.12)
        return float(1.0 - np.mean(off**2)) if self._values.std() > 0 else 1.0


@dataclass(frozen=True)
class Learned:
    """What is known after some points: the aim, more is better, and what each limit leaves, below 0 if broken."""

    space: Space
    points: Points
    aim: Array
    left: Array
    """`(points, limits)`."""
    of_aim: Surface
    of_left: tuple[Surface, ...]

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Which of the points tried are within all limits."""
        return np.asarray((self.left >= 0.0).all(axis=1))

    @property
    def best(self) -> int:
        """The point tried within all limits of which most is expected.

        Raises:
            NothingAllowedError: if there is none.
        """
        if not self.allowed.any():
            raise NothingAllowedError("no point that was tried is within all limits")
        expected = self.of_aim.mean(self.space.features(self.points))
        return int(np.argmax(np.where(self.allowed, expected, -np.inf)))

    @property
    def cheapest(self) -> Points:
        """The point tried that leaves most of the scarcest limit, `(levers,)`."""
        scale = np.abs(self.left).max(axis=0)
        return np.asarray(self.points[int(np.argmax((self.left / np.where(scale > 0, scale, 1.0)).min(axis=1)))])

    def within(self, points: Points) -> NDArray[np.bool_]:
        """Of which points it is expected that they are within all limits."""
        at = self.space.features(points)
        return np.asarray(np.all([surface.mean(at) >= 0.0 for surface in self.of_left], axis=0))

    def pulled_in(self, points: Points, free: NDArray[np.bool_] | None = None) -> Points:
        """Points beyond a limit moved towards the cheapest one until all are expected to hold.

        Args:
            points: where to begin, `(points, levers)`.
            free: levers that may move; by default all that have an order.
        """
        moves = np.array(self.space.ordered) if free is None else free
        low, to = self.space.shares(self.cheapest[None, :]), self.space.shares(points)
        share, found = np.ones(len(points)), points.copy()
        for n in range(HALVINGS):
            tried = self.space.snapped(np.where(moves, low + share[:, None] * (to - low), to))
            holds = self.within(tried)
            found[holds] = tried[holds]
            share = np.where(holds, np.minimum(share + 0.5 ** (n + 1), 1.0), share - 0.5 ** (n + 1))
        return found


Look = Callable[[Points], tuple[Array, Array]]
"""Tries points, and gives the aim `(points,)` and what limits leave `(points, limits)` of all tried so far."""
Possible = Callable[[Points], NDArray[np.bool_]]
"""Which points can be tried at all: values of levers may contradict each other."""


@on_one_thread()
def optimise(
    space: Space, look: Look, first: Points, rounds: int, seed: int, possible: Possible | None = None
) -> Learned:
    """Find the point of the greatest aim within limits.

    Args:
        space: where to look.
        look: tries points; called once with those to begin with, then for each round.
        first: points to try besides the star and a Sobol sequence, such as what is done today; may be none.
        rounds: how many times `BATCH` more points are tried.
        seed: of the sequences; what `look` gives decides the rest.
        possible: which points can be; by default all.

    Raises:
        NothingAllowedError: if no point is within all limits, or none is possible.
    """
    can = possible or (lambda points: np.ones(len(points), bool))
    star, designed = space.star(), space.sobol(_beginning(len(space.steps)), [seed, 0])
    there = can(star)
    points = star[there]
    if there[0]:
        _, left = look(points)
        designed = _scaled_in(space, designed, there, left)
    more = _new(np.vstack([first, designed]), points)
    more = more[can(more)]
    if not there[0]:
        more, points = np.vstack([points, more]), points[:0]
    if len(more) + len(points) < 2:
        raise NothingAllowedError("hardly any values of the levers go together")
    aim, left = look(more)
    points = np.vstack([points, more])
    for n in range(rounds):
        learned = learn(space, points, aim, left)
        chosen = _next(learned, [seed, 1 + n], can)
        if not len(chosen):  # all there is has been tried
            break
        aim, left = look(chosen)
        points = np.vstack([points, chosen])
    return learn(space, points, aim, left)


def planned_points(levers: int, first: int, rounds: int) -> int:
    """How many points `optimise` tries at most."""
    return levers + 1 + first + _beginning(levers) + rounds * BATCH


def _beginning(levers: int) -> int:
    """Points of the first sequence: a power of two, five for each lever or more (assumed; ten are often advised)."""
    return max(16, 1 << (5 * levers - 1).bit_length())


def learn(space: Space, points: Points, aim: Array, left: Array) -> Learned:
    """The surfaces of what was tried."""
    at = space.features(points)
    return Learned(space, points, aim, left, Surface(at, aim), tuple(Surface(at, column) for column in left.T))


def _scaled_in(space: Space, points: Points, there: NDArray[np.bool_], left: Array) -> Points:
    """Points beyond a limit, moved towards the lowest as far as the star tells, as if levers' costs added up.

    `there` tells which points of the star could be tried; other levers count as if they cost nothing.
    """
    shares, ordered = space.shares(points), np.array(space.ordered)
    beyond = left[0] + shares[:, there[1:]] @ (left[1:] - left[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where((beyond < 0.0) & (left[0] > 0.0), left[0] / (left[0] - beyond), 1.0).min(axis=1)
    return space.snapped(np.where(ordered, factor[:, None] * shares, shares))


def _new(points: Points, tried: Points) -> Points:
    """Those that were not tried, each once, in their order."""
    known, found = {tuple(point) for point in tried.tolist()}, []
    for point in points.tolist():
        if tuple(point) not in known:
            known.add(tuple(point))
            found.append(point)
    return np.array(found, np.int64).reshape(-1, points.shape[1])


def _next(learned: Learned, seed: Sequence[int], possible: Possible) -> Points:
    """The next points: first that of which most is expected, then those of the greatest expected improvement."""
    space, found = learned.space, np.empty((0, learned.points.shape[1]), np.int64)
    candidates = _new(_candidates(learned, seed), learned.points)
    if not len(candidates):
        return found
    at = space.features(candidates)
    allowed = learned.allowed
    expected = learned.of_aim.mean(space.features(learned.points))
    best = float(expected[allowed].max()) if allowed.any() else None
    chance = np.prod([_chance(*surface.at(at)) for surface in learned.of_left], axis=0)
    believed, taken = learned.of_aim, np.zeros(len(candidates), bool)
    while len(found) < BATCH and not taken.all():
        mean, deviation = believed.at(at)
        if best is None:
            gain = chance
        elif not len(found):
            gain = np.where(learned.within(candidates), mean, -np.inf)
        else:
            gain = _improvement(mean, deviation, best) * chance
        pick = int(np.argmax(np.where(taken, -np.inf, gain)))
        taken[pick] = True
        if not possible(candidates[[pick]])[0]:
            continue
        found = np.vstack([found, candidates[[pick]]])
        believed = believed.believing(at[[pick]])
    return found


def _candidates(learned: Learned, seed: Sequence[int]) -> Points:
    """Points over the whole space and near the best, those beyond limits pulled in as well."""
    space, random = learned.space, np.random.default_rng([*seed, 1])
    over = space.sobol(CANDIDATES, seed)
    expected = learned.of_aim.mean(space.features(learned.points))
    order = np.argsort(-np.where(learned.allowed, expected, expected - np.ptp(expected) - 1.0), kind="stable")[:NEAR]
    centres = space.shares(learned.points[order])
    each = CANDIDATES // (NEAR * len(SCALES))
    moved = [
        space.snapped(centre + random.normal(0.0, scale, (each, centres.shape[1])))
        for centre in centres
        for scale in SCALES
    ]
    found = np.vstack([over, *moved])
    return np.vstack([found, learned.pulled_in(found)]) if learned.of_left else found


def _chance(mean: Array, deviation: Array) -> Array:
    """That what a limit leaves is not below 0."""
    sure = deviation <= 0.0
    return np.asarray(np.where(sure, mean >= 0.0, ndtr(mean / np.where(sure, 1.0, deviation))))


def _improvement(mean: Array, deviation: Array, best: float) -> Array:
    """How much more than the best is expected, counting less as nothing (Jones, Schonlau and Welch 1998)."""
    ahead = mean - best
    z = ahead / np.where(deviation > 0.0, deviation, 1.0)
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    return np.asarray(np.where(deviation > 0.0, ahead * ndtr(z) + deviation * density, np.maximum(ahead, 0.0)))
