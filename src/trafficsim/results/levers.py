"""Levers: what arms come to where a few settings are moved, foretold without running anything.

A surface foretells a metric of an arm: the expectation of a Gaussian process (Rasmussen and Williams 2006), a sum of as
many bells as there were points, whose weights are known. The report has the same sums in JavaScript.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trafficsim.results.intervals import Interval

Array = NDArray[np.float64]
Point = tuple[float, ...]
LEAST_FIT = 0.97
"""Share of the variance between settings that has to be foretold of each arm's profit."""


@dataclass(frozen=True)
class Lever:
    """A setting that can be moved from `low` to `high`: by equal ratios if `log`, in whole numbers if `whole`.

    `path` is it as it was asked for (`arm:path` for one arm), `value` what the scenario has; `entry` the name of what
    it belongs to (a hook, a place; "" for none), `label` and `zh` what it is called behind that; `unit` as in
    `market.quantities`.
    """

    path: str
    low: float
    high: float
    log: bool
    whole: bool
    value: float
    unit: str
    entry: str
    label: str
    zh: str

    def share(self, value: float) -> float:
        """How far along the lever a value lies, 0 to 1."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Surface:
    """A metric of an arm over the levers, in currency units or counts: for each replicate a sum of bells.

    `started` is the metric where the scenario stands, as the comparison has it, `reach` how far its interval reaches.
    A replicate's change from there is the sum, over the points of the design, of `weights[replicate][point]` times the
    bell around that point, less the same sum where the scenario stands. `lengths` are the widths of bells along each
    lever, in widths of its range. `fit` is the share of the variance between settings that is foretold where nothing
    was fitted (R2), `error` the largest error there.
    """

    arm: str
    metric: str
    started: float
    reach: float
    lengths: Point
    weights: tuple[Point, ...]
    fit: float
    error: float


@dataclass(frozen=True)
class LeadReach:
    """How sure leads of an arm over another in contribution profit are, as for a `Surface`."""

    arm: str
    over: str
    reach: float
    error: float


@dataclass(frozen=True)
class Levers:
    """What arms come to where levers are moved.

    Attributes:
        levers: those that can be moved; none if nothing can be foretold well enough.
        asked: all that was asked for: path, low, high, and whether by equal ratios.
        left_out: paths of levers that were asked for, without which it can.
        at: points that were run, each by its share along each lever.
        surfaces: contribution profit of each arm, and other metrics that are foretold as well.
        leads: errors of the leads between any two arms.
        unseen: points that the fit is judged by, at which nothing was fitted.
        replicates, seed: of each point.
        stands_for: customers that each simulated one stood for.
        times: how many standard deviations of replicates the interval of their mean reaches.
    """

    levers: tuple[Lever, ...]
    asked: tuple[tuple[str, float, float, bool], ...]
    left_out: tuple[str, ...]
    at: tuple[Point, ...]
    surfaces: tuple[Surface, ...]
    leads: tuple[LeadReach, ...]
    unseen: int
    replicates: int
    seed: int
    stands_for: int
    times: float

    def foretold(self, values: Mapping[str, float]) -> dict[tuple[str, str], Interval]:
        """By arm and metric, what it comes to where levers stand at these values, by path; others as they are.

        In currency units or counts, with 95 % intervals. KeyError for an unknown path, ValueError for a value beyond a
        lever's range.
        """
        changes, moved = self._changes(values), self._moved(values)
        return {
            (s.arm, s.metric): self._interval(s.started, changes[s.arm, s.metric], s.reach + moved * s.error)
            for s in self.surfaces
        }

    def leading(self, values: Mapping[str, float]) -> dict[tuple[str, str], Interval]:
        """By arm and another, how far the first leads in contribution profit; as `foretold`."""
        changes, moved = self._changes(values), self._moved(values)
        started = {s.arm: s.started for s in self.surfaces if s.metric == "profit"}
        return {
            (lead.arm, lead.over): self._interval(
                started[lead.arm] - started[lead.over],
                changes[lead.arm, "profit"] - changes[lead.over, "profit"],
                lead.reach + moved * lead.error,
            )
            for lead in self.leads
        }

    @property
    def worst_fit(self) -> float:
        """The lowest share of variance that is foretold of any arm's contribution profit; NaN without levers."""
        return min((s.fit for s in self.surfaces if s.metric == "profit"), default=math.nan)

    def _moved(self, values: Mapping[str, float]) -> bool:
        """Whether anything is foretold: where the scenario stands, the comparison was run."""
        return any(values.get(lever.path, lever.value) != lever.value for lever in self.levers)

    def _changes(self, values: Mapping[str, float]) -> dict[tuple[str, str], Array]:
        """By arm and metric, the change of each replicate."""
        if unknown := set(values) - {lever.path for lever in self.levers}:
            raise KeyError(f"no lever {', '.join(sorted(unknown))}; there are {', '.join(x.path for x in self.levers)}")
        stand = [(lever, values.get(lever.path, lever.value)) for lever in self.levers]
        for lever, value in stand:
            if not lever.low <= value <= lever.high:
                raise ValueError(f"{lever.path} goes from {lever.low:g} to {lever.high:g} (got {value:g})")
        at = np.array(self.at).reshape(len(self.at), len(self.levers))
        here, began = (np.array([lever.share(v) for lever, v in pairs]) for pairs in (stand, self._began()))
        return {(s.arm, s.metric): _change(s, at, here) - _change(s, at, began) for s in self.surfaces}

    def _began(self) -> list[tuple[Lever, float]]:
        return [(lever, lever.value) for lever in self.levers]

    def _interval(self, started: float, change: Array, reach: float) -> Interval:
        middle, half = started + float(change.mean()), reach + self.times * float(change.std(ddof=1))
        return Interval(middle, middle - half, middle + half)


def _change(surface: Surface, at: Array, here: Array) -> Array:
    """The sum of bells of each replicate at a point."""
    bells = np.exp(-0.5 * (((at - here) / np.array(surface.lengths)) ** 2).sum(axis=1))
    return np.asarray(np.array(surface.weights) @ bells)
