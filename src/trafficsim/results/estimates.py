"""Estimates over replicates: means, ratios of means, and what is made of them by subtracting and dividing.

A mean of the replicates' own ratios is nowhere: where few customers are won by chance, one replicate with a denominator
near nothing decides it, and replicates without any fall out of it.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from trafficsim.results import intervals
from trafficsim.results.intervals import UNKNOWN, Array, Interval


@dataclass(frozen=True, eq=False)
class Estimate:
    """The mean of `above` over replicates, or the ratio of the means of `above` and `below`; each `(replicates,)`.

    Replicates of two estimates are paired: both met the same random numbers. `divided_by` are the denominators of
    ratios that went into `above` and `below`.
    """

    above: Array
    below: Array | None = None
    divided_by: tuple[Array, ...] = ()

    def interval(self, confidence: float = 0.95) -> Interval:
        """The number with its interval: Student's t for a mean, Fieller's for a ratio.

        UNKNOWN if a denominator can't be told from nothing; no limits (NaN) if that is for want of replicates alone.
        """
        if np.isnan(self.above).any():
            return UNKNOWN
        if self.below is None:
            found = intervals.mean(self.above, confidence)
        else:
            found = intervals.ratio(self.above, self.below, confidence)
        for below in self.divided_by:
            one = intervals.ratio(np.ones(len(below)), below, confidence)
            if math.isnan(one.middle):
                return UNKNOWN
            if math.isnan(one.low):
                found = Interval(found.middle, math.nan, math.nan)
        return found

    def less(self, other: "Estimate") -> "Estimate":
        """This less another, replicate by replicate."""
        return Estimate(self.each - other.each, None, (*self.denominators, *other.denominators))

    def plus(self, other: "Estimate") -> "Estimate":
        """This and another added up, replicate by replicate."""
        return Estimate(self.each + other.each, None, (*self.denominators, *other.denominators))

    def per(self, other: "Estimate") -> "Estimate":
        """This divided by another."""
        return Estimate(self.each, other.each, (*self.denominators, *other.denominators))

    def scaled(self, factor: float) -> "Estimate":
        """So many times this."""
        return replace(self, above=self.above * factor)

    @property
    def each(self) -> Array:
        """What each replicate adds: values with the mean and the spread of the estimate (see `intervals.linear`)."""
        return self.above if self.below is None else intervals.linear(self.above, self.below)

    @property
    def by_replicate(self) -> Array:
        """The number of each replicate by itself; NaN where it would divide by nothing or less."""
        if self.below is None:
            return self.above
        return np.where(self.below > 0, self.above / np.where(self.below > 0, self.below, 1.0), np.nan)

    @property
    def is_empty(self) -> bool:
        """Whether more replicates like these would never give it a value."""
        return bool(np.isnan(self.above).any() or not all((below > 0).any() for below in self.denominators))

    @property
    def denominators(self) -> tuple[Array, ...]:
        """All that is divided by, in this and in what it was made of."""
        return self.divided_by if self.below is None else (self.below, *self.divided_by)
