"""Daily series of one world, by the names that claims and columns of own data use: cheap enough for thousands."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import Counter
from trafficsim.books.metrics import Quantity, quantities, signs_in_profit, spend_lines
from trafficsim.engine.world import World
from trafficsim.kernel.columns import BEFORE_START
from trafficsim.market.currencies import minor_units
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.scenario import Scenario
from trafficsim.scenario.claim_checks import RATIOS

Daily = NDArray[np.float64]
NOT_TRACKED = (*RATIOS, "days", "customers", "present_value", "cash", "lowest_cash")
"""Series that are ratios, or no outcome of a run."""


def trackable(scenario: Scenario) -> dict[str, Quantity]:
    """The series that a world has, by name; those with `by` can be asked for one entry, as `members.vip_group`."""
    found = quantities(counters_of(scenario.own))
    return {name: q for name, q in found.items() if q.over != "run" and name not in NOT_TRACKED}


def sums_of(own: tuple[Counter, ...] = ()) -> dict[str, Mapping[str, int]]:
    """Series that are sums of counters, with the sign of each (see `measures.daily`, which agrees)."""
    return {
        "profit": signs_in_profit(own),
        "revenue": {"gross_sales": 1, "discounts": -1},
        "spend": dict.fromkeys(spend_lines(own), 1),
        "acquisition": {"advertising": 1, "hooks": 1},
        "new_customers": {"first_orders": 1},
    }


class Tracker:
    """Reads series from worlds of one scenario; counts are people of the market, money in currency units."""

    def __init__(self, scenario: Scenario) -> None:
        own = counters_of(scenario.own)
        self._each = scenario.plan(scenario.baseline).customers.each_stands_for
        self._minor = float(minor_units(scenario.currency))
        self._sums = sums_of(own)

    def aware_before(self, world: World) -> int:
        """Customers who knew the brand before day 0, to be counted before days pass."""
        return self._each * int(np.sum(world.columns.story.aware_on == BEFORE_START))

    def daily(self, world: World, name: str, aware_before: int = 0) -> Daily:
        """A series of a world that has run: what a flow added each day, or a level at its end, shape `(days,)`."""
        series, _, entry = name.partition(".")
        if series == "members":
            return np.asarray(self._each * self._members(world, entry), np.float64)
        if series == "customers_aware":
            return aware_before + np.cumsum(self._counted(world, "aware", ""))
        parts = self._sums.get(series, {series: 1})
        return np.asarray(sum(sign * self._counted(world, part, entry) for part, sign in parts.items()), np.float64)

    def _members(self, world: World, pool: str) -> NDArray[np.int64]:
        held = world.members[1 : world.day + 1]
        return held[:, world.names.places.index(pool)] if pool else held.sum(axis=1)

    def _counted(self, world: World, counter: str, entry: str) -> Daily:
        declared = next(c for c in world.names.counters if c.name == counter)
        numbers = world.counted(counter)
        if declared.by:
            numbers = numbers[:, world.entries(declared.by).index(entry)] if entry else numbers.sum(axis=1)
        unit = self._minor if declared.unit == "cents" else 1.0
        return np.asarray(numbers * (declared.times(self._each) / unit), np.float64)
