"""What a sweep found: one row per point, the line on which two arms tie, and its pictures."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from trafficsim.books.metrics import METRICS, MetricName
from trafficsim.books.metrics import metric as metric_of
from trafficsim.files import netcdf
from trafficsim.results.estimates import Estimate
from trafficsim.results.pictures import Pictured
from trafficsim.scenario.naming import setting_in_words
from trafficsim.study.varying import Axis, SweepError, axes_from
from trafficsim.words.called import called
from trafficsim.words.language import Language, Words

FILE_NAME = "sweep.nc"
Numbers = NDArray[np.float64]


def pair_of(arms: Sequence[str], baseline: str, pair: tuple[str, str] | None, metric: str) -> tuple[str, str]:
    """The two arms to compare: `pair`, or the only other arm and the baseline.

    Raises:
        SweepError: for arms or a metric that there isn't, or where the arms have to be named.
    """
    known = [entry.name for entry in METRICS]
    if metric not in known:
        raise SweepError(f"no metric {metric!r}; there are {', '.join(known)}")
    others = [arm for arm in arms if arm != baseline]
    if pair is None and len(others) != 1:
        raise SweepError(
            f"name two arms to compare (--arms A B; in Python, arms=('A', 'B')); this scenario has {', '.join(arms)}"
        )
    a, b = pair or (others[0], baseline)
    for arm in (a, b):
        if arm not in arms:
            raise SweepError(f"no arm {arm!r}; this scenario has {', '.join(arms)}")
    if a == b:
        raise SweepError(f"two different arms are needed (got {a} twice)")
    return a, b


@dataclass(frozen=True, eq=False, repr=False)
class SweepResult:
    """Arms compared at many points.

    `data` holds `amount`, every metric in currency units and counts, float64 `(point, metric, arm, replicate)`; `per`,
    what the mean of that is divided by (1 for what is no ratio); and what varied as attributes. Intervals cover
    random variation only. In methods, `metric` and `arms` are those of the question unless given (the first arm less
    the second), and `confidence` that of intervals.
    """

    data: xr.Dataset
    pictures = Pictured()

    def __repr__(self) -> str:
        names = ", ".join(axis.name for axis in self.axes)
        return f"SweepResult({self.title!r}: {self.points:,} points over {names}, {self.replicates:,} replicates)"

    def _repr_html_(self) -> str:
        page: Any = import_module("trafficsim.report.notebook")  # a room above, needed by notebooks only
        return str(page.sweep_html(self))

    @property
    def title(self) -> str:
        """The scenario's title."""
        return str(self.data.attrs["title"])

    @property
    def currency(self) -> str:
        """Currency code of all money."""
        return str(self.data.attrs["currency"])

    @property
    def language(self) -> Language:
        """The language of pictures, unless another one is asked for."""
        return cast("Language", self.data.attrs["language"])

    @property
    def days(self) -> int:
        """Days of each run (where `days` itself doesn't vary)."""
        return int(self.data.attrs["days"])

    @property
    def points(self) -> int:
        """How many points there are."""
        return int(self.data.sizes["point"])

    @property
    def replicates(self) -> int:
        """Replicates at each point."""
        return int(self.data.sizes["replicate"])

    @property
    def arms(self) -> tuple[str, ...]:
        """All arms, in the scenario's order."""
        return tuple(str(arm) for arm in self.data["arm"].to_numpy())

    @property
    def metric(self) -> MetricName:
        """The metric that is compared unless another one is asked for."""
        return cast("MetricName", self.data.attrs["compared"])

    @property
    def pair(self) -> tuple[str, str]:
        """The arms that are compared unless others are asked for: the first less the second."""
        return self._pair(None, self.metric)

    @property
    def is_grid(self) -> bool:
        """Whether the points are all combinations of levels."""
        return bool(self.data.attrs["design"] == "grid")

    @property
    def followers(self) -> list[str]:
        """What moved with something else, in words."""
        return cast("list[str]", json.loads(self.data.attrs["followers"]))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """What varied."""
        return axes_from(json.loads(self.data.attrs["axes"]))

    @cached_property
    def settings(self) -> pd.DataFrame:
        """The values of what varied, one row per point, one column per axis."""
        return pd.DataFrame(json.loads(self.data.attrs["settings"]), columns=[axis.name for axis in self.axes])

    def difference(self, metric: MetricName | None = None, arms: tuple[str, str] | None = None) -> np.ndarray:
        """Metric of the first arm less that of the second, replicate by replicate: `(point, replicate)`.

        Of a ratio, values whose mean is the difference of the ratios of means (see `intervals.linear`). NaN at points
        where either has no value.

        Raises:
            SweepError: for an unknown metric or arm.
        """
        return np.array([_known(each) for each in self._differences(metric, arms)])

    def table(
        self, metric: MetricName | None = None, arms: tuple[str, str] | None = None, confidence: float = 0.95
    ) -> pd.DataFrame:
        """One row per point: what varied, each arm's mean and interval, and the paired difference of two arms.

        Columns: the axes by name; ARM, ARM_low, ARM_high for every arm; difference, difference_low, difference_high.
        Ratios are those of means, with Fieller's interval; NaN where they have no value.

        Raises:
            SweepError: for an unknown metric or arm.
        """
        told = {arm: self.estimates(metric, arm) for arm in self.arms}
        told["difference"] = self._differences(metric, arms)
        columns = [_interval_columns(name, values, confidence) for name, values in told.items()]
        return pd.concat([self.settings, *columns], axis=1)

    def best(self, arm: str, metric: MetricName | None = None) -> tuple[int, list[int]]:
        """The point at which an arm's metric has the best mean, and all that can't be told from it (it included).

        Told replicate by replicate, since all points share the random numbers, with 95 % for all points together
        (Bonferroni): the best was picked among them. A metric of which neither more nor less is better counts as more.

        Raises:
            SweepError: for an unknown metric.
            ValueError: if the metric has no value anywhere.
        """
        sign = -1.0 if metric_of(metric or self.metric).better == "less" else 1.0
        told = [one.scaled(sign) for one in self.estimates(metric, arm)]
        means = np.array([one.interval().middle for one in told])
        if np.isnan(means).all():
            raise ValueError(f"{metric or self.metric} has no value at any point")
        best, level = int(np.nanargmax(means)), 1.0 - 0.05 / max(len(told) - 1, 1)
        behind = [told[best].less(each).interval(level) for each in told]
        return best, [
            k for k, less in enumerate(behind) if k == best or (not less.low > 0 and np.isfinite(less.middle))
        ]

    def break_even(self, metric: MetricName | None = None, arms: tuple[str, str] | None = None) -> pd.DataFrame:
        """Where the mean difference of two arms changes its sign between neighbours on the grid.

        One row per crossing; columns are the axes by name (the one `along` which it lies interpolated, by ratio where
        the axis is spaced so), `along`, and `leads_above`, the arm that is ahead beyond it. A map's break-even line
        goes through these points.

        Raises:
            SweepError: for a design that is no grid, and an unknown metric or arm.
        """
        if not self.is_grid:
            raise SweepError("a break-even line needs neighbours: sweep a grid, or solve for one setting")
        pair = self._pair(arms, metric or self.metric)
        grid = self.grid(self.difference(metric, arms).mean(axis=1))
        better = metric_of(metric or self.metric).sign
        rows = [row for number in range(len(self.axes)) for row in self._crossings(grid, number, pair, better)]
        return pd.DataFrame(rows, columns=[*(axis.name for axis in self.axes), "along", "leads_above"])

    def grid(self, values: np.ndarray) -> np.ndarray:
        """A grid's `values` by point, `(point,)`, as a block with one dimension per axis in their order."""
        return values.reshape([len(axis.levels) for axis in self.axes])

    @property
    def labels(self) -> Mapping[str, str]:
        """What names of the scenario are shown as; empty where they are shown as they are."""
        return cast("dict[str, str]", json.loads(self.data.attrs.get("labels", "{}")))

    def in_words(self, path: str, say: Words) -> str:
        """What a setting that varied is called, in the language of `say`; its path where it has no name."""
        return setting_in_words(path, say, self.labels)

    def followers_in_words(self, say: Words) -> list[str]:
        """The same as `followers`, with settings in words, in the language of `say`."""
        return [_rule_in_words(rule, partial(self.in_words, say=say)) for rule in self.followers]

    def labelled(self) -> SweepResult:
        """The same result with its arms under their labels, for whoever shows it; itself if there are none."""
        if not self.labels:
            return self
        label, about = partial(called, labels=self.labels), self.data.attrs
        compared = [label(arm) for arm in json.loads(about["arms"]) or ()] or None
        shown = {"baseline": label(about["baseline"]), "arms": json.dumps(compared)}
        return SweepResult(self.data.assign_coords(arm=[label(arm) for arm in self.arms]).assign_attrs(shown))

    def save(self, folder: str | Path) -> Path:
        """Write sweep.nc (netCDF 4) into `folder`, whole or not at all; returns its path."""
        return netcdf.write(self.data, Path(folder) / FILE_NAME)

    @classmethod
    def load(cls, folder: str | Path) -> SweepResult:
        """Read what `save` wrote, from its folder or the file itself.

        Raises:
            FileNotFoundError: if it isn't there.
            ValueError: if it is damaged, or something else.
        """
        path = Path(folder)
        data = netcdf.read(path / FILE_NAME if path.is_dir() else path)
        if "axes" not in data.attrs:
            raise ValueError(f"{path}: not the data of a sweep")
        return cls(data)

    def _pair(self, arms: tuple[str, str] | None, metric: str) -> tuple[str, str]:
        chosen = arms or json.loads(self.data.attrs["arms"])
        return pair_of(self.arms, str(self.data.attrs["baseline"]), tuple(chosen) if chosen else None, metric)

    def estimates(self, metric: MetricName | None, arm: str) -> list[Estimate]:
        """A metric of an arm at each point; the compared metric if None."""
        name = metric or self.metric
        own = self.data.sel(metric=name, arm=arm)
        return estimates(own["amount"].to_numpy(), own["per"].to_numpy(), name)

    def _differences(self, metric: MetricName | None, arms: tuple[str, str] | None) -> list[Estimate]:
        a, b = self._pair(arms, metric or self.metric)
        return [x.less(y) for x, y in zip(self.estimates(metric, a), self.estimates(metric, b), strict=True)]

    def _crossings(self, grid: np.ndarray, number: int, pair: tuple[str, str], better: int) -> Iterator[dict[str, Any]]:
        """Crossings along one axis, on every line of the grid; `better` is the sign of a better difference."""
        axis = self.axes[number]
        if not all(isinstance(level, int | float) for level in axis.levels):
            return
        lines = np.moveaxis(grid, number, -1)
        for at in np.ndindex(lines.shape[:-1]):
            others = list(at)
            for k in range(len(axis.levels) - 1):
                before, after = float(lines[at][k]), float(lines[at][k + 1])
                if before * after < 0 or (before == 0 and after != 0 and k > 0 and lines[at][k - 1] * after < 0):
                    share = before / (before - after)
                    value = between(axis.levels[k], axis.levels[k + 1], share, log=axis.log)
                    rest = (a.levels[i] for a, i in zip(_without(self.axes, number), others, strict=True))
                    named = dict(zip((a.name for a in _without(self.axes, number)), rest, strict=True))
                    yield {
                        **named,
                        axis.name: value,
                        "along": axis.name,
                        "leads_above": pair[0] if better * after > 0 else pair[1],
                    }


def estimates(above: Numbers, below: Numbers, metric: str) -> list[Estimate]:
    """A metric of each arm, or at each point, from totals `(arms, replicates)` or `(points, replicates)`."""
    ratio = metric_of(metric).ratio is not None
    return [Estimate(a, b if ratio else None) for a, b in zip(above, below, strict=True)]


def between(low: float, high: float, share: float, *, log: bool) -> float:
    """The number at a share of the way from one to another, by ratio if `log`."""
    return low * math.exp(share * math.log(high / low)) if log else low + share * (high - low)


def _without(axes: Sequence[Axis], number: int) -> list[Axis]:
    return [axis for k, axis in enumerate(axes) if k != number]


def _known(estimate: Estimate) -> np.ndarray:
    """What each replicate adds; NaN throughout where there is no value."""
    return estimate.each if math.isfinite(estimate.interval().middle) else np.full_like(estimate.above, np.nan)


def _interval_columns(name: str, told: Sequence[Estimate], confidence: float) -> pd.DataFrame:
    """A metric and its interval at each point."""
    found = [one.interval(confidence) for one in told]
    rows = [(interval.middle, interval.low, interval.high) for interval in found]
    return pd.DataFrame(rows, columns=[name, f"{name}_low", f"{name}_high"])


def _rule_in_words(rule: str, in_words: Callable[[str], str]) -> str:
    """A follower as text (`Follower.__str__`), its settings in words."""
    name, equals, rest = rule.partition(" = ")
    factor, times, of = rest.partition(" × ")
    return f"{in_words(name)}{equals}{factor}{times}{in_words(of)}"
