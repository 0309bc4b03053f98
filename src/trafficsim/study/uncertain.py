"""Uncertain numbers: what is assumed, with its plausible range, its most likely value and how plausible the rest is.

The most likely value is the scenario's own. A `shape` tells of the values between the ends, outside of which none lies:

- `triangular` (the default) falls evenly from the most likely value to the ends; for money and rates whose range begins
  above 0 on the scale of their logarithm, so that half as much is as far away as twice as much.
- `uniform`: all values alike.
- `lognormal`: normal in the logarithm about the most likely value, so wide that the range holds 95 % of it; cut there.
- `beta`: the beta distribution of project planning (PERT: Malcolm et al. 1959), flatter at the ends than a triangle.

Correlations between numbers are Spearman's, by a Gaussian copula. `--uncertain`, `--robust` and `--leans` mean the same
numbers.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.scenario import Mistake, Provenance, Scenario, ScenarioError
from trafficsim.scenario.errors import Where
from trafficsim.scenario.provenance import named
from trafficsim.scenario.settings import Setting
from trafficsim.study.ranges import DEFAULTS, WRITTEN

RATES_AND_MONEY = ("money", "per week", "days", "ratio")
"""Units of numbers that are thought of in multiples."""
WITHIN = 0.95
"""The share of a lognormal that its range holds before it is cut there."""
PERT = 4.0
"""Weight of the most likely value against an end (Malcolm et al. 1959)."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Number:
    """An assumed number: its path (with * where one default serves several entries), value and plausible range.

    `takes_along` names the numbers that keep their proportion to it when it moves (`takes_along` of its source).
    `shape` and `log` tell how plausible the values of the range are (see the module), `correlations` how they go with
    those of other numbers, by path. `source` is where the range comes from. `whole` marks a count, of which there are
    no fractions.
    """

    path: str
    paths: tuple[str, ...]
    value: float
    low: float
    high: float
    takes_along: tuple[str, ...] = ()
    shape: str = "triangular"
    log: bool = False
    correlations: tuple[tuple[str, float], ...] = ()
    source: str = "scenario"
    whole: bool = False

    @property
    def ends(self) -> tuple[float, ...]:
        """The ends of the range that differ from the value, as whole numbers where the value is one."""
        whole = isinstance(self.value, int) and self.low == int(self.low) and self.high == int(self.high)
        ends = (int(self.low), int(self.high)) if whole else (self.low, self.high)
        return tuple(end for end in ends if end != self.value)

    def quantile(self, share: Array) -> Array:
        """The values below which these shares (0 to 1) of what is plausible lie, of the same shape as `share`."""
        found = _QUANTILES[self.shape](self, np.asarray(share, np.float64))
        inside = np.clip(found, self.low, self.high)  # rounding may leave the range by a bit
        return np.asarray(np.round(inside) if self.whole else inside)

    def scaled(self, values: Array) -> Array:
        """Values on the scale on which they are thought of: logarithms of what is thought of in multiples."""
        return np.log(values) if self.log or self.shape == "lognormal" else values

    def said(self, value: float) -> float:
        """A value as a scenario takes it: a whole number for a count."""
        return round(value) if self.whole else float(value)


def _triangular(number: Number, share: Array) -> Array:
    scale, back = (np.log, np.exp) if number.log else (np.asarray, np.asarray)
    low, mode, high = (float(scale(end)) for end in (number.low, number.value, number.high))
    return np.asarray(back(_stats().triang.ppf(share, (mode - low) / (high - low), low, high - low)))


def _uniform(number: Number, share: Array) -> Array:
    return number.low + share * (number.high - number.low)


def _lognormal(number: Number, share: Array) -> Array:
    low, middle, high = (math.log(end) for end in (number.low, number.value, number.high))
    spread = (high - low) / (2.0 * _stats().norm.ppf((1.0 + WITHIN) / 2.0))
    cut = (low - middle) / spread, (high - middle) / spread
    return np.asarray(np.exp(_stats().truncnorm.ppf(share, *cut, middle, spread)))


def _beta(number: Number, share: Array) -> Array:
    width = number.high - number.low
    below = 1.0 + PERT * (number.value - number.low) / width
    above = 1.0 + PERT * (number.high - number.value) / width
    return np.asarray(_stats().beta.ppf(share, below, above, number.low, width))


def _stats() -> Any:
    from scipy import stats  # noqa: PLC0415 - slow to import

    return stats


_QUANTILES = {"triangular": _triangular, "uniform": _uniform, "lognormal": _lognormal, "beta": _beta}


def numbers(scenario: Scenario) -> list[Number]:
    """The uncertain numbers: with a range under the scenario's `sources`, then those of `ranges` left alone by it."""
    written, left, known = scenario.provenance(), scenario.defaults(), _known(scenario)
    given = [_number(p, p.range, known) for p in (*written, *left) if p.range is not None]
    found = {number.path for number in given}
    for pattern, times in WRITTEN.items():
        assumed = [p for p in written if p.assumed and p.value and p.path not in found and named(pattern, [p.path])]
        given += [_number(p, (p.value / times, p.value * times), known, "assumed") for p in assumed]
    forms = {setting.value for path, setting in known.items() if path.endswith(".form")}
    for pattern, plausible in DEFAULTS.items():
        if plausible.form and plausible.form not in forms:
            continue
        several = [p for p in left if p.path not in found and fnmatch(p.path, pattern)]
        if several:
            together = _number(several[0], (plausible.low, plausible.high), known, plausible.source)
            given.append(replace(together, path=pattern, paths=tuple(p.path for p in several)))
    return given


def _number(p: Provenance, ends: tuple[float, float], known: Mapping[str, Setting], source: str = "scenario") -> Number:
    setting = known.get(_plain(p.path))
    unit = setting.unit if setting else ""
    whole = setting is not None and isinstance(setting.value, int)
    shape = p.shape or "triangular"
    log = shape == "triangular" and unit in RATES_AND_MONEY and ends[0] > 0.0
    return Number(p.path, (p.path,), p.value, *ends, p.takes_along, shape, log, p.correlations, source, whole)


def _known(scenario: Scenario) -> dict[str, Setting]:
    return {path: setting for arm in scenario.arms for path, setting in scenario.settings(arm).items()}


def _plain(path: str) -> str:
    """The path of a setting of an arm or event without these; "" where a number is none, such as a factor."""
    parts = path.split(".")
    parts = parts[2:] if parts[0] == "arms" else parts
    if parts[:1] != ["events"]:
        return ".".join(parts)
    return ".".join(parts[3:]) if parts[2:3] == ["set"] else ""


class Changes:
    """What replaces numbers of a scenario by other values, as `Scenario.replace` takes it."""

    def __init__(self, scenario: Scenario, moved: Sequence[Number]) -> None:
        self.numbers = tuple(moved)
        self._values = {p.path: p.value for p in scenario.provenance()}
        self._company = {number.path: self._taken_along(number) for number in moved}
        paths = [path for number in moved for path in (*number.paths, *self._company[number.path])]
        self._keys = {path: _keys(scenario, path) for path in paths}
        known = _known(scenario)
        self._counts = {p for p in paths if _plain(p) in known and isinstance(known[_plain(p)].value, int)}

    def __call__(self, values: Iterable[float]) -> dict[str, Any]:
        """With these values, one for each number; what a number takes along keeps its proportion to it."""
        found: dict[str, float] = {}
        drawn = list(zip(self.numbers, values, strict=True))
        for number, value in drawn:
            found |= dict.fromkeys(number.paths, number.said(value))
        for number, value in drawn:
            for path in self._company[number.path]:
                together = found.get(path, self._values[path]) * value / number.value
                found[path] = round(together) if path in self._counts else together
        return {key: value for path, value in found.items() for key in self._keys[path]}

    def _taken_along(self, number: Number) -> tuple[str, ...]:
        if not number.takes_along:
            return ()
        if number.value == 0:
            says = f"is 0, to which {', '.join(number.takes_along)} has no proportion"
            raise ScenarioError([Mistake(Where("sources"), number.path, says)])
        return tuple(dict.fromkeys(path for name in number.takes_along for path in named(name, self._values)))


def _keys(scenario: Scenario, path: str) -> tuple[str, ...]:
    """How a number is replaced where it stands: in one arm, or in the base and so in every arm without its own."""
    section, _, below = path.partition(".")
    if section == "arms":
        arm, _, own = below.partition(".")
        return (f"{arm}:{own}",)
    if (section == "events" or path in scenario.settings()) and not scenario.overridden(path):
        return (path,)
    return tuple(f"{arm}:{path}" for arm in _following(scenario, path)) or (path,)


def _following(scenario: Scenario, path: str) -> list[str]:
    """Arms that have a setting, or an event's number, without giving it themselves."""
    without = [arm for arm in scenario.arms if scenario.node(f"arms.{arm}.{path}") is None]
    if not path.startswith("events."):
        return [arm for arm in without if scenario.has(arm, path)]
    event = ".".join(path.split(".")[:2])
    off = [arm for arm in without if (own := scenario.node(f"arms.{arm}.{event}")) and own.value == "off"]
    return [arm for arm in without if arm not in off]


def copula(moved: Sequence[Number]) -> Array | None:
    """The normal correlations of numbers whose rank correlations are given, `(numbers, numbers)`; None for none.

    Raises:
        ScenarioError: for a correlation with what has no range, and for correlations that can't hold together.
    """
    at = {path: n for n, number in enumerate(moved) for path in (number.path, *number.paths)}
    found = np.eye(len(moved))
    for n, number in enumerate(moved):
        for other, rank in number.correlations:
            if at.get(other, n) == n:
                says = "is the number itself" if other in at else "has no range, so that nothing can go with it"
                raise ScenarioError([Mistake(Where("sources"), f"{number.path}.correlations.{other}", says)])
            found[n, at[other]] = found[at[other], n] = 2.0 * math.sin(math.pi * rank / 6.0)  # of a normal copula
    if np.array_equal(found, np.eye(len(moved))):
        return None
    if np.linalg.eigvalsh(found)[0] <= 0.0:
        raise ScenarioError([Mistake(Where("sources"), "correlations", "can't all hold together; make some weaker")])
    return found
