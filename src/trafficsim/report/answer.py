"""The answer in sentences, shared by the report and the command line: how the money was spread, then who wins."""

import math
from typing import cast

from trafficsim import rounding
from trafficsim.intervals import Interval
from trafficsim.metrics import metric
from trafficsim.results import Result

LUCK_ONLY = "Intervals cover the luck of the draw only; assumptions can move a result more."

_EQUAL_ENOUGH = 0.05
"""Spending that differs by less than this share of the largest counts as equal."""


def answer(result: Result, confidence: float = 0.95) -> list[str]:
    """The answer: unequal or equalised spending first, then the arm with most profit, and from when on it is ahead."""
    said = [*_spending(result), *_winner(result, confidence)]
    pair = result.headline_pair()
    if pair:
        said.append(result.crossover("profit", *pair, confidence).sentence())
    return said


def caveats(result: Result) -> list[str]:
    """What else a reader has to know: the scenario's own warnings, and metrics without a value in some replicates."""
    return [*cast("list[str]", result.about("notes")), *_without_value(result)]


def _spending(result: Result) -> list[str]:
    means = result.values("spend").mean("replicate")
    spend = {arm: float(means.sel(arm=arm)) for arm in result.arms}
    equal = cast("dict[str, object] | None", result.about("equal_budget"))
    if equal is not None:
        return [_equalised(result, equal, spend)]
    if not _unequal(spend):
        return []
    return [f"The arms spend unequal sums: {_sums(spend, result.currency)}."]


def _equalised(result: Result, equal: dict[str, object], spend: dict[str, float]) -> str:
    arms = cast("list[str]", equal["arms"])
    same = {arm: spend[arm] for arm in arms}
    others = {arm: sum_ for arm, sum_ in spend.items() if arm not in same}
    how = f"scaling the advertising of “{equal['scaled']}” by {cast('float', equal['factor']):.3g}"
    if _unequal(same):
        return f"The arms spend unequal sums in spite of {how}: {_sums(spend, result.currency)}."
    said = f"{_listed(arms)} were made to spend the same by {how} ({_sums(same, result.currency)})"
    if others and _unequal(spend):
        said += f"; the other arms spend unequal sums: {_sums(others, result.currency)}"
    return said + "."


def _unequal(spend: dict[str, float]) -> bool:
    return max(spend.values()) - min(spend.values()) > _EQUAL_ENOUGH * max(spend.values())


def _sums(spend: dict[str, float], currency: str) -> str:
    return ", ".join(f"{arm} {rounding.money(total, currency)}" for arm, total in spend.items())


def _listed(names: list[str]) -> str:
    *others, last = [f"“{name}”" for name in names]
    return f"{', '.join(others)} and {last}" if others else last


def _winner(result: Result, confidence: float) -> list[str]:
    best, *others = result.ranking()
    earned = float(result.values("profit").sel(arm=best).mean())
    what = "earns the most contribution profit" if earned >= 0 else "loses the least contribution profit"
    days = "1 day" if result.days == 1 else f"{result.days:,} days"
    said = f"“{best}” {what}: {rounding.money(earned, result.currency)} over {days}"
    if not others:
        return [f"{said}."]
    if best == result.baseline:
        said += ", and is the baseline: no other arm beats it"
    else:
        said += f", {_ahead(result, best, result.baseline, confidence)} the baseline “{result.baseline}”"
    if others[0] == result.baseline and len(others) == 1:
        return [f"{said}.", *_undecided(result, best, others[0], confidence)]
    second = f"Next is “{others[0]}”; “{best}” earns {_ahead(result, best, others[0], confidence)} it."
    return [f"{said}.", second, *_undecided(result, best, others[0], confidence)]


def _ahead(result: Result, a: str, b: str, confidence: float) -> str:
    """`CNY 160k (95% interval 120k to 200k) more than`."""
    amount = result.difference("profit", a, b, confidence).amount
    return f"{rounding.money(amount.middle, result.currency)} ({limits(amount, confidence)}) more than"


def limits(interval: Interval, confidence: float) -> str:
    """The limits of an interval in words, or that there are none."""
    if math.isnan(interval.low):
        return "one replicate: no interval"
    return f"{confidence * 100:g}% interval {rounding.short(interval.low)} to {rounding.short(interval.high)}"


def _undecided(result: Result, a: str, b: str, confidence: float) -> list[str]:
    """That luck alone could reverse the order of the two best arms, if it could."""
    low = result.difference("profit", a, b, confidence).amount.low
    if low > 0:
        return []
    if math.isnan(low):
        return [f"One replicate does not decide between “{a}” and “{b}”."]
    return [f"These replicates do not decide between “{a}” and “{b}”: the interval includes no difference at all."]


def _without_value(result: Result) -> list[str]:
    table = result.summary()
    some = table[(table["replicates"] > 0) & (table["replicates"] < result.replicates)]
    return [
        f"{metric(name).label} of “{arm}” has a value in {known:,} of {result.replicates:,} replicates only; "
        "its mean leaves the others out."
        for name, arm, known in zip(some["metric"], some["arm"], some["replicates"], strict=True)
    ]
