"""Which defaults could have brought about what is published? The fit of `calibrate`, to the used results of the page.

    python docs/generate_defaults.py FOLDER [--workers 2] [--waves 1]

Unknown are the defaults that had been chosen by results of docs/validation.md, each within its plausible range
(`trafficsim.study.ranges`); data are the results that were used, never those set aside. What is run is kept in FOLDER,
so that an interrupted run goes on. It writes `defaults_fit.json` beside this file, which docs/validation.md tells.

How a result counts. A number is told in half-widths of its band, 0 in the middle; two standard deviations lie at the
ends (`TOLERATED`), times what the fit finds model and world to differ by. Of a direction only the wrong side counts.
Further off than three half-widths is as wrong as three (tanh), or a rule that the model lacks would choose its numbers.
Each published number has luck of its own, too.
"""

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import validation_worlds  # noqa: E402 - stands beside this script
from generate_validation import CHECKS, estimated, passes, summed  # noqa: E402
from validation_targets import TARGETS, Target  # noqa: E402

from trafficsim.compiled import code_version  # noqa: E402
from trafficsim.files.whole import write_whole  # noqa: E402
from trafficsim.study.fitting import REPLICATES, Fit, Summaries, fit  # noqa: E402
from trafficsim.study.matching import OFF  # noqa: E402
from trafficsim.study.ranges import DEFAULTS  # noqa: E402
from trafficsim.study.uncertain import numbers  # noqa: E402

Array = NDArray[np.float64]
UNKNOWN = (
    "advertising.*.notice",
    "hooks.*.intercept",
    "customers.memory.interest_half_life_days",
    "customers.memory.novelty",
    "customers.memory.opens_shape",
    "customers.memory.opens_with_need",
    "customers.memory.days_to_return",
    "customers.memory.usual_discount",
    "leaving.hazard",
    "posts.*.used_late",
    "purchasing.per_price",
    "word_of_mouth.teller_trust",
)
"""Defaults that results of the page had decided on, as far as `ranges` has them."""
USED = tuple(target for target in TARGETS if target.used)
SEED = 20261130
SHARE_OF_SEEDS = 16
"""A run of a point has a sixteenth of a check's seeds, and one at least."""
TOLERATED = 0.5
"""Half-widths of a band that make a standard deviation."""
USUAL = 0.2
"""The discrepancy of `matching.OFF` that stands for `TOLERATED`; the fit weighs smaller and larger ones."""
OWN_LUCK = 0.25
"""Standard deviation of a published number's own luck, in half-widths (assumed)."""
WORST = 3.0
"""Half-widths from which on off is off."""
DIRECTION = 0.05
"""Half-width of a direction, as a share of what it is above or below (assumed); of 0: as it is."""
FIRST_SEED = 1_000
"""Seeds that the page has not."""
AGAIN = 8
"""Times that the shipped defaults are run, like points."""
PERCENTILES = (0.05, 0.5, 0.95)


def off(target: Target, value: float) -> float:
    """By how many half-widths of its band a number lies off the middle, or a direction on the wrong side."""
    if not math.isfinite(value):
        return WORST
    if math.isinf(target.high):
        apart = min(0.0, (value - target.low) / (DIRECTION * abs(target.low) or DIRECTION))
    elif target.whole:
        apart = max(0.0, (value - target.high) / (DIRECTION * target.high))
    else:
        apart = (value - (target.low + target.high) / 2.0) / ((target.high - target.low) / 2.0)
    return WORST * math.tanh(apart / WORST)


@contextmanager
def tried(values: dict[str, float]) -> Iterator[None]:
    """Let all checks have these defaults."""
    validation_worlds.TRIED.update(values)
    try:
        yield
    finally:
        validation_worlds.TRIED.clear()


def with_used() -> tuple[str, ...]:
    """The checks that have a result that was used."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {name: check.found(check.once(0)) for name, check in CHECKS.items()}
    return tuple(name for name in CHECKS if any(target.key in found[name] for target in USED))


def run_point(values: dict[str, float], number: int, names: tuple[str, ...]) -> Array:
    """The used results of a point's runs, in half-widths, `(replicates, results)`; each run has seeds of its own."""
    with tried(values):
        runs = [run_once(replicate, names) for replicate in range(REPLICATES * number, REPLICATES * (number + 1))]
    own = np.random.default_rng(number).normal(0.0, OWN_LUCK, (REPLICATES, len(USED)))
    return np.array(runs) + own


def run_once(replicate: int, names: tuple[str, ...]) -> list[float]:
    """One run of these checks."""
    found: dict[str, float] = {}
    for check in (CHECKS[name] for name in names):
        many = max(1, check.seeds // SHARE_OF_SEEDS)
        seeds = range(FIRST_SEED + many * replicate, FIRST_SEED + many * (replicate + 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            found |= check.found(np.sum([check.once(seed) for seed in seeds], axis=0))
    return [off(target, found[target.key]) for target in USED]


def shipped() -> dict[str, float]:
    """The defaults as they are, of a scenario that leaves all of them alone."""
    club: dict[str, Any] = {
        "places__club": {"kind": "pool", "form": "group", "open_rate": 0.3},
        "hooks": {"join": {"at": "shop", "into": "club", "gives": "coupon"}},
    }
    of = validation_worlds.mature(posts={"club": {"per_week": 1}}, **club)
    found = {number.path: number.value for number in numbers(of)}
    return {path: found[path] for path in UNKNOWN}


class Simulator:
    """Runs points of the unit cube, each kept in a folder as soon as it is done."""

    def __init__(self, folder: Path, pool: Executor) -> None:
        self.folder, self.pool, self.names = folder, pool, with_used()

    def values(self, points: Array) -> Array:
        """The defaults at points, even over their plausible ranges: shape `(points, unknowns)`."""
        ends = np.array([(DEFAULTS[path].low, DEFAULTS[path].high) for path in UNKNOWN])
        return np.asarray(ends[:, 0] + points * (ends[:, 1] - ends[:, 0]))

    def share(self, values: dict[str, float]) -> Array:
        """The point of the cube with these values, `(unknowns,)`."""
        return np.array([(values[p] - DEFAULTS[p].low) / (DEFAULTS[p].high - DEFAULTS[p].low) for p in UNKNOWN])

    def __call__(self, points: Array, first: int) -> Array:
        """Results of points, the first of which has this number: `(points, replicates, results)`."""
        jobs = {k: self._path(first + k, of) for k, of in enumerate(self.values(points))}
        waiting = {}
        for k, path in jobs.items():
            if not path.is_file():
                values = dict(zip(UNKNOWN, self.values(points)[k].tolist(), strict=True))
                waiting[k] = self.pool.submit(run_point, values, first + k, self.names)
        for done, (k, job) in enumerate(waiting.items(), 1):
            found = job.result()
            with jobs[k].with_suffix(".part").open("wb") as file:
                np.save(file, found)
            jobs[k].with_suffix(".part").replace(jobs[k])
            sys.stderr.write(f"\r{first} + {done} of {len(waiting)} points")
        return np.stack([np.load(path) for path in jobs.values()])

    def _path(self, number: int, values: Array) -> Path:
        return self.folder / f"{number:04d}-{code_version()}-{hashlib.sha256(values.tobytes()).hexdigest()[:12]}.npy"


def told(found: Fit, values: Array, now: dict[str, float]) -> dict[str, Any]:
    """What is plausible of each default, and where it stands: percentiles, and how much of its range is left."""
    by_path = {}
    for k, path in enumerate(UNKNOWN):
        order = np.argsort(values[:, k])
        share = np.cumsum(found.weights[order]) - found.weights[order] / 2.0
        low, middle, high = np.interp(PERCENTILES, share, values[order, k])
        ends = DEFAULTS[path].low, DEFAULTS[path].high
        by_path[path] = {
            "range": ends,
            "low": low,
            "middle": middle,
            "high": high,
            "left": (high - low) / (PERCENTILES[2] - PERCENTILES[0]) / (ends[1] - ends[0]),
            "now": now[path],
            "below": float(found.weights[values[:, k] < now[path]].sum()),
        }
    return by_path


def outside(runs: Array) -> Array:
    """Share of results outside their bands, at each point: shape `(points,)`."""
    return np.asarray((np.abs(runs.mean(axis=1)) > WORST * math.tanh(1.0 / WORST)).mean(axis=1))


def passing(values: dict[str, float], pool: Executor) -> dict[str, bool]:
    """Which used results pass with these defaults, with all seeds."""
    found = pool.map(passing_of, [values] * len(CHECKS), CHECKS)
    return {key: of for each in found for key, of in each.items()}


def passing_of(values: dict[str, float], name: str) -> dict[str, bool]:
    """The same of one check."""
    with tried(values), ThreadPoolExecutor(1) as pool:
        found = estimated(name, summed(name, pool))
    return {target.key: bool(passes(target, found[target.key])) for target in USED if target.key in found}


def against(before: dict[str, bool], after: dict[str, bool]) -> dict[str, Any]:
    """What passes of `after`, and what turns, with the probability that as many turn so one-sidedly by chance."""
    gained = [key for key in before if after[key] and not before[key]]
    lost = [key for key in before if before[key] and not after[key]]
    turned = len(gained) + len(lost)
    chance = float(binomtest(len(gained), turned).pvalue) if turned else 1.0
    return {"passes": sum(after.values()), "gained": gained, "lost": lost, "by_chance": chance}


def main() -> None:
    """Fit, try what was found with all seeds, and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--waves", type=int, default=1)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    many, now = len(USED), shipped()
    each_by_itself = np.stack([np.zeros(many), np.arange(many, dtype=float)], axis=1)
    slopes = np.full(many, TOLERATED / USUAL)
    summaries = Summaries(np.zeros(many), slopes, each_by_itself, np.ones(many, np.bool_), 1.0)
    with ProcessPoolExecutor(given.workers) as pool:
        simulator = Simulator(given.folder, pool)
        found = fit(simulator, len(UNKNOWN), summaries, SEED, given.waves)
        as_shipped = simulator(np.tile(simulator.share(now), (AGAIN, 1)), found.worlds // REPLICATES)
        values = simulator.values(found.points)
        middle = dict(zip(UNKNOWN, (found.weights @ values).tolist(), strict=True))
        best = dict(zip(UNKNOWN, values[int(np.argmax(found.logs))].tolist(), strict=True))
        before, *after = (passing(of, pool) for of in (now, middle, best))
    out = {
        "numbers": told(found, values, now),
        "results": many,
        "worlds": found.worlds,
        "waves": [asdict(wave) for wave in found.waves],
        "effective": found.effective,
        "off": dict(
            zip(
                [f"{of.size * TOLERATED / USUAL:g}{' lasting' * of.lasts}" for of in OFF],
                (found.weights @ found.off).tolist(),
                strict=True,
            )
        ),
        "outside": {
            "plausible": np.quantile(outside(found.runs), PERCENTILES).tolist(),
            "now": float(outside(as_shipped).mean()),
        },
        "tried": {
            name: {"values": of, **against(before, passed)}
            for name, of, passed in zip(("middle", "likeliest"), (middle, best), after, strict=True)
        },
        "passes": sum(before.values()),
    }
    write_whole(HERE / "defaults_fit.json", json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
