"""Equal money: advertising is scaled until arms spend the same, so that none wins merely by being cheaper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import spend_lines
from trafficsim.engine.running import ALL_AT_HAND, Running
from trafficsim.engine.world import start
from trafficsim.market.currencies import CENTS, minor_units
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.scenario import Scenario
from trafficsim.scenario.needs import MOST_REPLICATES, PILOTS

if TYPE_CHECKING:
    from trafficsim.results import Result
from trafficsim.results.about import EqualBudget

REPLICATES = range(MOST_REPLICATES, MOST_REPLICATES + PILOTS)
"""Numbers of the pilots' replicates: their random numbers are not those of the comparison. One alone would leave
arms a few percent apart where a pool's costs depend on chance."""
CLOSE = 0.005
"""Spends that differ by no more than this share count as equal."""


class CannotEqualiseError(ValueError):
    """No advertising budget makes these arms spend the same."""


@dataclass(frozen=True)
class Equalised:
    """A scenario in which `arms` spend the same: by what advertising was scaled, and the pilot's spend in cents."""

    scenario: Scenario
    arms: tuple[str, ...]
    factors: dict[str, float]
    spend: dict[str, float]


def equalise(
    scenario: Scenario,
    seed: int,
    guess: Mapping[str, float] | None = None,
    pilots: int = PILOTS,
    running: Running = ALL_AT_HAND,
) -> Equalised:
    """Scale the advertising of all arms of `equal_budget` but the last to the last one's spend, found by pilot runs.

    With `equal_sum` all of them are scaled to that sum.

    Args:
        scenario: with `equal_budget`.
        seed: of the comparison.
        guess: factors to try first, by arm; a good one saves pilots.
        pilots: how many replicates tell what an arm spends, four at most.
        running: how; pilots are neither saved nor told.

    Raises:
        CannotEqualiseError: if an arm has no advertising, spends more even without, its places can't show more, or its
            spend jumps over what is asked for.
    """
    *scaled, reference = scenario.equal_budget
    pilot = _Pilot(seed, REPLICATES[:pilots], replace(running, folder=None, done=None))
    factors, spend = {}, {}
    if scenario.equal_sum is not None:
        scaled, target, like = [*scaled, reference], scenario.equal_sum * CENTS, ""
    else:
        target, like = pilot.spend(scenario, reference)[0], f" like arm '{reference}'"
        spend[reference] = target
    for arm in scaled:
        try:
            tried = _Pilots(scenario, arm, target, pilot)
            known = (guess or {}).get(arm) or 1.0  # from no advertising at all no factor leads back
            factors[arm] = tried.factor(tried.nearer(known))
            spend[arm] = tried.spend(factors[arm])[0]
            scenario = scenario.with_advertising(arm, factors[arm])
        except CannotEqualiseError as error:
            raise CannotEqualiseError(
                f"equal_budget: arm '{arm}' can't spend {_money(scenario, target)}{like}: {error}"
            ) from None
    return Equalised(scenario, scenario.equal_budget, factors, spend)


def factors_for(scenario: Scenario, seed: int, running: Running) -> Mapping[str, float]:
    """By what the advertising of arms is scaled so that they spend the same, where the scenario asks for it."""
    return equalise(scenario, seed, running=running).factors if scenario.equal_budget else {}


def about_equal(equal: Equalised | None) -> EqualBudget | None:
    """What the data of a comparison says about equal money; None where nothing was equalised."""
    if equal is None:
        return None
    return EqualBudget(equal.arms, equal.factors, {name: round(cents) for name, cents in equal.spend.items()})


def factors_of(result: Result) -> dict[str, float]:
    """By how much advertising was scaled for a result, by arm; empty where nothing was equalised."""
    equal = result.about.equal_budget
    return equal.factors if equal else {}


@dataclass(frozen=True)
class _Pilot:
    """Replicates that tell what an arm spends."""

    seed: int
    numbers: Sequence[int]
    running: Running

    def spend(self, scenario: Scenario, arm: str) -> tuple[float, float]:
        """Mean spend of an arm, in all and on advertising, in cents."""
        own, each = counters_of(scenario.own), scenario.plan(arm).customers.each_stands_for
        counters = (*COUNTERS, *own)
        rows = [c.name for c in counters]
        jobs = {n: (scenario, arm, self.seed, n) for n in self.numbers}
        found = dict(self.running.side_by_side(_counted, jobs, [scenario]))
        sums = np.sum([found[n] for n in self.numbers], axis=0)
        totals = sums * [c.times(each) for c in counters] / len(self.numbers)
        total = sum(float(totals[rows.index(line)]) for line in spend_lines(own))
        cents = CENTS / minor_units(scenario.currency)
        return total * cents, float(totals[rows.index("advertising")]) * cents


def _counted(scenario: Scenario, arm: str, seed: int, replicate: int) -> NDArray[np.int64]:
    """All that a pilot counted, `(counters,)`."""
    counted: NDArray[np.int64] = start(scenario, arm, seed, replicate).run().tallies.sum(axis=(0, 2))
    return counted


class _Pilots:
    """What an arm spends in the pilots with its advertising times a factor; each factor is run once."""

    def __init__(self, scenario: Scenario, arm: str, target: float, pilot: _Pilot) -> None:
        self.scenario, self.arm, self.target, self.pilot = scenario, arm, target, pilot
        self.found: dict[float, tuple[float, float]] = {}

    def spend(self, factor: float) -> tuple[float, float]:
        """In all, and on advertising."""
        if factor not in self.found:
            scaled = self.scenario.with_advertising(self.arm, factor)
            self.found[factor] = self.pilot.spend(scaled, self.arm)
        return self.found[factor]

    def beyond(self, factor: float) -> float:
        """Spend above the target; exactly 0 where it is close enough, which ends the search."""
        beyond = self.spend(factor)[0] - self.target
        return 0.0 if abs(beyond) <= CLOSE * self.target else beyond

    def nearer(self, guess: float) -> float:
        """A guess, or what it comes to if advertising makes up for all that is too much: mostly enough at once."""
        total, ads = self.spend(guess)
        if self.beyond(guess) <= 0.0 or total - ads >= self.target:
            return guess
        return guess * (self.target - (total - ads)) / ads

    def told(self, factor: float) -> str:
        return _money(self.scenario, self.spend(factor)[0])

    def factor(self, first: float) -> float:
        """The factor at which the arm spends the target, looked for from `first` on."""
        if self.beyond(first) == 0.0:
            return first
        if self.spend(first)[1] <= 0.0:
            raise CannotEqualiseError(f"it spends {self.told(first)} and has no advertising to scale")
        low, high = (0.0, first) if self.beyond(first) > 0.0 else self._raised(first)
        if self.beyond(low) > 0.0:
            raise CannotEqualiseError(f"even without advertising it spends {self.told(low)}")
        return next((end for end in (low, high) if self.beyond(end) == 0.0), None) or self._between(low, high)

    def _raised(self, low: float) -> tuple[float, float]:
        """Two factors between which the spend reaches the target: from `low` on, by what is missing, then doubling."""
        total, ads = self.spend(low)
        high = low * (1.0 + (self.target - total) / ads)
        while self.beyond(high) < 0.0:
            more = self.spend(high)[0] - self.spend(low)[0]
            if high >= 2.0 * low and more <= CLOSE * self.target:
                raise CannotEqualiseError(
                    f"its places can't show more; with {high:,.3g} times its advertising it spends {self.told(high)}"
                )
            low, high = high, 2.0 * high
        return low, high

    def _between(self, low: float, high: float) -> float:
        """By the method of Brent (1973), which never leaves the interval."""
        from scipy.optimize import brentq  # noqa: PLC0415 - slow to import

        found = float(brentq(self.beyond, low, high, rtol=CLOSE / 100, disp=False))
        if self.beyond(found) != 0.0:
            near = sorted(self.found, key=lambda factor: abs(factor - found))[:2]
            told = " and ".join(f"{self.told(factor)} with {factor:,.6g} times" for factor in sorted(near))
            raise CannotEqualiseError(f"its spend jumps over that: {told} its advertising")
        return found


def _money(scenario: Scenario, cents: float) -> str:
    return f"{scenario.currency} {cents / CENTS:,.0f}"
