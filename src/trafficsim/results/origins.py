"""Origins: what customers of a route, of a hook, of a region or of four weeks cost and earned, by arm, over replicates.

Reported numbers, by first contact and first hook: they say where a customer was met, not what won the customer.
Counterfactual runs (`true_cac`, `Result.uplift`) answer that.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from trafficsim.books.metrics import COHORT_DAYS, counter
from trafficsim.files.packed import by_steps
from trafficsim.results import intervals, measures
from trafficsim.results.estimates import Estimate
from trafficsim.results.intervals import Array, Interval

CENTS = 100.0
CohortValue = Literal["retention", "orders", "clv"]
"""What pictures of cohorts show."""
_Parts = tuple[xr.DataArray, xr.DataArray | None]
"""An amount, and what it is divided by once both are averaged over replicates."""
_Bands = tuple[Array, Array, Array]
"""Middle, low and high, each `(arm, ...)`."""
LINES_OF_ROUTE: dict[str, tuple[str, ...]] = {
    "paid": ("advertising",),
    "invited": ("rewards",),
    "told": ("attention", "partner_pay"),
}
"""Cost lines that win customers by a route; the other routes have none of their own, which is not to say none."""
TRUE = {
    "true_cac": ("spend", "new_customers"),
    "true_roas": ("revenue", "spend"),
    "true_margin": ("margin", "spend"),
}
"""Extras against the arm without a route, the one divided by the other."""


def by_route(data: xr.Dataset, confidence: float) -> pd.DataFrame:
    """New customers, cost of the route and CLV to the last day, by arm and route of the first contact."""
    new = data["first_orders"].sum("day")
    found: dict[str, _Parts] = {
        "new_customers": (new, None),
        "route_cost": (_cost_of_routes(data) / CENTS, new),
        "clv": (_discounted(data, "margin_of_new") / CENTS, new),
    }
    return _table(found, "route", confidence)


def by_own(data: xr.Dataset, baseline: str, confidence: float) -> pd.DataFrame:
    """What mechanisms of one's own counted over the run, by counter and arm, also against the baseline."""
    rows: list[dict[str, object]] = []
    for c in measures.own_counters(data):
        each = data[c.name].sum([d for d in data[c.name].dims if d not in {"arm", "replicate"}])
        unit, one = ("money", CENTS) if c.unit == "cents" else (c.unit, 1.0)
        totals = {str(arm): each.sel(arm=arm).to_numpy() / one for arm in data["arm"].to_numpy()}
        for arm, total in totals.items():
            mean, apart = intervals.mean(total, confidence), intervals.UNKNOWN
            if arm != baseline:
                apart = intervals.mean(total - totals[baseline], confidence)
            row: dict[str, object] = {"counter": c.name, "unit": unit, "arm": arm}
            row |= {"total": mean.middle, "total_low": mean.low, "total_high": mean.high}
            row |= {"difference": apart.middle, "difference_low": apart.low, "difference_high": apart.high}
            rows.append(row)
    ends = [f"{what}{end}" for what in ("total", "difference") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["counter", "unit", "arm", *ends])


def attribution(
    data: xr.Dataset, daily: xr.Dataset, pairs: Mapping[str, Sequence[Sequence[str]]], confidence: float
) -> pd.DataFrame:
    """CAC by first touch, by last touch and true, and true ROAS, of the routes that cost money in an arm."""
    rows: list[dict[str, object]] = []
    for route, lines in LINES_OF_ROUTE.items():
        cost = _cost_of(data, lines)
        told: dict[str, _Parts] = {
            "first_touch": (cost / CENTS, data["first_orders"].sel(route=route).sum("day")),
            "last_touch": (cost / CENTS, data["first_orders_touched"].sel(touch=route).sum("day")),
        }
        bands = {name: _bands(parts, confidence) for name, parts in told.items()}
        spending = [arm for arm in _arms(data) if cost.sel(arm=arm).any()]
        for arm in spending:
            without = next((b for a, b in pairs.get(route, ()) if a == arm and b not in spending), "")
            at = {"route": route, "arm": arm, "without": without}
            rows.append({**at, **_at(bands, (_arms(data).index(arm),)), **_true(daily, arm, without, confidence)})
    columns = _limits(["first_touch", "last_touch", *TRUE])
    return pd.DataFrame(rows, columns=["route", "arm", "without", *columns])


def _true(daily: xr.Dataset, arm: str, without: str, confidence: float) -> dict[str, object]:
    """What an arm has more than another one, as ratios of such extras."""
    found: dict[str, object] = {}
    for name, (above, below) in TRUE.items():
        told = intervals.UNKNOWN
        if without:
            told = intervals.ratio(
                _extra(daily[above], arm, without) / _unit(above),
                _extra(daily[below], arm, without) / _unit(below),
                confidence,
            )
        found |= _columns(name, told)
    return found


def _extra(series: xr.DataArray, arm: str, without: str) -> Array:
    total = series.sum("day")
    return np.asarray((total.sel(arm=arm, drop=True) - total.sel(arm=without, drop=True)).to_numpy(), np.float64)


def _unit(series: str) -> float:
    return 1.0 if series == "new_customers" else CENTS


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
        values: dict[str, _Parts] = {
            "customers": (customers, None),
            "share": (customers, stages.get(of[stage], everybody)),
        }
        rows += _rows(_all_bands(values, confidence), _arms(data), {"stage": stage, "of": of[stage]})
    return _by_arm(pd.DataFrame(rows), _arms(data))


def by_hook(data: xr.Dataset, confidence: float) -> pd.DataFrame:
    """Joiners, cost of a joiner (hook and reward), and order margin since joining of each, by arm and hook.

    Whoever joined two pools counts for both hooks, so that the margins of all hooks may add up to more than the whole.
    """
    joined = data["joined_by"].sum("day")
    found: dict[str, _Parts] = {
        "joined": (joined, None),
        "joiner_cost": ((data["hooks"] + data["rewards"]).sum("day") / CENTS, joined),
        "clv": (_discounted(data, "margin_by_hook") / CENTS, joined),
    }
    return _table(found, "hook", confidence)


def by_region(data: xr.Dataset, confidence: float) -> pd.DataFrame:
    """Who lives in a region, and their orders and money over the run, by arm and region."""
    people = data["customers_of_region"]
    margin = data["margin_of_region"].sum("day") / CENTS
    found: dict[str, _Parts] = {
        "customers": (people, None),
        "members": (data["members_of_region"], None),
        "new_customers": (data["first_orders_of_region"].sum("day"), None),
        "orders": (data["orders_of_region"].sum("day"), None),
        "store_orders": (data["store_orders_of_region"].sum("day"), None),
        "revenue": (data["sales_of_region"].sum("day") / CENTS, None),
        "margin": (margin, None),
        "margin_each": (margin, people),
    }
    return _table(found, "region", confidence)


def by_cohort(data: xr.Dataset, confidence: float) -> pd.DataFrame:
    """Orders, margin, retention and CLV of each cohort over its life, by arm, cohort and period of four weeks.

    A cohort is named by the first of the days into which its customers' first orders fell. `period` counts from there;
    `days` tells how many of a period's days the run holds. `orders` and `margin` are those of the period, per customer;
    `clv` is the margin up to its end, discounted to day 0 where a rate is set. `retention` is orders in the period as a
    share of those in period 1, the first in which everybody in the cohort was a customer on all days; it has no value
    before, nor in periods cut short.
    """
    worth = measures.discounting(data)
    new, orders, margin, present = (
        _numbers(by_steps(data[name], "replicate", shown).transpose("arm", "replicate", ..., "period"))
        for name, shown in (
            ("first_orders", lambda daily: _in_periods(daily.sum("route"))),
            ("orders_of_cohort", _in_periods),
            ("margin_of_cohort", lambda daily: _in_periods(daily / CENTS)),
            ("margin_of_cohort", lambda daily: _in_periods(daily * worth / CENTS)),
        )
    )
    arms, rows = _arms(data), list[dict[str, object]]()
    for cohort in range(data.sizes["cohort"]):
        ordered, earned, worth_now = (each[..., cohort, cohort:] for each in (orders, margin, present))
        bands = _life(new[..., cohort], ordered, earned, worth_now, data.sizes["day"], confidence)
        for period in range(data.sizes["cohort"] - cohort):
            at = {"cohort": cohort * COHORT_DAYS, "period": period, "days": _days_in(cohort + period, data)}
            rows += _rows(bands, arms, at, period)
    return pd.DataFrame(rows)


def over_life(data: xr.Dataset) -> dict[CohortValue, list[list[Estimate]]]:
    """All cohorts together by age: for each arm, orders, clv and retention at each age.

    `age` counts periods of four weeks since that of the first order. Orders are those of the period per customer of the
    cohorts that have lived through all of it; `clv` adds up such margins, in currency units, discounted to day 0 where
    a rate is set; `retention` is orders as a share of those at age 1, in which all were customers on all days.
    """
    whole, worth = data.sizes["day"] // COHORT_DAYS, measures.discounting(data)
    new, orders, margin = (
        _numbers(by_steps(data[name], "replicate", shown).transpose("arm", "replicate", ..., "period"))
        for name, shown in (
            ("first_orders", lambda daily: _in_periods(daily.sum("route"))),
            ("orders_of_cohort", _in_periods),
            ("margin_of_cohort", lambda daily: _in_periods(daily * worth / CENTS)),
        )
    )
    found: dict[CohortValue, list[list[Estimate]]] = {"orders": [], "clv": [], "retention": []}
    for arm in range(data.sizes["arm"]):
        ordered = [_at_age(orders[arm], new[arm], age, whole) for age in range(whole)]
        earned = [_at_age(margin[arm], new[arm], age, whole) for age in range(whole)]
        found["orders"].append(ordered)
        found["clv"].append(list(accumulate(earned, Estimate.plus)))
        found["retention"].append([each.per(ordered[min(1, whole - 1)]) for each in ordered])
    return found


def _at_age(amount: Array, new: Array, age: int, whole: int) -> Estimate:
    """Amounts `(replicate, cohort, period)` of the cohorts' periods of an age, per customer of these cohorts."""
    cohorts = np.arange(whole - age)
    return Estimate(amount[:, cohorts, cohorts + age].sum(axis=1), new[:, cohorts].sum(axis=1))


def _life(
    customers: Array, orders: Array, margin: Array, present: Array, days_of_run: int, confidence: float
) -> dict[str, _Bands]:
    """The values of one cohort, bands `(arm, period)`, from customers `(arm, replicate)` and the others' periods."""
    last = orders.shape[-1] - 1
    each, first = (np.broadcast_to(x[..., None], orders.shape) for x in (customers, orders[..., min(1, last)]))
    whole = (np.arange(last + 1) > 0) & ((np.arange(last + 1) < last) | (days_of_run % COHORT_DAYS == 0))
    values = {
        "customers": (each, None),
        "orders": (orders, each),
        "margin": (margin, each),
        "clv": (present.cumsum(axis=-1), each),
        "retention": (np.where(whole, orders, np.nan), first),
    }
    return {name: _band(above, below, confidence) for name, (above, below) in values.items()}


def _days_in(period: int, data: xr.Dataset) -> int:
    return min(COHORT_DAYS, data.sizes["day"] - period * COHORT_DAYS)


def _in_periods(daily: xr.DataArray) -> xr.DataArray:
    """Sums over every four weeks of the run, the last of which may be cut short: `day` becomes `period`."""
    periods = xr.DataArray(np.arange(daily.sizes["day"]) // COHORT_DAYS, dims="day", name="period")
    return daily.groupby(periods).sum("day")


def _discounted(data: xr.Dataset, name: str) -> xr.DataArray:
    """A line of money added up over the run, as it is worth on day 0."""
    return (data[name] * measures.discounting(data)).sum("day")


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


def _table(found: Mapping[str, _Parts], by: str, confidence: float) -> pd.DataFrame:
    """One row for each arm and entry of a dimension."""
    first, _ = next(iter(found.values()))
    bands = _all_bands(found, confidence)
    rows: list[dict[str, object]] = []
    for k, entry in enumerate(first[by].to_numpy()):
        rows += _rows(bands, _arms(first), {by: str(entry)}, k)
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


def _all_bands(values: Mapping[str, _Parts], confidence: float) -> dict[str, _Bands]:
    return {name: _bands(parts, confidence) for name, parts in values.items()}


def _bands(parts: _Parts, confidence: float) -> _Bands:
    above, below = parts
    return _band(_numbers(above), None if below is None else _numbers(below), confidence)


def _band(above: Array, below: Array | None, confidence: float) -> _Bands:
    """Middle, low and high `(arm, ...)` over replicates of amounts `(arm, replicate, ...)`."""
    own = np.moveaxis(above, 1, 0)
    if below is None:
        return intervals.band(own, confidence)
    return intervals.ratio_band(own, np.moveaxis(below, 1, 0), confidence)


def _columns(name: str, interval: Interval) -> dict[str, object]:
    return dict(zip(_limits([name]), (interval.middle, interval.low, interval.high), strict=True))


def _rows(
    bands: Mapping[str, _Bands], arms: Sequence[str], at: Mapping[str, object], *entry: int
) -> list[dict[str, object]]:
    """One row for each arm, of bands `(arm, entry)` or `(arm,)`."""
    return [{"arm": arm, **at, **_at(bands, (k, *entry))} for k, arm in enumerate(arms)]


def _at(bands: Mapping[str, _Bands], index: tuple[int, ...]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, band in bands.items():
        found |= _columns(name, Interval(*(float(limit[index]) for limit in band)))
    return found


def _limits(names: Iterable[str]) -> Sequence[str]:
    return [column for name in names for column in (name, f"{name}_low", f"{name}_high")]
