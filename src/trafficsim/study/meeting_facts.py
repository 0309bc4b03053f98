"""Bringing a scenario near what was observed: values of its assumed numbers with which it meets its facts.

As in history matching (Craig et al. 1997), waves of runs narrow down where in the ranges all facts could be met, by
emulators of what each fact is about. Of the points that were run, the one that meets most facts is taken; of several,
the one that is nearest to what was assumed.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from trafficsim.engine.running import Running
from trafficsim.scenario import Mistake, Scenario, ScenarioError
from trafficsim.scenario.claim_checks import against_no_pools
from trafficsim.scenario.claims import Fact, limits
from trafficsim.scenario.errors import Where, did_you_mean
from trafficsim.scenario.loading import GivenScenario, scenario_from
from trafficsim.scenario.provenance import named
from trafficsim.study.claims import Verdict, estimate_of, judge_claims
from trafficsim.study.comparison import compare
from trafficsim.study.emulating import Emulator, screened
from trafficsim.study.equal_money import CannotEqualiseError
from trafficsim.study.fitting import CannotFitError, design_size
from trafficsim.study.matching import PARTICLES, narrowed
from trafficsim.study.measuring import Measures
from trafficsim.study.one_thread import on_one_thread
from trafficsim.study.plausible import shares_of
from trafficsim.study.rewriting import moved_in_text, rounded
from trafficsim.study.uncertain import Changes, Number, numbers
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

FIT_LABEL = "--fit"
WHAT = "the facts of this file"
REPLICATES = 4
"""Of a point."""
JUDGED = 16
"""Replicates of the verdicts before and after."""
WAVES = 3
LAST = 8
"""Points that are judged at last: so many of those that should meet all, and of those that did when they were run."""
INSIDE = 0.1
"""Of limits that facts are aimed at: so much of the way in, since to hit a limit is to miss it half of the time."""
LEAST = 1e-6
"""Of what was observed, below which multiples aren't told apart."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class FactFit:
    """A scenario and how near its facts it can be brought.

    `values` are those of `numbers`, shape `(numbers,)`; `before` and `after` the verdicts on its facts; `reached` the
    least and the greatest that any point had of what each fact is about, by its name; `points` how many were run.
    """

    scenario: Scenario
    numbers: tuple[Number, ...]
    values: Array
    before: tuple[Verdict, ...]
    after: tuple[Verdict, ...]
    reached: Mapping[str, tuple[float, float]]
    points: int

    @property
    def moved(self) -> dict[str, float]:
        """Numbers that have another value than before, as `Scenario.replace` takes them, with what they take along."""
        there = [rounded(number.said(value)) for number, value in zip(self.numbers, self.values.tolist(), strict=True)]
        changed = [n for n, v in zip(self.numbers, there, strict=True) if v != n.value]
        return Changes(self.scenario, changed)([v for n, v in zip(self.numbers, there, strict=True) if v != n.value])

    @property
    def text(self) -> str:
        """The scenario's file with these numbers, their ranges kept, and what they were moved for as their source."""
        changed = [n for n, v in zip(self.numbers, self.values.tolist(), strict=True) if rounded(n.said(v)) != n.value]
        return moved_in_text(self.scenario, self.moved, changed, WHAT)


@on_one_thread()
def meet_facts(
    scenario: GivenScenario,
    *,
    fit: Sequence[str] = (),
    waves: int = WAVES,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    done: Callable[[int], None] | None = None,
) -> FactFit:
    """Move assumed numbers within their ranges until the scenario meets its facts, or comes as near as it can.

    The method is history matching (Craig et al. 1997).

    Args:
        scenario: with facts.
        fit: paths of numbers that may be moved, with * for any name; by default all to which `sources` gives a range.
        waves: of runs, before a last one of those that should meet all.
        seed: of all random numbers.
        workers: number of threads; by default the CPU count.
        executor: any other executor of `concurrent.futures`, used instead and left open.
        done: called with how many points were run.

    Returns:
        The values found, and which facts the scenario meets with them.

    Raises:
        ScenarioError: for a scenario without facts, or paths without a range.
        CannotFitError: if the ranges hardly ever go together.
    """
    case = scenario_from(scenario)
    if not case.facts:
        raise ScenarioError([Mistake(Where(case.path.name), "facts", "there are none to meet")])
    asked.whole("waves", waves, 1)
    told = only_for_facts(case)
    moved = _movable(told, fit)
    search = _Search(told, moved, asked.seed(seed), Running(workers, executor, None, done))
    values = search.found(waves)
    nearest = told.replace(search.point(values.tolist()))
    before, after = (_verdicts(each, seed, workers) for each in (told, nearest))
    return FactFit(case, moved, values, before, after, search.reached(), search.many)


def planned_points(scenario: Scenario, fit: Sequence[str] = (), waves: int = WAVES) -> int:
    """How many points `meet_facts` runs at most."""
    return waves * design_size(len(_movable(only_for_facts(scenario), fit))) + 2 * LAST


def _movable(scenario: Scenario, fit: Sequence[str]) -> tuple[Number, ...]:
    here = numbers(scenario)
    if not fit:
        given = tuple(number for number in here if number.source == "scenario")
        if not given:
            raise ScenarioError([Mistake(Where(scenario.path.name), "sources", "no number has a range to move it in")])
        return given
    paths = [number.path for number in here]
    for path in fit:
        if not any(p == path or named(path, [p]) for p in paths):
            says = f"no number with a range{did_you_mean(path, paths)}"
            raise ScenarioError([Mistake(Where(FIT_LABEL), path, says)])
    return tuple(n for n in here if any(n.path == path or named(path, [n.path]) for path in fit))


def _verdicts(case: Scenario, seed: int, workers: int | None) -> tuple[Verdict, ...]:
    result = compare(case, JUDGED, seed, workers=workers, without_pools=against_no_pools(case.facts.values()))
    return tuple(judge_claims(case.facts, result))


class _Search:
    """Waves of runs, and what is known after each."""

    def __init__(self, case: Scenario, moved: tuple[Number, ...], seed: int, running: Running) -> None:
        self.case, self.moved, self.running, self.seed = case, moved, running, seed
        self.changes = Changes(self.case, moved)
        self.rng = np.random.default_rng(seed)
        values = np.array([[number.value for number in moved]], np.float64)
        self.assumed = shares_of(moved, values)[0]
        self.facts = list(case.facts.values())
        self.lows, self.highs = np.array([limits_aimed_at(fact) for fact in self.facts]).T
        self.at, self.runs = np.empty((0, len(moved))), np.empty((0, REPLICATES, len(self.facts)))
        self.many = 0

    def found(self, waves: int) -> Array:
        """The values of the nearest point."""
        size = design_size(len(self.moved))
        self._run(np.vstack([self.assumed, qmc.Sobol(len(self.moved), seed=self.rng).random(size)[1:]]))
        if len(self.at) < size // 4:
            raise CannotFitError(f"only {len(self.at)} of {size} points could be run: the ranges hardly go together")
        for _ in range(waves - 1):
            left, _ = self._left()
            self._run(left[self.rng.choice(len(left), size // 2, replace=False)])
        left, far = self._left()
        thought = left[np.lexsort((self._apart(left), np.round(far)))[:LAST]]
        missed = (self._outside(self.runs.mean(axis=1)) > 0.0).sum(axis=1)
        run = self.at[np.lexsort((self._apart(self.at), missed))[:LAST]]
        return self._judged(np.vstack([thought, run]))

    def _judged(self, points: Array) -> Array:
        """Of these points the values of the one that meets most by the verdicts that will be told, then the nearest."""
        jobs = {k: (self.case, self.point(of), self.seed) for k, of in enumerate(self._values(points).tolist())}
        unmet = np.zeros(len(points), np.int64)
        for done, (k, many) in enumerate(self.running.side_by_side(not_met, jobs, [self.case]), 1):
            unmet[k] = many
            self.running.tell(self.many + done)
        self.many += len(points)
        best = int(np.lexsort((self._apart(points), unmet))[0])
        return np.asarray(self._values(points[[best]])[0])

    def _apart(self, points: Array) -> Array:
        """How far points lie from what was assumed."""
        return np.asarray(((points - self.assumed) ** 2).sum(axis=1))

    def point(self, values: list[float]) -> dict[str, float]:
        """Values of the numbers as `Scenario.replace` takes them."""
        return self.changes([rounded(n.said(v)) for n, v in zip(self.moved, values, strict=True)])

    def reached(self) -> dict[str, tuple[float, float]]:
        """The least and the greatest of what each fact is about, over all points."""
        means = self.runs.mean(axis=1)
        return {
            name: (unlogged(float(of.min()), fact), unlogged(float(of.max()), fact))
            for (name, fact), of in zip(self.case.facts.items(), means.T, strict=True)
        }

    def _values(self, points: Array) -> Array:
        found = [number.quantile(share) for number, share in zip(self.moved, points.T, strict=True)]
        return np.stack(found, axis=1).astype(np.float64)

    def _run(self, points: Array) -> None:
        jobs = {
            k: (self.case, self.point(of), self.many + k, self.seed)
            for k, of in enumerate(self._values(points).tolist())
        }
        found: dict[int, Array] = {}
        for done, (k, of) in enumerate(self.running.side_by_side(measure, jobs, [self.case]), 1):
            found[k] = of
            self.running.tell(self.many + done)
        self.many += len(points)
        runs = np.stack([found[k] for k in range(len(points))])
        possible = np.isfinite(runs).all(axis=(1, 2))
        self.at, self.runs = np.vstack([self.at, points[possible]]), np.concatenate([self.runs, runs[possible]])

    def _outside(self, values: Array) -> Array:
        """By how much what facts are about lies outside of their limits, shape as given; 0 within."""
        return np.asarray(np.maximum(np.maximum(self.lows - values, values - self.highs), 0.0))

    def _left(self) -> tuple[Array, Array]:
        """Points that may meet all facts, and by how many standard deviations each is thought to miss.

        A fact that no point meets so far doesn't count, or the others were missed for its sake.
        """
        met = (self._outside(self.runs.mean(axis=1)) == 0.0).any(axis=0)
        counted = met if met.any() else np.ones_like(met)
        active = screened(self.at, self.runs)
        emulator = Emulator(self.at[:, active], self.runs)
        basis = emulator.basis

        def far(points: Array) -> Array:
            mean, variance = emulator.at(points)
            values = basis.centre + basis.scale * (mean @ basis.vectors.T)
            luck = (basis.vectors**2 @ np.diag(basis.luck)) / JUDGED
            unsure = basis.scale * np.sqrt(variance @ (basis.vectors**2).T + luck)
            return np.asarray((self._outside(values) / np.maximum(unsure, LEAST))[:, counted].max(axis=1))

        start = qmc.Sobol(active.size, seed=self.rng).random(PARTICLES)
        points = narrowed(far, start, self.rng).points
        whole = np.tile(self.assumed, (len(points), 1))  # what matters little stays as it was assumed
        whole[:, active] = points
        return whole, far(points)


def only_for_facts(case: Scenario) -> Scenario:
    """Without arms that no fact speaks of, and so without the numbers that are theirs alone."""
    spoken = {case.baseline, *case.equal_budget}
    for fact in case.facts.values():
        spoken |= {str(q.arm) for q in (fact.expect, fact.expect.ratio_to) if q and q.arm}
    return case.without_arms(*(arm for arm in case.arms if arm not in spoken))


def limits_aimed_at(fact: Fact) -> tuple[float, float]:
    """A fact's limits, somewhat nearer to what was observed, on the scale of `logged`."""
    low, high = (logged(np.array(end), fact) for end in limits(fact.expect))
    observed = logged(np.array(fact.observed), fact)
    ends = [float(end + INSIDE * (observed - end)) if np.isfinite(end) else float(end) for end in (low, high)]
    return ends[0], ends[1]


def logged(values: Array, fact: Fact) -> Array:
    """On a scale on which as many times too much is as far off as too little; where 0 was observed, as they are."""
    if fact.observed <= 0.0:
        return np.asarray(values / (abs(fact.observed) or 1.0))
    return np.asarray(np.log(np.maximum(values / fact.observed, LEAST)))


def unlogged(value: float, fact: Fact) -> float:
    """Back from the scale of `logged`."""
    return value * (abs(fact.observed) or 1.0) if fact.observed <= 0.0 else float(np.exp(value)) * fact.observed


def not_met(case: Scenario, changes: dict[str, float], seed: int) -> int:
    """How many facts aren't met at one point; more than there are for what is no scenario."""
    try:
        return sum(verdict.status != "holds" for verdict in _verdicts(case.replace(changes), seed, 1))
    except (ScenarioError, CannotEqualiseError):
        return len(case.facts) + 1


def measure(case: Scenario, changes: dict[str, float], number: int, seed: int) -> Array:
    """What facts are about at a point, on the scale of `logged`, `(replicates, facts)`; NaN for what is no scenario.

    Each point has random numbers of its own, by its number.
    """
    nothing = np.full((REPLICATES, len(case.facts)), np.nan)
    replicates = range(REPLICATES * number, REPLICATES * (number + 1))
    try:
        there = case.replace(changes)
        without = against_no_pools(case.facts.values())
        found = Measures(compare(there, replicates, seed, workers=1, without_pools=without))
    except (ScenarioError, CannotEqualiseError):
        return nothing
    values = [logged(estimate_of(fact.expect, found).by_replicate, fact) for fact in case.facts.values()]
    return np.stack(values, axis=1)
