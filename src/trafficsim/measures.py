"""From counters to the numbers of a comparison: daily series and one value a replicate, in counts and whole cents.

Cents stay integers until the last division, so that equal arms differ by exactly nothing.
"""

from typing import Literal

import xarray as xr

from trafficsim.metrics import COST_LINES, SPEND_LINES, counter, metric

FlowName = Literal["profit", "revenue", "spend", "new_customers", "orders"]
StockName = Literal["members", "customers_aware"]
SeriesName = Literal["profit", "revenue", "spend", "new_customers", "orders", "members", "customers_aware"]

FLOWS: tuple[FlowName, ...] = ("profit", "revenue", "spend", "new_customers", "orders")
"""Series that add up over days."""

STOCKS: tuple[StockName, ...] = ("members", "customers_aware")
"""Series that are levels at the end of each day."""

LABELS: dict[str, str] = {
    "profit": "contribution profit",
    "revenue": "revenue",
    "spend": "spend",
    "new_customers": "new customers",
    "orders": "orders",
    "members": "members",
    "customers_aware": "aware customers",
}
"""The series in words, for titles, axes and sentences."""

MONEY_SERIES = ("profit", "revenue", "spend")


def _total(data: xr.Dataset, name: str) -> xr.DataArray:
    """A counter a day, `(arm, replicate, day)`, whatever it is broken down by."""
    by = counter(name).by
    return data[name].sum(by) if by else data[name]


def _lines(data: xr.Dataset, names: tuple[str, ...]) -> xr.DataArray:
    total = _total(data, names[0])
    for name in names[1:]:
        total = total + _total(data, name)
    return total


def daily(data: xr.Dataset) -> xr.Dataset:
    """All that the tables need of a result, a day: int64 `(arm, replicate, day)`, counts and cents.

    Besides the series: `acquisition` (advertising and hooks) and `margin_of_new`, which CAC and CLV are made of.
    """
    gross = _total(data, "gross_sales")
    return xr.Dataset(
        {
            "profit": gross - _lines(data, COST_LINES),
            "revenue": gross - _total(data, "discounts"),
            "spend": _lines(data, SPEND_LINES),
            "new_customers": _total(data, "first_orders"),
            "orders": _total(data, "orders"),
            "members": data["members"].sum("place"),
            "customers_aware": data["customers_aware"],
            "acquisition": _lines(data, ("advertising", "hooks")),
            "margin_of_new": _total(data, "margin_of_new"),
        }
    )


def values(days: xr.Dataset, name: str, baseline: str) -> xr.DataArray:
    """One number a replicate, float64 `(arm, replicate)`, of a metric from the series of `daily`; money in cents.

    NaN where a metric has no meaning: CAC and CLV without a new customer, true CAC without extra new customers (so
    always for the baseline itself).
    """
    if name == "members":
        return days["members"].isel(day=-1, drop=True).astype(float)
    if name == "profit_last_30":
        return days["profit"].isel(day=slice(-30, None)).sum("day").astype(float)
    if name in FLOWS:
        return days[name].sum("day").astype(float)
    metric(name)  # an unknown name ends here, with KeyError
    return _per_new_customer(days, name, baseline)


def _per_new_customer(days: xr.Dataset, name: str, baseline: str) -> xr.DataArray:
    new = days["new_customers"].sum("day")
    if name == "true_cac":
        spend = days["spend"].sum("day")
        return _per(spend - spend.sel(arm=baseline, drop=True), new - new.sel(arm=baseline, drop=True))
    return _per(days[{"cac": "acquisition", "clv": "margin_of_new"}[name]].sum("day"), new)


def _per(amount: xr.DataArray, people: xr.DataArray) -> xr.DataArray:
    return amount / people.where(people > 0)
