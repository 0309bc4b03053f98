"""From a comparison to the quantities that claims speak of: one number a replicate, or one a replicate and day."""

from functools import cached_property

import numpy as np
import xarray as xr

from trafficsim.books.metrics import LAST_COUNTS, METRICS, Quantity, quantities
from trafficsim.results import Result, measures
from trafficsim.results.estimates import Estimate
from trafficsim.results.intervals import Array
from trafficsim.results.money_in_time import DAYS
from trafficsim.results.uplift import uplift_estimates
from trafficsim.scenario.claims import Measured

CENTS = 100.0
_LAST_COUNTS = {c.name for c in LAST_COUNTS}
_RATIOS = {entry.name: entry.ratio for entry in METRICS if entry.ratio and not entry.extra}
"""What is divided by what, both of the same days."""
_TOTALS = {entry.name for entry in METRICS}


class Measures:
    """The quantities of a comparison; those of a claim that was checked for its scenario always exist.

    Money is in currency units. Ratios are those of means over replicates (see `Estimate`).
    """

    def __init__(self, result: Result) -> None:
        self.result = result
        self._named = quantities(measures.own_counters(result.data))

    @cached_property
    def _series(self) -> xr.Dataset:
        return measures.daily(self.result.data)

    def of(self, of: Measured) -> Estimate:
        """What is measured."""
        value = self._value(str(of.metric), of)
        return value if of.per is None else value.per(self._value(of.per, of))

    def days(self, of: Measured) -> Array:
        """The day of each replicate, `(replicates,)`, of a metric that is one (see `money_in_time.DAYS`)."""
        series, find = DAYS[str(of.metric)]
        return find(measures.of_days(self._series, series, of.arm or self.result.arms[0]))

    def grown(self, of: Measured) -> Array:
        """What has added up by the end of each day, or a level then, `(replicates, days)`; money in cents."""
        quantity, entry = self._split(str(of.metric))
        daily = self._daily(quantity, entry, str(of.arm))
        return daily.cumsum(axis=1) if quantity.over == "flow" else daily

    def _value(self, metric: str, of: Measured) -> Estimate:
        quantity, entry = self._split(metric)
        arm = of.arm or self.result.arms[0]
        if quantity.name in DAYS:
            return Estimate(self.days(of))
        if quantity.over == "run":
            return self._of_run(quantity, entry, arm)
        if quantity.name in _RATIOS:
            above, below = (self._over_time(self._part(name), "", arm, of) for name in _RATIOS[quantity.name])
            nothing_spent = quantity.name == "cac" and not above.any()
            return Estimate(np.full_like(above, np.nan) if nothing_spent else above, below)
        return Estimate(self._over_time(quantity, entry, arm, of))

    def _over_time(self, quantity: Quantity, entry: str, arm: str, of: Measured) -> Array:
        daily = self._daily(quantity, entry, arm) / _unit(quantity)
        last = daily.shape[1] - 1 if of.day is None else of.day
        if quantity.over == "flow":
            first, until = of.window or (0, last + 1)
            return np.asarray(daily[:, first:until].sum(axis=1))
        if of.window is None or quantity.name == "customers":
            return np.asarray(daily[:, last])
        return np.asarray(daily[:, of.window[1] - 1] - daily[:, of.window[0] - 1])

    def _daily(self, quantity: Quantity, entry: str, arm: str) -> Array:
        """A flow of each day, or a level at its end, `(replicates, days)`, in counts and cents."""
        found = daily(self.result.data, self._series, quantity, entry)
        return np.asarray(found.sel(arm=arm).transpose("replicate", "day").to_numpy(), np.float64)

    def _of_run(self, quantity: Quantity, entry: str, arm: str) -> Estimate:
        name, data = quantity.name, self.result.data
        if name in _TOTALS:
            return self.result.estimate(name, arm)
        if name == "top_over_rest":
            return _top_over_rest(data.sel(arm=arm), entry)
        if name in _LAST_COUNTS:
            found = _entry(data[name], quantity.by, entry) / _unit(quantity)
        elif name in {"joiners", "joiner_orders", "others", "other_orders"}:
            found = data[name]
        else:
            return self._uplift(name, arm)
        return Estimate(np.asarray(found.sel(arm=arm).to_numpy(), np.float64))

    def _part(self, name: str) -> Quantity:
        """A daily series that a ratio is made of."""
        return self._named.get(name) or Quantity(name, "money", "", "flow", "")

    def _split(self, metric: str) -> tuple[Quantity, str]:
        name, _, entry = metric.partition(".")
        return self._named[name], entry

    def _uplift(self, name: str, arm: str) -> Estimate:
        return uplift_estimates(self.result.data, arm)[name]


def daily(data: xr.Dataset, series: xr.Dataset, quantity: Quantity, entry: str) -> xr.DataArray:
    """A flow of each day, or a level at its end, `(arm, replicate, day)` in any order, in counts and cents.

    Args:
        data: of a comparison (see `dataset.counted`).
        series: what `measures.daily` makes of it.
        quantity: a flow or a level that is no ratio.
        entry: the one that is meant of what it is broken down by; all together for "".
    """
    if quantity.name in {"days", "customers"}:
        each = float(data.attrs["customers"]) if quantity.name == "customers" else 1.0
        return xr.full_like(series["orders"], each, dtype=np.float64)
    if quantity.name in data and quantity.name not in {"members", "customers_aware"}:
        return _entry(data[quantity.name], quantity.by, entry)
    return data["members"].sel(place=entry) if entry else series[quantity.name]


def _unit(quantity: Quantity) -> float:
    return CENTS if quantity.unit.startswith("money") else 1.0


def _entry(counts: xr.DataArray, by: str, entry: str) -> xr.DataArray:
    if not by:
        return counts
    return counts.sel({by: f"day {entry}" if by == "cohort" else entry}) if entry else counts.sum(by)


def _top_over_rest(data: xr.Dataset, top: str) -> Estimate:
    many, paid = (data[f"{name}_of_top"].sel(top=top).to_numpy().astype(float) for name in ("buyers", "revenue"))
    everybody, all_paid = (data[f"{name}_of_segment"].sum("segment").to_numpy() for name in ("buyers", "revenue"))
    rest, rest_paid = everybody - many, all_paid - paid
    return Estimate(paid, many).per(Estimate(rest_paid, rest))
