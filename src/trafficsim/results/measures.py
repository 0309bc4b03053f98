"""From counters to the numbers of a comparison: daily series and one value a replicate, in counts and whole cents.

Cents stay integers until the last division, so that equal arms differ by exactly nothing.
"""

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from trafficsim.books.counters import Counter
from trafficsim.books.metrics import metric, signs_in_profit, spend_lines
from trafficsim.results.about import EqualBudget, OwnMechanism, read
from trafficsim.results.estimates import Estimate
from trafficsim.results.intervals import Array

FlowName = Literal["profit", "revenue", "spend", "new_customers", "orders"]
StockName = Literal["members", "customers_aware", "cash"]
SeriesName = Literal["profit", "revenue", "spend", "new_customers", "orders", "members", "customers_aware", "cash"]

FLOWS: tuple[FlowName, ...] = ("profit", "revenue", "spend", "new_customers", "orders")
"""Series that add up over days."""

STOCKS: tuple[StockName, ...] = ("members", "customers_aware", "cash")
"""Series that are levels at the end of each day."""

LABELS: dict[str, str] = {
    "profit": "contribution profit",
    "revenue": "revenue",
    "spend": "spend",
    "new_customers": "new customers",
    "orders": "orders",
    "members": "members",
    "customers_aware": "aware customers",
    "cash": "cash balance",
}
"""The series in words, for titles, axes and sentences."""

MONEY_SERIES = ("profit", "revenue", "spend", "cash")

DAILY = ("arm", "replicate", "day")
"""Dimensions of series."""
SAME_SPEND = 0.01
"""Arms whose mean spend differs by no more than this share count as spending the same."""
DAYS_OF_YEAR = 365.0


def own_counters(data: xr.Dataset) -> tuple[Counter, ...]:
    """The counters of mechanisms of one's own that a result holds."""
    own: tuple[OwnMechanism, ...] = read(data.attrs, "own")
    return tuple(counter for mechanism in own for counter in mechanism.counters)


def _total(data: xr.Dataset, name: str) -> NDArray[Any]:
    """A counter a day, `(arm, replicate, day)`, whatever it is broken down by."""
    values = data[name].transpose(*DAILY, ...).to_numpy()
    return np.asarray(values.reshape(*values.shape[: len(DAILY)], -1).sum(axis=-1))


def _lines(data: xr.Dataset, names: tuple[str, ...]) -> NDArray[Any]:
    total = _total(data, names[0])
    for name in names[1:]:
        total = total + _total(data, name)
    return total


def daily(data: xr.Dataset) -> xr.Dataset:
    """All that the tables need of a result, a day: int64 `(arm, replicate, day)`, counts and cents.

    Besides the series: what ratios are made of, `advertising`, `margin` (revenue less goods, commission and delivery),
    `acquisition` (advertising and hooks), `joined_invited` and `ever_members` (who joined, and on day 0 who was a
    member before). `present_value`, profit as it is worth on day 0, and `margin_of_new`,
    discounted alike, are not rounded. Attributes are kept.
    """
    # In NumPy: each replicate of a study comes by here, and aligning labels that are the same took half of its time.
    gross, own = _total(data, "gross_sales"), own_counters(data)
    profit, *costs = (sign * _total(data, name) for name, sign in signs_in_profit(own).items())
    for cost in costs:
        profit = profit + cost
    worth = discounting(data).to_numpy()[:, None, :]
    cash = profit.cumsum(axis=-1) + cash_at_start(data).to_numpy()[:, None, None]
    found = {
        "profit": profit,
        "cash": cash,
        "lowest_cash": np.minimum.accumulate(cash, axis=-1),
        "present_value": profit * worth,
        "revenue": gross - _total(data, "discounts"),
        "margin": gross - _lines(data, ("discounts", "cost_of_goods", "commission", "delivery")),
        "spend": _lines(data, spend_lines(own)),
        "advertising": _total(data, "advertising"),
        "acquisition": _lines(data, ("advertising", "hooks")),
        "new_customers": _total(data, "first_orders"),
        "margin_of_new": _total(data, "margin_of_new") * worth,
        "orders": _total(data, "orders"),
        "members": _total(data, "members"),
        "joined_invited": _total(data, "joined_invited"),
        "ever_members": _ever_members(data),
        "customers_aware": _total(data, "customers_aware"),
    }
    coords = {name: coord for name, coord in data.coords.items() if set(coord.dims) <= set(DAILY)}
    return xr.Dataset({name: (DAILY, values) for name, values in found.items()}, coords, data.attrs)


def _ever_members(data: xr.Dataset) -> NDArray[Any]:
    """Who joined each day, and with those of day 0 who was a member before it, `(arm, replicate, day)`."""
    joined, first = _total(data, "joined"), data[["members", "won_back", "left"]].isel(day=[0])
    before = _total(first, "members") - joined[..., :1] - _total(first, "won_back") + _total(first, "left")
    return np.concatenate([joined[..., :1] + before, joined[..., 1:]], axis=-1)


def counters_of_series(own: Iterable[Counter] = ()) -> set[str]:
    """The counters that `daily` is made of; besides them it needs `members` and `customers_aware`."""
    people = ("first_orders", "joined", "won_back", "left", "joined_invited")
    return {*signs_in_profit(own), *spend_lines(own), *people, "margin_of_new", "orders"}


def profit_lines(data: xr.Dataset) -> dict[str, xr.DataArray]:
    """What each line of money adds to contribution profit over the run: cents, `(arm, replicate)`, costs below 0.

    Gross sales first, then `COST_LINES`, then what mechanisms of one's own add; together they are contribution profit.
    """
    dims = DAILY[:2]
    coords = {name: data[name] for name in dims}
    return {
        name: xr.DataArray(sign * _total(data, name).sum(axis=-1), coords, dims)
        for name, sign in signs_in_profit(own_counters(data)).items()
    }


def cash_at_start(data: xr.Dataset) -> xr.DataArray:
    """What each arm has before day 0, in whole cents, `(arm,)`."""
    given: dict[str, float] = read(data.attrs, "cash_at_start")
    cents = [round(given.get(str(arm), 0.0) * 100.0) for arm in data["arm"].to_numpy()]
    return xr.DataArray(np.array(cents, np.int64), dims="arm")


def of_days(days: xr.Dataset, name: str, arm: str) -> NDArray[np.int64]:
    """A series of one arm, counts or cents, `(replicates, days)`."""
    return np.asarray(days[name].sel(arm=arm).transpose("replicate", "day").to_numpy())


def discount_rates(data: xr.Dataset) -> dict[str, float]:
    """The discount rate a year of each arm."""
    rates: dict[str, float] = read(data.attrs, "discount_rates")
    return {str(arm): rates.get(str(arm), 0.0) for arm in data["arm"].to_numpy()}


def discounting(data: xr.Dataset) -> xr.DataArray:
    """What a unit of money of each day is worth on day 0, `(arm, day)`."""
    rates = np.array(list(discount_rates(data).values()))
    years = np.arange(data.sizes["day"]) / DAYS_OF_YEAR
    return xr.DataArray((1.0 + rates[:, None]) ** -years, dims=("arm", "day"))


Totals = tuple[xr.DataArray, xr.DataArray | None]
"""A metric `(arm, replicate)`, and of a ratio what its mean is divided by."""


def totals(days: xr.Dataset, name: str, baseline: str) -> Totals:
    """What a metric is made of from the series of `daily`, float64 `(arm, replicate)`; money in cents.

    One number a replicate, and for a ratio what its mean is divided by. The first is NaN in all replicates where an arm
    can't have a value, whatever the random numbers: CAC where nothing is spent; what is against the baseline for
    itself, and where both spend the same, on purpose or within `SAME_SPEND`, since the ratio would be noise.
    KeyError for an unknown name.
    """
    entry = metric(name)
    if entry.ratio is None:
        return _total_of(days, name), None
    above, below = (days[part].sum("day").astype(float) for part in entry.ratio)
    if not entry.extra:
        return above.where(above.any("replicate")) if name == "cac" else above, below
    extra_above, extra_below = (total - total.sel(arm=baseline, drop=True) for total in (above, below))
    return extra_above.where(_spends_otherwise(days, baseline)), extra_below


def _total_of(days: xr.Dataset, name: str) -> xr.DataArray:
    if name == "members":
        return days["members"].isel(day=-1, drop=True).astype(float)
    if name == "lowest_cash":
        return days["lowest_cash"].isel(day=-1, drop=True).astype(float)
    if name == "profit_last_30":
        return days["profit"].isel(day=slice(-30, None)).sum("day").astype(float)
    return days[name].sum("day").astype(float)


def _spends_otherwise(days: xr.Dataset, baseline: str) -> xr.DataArray:
    """Whether an arm spends other sums than the baseline, `(arm)`."""
    spend = days["spend"].sum("day").mean("replicate")
    against, equal = spend.sel(arm=baseline, drop=True), _equalised(days)
    on_purpose = spend["arm"].isin(equal if baseline in equal else [])
    return (abs(spend - against) > SAME_SPEND * spend.clip(min=against)) & ~on_purpose


def _equalised(days: xr.Dataset) -> list[str]:
    """Arms that were made to spend the same."""
    equal: EqualBudget | None = read(days.attrs, "equal_budget")
    return list(equal.arms) if equal else []


def estimates(found: Totals) -> dict[str, Estimate]:
    """A metric by arm over replicates, of what `totals` found; money in cents."""
    above, below = found
    by_arm = zip(_by_arm(above), _by_arm(above if below is None else below), strict=True)
    return {
        str(arm): Estimate(own, None if below is None else other)
        for arm, (own, other) in zip(above["arm"].to_numpy(), by_arm, strict=True)
    }


def _by_arm(total: xr.DataArray) -> Array:
    return np.asarray(total.transpose("arm", "replicate").to_numpy(), np.float64)
