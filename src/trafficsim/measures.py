"""From counters to the numbers of a comparison: daily series and one value a replicate, in counts and whole cents.

Cents stay integers until the last division, so that equal arms differ by exactly nothing.
"""

import json
from typing import Literal

import numpy as np
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

SAME_SPEND = 0.01
"""Arms whose mean spend differs by no more than this share count as spending the same."""
DAYS_OF_YEAR = 365.0


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

    Besides the series: `acquisition` (advertising and hooks) and `margin_of_new`, which CAC and CLV are made of, and
    `present_value`, profit as it is worth on day 0 (not rounded). Attributes are kept.
    """
    gross = _total(data, "gross_sales")
    profit = gross - _lines(data, COST_LINES)
    return xr.Dataset(
        {
            "profit": profit,
            "present_value": profit * _discounting(data),
            "revenue": gross - _total(data, "discounts"),
            "spend": _lines(data, SPEND_LINES),
            "new_customers": _total(data, "first_orders"),
            "orders": _total(data, "orders"),
            "members": data["members"].sum("place"),
            "customers_aware": data["customers_aware"],
            "acquisition": _lines(data, ("advertising", "hooks")),
            "margin_of_new": _total(data, "margin_of_new"),
        },
        attrs=data.attrs,
    )


def profit_lines(data: xr.Dataset) -> dict[str, xr.DataArray]:
    """What each line of money adds to contribution profit over the run: cents, `(arm, replicate)`, costs below 0.

    Gross sales first, then `COST_LINES`; together they are contribution profit.
    """
    added = {"gross_sales": _total(data, "gross_sales").sum("day")}
    return added | {name: -_total(data, name).sum("day") for name in COST_LINES}


def discount_rates(data: xr.Dataset) -> dict[str, float]:
    """The discount rate a year of each arm."""
    rates = json.loads(data.attrs.get("discount_rates", "{}"))
    return {str(arm): float(rates.get(str(arm), 0.0)) for arm in data["arm"].to_numpy()}


def _discounting(data: xr.Dataset) -> xr.DataArray:
    """What a unit of money of each day is worth on day 0, `(arm, day)`."""
    rates = np.array(list(discount_rates(data).values()))
    years = np.arange(data.sizes["day"]) / DAYS_OF_YEAR
    return xr.DataArray((1.0 + rates[:, None]) ** -years, dims=("arm", "day"))


def values(days: xr.Dataset, name: str, baseline: str) -> xr.DataArray:
    """One number a replicate, float64 `(arm, replicate)`, of a metric from the series of `daily`; money in cents.

    NaN where a metric has no meaning: CAC and CLV without a new customer, true CAC without extra new customers, and
    where the arms spend the same, on purpose or within `SAME_SPEND`, since the ratio would be noise (so always for the
    baseline itself).
    """
    if name == "members":
        return days["members"].isel(day=-1, drop=True).astype(float)
    if name == "profit_last_30":
        return days["profit"].isel(day=slice(-30, None)).sum("day").astype(float)
    if name in FLOWS or name == "present_value":
        return days[name].sum("day").astype(float)
    metric(name)  # an unknown name ends here, with KeyError
    return _per_new_customer(days, name, baseline)


def _per_new_customer(days: xr.Dataset, name: str, baseline: str) -> xr.DataArray:
    new = days["new_customers"].sum("day")
    if name == "true_cac":
        return _true_cac(days["spend"].sum("day"), new, baseline, _equalised(days))
    return _per(days[{"cac": "acquisition", "clv": "margin_of_new"}[name]].sum("day"), new)


def _true_cac(spend: xr.DataArray, new: xr.DataArray, baseline: str, equal: list[str]) -> xr.DataArray:
    against = spend.sel(arm=baseline, drop=True)
    extra, level = abs(spend.mean("replicate") - against.mean()), spend.mean("replicate").clip(min=against.mean())
    on_purpose = spend["arm"].isin(equal if baseline in equal else [])
    value = _per(spend - against, new - new.sel(arm=baseline, drop=True))
    return value.where((extra > SAME_SPEND * level) & ~on_purpose)


def _equalised(days: xr.Dataset) -> list[str]:
    """Arms that were made to spend the same."""
    equal = json.loads(days.attrs.get("equal_budget", "null"))
    return list(equal["arms"]) if equal else []


def _per(amount: xr.DataArray, people: xr.DataArray) -> xr.DataArray:
    return amount / people.where(people > 0)
