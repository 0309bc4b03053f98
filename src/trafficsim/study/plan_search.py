"""What a plan is sought for, and looks at points in the worlds that are planned in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.scenario import Scenario
from trafficsim.study.aims import scored
from trafficsim.study.looking import Count, Looked, column, left_of
from trafficsim.study.optimising import Points, Space
from trafficsim.study.planned import AIMS, Limit, Risk
from trafficsim.study.varying import Axis

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """What is asked, checked: the arm alone (and the baseline, "" if it is that), its levers, and what it has today."""

    case: Scenario
    arm: str
    baseline: str
    axes: tuple[Axis, ...]
    today: Mapping[str, Any]
    aim: str
    risk: Risk
    growth: str
    limits: tuple[Limit, ...]


@dataclass
class Search:
    """Looks at points in the worlds that are planned in, for `optimise`."""

    looked: Looked
    space: Space
    limits: tuple[Limit, ...]
    aim: str
    risk: Risk
    count: Count
    points: list[Points] = field(default_factory=list)
    found: list[Array] = field(default_factory=list)

    def look(self, points: Points) -> tuple[Array, Array]:
        """Run points in all worlds; the aim and what is left of limits, of all points so far."""
        self.points.append(points)
        self.found.append(self.looked.run([self.looked.changes(point) for point in points], self.count))
        return self.aims(), self.left()

    @property
    def measured(self) -> Array:
        """All that was measured, `(points, worlds, measures)`."""
        return np.concatenate(self.found)

    def column(self, name: str) -> Array:
        """A measure of all points tried, `(points, worlds)`."""
        return column(self.looked, self.measured, name)

    def left(self) -> Array:
        """What is left of each limit, `(points, limits)`."""
        return left_of(self.looked, self.limits, self.measured)

    def aims(self) -> Array:
        """The aim of each point, more is better, `(points,)`."""
        allowed = np.all(self.left() >= 0.0, axis=1)
        return np.asarray(scored(AIMS[self.aim] * self.column(self.aim), self.risk, allowed).mean(axis=1))

    def refusal(self, currency: str) -> str:
        """Which limit no point tried keeps to."""
        left = self.left()
        worst = int(np.argmin(left.max(axis=0))) if (left.max(axis=0) < 0).any() else None
        if worst is None:
            return "no values of the levers keep to all limits together; loosen one of them"
        limit, most = self.limits[worst], float(left.max(axis=0)[worst])
        reached = limit.value - most if limit.most else limit.value + most
        end = "at least" if limit.most else "at most"
        what = f"{currency} {reached:,.0f}" if limit.name == "spend" else f"{reached:,.6g}"
        return (
            f"{limit.name} must be {'at most' if limit.most else 'at least'} {limit.value:,.6g}, but with these levers "
            f"the arm comes to {end} {what}: widen their ranges or loosen the limit"
        )
