"""Stages of an arm: the days between two changes of what is in force, which alone may share what a day holds."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from trafficsim.scenario.schema import Plan

Periods = tuple[tuple[int, Plan], ...]


def stages(periods: Sequence[tuple[int, Plan]]) -> NDArray[np.int64]:
    """A number for each day that is another where settings change, or a hook or campaign starts or ends."""
    ends = sorted({day for day, _ in periods} | set(_ends(periods)))
    return np.searchsorted(ends, np.arange(periods[0][1].days), side="right")


def _ends(periods: Sequence[tuple[int, Plan]]) -> Iterator[int]:
    for _, plan in periods:
        for entries in (plan.hooks, plan.advertising):
            for entry in {} if entries == "off" else entries.values():
                yield from (day for day in (entry.from_day, entry.until_day) if day is not None)
