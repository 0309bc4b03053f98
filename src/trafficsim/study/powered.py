"""Which test decides: what a split test inside the simulated business shows, how often, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from trafficsim.results.intervals import Interval
from trafficsim.scenario import Scenario

By = Literal["customers", "regions"]
Outcome = Literal["orders", "revenue"]
BYS: tuple[By, ...] = ("customers", "regions")
OUTCOMES: tuple[Outcome, ...] = ("orders", "revenue")
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5)
"""Shares of customers that get the treatment, in the table of designs (assumed)."""


def power_of(effect: float, spread: float, treated: float, control: float, alpha: float = 0.05) -> float:
    """The chance that a two-sided t test of two groups finds an effect.

    By the noncentral t distribution (Cohen 1988, "Statistical power analysis for the behavioral sciences", chapter 2).

    Args:
        effect: difference of the means.
        spread: standard deviation of a unit, the same in both groups.
        treated, control: how many units, 2 or more each.
        alpha: chance of a false alarm.
    """
    if spread <= 0.0:
        return float(effect != 0.0) if effect else alpha
    freedom = treated + control - 2.0
    apart = effect / (spread * np.sqrt(1.0 / treated + 1.0 / control))
    limit = stats.t.ppf(1.0 - alpha / 2.0, freedom)
    found = stats.nct.sf(limit, freedom, apart) + stats.nct.cdf(-limit, freedom, apart)
    return float(np.clip(np.nan_to_num(found, nan=1.0), 0.0, 1.0))  # NaN so far out that nothing is missed


@dataclass(frozen=True)
class After:
    """What a test shows after some days, per customer, money in currency units.

    Attributes:
        days: how many, from day 0.
        rollout: what the treatment does if all get it, beside the control for all: same customers, same luck.
        contrast: treated less control group in the test, on average over tests.
        spill_control: the control group in the test less the same customers where nobody is treated.
        spill_treated: the treated in the test less the same customers where all are.
        spread: standard deviation of a unit (customer, or region) where nobody is treated.
        promised: power planned from the effect of the roll-out, as if nothing spilled over.
        planned: power planned from the contrast.
        realised: the share of tests in which the difference was found, with its interval.
        spend: what the test spends more than if nobody were treated.
    """

    days: int
    rollout: Interval
    contrast: Interval
    spill_control: Interval
    spill_treated: Interval
    spread: float
    promised: float
    planned: float
    realised: Interval
    spend: Interval


@dataclass(frozen=True)
class Sized:
    """A test of some length in which a share is treated: its planned power, and what it is expected to spend more."""

    days: int
    share: float
    power: float
    spend: float


@dataclass(frozen=True)
class Power:
    """What `power` found.

    Attributes:
        scenario: with both arms and the test.
        control, treated: arms.
        by: whether customers or regions are split.
        outcome: orders or revenue of a customer.
        share: of customers or regions treated in the tests simulated.
        units: how many customers or regions are in a group, treated first.
        after: by length of the test.
        sizes: other shares and lengths, by the formula.
        wanted: power that settles a question.
        alpha: chance of a false alarm.
        tests: simulated tests.
        pairs: of these, how many were also run with nobody and with all treated.
        worth: what perfect information about the file's uncertain numbers is worth; NaN if that was not asked.
        seed: of everything drawn.
    """

    scenario: Scenario
    control: str
    treated: str
    by: By
    outcome: Outcome
    share: float
    units: tuple[int, int]
    after: tuple[After, ...]
    sizes: tuple[Sized, ...]
    wanted: float
    alpha: float
    tests: int
    pairs: int
    worth: float
    seed: int

    @property
    def cheapest(self) -> Sized | None:
        """The test of enough power that spends least more, the shortest of those; None if none has."""
        return cheapest(self.sizes, self.wanted)

    def table(self) -> pd.DataFrame:
        """A row for each length: what the test shows per customer, in currency units, planned and realised power.

        Returns:
            Columns days; rollout, contrast, spill_control, spill_treated, realised and spend, each with _low and _high
            (95 %); spread, promised and planned (see `After`).
        """
        rows = []
        for each in self.after:
            row: dict[str, float] = {"days": each.days}
            for name in ("rollout", "contrast", "spill_control", "spill_treated", "realised", "spend"):
                value: Interval = getattr(each, name)
                row |= {name: value.middle, f"{name}_low": value.low, f"{name}_high": value.high}
            rows.append(row | {"spread": each.spread, "promised": each.promised, "planned": each.planned})
        return pd.DataFrame(rows)

    def designs(self) -> pd.DataFrame:
        """A row for each share and length: planned power, and what the test is expected to spend more.

        Returns:
            Columns days, share (of customers or regions that are treated), power (0 to 1) and spend, in currency units.
        """
        return pd.DataFrame([vars(size) for size in self.sizes])


def cheapest(sizes: Sequence[Sized], wanted: float) -> Sized | None:
    """The test of enough power that spends least more, the shortest of those; None if none has."""
    enough = [size for size in sizes if size.power >= wanted]
    return min(enough, key=lambda size: (max(size.spend, 0.0), size.days, size.share), default=None)
