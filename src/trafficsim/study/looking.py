"""Plans looked at in worlds: what is run of each, what is kept of it, and which worlds there are."""

import hashlib
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.metrics import spend_lines
from trafficsim.compiled import code_version
from trafficsim.engine.running import Running
from trafficsim.files.sealed import keep, kept
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.results.money_in_time import payback_days
from trafficsim.scenario import Scenario, ScenarioError
from trafficsim.scenario.moving import Moving
from trafficsim.study.evaluating import Asked, Design, asked_of, moving_of, outcome_of, quantity_of
from trafficsim.study.optimising import FINE, Points, Space
from trafficsim.study.planned import Limit
from trafficsim.study.uncertain import numbers
from trafficsim.study.varying import Axis
from trafficsim.study.worlds import plausible_worlds

FRESH = 1_000_000
"""Numbers of replicates begin here for worlds that are only for checking."""
Array = NDArray[np.float64]
Changes = Mapping[str, Any]


class CannotPlanError(ValueError):
    """No plan can be made of what is asked."""


def is_number(value: Any) -> bool:
    """Whether a value is a number (true and false are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def space_of(axes: Sequence[Axis]) -> Space:
    """The space that levers span."""
    return Space(tuple(len(values_of(axis)) - 1 for axis in axes), tuple(axis.span is not None for axis in axes))


def values_of(axis: Axis) -> list[Any]:
    """All values that a lever may have in a plan, rising: by steps of 1, 2 or 5 times a power of ten, and the end."""
    span = axis.span
    if span is None:
        return list(axis.levels)
    if span.log:
        found = [float(f"{span.at(k / FINE):.6g}") for k in range(FINE + 1)]
        return list(dict.fromkeys(map(round, found) if axis.whole else found))
    step = max(nice((span.high - span.low) / FINE), 1.0 if axis.whole else 0.0)
    found = [float(f"{span.low + k * step:.9g}") for k in range(math.ceil((span.high - span.low) / step))]
    return [round(value) if axis.whole else value for value in (*found, span.high)]


def nice(value: float) -> float:
    """The next number up of the form 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= value * (1 - 1e-9))


def today_in(space: Space, axes: Sequence[Axis], today: Mapping[str, Any]) -> Points:
    """What is done today, as near as the levers' ranges hold it; no point where it isn't known."""
    at = []
    for axis in axes:
        values, now = values_of(axis), today.get(axis.name)
        if axis.span is None and now in values:
            at.append(values.index(now))
        elif axis.span is not None and isinstance(now, int | float) and is_number(now):
            at.append(int(np.argmin(np.abs(np.array(values, float) - now))))
        else:
            return np.empty((0, len(space.steps)), np.int64)
    return np.array([at], np.int64)


@dataclass(frozen=True)
class Measures:
    """What is kept of a world: sums of the whole run, the day of payback, limits reached, cost lines."""

    metrics: tuple[str, ...]
    limits: tuple[Limit, ...]
    lines: tuple[str, ...]
    payback: bool

    @classmethod
    def of(cls, case: Scenario, aim: str, growth: str, limits: tuple[Limit, ...]) -> "Measures":
        """Those that an aim, a frontier of growth and limits need."""
        metrics = dict.fromkeys(("profit", "spend", growth, *([] if aim == "payback_day" else [aim])))
        return cls(tuple(metrics), limits[1:], spend_lines(counters_of(case.own)), aim == "payback_day")

    @property
    def names(self) -> tuple[str, ...]:
        """Of the numbers of a world, in their order."""
        limits = tuple(f"limit {n}" for n in range(len(self.limits)))
        return (*self.metrics, *(["payback_day"] if self.payback else []), *limits, *self.lines)

    def asked(self, case: Scenario, *, lines: bool) -> Asked:
        """What has to be run for them."""
        daily = [*(["profit"] if self.payback else []), *(limit.name for limit in self.limits)]
        daily += self.lines if lines else ()
        return asked_of(case, [*self.metrics, *(f"daily.{name}" for name in dict.fromkeys(daily))])


@dataclass(frozen=True)
class World:
    """Changes of the numbers that are not known, and which replicate gives customers and luck."""

    changes: Changes
    number: int


@dataclass(frozen=True)
class Looked:
    """An arm with levers, looked at in some worlds."""

    case: Scenario
    arm: str
    axes: tuple[Axis, ...]
    measures: Measures
    seed: int
    worlds: tuple[World, ...] = ()
    lines: bool = False
    cases: dict[tuple[Any, ...], "_Case"] = field(default_factory=dict, compare=False)

    def in_worlds(self, worlds: tuple[World, ...]) -> "Looked":
        """The same in these worlds; cost lines are counted in fresh ones."""
        return replace(self, worlds=worlds, lines=worlds[0].number >= FRESH, cases={})

    def case_of(self, changes: Changes) -> "_Case":
        """The scenario with the choices that a plan makes, and how the rest of it moves, found once for each choice."""
        chosen = {path: changes[path] for axis in self.axes if axis.span is None for path in axis.paths if changes}
        key = (bool(changes), *chosen.values())
        if key not in self.cases:
            case = self.case.replace(chosen) if chosen else self.case
            ends = [self.changes(np.array(end)) for end in self._ends()] if changes else [{}]
            moves = [{**self.worlds[0].changes, **_without(each, chosen)} for each in ends]
            self.cases[key] = _Case(case, moving_of(case, moves) if len(moves) > 1 else None, frozenset(chosen))
        return self.cases[key]

    def _ends(self) -> list[list[int]]:
        return [[0] * len(self.axes), [len(values_of(axis)) - 1 for axis in self.axes]]

    def changes(self, point: NDArray[np.int64]) -> dict[str, Any]:
        """What replaces the settings at a point."""
        chosen = zip(self.axes, point, strict=True)
        return {path: value for axis, k in chosen for value in [values_of(axis)[k]] for path in axis.paths}

    def possible(self, points: Points) -> NDArray[np.bool_]:
        """At which points the levers' values go together."""
        return np.array([self._is_possible(point) for point in points], bool)

    def _is_possible(self, point: NDArray[np.int64]) -> bool:
        changes = self.changes(point)
        try:
            self.case_of(changes).at(self.worlds[0], changes)
        except ScenarioError:
            return False
        return True

    def last(self, points: Points) -> NDArray[np.int64] | None:
        """The last of several points that is possible; None if none is."""
        return next((point for point in points[::-1] if self._is_possible(point)), None)

    def named(self, point: NDArray[np.int64]) -> dict[str, Any]:
        """The values of levers at a point, by the names that were given."""
        return {name_of(axis): values_of(axis)[k] for axis, k in zip(self.axes, point, strict=True)}

    def run(self, all_changes: Sequence[Changes | None], count: "Count") -> Array:
        """What comes of several plans in all worlds, `(plans, worlds, measures)`; None is the baseline."""
        wanted = self.measures.asked(self.case, lines=self.lines)
        shape = len(self.worlds), len(self.measures.names)
        found: dict[int, Array] = {}
        jobs = {}
        for n, changes in enumerate(all_changes):
            saved = self._kept(count.running.folder, changes, shape)
            if saved is not None:
                found[n] = saved
                count.one()
                continue
            case = None if changes is None else self.case_of(changes)
            for w, world in enumerate(self.worlds):
                jobs[n, w] = (
                    case or _Case(self.case),
                    self.arm_of(changes),
                    self.measures,
                    wanted,
                    changes,
                    world,
                    self.seed,
                )
        waiting: dict[int, dict[int, Array]] = {}
        for (n, w), row in count.running.side_by_side(_measured, jobs, [self.case]):
            there = waiting.setdefault(n, {})
            there[w] = row
            if len(there) == len(self.worlds):
                found[n] = np.stack([there[each] for each in range(len(self.worlds))])
                del waiting[n]
                self._keep(count.running.folder, all_changes[n], found[n])
                count.one()
        return np.stack([found[n] for n in range(len(all_changes))])

    def arm_of(self, changes: Changes | None) -> str:
        """The arm that is run: without changes the baseline."""
        return self.arm if changes is not None else next(each for each in self.case.arms if each != self.arm)

    def _file(self, folder: Path, changes: Changes | None) -> tuple[Path, str]:
        asked_for = [self.arm, self.measures.names, [(x.name, x.day) for x in self.measures.limits], self.lines]
        worlds = [(dict(world.changes), world.number) for world in self.worlds]
        whole = json.dumps([asked_for, worlds, None if changes is None else dict(changes)], default=str)
        whole = f"{self.case.digest} {self.seed} {code_version()} {whole}"
        return folder / f"{hashlib.sha256(whole.encode()).hexdigest()[:24]}.point", whole

    def _keep(self, folder: Path | None, changes: Changes | None, found: Array) -> None:
        if folder:
            keep(*self._file(folder, changes), {"measured": found})

    def _kept(self, folder: Path | None, changes: Changes | None, shape: tuple[int, int]) -> Array | None:
        if folder is None:
            return None
        arrays = kept(*self._file(folder, changes), {"measured": shape})
        return None if arrays is None else arrays["measured"]


@dataclass
class Count:
    """How many points are done, told as they are."""

    running: Running
    so_far: int = 0

    def one(self) -> None:
        """Another one is."""
        self.so_far += 1
        self.running.tell(self.so_far)


def name_of(axis: Axis) -> str:
    """The path of a lever as it was given, without its arm."""
    return axis.name.partition(":")[2]


def _without(changes: Changes, left_out: Collection[str]) -> dict[str, Any]:
    return {path: value for path, value in changes.items() if path not in left_out}


@dataclass(frozen=True)
class _Case:
    """A scenario with choices made, how its numbers move (None: it is read anew each time), and what was chosen."""

    scenario: Scenario
    how: Moving | None = None
    chosen: frozenset[str] = frozenset()

    def at(self, world: "World", changes: Changes | None) -> Scenario:
        """With the numbers of a world and of a plan."""
        return self.scenario.moved(self.how, {**world.changes, **_without(changes or {}, self.chosen)})


def _measured(
    case: _Case, arm: str, measures: Measures, wanted: Asked, changes: Changes | None, world: World, seed: int
) -> Array:
    """What comes of a plan in a world, `(measures,)`."""
    scenario = case.at(world, changes)
    totals, series = outcome_of(Design(scenario.alone(arm), (), wanted, 1, seed), world.number)
    days = dict(zip(wanted.daily, series[:, 0], strict=True))
    found = dict(zip(wanted.metrics, totals[:, 0].tolist(), strict=True))
    if measures.payback:
        cents = np.rint(100.0 * days["profit"]).astype(np.int64)
        found["payback_day"] = min(float(payback_days(cents[None, :])[0]), float(scenario.days))
    for n, limit in enumerate(measures.limits):
        flows = quantity_of(scenario, limit.name)[0].over == "flow"
        until = scenario.days if limit.day is None else limit.day + 1
        found[f"limit {n}"] = float(days[limit.name][:until].sum() if flows else days[limit.name][until - 1])
    for line in measures.lines:
        found[line] = float(days[line].sum()) if line in days else math.nan
    return np.array([found[name] for name in measures.names])


def worlds_of(
    case: Scenario, uncertain: int | None, replicates: int, seed: int, decided: Sequence[str], *, fresh: bool
) -> tuple[World, ...]:
    """The worlds to plan in, or fresh ones: other plausible numbers, other customers, other luck."""
    begin = FRESH if fresh else 0
    if uncertain is None:
        return tuple(World({}, begin + n) for n in range(replicates))
    left_out = {n.path for n in numbers(case) if any(_same(path, other) for path in n.paths for other in decided)}
    own = int(np.random.SeedSequence([seed, int(fresh)]).generate_state(1, np.uint64)[0])
    try:
        drawn = plausible_worlds(case, uncertain, own, left_out)
    except ValueError as error:
        if type(error) is ValueError:
            raise CannotPlanError(str(error)) from None
        raise
    return tuple(World(changes, begin + n) for n, changes in enumerate(drawn.points))


def _same(path: str, decided: str) -> bool:
    """Whether a number's path, of an arm or not, is that of a lever."""
    return path == decided or (path.startswith("arms.") and path.split(".", 2)[2] == decided)


def column(looked: Looked, measured: Array, name: str) -> Array:
    """A measure of all plans, `(plans, worlds)`."""
    return np.asarray(measured[:, :, looked.measures.names.index(name)])


def left_of(looked: Looked, limits: Sequence[Limit], measured: Array) -> Array:
    """What is left of each limit on average over worlds, `(plans, limits)`."""
    names = ["spend", *(f"limit {n}" for n in range(len(limits) - 1))]
    reached = [column(looked, measured, name).mean(axis=1) for name in names]
    return np.stack([limit.left(each) for limit, each in zip(limits, reached, strict=True)], axis=1)
