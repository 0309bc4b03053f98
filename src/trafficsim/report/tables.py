"""The tables of a comparison: one block for each metric, rounded alike down each column."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from trafficsim.books.metrics import METRICS, Metric, label
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words


@dataclass(frozen=True)
class Row:
    """One arm in one metric, ready to be shown; "" where there is nothing to compare, an en dash where no value.

    `mean_reach` and `difference_reach` say how far their intervals reach, `..._limits` from where to where.
    """

    arm: str
    mean: str
    mean_reach: str
    mean_limits: str
    difference: str
    difference_reach: str
    difference_limits: str
    better: str
    better_limits: str


@dataclass(frozen=True)
class Block:
    """One metric for all arms, with its heading (`revenue, thousand CNY`) and its meaning."""

    name: str
    heading: str
    meaning: str
    rows: tuple[Row, ...]


def blocks(result: Result, confidence: float = 0.95, language: Language = "en") -> list[Block]:
    """All metrics in their order; present value only where it differs from profit, K-factor where anybody invites."""
    summary, voice = result.summary(confidence), Voice(language, result.currency)
    unused = {"present_value"} if not result.discounted else set[str]()
    unused |= set() if result.data["invited"].any() else {"k_factor"}
    shown = [entry for entry in METRICS if entry.name not in unused]
    named = {entry: voice.say(label(entry, discounted=result.discounted)) for entry in shown}
    return [
        _block(entry, name, summary[summary["metric"] == entry.name], result.baseline, voice)
        for entry, name in named.items()
    ]


@dataclass(frozen=True)
class _Column:
    """How the numbers of one column are rounded: divided by the scale of the whole block, decimals of their own."""

    divisor: float
    places: int
    sign: bool
    say: Words

    def __call__(self, value: float, *, sign: bool | None = None) -> str:
        return rounding.fixed(value / self.divisor, self.places, sign=self.sign if sign is None else sign)

    def reach(self, low: float, middle: float, high: float) -> str:
        if math.isnan(high):
            return ""
        return rounding.reach(self(middle - low, sign=False), self(high - middle, sign=False))

    def limits(self, low: float, high: float) -> str:
        return "" if math.isnan(low) else self.say("{low} to {high}", low=self(low), high=self(high))


def _column(
    values: "pd.Series[float]", highs: "pd.Series[float]", divisor: float, say: Words, *, sign: bool
) -> _Column:
    """Three digits for the largest value; one more decimal where the widest interval would show as nothing."""
    places = rounding.decimals(values / divisor)
    widest = float((highs - values).max()) / divisor
    return _Column(divisor, places + (0 < widest < 10**-places), sign, say)


def _block(entry: Metric, name: str, table: pd.DataFrame, baseline: str, voice: Voice) -> Block:
    by = rounding.scale([*table["mean"], *table["difference"]], below=10_000, language=voice.language)
    mean = _column(table["mean"], table["high"], by.divisor, voice.say, sign=False)
    difference = _column(table["difference"], table["difference_high"], by.divisor, voice.say, sign=True)
    rows = tuple(_row(line, mean, difference, baseline) for line in table.to_dict("records"))
    return Block(entry.name, _heading(entry, name, by.word, voice), voice.say(entry.meaning), rows)


def _heading(entry: Metric, name: str, scale: str, voice: Voice) -> str:
    unit = unit_of(entry, voice)
    if not scale and not unit:
        return name
    if voice.language == "zh":
        return f"{name[:-1]}，{scale}{unit}）" if name.endswith("）") else f"{name}（{scale}{unit}）"
    return f"{name}, {' '.join(part for part in (scale, unit) if part)}"


def unit_of(entry: Metric, voice: Voice) -> str:
    """The unit of a metric's money; "" for what is counted."""
    if entry.unit == "money":
        return voice.unit
    return voice.say("{currency} per customer", currency=voice.unit) if entry.unit == "money per customer" else ""


def _row(line: Mapping[Hashable, float], mean: _Column, difference: _Column, baseline: str) -> Row:
    arm, say = str(line["arm"]), mean.say
    return Row(
        arm=arm,
        mean=mean(line["mean"]),
        mean_reach=mean.reach(line["low"], line["mean"], line["high"]),
        mean_limits=mean.limits(line["low"], line["high"]),
        difference="" if arm == baseline else difference(line["difference"]),
        difference_reach=difference.reach(line["difference_low"], line["difference"], line["difference_high"]),
        difference_limits=difference.limits(line["difference_low"], line["difference_high"]),
        better="" if math.isnan(line["better"]) else rounding.percent(line["better"]),
        better_limits=_percents(line["better_low"], line["better_high"], say),
    )


def _percents(low: float, high: float, say: Words) -> str:
    if math.isnan(low):
        return ""
    return say("{low} to {high}", low=rounding.percent(low), high=rounding.percent(high))
