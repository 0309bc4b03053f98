"""The worlds: what is drawn of each from its number."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from trafficsim.scenario import Scenario, load_text
from trafficsim.study import export_data
from trafficsim.study.exporting import DIGITS

WORLDS, TOWNS, WEEKS, DAYS_OF_WEEK = 50, 8, 104, 7
CHANNELS = ("feed", "video")
ARM = "both"
MEDIAN, SPREAD, DARK = 500.0, 0.8, 0.4
"""Of a town's budgets (assumed): the median of a day, the standard deviation of their logarithm from week to week, and
the share of weeks without any, by which what sells anyway can be told."""


@dataclass(frozen=True)
class KnownWorld:
    """What is on file of all towns of a world, a row for each week and town, and the truth of all of them together."""

    number: int
    media: pd.DataFrame
    """In Meridian's columns: geo, time, population, conversions, revenue_per_conversion, NAME_spend, ..."""
    truth: pd.DataFrame
    """channel, spend, incremental_revenue, roas."""

    def files(self) -> dict[str, str]:
        """The text of each file, by its name."""
        tables = {"media.csv": self.media, "truth.csv": self.truth}
        return {
            name: table.to_csv(index=False, float_format=f"%.{DIGITS}g", lineterminator="\n")
            for name, table in tables.items()
        }

    def expected(self) -> dict[str, Any]:
        """What the manifest holds of it: its answers, and a hash of each file."""
        roas = {row["channel"]: float(f"{row['roas']:.{DIGITS}g}") for row in self.truth.to_dict("records")}
        hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in self.files().items()}
        return {"world": self.number, "roas": roas, "sha256": hashes}


def scenario(number: int, town: int) -> Scenario:
    """Town `town` of world `number`, each from 0: the shop with the world's numbers, and budgets of each week."""
    random = np.random.default_rng([2026, number])
    changes: dict[str, Any] = {
        "customers.segments.all.days_between_needs": float(np.round(random.uniform(7, 20), 1)),
        "customers.memory.salience_half_life_days": float(np.round(random.uniform(4, 12), 1)),
    }
    for channel in CHANNELS:
        changes[f"advertising.{channel}.cpm"] = float(np.round(random.uniform(6, 20), 1))
        changes[f"advertising.{channel}.notice"] = float(np.round(random.uniform(0.02, 0.05), 3))
    first, *later = _budgets(number, town)
    weeks = {f"week{week}": {"day": DAYS_OF_WEEK * week, "set": budgets} for week, budgets in enumerate(later, start=1)}
    text = (files("benchmarks.truth") / "shop.yaml").read_text(encoding="utf-8")
    return load_text(text, f"truth{number:02d}").replace({**changes, **first}).adding({"events": weeks})


def _budgets(number: int, town: int) -> list[Mapping[str, float]]:
    """Of each week, by path."""
    random, size = np.random.default_rng([2026, number, town]), (WEEKS, len(CHANNELS))
    budgets = np.round(MEDIAN * random.lognormal(0, SPREAD, size) * (random.random(size) >= DARK), 2)
    paths = [f"advertising.{channel}.budget_per_day" for channel in CHANNELS]
    return [dict(zip(paths, week, strict=True)) for week in budgets.tolist()]


def world(number: int, towns: int = TOWNS) -> KnownWorld:
    """World `number`, 0 to 49, with its first towns."""
    found = [export_data(scenario(number, t), ARM, seed=number, replicate=t, logs=False) for t in range(towns)]
    media = pd.concat([each.meridian().assign(geo=f"town_{t}") for t, each in enumerate(found)], ignore_index=True)
    truth = pd.concat([each.truth for each in found]).groupby("channel", as_index=False, sort=False).sum()
    return KnownWorld(number, media, truth.assign(roas=truth["incremental_revenue"] / truth["spend"]))
