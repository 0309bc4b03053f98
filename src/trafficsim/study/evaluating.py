"""evaluate: all arms of a scenario at points of one's own, each with the same customers and random numbers.

What is kept of a point is a few numbers, in memory and in its file, so that there may be many.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from trafficsim.books.metrics import METRICS, Quantity, metric, quantities
from trafficsim.compiled import code_version
from trafficsim.engine.ensemble import run_replicate
from trafficsim.engine.running import ALL_AT_HAND, Running
from trafficsim.files.sealed import keep, kept
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.results import measures
from trafficsim.results.about import EqualBudget, written
from trafficsim.scenario import GivenScenario, Scenario, ScenarioError, estimate, scenario_from
from trafficsim.scenario.claim_checks import RATIOS
from trafficsim.scenario.moving import Moving
from trafficsim.scenario.needs import PILOTS
from trafficsim.study.dataset import counted, named_entries, totalled
from trafficsim.study.equal_money import CannotEqualiseError, about_equal, equalise
from trafficsim.study.measuring import daily
from trafficsim.study.notebook import progress
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

CENTS = 100.0
Array = NDArray[np.float64]
Point = Mapping[str, Any]
"""Values of settings as `Scenario.replace` takes them: `{"product.price": 90, "private:posts.club.per_week": 3}`."""


@dataclass(frozen=True)
class Asked:
    """What is kept of each point: metrics of the whole run, and series of numbers of each day."""

    metrics: tuple[str, ...]
    daily: tuple[str, ...] = ()

    def shapes(self, scenario: Scenario, replicates: int) -> dict[str, tuple[int, ...]]:
        """Of the arrays of a point: `metrics` (2, metrics, arms, replicates), `daily` (series, arms, replicates, days).

        First of `metrics` is what is averaged, then what the mean of that is divided by: ones for what is no ratio.
        """
        arms = len(scenario.arms)
        return {
            "metrics": (2, len(self.metrics), arms, replicates),
            "daily": (len(self.daily), arms, replicates, scenario.days),
        }


@dataclass(frozen=True)
class Design:
    """A scenario at many points, and how each is run.

    `how` is what the scenario's numbers are moved by (see `Scenario.moving`), `guess` the factors of advertising to try
    first where arms are made to spend the same, `pilots` the replicates that tell what they spend.
    """

    scenario: Scenario
    points: Sequence[Point]
    asked: Asked
    replicates: int
    seed: int
    how: Moving | None = None
    guess: Mapping[str, float] = field(default_factory=dict)
    pilots: int = PILOTS


@dataclass(frozen=True)
class Found:
    """What came of a point (see `Asked.shapes`), or in one sentence why nothing did."""

    metrics: Array
    daily: Array
    problem: str = ""

    @property
    def by_replicate(self) -> Array:
        """Metrics of each replicate, `(metrics, arms, replicates)`; NaN for a ratio that has no value."""
        above, below = self.metrics
        return np.asarray(above / np.where(below == 0.0, np.nan, below))


def evaluate(
    scenario: GivenScenario,
    points: Sequence[Point] | pd.DataFrame,
    outputs: Sequence[str],
    *,
    replicates: int = 2,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> xr.Dataset:
    """Run all arms of a scenario at points of one's own, all with the same customers and random numbers.

    Args:
        scenario: as for `compare`.
        points: settings by path for each point (`arm:path` for one arm), or a table with a column for each setting.
        outputs: metrics of the whole run by name (`profit`, `new_customers`); and numbers of each day, with `daily.`
            before the name of a flow or level that a claim could speak of (`daily.orders`, `daily.members.club`).
        replicates: of each point.
        seed: random seed; with a replicate's number it decides the population and all draws, at every point alike.
        workers: number of threads (default: CPU count). The result does not depend on it.
        executor: any `concurrent.futures.Executor` to use instead.
        folder: where finished points are saved, a small file each, to resume after an interruption.
        done: progress callback, called with how many points are done, after each.

    Returns:
        a variable for each output: a metric `(point, arm, replicate)`, in currency units or counts (of a ratio, that of
        the replicate; NaN where it has none), a series `(point, arm, replicate, day)`. The settings are coordinates of
        `point`, whole as they were given; `problem` tells why a point has no numbers ("" where it has).

    Raises:
        ScenarioError: before anything runs, for a point that is no scenario.
        ValueError: for replicates, a seed or workers that can't be, and no points.
        KeyError: for an unknown output.
    """
    scenario = scenario_from(scenario)
    given = points.to_dict("records") if isinstance(points, pd.DataFrame) else [dict(point) for point in points]
    asked.whole("points", len(given), 1)
    wanted = asked_of(scenario, outputs)
    replicates, seed = asked.whole("replicates", replicates, 1), asked.seed(seed)
    design = Design(scenario, given, wanted, replicates, seed, moving_of(scenario, given))
    for point in given:
        scenario.moved(design.how, point)  # refused before anything runs
    with progress(len(given), done, "points", adds_up=True) as told:
        found = run_design(design, Running(workers, executor, folder, told))
    return _dataset(design, found)


def asked_of(scenario: Scenario, outputs: Iterable[str]) -> Asked:
    """What is asked for by names, checked.

    Raises:
        KeyError: for what there is not.
    """
    names = list(outputs)
    series = [name.removeprefix("daily.") for name in names if name.startswith("daily.")]
    totals = [metric(name).name for name in names if not name.startswith("daily.")]
    for name in series:
        quantity_of(scenario, name)
    return Asked(tuple(totals), tuple(series))


def quantity_of(scenario: Scenario, name: str) -> tuple[Quantity, str]:
    """A series by the name that claims have for it, and which entry is meant."""
    known = quantities(counters_of(scenario.own))
    flows = [q.name for q in known.values() if q.over != "run" and q.name not in RATIOS]
    quantity, entry = known[asked.one_of("daily series", name.partition(".")[0], flows)], name.partition(".")[2]
    if entry:
        there = named_entries(scenario).get("place" if quantity.by == "pool" else quantity.by, ())
        asked.one_of(f"entry of {quantity.name}", entry, [each.removeprefix("day ") for each in there])
    return quantity, entry


def moving_of(scenario: Scenario, points: Sequence[Point]) -> Moving | None:
    """How the scenario moves between points that give the same settings; None if each has to be read by itself."""
    known = {path: s.value for path, s in scenario.settings().items()}
    known |= {f"{arm}:{path}": s.value for arm in scenario.arms for path, s in scenario.settings(arm).items()}
    keys = dict.fromkeys(key for point in points for key in point)
    if len(points) < 2 or any(len(point) != len(keys) for point in points):
        return None
    other = {key: next((p[key] for p in points if p[key] != known.get(key)), None) for key in keys}
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in other.values()):
        return None
    try:
        return scenario.moving(other)
    except ScenarioError:
        return None


def run_design(design: Design, running: Running = ALL_AT_HAND) -> list[Found]:
    """Run the points of a design; the unit of work is a point with all its replicates, arm after arm.

    Where there are fewer points than threads, it is one replicate of a point, unless arms are made to spend the same,
    which takes longer than a replicate.

    Args:
        design: what to run, all points of which are scenarios.
        running: how. Finished points are saved in its folder, a file each: what is there of the same scenario, point,
            seed, replicates, outputs and version is read, not run. `done` is called with how many points are done.

    Raises:
        ScenarioError: if it needs more memory than the machine has.
    """
    estimate(design.scenario, min(running.many, len(design.points)), running.many, without_pools=False)
    identity = _identity(design)
    found: dict[int, Found] = {}
    if running.folder:
        saved = {n: _kept(running.folder, design, identity, point) for n, point in enumerate(design.points)}
        found = {n: there for n, there in saved.items() if there is not None}
        if found:
            running.tell(len(found))
    todo, one = [n for n in range(len(design.points)) if n not in found], replace(design, points=())
    parts = _parts(design, len(todo), running.many)
    jobs = {(n, part): (one, design.points[n], part) for n in todo for part in parts}
    waiting: dict[int, dict[range, Found]] = {n: {} for n in todo}
    for (n, part), there in running.side_by_side(_run_point, jobs, [design.scenario]):
        waiting[n][part] = there
        if len(waiting[n]) < len(parts):
            continue
        found[n] = _together([waiting[n][each] for each in parts])
        del waiting[n]
        if running.folder and not found[n].problem:
            _keep(running.folder, identity, design.points[n], found[n])
        running.tell(len(found))
    return [found[n] for n in range(len(design.points))]


def _parts(design: Design, points: int, many: int) -> list[range]:
    """The replicates of a point as they are handed to threads."""
    if points >= many or design.scenario.equal_budget:
        return [range(design.replicates)]
    return [range(replicate, replicate + 1) for replicate in range(design.replicates)]


def _together(parts: Sequence[Found]) -> Found:
    metrics = np.concatenate([part.metrics for part in parts], axis=3)
    series = np.concatenate([part.daily for part in parts], axis=2)
    return Found(metrics, series, next((part.problem for part in parts if part.problem), ""))


def _run_point(design: Design, point: Point, replicates: range) -> Found:
    """Some replicates of a point."""
    shapes = design.asked.shapes(design.scenario, len(replicates))
    scenario, equal = design.scenario.moved(design.how, point), None
    if scenario.equal_budget:
        try:
            equal = equalise(scenario, design.seed, design.guess or None, design.pilots)
        except CannotEqualiseError as error:
            return Found(np.full(shapes["metrics"], np.nan), np.full(shapes["daily"], np.nan), str(error))
    runs = partial(_run_replicate, equal.scenario if equal else scenario, about_equal(equal), design)
    totals, series = zip(*[runs(replicate) for replicate in replicates], strict=True)
    return Found(np.stack(totals, axis=3), np.stack(series, axis=2))


def _run_replicate(
    scenario: Scenario, equal: EqualBudget | None, design: Design, replicate: int
) -> tuple[Array, Array]:
    """Metrics `(2, metrics, arms)` and series `(series, arms, days)` of a replicate."""
    ran = [run_replicate(scenario, design.seed, replicate, without_pools=False)]
    data = counted(scenario, ran) if design.asked.daily else totalled(scenario, ran)
    days = measures.daily(data.assign_attrs(written(equal_budget=equal)))
    totals = [_total(days, name, scenario.baseline) for name in design.asked.metrics]
    series = [_series(data, days, *quantity_of(scenario, name)) for name in design.asked.daily]
    arms = len(scenario.arms)
    return (
        np.stack(totals, axis=1) if totals else np.empty((2, 0, arms)),
        np.stack(series) if series else np.empty((0, arms, scenario.days)),
    )


def outcome_of(design: Design, replicate: int) -> tuple[Array, Array]:
    """A replicate of the scenario itself: sums behind metrics `(metrics, arms)`, and series `(series, arms, days)`."""
    totals, series = _run_replicate(design.scenario, None, design, replicate)
    return np.asarray(totals[0]), series


def total_of(design: Design, replicate: int) -> Array:
    """The first metric that is asked for, of a replicate of the scenario itself, `(arms,)`."""
    return np.asarray(outcome_of(design, replicate)[0][0])


def _total(days: xr.Dataset, name: str, baseline: str) -> Array:
    above, below = measures.totals(days, name, baseline)
    parts = above / metric(name).divisor, xr.ones_like(above) if below is None else below
    return np.stack([part.isel(replicate=0).to_numpy().astype(np.float64) for part in parts])


def _series(data: xr.Dataset, days: xr.Dataset, quantity: Quantity, entry: str) -> Array:
    cents = CENTS if quantity.unit.startswith("money") else 1.0
    found = daily(data, days, quantity, entry)
    return np.asarray(found.isel(replicate=0).transpose("arm", "day").to_numpy(), np.float64) / cents


def _dataset(design: Design, found: Sequence[Found]) -> xr.Dataset:
    scenario = design.scenario
    coords: dict[str, Any] = {
        "point": np.arange(len(found)),
        "arm": list(scenario.arms),
        "replicate": np.arange(design.replicates),
    }
    if design.asked.daily:
        coords["day"] = np.arange(scenario.days)
    keys = dict.fromkeys(key for point in design.points for key in point)
    coords |= {key: ("point", [point.get(key) for point in design.points]) for key in keys}
    variables: dict[str, Any] = {
        name: (("point", "arm", "replicate"), np.stack([each.by_replicate[n] for each in found]))
        for n, name in enumerate(design.asked.metrics)
    }
    variables |= {
        f"daily.{name}": (("point", "arm", "replicate", "day"), np.stack([each.daily[n] for each in found]))
        for n, name in enumerate(design.asked.daily)
    }
    variables["problem"] = ("point", [each.problem for each in found])
    about = {"scenario": scenario.name, "currency": scenario.currency, "seed": design.seed}
    return xr.Dataset(variables, coords, about)


def _identity(design: Design) -> str:
    """What all points of a design have in common that decides their numbers."""
    named = {each.name: each.ratio for each in METRICS if each.name in design.asked.metrics}
    asked_for = json.dumps([named, design.asked.daily, dict(design.guess), design.pilots], sort_keys=True)
    return f"{design.scenario.digest} {design.seed} {design.replicates} {code_version()} {asked_for}"


def _path(folder: Path, identity: str, point: Point) -> tuple[Path, str]:
    whole = f"{identity} {json.dumps(dict(point), sort_keys=True, default=str)}"
    return folder / f"{hashlib.sha256(whole.encode()).hexdigest()[:24]}.point", whole


def _keep(folder: Path, identity: str, point: Point, found: Found) -> None:
    path, whole = _path(folder, identity, point)
    keep(path, whole, {"metrics": found.metrics, "daily": found.daily})


def _kept(folder: Path, design: Design, identity: str, point: Point) -> Found | None:
    path, whole = _path(folder, identity, point)
    arrays = kept(path, whole, design.asked.shapes(design.scenario, design.replicates))
    return None if arrays is None else Found(arrays["metrics"], arrays["daily"])
