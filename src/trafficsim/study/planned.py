"""What planning found: values for all levers, what they come to in fresh worlds beside simpler ways, and margins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trafficsim.results.intervals import Interval
from trafficsim.scenario import Scenario

Array = NDArray[np.float64]
Risk = Literal["average", "worst", "regret"]
RISKS: tuple[Risk, ...] = ("average", "worst", "regret")
AIMS: dict[str, int] = {
    "profit": 1,
    "present_value": 1,
    "revenue": 1,
    "orders": 1,
    "new_customers": 1,
    "members": 1,
    "payback_day": -1,
}
"""What can be aimed at, and whether more or less of it is better."""
MONEY = ("profit", "present_value", "revenue")
"""Aims in units of the currency."""
Bound = Literal["low", "high", ""]


@dataclass(frozen=True)
class Limit:
    """What a plan must keep to, on average over worlds: at most (or at least) so much of a daily number up to a day.

    Attributes:
        name: of the daily number, as claims name it. What flows, such as `spend`, adds up to the day; what is a level,
            such as `members.club`, is that of its end.
        value: how much of it; money in currency units.
        most: whether that is the most, else the least.
        day: from 0; the last one unless given.
    """

    name: str
    value: float
    most: bool = True
    day: int | None = None

    def left(self, reached: Array) -> Array:
        """How much of the limit is left where the number has `reached` so much: `(worlds,)`, below 0 if broken."""
        return self.value - reached if self.most else reached - self.value


@dataclass(frozen=True)
class Lever:
    """A setting that the plan decides, and what it came to.

    Attributes:
        name: its path, as given.
        path: the first path that it means.
        unit: of its values.
        today: as the arm has it; None where it has none.
        value: in the plan.
        choices: its values, where these were listed.
        flat: lowest and highest value to which it alone can be moved while the aim stays within `Plan.tolerance` of the
            plan's, in fresh worlds; None for choices.
        bound: the end of its range that it stands at.
        curve: values it alone was moved to in fresh worlds, and how much better the plan is than that, mean, lower and
            upper limit, `(values, 4)`; choices are numbered.
        costs: what moving it from its lowest to its highest is expected to cost, all others at their lowest.
    """

    name: str
    path: str
    unit: str
    today: Any
    value: Any
    choices: tuple[Any, ...]
    flat: tuple[float, float] | None
    bound: Bound
    curve: Array
    costs: float


@dataclass(frozen=True)
class Margin:
    """What a little more of a lever brings, all others as in the plan, over fresh worlds with common luck.

    Attributes:
        lever: its name.
        to: the value that it was moved to.
        less: whether it was moved back, since it stands at its end or a limit allows no more.
        costs: spend more; adds: the aim more, both for the move as a whole, money in currency units.
        per_thousand: the aim more per 1,000 of spend more; NaN where spend can't be told to rise.
    """

    lever: str
    to: Any
    less: bool
    costs: Interval
    adds: Interval
    per_thousand: Interval


@dataclass(frozen=True)
class Rival:
    """The plan or another way to spend, in fresh worlds.

    Attributes:
        kind: plan, today (the arm as it stands), baseline (another arm), ads, pool or equal.
        values: of the levers, by name; empty for the arm as it stands and for the baseline.
        aim, spend, profit, growth: means over worlds with their intervals; `growth` is of `Plan.growth`.
        spend_range: the lower and upper end of 90 % of worlds.
        behind: how much better the plan's aim is, world by world.
        lines: mean spend by cost line, in currency units, largest first.
        allowed: whether it keeps to all limits there, within the width of an interval.
    """

    kind: str
    values: Mapping[str, Any]
    aim: Interval
    spend: Interval
    profit: Interval
    growth: Interval
    spend_range: tuple[float, float]
    behind: Interval
    lines: Mapping[str, float]
    allowed: bool


@dataclass(frozen=True)
class Frontier:
    """The most growth for a budget: the budget, levers, and what they came to in fresh worlds."""

    budget: float
    values: Mapping[str, Any]
    spend: Interval
    growth: Interval
    profit: Interval


@dataclass(frozen=True)
class Plan:
    """The best plan under a budget, and how it does in worlds that it was not made for.

    Attributes:
        scenario: with the arm planned for, and the baseline if that is another one.
        arm: the arm whose levers are moved.
        baseline: another arm that the plan is compared with; "" if the arm is the baseline.
        days: how many, from day 0.
        aim, risk: what is aimed at: a metric, and of it the average over worlds, the mean of the worst tenth, or the
            mean of the greatest tenth of regrets (how far behind the best plan known for a world).
        growth: the metric of the frontier, members or new customers.
        limits: what the plan keeps to, the budget first.
        left: what is expected to be left of each limit.
        levers: in the order given.
        rivals: the plan first, then others.
        margins: by lever.
        frontier: from the smallest budget to the largest.
        tolerance: how far from the best counts as as good, in units of the aim.
        fit: the share of the variance of the aim, and of spend, that the surfaces foretell at points held out (R2).
        tried: all points tried, with the aim, spend and whether limits held; in the worlds that were planned in.
        worlds: how many it was made in.
        fresh, judged: how many other worlds margins, curves and the frontier are of, and in how many more the plan is
            compared with other ways; the former are the first of the latter.
        uncertain: whether worlds are plausible ones, else replicates of the file's own numbers.
        seed, confidence: of all that is drawn, and of intervals.
    """

    scenario: Scenario
    arm: str
    baseline: str
    days: int
    aim: str
    risk: Risk
    growth: str
    limits: tuple[Limit, ...]
    left: tuple[float, ...]
    levers: tuple[Lever, ...]
    rivals: tuple[Rival, ...]
    margins: tuple[Margin, ...]
    frontier: tuple[Frontier, ...]
    tolerance: float
    fit: tuple[float, float]
    tried: pd.DataFrame
    worlds: int
    fresh: int
    judged: int
    uncertain: bool
    seed: int
    confidence: float = 0.95

    @property
    def budget(self) -> float:
        """The most that may be spent, in currency units."""
        return self.limits[0].value

    @property
    def best(self) -> Rival:
        """The plan itself in fresh worlds."""
        return self.rivals[0]

    @property
    def settings(self) -> dict[str, Any]:
        """The plan: the value of each lever, as `Scenario.replace` takes it for the arm."""
        return dict(self.best.values)

    def table(self) -> pd.DataFrame:
        """A row for each lever: today, plan, the range that is as good, what a further 1,000 brings.

        Returns:
            Columns lever, unit, today, plan; as_good_from and as_good_to (None if there is no such range), at_end; and,
            where it was measured, per_thousand, what a further 1,000 currency units of it bring, with per_thousand_low
            and per_thousand_high (95 %).
        """
        margins = {margin.lever: margin for margin in self.margins}
        rows = []
        for lever in self.levers:
            low, high = lever.flat or (None, None)
            row = {"lever": lever.name, "unit": lever.unit, "today": lever.today, "plan": lever.value}
            row |= {"as_good_from": low, "as_good_to": high, "at_end": lever.bound}
            if margin := margins.get(lever.name):
                per = margin.per_thousand
                row |= {"per_thousand": per.middle, "per_thousand_low": per.low, "per_thousand_high": per.high}
            rows.append(row)
        return pd.DataFrame(rows)
