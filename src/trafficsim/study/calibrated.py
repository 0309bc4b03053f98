"""What a calibration found: each number before and after, what the data can't tell, and how well the model fits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from trafficsim.study.beginning import MembersAtStart
from trafficsim.study.fitting import Fit, Summaries
from trafficsim.study.matching import CUT, OFF, Off, off_together, resampled
from trafficsim.study.observing import Observed, Series
from trafficsim.study.scales import back
from trafficsim.study.uncertain import Number

Array = NDArray[np.float64]
Verdict = Literal["told", "partly", "not told"]
TOLD, PARTLY = 0.5, 0.8
"""Spread that is left of a number, as a share of what was plausible before: below the first the data tell it, from the
second on they don't (assumed)."""
TOGETHER = 0.7
"""Correlation from which on two numbers are told only together (assumed)."""
IN_DIRECTION = 0.35
"""Part of a number in a direction, of length 1, from which on it is named (assumed)."""
FLATTEST = 3
"""Directions that are named at most."""
WITHIN = 0.9
"""What bands and intervals are to hold."""
BANDS = 4_000
"""Data that are drawn for bands, from all plausible points."""
SURE = 0.01
"""Variance of what a discrepancy goes on from, at least, as a share of its own (assumed)."""
EDGE = 1e-4
"""Shares beyond it are as far as this, where a number's scale ends."""


@dataclass(frozen=True)
class Told:
    """One number: its 90 % interval and middle before and after, and what spread is left of it (1: all)."""

    path: str
    in_file: float
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    left: float

    @property
    def verdict(self) -> Verdict:
        """Whether the data tell the number."""
        return "told" if self.left < TOLD else "partly" if self.left < PARTLY else "not told"


@dataclass(frozen=True)
class Foretold:
    """How well held-out weeks of a series were foretold: how many of them in the band, and mean absolute errors.

    `last` is the error of the last value going on, `shifted` that of the same weeks one held-out stretch before.
    """

    series: str
    weeks: int
    inside: int
    error: float
    last: float
    shifted: float


@dataclass(frozen=True)
class Calibration:
    """Plausible values of a scenario's numbers, given own counts.

    `draws` has the values of `numbers` at each draw, `(draws, numbers)`, whose weights are `fit.weights`; `began` who
    was a member on day 0 by the counts; `labels` what names of the scenario are shown as.
    """

    scenario: str
    currency: str
    arm: str
    observed: Observed
    summaries: Summaries
    numbers: tuple[Number, ...]
    draws: Array
    fit: Fit
    began: tuple[MembersAtStart, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def weights(self) -> Array:
        """Of the draws; they sum to 1."""
        return self.fit.weights

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """Each number before and after, in the order of the scenario."""
        shares = np.array([(1.0 - WITHIN) / 2.0, 0.5, (1.0 + WITHIN) / 2.0])
        left = self._left()
        return tuple(
            Told(
                number.path,
                number.value,
                _three(number.quantile(shares)),
                _three(weighted_quantiles(self.draws[:, k], self.weights, shares)),
                float(left[k]),
            )
            for k, number in enumerate(self.numbers)
        )

    @property
    def most_plausible(self) -> int:
        """The draw that is most plausible by the data and by what was thought before."""
        before = [_log_density(number, self.draws[:, k]) for k, number in enumerate(self.numbers)]
        return int(np.argmax(self.fit.logs + np.sum(before, axis=0)))

    @cached_property
    def pairs(self) -> list[tuple[str, str, float]]:
        """Numbers that the data tell only together, with their correlation, the strongest first."""
        correlation = self._correlation()
        found = [
            (self.numbers[a].path, self.numbers[b].path, float(correlation[a, b]))
            for a in range(len(self.numbers))
            for b in range(a + 1, len(self.numbers))
            if abs(correlation[a, b]) >= TOGETHER
        ]
        return sorted(found, key=lambda pair: -abs(pair[2]))

    @cached_property
    def flattest(self) -> list[tuple[float, list[tuple[str, float]]]]:
        """Directions along which the data tell least: spread that is left, and the numbers with their part in them."""
        spread, directions = np.linalg.eigh(self._covariance())
        found = []
        for k in np.argsort(spread)[::-1][:FLATTEST]:
            parts = [(self.numbers[j].path, float(directions[j, k])) for j in np.argsort(-np.abs(directions[:, k]))]
            found.append((float(np.sqrt(spread[k])), [part for part in parts if abs(part[1]) >= IN_DIRECTION]))
        return found

    @property
    def discrepancy(self) -> float:
        """By what share of itself a weekly number is off for reasons that the model has not, on average."""
        return float(self.weights @ self.fit.off @ np.array([off.size for off in OFF]))

    @cached_property
    def bands(self) -> pd.DataFrame:
        """Each stretch of each series: `series, last_day, fitted, data`, and `low, middle, high` of what fits it."""
        drawn = self.predicted()
        shares = [(1.0 - WITHIN) / 2.0, 0.5, (1.0 + WITHIN) / 2.0]
        rows = []
        for each, where in self._parts():
            low, middle, high = np.quantile(back(each.name, drawn[:, where]), shares, axis=0)
            rows.append(
                pd.DataFrame(
                    {
                        "series": each.name,
                        "last_day": each.lasts,
                        "fitted": self.summaries.fitted[where],
                        "data": each.data,
                        "low": low,
                        "middle": middle,
                        "high": high,
                    }
                )
            )
        return pd.concat(rows, ignore_index=True)

    @cached_property
    def unreached(self) -> list[tuple[str, list[int]]]:
        """Series with the fitted stretches (their last days) that no plausible point comes near, luck considered."""
        runs = self.fit.runs.mean(axis=1)
        luck = np.sqrt(self.summaries.share * ((self.fit.runs - runs[:, None]) ** 2).sum(axis=1).mean(axis=0))
        usual = luck * np.sqrt(1.0 + 1.0 / self.fit.runs.shape[1])
        near = np.abs(self.summaries.data - runs).min(axis=0) <= CUT * np.maximum(usual, np.finfo(float).tiny)
        found = []
        for each, where in self._parts():
            days = each.lasts[self.summaries.fitted[where] & ~near[where]]
            if days.size:
                found.append((each.name, [int(day) for day in days]))
        return found

    @cached_property
    def foretold(self) -> list[Foretold]:
        """How well the weeks that were held out were foretold; empty if there were none."""
        found = []
        for name, table in self.bands.groupby("series", sort=False):
            held, before = table[~table["fitted"]], table[table["fitted"]]["data"].to_numpy()
            if held.empty:
                continue
            data, middle = held["data"].to_numpy(), held["middle"].to_numpy()
            shifted = before[-len(held) :][: len(held)]
            inside = int(((held["low"] <= data) & (data <= held["high"])).sum())
            found.append(
                Foretold(
                    str(name),
                    len(held),
                    inside,
                    float(np.abs(data - middle).mean()),
                    float(np.abs(data - before[-1]).mean()),
                    float(np.abs(data[: len(shifted)] - shifted).mean()),
                )
            )
        return found

    def predicted(self) -> Array:
        """Data as plausible points would bring them about, on the scales of `scales`, `(4000, summaries)`.

        They hold luck of the market's size and the discrepancy, which goes on from what was seen of it.
        """
        rng = np.random.default_rng(BANDS)
        chosen = resampled(self.weights, BANDS, rng)
        runs, means = self.fit.runs, self.fit.runs.mean(axis=1)
        replicates = runs.shape[1]
        apart = runs[chosen, rng.integers(replicates, size=BANDS)] - means[chosen]
        left = max(self.summaries.share - 1.0 / replicates, 0.0)  # the mean of a point's runs holds a part of luck
        drawn = means[chosen] + apart * np.sqrt(left * replicates / (replicates - 1))
        kinds = np.array([rng.choice(len(OFF), p=share) for share in self.fit.off[chosen]])
        of_a_run = (runs - means[:, None]).var(axis=(0, 1)) * replicates / (replicates - 1)
        luck = (self.summaries.share + 1.0 / replicates) * of_a_run  # of the data, and of the mean that they lie beside
        for number, off in enumerate(OFF):
            those = kinds == number
            if off.size > 0.0 and those.any():
                drawn[those] += self._off(off, luck, (self.summaries.data - means)[chosen[those]], rng)
        return np.asarray(drawn)

    def table(self) -> pd.DataFrame:
        """The numbers: `path, file, before_low, before, before_high, low, middle, high, left, verdict`."""
        rows = [
            {
                "path": each.path,
                "file": each.in_file,
                **dict(zip(("before_low", "before", "before_high"), each.before, strict=True)),
                **dict(zip(("low", "middle", "high"), each.after, strict=True)),
                "left": each.left,
                "verdict": each.verdict,
            }
            for each in self.told
        ]
        return pd.DataFrame(rows)

    def plausible(self) -> pd.DataFrame:
        """The draws as a table: `weight`, then a column for each setting, by its path (several of one default)."""
        columns = {path: self.draws[:, k] for k, number in enumerate(self.numbers) for path in number.paths}
        return pd.DataFrame({"weight": self.weights, **columns})

    def _parts(self) -> Iterator[tuple[Series, slice]]:
        """Each series with where its summaries are."""
        first = 0
        for each in self.observed.series:
            yield each, slice(first, first + each.data.size)
            first += each.data.size

    def _scores(self) -> Array:
        """Draws on scales on which what was plausible before is normal, `(draws, numbers)`."""
        return np.asarray(stats.norm.ppf(np.clip(self.fit.points, EDGE, 1.0 - EDGE)))

    def _covariance(self) -> Array:
        scores = self._scores()
        apart = scores - self.weights @ scores
        found = (apart * self.weights[:, None]).T @ apart
        idle = np.setdiff1d(np.arange(len(self.numbers)), self.fit.active)
        found[idle, :] = found[:, idle] = 0.0
        found[idle, idle] = 1.0  # what the fit didn't look at is as it was
        return np.asarray(found)

    def _correlation(self) -> Array:
        covariance = self._covariance()
        spread = np.sqrt(np.diag(covariance))
        return np.asarray(covariance / np.outer(spread, spread))

    def _left(self) -> Array:
        return np.minimum(np.sqrt(np.diag(self._covariance())), 1.0)

    def _off(self, off: Off, luck: Array, residuals: Array, rng: np.random.Generator) -> Array:
        """Discrepancies of a kind, `(draws, summaries)`.

        Where weeks were fitted they are any; where they were held out they go on from what was seen before (Kennedy and
        O'Hagan 2001). `luck` is the variance of each summary's own, `residuals` the data less what each draw expects.
        """
        covariance = off_together(off, self.summaries.weeks, self.summaries.slopes)
        fitted, found = self.summaries.fitted, np.zeros_like(residuals)
        seen = covariance[np.ix_(fitted, fitted)]
        found[:, fitted] = rng.standard_normal((len(found), len(seen))) @ _root(seen).T
        if not fitted.all():
            across = covariance[np.ix_(~fitted, fitted)]
            least = SURE * np.diag(seen)  # where nothing is left to chance, noise of the data would be continued
            goes_on = np.linalg.solve(seen + np.diag(np.maximum(luck[fitted], least)), across.T).T
            rest = covariance[np.ix_(~fitted, ~fitted)] - goes_on @ across.T
            found[:, ~fitted] = residuals[:, fitted] @ goes_on.T
            found[:, ~fitted] += rng.standard_normal((len(found), len(rest))) @ _root(rest).T
        return found


def _root(covariance: Array) -> Array:
    """A root of a covariance that may be singular but for rounding."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def weighted_quantiles(values: Array, weights: Array, shares: Array) -> Array:
    """Values below which these shares of the weight lie."""
    order = np.argsort(values, kind="stable")
    so_far = np.cumsum(weights[order]) - weights[order] / 2.0
    return np.interp(shares, so_far / weights.sum(), values[order])


def _three(values: Array) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in values)
    return low, middle, high


def _log_density(number: Number, values: Array) -> Array:
    """How plausible values were before, by how fast the quantiles pass them."""
    shares = np.linspace(EDGE, 1.0 - EDGE, 401)
    at = number.quantile(shares)
    rising = np.maximum(np.gradient(at, shares), np.finfo(float).tiny)
    return np.asarray(-np.log(np.interp(values, at, rising)))
