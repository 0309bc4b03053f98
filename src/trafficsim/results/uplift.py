"""Uplift of a pool: what members buy more, and how much of that the pool has caused.

Joiners would have bought more anyway: people who like a brand join its pool. Comparing them with those who were in no
pool (naive) mixes that liking with the effect of the pool. Causal is the difference to the same customers, with the
same random numbers, in the same arm without its pools. A pool also acts on people who never join it: they are told of
the brand, or find seats taken. Such interference between people (Hudgens and Halloran 2008) counts in everybody's gain,
not in the joiners'.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from trafficsim.results import intervals
from trafficsim.results.estimates import Estimate
from trafficsim.results.intervals import Array, Interval
from trafficsim.words import rounding
from trafficsim.words.language import Language, words


@dataclass(frozen=True)
class Uplift:
    """Extra orders over the run that the pools of arm `arm` brought, with intervals over replicates.

    In orders per joiner, ratios of means: `naive` is against those who were in no pool, neither from the start nor by
    joining; `causal` against the same people in the same arm without its pools; `extra` is naive less causal, paired:
    what mere self-selection would claim.

    In orders in all, against the same arm without its pools: `everybody` of all customers, `of_joiners` of those who
    joined in the run, `of_rest` of those who did not: interference, and what the pool did to members from the start.

    `against` names the arm of the comparison that is the same without pools; "" where it was run for this purpose.
    `joiners` and `from_start` are mean numbers of people: who joined a pool in the run, and who was in one from the
    start and joined none. NaN where nobody joined, nobody else is left to compare with, or the arm was not run without
    its pools.
    """

    arm: str
    against: str
    naive: Interval
    causal: Interval
    extra: Interval
    of_joiners: Interval
    of_rest: Interval
    everybody: Interval
    joiners: float
    from_start: float
    replicates: int
    confidence: float

    def sentence(self, language: Language = "en") -> str:
        """All of it in words."""
        gap = "" if language == "zh" else " "
        return gap.join(
            [self._each(language), *self._in_all(language), *([self._apart(language)] if self.from_start > 0 else [])]
        )

    def _each(self, language: Language) -> str:
        """What a joiner ordered more."""
        say = words(language)
        if not self.joiners > 0:
            return say("“{arm}”: nobody joined a pool, so that there is nothing to compare.", arm=self.arm)
        naive = _more(self.naive, self.confidence, language, places=2)
        if np.isnan(self.everybody.middle):
            return say(
                "“{arm}”: a joiner placed {naive} than somebody who was in no pool, buyer or not; how much of it the "
                "pool caused was not measured.",
                arm=self.arm,
                naive=naive,
            )
        return say(
            "“{arm}”: a joiner placed {naive} than somebody who was in no pool, buyer or not; the same people placed "
            "{causal} than without the pool ({where}).",
            arm=self.arm,
            naive=naive,
            causal=_more(self.causal, self.confidence, language, places=2),
            where=say("arm “{arm}”", arm=self.against) if self.against else say("a run of the same arm without it"),
        )

    def _in_all(self, language: Language) -> list[str]:
        """What all customers together ordered more, and interference by its name."""
        if np.isnan(self.everybody.middle):
            return []
        text = (
            "Everybody together placed {everybody} than without it: joiners {joiners}, everybody else {rest} "
            "(interference: what the pool does to people outside it)."
        )
        if self.from_start > 0:
            text = (
                "Everybody together placed {everybody} than without it: joiners {joiners}, everybody else {rest} "
                "(members from the start, and people outside the pool, on whom it acts by interference)."
            )
        gains = {"everybody": self.everybody, "joiners": self.of_joiners, "rest": self.of_rest}
        said = {name: _more(orders, self.confidence, language) for name, orders in gains.items()}
        return [words(language)(text, **said)]

    def _apart(self, language: Language) -> str:
        return words(language)(
            "Of those who joined no pool in the run, {count} were members from the start; "
            "the naive gain counts them on neither side.",
            count=rounding.short(self.from_start, language=language),
        )


def _more(orders: Interval, confidence: float, language: Language, places: int | None = None) -> str:
    """So many more or fewer orders, with limits on the same scale; signs where they differ, as words say the others."""
    say, ends = words(language), (orders.low, orders.high)
    if np.isnan(orders.middle):
        return say("an unknown number of orders more")
    by = rounding.scale((orders.middle, *ends), language=language)
    places = rounding.decimals(value / by.divisor for value in (orders.middle, *ends)) if places is None else places
    count = rounding.fixed(abs(orders.middle) / by.divisor, places) + by.suffix
    more = say("{count} more orders", count=count) if orders.middle >= 0 else say("{count} fewer orders", count=count)
    if np.isnan(orders.low):
        return more
    text = "{more} ({confidence} interval {low} to {high})"
    chance = orders.low <= 0 <= orders.high and orders.low < orders.high
    if chance:
        text = "{more} (which may be chance: {confidence} interval {low} to {high})"
    else:
        ends = min(map(abs, ends)), max(map(abs, ends))
    low, high = (rounding.fixed(end / by.divisor, places, sign=chance) for end in ends)
    below = low + by.suffix if language == "en" else low  # Chinese names the scale once, behind both
    return say(text, more=more, confidence=f"{confidence * 100:g}%", low=below, high=high + by.suffix)


def uplift(data: xr.Dataset, arm: str, against: str, confidence: float) -> Uplift:
    """Uplift of the joiners of `arm`; `against` is the arm that is the same without pools, "" if none is."""
    own, told = of_arm(data, arm), uplift_estimates(data, arm)
    mean = partial(intervals.mean, confidence=confidence)
    gained = own["joiner_orders"] - own["joiner_orders_without"]
    everybody = own["orders"] - own["orders_without"]
    joiners, others_count = float(own["joiners"].mean()), float(own["others"].mean())
    return Uplift(
        arm=arm,
        against=against,
        naive=told["naive_uplift"].interval(confidence),
        causal=told["causal_uplift"].interval(confidence),
        extra=told["extra"].interval(confidence),
        of_joiners=mean(gained),
        of_rest=mean(everybody - gained),
        everybody=mean(everybody),
        joiners=joiners,
        from_start=float(data.attrs["customers"]) - joiners - others_count,
        replicates=len(everybody),
        confidence=confidence,
    )


def of_arm(data: xr.Dataset, arm: str) -> dict[str, Array]:
    """People and orders of an arm's uplift in each replicate, by their names in the data, each `(replicates,)`."""
    names = ("joiners", "joiner_orders", "others", "other_orders", "joiner_orders_without", "orders_without")
    found = {name: data[name].sel(arm=arm) for name in names}
    found["orders"] = data["orders"].sel(arm=arm).sum(["day", "place"])
    return {name: np.asarray(values.to_numpy(), np.float64) for name, values in found.items()}


def uplift_estimates(data: xr.Dataset, arm: str) -> dict[str, Estimate]:
    """What a joiner ordered more, by the names of claims' quantities: naive and causal, each also as a share.

    `extra` is naive less causal. Without a value where there is nobody to divide by; the causal ones also where the arm
    was not run without its pools.
    """
    own = of_arm(data, arm)
    joiners, without = own["joiners"], own["joiner_orders_without"]
    gained = own["joiner_orders"] - without
    each, others = Estimate(own["joiner_orders"], joiners), Estimate(own["other_orders"], own["others"])
    return {
        "naive_uplift": each.less(others),
        "naive_uplift_share": each.less(others).per(others),
        "causal_uplift": Estimate(gained, joiners),
        "causal_uplift_share": Estimate(gained, without),
        "extra": Estimate(without, joiners).less(others),
    }
