"""solve: at which value of one setting do two arms tie?"""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.optimize import brentq

from trafficsim.books.metrics import METRICS, MetricName
from trafficsim.books.metrics import metric as metric_of
from trafficsim.engine.running import Running
from trafficsim.results import intervals
from trafficsim.results.estimates import Estimate
from trafficsim.scenario import GivenScenario, scenario_from
from trafficsim.scenario.naming import quoted_setting
from trafficsim.study.designs import design_points
from trafficsim.study.sweeping import every_metric
from trafficsim.study.swept import estimates, pair_of
from trafficsim.study.varying import (
    Axis,
    Span,
    SweepError,
    Values,
    level_in_words,
    points_of,
    refused_solving,
    varied,
)
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED
from trafficsim.words.called import called
from trafficsim.words.language import Language, words

SCAN = 7
"""Values tried over the whole span before solving: a difference may change its sign more than once."""
CLOSE = 0.002
"""How near a solution is found, as a share of the span (of its logarithm where it is spaced by ratio)."""
CONFIDENCE = 0.95

Evaluate = Callable[[Sequence[float]], list[Estimate]]
"""From values of a setting to the paired differences of two arms there."""


@dataclass(frozen=True)
class BreakEven:
    """A value at which the mean difference is 0.

    Between `low` and `high` the 95% interval of the difference includes 0; minus or plus infinity where it still does
    so at that end of the span, NaN for one replicate. `rising`: the first arm leads above the value, else below it.
    """

    value: float
    low: float
    high: float
    rising: bool


@dataclass(frozen=True)
class Solution:
    """Where two arms tie over a span of one setting, at one point of other settings that vary (none: one empty point).

    Attributes:
        point: the other settings, by path.
        setting: the path of the one that is solved for, in `unit`.
        unit: its unit, "" if it has none.
        span: in which ties are looked for.
        arms: the two.
        metric: in which they tie.
        replicates: at each value tried.
        found: each tie, with the interval of values at which chance alone may put either arm ahead.
        leads: without a tie, the arm that is ahead at every value tried for certain; None if the arms don't differ or
            it is undecided.
        undecided: whether, without a tie, chance alone may put either arm ahead.
        labels: what arms are called where they are shown.
    """

    point: dict[str, Any]
    setting: str
    unit: str
    span: Span
    arms: tuple[str, str]
    metric: str
    replicates: int
    found: tuple[BreakEven, ...]
    leads: str | None
    undecided: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    def sentences(self, language: Language = "en") -> list[str]:
        """The answer in words, in `language` ("en" or "zh")."""
        say, (a, b) = words(language), (called(arm, self.labels) for arm in self.arms)
        point = self.point.items()
        at = "".join(
            say("{setting} {value}: ", setting=quoted_setting(path, say, self.labels), value=level_in_words(v, say))
            for path, v in point
        )
        name = quoted_setting(self.setting, say, self.labels)
        unit = f" {self.unit}" if self.unit and name == self.setting else ""
        told = {"at": at, "a": a, "b": b, "what": say(metric_of(self.metric).label), "setting": name}
        if not self.found:
            low, high = (level_in_words(end, say) for end in (self.span.low, self.span.high))
            return [
                say(
                    "{at}“{a}” and “{b}” don't tie in {what} for {setting} within {low} to {high}; {leads}.",
                    low=low,
                    high=high,
                    leads=self._leads(language),
                    **told,
                )
            ]
        return [
            say(
                "{at}“{a}” and “{b}” tie in {what} at {setting} = {value} ({interval}); “{above}” leads above, "
                "“{below}” below.",
                value=f"{level_in_words(one.value, say)}{unit}",
                interval=self._interval(one, language),
                above=a if one.rising else b,
                below=b if one.rising else a,
                **told,
            )
            for one in self.found
        ]

    def _leads(self, language: Language) -> str:
        say = words(language)
        if self.leads:
            return say("“{arm}” leads throughout", arm=called(self.leads, self.labels))
        return say("which of them leads is undecided") if self.undecided else say("they do not differ")

    def _interval(self, one: BreakEven, language: Language) -> str:
        say, ends = words(language), self.span
        if math.isnan(one.low) or math.isnan(one.high):
            return say("one replicate: no interval")
        low, high = (level_in_words(limit, say) for limit in (one.low, one.high))
        if math.isinf(one.low):
            low = say("below {value}", value=level_in_words(ends.low, say))
        if math.isinf(one.high):
            high = say("above {value}", value=level_in_words(ends.high, say))
        return say("{confidence} interval {low} to {high}", confidence=f"{CONFIDENCE:.0%}", low=low, high=high)


def solve(
    scenario: GivenScenario,
    setting: str,
    span: Span | tuple[Any, ...] | None = None,
    *,
    vary: Mapping[str, Values | None] | None = None,
    with_: Mapping[str, str] | None = None,
    arms: tuple[str, str] | None = None,
    metric: MetricName = "profit",
    replicates: int = 8,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> list[Solution]:
    """At which values of a setting do two arms tie in a metric? At each point of a grid of other settings, if any vary.

    Every value meets the same customers and random numbers, so that the mean difference over replicates is a function
    of the setting, whose zeros are found by Brent's method (1973) between values that are tried first. The interval
    holds the values at which the paired interval of the difference includes 0: the test, inverted.

    Args:
        scenario, vary, with_, arms, metric, replicates, seed, workers, executor, folder, done: as for `sweep`.
        setting: the path to solve for; `*` and `arm:path` as in `sweep`.
        span: (low, high), with "log" behind to try values at equal ratios; by default its plausible range.

    Returns:
        The values at which the arms tie, with their intervals, one solution for each point of the grid; one alone if
        nothing varies.

    Raises:
        ScenarioError: before anything runs, for what is wrong at any point or at the ends of the span; for a setting
            that is a whole number.
        SweepError: for an unknown arm or metric, and where a ratio has no value at a value of the setting.
        ValueError: for replicates or a seed that can't be.
    """
    scenario = scenario_from(scenario)
    replicates, seed = asked.whole("replicates", replicates, 1), asked.seed(seed)
    axes, followers = varied(scenario, {**(vary or {}), setting: span}, with_ or {})
    *others, axis = axes
    solved_over = solvable(axis)
    pair = pair_of(scenario.arms, scenario.baseline, arms, metric)
    points = design_points(others, "grid", None, seed)
    points_of(scenario, axes, followers, [{**p, setting: end} for p in points for end in _tried(solved_over)])
    row, (a, b) = [m.name for m in METRICS].index(metric), (scenario.arms.index(arm) for arm in pair)
    ran, running = 0, Running(workers, executor, folder)

    def evaluate(point: Mapping[str, Any], values: Sequence[float]) -> list[Estimate]:
        nonlocal ran
        at = points_of(scenario, axes, followers, [{**point, setting: value} for value in values], running.many)
        before = ran
        told = None if done is None else lambda n: done(before + n)
        found = every_metric(scenario, at, replicates, seed, replace(running, done=told))
        ran += len(values)
        of_arms = [estimates(numbers[0, row], numbers[1, row], metric) for numbers in found]
        better, other = (a, b) if metric_of(metric).sign > 0 else (b, a)  # above 0 where the first arm leads
        apart = [of[better].less(of[other]) for of in of_arms]
        for value, one in zip(values, apart, strict=True):
            if math.isnan(one.interval(CONFIDENCE).middle):
                shown = level_in_words(value, words("en"))
                raise SweepError(
                    f"{metric} of {pair[0]} or {pair[1]} has no value at {setting} = {shown}: "
                    "choose a span in which it has"
                )
        return apart

    found = [break_evens(partial(evaluate, point), solved_over) for point in points]
    return [
        replace(_solution(point, axis, solved_over, pair, metric, replicates, *told), labels=scenario.labels)
        for point, told in zip(points, found, strict=True)
    ]


def solution_table(solutions: Sequence[Solution]) -> pd.DataFrame:
    """One row per break-even, or per point without one.

    Columns: what varied, the setting that was solved for, low, high, leads_below, leads_above.
    """
    return pd.DataFrame([row for one in solutions for row in _rows(one)])


def break_evens(evaluate: Evaluate, span: Span) -> tuple[list[BreakEven], float]:
    """The values at which the mean of `evaluate` changes its sign over a span; and who is ahead (see `_Curves.ahead`).

    A change that comes and goes between two values tried first is not seen.
    """
    mean = _Curves(evaluate, span)
    tried = _tried(span)
    mean.learn(tried)
    found = []
    for low, high in pairwise(tried):
        if mean.middle(low) * mean.middle(high) < 0 or (
            mean.middle(high) == 0 and high < tried[-1] and mean.middle(low)
        ):
            found.append(mean.break_even(low, high))
    return found, mean.ahead()


class _Curves:
    """Mean and interval of a difference along a span, each value run only once."""

    def __init__(self, evaluate: Evaluate, span: Span) -> None:
        self.evaluate, self.span = evaluate, span
        self.known: dict[float, intervals.Interval] = {}

    def learn(self, values: Sequence[float]) -> None:
        new = [value for value in values if value not in self.known]
        for value, difference in zip(new, self.evaluate(new) if new else [], strict=True):
            self.known[value] = difference.interval(CONFIDENCE)

    def at(self, value: float) -> intervals.Interval:
        self.learn([value])
        return self.known[value]

    def middle(self, value: float) -> float:
        return self.at(value).middle

    def ahead(self) -> float:
        """1 or -1 where the difference has this sign at every value tried, 0 where it is nothing, else NaN."""
        limits = [(interval.low, interval.high) for interval in self.known.values()]
        if all(low > 0 for low, _ in limits):
            return 1.0
        if all(high < 0 for _, high in limits):
            return -1.0
        return 0.0 if not any(interval.middle for interval in self.known.values()) else math.nan

    def break_even(self, low: float, high: float) -> BreakEven:
        value = self._zero(self.middle, low, high)
        rising = self.middle(low) < 0
        if math.isnan(self.at(value).low):
            return BreakEven(value, math.nan, math.nan, rising)
        return BreakEven(
            value,
            self._decided(value, rising=rising, below=True),
            self._decided(value, rising=rising, below=False),
            rising,
        )

    def _decided(self, value: float, *, rising: bool, below: bool) -> float:
        """The nearest value on one side from which on the interval leaves 0 out; infinite if it never does."""

        # Rising, the difference is negative below: there its upper limit has to fall under 0.
        def limit(at: float) -> float:
            return self.at(at).high if rising == below else self.at(at).low

        sign = 1.0 if rising == below else -1.0  # of that limit where the interval includes 0
        if limit(value) * sign <= 0:
            return value
        tried = sorted(at for at in self.known if (at < value if below else at > value))
        for at in reversed(tried) if below else tried:
            if limit(at) * sign < 0:
                return self._zero(limit, *sorted((at, value)))
        return -math.inf if below else math.inf

    def _zero(self, curve: Callable[[float], float], low: float, high: float) -> float:
        """Where a curve is 0 between two values of different signs."""
        if curve(low) == 0 or curve(high) == 0:
            return low if curve(low) == 0 else high
        to, back = (math.log, math.exp) if self.span.log else (float, float)
        width = to(self.span.high) - to(self.span.low)
        return float(
            back(
                brentq(lambda at: curve(_within(back(at), low, high)), to(low), to(high), xtol=CLOSE * width, rtol=1e-9)
            )
        )


def _within(value: float, low: float, high: float) -> float:
    """The ends exactly, which rounding in logarithms may miss; they are known already."""
    return next((end for end in (low, high) if math.isclose(value, end, rel_tol=1e-12)), value)


def _tried(span: Span) -> list[float]:
    return Span(span.low, span.high, SCAN, span.log).levels()


def solvable(axis: Axis) -> Span:
    """The span over which a setting can be solved for.

    Raises:
        ScenarioError: for a list of levels, and for whole numbers, among which a tie may lie nowhere.
    """
    if axis.span is None or axis.whole:
        raise refused_solving(axis.name)
    return axis.span


def _solution(
    point: dict[str, Any], axis: Axis, span: Span, pair: tuple[str, str], metric: str, replicates: int,
    found: list[BreakEven], ahead: float,
) -> Solution:  # fmt: skip
    leads = None if found or ahead == 0 or math.isnan(ahead) else pair[0] if ahead > 0 else pair[1]
    unit = {"money": ""}.get(axis.unit, axis.unit)
    return Solution(point, axis.name, unit, span, pair, metric, replicates, tuple(found), leads, math.isnan(ahead))


def _rows(one: Solution) -> list[dict[str, Any]]:
    a, b = one.arms
    nothing = {
        one.setting: math.nan,
        "low": math.nan,
        "high": math.nan,
        "leads_below": one.leads,
        "leads_above": one.leads,
    }
    return [
        {
            **one.point,
            one.setting: found.value,
            "low": found.low,
            "high": found.high,
            "leads_below": b if found.rising else a,
            "leads_above": a if found.rising else b,
        }
        for found in one.found
    ] or [{**one.point, **nothing}]
