"""An arm by day: the demand, and stages, the days between two changes, which alone may share what a day holds."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from trafficsim.market.calendar import demand
from trafficsim.scenario.schema import Plan

Periods = tuple[tuple[int, Plan], ...]


def demand_by_day(periods: Sequence[tuple[int, Plan]]) -> NDArray[np.float64]:
    """Needs and visits of each day as a multiple of what they would be: the calendar's times `demand`, `(days,)`."""
    first = periods[0][1]
    by_day = demand(first.calendar, first.start, first.days)
    ends = [*(day for day, _ in periods[1:]), first.days]
    for (day, plan), end in zip(periods, ends, strict=True):
        by_day[day:end] *= plan.demand
    return by_day


def stages(periods: Sequence[tuple[int, Plan]]) -> NDArray[np.int64]:
    """A number for each day that is another where settings change, or a hook or campaign starts or ends."""
    ends = sorted({day for day, _ in periods} | set(_ends(periods)))
    return np.searchsorted(ends, np.arange(periods[0][1].days), side="right")


def _ends(periods: Sequence[tuple[int, Plan]]) -> Iterator[int]:
    for _, plan in periods:
        for entries in (plan.hooks, plan.advertising):
            for entry in {} if entries == "off" else entries.values():
                yield from (day for day in (entry.from_day, entry.until_day) if day is not None)
