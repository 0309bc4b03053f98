"""Facts and claims: what was observed, and what a source says will come out, in a form that a comparison can judge.

An expectation is a quantity (a metric of an arm, on a day or over a window) and one comparison.
"""

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from trafficsim.market.quantities import Day, Parameters, Unit, setting

Text = Annotated[str, Field(min_length=1)]
Window = Annotated[tuple[Day, Day], Unit("day")]
Arms = Annotated[tuple[str, ...], Field(min_length=2)]
ManyArms = Annotated[tuple[str, ...], Field(min_length=3)]
Limits = tuple[float, float]

Comparison = Literal["at_least", "at_most", "between", "more_than", "order", "interior_optimum", "crossover"]
LIMITS: tuple[Comparison, ...] = ("at_least", "at_most", "between")
OVER_ARMS: tuple[Comparison, ...] = ("order", "interior_optimum")
COMPARISONS: tuple[Comparison, ...] = (*LIMITS, "more_than", *OVER_ARMS, "crossover")


class Measured(Parameters):
    """A quantity: a metric of an arm, up to the end of a day, over a window, or of the whole run."""

    metric: Text | None = setting("its name, or name.entry for one place, hook, route, segment ...", default=None)
    arm: str | None = setting("whose; may be left out where there is only one arm", default=None)
    day: Day | None = setting(
        "at the end of this day; what adds up counts from the start. The last day unless given", default=None
    )
    window: Window | None = setting(
        "sum over the days from the first to before the second; of a level, its change", default=None
    )
    per: Text | None = setting("divide by this metric of the same arm and days", default=None)

    @model_validator(mode="after")
    def _one_time(self) -> "Measured":
        if self.day is not None and self.window is not None:
            raise ValueError("give day or window, not both")
        if self.window is not None and self.window[0] >= self.window[1]:
            raise ValueError(f"the window must rise: [from, until] (got {list(self.window)})")
        return self


class Compared(Measured):
    """Another quantity; what is left out is as in the expectation."""


class Surpassed(Compared):
    """Another quantity that must be surpassed, replicate by replicate."""

    by: float = setting("by more than this, in the metric's unit", default=0.0)


class Crossing(Parameters):
    """The day after which the arm stays ahead of another one in what has added up."""

    over: str = setting("the arm that is overtaken")
    before: Day | None = setting("it comes before this day", default=None)
    after: Day | None = setting("it comes, but on no earlier day than this", default=None)
    never: Literal[True] | None = setting("it doesn't come in the run", default=None)

    @model_validator(mode="after")
    def _says_when(self) -> "Crossing":
        dated = self.before is not None or self.after is not None
        if dated == bool(self.never):
            raise ValueError("give before, after or both, or never: true")
        if self.before is not None and self.after is not None and self.after >= self.before:
            raise ValueError(f"after ({self.after}) must lie before before ({self.before})")
        return self


class Expectation(Measured):
    """A quantity and one comparison."""

    metric: Text = setting("its name, or name.entry for one place, hook, route, segment ...")
    at_least: float | None = setting("no less than this", default=None)
    at_most: float | None = setting("no more than this", default=None)
    between: Limits | None = setting("no less than the first and no more than the second", default=None)
    ratio_to: Compared | None = setting(
        "at_least, at_most or between speak of the ratio to this quantity", default=None
    )
    more_than: Surpassed | None = setting("more than this quantity", default=None)
    order: Arms | None = setting("these arms, from the highest value to the lowest", default=None)
    interior_optimum: ManyArms | None = setting(
        "of these arms, in the order of what they vary, the best is neither the first nor the last", default=None
    )
    crossover: Crossing | None = setting("when the arm gets ahead of another for good", default=None)

    @model_validator(mode="after")
    def _one_comparison(self) -> "Expectation":
        given = [name for name in COMPARISONS if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(f"must hold one comparison: {', '.join(COMPARISONS)} (got {found})")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise ValueError("between must rise: [lowest, highest] (got [{:g}, {:g}])".format(*self.between))
        for problem in _misfits(self, given[0]):
            raise ValueError(problem)
        return self

    @property
    def comparison(self) -> Comparison:
        """The one comparison that is given."""
        return next(name for name in COMPARISONS if getattr(self, name) is not None)

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that `order` or `interior_optimum` name; empty for other comparisons."""
        return self.order or self.interior_optimum or ()


def _misfits(expectation: Expectation, comparison: Comparison) -> Iterator[str]:
    """Keys that have no meaning beside the comparison."""
    if expectation.ratio_to is not None and comparison not in LIMITS:
        yield f"ratio_to goes with at_least, at_most or between, not with {comparison}"
    if expectation.arm is not None and comparison in OVER_ARMS:
        yield f"{comparison} names its arms; leave out arm"
    for name in ("day", "window", "per"):
        if getattr(expectation, name) is not None and comparison == "crossover":
            yield f"a crossover looks at every day of what has added up; leave out {name}"


class Tested(Parameters):
    """A sentence of a source and what ought to come out."""

    says: Text = setting("the sentence")
    source: Text = setting("who says so, and where")
    expect: Expectation = setting("what has to come out for it to hold")


class Fact(Tested):
    """What was observed in the real case: how near the scenario comes says what its claims are worth."""

    observed: float = setting("the number that was observed, in the metric's unit; it lies within what is expected")
    unreached: Text | None = setting("why this model doesn't come near it, as far as is known", default=None)

    @model_validator(mode="after")
    def _within_its_tolerance(self) -> "Fact":
        if self.expect.comparison not in LIMITS:
            raise ValueError(f"expect must hold {', '.join(LIMITS)} (got {self.expect.comparison})")
        low, high = limits(self.expect)
        if not low <= self.observed <= high:
            raise ValueError(f"observed ({self.observed:g}) must lie within what is expected, {low:g} to {high:g}")
        return self


class Claim(Tested):
    """What somebody concludes or foretells, and what it leads one to expect."""

    by_construction: bool = setting("whether a rule of the model already says so, which is no evidence", default=False)
    because: Text | None = setting("which rule that is", default=None)

    @model_validator(mode="after")
    def _rule_is_named(self) -> "Claim":
        if self.by_construction != (self.because is not None):
            raise ValueError("by_construction: true and because (the rule that makes it so) go together")
        return self


def limits(expect: Expectation) -> tuple[float, float]:
    """Between what what is measured has to lie: infinite where there is no limit, or none that is a number."""
    if expect.crossover is not None:
        after, before = expect.crossover.after, expect.crossover.before
        return -math.inf if after is None else after, math.inf if before is None else before
    if expect.more_than is not None or expect.arms:
        return (expect.more_than.by if expect.more_than else 0.0), math.inf
    if expect.between is not None:
        return expect.between
    low = -math.inf if expect.at_least is None else expect.at_least
    return low, math.inf if expect.at_most is None else expect.at_most


def completed(other: Compared, of: Measured) -> Measured:
    """The other quantity of a comparison, with what it leaves out taken from the first."""
    timed = other if other.day is not None or other.window is not None else of
    return Measured(
        metric=other.metric or of.metric,
        arm=other.arm or of.arm,
        day=timed.day,
        window=timed.window,
        per=other.per or of.per,
    )


def measured(expectation: Expectation, arm: str | None = None) -> Measured:
    """The quantity of an expectation alone, of another arm if one is given."""
    own = {name: getattr(expectation, name) for name in Measured.model_fields}
    return Measured(**own | ({"arm": arm} if arm else {}))
