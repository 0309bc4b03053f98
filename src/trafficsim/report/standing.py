"""How arms stand to each other in profit: which earn less for certain, and of which chance may decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from trafficsim.report.voice import Voice
from trafficsim.results import Result, intervals

DAYS_OF_YEAR = 365
EQUAL_ENOUGH = 0.05
"""Spending that differs by less than this share of the largest counts as equal."""


@dataclass(frozen=True)
class Standing:
    """How the arm with the highest mean profit stands to each other arm.

    `equal` earn the same as it in every replicate, `behind` earn less for certain, of `open` chance may decide. "For
    certain" holds for all of them together: they share the confidence (Bonferroni), since the best arm was picked
    among all.
    """

    best: str
    behind: tuple[str, ...]
    open: tuple[str, ...]
    equal: tuple[str, ...]
    shared: float

    @property
    def won(self) -> bool:
        """Whether some arm earns less for certain, and none may earn more."""
        return bool(self.behind) and not self.open

    @property
    def others(self) -> tuple[str, ...]:
        """All arms but the best, which of them comes next first."""
        return (*self.equal, *self.open, *self.behind)


def standing(result: Result, confidence: float, arms: Sequence[str] | None = None) -> Standing:
    """Sort all arms, or some, by how they stand to the one with the highest mean profit, in the order of means."""
    best, *others = [arm for arm in result.ranking() if arms is None or arm in arms]
    shared = intervals.of_each(confidence, len(others))
    leads = {arm: result.difference("profit", best, arm, shared).amount for arm in others}
    equal = tuple(arm for arm, lead in leads.items() if lead.low == lead.high == 0)
    behind = tuple(arm for arm, lead in leads.items() if lead.low > 0)
    rest = tuple(arm for arm in others if arm not in (*equal, *behind))
    return Standing(best, behind, rest, equal, shared)


def leads(result: Result) -> int:
    """Over how many other arms the best one leads in the answer: their intervals hold together."""
    return max(len(same_money(result) or result.arms) - 1, 1)


def same_money(result: Result) -> tuple[str, ...]:
    """The arms that were made to spend the same, if they do; else none."""
    equal = result.about.equal_budget
    if equal is None:
        return ()
    spend = [result.estimate("spend", arm).interval().middle for arm in equal.arms]
    return equal.arms if not unequal(spend) else ()


def unequal(spend: Sequence[float]) -> bool:
    """Whether sums differ by so much that it has to be said."""
    return max(spend) - min(spend) > EQUAL_ENOUGH * max(spend)


def span(result: Result, voice: Voice) -> str:
    """How long the run is."""
    years, rest = divmod(result.days, DAYS_OF_YEAR)
    if not rest:
        named = {1: "a year", 2: "two years", 3: "three years"}
        return voice.say(named.get(years, "{years} years"), years=years)
    return voice.say("1 day") if result.days == 1 else voice.say("{days} days", days=f"{result.days:,}")


def listed(names: Sequence[str], voice: Voice) -> str:
    """Names in quotation marks, with an "and" before the last."""
    *others, last = [f"“{name}”" for name in names]
    return voice.say("{names} and {last}", names=voice.listed(others), last=last) if others else last
