"""Crossover: from which day on one arm is ahead of another for good."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trafficsim import intervals
from trafficsim.language import Language, words
from trafficsim.measures import FLOWS, LABELS


@dataclass(frozen=True)
class Crossover:
    """From which day on arm `a` stays ahead of arm `b`, over replicates.

    `day` is the median and `low`, `high` its interval, in days from 0; `math.inf` means not within `days`, and NaN
    limits that there are too few replicates for an interval. `never` is the share of replicates without a crossover,
    in 0..1.
    """

    a: str
    b: str
    metric: str
    day: float
    low: float
    high: float
    never: float
    replicates: int
    days: int
    confidence: float

    def sentence(self, language: Language = "en") -> str:
        """The crossover in words."""
        say, support = words(language), self._support(language)
        label = say(LABELS[self.metric])
        what = say("total {label}", label=label) if self.metric in FLOWS else label
        if math.isinf(self.day):
            return say(
                "“{a}” does not get ahead of “{b}” for good in {what} within {days} days{support}.",
                a=self.a,
                b=self.b,
                what=what,
                days=f"{self.days:,}",
                support=support,
            )
        if self.day == 0:
            return say(
                "From the first day on, “{a}” stays ahead of “{b}” in {what}{support}.",
                a=self.a,
                b=self.b,
                what=what,
                support=support,
            )
        return say(
            "From day {day} on, “{a}” stays ahead of “{b}” in {what}{support}.",
            day=when(self.day),
            a=self.a,
            b=self.b,
            what=what,
            support=support,
        )

    def brief(self, language: Language = "en") -> str:
        """The day and its interval alone: `day 142 (120 to 170)`, or `not within 365 days`."""
        say = words(language)
        if math.isinf(self.day):
            return say("not within {days} days", days=f"{self.days:,}")
        if math.isnan(self.low) or self.low == self.high:
            return say("day {day}", day=when(self.day))
        if math.isinf(self.high):
            return say("day {day} ({low} to never)", day=when(self.day), low=when(self.low))
        return say("day {day} ({low} to {high})", day=when(self.day), low=when(self.low), high=when(self.high))

    def _support(self, language: Language) -> str:
        """In brackets: the interval, and in how many replicates it never comes."""
        say, replicates = words(language), f"{self.replicates:,}"
        if self.replicates == 1:
            return say(" (one replicate: no interval)")
        if self.never == 1:
            return say(" (in none of {replicates} replicates)", replicates=replicates)
        limits = self._limits(language)
        if not self.never:
            return say(" ({limits})", limits=limits)
        return say(
            " ({limits}; never in {share} of {replicates} replicates)",
            limits=limits,
            share=f"{self.never:.0%}",
            replicates=replicates,
        )

    def _limits(self, language: Language) -> str:
        say = words(language)
        if math.isnan(self.low):
            return say("too few replicates ({replicates}) for an interval", replicates=f"{self.replicates:,}")
        confidence, low, high = f"{self.confidence * 100:g}%", when(self.low), when(self.high)
        if math.isinf(self.low):
            return say("{confidence} interval not within {days} days", confidence=confidence, days=f"{self.days:,}")
        if math.isinf(self.high):
            return say(
                "{confidence} interval day {low} to not within {days} days",
                confidence=confidence,
                low=low,
                days=f"{self.days:,}",
            )
        if self.high == self.low:
            return say("{confidence} interval day {low}", confidence=confidence, low=low)
        return say("{confidence} interval day {low} to {high}", confidence=confidence, low=low, high=high)


def when(day: float) -> str:
    """A day as people write it: 143, not 143.0, and 142.5 where a median falls between two days."""
    return f"{day:,.1f}".removesuffix(".0") if math.isfinite(day) else "never"


def first_lasting_day(ahead: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.float64]:
    """For each replicate the first day from which `ahead`, `(replicates, days)`, stays above zero to the last day.

    Returns `(replicates,)`, infinity where the last day is not above zero. A tie is not ahead.
    """
    days = ahead.shape[1]
    lasting = np.argmax(ahead[:, ::-1] <= 0, axis=1)  # days in a row at the end; 0 also where there is no other day
    lasting = np.where((ahead > 0).all(axis=1), days, lasting)
    return np.where(lasting == 0, np.inf, days - lasting)


def crossover(metric: str, a: str, b: str, ahead: NDArray[np.int64], confidence: float) -> Crossover:
    """The crossover of `a` over `b`; `ahead`, `(replicates, days)`, is how far `a` is ahead at the end of each day."""
    days = first_lasting_day(ahead)
    middle = intervals.median(days, confidence)
    never = float(np.isinf(days).mean())
    replicates, horizon = ahead.shape
    return Crossover(a, b, metric, middle.middle, middle.low, middle.high, never, replicates, horizon, confidence)
