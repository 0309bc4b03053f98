"""Crossover: from which day on one arm is ahead of another for good."""

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trafficsim.results import intervals
from trafficsim.results.intervals import Interval
from trafficsim.results.measures import FLOWS, LABELS
from trafficsim.words.dates import day_of, numbered
from trafficsim.words.language import Language, words


@dataclass(frozen=True)
class Crossover:
    """From which day on arm `a` stays ahead of arm `b`, over replicates.

    `day` is the median and `low`, `high` its interval, in whole days from 0; `math.inf` means not within `days`, and
    NaN limits that there are too few replicates for an interval. `never` is the share of replicates without a
    crossover, in 0..1.

    `lead` is how far `a` is ahead on the last day on average, in counts or currency units; `ahead` in which share of
    replicates it is then. Where `lead` may be nothing the days are chance: arms without a difference end
    ahead half of the time. `start` is the date of day 0, where it is known: words then give dates.
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
    lead: Interval
    ahead: Interval
    start: dt.date | None = None

    @property
    def undecided(self) -> bool:
        """Whether chance alone may have put one arm ahead; one replicate can't tell, and equal arms have no lead."""
        return self.lead.low <= 0 <= self.lead.high and self.lead.low < self.lead.high

    def sentence(self, language: Language = "en") -> str:
        """The crossover in words."""
        say, support, what = words(language), self._support(language), self._what(language)
        if self.undecided:
            return self._open(what, language)
        if math.isinf(self.day):
            return say(
                "“{a}” does not get ahead of “{b}” for good in {what} within {days} days{support}.",
                a=self.a,
                b=self.b,
                what=what,
                days=f"{self.days:,}",
                support=support,
            )
        text = "From {day} on, “{a}” stays ahead of “{b}” in {what}{support}."
        return say(text, a=self.a, b=self.b, what=what, support=support, day=self.on(self.day, language))

    def short(self, language: Language = "en") -> str:
        """The crossover in words with the limits of its day, without how many replicates they are from."""
        if self.undecided or math.isinf(self.day):
            return self.sentence(language)
        say = words(language)
        what = say("total profit") if self.metric == "profit" else self._what(language)
        said = {"a": self.a, "b": self.b, "what": what, "day": self.on(self.day, language)}
        low, high = (self.on(limit, language) for limit in (self.low, self.high))
        if math.isnan(self.low) or self.low == self.high:
            return say("From {day} on, “{a}” stays ahead of “{b}” in {what}{support}.", support="", **said)
        said |= {"low": low, "high": high, "sure": f"{self.confidence * 100:g}%", "days": f"{self.days:,}"}
        if self.low == self.day == 0 and math.isfinite(self.high):
            text = (
                "“{a}” is ahead of “{b}” in {what} from the first day on, so that it has nothing to overtake; allowing "
                "for luck, from {last} on at the latest ({sure} sure)."
            )
        elif math.isinf(self.high):
            text = (
                "“{a}” stays ahead of “{b}” in {what} from about {about} on; allowing for luck, from "
                "{low} on at the earliest, or not within {days} days ({sure} sure)."
            )
        else:
            text = (
                "“{a}” stays ahead of “{b}” in {what} from about {about} on; allowing for luck, from "
                "{low} at the earliest and {high} at the latest ({sure} sure)."
            )
        about, last = (self._numbered(day, language) for day in (self.day, self.high))
        return say(text, about=about, last=last, **said)

    def caption(self, language: Language = "en") -> str:
        """The crossover as a line above a picture: that it is of the median run, its day and the limits of that."""
        say = words(language)
        if self.undecided:
            return say("undecided whether and from when on “{a}” stays ahead of “{b}”", a=self.a, b=self.b)
        if math.isinf(self.day):
            text = "in the median run “{a}” does not get ahead of “{b}” for good within {days} days"
            return say(text, a=self.a, b=self.b, days=f"{self.days:,}")
        text = "“{a}” ahead of “{b}” in the median run from {when}"
        return say(text, a=self.a, b=self.b, when=self.brief(language))

    def on(self, day: float, language: Language = "en") -> str:
        """A day of this run in words: its date, if that of day 0 is known, the first by name; "never" for infinity."""
        if day == 0:
            return words(language)("the first day")
        return day_of(day, self.start, language) if math.isfinite(day) else words(language)("never")

    def _numbered(self, day: float, language: Language) -> str:
        """A day with its date: day 77 (15 Feb 2027); as `on` has it where that is all there is to say."""
        return numbered(day, self.start, language) if day and math.isfinite(day) else self.on(day, language)

    def _open(self, what: str, language: Language) -> str:
        text = (
            "“{a}” ends ahead of “{b}” in {what} in {wins} of {replicates} replicates; but the {confidence} interval "
            "of its mean lead includes 0, so that it is not settled whether and from when on it stays ahead."
        )
        said = {"a": self.a, "b": self.b, "what": what, "confidence": f"{self.confidence * 100:g}%"}
        wins = f"{round(self.ahead.middle * self.replicates):,}"
        return words(language)(text, wins=wins, replicates=f"{self.replicates:,}", **said)

    def brief(self, language: Language = "en") -> str:
        """The day and its interval alone: `22 May 2024 (30 Apr 2024 to 19 Jun 2024)`, `not within 365 days`, ..."""
        say = words(language)
        if self.undecided:
            return say("undecided")
        if math.isinf(self.day):
            return say("not within {days} days", days=f"{self.days:,}")
        if self.day == 0 and self.high == 0:
            return self.on(0, language)
        day = self.on(self.day, language)
        if math.isnan(self.low) or self.low == self.high:
            return day
        if math.isinf(self.high):
            return say(
                "{day} ({low} or not within {days} days)",
                day=day,
                low=self.on(self.low, language),
                days=f"{self.days:,}",
            )
        return say(
            "{day} ({low} to {high})", day=day, low=self.on(self.low, language), high=self.on(self.high, language)
        )

    def _what(self, language: Language) -> str:
        say = words(language)
        label = say(LABELS[self.metric])
        return say("total {label}", label=label) if self.metric in FLOWS else label

    def _support(self, language: Language) -> str:
        """In brackets: that the day is a median, its interval, and in how many replicates it never comes."""
        say, replicates = words(language), f"{self.replicates:,}"
        if self.replicates == 1:
            return say(" (one replicate: no interval)")
        if self.never == 1:
            return say(" (in none of {replicates} replicates)", replicates=replicates)
        limits, many = self._limits(language), f"{round(self.never * self.replicates):,}"
        if math.isinf(self.day):
            return say(
                " ({limits}; not ahead at the end in {many} of {replicates} replicates)",
                limits=limits,
                many=many,
                replicates=replicates,
            )
        if not self.never:
            return say(" (median of {replicates} replicates; {limits})", replicates=replicates, limits=limits)
        return say(
            " (median of {replicates} replicates; {limits}; not ahead at the end in {many} of them)",
            replicates=replicates,
            limits=limits,
            many=many,
        )

    def _limits(self, language: Language) -> str:
        say = words(language)
        if math.isnan(self.low):
            return say("too few replicates ({replicates}) for an interval", replicates=f"{self.replicates:,}")
        confidence, days = f"{self.confidence * 100:g}%", f"{self.days:,}"
        if math.isinf(self.low):
            return say("{confidence} interval not within {days} days", confidence=confidence, days=days)
        low, high = self.on(self.low, language), self.on(self.high, language)
        if math.isinf(self.high):
            return say(
                "{confidence} interval {low} or not within {days} days", confidence=confidence, low=low, days=days
            )
        if self.high == self.low:
            return say("{confidence} interval that day alone", confidence=confidence)
        return say("{confidence} interval {low} to {high}", confidence=confidence, low=low, high=high)


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


def median_day(days: NDArray[np.float64], confidence: float) -> Interval:
    """The median of `(replicates,)` days with its interval, whose limits are the whole days nearest to them.

    Halves are rounded outwards. Limits so rounded hold every whole day that they held before.
    """
    day = intervals.median(days, confidence)
    first = float(np.ceil(day.low - 0.5)) + 0.0  # day 0, where rounding gives -0
    return Interval(day.middle, first, float(np.floor(day.high + 0.5)))


def lasting_day(ahead: NDArray[np.int64] | NDArray[np.float64], confidence: float) -> Interval:
    """The `median_day` of `first_lasting_day`."""
    return median_day(first_lasting_day(ahead), confidence)


def crossover(metric: str, a: str, b: str, ahead: NDArray[np.int64], confidence: float) -> Crossover:
    """The crossover of `a` over `b`; `ahead`, `(replicates, days)`, is how far `a` is ahead at the end of each day.

    Its `lead` has the unit of `ahead`.
    """
    day, last = lasting_day(ahead, confidence), ahead[:, -1]
    replicates, horizon = ahead.shape
    leading = int(np.count_nonzero(last > 0))
    return Crossover(
        a, b, metric, day.middle, day.low, day.high, float((last <= 0).mean()), replicates, horizon, confidence,
        lead=intervals.mean(last.astype(float), confidence), ahead=intervals.share(leading, replicates, confidence),
    )  # fmt: skip
