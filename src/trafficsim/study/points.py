"""Scenarios at all their replicates, each saved as soon as it is done: what sweeps and solving are made of."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from trafficsim.books.metrics import METRICS, Metric
from trafficsim.books.metrics import metric as metric_of
from trafficsim.compiled import code_version
from trafficsim.engine.ensemble import run_replicate
from trafficsim.engine.running import ALL_AT_HAND, Running
from trafficsim.files.sealed import keep, kept
from trafficsim.results import measures
from trafficsim.results.about import EqualBudget, written
from trafficsim.results.estimates import Estimate
from trafficsim.scenario import Scenario, estimate
from trafficsim.scenario.needs import sweep_beyond_memory
from trafficsim.study.dataset import totalled
from trafficsim.study.equal_money import about_equal, equalise
from trafficsim.study.varying import SweepError

Numbers = NDArray[np.float64]
"""Every metric of a point, in currency units and counts: shape `(2, metrics, arms, replicates)`.

First what is averaged, then what the mean of that is divided by: ones for what is no ratio.
"""


def run_points(
    scenarios: Sequence[Scenario],
    replicates: int,
    seed: int,
    running: Running = ALL_AT_HAND,
) -> list[Numbers]:
    """Run all arms of each scenario with common random numbers; the unit of work is a replicate of a scenario.

    Args:
        scenarios: what to run; one with `equal_budget` is equalised first.
        replicates: of each.
        seed: decides, with a replicate's number, all random numbers.
        running: how. Finished scenarios are saved in its folder, a file each: what is there of the same scenario, seed,
            replicates and version is read, not run; anything else is not trusted. `done` is called with how many units
            are done, after each.

    Raises:
        ScenarioError: for a scenario that needs more memory than the machine has.
        SweepError: for so many scenarios or replicates that they don't fit into it.
        CannotEqualiseError: if `equal_budget` asks for what no advertising budget can bring about.
    """
    if too_many := sweep_beyond_memory(len(scenarios), replicates):
        raise SweepError(too_many)
    folder = running.folder
    for one in scenarios:
        estimate(one, running.many, running.many, without_pools=False)
    kept_ = {n: _kept(folder, one, replicates, seed) for n, one in enumerate(scenarios) if folder}
    found = {n: there for n, there in kept_.items() if there is not None}
    units = len(found) * replicates
    if units:
        running.tell(units)
    prepared = {n: _equalised(one, seed, running) for n, one in enumerate(scenarios) if n not in found}
    jobs = {(n, r): (*prepared[n], seed, r) for n in prepared for r in range(replicates)}
    waiting: dict[int, dict[int, xr.Dataset]] = {n: {} for n in prepared}
    for (n, r), series in running.side_by_side(run_series, jobs, scenarios):
        waiting[n][r] = series
        if len(waiting[n]) == replicates:
            found[n] = numbers([part for _, part in sorted(waiting.pop(n).items())], scenarios[n].baseline)
            if folder:
                _keep(folder, scenarios[n], replicates, seed, found[n])
        units += 1
        running.tell(units)
    return [found[n] for n in range(len(scenarios))]


def run_series(scenario: Scenario, equal: EqualBudget | None, seed: int, replicate: int) -> xr.Dataset:
    """The daily series of all arms of one replicate (see `measures.daily`): little enough to hold many of them."""
    data = totalled(scenario, [run_replicate(scenario, seed, replicate, without_pools=False)])
    return measures.daily(data.assign_attrs(written(equal_budget=equal)))


def numbers(series: Sequence[xr.Dataset], baseline: str) -> Numbers:
    """Every metric over the replicates, in their order."""
    days = xr.concat(
        series,
        "replicate",
        data_vars="minimal",
        coords="minimal",
        compat="override",
        join="override",
        combine_attrs="override",
    )
    return np.stack([_totals(days, entry, baseline) for entry in METRICS], axis=1)


def _totals(days: xr.Dataset, entry: Metric, baseline: str) -> Numbers:
    above, below = measures.totals(days, entry.name, baseline)
    parts = above / entry.divisor, xr.ones_like(above) if below is None else below
    return np.stack([part.transpose("arm", "replicate").to_numpy() for part in parts])


def estimates(above: Numbers, below: Numbers, metric: str) -> list[Estimate]:
    """A metric of each arm, or at each point, from totals `(arms, replicates)` or `(points, replicates)`."""
    ratio = metric_of(metric).ratio is not None
    return [Estimate(a, b if ratio else None) for a, b in zip(above, below, strict=True)]


def _equalised(scenario: Scenario, seed: int, running: Running) -> tuple[Scenario, EqualBudget | None]:
    """The scenario as it is run, and how its arms were made to spend the same."""
    equal = equalise(scenario, seed, running=running) if scenario.equal_budget else None
    return equal.scenario if equal else scenario, about_equal(equal)


def _keep(folder: Path, scenario: Scenario, replicates: int, seed: int, found: Numbers) -> None:
    keep(_path(folder, scenario, replicates), _identity(scenario, replicates, seed), {"numbers": found})


def _kept(folder: Path, scenario: Scenario, replicates: int, seed: int) -> Numbers | None:
    shapes = {"numbers": (2, len(METRICS), len(scenario.arms), replicates)}
    arrays = kept(_path(folder, scenario, replicates), _identity(scenario, replicates, seed), shapes)
    return None if arrays is None else arrays["numbers"]


def _path(folder: Path, scenario: Scenario, replicates: int) -> Path:
    return folder / f"{scenario.digest[:16]}_{replicates}.point"


def _identity(scenario: Scenario, replicates: int, seed: int) -> str:
    metrics = ",".join(f"{entry.name}:{entry.ratio}" for entry in METRICS)
    return f"{scenario.digest} {seed} {code_version()} {replicates} {metrics}"
