"""What a comparison found: its data as an xarray Dataset, and the questions that one asks of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import LAST_COUNTS, METRICS, Metric, MetricName, metric
from trafficsim.files import netcdf
from trafficsim.results import about, intervals, measures, origins
from trafficsim.results.about import About
from trafficsim.results.crossover import Crossover, crossover
from trafficsim.results.estimates import Estimate
from trafficsim.results.intervals import UNKNOWN, Array, Interval
from trafficsim.results.measures import SeriesName
from trafficsim.results.money_in_time import MoneyInTime, money_in_time
from trafficsim.results.pictures import Pictured
from trafficsim.results.stopping import Stopping
from trafficsim.results.uncertain import Uncertain
from trafficsim.results.uplift import Uplift, uplift
from trafficsim.words import asked
from trafficsim.words.language import Language

FILE_NAME = "results.nc"
_UPLIFT = ("joiners", "joiner_orders", "others", "other_orders", "joiner_orders_without", "orders_without")


@dataclass(frozen=True)
class Difference:
    """Arm `a` less arm `b`, replicate by replicate (both met the same customers and random numbers).

    `amount` has the metric's unit; of a ratio it is the difference of the two ratios of means, NaN where one of them
    has no value. `better` is the share of replicates in which `a` is strictly better (a tie is not); NaN for a metric
    of which neither more nor less is better, and for a ratio that some replicate has no value of. `variance_ratio` is
    by how much common random numbers cut the variance of the difference, compared with independent seeds; NaN where an
    arm or the difference does not vary.
    """

    amount: Interval
    better: Interval
    variance_ratio: float
    replicates: int


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """A comparison of arms; `data` holds everything that was counted, by arm, replicate and day.

    Money is whole cents in `data` and currency units in all answers. Intervals cover random variation only; a wrong
    assumption can move a result more. `pictures` draws it, `write_report` and `write_workbook` of trafficsim write it
    down. Much data stays compressed, and each variable is unpacked whenever it is looked at, so that memory hardly
    grows with replicates; `data.load()` holds it as it is. Raises ValueError if `data` lacks a variable.

    In methods, `name` is that of a metric or a series (docs/variables.md lists them), arms are named as in the
    scenario, and `confidence` is that of all intervals (two-sided; .95 unless given).
    """

    data: xr.Dataset
    pictures = Pictured()

    def __post_init__(self) -> None:
        needed = [
            *(c.name for c in COUNTERS),
            *(c.name for c in LAST_COUNTS),
            *("members", "customers_aware", "moved"),
            *_UPLIFT,
        ]
        missing = [name for name in needed if name not in self.data]
        missing += about.lacking(self.data.attrs)
        if missing:
            raise ValueError(f"not the data of a comparison: it lacks {', '.join(missing)}")

    def __repr__(self) -> str:
        return f"Result({self.title!r}: {len(self.arms)} arms, {self.replicates:,} replicates, {self.days:,} days)"

    def _repr_html_(self) -> str:
        page: Any = import_module("trafficsim.report.notebook")  # a room above, needed by notebooks only
        return str(page.result_html(self))

    @cached_property
    def about(self) -> About:
        """What is known besides what was counted: the scenario's title, plans and notes, versions and so on.

        ValueError if an attribute of `data` is something else.
        """
        return About.of(self.data.attrs)

    def saying(self, **changes: Any) -> Result:
        """The same data, about which this is known: `changes` are fields of `about`."""
        return Result(self.data.assign_attrs(about.written(**changes)))

    @property
    def title(self) -> str:
        """The scenario's title."""
        return self.about.title

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, in the scenario's order."""
        return tuple(str(arm) for arm in self.data["arm"].to_numpy())

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with."""
        return self.about.baseline

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return int(self.data.sizes["replicate"])

    @property
    def days(self) -> int:
        """Days of the run."""
        return int(self.data.sizes["day"])

    @property
    def currency(self) -> str:
        """Currency code of all money, such as CNY."""
        return self.about.currency

    @property
    def language(self) -> Language:
        """The language of pictures and the report, unless another one is asked for."""
        return self.about.language

    def _check_arms(self, *arms: str) -> None:
        for arm in arms:
            asked.one_of("arm", arm, self.arms)
        if len(set(arms)) < len(arms):
            raise ValueError(f"two different arms are needed (got {', '.join(arms)})")

    @property
    def stopping(self) -> Stopping | None:
        """How the number of replicates was found, where it was not given; None where it was."""
        return self.about.stopping

    @property
    def uncertain(self) -> Uncertain | None:
        """What the answer is worth over plausible worlds; None where these were not run (see `sensitivity`)."""
        return self.about.uncertain

    def stopped(self, stopping: Stopping | None) -> Result:
        """The same data, whose number of replicates was found so: `stopping`, or was given (None)."""
        return self.saying(stopping=stopping)

    def level(self, confidence: float = 0.95) -> float:
        """The confidence to take an interval of these replicates with, so that it holds with `confidence`.

        More than that where replicates were added until the answer pleased.
        """
        return self.stopping.level(confidence, self.replicates) if self.stopping else confidence

    @cached_property
    def _daily(self) -> xr.Dataset:
        return measures.daily(self.data)

    def values(self, name: MetricName) -> xr.DataArray:
        """A metric at the last day, float64 `(arm, replicate)`, each replicate by itself.

        Of a ratio (CAC, true CAC, CLV, ROAS) their mean is not what tables show: see `estimate`. NaN in replicates with
        nothing to divide by.

        Raises:
            KeyError: for an unknown name.
        """
        own = [self._estimate(name, arm).by_replicate / metric(name).divisor for arm in self.arms]
        coords = {"arm": list(self.arms), "replicate": self.data["replicate"].to_numpy()}
        return xr.DataArray(np.array(own), coords, ("arm", "replicate"), name)

    def estimate(self, name: MetricName, arm: str) -> Estimate:
        """A metric of an arm as every table shows it: a mean over replicates, or a ratio of two means.

        `.interval(result.level())` gives the number with its limits.

        Raises:
            KeyError: for an unknown name or arm.
        """
        self._check_arms(arm)
        return self._estimate(name, arm).scaled(1.0 / metric(name).divisor)

    def _estimate(self, name: str, arm: str) -> Estimate:
        """The same in whole cents."""
        if name not in self._estimates:
            self._estimates[name] = measures.estimates(measures.totals(self._daily, name, self.baseline))
        return self._estimates[name][arm]

    @cached_property
    def _estimates(self) -> dict[str, dict[str, Estimate]]:
        """Metrics asked for so far, of all arms at once: one arm takes as long as all."""
        return {}

    def series(self, name: SeriesName, *, cumulative: bool = False) -> xr.DataArray:
        """A daily series, float64 `(arm, replicate, day)`: a day's flow, or its sum from the start if `cumulative`.

        `members` and `customers_aware` are levels at the end of each day either way.

        Raises:
            KeyError: for an unknown name.
        """
        return self._series(name, cumulative=cumulative) / _unit(name)

    def _series(self, name: str, *, cumulative: bool) -> xr.DataArray:
        """The same in whole cents or counts."""
        if name not in measures.LABELS:
            raise KeyError(f"no series {name!r}; there are {', '.join(measures.LABELS)}")
        daily = self._daily[name]
        return daily.cumsum("day") if cumulative and name in measures.FLOWS else daily

    def summary(self, confidence: float = 0.95) -> pd.DataFrame:
        """The table of arms: one row per metric and arm, in their order, money in currency units.

        Columns: metric, arm, mean, low, high (over replicates; of CAC, CLV and ROAS the ratio of two means, with
        Fieller's interval); difference, difference_low, difference_high, better, better_low, better_high,
        variance_ratio (against the baseline, see `Difference`; NaN for the baseline itself); replicates (on how many
        the mean rests: none where it has no value, as CAC without new customers).
        """
        level = self.level(confidence)
        return pd.DataFrame([row for entry in METRICS for row in self._rows(entry, level)])

    def _rows(self, entry: Metric, confidence: float) -> Iterator[dict[str, object]]:
        base = self._estimate(entry.name, self.baseline)
        for arm in self.arms:
            own = self._estimate(entry.name, arm)
            mean = own.interval(confidence)
            found = _difference(entry, own, base, confidence) if arm != self.baseline else _NO_DIFFERENCE
            yield {
                "metric": entry.name,
                "arm": arm,
                **_columns("mean", "low", "high", _scaled(mean, entry.divisor)),
                **_columns("difference", "difference_low", "difference_high", found.amount),
                **_columns("better", "better_low", "better_high", found.better),
                "variance_ratio": found.variance_ratio,
                "replicates": 0 if math.isnan(mean.middle) else self.replicates,
            }

    def difference(self, name: MetricName, a: str, b: str, confidence: float = 0.95) -> Difference:
        """Metric of arm `a` less that of arm `b`, paired.

        Raises:
            KeyError: for an unknown metric or arm.
            ValueError: for an arm and itself.
        """
        self._check_arms(a, b)
        return _difference(metric(name), self._estimate(name, a), self._estimate(name, b), self.level(confidence))

    def ranking(self, name: MetricName = "profit") -> list[str]:
        """Arms from the best mean of a metric to the worst ("less is better" and arms without a value respected).

        Raises:
            KeyError: for an unknown metric.
        """
        sign = -1.0 if metric(name).better == "less" else 1.0
        score = {arm: sign * self._estimate(name, arm).interval().middle for arm in self.arms}
        return sorted(self.arms, key=lambda arm: (not math.isnan(score[arm]), score[arm]), reverse=True)

    def headline_pair(self) -> tuple[str, str] | None:
        """The two arms that the scenario asks about, the one with more profit first; None if there is one arm.

        Of arms that were made to spend the same these are the best and the next; else `leading_pair`.
        """
        equal = self.about.equal_budget
        if equal is None:
            return self.leading_pair()
        best, other, *_ = [arm for arm in self.ranking() if arm in equal.arms]
        return best, other

    def leading_pair(self) -> tuple[str, str] | None:
        """The arm with most profit and what to compare it with: the baseline, or the next one if it is the baseline."""
        best, *others = self.ranking()
        if not others:
            return None
        return best, self.baseline if best != self.baseline else others[0]

    def crossover(self, name: SeriesName, a: str, b: str, confidence: float = 0.95) -> Crossover:
        """From which day on arm `a` stays ahead of arm `b` in a series, flows added up from the start.

        Raises:
            KeyError: for an unknown series or arm.
            ValueError: for an arm and itself.
        """
        self._check_arms(a, b)
        if name not in self._levels:
            self._levels[name] = self._series(name, cumulative=True).transpose("arm", "replicate", "day").to_numpy()
        own, other = (self._levels[name][self.arms.index(arm)] for arm in (a, b))
        found = crossover(name, a, b, own - other, self.level(confidence))
        lead = _scaled(found.lead, _unit(name))
        return replace(found, confidence=confidence, lead=lead, start=self.about.start)

    @cached_property
    def _levels(self) -> dict[str, NDArray[np.int64]]:
        """Series asked for so far at the end of each day, `(arm, replicate, day)`: pairs of arms share them."""
        return {}

    def crossovers(self, name: SeriesName = "profit", confidence: float = 0.95) -> list[Crossover]:
        """For each pair of arms, the crossover of the one that is ahead at the end over the other.

        Raises:
            KeyError: for an unknown series.
        """
        ends = self.series(name, cumulative=True).isel(day=-1).mean("replicate")
        order = sorted(self.arms, key=lambda arm: float(ends.sel(arm=arm)), reverse=True)
        return [self.crossover(name, a, b, confidence) for a, b in combinations(order, 2)]

    def money_in_time(self, arm: str, confidence: float = 0.95) -> MoneyInTime:
        """When an arm pays back, how little cash it comes down to and when cash runs out, with intervals.

        Raises:
            KeyError: for an unknown arm.
        """
        self._check_arms(arm)
        profit, cash = (measures.of_days(self._daily, name, arm) for name in ("profit", "cash"))
        set_up = float(self.data["set_up"].sel(arm=arm).sum(("place", "day")).mean("replicate")) / 100.0
        return money_in_time(arm, profit, cash, set_up, self.level(confidence))

    def uplift(self, arm: str, confidence: float = 0.95) -> Uplift:
        """What the pools of `arm` brought in orders.

        The causal numbers are against the same arm without its pools: an arm of the comparison if one is just that,
        else a run of its own, which is no arm here.

        Raises:
            KeyError: for an unknown arm.
            ValueError: for an arm without a pool.
        """
        self._check_arms(arm)
        against = self.about.without_pools
        if arm not in against:
            raise ValueError(f"{arm} has no pool, so no one can have joined one")
        return replace(uplift(self.data, arm, against[arm], self.level(confidence)), confidence=confidence)

    @property
    def with_pool(self) -> tuple[str, ...]:
        """The arms in which anybody can be in a pool."""
        return tuple(self.about.without_pools)

    def uplifts(self, confidence: float = 0.95) -> list[Uplift]:
        """The uplift of every arm that has a pool."""
        return [self.uplift(arm, confidence) for arm in self.with_pool]

    def by_route(self, confidence: float = 0.95) -> pd.DataFrame:
        """What new customers cost and earned by the route of their first contact: one row per arm and route.

        Columns, each with `_low` and `_high` over replicates: new_customers; route_cost, the cost lines of the route
        (paid: advertising; invited: rewards; told: KOC, KOL and partners; NaN for others) per new customer by it; clv,
        order margin to the last day per new customer. Money in currency units; clv discounted to day 0 where a rate is
        set. Ratios of means, with Fieller's interval, here and in the tables below.
        """
        return origins.by_route(self.data, self.level(confidence))

    def attribution(self, confidence: float = 0.95) -> pd.DataFrame:
        """What a new customer of a route that costs money is said to cost, by the first or the last contact, and does.

        One row per route (paid, invited, told) and arm that spent on it. Columns: route, arm, without (the arm that is
        the same but for this route; "" if there is none); and, each with `_low` and `_high` over replicates:
        first_touch and last_touch, the cost lines of the route per new customer whose first, or last, contact before
        the first order was of this route; true_cac, extra spend per extra new customer against `without`; true_roas,
        extra revenue per extra spend; true_margin, extra order margin (revenue less goods, commission, delivery) per
        extra spend, which pays for itself above 1. NaN where there is no such arm, or where extra customers, or extra
        spend, can't be told from none. Currency units.
        """
        return origins.attribution(self.data, self._daily, self.about.routes_off, self.level(confidence))

    def by_stage(self, confidence: float = 0.95) -> pd.DataFrame:
        """How many customers got how far: one row per arm and stage.

        Columns: arm, stage; customers and share (of the stage named `of`), each with `_low` and `_high` over
        replicates. Stages: aware (on the last day), joined (a pool, in the run; may come before or after an order),
        new (first order in the run) and repeat (of the new, who ordered again).
        """
        return origins.by_stage(self.data, self.level(confidence))

    def by_hook(self, confidence: float = 0.95) -> pd.DataFrame:
        """What members cost and earned by the hook by which they joined: one row per arm and hook.

        Columns, each with `_low` and `_high` over replicates: joined; joiner_cost, hook and reward per joiner; clv,
        order margin from joining to the last day per joiner. Whoever joins two pools counts for both hooks.
        """
        return origins.by_hook(self.data, self.level(confidence))

    def by_region(self, confidence: float = 0.95) -> pd.DataFrame:
        """What the people of each region ordered and brought: one row per arm and region; empty without regions.

        Columns, each with `_low` and `_high` over replicates: customers who live there; members of any pool on the last
        day; new_customers; orders, wherever made; store_orders, those at a store (where a region is a branch, that
        branch's); revenue, what they paid; margin, order margin; margin_each, that per customer who lives there. Money
        in currency units.
        """
        return origins.by_region(self.data, self.level(confidence))

    def by_own(self, confidence: float = 0.95) -> pd.DataFrame:
        """What mechanisms of one's own counted over the run: one row per counter and arm; empty without any.

        Columns: counter, unit, arm; and, each with `_low` and `_high` over replicates: total, and difference, that to
        the baseline's (NaN for the baseline itself). What is counted in cents is `money`, in currency units.
        """
        return origins.by_own(self.data, self.baseline, self.level(confidence))

    def by_cohort(self, confidence: float = 0.95) -> pd.DataFrame:
        """Cohorts by the four weeks of the first order: one row per cohort, four weeks of its life, and arm.

        Columns: arm, cohort (its first day), period, days (of the period in the run); and, each with `_low` and `_high`
        over replicates: customers; orders and margin of the period per customer; clv to its end; retention, orders as a
        share of those of period 1 (NaN in period 0 and in a period cut short).
        """
        return origins.by_cohort(self.data, self.level(confidence))

    @property
    def discounted(self) -> bool:
        """Whether any arm discounts, so that present value and profit differ."""
        return any(measures.discount_rates(self.data).values())

    def save(self, folder: str | Path) -> Path:
        """Write results.nc (netCDF 4) into `folder`, whole or not at all; returns its path."""
        return netcdf.write(self.data, Path(folder) / FILE_NAME, "replicate")

    @classmethod
    def load(cls, folder: str | Path) -> Result:
        """Read what `save` wrote, from its folder or the file itself.

        Raises:
            FileNotFoundError: if it isn't there.
            ValueError: if it is damaged, or something else.
        """
        path = Path(folder)
        return cls(netcdf.read(path / FILE_NAME if path.is_dir() else path, "replicate"))


def _unit(series: str) -> int:
    return 100 if series in measures.MONEY_SERIES else 1


def _scaled(interval: Interval, unit: float) -> Interval:
    return Interval(interval.middle / unit, interval.low / unit, interval.high / unit)


def _columns(middle: str, low: str, high: str, interval: Interval) -> dict[str, float]:
    return {middle: interval.middle, low: interval.low, high: interval.high}


_NO_DIFFERENCE = Difference(UNKNOWN, UNKNOWN, math.nan, 0)


def _difference(entry: Metric, a: Estimate, b: Estimate, confidence: float) -> Difference:
    """Paired difference of two estimates in cents or counts."""
    amount = _scaled(a.less(b).interval(confidence), entry.divisor)
    if math.isnan(amount.middle):
        return _NO_DIFFERENCE
    better = _better(entry, a.by_replicate - b.by_replicate, confidence)
    return Difference(amount, better, _variance_ratio(a.each, b.each), len(a.above))


def _better(entry: Metric, ahead: Array, confidence: float) -> Interval:
    if entry.better == "neither" or np.isnan(ahead).any():
        return UNKNOWN
    wins = np.count_nonzero(ahead > 0 if entry.better == "more" else ahead < 0)
    return intervals.share(int(wins), len(ahead), confidence)


def _variance_ratio(a: Array, b: Array) -> float:
    """var(a) + var(b) over var(a - b)."""
    if len(a) < 2:
        return math.nan
    apart, together = intervals.spread(a) ** 2 + intervals.spread(b) ** 2, intervals.spread(a - b) ** 2
    return float(apart / together) if together > 0 and apart > 0 else math.nan
