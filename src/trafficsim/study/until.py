"""Enough replicates: until an answer is decided, or as precise as was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trafficsim.results.stopping import Aim, Stopping
from trafficsim.scenario import Scenario

if TYPE_CHECKING:
    from trafficsim.results import Result
    from trafficsim.results.intervals import Interval

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
        differences = _profit_differences(result)
        return all((each.high - each.low) / 2.0 <= relative * abs(each.middle) for each in differences)

    return Until("precise", reached, relative)


def _decided(result: Result) -> bool:
    differences = _profit_differences(result)
    return all(each.low > 0.0 or each.high < 0.0 or each.low == each.high == 0.0 for each in differences)


decided = Until("decided", _decided)
"""Enough when every arm's profit difference to the baseline has a sign, or is nothing in every replicate."""


def stopping_of(enough: Enough, scenario: Scenario) -> Stopping:
    """What a result is to know of how its replicates were added."""
    differences = max(1, len(scenario.arms) - 1)
    if not isinstance(enough, Until):
        return Stopping("", differences)
    return Stopping(enough.aim, enough.together or differences, enough.share)


def _profit_differences(result: Result) -> list[Interval]:
    others = [arm for arm in result.arms if arm != result.baseline]
    return [result.difference("profit", arm, result.baseline).amount for arm in others]
