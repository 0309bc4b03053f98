"""From a comparison to the quantities that claims speak of: one number a replicate, or one a replicate and day."""

from functools import cached_property

import numpy as np
import xarray as xr

from trafficsim import intervals, measures
from trafficsim.intervals import Array
from trafficsim.metrics import COUNTERS, LAST_COUNTS, Quantity, quantities
from trafficsim.results import Result
from trafficsim.scenario.claims import Measured
from trafficsim.uplift import orders_each

CENTS = 100.0
_COUNTERS = {c.name for c in COUNTERS}
_LAST_COUNTS = {c.name for c in LAST_COUNTS}
_RATIOS = {"cac": "acquisition", "clv": "margin_of_new"}
"""What is divided by the new customers of the same days."""


class Measures:
    """The quantities of a comparison; those of a claim that was checked for its scenario always exist.

    Money is in currency units. A value is NaN where it has no meaning: a ratio to nothing or to less than nothing.
    """

    def __init__(self, result: Result) -> None:
        self.result = result

    @cached_property
    def _series(self) -> xr.Dataset:
        return measures.daily(self.result.data)

    def values(self, of: Measured) -> Array:
        """One number a replicate, `(replicates,)`."""
        value = self._value(str(of.metric), of)
        return value if of.per is None else over(value, self._value(of.per, of))

    def grown(self, of: Measured) -> Array:
        """What has added up by the end of each day, or a level then, `(replicates, days)`; money in cents."""
        quantity, entry = _split(str(of.metric))
        daily = self._daily(quantity, entry, str(of.arm))
        return daily.cumsum(axis=1) if quantity.over == "flow" else daily

    def _value(self, metric: str, of: Measured) -> Array:
        quantity, entry = _split(metric)
        arm = of.arm or self.result.arms[0]
        if quantity.over == "run":
            return self._of_run(quantity, entry, arm)
        if quantity.name in _RATIOS:
            cost = self._over_time(quantities()[_RATIOS[quantity.name]], "", arm, of)
            return over(cost, self._over_time(quantities()["new_customers"], "", arm, of))
        return self._over_time(quantity, entry, arm, of)

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
        data = self.result.data
        if quantity.name in {"days", "customers"}:
            each = float(data.attrs["customers"]) if quantity.name == "customers" else 1.0
            return np.full((self.result.replicates, self.result.days), each)
        if quantity.name in _COUNTERS:
            found = _entry(data[quantity.name], quantity.by, entry)
        else:
            found = data["members"].sel(place=entry) if entry else self._series[quantity.name]
        return np.asarray(found.sel(arm=arm).transpose("replicate", "day").to_numpy(), np.float64)

    def _of_run(self, quantity: Quantity, entry: str, arm: str) -> Array:
        name, data = quantity.name, self.result.data
        if name in _LAST_COUNTS:
            found = _entry(data[name], quantity.by, entry) / _unit(quantity)
        elif name in {"true_cac", "profit_last_30"}:
            found = self.result.values(name)
        elif name == "top_over_rest":
            found = _top_over_rest(data, entry)
        elif name in {"joiners", "joiner_orders", "others", "other_orders"}:
            found = data[name]
        else:
            return self._uplift(name, arm)
        return np.asarray(found.sel(arm=arm).to_numpy(), np.float64)

    def _uplift(self, name: str, arm: str) -> Array:
        each, others, elsewhere = orders_each(self.result.data, arm)
        reference = others if name.startswith("naive") else elsewhere
        return intervals.linear(each - reference, reference) if name.endswith("share") else each - reference


def over(value: Array, by: Array) -> Array:
    """A ratio in each replicate; NaN where it is to nothing or to less than nothing, which would turn its sign."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by > 0, value / by, np.nan)


def _split(metric: str) -> tuple[Quantity, str]:
    name, _, entry = metric.partition(".")
    return quantities()[name], entry


def _unit(quantity: Quantity) -> float:
    return CENTS if quantity.unit.startswith("money") else 1.0


def _entry(counts: xr.DataArray, by: str, entry: str) -> xr.DataArray:
    if not by:
        return counts
    return counts.sel({by: f"day {entry}" if by == "cohort" else entry}) if entry else counts.sum(by)


def _top_over_rest(data: xr.Dataset, top: str) -> xr.DataArray:
    many, paid = (data[f"{name}_of_top"].sel(top=top).astype(float) for name in ("buyers", "revenue"))
    rest, rest_paid = (
        data[f"{name}_of_segment"].sum("segment") - upper for name, upper in (("buyers", many), ("revenue", paid))
    )
    each = rest_paid / rest.where(rest > 0)
    return (paid / many.where(many > 0)) / each.where(each > 0)
