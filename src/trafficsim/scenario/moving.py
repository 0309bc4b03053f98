"""Moving the same numbers again and again: what `Scenario.replace` does, without reading the file again for each world.

A file is read once with all numbers moved. Where a plan differs then from the one before stands a number that moves:
other worlds are made by putting their values there. What a section checks of its own settings is checked again, as is
whether sums can be counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from trafficsim.market.quantities import Parameters
from trafficsim.scenario.errors import Where
from trafficsim.scenario.resolving import Periods, Resolved
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.settings import settings
from trafficsim.scenario.stages import demand_by_day
from trafficsim.scenario.sums import crowd_mistakes, sum_mistakes
from trafficsim.scenario.tree import Node

At = tuple[str | None, int]
"""A plan: of an arm (None for the base) and the number of its period."""
UNDATED = -1
"""The number of an arm's settings but for what events change, where an event begins on day 0."""
COMPARED = ("from_day", "until_day", "count", "each_stands_for")
"""Settings that are compared with others: where one of them moves, but for the customers', the file is read again."""

NOWHERE = Node({}, (), Where(""), Where(""))
"""For mistakes of which it is only asked whether there are any."""


@dataclass(frozen=True)
class Moving:
    """Where the numbers stand that move: by plan, the keys of `Scenario.replace` that give its settings, by path."""

    before: Resolved
    cells: Mapping[At, Mapping[str, str]]

    def at(self, changes: Mapping[str, Any]) -> Resolved | None:
        """The plans with other values; None if these go together in no scenario, or in none that is sure to be so."""
        try:
            values = {key: value.item() if hasattr(value, "item") else value for key, value in changes.items()}
            plans = {
                at: _with(plan, "", {path: values[key] for path, key in self.cells[at].items()})
                for at, plan in _plans(self.before)
            }
        except ValidationError:
            return None
        resolved = _resolved(self.before, plans)
        return None if _beyond_sums(resolved.base, resolved.periods) else resolved


def moving(before: Resolved, after: Resolved, changes: Mapping[str, Any]) -> Moving | None:
    """How a file can be moved as it was moved once; None if it has to be read again each time.

    Args:
        before: as it was.
        after: as it was read with the changes, all of which were of numbers.
        changes: as `Scenario.replace` takes them.
    """
    if any(past.days for past in before.history.values()):
        return None  # of plans by the hundred, reading lays new values over the one before, which is quicker
    alone = "" if before.base.customers.ties.file else "customers.count"  # a file of ties has so many
    if any(key.rpartition(".")[2] in COMPARED and key != alone for key in changes):
        return None
    moved, cells = dict(_plans(after)), {}
    for at, plan in _plans(before):
        known, values = settings(plan), settings(moved[at])
        moving_here = [p for p, s in known.items() if s.is_number and values[p].value != s.value]
        cells[at] = {path: _key(path, at, values[path].value, changes) for path in moving_here}
    found = Moving(before, cells)
    sources = {key for keys in cells.values() for key in keys.values()}
    again = found.at(changes) if sources == set(changes) else None  # else a change is hidden, or does more
    return found if again and dict(_plans(again)) == moved else None


def _key(path: str, at: At, value: float, changes: Mapping[str, Any]) -> str:
    """The change that a setting of a plan comes from; "" if there is none."""
    arm, period = at
    meant = [f"{arm}:{path}", path]
    if period > 0:
        meant = [*(k for k in changes if k.startswith("events.") and k.endswith(f".set.{path}")), *meant]
    return next((key for key in meant if key in changes and changes[key] == value), "")


def _plans(resolved: Resolved) -> Iterator[tuple[At, Plan]]:
    yield (None, 0), resolved.base
    for arm, periods in resolved.periods.items():
        if resolved.undated[arm] is not periods[0][1]:
            yield (arm, UNDATED), resolved.undated[arm]
        yield from (((arm, number), plan) for number, (_, plan) in enumerate(periods))


def _resolved(before: Resolved, plans: Mapping[At, Plan]) -> Resolved:
    periods = {
        arm: tuple((day, plans[arm, number]) for number, (day, _) in enumerate(dated))
        for arm, dated in before.periods.items()
    }
    undated = {arm: plans.get((arm, UNDATED), dated[0][1]) for arm, dated in periods.items()}
    return replace(before, base=plans[None, 0], undated=undated, periods=periods)


def _with(section: Any, above: str, values: Mapping[str, Any]) -> Any:
    """A section with other values below it, by their paths, checked as when it is read."""
    names = {path.removeprefix(above).partition(".")[0] for path in values}
    if not names:
        return section
    held = {name: getattr(section, name) for name in section.model_fields_set} if _is_section(section) else section
    new = {name: _below(section, f"{above}{name}", name, values) for name in names}
    changed = {**held, **new}
    return type(section).model_validate(changed) if _is_section(section) else changed


def _below(section: Any, path: str, name: str, values: Mapping[str, Any]) -> Any:
    if path in values:
        return values[path]
    inner = getattr(section, name) if _is_section(section) else section[name]
    return _with(inner, f"{path}.", {p: v for p, v in values.items() if p.startswith(f"{path}.")})


def _is_section(value: Any) -> bool:
    return isinstance(value, Parameters)


def _beyond_sums(base: Plan, periods: Mapping[str, Periods]) -> bool:
    """Whether anything comes to more than can be counted; reading the file again then says what."""
    by_day = {arm: demand_by_day(dated) for arm, dated in periods.items()}
    most = max(float(of.max()) for of in by_day.values())
    if any(crowd_mistakes(NOWHERE, base, most)):
        return True
    busy = {arm: float(of.sum()) for arm, of in by_day.items()}
    return any(
        mistake
        for arm, dated in periods.items()
        for _, plan in dated
        for mistake in sum_mistakes(NOWHERE, plan, busy[arm])
    )
