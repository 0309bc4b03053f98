"""Calibration: which values of a scenario's unknown numbers could have brought about one's own counts."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import code_version
from trafficsim.data.cells import DAYS_OF_WEEK, Period
from trafficsim.data.errors import DataError, Fault
from trafficsim.engine import world
from trafficsim.engine.running import Running
from trafficsim.files.sealed import keep, kept
from trafficsim.scenario import Mistake, Scenario, ScenarioError, estimate
from trafficsim.scenario.errors import Where, did_you_mean
from trafficsim.scenario.loading import GivenScenario, scenario_from
from trafficsim.scenario.moving import Moving
from trafficsim.scenario.provenance import named
from trafficsim.study import fitting
from trafficsim.study.arm import history_arm
from trafficsim.study.beginning import MembersAtStart, members_at_start
from trafficsim.study.calibrated import Calibration
from trafficsim.study.fitting import DRAWS, MOST_WAVES, REPLICATES, Summaries, design_size
from trafficsim.study.observing import Observed, observe
from trafficsim.study.scales import slopes, transformed
from trafficsim.study.tracking import Tracker
from trafficsim.study.uncertain import Changes, Number, copula, numbers
from trafficsim.study.worlds import going_together, how_to_move
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

HELD_OUT = 0.25
"""Share of the days, at the end, that is kept back to see how well what was fitted foretells them."""
MOST_HELD_OUT = 0.6
FIT_LABEL = "--fit"
Array = NDArray[np.float64]


def calibrate(
    scenario: GivenScenario,
    counts: str | Path,
    *,
    fit: Sequence[str] = (),
    arm: str | None = None,
    mapped: Mapping[str, str] | None = None,
    period: Period | None = None,
    held_out: float = HELD_OUT,
    waves: int = MOST_WAVES,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: str | Path | None = None,
    done: Callable[[int], None] | None = None,
) -> Calibration:
    """Fit the uncertain numbers of a scenario to one's own counts.

    What is left is a set of plausible points with weights, not one best point: a number that the data can't tell keeps
    its range. See docs/calibration.md for the method.

    The method is history matching (Craig et al. 1997; Vernon et al. 2010), then a synthetic likelihood (Wood 2010).

    Args:
        scenario: what is assumed; its `start` is the first day of the run. Known history (spend, posts, prices) stands
            in it as `{file, column}`.
        counts: CSV or Excel by day, week or month (see `observing.observe`).
        fit: paths of numbers to fit, with * for any name; all uncertain ones (see `uncertain.numbers`) by default.
        arm: the strategy that was followed (see `arm.history_arm`).
        mapped: series by column, for heads that are not known.
        period: what each row is about, if neither heads nor dates should tell.
        held_out: share of the days, at the end, that is not fitted but foretold; 0 to 0.6.
        waves: of runs, at most.
        seed: of all random numbers.
        workers: number of threads; by default the CPU count.
        executor: any other executor of `concurrent.futures`, used instead and left open.
        folder: where finished points are kept, to go on after an interruption.
        done: called with how many points were run.

    Returns:
        Plausible values `(draws, numbers)` with weights, what they foretell for the days held out, and whether the data
        agree with the scenario at all.

    Raises:
        ScenarioError: for a scenario or paths that can't be.
        DataError: with what is wrong in the table.
        CannotFitError: if the ranges hardly ever go together.
        ValueError: for other arguments that can't be.
    """
    running = Running(workers, executor, None if folder is None else Path(folder), done)
    task = _task(scenario, counts, fit, arm, (mapped, period), held_out, waves)
    estimate(task.case, running.many, running.many, without_pools=False)
    simulator = _Simulator(task, asked.seed(seed), running)
    found = fitting.fit(simulator.run, len(task.drawn), task.summaries, seed, waves)
    return Calibration(
        task.case.name,
        task.case.currency,
        task.arm,
        task.observed,
        task.summaries,
        task.drawn,
        simulator.values(found.points),
        found,
        task.began,
        task.case.labels,
    )


def planned(
    scenario: GivenScenario,
    counts: str | Path,
    *,
    fit: Sequence[str] = (),
    arm: str | None = None,
    mapped: Mapping[str, str] | None = None,
    period: Period | None = None,
    held_out: float = HELD_OUT,
    waves: int = MOST_WAVES,
) -> int:
    """How many points a calibration runs at most; it raises what `calibrate` would before anything runs."""
    task = _task(scenario, counts, fit, arm, (mapped, period), held_out, waves)
    return waves * design_size(len(task.drawn)) + DRAWS


@dataclass(frozen=True)
class _Task:
    """What is fitted to what."""

    case: Scenario
    arm: str
    observed: Observed
    summaries: Summaries
    drawn: tuple[Number, ...]
    began: tuple[MembersAtStart, ...]


def _task(
    scenario: GivenScenario,
    counts: str | Path,
    fit: Sequence[str],
    arm: str | None,
    read: tuple[Mapping[str, str] | None, Period | None],
    held_out: float,
    waves: int,
) -> _Task:
    case = scenario_from(scenario)
    followed = history_arm(case, arm)
    if not 0.0 <= held_out <= MOST_HELD_OUT:
        raise ValueError(f"held_out must lie from 0 to {MOST_HELD_OUT:g} (got {held_out!r})")
    asked.whole("waves", waves, 1)
    observed = observe(case, followed, counts, *read)
    began, notes = members_at_start(case, followed, observed)
    observed = replace(observed, notes=(*observed.notes, *notes))
    case = case.replace({"days": observed.days, **{each.path: each.share for each in began}})
    summaries = summaries_of(observed, held_out, case.plan(followed).customers.each_stands_for)
    return _Task(case, followed, observed, summaries, tuple(_unknown(case, followed, fit)), began)


def summaries_of(observed: Observed, held_out: float, each_stands_for: int) -> Summaries:
    """The data as numbers to fit, on the scales of `scales`.

    Raises:
        DataError: if too little is left to fit.
    """
    first = (observed.until - observed.first).days
    until = observed.days - round(held_out * first)
    weeks = np.concatenate(
        [
            np.stack([each.lasts / DAYS_OF_WEEK, np.full(each.lasts.size, float(number))], axis=1)
            for number, each in enumerate(observed.series)
        ]
    )
    fitted = np.concatenate([each.lasts < until for each in observed.series])
    if not all((weeks[fitted, 1] == number).sum() >= 2 for number in range(len(observed.series))):
        raise DataError(observed.file, [Fault(0, 0, "", "too few rows before those held out; give --held-out 0")])
    data = np.concatenate([transformed(each.name, each.data) for each in observed.series])
    changes = np.concatenate([slopes(each.name, each.data) for each in observed.series])
    return Summaries(data, changes, weeks, fitted, 1.0 / each_stands_for)


def _unknown(scenario: Scenario, arm: str, fit: Sequence[str]) -> list[Number]:
    """The numbers to fit.

    Raises:
        ScenarioError: for paths without a range, and where there is nothing to fit.
    """
    here = [n for n in numbers(scenario) if n.path.split(".")[0] != "arms" or n.path.split(".")[1] == arm]
    if not fit:
        if not here:
            raise ScenarioError([Mistake(Where(scenario.path.name), "sources", "no number has a range to fit")])
        return here
    paths = [number.path for number in here]
    wanted: dict[str, None] = {}
    for path in fit:
        found = [p for p in paths if p == path or named(path, [p])]
        if not found:
            how = f"{path}: {{assumed: true, range: [lowest, highest]}}"
            says = f"no number with a range{did_you_mean(path, paths)}; give one under sources: {how}"
            raise ScenarioError([Mistake(Where(FIT_LABEL), path, says)])
        wanted |= dict.fromkeys(found)
    return [number for number in here if number.path in wanted]


@dataclass(frozen=True)
class _Job:
    """What all points share."""

    scenario: Scenario
    how: Moving | None
    arm: str
    names: tuple[str, ...]
    seed: int


class _Simulator:
    """Runs points of the cube; finished ones are kept in the folder."""

    def __init__(self, task: _Task, seed: int, running: Running) -> None:
        self.changes, self.normal = Changes(task.case, task.drawn), copula(task.drawn)
        self.observed, self.running, self.done = task.observed, running, 0
        names = tuple(each.name for each in task.observed.series)
        self.job = _Job(task.case, how_to_move(task.case, self.changes), task.arm, names, seed)
        paths = [number.path for number in task.drawn]
        about = [task.case.digest, task.arm, seed, code_version(), names, paths, REPLICATES]
        self.identity = json.dumps(about)

    def values(self, points: Array) -> Array:
        """The numbers' values at points of the cube, `(points, numbers)`."""
        shares = going_together(points, self.normal)
        return np.stack([n.quantile(share) for n, share in zip(self.changes.numbers, shares.T, strict=True)], axis=1)

    def run(self, points: Array, first: int) -> Array:
        """Summaries of points, the first of which has this number."""
        values = self.values(points)
        found: dict[int, Array] = {}
        jobs: dict[int, tuple[Any, ...]] = {}
        shape = REPLICATES, len(self.job.names), self.observed.days
        for k, of in enumerate(values):
            there = self._kept(first + k, of, shape)
            if there is None:
                jobs[k] = self.job, self.changes(of.tolist()), first + k
            else:
                found[k] = there
        self._tell(len(found))
        for k, daily in self.running.side_by_side(run_point, jobs, [self.job.scenario]):
            found[k] = daily
            if self.running.folder:
                keep(self._path(first + k, values[k]), self.identity, {"daily": daily})
            self._tell(1)
        return np.stack([self._summaries(found[k]) for k in range(len(points))])

    def _summaries(self, daily: Array) -> Array:
        of = [transformed(each.name, each.of(daily[:, k])) for k, each in enumerate(self.observed.series)]
        return np.concatenate(of, axis=1)

    def _tell(self, more: int) -> None:
        self.done += more
        if more:
            self.running.tell(self.done)

    def _path(self, number: int, values: Array) -> Path:
        whole = f"{self.identity} {number} {values.tolist()}"
        return Path(self.running.folder or ".") / f"{hashlib.sha256(whole.encode()).hexdigest()[:24]}.point"

    def _kept(self, number: int, values: Array, shape: tuple[int, ...]) -> Array | None:
        if not self.running.folder:
            return None
        found = kept(self._path(number, values), self.identity, {"daily": shape})
        return None if found is None else found["daily"]


def run_point(job: _Job, point: dict[str, Any], number: int) -> Array:
    """The daily series of a point's runs, `(replicates, series, days)`; NaN for what is no scenario.

    Each run has random numbers of its own, by the number of the point.
    """
    try:
        case = job.scenario.moved(job.how, point)
    except ScenarioError:
        return np.full((REPLICATES, len(job.names), job.scenario.days), np.nan)
    tracker, found = Tracker(case), []
    for replicate in range(REPLICATES * number, REPLICATES * (number + 1)):
        lived = world.start(case, job.arm, job.seed, replicate, keep=False)
        before = tracker.aware_before(lived)
        lived.run()
        found.append(np.stack([tracker.daily(lived, name, before) for name in job.names]))
    return np.stack(found)
