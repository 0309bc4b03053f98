"""Equal money: advertising is scaled until arms spend the same, so that none wins merely by being cheaper."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from trafficsim.currencies import CENTS, minor_units
from trafficsim.metrics import COUNTERS, SPEND_LINES
from trafficsim.scenario import Scenario
from trafficsim.scenario.needs import processors
from trafficsim.world import start

if TYPE_CHECKING:
    from trafficsim.results import Result

PILOTS = range(1_000_000, 1_000_004)
"""Numbers of the pilots' replicates: their luck is not that of any replicate of the comparison. One alone would leave
arms a few percent apart where a pool's costs depend on luck."""
CLOSE = 0.005
MOST_TRIES = 8


class CannotEqualiseError(ValueError):
    """No advertising budget makes these arms spend the same."""


@dataclass(frozen=True)
class Equalised:
    """A scenario in which `arms` spend the same: by what advertising was scaled, and the pilot's spend in cents."""

    scenario: Scenario
    arms: tuple[str, ...]
    factors: dict[str, float]
    spend: dict[str, float]


def equalise(scenario: Scenario, seed: int, guess: Mapping[str, float] | None = None) -> Equalised:
    """Scale the advertising of all arms of `equal_budget` but the last to the last one's spend, found by pilot runs.

    Args:
        scenario: with `equal_budget`.
        seed: of the comparison.
        guess: factors to try first, by arm; a good one saves pilots.

    Raises:
        CannotEqualiseError: if an arm has no advertising, spends more even without, or its places can't show more.
    """
    *scaled, reference = scenario.equal_budget
    target = _spend(scenario, reference, seed)[0]
    factors, spend = {}, {reference: target}
    for arm in scaled:
        try:
            first = (guess or {}).get(arm) or 1.0  # from no advertising at all no factor leads back
            scenario, factors[arm], spend[arm] = _scaled_to(scenario, arm, target, seed, first)
        except CannotEqualiseError as error:
            raise CannotEqualiseError(
                f"equal_budget: arm '{arm}' can't spend {_money(scenario, target)} like arm '{reference}': {error}"
            ) from None
    return Equalised(scenario, scenario.equal_budget, factors, spend)


def about_equal(equal: Equalised | None) -> dict[str, Any] | None:
    """What the data of a comparison says about equal money, as built-in types; None where nothing was equalised."""
    if equal is None:
        return None
    (arm, factor), *_ = equal.factors.items()
    spend = {name: round(cents) for name, cents in equal.spend.items()}
    return {"arms": list(equal.arms), "scaled": arm, "factor": factor, "factors": equal.factors, "spend": spend}


def factors_of(result: Result) -> dict[str, float]:
    """By how much advertising was scaled for a result, by arm; empty where nothing was equalised."""
    equal = cast("dict[str, dict[str, float]] | None", result.about("equal_budget"))
    return equal["factors"] if equal else {}


def _scaled_to(scenario: Scenario, arm: str, target: float, seed: int, factor: float) -> tuple[Scenario, float, float]:
    tried = scenario.replace(_budgets(scenario, arm, factor)) if factor != 1.0 else scenario
    for _ in range(MOST_TRIES):
        total, ads = _spend(tried, arm, seed)
        if abs(total - target) <= CLOSE * target:
            return tried, factor, total
        if ads <= 0.0:
            raise CannotEqualiseError(f"it spends {_money(scenario, total)} and has no advertising to scale")
        if target < total - ads:
            raise CannotEqualiseError(f"even without advertising it spends {_money(scenario, total - ads)}")
        factor *= (target - (total - ads)) / ads
        tried = scenario.replace(_budgets(scenario, arm, factor))
    raise CannotEqualiseError(
        f"the places of its advertising can't show more; the nearest is {_money(scenario, total)}"
    )


def _money(scenario: Scenario, cents: float) -> str:
    return f"{scenario.currency} {cents / CENTS:,.0f}"


def _budgets(scenario: Scenario, arm: str, factor: float) -> dict[str, float]:
    campaigns = scenario.plan(arm).advertising
    entries = {} if campaigns == "off" else campaigns
    return {f"{arm}:advertising.{name}.budget_per_day": ad.budget_per_day * factor for name, ad in entries.items()}


def _spend(scenario: Scenario, arm: str, seed: int) -> tuple[float, float]:
    """Mean spend of an arm over the pilots, in all and on advertising, in cents."""
    rows, each = [c.name for c in COUNTERS], scenario.plan(arm).customers.each_stands_for
    with ThreadPoolExecutor(processors()) as pool:
        found = list(pool.map(lambda pilot: start(scenario, arm, seed, pilot).run().tallies.sum(axis=(0, 2)), PILOTS))
    totals = np.sum(found, axis=0) * [c.times(each) for c in COUNTERS] / len(PILOTS)
    total, cents = sum(float(totals[rows.index(line)]) for line in SPEND_LINES), CENTS / minor_units(scenario.currency)
    return total * cents, float(totals[rows.index("advertising")]) * cents
