"""levers: what arms come to where a few settings are moved, learned from runs at some, for a report that answers.

Points are those of a Sobol' sequence (Sobol' 1967, scrambled as by Owen 1998); ten for each lever are a usual
beginning (Loeppky, Sacks and Welch 2009). All meet the same customers and luck as the scenario as it stands. What is
learned is the change from that, which is smooth and begins at the numbers of the comparison, as Gaussian processes
(Rasmussen and Williams 2006). Points of another sequence, at which nothing is fitted, tell how well: the design is
doubled until the share of variance that is foretold of every arm's profit is `LEAST_FIT`, and if that doesn't suffice,
the lever along which profit bends most is left where it stands and the others are learned anew.

Each replicate has a surface of its own, so that random variation is that of the settings asked about. An interval is
the sum of three: how far that of the comparison reaches, that of the change (Student's t), and the largest error at
unseen points, a conformal interval (Lei et al. 2018) that holds in 1 - 1 / (points + 1) of settings. The first two hold
together with 97.5 %, whatever their correlation, since a sum varies no more than its parts together; so does the third.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve
from scipy.special import stdtrit  # scipy.stats takes half a second to import

from trafficsim.books.metrics import MetricName
from trafficsim.engine.running import Running
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.results.levers import LEAST_FIT, LeadReach, Lever, Levers, Surface
from trafficsim.scenario import Scenario, ScenarioError
from trafficsim.scenario.errors import Where
from trafficsim.study.designs import design_points
from trafficsim.study.emulating import LENGTHS
from trafficsim.study.equal_money import CannotEqualiseError
from trafficsim.study.evaluating import Asked, Design, moving_of, run_design
from trafficsim.study.examine import sampled
from trafficsim.study.one_thread import on_one_thread
from trafficsim.study.varying import VARY_LABEL, Axis, Span, Values, points_of, varied
from trafficsim.study.weighing import CUSTOMERS
from trafficsim.words import asked

MOST = 6
"""Levers at once."""
METRICS: tuple[MetricName, ...] = ("profit", "members", "new_customers")
"""What is learned: contribution profit, and others where they are foretold as well."""
LABEL = "--levers"
UNSEEN = 64
"""Points that judge the fit: the largest of so many errors is not exceeded with 98.4 %, more than 97.5 %."""
EACH = 10
"""Points for each lever, to begin with."""
DOUBLINGS = 2
"""Of the design, before a lever is left out."""
REPLICATES = 8
CONFIDENCE = 0.975
"""Of random variation, and of the error at unseen points: together 95 % (Bonferroni)."""
Array = NDArray[np.float64]
Done = Callable[[int], None]


class LeversError(ValueError):
    """Levers that can't be: one plain line."""


@dataclass(frozen=True)
class _Runs:
    """What came of a design: metrics as `(points, metrics, arms, replicates)`, and where the points lie."""

    at: Array
    totals: Array


def levers(
    scenario: Scenario,
    vary: Mapping[str, Values | None],
    result: Result,
    *,
    replicates: int = REPLICATES,
    customers: int = CUSTOMERS,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Done | None = None,
) -> Result:
    """The same result, which now knows what its arms come to where levers are moved, for its report.

    Args:
        scenario: that of the result.
        vary: by setting, a span as for `sweep`, which holds the scenario's value; None for its plausible range. Six at
            most.
        result: from `compare`.
        replicates: of each point; two or more.
        customers: how many are simulated at most, as for `sensitivity`.
        workers, executor, folder, done: as for `sweep`.

    Raises:
        LeversError: for too many levers, or a span that can't be one.
        ScenarioError: for a setting that there is not, or a value that doesn't fit.
        CannotEqualiseError: if arms can't be made to spend the same at some point.
    """
    axes = wanted = checked(scenario, vary)
    asked.whole("replicates", replicates, 2)
    if result.replicates < 2:
        raise LeversError("levers take a comparison of 2 replicates or more (got 1)")
    own = sampled(scenario, customers)
    running, found, left_out = Running(workers, executor, folder, done), None, list[str]()
    while axes:
        found = _learned(own, axes, result, replicates, running)
        if found.worst_fit >= LEAST_FIT:
            break
        bent = _most_bent(found)
        left_out.append(axes[bent].name)
        axes = axes[:bent] + axes[bent + 1 :]
    stands_for = own.plan(own.baseline).customers.each_stands_for
    if found is None or not axes:
        found = Levers((), (), (), (), (), (), UNSEEN, replicates, result.about.seed, stands_for, _times(replicates))
    asked_for = tuple(_asked_for(axis) for axis in wanted)
    return result.saying(levers=replace(found, asked=asked_for, left_out=tuple(left_out)))


def _asked_for(axis: Axis) -> tuple[str, float, float, bool]:
    span = _span(axis)
    return axis.name, span.low, span.high, span.log


def checked(scenario: Scenario, vary: Mapping[str, Values | None]) -> tuple[Axis, ...]:
    """The axes that levers move along, checked before anything runs; errors: as `levers`."""
    if len(vary) > MOST:
        raise LeversError(f"{len(vary)} levers: a report has {MOST} at most")
    with _told_of_levers():
        axes, followers = varied(scenario, vary, {})
        if followers:
            name = next(axis.name for axis in axes if axis.paths[0] == followers[0].of)
            raise LeversError(f"{name}: moves {followers[0].name} along; give a span, {name}=LOW:HIGH")
        if listed := next((axis.name for axis in axes if axis.span is None), None):
            raise LeversError(f"{listed}: a lever goes from one number to another; give {listed}=LOW:HIGH")
        corners = [{axis.name: axis.at(share) for axis in axes} for share in (0.0, 1.0)]
        points_of(scenario, axes, (), corners)
    for axis in axes:
        _stand(scenario, axis)
    return axes


@contextmanager
def _told_of_levers() -> Iterator[None]:
    """Mistakes of a sweep's settings, told of levers."""
    try:
        yield
    except ScenarioError as error:
        told = [replace(m, where=Where(LABEL)) if m.where.file == VARY_LABEL else m for m in error.mistakes]
        raise ScenarioError(told) from None


def spans_of(found: Levers) -> dict[str, Values | None]:
    """What was asked for, those left out included."""
    return {path: Span(low, high, log=log) for path, low, high, log in found.asked}


def planned(levers: int) -> int:
    """Points that are run at first."""
    return _design_size(levers) + UNSEEN + 1


def _design_size(levers: int) -> int:
    """A power of two, for which a Sobol' sequence is balanced."""
    return 1 << (EACH * levers - 1).bit_length()


def _stand(scenario: Scenario, axis: Axis) -> float:
    """Where a lever stands in the scenario; LeversError if it can't be moved."""
    span = _span(axis)
    values = {_value(scenario, path) for path in axis.paths}
    if len(values) > 1 or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        told = ", ".join(sorted(str(value) for value in values))
        raise LeversError(f"{axis.name}: a lever is one number in the scenario (found {told})")
    (value,) = values
    if not span.low <= value <= span.high:
        raise LeversError(f"{axis.name}: the scenario has {value:g}, which {span.low:g}:{span.high:g} must hold")
    return float(value)


def _span(axis: Axis) -> Span:
    if axis.span is None:
        raise LeversError(f"{axis.name}: has no span")
    return axis.span


def _value(scenario: Scenario, path: str) -> Any:
    arm, _, below = path.rpartition(":")
    known = scenario.settings(arm or None)
    return known[below].value if below in known else None


def _lever(scenario: Scenario, axis: Axis) -> Lever:
    arm, _, path = axis.paths[0].rpartition(":")
    setting, below = scenario.settings(arm or None)[path], path.split(".")[1:]
    entry = below[0] if len(below) > 1 and len(axis.paths) == 1 else ""
    label, zh = (setting.slider.label, setting.slider.zh) if setting.slider else ("", "")
    span = _span(axis)
    return Lever(
        axis.name, span.low, span.high, axis.log, axis.whole, _stand(scenario, axis), axis.unit, entry, label, zh
    )


def _learned(scenario: Scenario, axes: tuple[Axis, ...], result: Result, replicates: int, running: Running) -> Levers:
    """Surfaces over these levers, from as many points as it takes, or as many as there may be."""
    own = [_lever(scenario, axis) for axis in axes]
    seed, size = result.about.seed, _design_size(len(axes))
    stand = {lever.path: round(lever.value) if lever.whole else lever.value for lever in own}
    run = partial(_run, scenario, axes, own, replicates, running, seed)
    ran, unseen = run([stand]), run(design_points(axes, "sobol", UNSEEN, seed + 1))
    seen: _Runs | None = None
    for doubling in range(DOUBLINGS + 1):
        points = design_points(axes, "sobol", size << doubling, seed)
        more = run(points[len(seen.at) if seen else 0 :])
        seen = _together(seen, more) if seen else more
        found = _fitted(scenario, result, (ran, seen, unseen), own)
        if found.worst_fit >= LEAST_FIT:
            break
    return found


def _run(
    scenario: Scenario,
    axes: Sequence[Axis],
    own: Sequence[Lever],
    replicates: int,
    running: Running,
    seed: int,
    points: Sequence[dict[str, Any]],
) -> _Runs:
    """Run all arms at points, given by the value of each lever."""
    changes = points_of(scenario, axes, (), points, running.many)
    design = Design(scenario, changes, Asked(METRICS), replicates, seed, moving_of(scenario, changes))
    found = run_design(design, running)
    if problem := next((each.problem for each in found if each.problem), ""):
        raise CannotEqualiseError(problem)
    at = [[lever.share(point[lever.path]) for lever in own] for point in points]
    return _Runs(np.array(at), np.stack([each.metrics[0] for each in found]))


def _together(one: _Runs, other: _Runs) -> _Runs:
    return _Runs(np.concatenate([one.at, other.at]), np.concatenate([one.totals, other.totals]))


def _fitted(scenario: Scenario, result: Result, runs: tuple[_Runs, _Runs, _Runs], own: Sequence[Lever]) -> Levers:
    """Surfaces of all arms and metrics, their leads and their errors."""
    ran, seen, unseen = runs
    surfaces, profits = list[Surface](), list[tuple[Array, Array]]()
    level = result.level(CONFIDENCE)
    for k, name in enumerate(METRICS):
        for a, arm in enumerate(scenario.arms):
            learned, change = (each.totals[:, k, a] - ran.totals[0, k, a] for each in (seen, unseen))
            process = _Process(seen.at, learned, ran.at[0])
            judged = change.mean(axis=1), process.at(unseen.at)
            surfaces.append(process.surface(arm, name, result.estimate(name, arm).interval(level), _judged(*judged)))
            if name == "profit":
                profits.append(judged)
    shown = [s for s in surfaces if s.metric == "profit" or _shown(s.metric, surfaces)]
    leads = []
    for (a, one), (b, other) in combinations(enumerate(scenario.arms), 2):
        _, error = _judged(profits[a][0] - profits[b][0], profits[a][1] - profits[b][1])
        leads.append(LeadReach(one, other, _reach(result.difference("profit", one, other, CONFIDENCE).amount), error))
    at, many = tuple(tuple(map(float, row)) for row in seen.at), seen.totals.shape[-1]
    size = len(unseen.at), many, result.about.seed, scenario.plan(scenario.baseline).customers.each_stands_for
    return Levers(tuple(own), (), (), at, tuple(shown), tuple(leads), *size, _times(many))


def _times(replicates: int) -> float:
    """How many standard deviations of replicates the interval of their mean reaches, by Student's t."""
    return float(stdtrit(replicates - 1, (1.0 + CONFIDENCE) / 2.0) / np.sqrt(replicates))


def _shown(name: str, surfaces: Sequence[Surface]) -> bool:
    """Whether a metric beside profit is foretold as well as it has to be, of every arm."""
    return all(surface.fit >= LEAST_FIT for surface in surfaces if surface.metric == name)


def _judged(measured: Array, foretold: Array) -> tuple[float, float]:
    """The share of variance that is foretold where nothing was fitted, and the largest error there."""
    apart, spread = measured - foretold, measured - measured.mean()
    largest = float(np.abs(apart).max())
    if not spread.any():  # what no lever moves is foretold if nothing else is said of it
        return (1.0 if largest == 0.0 else 0.0), largest
    return float(1.0 - (apart**2).sum() / (spread**2).sum()), largest


def _reach(interval: Interval) -> float:
    """How far an interval reaches to its longer side."""
    return max(interval.high - interval.middle, interval.middle - interval.low)


def _most_bent(found: Levers) -> int:
    """The lever along which the profit that is foretold worst bends over the shortest length."""
    worst = min((s for s in found.surfaces if s.metric == "profit"), key=lambda s: s.fit)
    return int(np.argmin(worst.lengths))


class _Process:
    """Changes of replicates as Gaussian processes over the levers, of which nothing is left but the weights of bells.

    Args:
        at: where they were run, shape `(points, levers)`.
        changes: the metric there less that of the scenario as it stands, `(points, replicates)`.
        stand: where that is, `(levers,)`: the change there is none.
    """

    def __init__(self, at: Array, changes: Array, stand: Array) -> None:
        self._at, self._stand, self._lengths = at, stand, np.ones(at.shape[1])
        self._weights = np.zeros(changes.T.shape)
        if changes.mean(axis=1).any():
            self._fit(changes)

    def _fit(self, changes: Array) -> None:
        """One kernel, of the mean change; expectations are linear in what was seen, so that each has its weights."""
        from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - slow to import
        from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: PLC0415
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel  # noqa: PLC0415

        kernel: Any = ConstantKernel(10.0, (1e-3, 1e6)) * RBF(np.full(self._at.shape[1], 1.5), LENGTHS)
        kernel += WhiteKernel(1e-3, (1e-8, 1.0))
        regressor = GaussianProcessRegressor(kernel, normalize_y=True)
        with warnings.catch_warnings(), on_one_thread():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its longest: it is straight there
            regressor.fit(self._at, changes.mean(axis=1))
            solved = cho_solve((regressor.L_, True), changes - changes.mean(axis=0))
        bells = regressor.kernel_.k1
        self._lengths = np.broadcast_to(bells.k2.length_scale, self._at.shape[1])
        self._weights = np.ascontiguousarray(bells.k1.constant_value * solved.T)

    def _bells(self, points: Array) -> Array:
        apart = (points[:, None, :] - self._at) / self._lengths
        return np.asarray(np.exp(-0.5 * (apart**2).sum(axis=2)))

    def at(self, points: Array) -> Array:
        """The mean change that is expected at points, shapes `(n, levers)` and `(n,)`."""
        return np.asarray((self._bells(points) - self._bells(self._stand[None])) @ self._weights.mean(axis=0))

    def surface(self, arm: str, name: str, started: Interval, judged: tuple[float, float]) -> Surface:
        """The metric, from what it is where the scenario stands; `judged` is the fit and the largest error."""
        lengths, weights = tuple(map(float, self._lengths)), tuple(tuple(map(float, row)) for row in self._weights)
        return Surface(arm, name, started.middle, _reach(started), lengths, weights, *judged)
