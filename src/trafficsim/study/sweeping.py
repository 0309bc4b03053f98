"""sweep: arms compared at many points of a few settings, for maps and break-even lines."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from trafficsim.books.metrics import METRICS, MetricName
from trafficsim.compiled import code_version
from trafficsim.engine.running import Running
from trafficsim.scenario import GivenScenario, Scenario, scenario_from
from trafficsim.scenario.needs import sweep_beyond_memory
from trafficsim.study.dataset import versions
from trafficsim.study.designs import Design, design_points
from trafficsim.study.equal_money import CannotEqualiseError
from trafficsim.study.evaluating import Array, Asked, Point, moving_of, run_design
from trafficsim.study.evaluating import Design as DesignOfPoints
from trafficsim.study.notebook import progress
from trafficsim.study.swept import SweepResult, pair_of
from trafficsim.study.varying import (
    SweepError,
    Values,
    described,
    points_of,
    varied,
)
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED


def sweep(
    scenario: GivenScenario,
    vary: Mapping[str, Values | None],
    *,
    with_: Mapping[str, str] | None = None,
    design: Design = "grid",
    points: int | None = None,
    arms: tuple[str, str] | None = None,
    metric: MetricName = "profit",
    replicates: int = 8,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> SweepResult:
    """Compare the arms of a scenario at every point of a design, each with the same customers and random numbers.

    Spread points are those of a Latin hypercube (McKay, Beckman and Conover 1979) or of a scrambled Sobol' sequence
    (Sobol' 1967, Owen 1998).

    Args:
        scenario: as for `compare`.
        vary: by setting (`arm:path` for one arm, `*` for any name), a list of levels, or a span: `(low, high)`,
            `(low, high, levels)`, with "log" at the end for equal ratios; None for the plausible range of an
            uncertain number.
        with_: settings that move with others: `{"product.unit_cost": "0.4*product.price"}`.
        design: "grid" for all combinations of levels; "latin" or "sobol" for `points` points spread over the spans.
        points: how many, unless the design is a grid.
        arms: the two arms that maps and tables compare, the first less the second; by default the only other arm less
            the baseline. All arms are run and saved.
        metric: what they are compared in, by default; all metrics are saved.
        replicates: at each point.
        seed: random seed, of the design and of the replicates.
        workers: number of threads (default: CPU count). The result does not depend on it.
        executor: any `concurrent.futures.Executor` to use instead.
        folder: where finished points are saved, to resume after an interruption: those of the same settings, seed and
            replicates that it already holds are not run again.
        done: progress callback, called with how many points are done, after each.

    Returns:
        Every metric of every arm at each point and replicate.

    Raises:
        ScenarioError: before anything runs, with what is wrong at any point.
        ValueError: for replicates or a seed that can't be.
        SweepError: for an unknown design, arm or metric.
        CannotEqualiseError: if `equal_budget` asks for what no advertising budget can bring about.
    """
    scenario = scenario_from(scenario)
    replicates, seed = asked.whole("replicates", replicates, 1), asked.seed(seed)
    axes, followers = varied(scenario, vary, with_ or {})
    pair_of(scenario.arms, scenario.baseline, arms, metric)
    at = design_points(axes, design, points, seed)
    running = Running(workers, executor, folder)
    given = points_of(scenario, axes, followers, at, running.many)
    with progress(len(given), done, "points", adds_up=True) as told:
        numbers = every_metric(scenario, given, replicates, seed, replace(running, done=told))
    about = {
        **about_scenario(scenario, seed, arms, metric),
        "design": design,
        "axes": json.dumps(described(axes)),
        "followers": json.dumps([str(follower) for follower in followers]),
        "settings": json.dumps([[point[axis.name] for axis in axes] for point in at]),
        "changes": json.dumps(given),
        "scenario_text": scenario.text,
        "digest": scenario.digest,
        "versions": json.dumps(versions()),
        "rules": code_version(),
    }
    return swept_result(scenario, numbers, about)


def swept_result(scenario: Scenario, numbers: Sequence[Array], about: Mapping[str, Any]) -> SweepResult:
    """The result of what `every_metric` found at each point, which says this about itself."""
    above, below = np.stack(numbers, axis=1)
    coords = {
        "point": np.arange(len(above)),
        "metric": [entry.name for entry in METRICS],
        "arm": list(scenario.arms),
        "replicate": np.arange(above.shape[-1]),
    }
    return SweepResult(xr.Dataset({"amount": (tuple(coords), above), "per": (tuple(coords), below)}, coords, about))


def every_metric(
    scenario: Scenario, points: Sequence[Point], replicates: int, seed: int, running: Running
) -> list[Array]:
    """Every metric at each point, `(2, metrics, arms, replicates)`: see `evaluating.Asked.shapes`.

    Raises:
        SweepError: for so many points or replicates that they don't fit into memory.
        CannotEqualiseError: if `equal_budget` asks for what no advertising budget can bring about.
    """
    if too_many := sweep_beyond_memory(len(points), replicates):
        raise SweepError(too_many)
    asked_for = Asked(tuple(entry.name for entry in METRICS))
    design = DesignOfPoints(scenario, points, asked_for, replicates, seed, moving_of(scenario, points))
    found = run_design(design, running)
    if problem := next((each.problem for each in found if each.problem), ""):
        raise CannotEqualiseError(problem)
    return [each.metrics for each in found]


def about_scenario(scenario: Scenario, seed: int, arms: tuple[str, str] | None, metric: str) -> dict[str, Any]:
    """What a sweep's data says about its scenario."""
    return {
        "title": scenario.title,
        "scenario": scenario.name,
        "currency": scenario.currency,
        "language": scenario.language,
        "days": scenario.days,
        "baseline": scenario.baseline,
        "seed": seed,
        "arms": json.dumps(arms),
        "compared": metric,
        "labels": json.dumps(dict(scenario.labels), ensure_ascii=False),
    }
