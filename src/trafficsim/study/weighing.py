"""sensitivity: the answer of a scenario over all that is assumed, in worlds drawn from what is plausible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from trafficsim.engine.running import Running
from trafficsim.results.uncertain import CONFIDENCE, Belief, Condition, Hinge, Lead, Limits, OfArm, Rule, Uncertain
from trafficsim.scenario import GivenScenario, Scenario, scenario_from
from trafficsim.scenario.needs import Needs, estimate_worlds
from trafficsim.study import hinging
from trafficsim.study.believing import belief, odds
from trafficsim.study.equal_money import CannotEqualiseError, equalise, factors_of
from trafficsim.study.evaluating import Asked, Design, Found, run_design
from trafficsim.study.examine import sampled
from trafficsim.study.notebook import progress
from trafficsim.study.one_thread import on_one_thread
from trafficsim.study.uncertain import Number
from trafficsim.study.worlds import Worlds, plausible_worlds, to_draw
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

if TYPE_CHECKING:
    from trafficsim.results import Result

WORLDS = 256
REPLICATES = 2
"""Of each world: the fewest that tell random variation from assumptions."""
CUSTOMERS = 10_000
"""Customers simulated in a world, each standing for as many as it takes; what is sampled is random variation, of which
there is more, not what is assumed."""
PILOTS = 2
"""Replicates that tell what an arm spends where arms are to spend the same, half as many as for a comparison."""
BELIEFS = 3
"""Numbers of which is told for which beliefs about them the choice holds: as many as a reader keeps in mind."""
METRICS = ("profit", "revenue", "spend", "new_customers", "members", "orders")
"""What is kept of each world; the answer is about the first."""
Array = NDArray[np.float64]


class UncertainError(ValueError):
    """What is asked of plausible worlds can't be answered."""


@dataclass(frozen=True)
class Sensitivity:
    """What came of plausible worlds.

    Attributes:
        found: the answer.
        data: the sample: metrics `(point, arm, replicate)` in currency units and counts, and as `values` that of each
            uncertain number, `(point, number)`.
    """

    found: Uncertain
    data: xr.Dataset

    def table(self) -> pd.DataFrame:
        """A row for each uncertain number, that whose value is worth most to know first.

        Columns: number, value, low, high (the range), first and total (Sobol indices, with _low and _high), lead_low
        and lead_high (mean lead of `found.best` over `found.other` where the number is at the lower or upper end of
        90 % of worlds), worth (EVPPI, in currency units), chance (what it would come to by chance, in 95 % of cases).
        """
        return pd.DataFrame([_row(hinge) for hinge in self.found.by_worth])


def sensitivity(
    scenario: GivenScenario,
    worlds: int = WORLDS,
    replicates: int = REPLICATES,
    seed: int = DEFAULT_SEED,
    *,
    result: Result | None = None,
    customers: int = CUSTOMERS,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> Sensitivity:
    """Run all arms in plausible worlds, drawn from the ranges of all uncertain numbers, and tell what they come to.

    All worlds meet the same random numbers, and so do the arms of each.

    Worlds are those of a scrambled Sobol' sequence (Sobol' 1967, Owen 1998); what numbers weigh are Sobol' indices by a
    polynomial chaos (Sudret 2008), what knowing is worth as in Strong, Oakley and Brennan (2014).

    Args:
        scenario: with two arms or more, and uncertain numbers (see `uncertain.numbers`).
        worlds: how many, a power of two, 16 or more.
        replicates: of each world; from two on random variation is told from assumptions.
        seed: random seed, of the worlds and of the replicates.
        result: of the same scenario from `compare`: what the answer is as assumed. Without one it is about the arm that
            earns most on average over the worlds.
        customers: how many are simulated in a world at most; each then stands for several, and random variation is
            larger than it is for the scenario's own.
        workers: number of threads (default: CPU count). What is found does not depend on it.
        executor: any `concurrent.futures.Executor` to use instead.
        folder: where finished worlds are saved, to resume after an interruption.
        done: progress callback, called with how many worlds are done, after each.

    Returns:
        How often each arm is best, what each number weighs in the answer, and what knowing it would be worth, in
        currency units.

    Raises:
        ScenarioError: if there is no such scenario, or it has mistakes, or correlations that can't be.
        UncertainError: for a number of worlds that can't be, one arm alone, no uncertain numbers, or arms that can't be
            made to spend the same in most worlds.
        ValueError: for replicates, a seed or workers that can't be.
    """
    scenario = scenario_from(scenario)
    replicates, seed = asked.whole("replicates", replicates, 1), asked.seed(seed)
    asked.whole("customers", customers, 1)
    refuse(scenario, worlds)
    with _refused():
        drawn = plausible_worlds(sampled(scenario, customers), worlds, seed)
    with progress(len(drawn), done, "worlds", adds_up=True) as told:
        running = Running(workers, executor, folder, told)
        design = _design(drawn, replicates, seed, _factors(drawn.scenario, seed, result, running))
        found = run_design(design, running)
    return _told(drawn, design, found, result)


def refuse(scenario: Scenario, worlds: int) -> None:
    """Refuse what can't be asked, before anything is drawn or run.

    Raises:
        UncertainError: for one arm alone, no uncertain numbers, or a number of worlds that can't be.
        ScenarioError: for correlations that can't be.
    """
    with _refused():
        if len(scenario.arms) < 2:
            raise ValueError("uncertain: one arm alone has no lead that could be uncertain; give two arms or more")
        to_draw(scenario, worlds)


@contextmanager
def _refused() -> Iterator[None]:
    """What worlds can't be, told as what the user asked for."""
    try:
        yield
    except ValueError as error:
        if type(error) is ValueError:
            raise UncertainError(str(error)) from None
        raise


def foreseen(scenario: Scenario, worlds: int, workers: int | None = None) -> Needs:
    """What `sensitivity` would take.

    Raises:
        UncertainError: for worlds that can't be drawn.
        ScenarioError: if a world needs more memory than the machine has.
    """
    refuse(scenario, worlds)
    return estimate_worlds(sampled(scenario, CUSTOMERS), worlds, REPLICATES, PILOTS, Running(workers).many)


def _factors(scenario: Scenario, seed: int, result: Result | None, running: Running) -> Mapping[str, float]:
    """Factors of advertising to try first where arms spend the same: those of the scenario as it stands."""
    if not scenario.equal_budget:
        return {}
    if result:
        return factors_of(result)
    try:
        return equalise(scenario, seed, None, PILOTS, running).factors
    except CannotEqualiseError:  # each world tells by itself
        return {}


def _design(drawn: Worlds, replicates: int, seed: int, guess: Mapping[str, float]) -> Design:
    return Design(drawn.scenario, drawn.points, Asked(METRICS), replicates, seed, drawn.how, guess, PILOTS)


@on_one_thread()
def _told(drawn: Worlds, design: Design, found: Sequence[Found], result: Result | None) -> Sensitivity:
    data = _sample(drawn, design, found)
    ran = np.array([not each.problem for each in found])
    if ran.sum() < len(found) / 2:
        problem = next(each.problem for each in found if each.problem)
        raise UncertainError(f"uncertain: in {len(found) - ran.sum():,} of {len(found):,} worlds {problem}")
    profits = data["profit"].to_numpy()[ran]
    arms, mean = design.scenario.arms, profits.mean(axis=(0, 2))
    best, other = _pair(arms, mean, result)
    values = drawn.values[ran]  # noqa: PD011 - no table
    scaled = np.stack([number.scaled(column) for number, column in zip(drawn.numbers, values.T, strict=True)], axis=1)
    at = [arms.index(best), arms.index(other)]
    lead = profits[:, at[0]] - profits[:, at[1]]
    indices = hinging.indices(lead.mean(axis=1), scaled, design.seed)
    answer = Uncertain(
        best=best,
        other=other,
        worlds=int(ran.sum()),
        replicates=design.replicates,
        seed=design.seed,
        stands_for=drawn.scenario.plan(drawn.scenario.baseline).customers.each_stands_for,
        arms=tuple(_of_arm(arm, n, profits) for n, arm in enumerate(arms)),
        leads=tuple(_lead(profits, arms, best, arm, result) for arm in (other, *_rest(arms, best, other))),
        luck=hinging.luck(lead),
        evpi=hinging.perfect_information(profits),
        fit=indices.fit,
        hinges=tuple(_hinges(drawn.numbers, values, scaled, profits, at, indices, design.seed)),
        rules=tuple(_rules(drawn.numbers, values, hinging.best_in(profits.mean(axis=2))[:, at[0]] == 0.0)),
        odds=odds(profits.mean(axis=2), arms),
        impossible=drawn.impossible,
        because=drawn.because,
        failed=int((~ran).sum()),
    )
    return Sensitivity(replace(answer, beliefs=_beliefs(answer, values, scaled, profits.mean(axis=2))), data)


def _beliefs(answer: Uncertain, values: Array, scaled: Array, mean: Array) -> tuple[Belief, ...]:
    """About the numbers that the choice hinges on most, as far as they vary."""
    columns, arms = {hinge.path: n for n, hinge in enumerate(answer.hinges)}, [arm.arm for arm in answer.arms]
    varied = [hinge.path for hinge in answer.by_worth if np.ptp(values[:, columns[hinge.path]]) > 0.0]
    return tuple(
        belief(path, mean, values[:, columns[path]], scaled[:, columns[path]], arms) for path in varied[:BELIEFS]
    )


def _sample(drawn: Worlds, design: Design, found: Sequence[Found]) -> xr.Dataset:
    dims = ("point", "arm", "replicate")
    variables = {name: (dims, np.stack([each.by_replicate[n] for each in found])) for n, name in enumerate(METRICS)}
    coords = {
        "point": np.arange(len(found)),
        "arm": list(design.scenario.arms),
        "replicate": np.arange(design.replicates),
        "number": [number.path for number in drawn.numbers],
    }
    values = {"value": (("point", "number"), drawn.values)}  # noqa: PD011 - the same
    problems = {"problem": ("point", [each.problem for each in found])}
    return xr.Dataset({**variables, **values, **problems}, coords)


def _pair(arms: Sequence[str], mean: Array, result: Result | None) -> tuple[str, str]:
    """Which arm leads, and the nearest other: of the comparison, or those that earn most over the worlds."""
    if result is not None and (pair := result.leading_pair()) is not None:
        return pair
    first, second = np.argsort(-mean, kind="stable")[:2]
    return arms[first], arms[second]


def _rest(arms: Sequence[str], best: str, other: str) -> list[str]:
    return [arm for arm in arms if arm not in {best, other}]


def _limits(values: Array) -> Limits:
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(values.mean()), float(low), float(high)


def _of_arm(arm: str, number: int, profits: Array) -> OfArm:
    mean = profits.mean(axis=2)
    own, behind = mean[:, number], mean.max(axis=1) - mean[:, number]
    best, ends = hinging.best_in(mean)[:, number].mean(), (float(own.min()), float(own.max()))
    return OfArm(arm, float(best), _limits(own), float(behind.mean()), *ends, float(behind.max()))


def _lead(profits: Array, arms: Sequence[str], best: str, over: str, result: Result | None) -> Lead:
    mean = profits.mean(axis=2)
    lead = mean[:, arms.index(best)] - mean[:, arms.index(over)]
    amount = result.difference("profit", best, over, CONFIDENCE).amount if result else None
    assumed = (amount.middle, amount.low, amount.high) if amount else None
    return Lead(over, _limits(lead), assumed, float(np.mean(lead > 0.0)), float(lead.min()), float(lead.max()))


def _hinges(
    numbers: Sequence[Number],
    values: Array,
    scaled: Array,
    profits: Array,
    at: Sequence[int],
    indices: hinging.Indices,
    seed: int,
) -> list[Hinge]:
    mean = profits.mean(axis=2)
    lead, found = mean[:, at[0]] - mean[:, at[1]], []
    for n, number in enumerate(numbers):
        worth, chance = hinging.partial_information(mean, scaled[:, n], seed)
        ends, leads = hinging.at_ends(lead, values[:, n])
        first, total = indices.first[n], indices.total[n]
        within = (number.low, number.high)
        found.append(Hinge(number.path, number.value, within, first, total, ends, leads, worth, chance))
    return found


def _rules(numbers: Sequence[Number], values: Array, turned: NDArray[np.bool_]) -> list[Rule]:
    return [
        Rule(
            tuple(Condition(numbers[number].path, above, limit) for number, above, limit in leaf.conditions),
            leaf.density,
            leaf.coverage,
            leaf.worlds,
        )
        for leaf in hinging.turning(turned, values)
    ]


def _row(hinge: Hinge) -> dict[str, object]:
    first, total = (
        {f"{name}{end}": limit for end, limit in zip(("", "_low", "_high"), limits, strict=True)}
        for name, limits in (("first", hinge.first), ("total", hinge.total))
    )
    low, high = hinge.range
    leads = {"lead_low": hinge.leads[0], "lead_high": hinge.leads[1]}
    worth = {"worth": hinge.worth, "chance": hinge.chance}
    return {"number": hinge.path, "value": hinge.value, "low": low, "high": high, **first, **total, **leads, **worth}
