"""A scenario's file with fitted numbers in place of assumed ones: comments and order stay as they were."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from trafficsim.scenario import Scenario
from trafficsim.scenario.replacing import path_of
from trafficsim.study.calibrated import Calibration, Told
from trafficsim.study.uncertain import Changes, Number

KEPT = ("takes_along", "shape", "correlations")
"""What a source goes on to say of a number that was fitted."""
DIGITS = 4
"""Significant digits of fitted numbers: more would feign what is not known."""


def rewritten(scenario: Scenario, found: Calibration, plausible: str | None = None) -> str:
    """The scenario as YAML, with the most plausible of the points that fit, and under `sources` where it comes from.

    A number that the data can't tell keeps its range and is marked `can_tell: false`.

    Args:
        scenario: that was fitted, as it was given.
        found: what came out.
        plausible: the file of plausible worlds, if the scenario is to name one.
    """
    writer, tree = _read(scenario)
    point = Changes(scenario, found.numbers)(found.draws[found.most_plausible].tolist())
    _put_all(tree, point)
    for each in found.began:
        _put(tree, each.path.split("."), rounded(each.share))
    _put_sources(tree, found, {path: rounded(value) for path, value in _by_path(found).items()})
    if plausible:
        tree["plausible"] = plausible
    return _written(writer, tree)


def moved_in_text(scenario: Scenario, point: Mapping[str, float], numbers: Iterable[Number], what: str) -> str:
    """The scenario as YAML with other values of some numbers, which keep their ranges.

    Args:
        scenario: as it was given.
        point: values, as `Scenario.replace` takes them.
        numbers: those that were moved.
        what: what they were moved for, as their source says.
    """
    writer, tree = _read(scenario)
    _put_all(tree, point)
    sources = tree.setdefault("sources", {})
    for number in numbers:
        for path in number.paths:
            before = sources.get(path)
            kept = {k: v for k, v in before.items() if k in KEPT} if isinstance(before, dict) else {}
            range_ = _on_a_line(CommentedSeq([rounded(number.low), rounded(number.high)]))
            sources[path] = _on_a_line(CommentedMap(fitted=what, range=range_, **kept))
    return _written(writer, tree)


def _read(scenario: Scenario) -> tuple[YAML, Any]:
    writer = YAML(typ="rt")
    writer.width = 4096
    writer.allow_unicode = True
    writer.preserve_quotes = True
    return writer, writer.load(_text(scenario))


def _written(writer: YAML, tree: Any) -> str:
    text = io.StringIO()
    writer.dump(tree, text)
    return text.getvalue()


def _put_all(tree: Any, point: Mapping[str, float]) -> None:
    for key, value in point.items():
        _put(tree, path_of(key), rounded(value))


def rounded(value: float) -> float:
    """A number with a few digits; whole numbers stay whole."""
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")


def _text(scenario: Scenario) -> str:
    """The file's own words, unless something was replaced since it was read."""
    if not scenario.replacements and scenario.path.is_file():
        return scenario.path.read_text(encoding="utf-8-sig")
    return scenario.yaml


def _put(tree: Any, path: Iterable[str], value: Any) -> None:
    *above, last = path
    for name in above:
        if not isinstance(tree.get(name), dict):
            tree[name] = {}
        tree = tree[name]
    tree[last] = value


def _by_path(found: Calibration) -> Mapping[str, float]:
    drawn = found.draws[found.most_plausible]
    return {number.path: number.said(value) for number, value in zip(found.numbers, drawn.tolist(), strict=True)}


def _put_sources(tree: Any, found: Calibration, values: Mapping[str, float]) -> None:
    sources = tree.setdefault("sources", {})
    seen = found.observed
    what = f"{Path(seen.file).name}, {seen.first} to {seen.until - dt.timedelta(days=1)}"
    for each in found.began:
        sources[each.path] = f"{Path(seen.file).name}, {seen.first}: {each.people:,.0f} members"
    for number, told in zip(found.numbers, found.told, strict=True):
        for path in number.paths:
            before = sources.get(path)
            kept = {k: v for k, v in before.items() if k in KEPT} if isinstance(before, dict) else {}
            range_ = _on_a_line(CommentedSeq(_range(number, told, values[number.path])))
            can_tell = told.verdict != "not told"
            sources[path] = _on_a_line(CommentedMap(fitted=what, range=range_, can_tell=can_tell, **kept))


def _on_a_line(node: Any) -> Any:
    node.fa.set_flow_style()
    return node


def _range(number: Number, told: Told, value: float) -> list[float]:
    """What is plausible now; of a number that isn't told, what was so before."""
    low, high = (number.low, number.high) if told.verdict == "not told" else (told.after[0], told.after[2])
    low, high = rounded(min(low, value)), rounded(max(high, value))
    return [low, high] if low < high else [rounded(number.low), rounded(number.high)]
