"""Does calibrate's 90 % interval hold the truth in nine of ten cases? Truths drawn from what is plausible say so.

Each truth is a restaurant whose five numbers are drawn from their ranges; its 26 weeks of counts are simulated with
random numbers that no fit uses, and fitted. Every fourth has a rule changed that the fit knows nothing of. What is done
is kept in a folder, so that the run can be stopped and goes on:

    python docs/generate_coverage.py FOLDER [--set trial|telling] [--truths 40] [--workers 2]

It writes `calibration_coverage_SET.json` beside this file, from which docs/calibration.md has its table.
"""

import argparse
import json
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from trafficsim.data.cells import DAYS_OF_WEEK
from trafficsim.engine import world
from trafficsim.files.whole import write_csv, write_whole
from trafficsim.scenario import Scenario, ScenarioError
from trafficsim.scenario.loading import load_text
from trafficsim.study.calibrating import calibrate
from trafficsim.study.tracking import Tracker
from trafficsim.study.uncertain import Changes, numbers

OUT = Path(__file__).parent
RESTAURANT = OUT.parent / "tests" / "data" / "cases" / "restaurant.yaml"
ARM, DAYS = "both", 182
SERIES = ("orders", "new_customers", "members.vip_group", "revenue")
SETS = {
    "trial": (
        6_000,
        (
            "customers.segments.neighbours.fit",
            "places.vip_group.open_rate",
            "customers.at_start.aware",
            "word_of_mouth.tell",
            "posts.street.reach",
        ),
    ),
    "telling": (
        30_000,
        (
            "hooks.*.intercept",
            "purchasing.intercept",
            "customers.at_start.bought",
            "customers.at_start.aware",
            "posts.street.reach",
        ),
    ),
}
"""How many customers there are and what is unknown: of few, numbers that hide behind each other; of many, numbers that
counts tell better."""
CHANGED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("a season: 30 % more in March and April", {"calendar.months": {"mar": 1.3, "apr": 1.3}}),
    ("no word of mouth", {"word_of_mouth": "off"}),
    ("nobody leaves the pool", {"leaving": "off"}),
    ("rivals pull", {"rivals.pull": 0.5}),
    ("a poorer product", {"product.quality": 0.5}),
    ("habits fade in half the time", {"customers.memory.acquaintance_half_life_days": 180.0}),
    ("twice as many leave", {"leaving.hazard": 0.02}),
    ("offers count for less", {"purchasing.per_price_deal": 2.75}),
    ("weekends are twice as busy", {"calendar.weekdays": {"sat": 2.0, "sun": 2.0}}),
    ("a choice with more variety", {"purchasing.channel_variety": 1.0}),
)
"""Rules that the fit does not know of."""
EVERY = 4
"""Every so many-th truth has a rule changed."""
SEED_OF_TRUTHS, SEED_OF_DATA = 20_261_129, 9_000


def case(customers: int) -> Scenario:
    """The restaurant that is fitted, with a range for each of the five numbers."""
    text = RESTAURANT.read_text("utf-8")
    text = text.replace("sources:\n", "sources:\n  word_of_mouth.tell: {assumed: true, range: [0.02, 0.4]}\n")
    return load_text(text, "restaurant").replace({"days": DAYS, "customers.count": customers, "equal_budget": []})


def truth(number: int, base: Scenario, unknown: tuple[str, ...]) -> tuple[dict[str, float], Scenario, str]:
    """The values of a truth, the first ones drawn that can be together, its scenario, and which rule it has changed."""
    drawn, random = [n for n in numbers(base) if n.path in unknown], np.random.default_rng([SEED_OF_TRUTHS, number])
    what, changed = CHANGED[number // EVERY % len(CHANGED)] if number % EVERY == EVERY - 1 else ("", {})
    while True:
        values = [float(n.quantile(random.random(1))[0]) for n in drawn]
        with suppress(ScenarioError):  # more who have bought than who know the brand
            true = base.replace(Changes(base, drawn)(values)).replace(changed)
            return {n.path: value for n, value in zip(drawn, values, strict=True)}, true, what


def counted(true: Scenario, number: int, folder: Path) -> Path:
    """The counts of a truth by day, as a file."""
    import pandas as pd  # noqa: PLC0415 - beside the only use

    tracker, lived = Tracker(true), world.start(true, ARM, SEED_OF_DATA + number, 0).run()
    dates = pd.date_range(str(true.start), periods=DAYS).strftime("%Y-%m-%d")
    path = folder / f"counts_{number}.csv"
    write_csv(path, pd.DataFrame({"date": dates, **{name: tracker.daily(lived, name) for name in SERIES}}))
    return path


def one(number: int, base: Scenario, unknown: tuple[str, ...], workers: int) -> dict[str, Any]:
    """Fit one truth and see what its intervals hold."""
    values, true, what = truth(number, base, unknown)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        counts = counted(true, number, Path(folder))
        found = calibrate(base, counts, fit=unknown, arm=ARM, seed=1 + number, workers=workers)
    bands = found.bands[~found.bands["fitted"]]
    return {
        "truth": number,
        "changed": what,
        "seconds": time.monotonic() - began,
        "worlds": found.fit.worlds,
        "numbers": {
            told.path: {
                "true": values[told.path],
                "low": told.after[0],
                "high": told.after[2],
                "left": told.left,
                "verdict": told.verdict,
                "rank": float(found.weights[found.draws[:, k] < values[told.path]].sum()),
            }
            for k, told in enumerate(found.told)
        },
        "held_out": [int(((bands["low"] <= bands["data"]) & (bands["data"] <= bands["high"])).sum()), len(bands)],
        "errors": [[f.series, f.error, f.last, f.shifted] for f in found.foretold],
        "discrepancy": found.discrepancy,
        "effective": found.fit.effective,
        "reached": found.fit.reached,
        "unreached_weeks": sum(len(days) for _, days in found.unreached),
    }


def summed_up(done: list[dict[str, Any]]) -> dict[str, Any]:
    """Coverage of the numbers and of held-out weeks, with and without a changed rule."""

    def of(some: list[dict[str, Any]]) -> dict[str, Any]:
        cells = [n for each in some for n in each["numbers"].values()]
        told = [n for n in cells if n["verdict"] != "not told"]
        inside = [each["held_out"] for each in some]
        return {
            "truths": len(some),
            "all_numbers": [sum(n["low"] <= n["true"] <= n["high"] for n in cells), len(cells)],
            "told_numbers": [sum(n["low"] <= n["true"] <= n["high"] for n in told), len(told)],
            "misfit_told": sum(not each["reached"] or each["unreached_weeks"] > 0 for each in some),
            "held_out": [sum(a for a, _ in inside), sum(b for _, b in inside)],
            "better_than_last": [
                sum(e < last for each in some for _, e, last, _ in each["errors"]),
                sum(len(each["errors"]) for each in some),
            ],
        }

    return {
        "as_modelled": of([each for each in done if not each["changed"]]),
        "rule_changed": of([each for each in done if each["changed"]]),
        "weeks": DAYS // DAYS_OF_WEEK,
    }


def main() -> None:
    """Fit truths until all are done, each kept as soon as it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", choices=list(SETS), default="trial")
    parser.add_argument("--truths", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    customers, unknown = SETS[given.set]
    base, done = case(customers), []
    for number in range(given.truths):
        path = given.folder / f"{number:03d}.json"
        if not path.is_file():
            write_whole(path, json.dumps(one(number, base, unknown, given.workers), indent=1))
        done.append(json.loads(path.read_text("utf-8")))
        write_whole(OUT / f"calibration_coverage_{given.set}.json", json.dumps(summed_up(done), indent=1) + "\n")
        print(number + 1, done[-1]["changed"], json.dumps(summed_up(done)), flush=True)  # noqa: T201 - a program


if __name__ == "__main__":
    main()
