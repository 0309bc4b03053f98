"""The comparison for other programs: CSV files and one JSON object."""

import datetime as dt
import json
import math
from dataclasses import asdict
from itertools import permutations
from pathlib import Path

import pandas as pd

from trafficsim.books.metrics import metric
from trafficsim.files.whole import write_csv
from trafficsim.report.answer import answered, caveats
from trafficsim.results import Result, intervals
from trafficsim.results.crossover import Crossover
from trafficsim.results.intervals import Interval
from trafficsim.results.labelled import labelled
from trafficsim.results.measures import LABELS, SeriesName, own_counters
from trafficsim.results.money_in_time import MoneyInTime
from trafficsim.results.uplift import Uplift
from trafficsim.words.language import Language

SERIES: tuple[SeriesName, ...] = ("profit", "revenue", "spend", "new_customers", "orders", "members", "customers_aware")

UPLIFTS = ("naive", "causal", "extra", "of_joiners", "of_rest", "everybody")


def to_csv(result: Result, folder: str | Path, confidence: float = 0.95) -> list[Path]:
    """Write the tables as CSV into `folder`, each whole or not at all; returns their paths.

    They are summary, daily, crossover, money_in_time, uplift, routes, attribution, hooks and cohorts, and, where there
    are any, regions, and own: what mechanisms of one's own counted.

    Money in currency units; an empty field has no value, and `inf` is a day that never comes. Beside the tables' own
    columns stand what a spreadsheet can't know: unit or currency, and dates.
    """
    tables = {
        "summary.csv": _with_units(result.summary(confidence), result),
        "daily.csv": _with_dates(daily_table(result, confidence), result, "day").assign(currency=result.currency),
        "crossover.csv": _with_dates(crossover_table(result, confidence), result, "day", "low", "high"),
        "money_in_time.csv": _with_dates(
            money_table(result, confidence), result, "payback", "lowest_on", "out_of_cash"
        ).assign(currency=result.currency),
        "uplift.csv": uplift_table(result, confidence).assign(unit="orders per joiner", unit_in_all="orders"),
        "routes.csv": result.by_route(confidence).assign(currency=result.currency),
        "attribution.csv": result.attribution(confidence).assign(currency=result.currency),
        "hooks.csv": result.by_hook(confidence).assign(currency=result.currency),
        "cohorts.csv": _with_dates(result.by_cohort(confidence), result, "cohort").assign(currency=result.currency),
    }
    if result.data.sizes["region"]:
        tables["regions.csv"] = result.by_region(confidence).assign(currency=result.currency)
    if own_counters(result.data):
        tables["own.csv"] = result.by_own(confidence).assign(currency=result.currency)
    paths = []
    for name, table in tables.items():
        paths.append(Path(folder) / name)
        write_csv(paths[-1], table)
    return paths


def _with_units(table: pd.DataFrame, result: Result) -> pd.DataFrame:
    """The same with the unit of each row's metric beside its name."""
    units = [metric(name).unit.replace("money", result.currency) for name in table["metric"]]
    table.insert(1, "unit", units)
    return table


def _with_dates(table: pd.DataFrame, result: Result, *days: str) -> pd.DataFrame:
    """The same with the date of each of these columns of days behind it; empty where there is no day."""
    start = result.about.start
    for name in days:
        dates = [start + dt.timedelta(days=math.ceil(day)) if math.isfinite(day) else None for day in table[name]]
        table.insert(table.columns.get_loc(name) + 1, "date" if name == "day" else f"{name}_date", dates)
    return table


def daily_table(result: Result, confidence: float = 0.95) -> pd.DataFrame:
    """One row per arm and day: each series' mean over replicates, and its interval.

    Columns are named `profit`, `profit_low`, `profit_high` and so on; money in currency units. Flows are those of the
    day; members and aware customers are levels at its end.
    """
    return pd.concat([_daily(result, arm, confidence) for arm in result.arms], ignore_index=True)


def _daily(result: Result, arm: str, confidence: float) -> pd.DataFrame:
    columns: dict[str, object] = {"arm": arm, "day": result.data["day"].to_numpy()}
    level = result.level(confidence)
    for name in SERIES:
        values = result.series(name).sel(arm=arm).transpose("replicate", "day").to_numpy()
        columns[name], columns[f"{name}_low"], columns[f"{name}_high"] = intervals.band(values, level)
    return pd.DataFrame(columns)


def crossover_table(result: Result, confidence: float = 0.95) -> pd.DataFrame:
    """One row for each ordered pair of arms, in total contribution profit.

    `ahead` is the share of replicates in which `a` is ahead on the last day, `lead` by how much it is on average.
    """
    columns = ["metric", "a", "b", "day", "low", "high", "never_share", "replicates", "days", "confidence"]
    columns += [f"{kind}{end}" for kind in ("ahead", "lead") for end in ("", "_low", "_high")]
    return pd.DataFrame(
        [_crossover(result.crossover("profit", a, b, confidence)) for a, b in permutations(result.arms, 2)],
        columns=columns,
    )


def _crossover(found: Crossover) -> dict[str, object]:
    row: dict[str, object] = asdict(found) | {"never_share": found.never}
    for kind, interval in (("ahead", found.ahead), ("lead", found.lead)):
        row |= {kind: interval.middle, f"{kind}_low": interval.low, f"{kind}_high": interval.high}
    return row


def money_table(result: Result, confidence: float = 0.95) -> pd.DataFrame:
    """One row for each arm: set-up costs, payback, lowest cash and its day, and when cash runs out (`MoneyInTime`)."""
    return pd.DataFrame([_money(result.money_in_time(arm, confidence)) for arm in result.arms])


def _money(found: MoneyInTime) -> dict[str, object]:
    row: dict[str, object] = {"arm": found.arm, "set_up": found.set_up, "ran_out_share": found.ran_out}
    for name in ("payback", "lowest", "lowest_on", "out_of_cash"):
        interval: Interval = getattr(found, name)
        row |= {name: interval.middle, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return row


def uplift_table(result: Result, confidence: float = 0.95) -> pd.DataFrame:
    """One row for each arm with a pool: extra orders over the run, of a joiner and in all (see `Uplift`)."""
    columns = ["arm", "against", "joiners", "from_start", "replicates", "confidence"]
    columns += [f"{kind}{end}" for kind in UPLIFTS for end in ("", "_low", "_high")]
    return pd.DataFrame([_uplift(found) for found in result.uplifts(confidence)], columns=columns)


def _uplift(found: Uplift) -> dict[str, object]:
    row = dict(asdict(found))
    for kind in UPLIFTS:
        interval = row.pop(kind)
        row |= {kind: interval["middle"], f"{kind}_low": interval["low"], f"{kind}_high": interval["high"]}
    return row


def to_json(result: Result, confidence: float = 0.95, language: Language | None = None) -> dict[str, object]:
    """The comparison as one object that JSON can hold: null for what has no value and for days that never come.

    Sentences are in `language`, the scenario's unless given, and under its labels; all else has the names.
    """
    reader = language or result.language
    about, attributes, answer = result.about, result.about.attributes(), answered(labelled(result), confidence, reader)
    texts = ("scenario", "title", "about", "currency", "start", "baseline", "repeat")
    kept = ("has_pool", "equal_budget", "changes", "assumed", "sourced", "versions")  # assumed is shortened below
    return {
        **{name: str(attributes[name]) for name in texts},
        "days": result.days,
        "replicates": result.replicates,
        "seed": about.seed,
        "each_stands_for": float(about.each_stands_for),
        "confidence": confidence,
        "arms": list(result.arms),
        "labels": about.labels,
        "question": answer.question,
        "answer": answer.sentences,
        "notes": caveats(labelled(result), reader),
        "summary": _records(result.summary(confidence)),
        "crossovers": _records(crossover_table(result, confidence)),
        "money_in_time": _records(money_table(result, confidence)),
        "uplifts": _records(uplift_table(result, confidence)),
        **{name: json.loads(str(attributes[name])) for name in kept},
        "assumed": [[path, value, given and list(given)] for path, value, given, _ in about.assumed],
        **({"own": _records(result.by_own(confidence))} if own_counters(result.data) else {}),
        "stopping": result.stopping and asdict(result.stopping),
        "uncertain": result.uncertain and _finite(asdict(result.uncertain)),
        "series": {name: LABELS[name] for name in SERIES},
    }


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: object) -> object:
    """JSON has no NaN and no infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _finite(found: object) -> object:
    """The same with null for what has no value, all the way down."""
    if isinstance(found, dict):
        return {name: _finite(value) for name, value in found.items()}
    return [_finite(value) for value in found] if isinstance(found, list | tuple) else _plain(found)
