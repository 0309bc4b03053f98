"""What each option does: rows of effects.json, measured on the showcase with one setting changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import trafficsim as ts
from trafficsim.books.counters import COUNTERS, Counter
from trafficsim.books.metrics import named
from trafficsim.market.currencies import CENTS
from trafficsim.market.quantities import Parameters
from trafficsim.results import Result, intervals
from trafficsim.results.intervals import Array, Interval
from trafficsim.scenario import Scenario
from trafficsim.scenario.schema import Event, Plan

HERE = Path(__file__).parent
SEED = 1
COUNTED: dict[str, Counter] = {c.name: c for c in COUNTERS}
Declared = tuple[type[Parameters], str]
"""A setting as its class declares it, such as (Slot, "seats")."""


@dataclass(frozen=True)
class Effect:
    """A change of the showcase, and the metric or counter (`name` or `name.entry`) in which it must show.

    `base` names a variant of the showcase, common to both sides, where the showcase leaves the option nothing to do.
    `why` says what the name leaves open.
    """

    name: str
    change: Mapping[str, Any]
    shows: str
    base: str = ""
    why: str = ""


@dataclass(frozen=True)
class Measured:
    """An effect with its size: the value without the change, and by how many percent it moves."""

    effect: Effect
    before: float
    change: Interval


class Effects:
    """The rows of effects.json, the variants of the showcase that they need, and what is excused from having a row.

    `without` gives the reason for each setting, as `Class.field`, that has no effect by itself.
    """

    def __init__(self) -> None:
        found = json.loads((HERE / "effects.json").read_text("utf-8"))
        self.bases: dict[str, dict[str, Any]] = {"": {}, **found["bases"]}
        self.rows = tuple(Effect(**row) for row in found["effects"])
        self.without: dict[str, str] = found["without"]

    @cached_property
    def showcases(self) -> dict[str, Scenario]:
        """The showcase (named "") and its variants."""
        showcase = ts.load(HERE / "showcase.yaml")
        return {name: showcase.replace(base) for name, base in self.bases.items()}

    def measured(self, rows: Sequence[Effect], replicates: int) -> Iterator[Measured]:
        """Each row in turn; a variant that several rows share is run once."""
        unchanged: dict[str, Result] = {}
        for row in rows:
            scenario = self.showcases[row.base]
            if row.base not in unchanged:
                unchanged[row.base] = ts.compare(scenario, replicates, SEED)
            changed = ts.compare(scenario.replace(row.change), replicates, SEED)
            before, after = (shown(result, row.shows) for result in (unchanged[row.base], changed))
            yield Measured(row, float(before.mean()), change_in_percent(before, after))

    def varied(self, row: Effect) -> set[Declared]:
        """The settings that a row changes."""
        plan = self.showcases[row.base].plan("base")
        return {declared(path, plan) for path in row.change}

    def value(self, row: Effect, path: str) -> Any:
        """What stands at a dotted path before a row changes it."""
        found: Any = self.showcases[row.base]
        event = path.split(".")[1] if path.startswith("events.") else ""
        if event:
            _, _, key, *below = path.split(".", 3)  # what stands under set and times are dotted paths themselves
            written = found.node(f"events.{event}").plain()[key]
            return written[below[0]] if below else written
        found = found.plan("base")
        for part in path.split("."):
            found = getattr(found, part) if isinstance(found, Parameters) else found[part]
        return found


def declared(path: str, plan: Plan) -> Declared:
    """The class and field that declare the setting at a dotted path: the deepest on the way there."""
    if path.startswith("events."):
        return Event, path.split(".")[2]
    value: Any = plan
    found: Declared = Plan, ""
    for part in path.split("."):
        if isinstance(value, Parameters):
            found, value = (type(value), part), getattr(value, part)
        else:
            value = value[part]
    return found


def shown(result: Result, what: str) -> Array:
    """A metric, or a counter summed over days (and entries, unless one is named), shape `(replicates,)`; money as such.

    Raises:
        KeyError: if there is no such metric, counter or entry.
    """
    name, _, entry = what.partition(".")
    if name not in COUNTED:
        return result.values(named(name)).isel(arm=0).to_numpy()
    data = result.data[name].isel(arm=0)
    data = data.sel({COUNTED[name].by: entry}) if entry else data
    total = data.sum([dim for dim in data.dims if dim != "replicate"]).to_numpy()
    return total / (CENTS if COUNTED[name].unit == "cents" else 1.0)


def change_in_percent(before: Array, after: Array) -> Interval:
    """By how much the mean changes, replicates being paired: a ratio of means, its interval by the delta method."""
    mean = before.mean()
    ratio = after.mean() / mean
    return intervals.mean(100.0 * ((after - ratio * before) / mean + ratio - 1.0), 0.95)
