"""Origins: what customers of a route, of a hook or of four weeks cost and earned, by arm, over replicates.

Reported numbers, by first contact and first hook: they say where a customer was met, not what won the customer.
Counterfactual runs (`true_cac`, `Result.uplift`) answer that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from trafficsim import intervals
from trafficsim.intervals import Array, Interval
from trafficsim.metrics import counter
from trafficsim.tally import COHORT_DAYS

_Counts = NDArray[np.int64]
CENTS = 100.0
CohortValue = Literal["retention", "orders", "clv"]
"""What pictures of cohorts show."""
LINES_OF_ROUTE: dict[str, tuple[str, ...]] = {
    "paid": ("advertising",),
    "invited": ("rewards",),
    "told": ("attention", "partner_pay"),
}
"""Cost lines that win customers by a route; the other routes have none of their own, which is not to say none."""


def by_route(data: xr.Dataset, confidence: float) -> pd.DataFrame:
    """New customers, reported CAC and CLV to the last day, by arm and route of the first contact."""
    new = data["first_orders"].sum("day")
    found = {
        "new_customers": new,
        "cac": _each(_cost_of_routes(data), new),
        "clv": _each(data["margin_of_new"].sum("day"), new),
    }
    return _table(found, "route", confidence)


def attribution(
    data: xr.Dataset, daily: xr.Dataset, pairs: Mapping[str, Sequence[Sequence[str]]], confidence: float
) -> pd.DataFrame:
    """CAC by first touch, by last touch and true, of the routes that cost money, in the arms that spent on them."""
    spend, new = (daily[name].sum("day") for name in ("spend", "new_customers"))
    rows: list[dict[str, object]] = []
    for route, lines in LINES_OF_ROUTE.items():
        cost = _cost_of(data, lines)
        told = {
            "first_touch": _each(cost, data["first_orders"].sel(route=route).sum("day")),
            "last_touch": _each(cost, data["first_orders_touched"].sel(touch=route).sum("day")),
        }
        spending = [arm for arm in _arms(data) if cost.sel(arm=arm).any()]
        numbers = {name: _numbers(x) for name, x in told.items()}
        for arm in spending:
            without = next((b for a, b in pairs.get(route, ()) if a == arm and b not in spending), "")
            true = _true_cac(spend, new, arm, without, confidence)
            at = {"route": route, "arm": arm, "without": without}
            rows.append({**at, **_interval(numbers, _arms(data).index(arm), confidence), **_columns("true_cac", true)})
    return pd.DataFrame(rows, columns=["route", "arm", "without", *_limits(["first_touch", "last_touch", "true_cac"])])


def _true_cac(spend: xr.DataArray, new: xr.DataArray, arm: str, without: str, confidence: float) -> Interval:
    """Extra spend per extra new customer, in currency units."""
    if not without:
        return intervals.UNKNOWN
    extra = [(of.sel(arm=arm, drop=True) - of.sel(arm=without, drop=True)).to_numpy() for of in (spend, new)]
    return intervals.ratio(extra[0] / CENTS, extra[1].astype(float), confidence)


def by_stage(data: xr.Dataset, confidence: float) -> pd.DataFrame:
    """Customers by arm and stage, and their share of those in the stage that they come from."""
    stages = {
        "aware": data["customers_aware"].isel(day=-1, drop=True),
        "joined": data["joiners"],
        "new": data["first_orders"].sum(["day", "route"]),
        "repeat": data["repeaters_of_segment"].sum("segment"),
    }
    of = {"aware": "customers", "joined": "aware", "new": "aware", "repeat": "new"}
    everybody = xr.full_like(stages["aware"], int(data.attrs["customers"]))
    rows: list[dict[str, object]] = []
    for stage, customers in stages.items():
        values = {"customers": customers, "share": _ratio(customers, stages.get(of[stage], everybody))}
        numbers = {name: _numbers(x) for name, x in values.items()}
        rows += _rows(numbers, _arms(data), {"stage": stage, "of": of[stage]}, confidence)
    return _by_arm(pd.DataFrame(rows), _arms(data))


def by_hook(data: xr.Dataset, confidence: float) -> pd.DataFrame:
    """Joiners, cost of a joiner (hook and reward), and order margin since joining of each, by arm and hook.

    Whoever joined two pools counts for both hooks, so that the margins of all hooks may add up to more than the whole.
    """
    joined = data["joined_by"].sum("day")
    found = {
        "joined": joined,
        "cac": _each((data["hooks"] + data["rewards"]).sum("day"), joined),
        "clv": _each(data["margin_by_hook"].sum("day"), joined),
    }
    return _table(found, "hook", confidence)


def by_cohort(data: xr.Dataset, confidence: float) -> pd.DataFrame:
    """Orders, margin, retention and CLV of each cohort over its life, by arm, cohort and period of four weeks.

    A cohort is named by the first of the days into which its customers' first orders fell. `period` counts from there;
    `days` tells how many of a period's days the run holds. `orders` and `margin` are those of the period, per customer;
    `clv` is the margin up to its end. `retention` is orders in the period as a share of those in period 1, the first in
    which everybody in the cohort was a customer on all days; it has no value before, nor in periods cut short.
    """
    new, orders, margin = (
        _in_periods(daily).transpose("arm", "replicate", ..., "period").to_numpy()
        for daily in (data["first_orders"].sum("route"), data["orders_of_cohort"], data["margin_of_cohort"])
    )
    arms, rows = _arms(data), list[dict[str, object]]()
    for cohort in range(data.sizes["cohort"]):
        life = orders[..., cohort, cohort:], margin[..., cohort, cohort:]
        for period, days, values in _life(new[..., cohort], *life, data.sizes["day"]):
            at = {"cohort": cohort * COHORT_DAYS, "period": period, "days": days}
            rows += _rows(values, arms, at, confidence)
    return pd.DataFrame(rows)


def over_life(data: xr.Dataset) -> xr.Dataset:
    """All cohorts together by age: orders, clv and retention, float64 `(arm, replicate, age)`.

    `age` counts periods of four weeks since that of the first order. Orders are those of the period per customer of the
    cohorts that have lived through all of it; `clv` adds up such margins, in currency units; `retention` is orders as a
    share of those at age 1. NaN where nobody is of that age.
    """
    whole = data.sizes["day"] // COHORT_DAYS
    new = _in_periods(data["first_orders"].sum("route"))
    orders, margin = (_in_periods(data[name]) for name in ("orders_of_cohort", "margin_of_cohort"))
    by_age = []
    for age in range(whole):
        cohorts = xr.DataArray(np.arange(whole - age), dims="own")
        at = {"cohort": cohorts, "period": cohorts + age}
        customers = new.isel(period=cohorts).sum("own")
        each = {name: _ratio(x.isel(at).sum("own"), customers) for name, x in (("orders", orders), ("margin", margin))}
        by_age.append(xr.Dataset(each))
    found = xr.concat(by_age, dim=pd.RangeIndex(whole, name="age"))
    retention = _ratio(found["orders"], found["orders"].isel(age=min(1, whole - 1)))
    return xr.Dataset(
        {
            "orders": found["orders"],
            "clv": found["margin"].cumsum("age", skipna=False) / CENTS,
            "retention": retention.where(retention["age"] > 0),
        }
    )


def _life(
    customers: _Counts, orders: _Counts, margin: _Counts, days_of_run: int
) -> Iterator[tuple[int, int, dict[str, Array]]]:
    """Period, its days in the run and its values, for each period in the life of one cohort.

    `customers` are `(arm, replicate)`; `orders` and `margin`, in cents, `(arm, replicate, period)`.
    """
    last = orders.shape[-1] - 1
    each, first = (np.where(count > 0, count, np.nan) for count in (customers, orders[..., min(1, last)]))
    until = margin.cumsum(axis=-1)
    for period in range(last + 1):
        days = COHORT_DAYS if period < last else (days_of_run - 1) % COHORT_DAYS + 1
        now = orders[..., period]
        whole = period > 0 and days == COHORT_DAYS
        values: dict[str, Array] = {
            "customers": customers.astype(float),
            "orders": now / each,
            "margin": margin[..., period] / each / CENTS,
            "clv": until[..., period] / each / CENTS,
            "retention": now / first if whole else np.full(now.shape, np.nan),
        }
        yield period, days, values


def _in_periods(daily: xr.DataArray) -> xr.DataArray:
    """Sums over every four weeks of the run, the last of which may be cut short: `day` becomes `period`."""
    periods = xr.DataArray(np.arange(daily.sizes["day"]) // COHORT_DAYS, dims="day", name="period")
    return daily.groupby(periods).sum("day")


def _cost_of_routes(data: xr.Dataset) -> xr.DataArray:
    """Cents by arm, replicate and route; NaN for a route that has no cost lines."""
    costs = data["first_orders"].sum("day") * np.nan
    for route, lines in LINES_OF_ROUTE.items():
        cost = _cost_of(data, lines)
        costs = costs.where(costs["route"] != route, cost)
    return costs


def _cost_of(data: xr.Dataset, lines: Sequence[str]) -> xr.DataArray:
    """Cents of some cost lines, by arm and replicate."""
    return xr.concat([_over_run(data, line) for line in lines], "line").sum("line")


def _over_run(data: xr.Dataset, name: str) -> xr.DataArray:
    by = counter(name).by
    return data[name].sum(["day", by] if by else ["day"])


def _each(cents: xr.DataArray, people: xr.DataArray) -> xr.DataArray:
    """Currency units for each of so many people, NaN where there are none."""
    return _ratio(cents, people) / CENTS


def _ratio(amount: xr.DataArray, by: xr.DataArray) -> xr.DataArray:
    return amount / by.where(by > 0)


def _table(found: Mapping[str, xr.DataArray], by: str, confidence: float) -> pd.DataFrame:
    """One row for each arm and entry of a dimension."""
    first = next(iter(found.values()))
    numbers = {name: _numbers(x) for name, x in found.items()}
    rows: list[dict[str, object]] = []
    for k, entry in enumerate(first[by].to_numpy()):
        values = {name: x[..., k] for name, x in numbers.items()}
        rows += _rows(values, _arms(first), {by: str(entry)}, confidence)
    return _by_arm(pd.DataFrame(rows, columns=["arm", by, *_limits(found)]), _arms(first))


def _by_arm(table: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """The same rows, those of the first arm first."""
    order = {arm: k for k, arm in enumerate(arms)}
    return table.sort_values("arm", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def _arms(data: xr.Dataset | xr.DataArray) -> list[str]:
    return [str(arm) for arm in data["arm"].to_numpy()]


def _numbers(value: xr.DataArray) -> Array:
    """Plain numbers `(arm, replicate, ...)`: picking them out of labelled arrays one by one takes long."""
    return value.transpose("arm", "replicate", ...).to_numpy().astype(float)


def _columns(name: str, interval: Interval) -> dict[str, object]:
    return dict(zip(_limits([name]), (interval.middle, interval.low, interval.high), strict=True))


def _rows(
    values: Mapping[str, Array], arms: Sequence[str], at: Mapping[str, object], confidence: float
) -> list[dict[str, object]]:
    """One row for each arm: mean, low and high over replicates of values `(arm, replicate)`."""
    return [{"arm": arm, **at, **_interval(values, k, confidence)} for k, arm in enumerate(arms)]


def _interval(values: Mapping[str, Array], arm: int, confidence: float) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in values.items():
        found |= _columns(name, intervals.mean(value[arm], confidence))
    return found


def _limits(names: Iterable[str]) -> Sequence[str]:
    return [column for name in names for column in (name, f"{name}_low", f"{name}_high")]
