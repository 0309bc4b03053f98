"""Uplift of a pool: what members buy more, and how much of that the pool has caused.

Joiners would have bought more anyway: people who like a brand join its pool. Comparing them with those who did not
join (naive) mixes that liking with the effect of the pool. Every arm here meets the same customers with the same luck,
so the joiners' orders can be compared with the orders of the same people in an arm without a pool (causal).
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from trafficsim import intervals
from trafficsim.intervals import UNKNOWN, Array, Interval
from trafficsim.language import Language, words


@dataclass(frozen=True)
class Uplift:
    """Extra orders of a joiner of arm `arm` over the run, in orders per joiner, with intervals over replicates.

    `naive`: against those who did not join; `causal`: the same people against their orders in arm `against`, which has
    no pool ("" where no arm is without one: then unknown). `extra` is naive less causal, paired: what mere
    self-selection would claim. `joiners` is their mean number. NaN where nobody, or everybody, joined.
    """

    arm: str
    against: str
    naive: Interval
    causal: Interval
    extra: Interval
    joiners: float
    replicates: int
    confidence: float

    def sentence(self, language: Language = "en") -> str:
        """The two numbers in words."""
        say = words(language)
        if np.isnan(self.naive.middle) and np.isnan(self.causal.middle):
            return say(
                "“{arm}”: nobody joined a pool, or everybody did, so that there is nothing to compare.", arm=self.arm
            )
        naive = _more(self.naive, self.confidence, language)
        if not self.against:
            return say(
                "“{arm}”: a joiner placed {naive} than a customer who did not join; how much of it the pool caused can't be "
                "told, since every arm here has a pool.",
                arm=self.arm,
                naive=naive,
            )
        return say(
            "“{arm}”: a joiner placed {naive} than a customer who did not join; the same people placed {causal} than in "
            "“{against}”, without a pool.",
            arm=self.arm,
            naive=naive,
            causal=_more(self.causal, self.confidence, language),
            against=self.against,
        )


def _more(orders: Interval, confidence: float, language: Language) -> str:
    say = words(language)
    if np.isnan(orders.middle):
        return say("an unknown number of orders more")
    count = f"{abs(orders.middle):.2f}"
    more = say("{count} more orders", count=count) if orders.middle >= 0 else say("{count} fewer orders", count=count)
    if np.isnan(orders.low):
        return more
    return say(
        "{more} ({confidence} interval {low} to {high})",
        more=more,
        confidence=f"{confidence * 100:g}%",
        low=f"{orders.low:+.2f}",
        high=f"{orders.high:+.2f}",
    )


Changes = dict[str, list[tuple[str, object, object]]]


def nearest_without_pool(arm: str, changes: Changes, has_pool: dict[str, bool]) -> str:
    """The arm without a pool that differs from `arm` in the fewest settings, the first of equals; "" if none is."""
    without = [other for other, pool in has_pool.items() if not pool and other != arm]
    return min(without, key=lambda other: _differing(changes.get(arm, []), changes.get(other, [])), default="")


def _differing(a: list[tuple[str, object, object]], b: list[tuple[str, object, object]]) -> int:
    """Settings in which two arms differ: changed in one alone, or in both to different values."""
    ours, theirs = ({path: value for path, _, value in side} for side in (a, b))
    shared = [path for path in ours if path in theirs and ours[path] == theirs[path]]
    return len(ours.keys() | theirs.keys()) - len(shared)


def uplift(data: xr.Dataset, arm: str, against: str, confidence: float) -> Uplift:
    """Naive and causal uplift of the joiners of `arm`; `against` is an arm without a pool, or "" if there is none."""
    each, others, elsewhere = orders_each(data, arm, against)
    naive, causal = each - others, each - elsewhere
    return Uplift(
        arm=arm,
        against=against,
        naive=intervals.mean(naive, confidence),
        causal=intervals.mean(causal, confidence) if against else UNKNOWN,
        extra=intervals.mean(naive - causal, confidence) if against else UNKNOWN,
        joiners=float(data["joiners"].sel(arm=arm).mean()),
        replicates=len(naive),
        confidence=confidence,
    )


def orders_each(data: xr.Dataset, arm: str, against: str) -> tuple[Array, Array, Array]:
    """Orders in the run of a joiner of `arm`, of one who did not join, and of the same joiner in arm `against`.

    Each of shape `(replicates,)`; NaN where nobody, or everybody, joined, and the third where `against` is "".
    """
    own = data[["joiners", "joiner_orders", "other_orders"]].sel(arm=arm).astype(float)
    each = _per(own["joiner_orders"], own["joiners"]).to_numpy()
    others = _per(own["other_orders"], float(data.attrs["customers"]) - own["joiners"]).to_numpy()
    if not against:
        return each, others, np.full(len(each), np.nan)
    elsewhere = data["joiner_orders_in"].sel(arm=arm, against=against)
    return each, others, _per(elsewhere, own["joiners"]).to_numpy()


def _per(orders: xr.DataArray, people: xr.DataArray) -> xr.DataArray:
    return orders / people.where(people > 0)
