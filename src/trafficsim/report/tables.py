"""The tables of a comparison: one block for each metric, rounded alike down each column."""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from trafficsim.books.metrics import METRICS, Metric, label
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.results.result import Difference
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

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in its line of a page, behind the arm."""
        means, differences = (self.mean, self.mean_limits), (self.difference, self.difference_limits)
        return (*means, *differences, self.better, self.better_limits)


@dataclass(frozen=True)
class Block:
    """One metric for all arms, with its heading (`revenue, thousand CNY`) and its meaning."""

    name: str
    heading: str
    meaning: str
    rows: tuple[Row, ...]
    leaves_out: str = ""
    """Behind the heading: what the metric does not tell; mostly nothing."""


FIRST = ("profit", "orders", "new_customers", "members", "spend", "revenue")
"""Metrics that a reader looks for first."""
WITH_OTHERS = ("cac", "ltv_to_cac", "roas")
"""Metrics that credit marketing with whoever would have come anyway; the true ones leave them out."""


def blocks(result: Result, confidence: float = 0.95, language: Language = "en") -> list[Block]:
    """All metrics, those of most weight first; without those that say nothing here.

    Present value stands where it is not profit, the K-factor where anybody invites, ROAS where any arm has one.
    """
    summary, voice = result.summary(confidence), Voice(language, result.currency)
    unused = {"present_value"} if not result.discounted else set[str]()
    unused |= set() if result.data["invited"].any() else {"k_factor"}
    unused |= {name for name in ("roas", "true_roas") if summary["mean"][summary["metric"] == name].isna().all()}
    shown = sorted(
        (entry for entry in METRICS if entry.name not in unused),
        key=lambda entry: FIRST.index(entry.name) if entry.name in FIRST else len(FIRST),
    )
    named = {entry: voice.say(label(entry, discounted=result.discounted)) for entry in shown}
    pairs = _pairs(result, confidence, voice)
    return [
        _block(entry, name, summary[summary["metric"] == entry.name], pairs(entry), voice)
        for entry, name in named.items()
    ]


def _pairs(result: Result, confidence: float, voice: Voice) -> "Callable[[Metric], _Pair]":
    """What is compared besides: the pair that is asked about, where the baseline is none of the two."""
    pair = result.headline_pair()
    if pair is None or result.baseline in pair:
        return lambda _: _Pair(result.baseline)
    name = voice.say("{a} minus {b}", a=pair[0], b=pair[1])
    return lambda entry: _Pair(result.baseline, name, result.difference(entry.name, *pair, confidence))


@dataclass(frozen=True)
class _Pair:
    """The baseline of a table, and a pair of other arms with its difference, if there is one to show."""

    baseline: str
    name: str = ""
    found: Difference | None = None


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


def _block(entry: Metric, name: str, table: pd.DataFrame, pair: _Pair, voice: Voice) -> Block:
    by = rounding.scale([*table["mean"], *table["difference"]], below=10_000, language=voice.language)
    mean = _column(table["mean"], table["high"], by.divisor, voice.say, sign=False)
    pairs = [] if pair.found is None else [pair.found.amount]
    middles, highs = (
        pd.Series([*table[column], *(getattr(amount, end) for amount in pairs)])
        for column, end in (("difference", "middle"), ("difference_high", "high"))
    )
    difference = _column(middles, highs, by.divisor, voice.say, sign=True)
    rows = [_row(line, mean, difference, pair.baseline) for line in table.to_dict("records")]
    if pair.found is not None and not math.isnan(pair.found.amount.middle):
        rows.append(_row_of_pair(pair.name, pair.found, difference))
    remark = voice.say(" (counts those who would have come anyway)") if entry.name in WITH_OTHERS else ""
    return Block(entry.name, _heading(entry, name, by.word, voice), voice.say(entry.meaning), tuple(rows), remark)


def _row_of_pair(name: str, found: Difference, shown: "_Column") -> Row:
    amount, better, equal = found.amount, found.better, _equal(found.amount)
    return Row(
        arm=name,
        mean="",
        mean_reach="",
        mean_limits="",
        difference=shown(amount.middle),
        difference_reach=shown.reach(amount.low, amount.middle, amount.high),
        difference_limits=shown.limits(amount.low, amount.high),
        better=rounding.UNDEFINED if equal else _runs(better.middle, found.replicates, shown.say),
        better_limits="" if equal else _percents(better.low, better.high, shown.say),
    )


def _heading(entry: Metric, name: str, scale: str, voice: Voice) -> str:
    between = "" if voice.language == "zh" else " "
    return voice.heading(name, between.join(part for part in (scale, unit_of(entry, voice)) if part))


def unit_of(entry: Metric, voice: Voice) -> str:
    """The unit of a metric's money; "" for what is counted."""
    if entry.unit == "money":
        return voice.unit
    return voice.say("{currency} per customer", currency=voice.unit) if entry.unit == "money per customer" else ""


def _row(line: Mapping[Hashable, float], mean: _Column, difference: _Column, baseline: str) -> Row:
    arm, say = str(line["arm"]), mean.say
    equal = _equal(Interval(line["difference"], line["difference_low"], line["difference_high"]))
    return Row(
        arm=arm,
        mean=mean(line["mean"]),
        mean_reach=mean.reach(line["low"], line["mean"], line["high"]),
        mean_limits=mean.limits(line["low"], line["high"]),
        difference="" if arm == baseline else difference(line["difference"]),
        difference_reach=difference.reach(line["difference_low"], line["difference"], line["difference_high"]),
        difference_limits=difference.limits(line["difference_low"], line["difference_high"]),
        better=rounding.UNDEFINED if equal and arm != baseline else _runs(line["better"], int(line["replicates"]), say),
        better_limits="" if equal else _percents(line["better_low"], line["better_high"], say),
    )


def _equal(difference: Interval) -> bool:
    """Whether two arms come to the same in every run, so that none of both is better in any."""
    return difference.middle == 0 and not (difference.low < 0 or difference.high > 0)


def _runs(share: float, replicates: int, say: Words) -> str:
    """In how many replicates an arm is better, of how many."""
    if math.isnan(share):
        return ""
    return say("{wins} of {runs}", wins=f"{round(share * replicates):,}", runs=f"{replicates:,}")


def _percents(low: float, high: float, say: Words) -> str:
    if math.isnan(low):
        return ""
    return say("{low} to {high}", low=rounding.percent(low), high=rounding.percent(high))
