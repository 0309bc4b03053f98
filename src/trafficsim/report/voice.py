"""How a report speaks: built-in words in the reader's language, sums in its currency, lists and intervals."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trafficsim.market.currencies import decimals
from trafficsim.results.intervals import Interval
from trafficsim.words import rounding
from trafficsim.words.dates import day_of
from trafficsim.words.language import Language, Words, words


@dataclass(frozen=True)
class Voice:
    """One language, one currency and one calendar, in which everything of a report is said."""

    language: Language = "en"
    currency: str = ""
    start: dt.date | None = None
    """The date of day 0, where days are to be told as dates."""

    @property
    def say(self) -> Words:
        """Says built-in words."""
        return words(self.language)

    @property
    def unit(self) -> str:
        """The currency as a unit."""
        return rounding.unit(self.currency, self.language)

    @property
    def stop(self) -> str:
        """What ends a sentence."""
        return "。" if self.language == "zh" else "."

    @property
    def gap(self) -> str:
        """What stands between two sentences; Chinese full stops are wide enough."""
        return "" if self.language == "zh" else " "

    def day(self, day: float) -> str:
        """A day of the run: its date, or its number where that of day 0 is not known."""
        return day_of(day, self.start, self.language)

    def money(self, value: float) -> str:
        """A sum on its own: CNY 16.2k."""
        return rounding.money(value, self.currency, self.language)

    def price(self, value: float) -> str:
        """A sum as a scenario gives it, to the cent: CNY 12.5."""
        return rounding.paid(self._to_the_cent(value), self.currency, self.language)

    def prices(self, low: float, high: float) -> str:
        """Two sums as a scenario gives them: CNY 60 to 150."""
        both = self.say("{low} to {high}", low=self._to_the_cent(low), high=self._to_the_cent(high))
        return rounding.paid(both, self.currency, self.language)

    def _to_the_cent(self, value: float) -> str:
        places = decimals(self.currency)
        shown = f"{value:,.{places}f}"
        return shown.rstrip("0").removesuffix(".") if places else shown

    def short(self, value: float) -> str:
        """A number on its own: 16.2k."""
        return rounding.short(value, language=self.language)

    def percent(self, share: float) -> str:
        """A share as a scenario gives it, not rounded: 12.5%."""
        return f"{100 * share:.4g}%"

    def discount(self, share: float) -> str:
        """A price cut: 10% off; in Chinese what is left, in tenths."""
        return f"{10 * (1 - share):.3g} 折" if self.language == "zh" else f"{100 * share:.4g}% off"

    def listed(self, parts: Iterable[str]) -> str:
        """Names or phrases in a row, without an "and"."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def clauses(self, parts: Iterable[str]) -> str:
        """Parts of a sentence in a row."""
        return ("，" if self.language == "zh" else ", ").join(part for part in parts if part)

    def parts(self, parts: Iterable[str]) -> str:
        """Parts of a sentence that hold commas themselves."""
        return ("；" if self.language == "zh" else "; ").join(part for part in parts if part)

    def joined(self, sentences: Iterable[str]) -> str:
        """Whole sentences one after another."""
        return self.gap.join(sentence for sentence in sentences if sentence)

    def amount(self, interval: Interval, beside: Iterable[float] = ()) -> str:
        """A sum with its limits, on one scale: CNY 14.7k (10.8k to 18.6k); without limits the sum alone.

        What stands `beside` it has the same scale and decimals.
        """
        mean, limits = self.mean_and_limits(interval, beside, money=True)
        return mean if math.isnan(interval.low) else self.say("{mean} ({limits})", mean=mean, limits=limits)

    def sure_of(self, interval: Interval, confidence: float, beside: Iterable[float] = ()) -> str:
        """A sum with what its limits are: CNY 14.7k (10.8k to 18.6k allowing for luck, 95% sure), or it alone."""
        mean, limits = self.mean_and_limits(interval, beside, money=True)
        if math.isnan(interval.low):
            return mean
        return self.say(
            "{mean} ({limits} allowing for luck, {sure} sure)", mean=mean, sure=f"{confidence * 100:g}%", limits=limits
        )

    def ends(self, interval: Interval, beside: Iterable[float] = ()) -> dict[str, str]:
        """The `middle` of an interval around 0, and how far it reaches to both sides: sums without signs, on one scale.

        For sentences that have words for the signs: CNY 9.1k ahead, from 0.1k behind to 12.9k ahead.
        """
        values = (interval.middle, abs(interval.low), abs(interval.high), *beside)
        middle, low, high, *_ = self._together(values)
        if self.language == "en":
            return {"middle": f"{self.currency} {middle}", "low": low, "high": high}
        unit = f" {rounding.scale(values, language='zh').suffix}{self.unit}"
        return {name: f"{sum_}{unit}" for name, sum_ in (("middle", middle), ("low", low), ("high", high))}

    def column(self, intervals: Sequence[Interval], *, sign: bool = False) -> list[str]:
        """Numbers with their limits as `plain` has them, on the one scale of the column that they stand in."""
        by = rounding.common((end for each in intervals for end in (each.middle, each.low, each.high)), self.language)
        return [rounding.UNDEFINED if math.isnan(e.middle) else self.plain(e, sign=sign, by=by) for e in intervals]

    def counts(self, values: Iterable[float]) -> list[str]:
        """Bare numbers of a column, on its one scale."""
        return self.column([Interval(value, math.nan, math.nan) for value in values])

    def heading(self, name: str, unit: str) -> str:
        """A column's name with its unit: revenue, thousand CNY; in Chinese in brackets, once with those of the name."""
        if not unit:
            return name
        if self.language == "zh":
            return f"{name[:-1]}，{unit}）" if name.endswith("）") else f"{name}（{unit}）"
        return f"{name}, {unit}"

    def mean_and_limits(
        self,
        interval: Interval,
        beside: Iterable[float] = (),
        *,
        money: bool = False,
        sign: bool = False,
        by: rounding.Scale | None = None,
    ) -> tuple[str, str]:
        """A number and its limits on one scale, `by` or their own, each on its own; sums with their currency."""
        values = (interval.middle, interval.low, interval.high, *beside)
        by = by or rounding.scale(values, language=self.language)
        middle, low, high, *_ = self._together(values, sign=sign, by=by)
        limits = self.say("{low} to {high}", low=low, high=high)
        if self.language == "zh":
            unit = f" {by.suffix}{self.unit if money else ''}".rstrip()
            return f"{middle}{unit}", f"{limits}{unit}"
        return f"{self.currency} {middle}" if money else middle, limits

    def between(self, low: float, high: float, *, sign: bool = False) -> str:
        """Two limits on one scale: 10.8k to 18.6k; in Chinese 1.08 至 1.86 万."""
        said = self.say(
            "{low} to {high}", **dict(zip(("low", "high"), self._together((low, high), sign=sign), strict=True))
        )
        suffix = rounding.scale((low, high), language=self.language).suffix
        return f"{said} {suffix}" if self.language == "zh" and suffix else said

    def signed(self, interval: Interval) -> str:
        """A difference with its limits, on one scale and without currency: +14.7k (+10.8k to +18.6k)."""
        return self.plain(interval, sign=True)

    def plain(self, interval: Interval, *, sign: bool = False, by: rounding.Scale | None = None) -> str:
        """A number with its limits, on one scale, `by` or their own, without currency: 14.7k (10.8k to 18.6k)."""
        mean, limits = self.mean_and_limits(interval, sign=sign, by=by)
        return mean if math.isnan(interval.low) else self.say("{mean} ({limits})", mean=mean, limits=limits)

    def _together(
        self, values: tuple[float, ...], *, sign: bool = False, by: rounding.Scale | None = None
    ) -> list[str]:
        """Numbers that stand side by side, on one scale; Chinese names it once, behind them."""
        by = by or rounding.scale(values, language=self.language)
        places = rounding.decimals(value / by.divisor for value in values)
        places = min(2, places) if by.suffix else places  # those that are small on the scale of others
        suffix = by.suffix if self.language == "en" else ""
        return [rounding.fixed(value / by.divisor, places, sign=sign) + suffix for value in values]

    def limits(self, interval: Interval, confidence: float, beside: Iterable[float] = ()) -> str:
        """The limits of a sum in words, on one scale with what stands `beside` it, or that there are none."""
        if math.isnan(interval.low):
            return self.say("one replicate: no interval")
        limits = self.mean_and_limits(interval, beside, money=True)[1]
        return self.say("{confidence} interval {limits}", confidence=f"{confidence * 100:g}%", limits=limits)
