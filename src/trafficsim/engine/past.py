"""A past that was saved: what one arm had come to by a day, from which all arms of a comparison go on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import code_version
from trafficsim.engine.world import Crowd, World, gather, names_of, start
from trafficsim.files.sealed import keep, unsealed
from trafficsim.kernel.columns import BEFORE_START, BY_ARM, GROUPS, LONG_BEFORE, NEVER
from trafficsim.scenario import Scenario
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

SEALED_AS = "trafficsim past"
ABOUT = "about"
Arrays = Mapping[str, NDArray[Any]]


class PastError(ValueError):
    """A saved past that can't be read, or that a scenario can't go on from: one plain line."""


@dataclass(frozen=True)
class Past:
    """A saved past: its file with the hash of what is in it, so that workers find the same; and what it is of."""

    path: str
    digest: str
    arm: str
    day: int
    seed: int
    replicate: int
    about: str
    """What must be the same in a scenario that goes on from it, as JSON."""

    def crowd(self, scenario: Scenario) -> Crowd:
        """The customers on its day and their ties, as a day 0: what happened until then came before the start.

        Nobody is new who ordered, joined or heard of the brand before, so that all that is counted from here on is of
        the days that follow.
        """
        crowd = gather(scenario, self.seed, self.replicate)
        for name, array in _named(crowd.columns).items():
            array[...] = self.arrays[name]
        columns = crowd.columns
        for dated in (columns.bought.first_order_on, columns.story.aware_on):
            dated[dated >= 0] = BEFORE_START
        joined = columns.member.joined_on  # of several pools the newest is still told by its day
        earlier = (joined == NEVER) | (joined < BEFORE_START)  # the latter: before the past that this one goes on from
        joined[...] = np.where(earlier, joined, np.minimum(joined - LONG_BEFORE, BEFORE_START - 1))
        return crowd

    def begin(self, world: World) -> None:
        """Bring a world of its crowd to its day, with what mechanisms of one's own and units of pools held."""
        world.day = self.day
        world.members[: self.day + 1] = world.members[0]
        for group in BY_ARM:
            for name, held in getattr(world.columns, group)._asdict().items():
                then = self.arrays[f"{group}.{name}"]
                if then.shape == held.shape:  # else units are others in this arm, and begin anew
                    held[...] = then
        for name, step in world.own.items():
            for column, array in step.columns.items():
                array[...] = self.arrays[f"own.{name}.{column}"]

    @property
    def arrays(self) -> Arrays:
        """What it holds, by name, not to be written into."""
        return _arrays(self.path, self.digest)


def save_past(
    scenario: Scenario, arm: str, day: int, path: str | Path, seed: int = DEFAULT_SEED, replicate: int = 0
) -> World:
    """Run an arm until a day (excluded) and save what it has come to, whole or not at all; returns its world.

    Args:
        scenario: from `load`.
        arm: one of its arms.
        day: from 0; the first that is not run.
        path: file to write, for `past` of `compare`.
        seed, replicate: they decide the population and all draws.

    Returns:
        The world after `day` days, as it was saved.

    Raises:
        KeyError: if there is no such arm.
        ValueError: for a day, seed or replicate that can't be.
        ScenarioError: if the machine can't hold it.
    """
    asked.whole("day", day, 1, scenario.days - 1)
    world = start(scenario, arm, seed, replicate).run(until=day)
    said = {"arm": arm, "day": day, "seed": seed, "replicate": replicate, "same": _same(scenario)}
    arrays = dict(world.named_columns())
    keep(Path(path), SEALED_AS, {**arrays, ABOUT: np.frombuffer(json.dumps(said).encode(), np.uint8)})
    return world


def read_past(path: str | Path) -> Past:
    """What `save_past` wrote.

    Raises:
        PastError: if it isn't there, or is damaged or something else.
    """
    content = _content(str(path))
    try:
        with np.load(BytesIO(content)) as arrays:
            said = json.loads(arrays[ABOUT].tobytes())
        of = {name: said[name] for name in ("arm", "day", "seed", "replicate")}
        return Past(str(path), hashlib.sha256(content).hexdigest(), about=json.dumps(said["same"]), **of)
    except (ValueError, KeyError, TypeError):
        raise PastError(
            f"{path}: holds no saved state of this version; `trafficsim run --save-state` writes one"
        ) from None


def refuse_other(scenario: Scenario, past: Past, seed: int) -> None:
    """Refuse a scenario that can't go on from a past.

    Raises:
        PastError: with what differs.
    """
    if seed != past.seed:
        raise PastError(f"{past.path}: was saved with seed {past.seed}; give the same (got {seed})")
    if past.day >= scenario.days:
        raise PastError(
            f"{past.path}: is of day {past.day}, the scenario ends after {scenario.days} days; give more days"
        )
    then, now = json.loads(past.about), _same(scenario)
    for name, here in now.items():
        if then.get(name) != here:
            raise PastError(f"{past.path}: {_DIFFERENT[name]}")
    if scenario.equal_budget:
        raise PastError(
            f"{past.path}: arms can't be made to spend the same from a past, since pilots begin on day 0; leave "
            "equal_budget out and give the budgets"
        )


_DIFFERENT = {
    "rules": "was saved by another version of the rules, or on another kind of machine; save it again",
    "start": "begins on another date than the scenario; its start must be the same",
    "customers": "has another population than the scenario; the section customers must be the same",
    "names": "has other places, hooks, staff, posts or slots than the scenario; over all arms they must be the same",
    "own": "has other mechanisms of one's own than the scenario; load the same with --mechanism",
}


def _same(scenario: Scenario) -> dict[str, Any]:
    """What a scenario that goes on must have in common with one that was saved."""
    plan, names = scenario.plan(scenario.baseline), names_of(scenario)._asdict()
    return {
        "rules": code_version(),
        "start": scenario.start.isoformat(),
        "own": [[m.name, m.digest] for m in scenario.own],
        "customers": plan.customers.model_dump(mode="json"),
        "names": {name: list(some) for name, some in names.items() if name != "counters"},
    }


def _content(path: str) -> bytes:
    file = Path(path)
    if not file.is_file():
        raise PastError(f"{path}: no such file; `trafficsim run --save-state` writes one")
    content = unsealed(SEALED_AS, file.read_bytes())
    if content is None:
        raise PastError(f"{path}: is damaged, or no saved state; `trafficsim run --save-state` writes one")
    return content


@lru_cache(maxsize=1)
def _arrays(path: str, digest: str) -> Arrays:
    content = _content(path)
    if hashlib.sha256(content).hexdigest() != digest:
        raise PastError(f"{path}: has changed since the comparison began, or is another file on this machine")
    with np.load(BytesIO(content)) as arrays:
        return {name: arrays[name] for name in arrays.files if name != ABOUT}


def _named(columns: Any) -> dict[str, NDArray[Any]]:
    """All columns of customers by group and name."""
    groups = [group for group in GROUPS if group not in BY_ARM]
    return {f"{g}.{name}": array for g in groups for name, array in getattr(columns, g)._asdict().items()}
