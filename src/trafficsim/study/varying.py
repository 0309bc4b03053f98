"""What a sweep varies: settings over levels or spans, others that move with them, and the points that come of it."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from trafficsim.scenario import Mistake, Scenario, ScenarioError, estimate, parse_value
from trafficsim.scenario.errors import SET_LABEL, Where, did_you_mean
from trafficsim.scenario.needs import sweep_beyond_memory
from trafficsim.scenario.settings import Setting
from trafficsim.study.evaluating import moving_of
from trafficsim.study.uncertain import Changes, Number, numbers
from trafficsim.words import rounding
from trafficsim.words.language import Words

LEVELS = 8
"""Levels of a span in a grid, unless given."""
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")
"""A number with commas between its thousands, which may also be levels."""
APART = 10
"""Levels whose ends differ by more times are asked about if they may be one number (assumed: few are so far apart)."""
VARY_LABEL, WITH_LABEL = "--vary", "--with"
Point = dict[str, Any]
"""The value of each axis, by its name."""


class SweepError(ValueError):
    """What is asked of a sweep can't be answered."""


@dataclass(frozen=True)
class Span:
    """A stretch of numbers from `low` to `high`, both included; evenly spaced, or by equal ratios if `log`."""

    low: float
    high: float
    count: int = LEVELS
    log: bool = False

    def at(self, share: float) -> float:
        """The number at a share, 0 to 1, of the way."""
        if self.log:
            return float(math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low))))
        return self.low + share * (self.high - self.low)

    def levels(self) -> list[float]:
        """`count` numbers, the ends exactly."""
        if self.count == 1:
            return [self.low]
        inner = [self.at(k / (self.count - 1)) for k in range(1, self.count - 1)]
        return [self.low, *inner, self.high]


Values = Span | tuple[Any, ...] | Sequence[Any]
"""What may be given for a setting: a list of levels, or a span: (low, high), (low, high, "log").

The number of levels of a span may stand third: (low, high, 8, "log")."""


@dataclass(frozen=True)
class Axis:
    """One setting that varies, or several that take the same value.

    `name` is the path as given, with `*` for any name; `paths` are the settings that it means. Values are `levels` in a
    grid; other designs draw from `span` if there is one, else from the levels. `unit` is that of the setting.
    """

    name: str
    paths: tuple[str, ...]
    levels: tuple[Any, ...]
    span: Span | None
    whole: bool
    unit: str

    @property
    def log(self) -> bool:
        """Whether the values are spaced by equal ratios."""
        return self.span is not None and self.span.log

    def at(self, share: float) -> Any:
        """The value at a share of the way, from 0 to below 1."""
        if self.span is None:
            return self.levels[int(share * len(self.levels))]
        value = self.span.at(share)
        return round(value) if self.whole else value


@dataclass(frozen=True)
class Follower:
    """A setting (or several) that is `factor` times the setting `of`, at every point."""

    name: str
    paths: tuple[str, ...]
    factor: float
    of: str
    whole: bool

    def __str__(self) -> str:
        return f"{self.name} = {self.factor:g} × {self.of}"


def parse_vary(text: str) -> tuple[str, Values | None]:
    """Split `PATH=1,2,5` or `PATH=low:high[:n][:log]`; None for a path alone, which means its plausible range.

    Raises:
        ScenarioError: if it is none of these.
    """
    path, equals, values = (part.strip() for part in text.partition("="))
    if path and not equals:
        return path, None
    if not (path and values):
        raise _refused(VARY_LABEL, text, "must look like path=1,2,5 or path=low:high[:n][:log], or be a path alone")
    span = re.fullmatch(r"([^:,]+):([^:,]+)(?::([0-9]{1,6}))?(:log)?", values)
    if span is None or not all(_is_number(end) for end in span.group(1, 2)):
        levels = [parse_value(level, VARY_LABEL) for level in values.split(",")]
        _refuse_thousands(text, values, levels)
        return path, levels
    return path, Span(float(span[1]), float(span[2]), int(span[3] or LEVELS), log=bool(span[4]))


def _refuse_thousands(text: str, values: str, levels: list[Any]) -> None:
    """Ask about levels that look like one number with commas: 1,200, but not 50,100 or 1, 200."""
    if THOUSANDS.fullmatch(values) and (",0" in values or max(levels) > APART * min(levels)):
        several = ", ".join(values.split(","))
        says = f"is {values.replace(',', '')} meant, or levels? Write it without commas, or '{several}' with blanks"
        raise _refused(VARY_LABEL, text, says)


def parse_with(text: str) -> tuple[str, str]:
    """Split `PATH=NUMBER*PATH`; the right side is read by `follower`."""
    path, _, rule = text.partition("=")
    return path.strip(), rule.strip()


def varied(
    scenario: Scenario, vary: Mapping[str, Values | None], with_: Mapping[str, str]
) -> tuple[tuple[Axis, ...], tuple[Follower, ...]]:
    """Read what is to vary, and what moves with it: `{"product.unit_cost": "0.4*product.price"}`.

    A number without values takes its plausible range, as `--uncertain` does, and with it what its source says that it
    takes along, unless that is given too.

    Raises:
        ScenarioError: for spans that don't rise or are of no number, and `*` that stands for nothing; for a number
            without values or a range; for a rule that is not NUMBER*PATH, or whose path is no number of the scenario.
    """
    known = numbers(scenario) if any(values is None for values in vary.values()) else []
    axes: list[Axis] = []
    company: list[Follower] = []
    for name, values in vary.items():
        if values is None:
            number = _uncertain(name, known)
            axes.append(_range_of(scenario, name, number))
            company += _company(scenario, axes[-1], number)
        else:
            axes.append(_axis(name, *_meant(scenario, name, VARY_LABEL), values))
    followers = [_follower(scenario, name, rule) for name, rule in with_.items()]
    given = {path for axis in axes for path in axis.paths} | {path for one in followers for path in one.paths}
    return tuple(axes), (*followers, *(each for each in company if each.name not in given))


def points_of(
    scenario: Scenario, axes: Sequence[Axis], followers: Sequence[Follower], points: Iterable[Point], many: int = 1
) -> list[Point]:
    """The changes at each point, as `Scenario.replace` takes them, checked.

    Args:
        scenario: what varies.
        axes, followers: see `varied`.
        points: the value of each axis, by its name.
        many: how many worlds of each are in memory at a time.

    Raises:
        ScenarioError: with the mistakes of all points; for one that needs more memory than the machine has.
    """
    _refuse_clashes(axes, followers)
    found, mistakes = [_changes(scenario, axes, followers, point) for point in points], set()
    how = moving_of(scenario, found)
    for changes in found:
        try:
            moved = scenario.moved(how, changes)
        except ScenarioError as error:
            mistakes |= {_relabelled(mistake, followers) for mistake in error.mistakes}
        else:
            estimate(moved, many, many, without_pools=False)
    if mistakes:
        raise ScenarioError(mistakes)
    return found


def refused_solving(name: str) -> ScenarioError:
    """What to say of a setting that can't be solved for."""
    return _refused(
        "--solve", name, "only a number that may have decimals can be solved for: give low:high, or --vary its values"
    )


def described(axes: Sequence[Axis]) -> list[dict[str, Any]]:
    """The axes as built-in types, for JSON; `axes_from` reads them."""
    return [asdict(axis) for axis in axes]


def axes_from(described_: Iterable[Mapping[str, Any]]) -> tuple[Axis, ...]:
    """The axes that `described` wrote."""
    return tuple(
        Axis(
            a["name"],
            tuple(a["paths"]),
            tuple(a["levels"]),
            Span(**a["span"]) if a["span"] else None,
            a["whole"],
            a["unit"],
        )
        for a in described_
    )


def _uncertain(name: str, known: Sequence[Number]) -> Number:
    """The uncertain number that a name means."""
    arm, colon, below = name.rpartition(":")
    path = f"arms.{arm}.{below}" if colon else name
    found = next((number for number in known if path in {number.path, *number.paths}), None)
    if found is None:
        near = did_you_mean(path, [number.path for number in known])
        says = f"has no plausible range: give {name}=low:high or {name}=1,2,5, or a range under sources{near}"
        raise _refused(VARY_LABEL, name, says)
    return found


def _range_of(scenario: Scenario, name: str, number: Number) -> Axis:
    """An uncertain number over its plausible range, wherever plausible worlds move it."""
    paths = tuple(Changes(scenario, [replace(number, takes_along=())])([number.value]))
    _, setting = _meant(scenario, paths[0], VARY_LABEL)
    return _axis(name, paths, setting, Span(number.low, number.high, log=number.log))


def _company(scenario: Scenario, axis: Axis, number: Number) -> list[Follower]:
    """What keeps its proportion to an uncertain number."""
    together = Changes(scenario, [number])([number.value])
    return [
        Follower(path, (path,), value / number.value, axis.paths[0], _is_whole(_meant(scenario, path, WITH_LABEL)[1]))
        for path, value in together.items()
        if path not in axis.paths
    ]


def _axis(name: str, paths: tuple[str, ...], setting: Setting | None, values: Values) -> Axis:
    if setting is not None and setting.label:
        raise _refused(VARY_LABEL, name, "is only shown: it changes no number")
    span = _span(name, values)
    whole, unit = _is_whole(setting), setting.unit if setting else ""
    if span is None:
        levels = () if isinstance(values, Span) else tuple(values)
        if not levels:
            raise _refused(VARY_LABEL, name, "give at least one value")
        return Axis(name, paths, levels, None, whole, unit)
    if setting is not None and not setting.is_number and setting.value is not None:
        raise _refused(VARY_LABEL, name, "is no number; list its values, such as path=clear,vague")
    rounded = dict.fromkeys(round(level) if whole else level for level in span.levels())
    return Axis(name, paths, tuple(rounded), span, whole, unit)


def _span(name: str, values: Values) -> Span | None:
    if not isinstance(values, Span | tuple):
        return None
    span = values if isinstance(values, Span) else _span_of(name, values)
    if not (math.isfinite(span.low) and math.isfinite(span.high) and span.low < span.high):
        raise _refused(VARY_LABEL, name, f"a span must rise (got {span.low:g} to {span.high:g})")
    if span.log and span.low <= 0:
        raise _refused(VARY_LABEL, name, f"a span of equal ratios must begin above 0 (got {span.low:g})")
    if span.count < 1:
        raise _refused(VARY_LABEL, name, "a span has at least 1 level")
    if too_many := sweep_beyond_memory(span.count, 1):
        raise _refused(VARY_LABEL, name, too_many)
    return span


def _span_of(name: str, values: tuple[Any, ...]) -> Span:
    log = values[-1:] == ("log",)
    low_high_count = values[:-1] if log else values
    numbers = [v for v in low_high_count if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) != len(low_high_count) or len(numbers) not in {2, 3}:
        raise _refused(
            VARY_LABEL, name, 'a span is (low, high), with how many levels and "log" behind; levels are a list'
        )
    return Span(float(numbers[0]), float(numbers[1]), int(numbers[2]) if len(numbers) == 3 else LEVELS, log)


def _follower(scenario: Scenario, name: str, rule: str) -> Follower:
    factor, times, of = (part.strip() for part in rule.partition("*"))
    if not (name and times and of and _is_number(factor)):
        raise _refused(WITH_LABEL, f"{name}={rule}", "must look like path=0.4*path")
    paths, setting = _meant(scenario, name, WITH_LABEL)
    source = _known(scenario, of, WITH_LABEL).get(of.rpartition(":")[2])
    if source is None or not source.is_number:
        raise _refused(WITH_LABEL, of, "no such number in the scenario")
    return Follower(name, paths, float(factor), of, whole=_is_whole(setting))


def _meant(scenario: Scenario, name: str, label: str) -> tuple[tuple[str, ...], Setting | None]:
    """The paths that a name means, and the setting of the first, if there is one (replacing tells if there isn't)."""
    known = _known(scenario, name, label)
    arm, colon, path = name.rpartition(":")
    if "*" not in path:
        return (name,), known.get(path)
    wanted = path.split(".")
    found = [p for p, setting in known.items() if _matches(p.split("."), wanted) and not setting.is_section]
    if not found:
        raise _refused(label, name, "no setting is named like this")
    return tuple(f"{arm}{colon}{p}" for p in found), known[found[0]]


def _is_whole(setting: Setting | None) -> bool:
    return setting is not None and setting.is_number and isinstance(setting.value, int)


def _matches(parts: list[str], wanted: list[str]) -> bool:
    return len(parts) == len(wanted) and all(w in {"*", p} for p, w in zip(parts, wanted, strict=True))


def _known(scenario: Scenario, name: str, label: str) -> dict[str, Setting]:
    arm = name.rpartition(":")[0]
    if arm and arm not in scenario.arms:
        raise _refused(label, name, f"no arm '{arm}'; this scenario has {', '.join(scenario.arms)}")
    return scenario.settings(arm or None)


def _changes(scenario: Scenario, axes: Sequence[Axis], followers: Sequence[Follower], point: Point) -> dict[str, Any]:
    changes = {path: point[axis.name] for axis in axes for path in axis.paths}
    for follower in followers:
        of = changes[follower.of] if follower.of in changes else _value(scenario, follower.of)
        value = follower.factor * of
        changes |= dict.fromkeys(follower.paths, round(value) if follower.whole else value)
    return changes


def _value(scenario: Scenario, path: str) -> Any:
    return _known(scenario, path, WITH_LABEL)[path.rpartition(":")[2]].value


def level_in_words(value: object, say: Words) -> str:
    """A value of a setting as it is shown."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        # What a power of a ratio leaves behind is no decimal.
        return rounding.short(float(f"{value:.9g}"), language=say.language)
    return str(value)


def _refuse_clashes(axes: Sequence[Axis], followers: Sequence[Follower]) -> None:
    given: set[str] = set()
    meant = [(VARY_LABEL, axis.paths) for axis in axes] + [(WITH_LABEL, follower.paths) for follower in followers]
    for label, paths in meant:
        for path in paths:
            if path in given:
                raise _refused(label, path, "is varied twice")
            given.add(path)


def _relabelled(mistake: Mistake, followers: Sequence[Follower]) -> Mistake:
    """A mistake in a replaced value, told of the option that gave it instead of `--set`."""
    if mistake.where.file != SET_LABEL:
        return mistake
    followed = {path.replace(":", ".") for follower in followers for path in follower.paths}
    label = WITH_LABEL if mistake.path.removeprefix("arms.") in followed else VARY_LABEL
    return Mistake(Where(label), mistake.path, mistake.says)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _refused(label: str, path: str, says: str) -> ScenarioError:
    return ScenarioError([Mistake(Where(label), path, says)])
