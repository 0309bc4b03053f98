"""The tables of a comparison: one block for each metric, rounded alike down each column."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from trafficsim import rounding
from trafficsim.metrics import METRICS, Metric
from trafficsim.results import Result


@dataclass(frozen=True)
class Row:
    """One arm in one metric, ready to be shown; "" where there is nothing to compare, an en dash where no value."""

    arm: str
    mean: str
    mean_half: str
    mean_limits: str
    difference: str
    difference_half: str
    difference_limits: str
    better: str
    better_limits: str


@dataclass(frozen=True)
class Block:
    """One metric for all arms, with its heading (`revenue, thousand CNY`) and its meaning."""

    heading: str
    meaning: str
    rows: tuple[Row, ...]


def blocks(result: Result, confidence: float = 0.95) -> list[Block]:
    """All metrics in their order; present value only where it differs from profit."""
    summary = result.summary(confidence)
    shown = [entry for entry in METRICS if entry.name != "present_value" or result.discounted]
    return [_block(entry, summary[summary["metric"] == entry.name], result) for entry in shown]


@dataclass(frozen=True)
class _Column:
    """How the numbers of one column are rounded: divided by the scale of the whole block, decimals of their own."""

    divisor: float
    places: int
    sign: bool

    def __call__(self, value: float, *, sign: bool | None = None) -> str:
        return rounding.fixed(value / self.divisor, self.places, sign=self.sign if sign is None else sign)

    def half(self, middle: float, high: float) -> str:
        return "" if math.isnan(high) else f"± {self(high - middle, sign=False)}"

    def limits(self, low: float, high: float) -> str:
        return "" if math.isnan(low) else f"{self(low)} to {self(high)}"


def _column(values: "pd.Series[float]", highs: "pd.Series[float]", divisor: float, *, sign: bool) -> _Column:
    """Three digits for the largest value; one more decimal where the widest interval would show as nothing."""
    places = rounding.decimals(values / divisor)
    widest = float((highs - values).max()) / divisor
    return _Column(divisor, places + (0 < widest < 10**-places), sign)


def _block(entry: Metric, table: pd.DataFrame, result: Result) -> Block:
    by = rounding.scale([*table["mean"], *table["difference"]], below=10_000)
    mean = _column(table["mean"], table["high"], by.divisor, sign=False)
    difference = _column(table["difference"], table["difference_high"], by.divisor, sign=True)
    unit = " ".join(part for part in (by.word, _unit(entry, result.currency)) if part)
    rows = tuple(_row(line, mean, difference, result.baseline) for line in table.to_dict("records"))
    return Block(f"{entry.label}, {unit}" if unit else entry.label, entry.meaning, rows)


def _unit(entry: Metric, currency: str) -> str:
    if entry.unit == "money":
        return currency
    return f"{currency} per customer" if entry.unit == "money per customer" else ""


def _row(line: Mapping[Hashable, float], mean: _Column, difference: _Column, baseline: str) -> Row:
    arm = str(line["arm"])
    return Row(
        arm=arm,
        mean=mean(line["mean"]),
        mean_half=mean.half(line["mean"], line["high"]),
        mean_limits=mean.limits(line["low"], line["high"]),
        difference="" if arm == baseline else difference(line["difference"]),
        difference_half=difference.half(line["difference"], line["difference_high"]),
        difference_limits=difference.limits(line["difference_low"], line["difference_high"]),
        better="" if math.isnan(line["better"]) else rounding.percent(line["better"]),
        better_limits=_percents(line["better_low"], line["better_high"]),
    )


def _percents(low: float, high: float) -> str:
    return "" if math.isnan(low) else f"{rounding.percent(low)} to {rounding.percent(high)}"
