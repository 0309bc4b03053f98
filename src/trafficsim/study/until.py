"""Enough replicates: until an answer is decided, or as precise as was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from trafficsim.results.stopping import Aim, Stopping
from trafficsim.scenario import Scenario

if TYPE_CHECKING:
    from trafficsim.results import Result

Enough = Callable[["Result"], bool]


@dataclass(frozen=True)
class Until:
    """Whether there are enough replicates, to which aim, and how many comparisons that decides together.

    `share` is the precision that was asked for; `together` is by default every arm against the baseline.
    """

    aim: Aim
    reached: Enough
    share: float = 0.0
    together: int | None = None

    def __call__(self, result: Result) -> bool:
        """Whether the aim is reached."""
        return self.reached(result)


def precise(relative: float) -> Until:
    """Enough when every arm's profit difference to the baseline is known within a share of its size.

    One that is nothing in every replicate is known. One of about nothing never is, however many replicates there are.
    """

    def reached(result: Result) -> bool:
        rows = _profit_differences(result)
        half_widths = (rows["difference_high"] - rows["difference_low"]) / 2.0
        return bool(np.all(half_widths <= relative * rows["difference"].abs()))

    return Until("precise", reached, relative)


def _decided(result: Result) -> bool:
    rows = _profit_differences(result)
    low, high = rows["difference_low"], rows["difference_high"]
    return bool(np.all((low > 0.0) | (high < 0.0) | ((low == 0.0) & (high == 0.0))))


decided = Until("decided", _decided)
"""Enough when every arm's profit difference to the baseline has a sign, or is nothing in every replicate."""


def stopping_of(enough: Enough, scenario: Scenario) -> Stopping:
    """What a result is to know of how its replicates were added."""
    differences = max(1, len(scenario.arms) - 1)
    if not isinstance(enough, Until):
        return Stopping("", differences)
    return Stopping(enough.aim, enough.together or differences, enough.share)


def _profit_differences(result: Result) -> Any:
    rows = result.summary()
    return rows[(rows["metric"] == "profit") & (rows["arm"] != result.baseline)]
