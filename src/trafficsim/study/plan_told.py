"""What is told of a plan, from worlds that the search for it never saw: simpler ways, margins, the frontier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trafficsim.results import intervals
from trafficsim.results.intervals import Interval
from trafficsim.study.aims import scored
from trafficsim.study.looking import Changes, Looked, column, left_of, name_of, today_in, values_of
from trafficsim.study.one_thread import on_one_thread
from trafficsim.study.optimising import FINE, Learned, Surface, learn
from trafficsim.study.plan_search import Search, Wanted
from trafficsim.study.planned import AIMS, MONEY, Bound, Frontier, Lever, Limit, Margin, Plan, Rival

BUDGETS = (0.25, 0.5, 0.75, 1.0, 1.25)
"""Of the frontier, as shares of the budget (assumed)."""
STEP = 0.02
"""Of the budget, that a lever is moved by for its margin: so much that differences rise above luck (assumed)."""
FREE = 0.002
"""Of the budget, below which what a lever costs over its whole range counts as nothing (assumed)."""
AS_GOOD = 0.01
"""Of the budget, or of an aim that is no money: what lies less below the best counts as as good (assumed)."""
LEVELS = 4
"""Values of a lever from end to end at which the plan is tried again, all else as it is."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What is told of the plan, from fresh worlds."""

    search: Search
    fresh: Looked
    learned: Learned
    best: int
    wanted: Wanted

    @on_one_thread()
    def plan(self, seed: int, uncertain: int | None) -> Plan:
        """All of it."""
        looked, learned, limits = self.search.looked, self.learned, self.search.limits
        at = learned.points[self.best]
        cost = Surface(learned.space.features(learned.points), self.search.column("spend").mean(axis=1))
        simple, moves = self.simple(cost), self.moves(cost)
        ahead = self.frontier()
        kinds = ["plan", "today", *(["baseline"] if self.wanted.baseline else []), *simple]
        plans: list[Changes | None] = [looked.changes(at), {}]
        plans += [None] if self.wanted.baseline else []
        curves = [(lever, to) for lever in range(len(looked.axes)) for to in self.curve(lever)]
        more = *simple.values(), *(to for _, to, _ in moves), *ahead.values(), *(to for _, to in curves)
        plans += [looked.changes(point) for point in more]
        few, rest = plans[: len(kinds)], plans[len(kinds) :]
        judged = self.fresh.run(few, self.search.count)
        first = self.fresh.in_worlds(self.fresh.worlds[: len(looked.worlds)])
        first = replace(first, lines=False)  # cost lines take longer to count than most worlds to run
        measured = np.vstack([judged[:, : len(first.worlds)], first.run(rest, self.search.count)])
        z, of_ways = self.scores(measured), self.scores(judged)
        rivals = [self.rival(kind, n, judged, of_ways, simple.get(kind, at)) for n, kind in enumerate(kinds)]
        rows = range(len(kinds), len(kinds) + len(moves))
        margins = [self.margin(move, n, measured, z) for move, n in zip(moves, rows, strict=True)]
        rows = range(rows.stop, rows.stop + len(ahead))
        frontier = [self.most_growth(of, n, measured) for of, n in zip(ahead.items(), rows, strict=True)]
        moved: dict[int, list[tuple[int, Array]]] = {lever: [] for lever in range(len(looked.axes))}
        for lever, to, n in [
            *((lever, to, len(kinds) + k) for k, (lever, to, _) in enumerate(moves)),
            *((lever, to, rows.stop + k) for k, (lever, to) in enumerate(curves)),
        ]:
            moved[lever].append((int(to[lever]), z[0] - z[n]))
        tolerance = AS_GOOD * (limits[0].value if self.wanted.aim in MONEY else abs(rivals[0].aim.middle))
        costs = self.costs(cost)
        return Plan(
            looked.case,
            looked.arm,
            self.wanted.baseline,
            looked.case.days,
            self.wanted.aim,
            self.wanted.risk,
            self.wanted.growth,
            limits,
            tuple(self.left_at(at)),
            tuple(self.lever(n, tolerance, moved[n], float(costs[n])) for n in moved),
            tuple(rivals),
            tuple(margins),
            tuple(frontier),
            tolerance,
            (learned.of_aim.held_out(), cost.held_out()),
            self.tried(),
            len(looked.worlds),
            len(first.worlds),
            len(self.fresh.worlds),
            uncertain is not None,
            seed,
        )

    def scores(self, measured: Array) -> Array:
        """The aim in each fresh world, turned so that its mean is what is aimed at, `(plans, worlds)`."""
        allowed = np.all(left_of(self.fresh, self.search.limits, measured) >= 0.0, axis=1)
        return scored(AIMS[self.wanted.aim] * column(self.fresh, measured, self.wanted.aim), self.wanted.risk, allowed)

    def left_at(self, at: NDArray[np.int64]) -> list[float]:
        """What is expected to be left of each limit at a point."""
        features = self.learned.space.features(at[None, :])
        return [float(surface.mean(features)[0]) for surface in self.learned.of_left]

    def tried(self) -> pd.DataFrame:
        """A row for each point tried."""
        rows = [self.search.looked.named(point) for point in self.learned.points]
        table = pd.DataFrame(rows)
        table["aim"] = AIMS[self.wanted.aim] * self.learned.aim
        table["spend"] = self.search.column("spend").mean(axis=1)
        table["within_limits"] = self.learned.allowed
        return table

    def costs(self, cost: Surface) -> Array:
        """What each lever is expected to cost from its lowest to its highest, all others at their lowest."""
        spend = cost.mean(self.learned.space.features(self.learned.space.star()))
        return np.asarray(spend[1:] - spend[0])

    def costly(self, cost: Surface) -> NDArray[np.bool_]:
        """Levers on which money is spent."""
        ordered = np.array(self.learned.space.ordered)
        return np.asarray(ordered & (self.costs(cost) > FREE * self.search.limits[0].value))

    def is_advertising(self) -> NDArray[np.bool_]:
        """Which levers are settings of advertising."""
        return np.array([name_of(axis).partition(".")[0] == "advertising" for axis in self.search.looked.axes])

    def simple(self, cost: Surface) -> dict[str, NDArray[np.int64]]:
        """Simple ways to spend the budget: all on advertising, all on the rest, or the same money on each lever.

        Levers that cost nothing stay as they are today, or as the plan has them.
        """
        costly, ads = self.costly(cost), self.is_advertising()
        space, learned = self.learned.space, self.learned
        rest = learned.points[self.best].copy()
        if len(known := today_in(space, self.search.looked.axes, self.wanted.today)):
            rest = known[0].copy()
        rest[costly] = 0
        if not self.search.looked.possible(rest[None, :])[0]:  # offers without posts, say
            rest[:] = 0
        ways: dict[str, NDArray[np.int64] | None] = {}
        for kind, chosen in (("ads", costly & ads), ("pool", costly & ~ads)):
            if chosen.any() and (costly & ~chosen).any():
                to = np.where(chosen, np.array(space.steps), rest)
                ways[kind] = self.spent(rest, to, cost)
        if costly.sum() > 1:
            ways["equal"] = self.spent(rest, self.equal_parts(rest, costly, cost), cost)
        return {kind: way for kind, way in ways.items() if way is not None}

    def equal_parts(self, rest: NDArray[np.int64], costly: NDArray[np.bool_], cost: Surface) -> NDArray[np.int64]:
        """Each costly lever where it costs its share of the budget, the others at `rest`; at most at its highest."""
        space, budget = self.learned.space, self.search.limits[0].value
        low = float(cost.mean(space.features(rest[None, :]))[0])
        each = max(budget - low, 0.0) / int(costly.sum())
        to = rest.copy()
        for lever in np.flatnonzero(costly):
            line = np.repeat(rest[None, :], space.steps[lever] + 1, axis=0)
            line[:, lever] = np.arange(space.steps[lever] + 1)
            more = cost.mean(space.features(line)) - low
            to[lever] = int(np.flatnonzero(more <= each)[-1]) if (more <= each).any() else 0
        return to

    def spent(self, low: NDArray[np.int64], to: NDArray[np.int64], cost: Surface) -> NDArray[np.int64] | None:
        """From `low` towards `to`, and on to the ends of what moved, as far as the budget goes; None if nowhere."""
        space = self.learned.space
        steps, moved = np.array(space.steps), to != low
        share = np.linspace(0.0, 1.0, FINE + 1)[:, None]
        there = np.where(moved, to, low)
        top = np.where(moved, steps, low)
        line = np.vstack([low + share * (there - low), there + share * (top - there)])
        points = np.asarray(np.rint(line), np.int64)
        within = cost.mean(space.features(points)) <= self.search.limits[0].value
        return self.search.looked.last(points[within])

    def moves(self, cost: Surface) -> list[tuple[int, NDArray[np.int64], bool]]:
        """Of each lever with an order its number, the plan with a little more of it, and whether it is less instead."""
        space, at = self.learned.space, self.learned.points[self.best]
        step, found, costly = STEP * self.search.limits[0].value, [], self.costly(cost)
        for lever in np.flatnonzero(np.array(space.ordered)):
            less = bool(at[lever] == space.steps[lever])
            values = np.arange(at[lever] - 1, -1, -1) if less else np.arange(at[lever] + 1, space.steps[lever] + 1)
            line = np.repeat(at[None, :], len(values), axis=0)
            line[:, lever] = values
            line = line[self.search.looked.possible(line)]
            if not len(line):
                continue
            apart = np.abs(cost.mean(space.features(line)) - cost.mean(space.features(at[None, :])))
            far = np.flatnonzero(apart >= step) if costly[lever] else np.array([space.steps[lever] // 20 - 1])
            enough = min(max(int(far[0]), 0), len(line) - 1) if len(far) else len(line) - 1
            found.append((int(lever), line[enough], less))
        return found

    def frontier(self) -> dict[float, NDArray[np.int64]]:
        """For some budgets the points of which the greatest growth is expected within it and all limits."""
        space, learned, budget = self.learned.space, self.learned, self.search.limits[0].value
        grown = self.search.column(self.wanted.growth).mean(axis=1)
        over, found = learned.points, dict[float, NDArray[np.int64]]()
        for share in BUDGETS:
            left = learned.left.copy()
            left[:, 0] += (share - 1.0) * budget
            within = learn(space, learned.points, grown, left)
            pulled = within.pulled_in(space.sobol(1024, [self.search.looked.seed, 2]))
            over = np.vstack([over, pulled[within.within(pulled)]])  # what a smaller budget buys, a larger one does
            there = over[within.within(over)]
            rising = (
                there[np.argsort(within.of_aim.mean(space.features(there)), kind="stable")] if len(there) else there
            )
            best = self.search.looked.last(rising)
            if best is not None and not any(np.array_equal(best, known) for known in found.values()):
                found[share * budget] = best
        return found

    def curve(self, lever: int) -> list[NDArray[np.int64]]:
        """The plan with a lever alone at some values from end to end."""
        space, at = self.learned.space, self.learned.points[self.best]
        levels = np.unique(np.rint(np.linspace(0, space.steps[lever], LEVELS)).astype(np.int64))
        if not space.ordered[lever]:
            levels = np.arange(space.steps[lever] + 1)
        line = np.repeat(at[None, :], len(levels), axis=0)
        line[:, lever] = levels
        line = line[levels != at[lever]]
        return list(line[self.search.looked.possible(line)]) if len(line) else []

    def lever(self, lever: int, tolerance: float, moved: Sequence[tuple[int, Array]], cost: float) -> Lever:
        """What is told of a lever; `moved` are the values it was moved to alone, and how much better the plan is."""
        axis, space, at = self.fresh.axes[lever], self.learned.space, self.learned.points[self.best]
        numeric, values = axis.span is not None, values_of(axis)
        found = {k: intervals.mean(apart) for k, apart in moved} | {int(at[lever]): Interval(0.0, 0.0, 0.0)}
        curve = [(float(values[k]) if numeric else float(k), x.middle, x.low, x.high) for k, x in sorted(found.items())]
        bound: Bound = "low" if at[lever] == 0 else "high" if at[lever] == space.steps[lever] else ""
        return Lever(
            name_of(axis),
            axis.paths[0].rpartition(":")[2],
            axis.unit,
            self.wanted.today.get(axis.name),
            values[at[lever]],
            () if numeric else tuple(values),
            _as_good(np.array(curve), float(values[at[lever]]), tolerance) if numeric else None,
            bound if numeric else "",
            np.array(curve),
            cost,
        )

    def rival(self, kind: str, row: int, measured: Array, z: Array, at: NDArray[np.int64]) -> Rival:
        """The plan or another way, beside the plan."""
        fresh, sign = self.fresh, AIMS[self.wanted.aim]
        spend = column(fresh, measured, "spend")[row]
        lines = {name: float(column(fresh, measured, name)[row].mean()) for name in fresh.measures.lines}
        low, high = np.quantile(spend, [0.05, 0.95])
        kept_to = [self.keeps(n, limit, row, measured) for n, limit in enumerate(self.search.limits)]
        return Rival(
            kind,
            {} if kind in {"today", "baseline"} else fresh.named(at),
            _turned(intervals.mean(z[row]), sign),
            intervals.mean(spend),
            intervals.mean(column(fresh, measured, "profit")[row]),
            intervals.mean(column(fresh, measured, self.wanted.growth)[row]),
            (float(low), float(high)),
            intervals.mean(z[0] - z[row]),
            {name: sum_ for name, sum_ in sorted(lines.items(), key=lambda line: -line[1]) if sum_},
            all(kept_to),
        )

    def keeps(self, number: int, limit: Limit, row: int, measured: Array) -> bool:
        """Whether a limit holds in fresh worlds, as far as chance lets one tell."""
        name = "spend" if number == 0 else f"limit {number - 1}"
        left = intervals.mean(limit.left(column(self.fresh, measured, name)[row]))
        return left.high >= 0.0

    def margin(self, move: tuple[int, NDArray[np.int64], bool], row: int, measured: Array, z: Array) -> Margin:
        """What a lever that was moved a little brings."""
        lever, to, less = move
        axis, sign = self.fresh.axes[lever], -1.0 if less else 1.0
        spend = column(self.fresh, measured, "spend")
        costs, adds = sign * (spend[row] - spend[0]), sign * (z[row] - z[0])
        per = intervals.ratio(1000.0 * adds, costs)
        return Margin(name_of(axis), values_of(axis)[to[lever]], less, intervals.mean(costs), intervals.mean(adds), per)

    def most_growth(self, of: tuple[float, NDArray[np.int64]], row: int, measured: Array) -> Frontier:
        """A point of the frontier."""
        budget, at = of
        found = (intervals.mean(column(self.fresh, measured, n)[row]) for n in ("spend", self.wanted.growth, "profit"))
        return Frontier(budget, self.fresh.named(at), *found)


def _turned(interval: Interval, sign: int) -> Interval:
    """An interval of what was turned so that more is better, as it is."""
    return interval if sign > 0 else Interval(-interval.middle, -interval.high, -interval.low)


def _as_good(curve: Array, plan: float, tolerance: float) -> tuple[float, float]:
    """From where to where around the plan a curve `(values, behind, ...)` stays within the tolerance."""
    at, behind = curve[:, 0], curve[:, 1]
    ends = []
    for way in (-1, 1):
        end = plan
        beyond = sorted((way * (x - plan), x, b) for x, b in zip(at, behind, strict=True) if way * (x - plan) >= 0)
        for (_, x, b), (_, next_x, next_b) in pairwise(beyond):
            if next_b > tolerance:
                end = x + (next_x - x) * (tolerance - b) / (next_b - b)
                break
            end = next_x
        ends.append(float(end))
    return ends[0], ends[1]
