"""Ensembles: replicates in parallel on any executor; finished ones survive an interruption.

The unit of work is one replicate with all its arms: they share population and ties, and telling what a pool did to
those who joined needs the same people in both arms.
"""

from collections.abc import Generator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.metrics import LAST_COUNTS, TOPS
from trafficsim.compiled import code_version
from trafficsim.engine.moves import first_days, run_counting_moves
from trafficsim.engine.past import Past
from trafficsim.engine.people import last_counts
from trafficsim.engine.running import ALL_AT_HAND, Running
from trafficsim.engine.settings import packed, widths
from trafficsim.engine.world import World, gather, names_of, start_plans
from trafficsim.files.sealed import keep, kept
from trafficsim.kernel.columns import BEFORE_START, is_inside
from trafficsim.scenario import Scenario

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
NOT_RUN = -1
"""In place of a count of orders of a world that was not run."""


class Replicate(NamedTuple):
    """What one replicate found, as counted in the simulation (not yet times `each_stands_for`)."""

    tallies: Integers
    """What each counter counted, side by side (see `settings.packed`), shape `(arms, days, entries)`."""
    members: Integers
    """Members at the end of each day, shape `(arms, days, places)`."""
    aware_at_start: Integers
    """Customers who knew the brand before day 0, shape `(arms,)`."""
    joiners: Integers
    """Customers who joined any pool in the run, shape `(arms,)`."""
    joiner_orders: Integers
    """Their orders in the run, shape `(arms,)`."""
    others: Integers
    """Customers who neither joined a pool in the run nor were in one from the start, shape `(arms,)`."""
    other_orders: Integers
    """Their orders in the run, shape `(arms,)`."""
    joiner_orders_without: Integers
    """Orders of the same joiners in the same arm without its pools; NOT_RUN where that was not run, `(arms,)`."""
    orders_without: Integers
    """Orders of everybody there; NOT_RUN where that was not run, shape `(arms,)`."""
    last_counts: Integers
    """People counted at the end (see `people.last_counts`), shape `(arms, counts, width)`."""
    moved: Integers
    """Who went from where to where (see `flows`), shape `(arms, windows, places + 1, places + 1)`."""


def run_replicate(
    scenario: Scenario, seed: int, replicate: int, *, without_pools: bool = True, past: Past | None = None
) -> Replicate:
    """All arms of one replicate, with the same customers and random numbers; one arm at a time is in memory.

    `without_pools` also runs arms without their pools where no arm of the scenario is that (see `counterfactuals`); of
    those worlds only orders are stored. From a `past` all worlds go on, which are those customers then, with random
    numbers of this replicate.
    """
    crowd = gather(scenario, seed, replicate) if past is None else past.crowd(scenario)
    before, aware = crowd.columns.bought.orders.copy(), np.sum(crowd.columns.story.aware_on == BEFORE_START)
    spent = 0 if past is None else crowd.columns.bought.spend.copy()
    inside, pools = is_inside(crowd.columns.member.status), names_of(scenario).pools
    customers = scenario.plan(scenario.baseline).customers
    segments, hooks, ends = len(customers.segments), len(scenario.names("hooks")), [*customers.region_ends.values()]
    against = scenario.counterfactuals()
    plans = [*map(scenario.periods, scenario.arms), *(against.runs if without_pools else ())]
    in_use = widths(names_of(scenario), scenario.days)
    tallies, members, orders, groups, counted, moved = [], [], [], [], [], []
    for number, periods in enumerate(plans):
        world = start_plans(scenario, periods, seed, replicate, crowd, keep=number < len(plans) - 1)
        if past is not None:
            past.begin(world)
        moves = run_counting_moves(world)
        orders.append(world.columns.bought.orders - before)
        if number < len(scenario.arms):
            moved.append(moves)
            paid = world.columns.bought.spend - spent
            counted.append(last_counts(world.columns, orders[-1], paid, segments, hooks, ends))
            groups.append(_joiners_and_others(world, inside[[pool in periods[0][1].places for pool in pools]]))
            tallies.append(packed(world.tallies, in_use))
            members.append(world.members[1:])
        world.release()
    return Replicate(
        tallies=np.stack(tallies),
        members=np.stack(members),
        aware_at_start=np.full(len(tallies), aware, np.int64),
        **_orders_of_groups(groups, orders, [against.of.get(arm) for arm in scenario.arms]),
        last_counts=np.stack(counted),
        moved=np.stack(moved),
    )


def _joiners_and_others(world: World, from_start: Mask) -> tuple[Mask, Mask]:
    """Who joined a pool in the run, and who neither did nor was in one from the start, each `(customers,)`.

    `from_start` tells who was in which pool of the arm, `(pools, customers)`.
    """
    joined: Mask = np.any(world.columns.member.joined_on >= 0, axis=0)
    return joined, ~(joined | np.any(from_start, axis=0))


def _orders_of_groups(
    groups: list[tuple[Mask, Mask]], orders: list[NDArray[np.uint32]], against: list[int | None]
) -> dict[str, Integers]:
    """How many joined or did not, and what they ordered in their arm and without its pools, all `(arms,)`.

    `orders` are those of each customer in each world; `against` numbers the world of an arm without its pools.
    """
    own = list(zip(groups, orders, strict=False))
    without = [orders[n] if n is not None and n < len(orders) else None for n in against]
    rows = {
        "joiners": [joined.sum() for joined, _ in groups],
        "joiner_orders": [_sum(o[joined]) for (joined, _), o in own],
        "others": [others.sum() for _, others in groups],
        "other_orders": [_sum(o[others]) for (_, others), o in own],
        "joiner_orders_without": [
            NOT_RUN if o is None else _sum(o[joined]) for (joined, _), o in zip(groups, without, strict=True)
        ],
        "orders_without": [NOT_RUN if o is None else _sum(o) for o in without],
    }
    return {name: np.array(row, np.int64) for name, row in rows.items()}


def _sum(orders: NDArray[np.uint32]) -> int:
    return int(orders.sum(dtype=np.int64))


def run_replicates(
    scenario: Scenario,
    seed: int,
    replicates: Sequence[int],
    running: Running = ALL_AT_HAND,
    *,
    without_pools: bool = True,
) -> list[Replicate]:
    """All replicates at once, in the order of `replicates` (see `each_replicate`)."""
    found = dict(each_replicate(scenario, seed, replicates, running, without_pools=without_pools))
    return [found[n] for n in replicates]


def each_replicate(
    scenario: Scenario,
    seed: int,
    replicates: Sequence[int],
    running: Running = ALL_AT_HAND,
    *,
    without_pools: bool = True,
    past: Past | None = None,
) -> Generator[tuple[int, Replicate], None, None]:
    """Run replicates in parallel; yields number and result of each as it ends. Neither depends on the workers.

    Args:
        scenario: what to run.
        seed: together with a replicate's number, decides all random numbers.
        replicates: their numbers.
        running: how. Those of this scenario, seed and version that its folder already holds are read, not run; a file
            that is damaged or of another run is not trusted: its replicate is run again. `done` is called with a
            replicate's number when it is there.
        without_pools, past: see `run_replicate`.
    """
    run = f"{scenario.digest} {seed} {code_version()}{'' if without_pools else ' arms alone'}"
    run += f" from {past.digest}" if past else ""
    folder, shapes = running.folder, _shapes(scenario) if running.folder else {}
    missing: dict[int, tuple[Scenario, int, int]] = {}
    for n in replicates:
        there = _kept(folder, n, run, shapes) if folder else None
        if there is None:
            missing[n] = scenario, seed, n
        else:
            running.tell(n)
            yield n, there
    run_one = partial(run_replicate, without_pools=without_pools, past=past)
    for n, replicate in running.side_by_side(run_one, missing, [scenario]):
        if folder:
            keep(_path(folder, n), f"{run} {n}", replicate._asdict())
        running.tell(n)
        yield n, replicate


def _path(folder: Path, replicate: int) -> Path:
    return folder / f"{replicate:06d}.replicate"


def _kept(folder: Path, replicate: int, run: str, shapes: Mapping[str, tuple[int, ...]]) -> Replicate | None:
    arrays = kept(_path(folder, replicate), f"{run} {replicate}", shapes)
    return None if arrays is None else Replicate(**arrays)


_ORDERS = ("joiners", "joiner_orders", "others", "other_orders", "joiner_orders_without", "orders_without")


def _shapes(scenario: Scenario) -> dict[str, tuple[int, ...]]:
    """Of all that a replicate holds."""
    names, arms = names_of(scenario), len(scenario.arms)
    customers = scenario.plan(scenario.baseline).customers
    ends = max(len(customers.segments), len(customers.regions), len(names.hooks), len(TOPS))
    return {
        "tallies": (arms, scenario.days, sum(widths(names, scenario.days))),
        "members": (arms, scenario.days, len(names.places)),
        "aware_at_start": (arms,),
        **dict.fromkeys(_ORDERS, (arms,)),
        "last_counts": (arms, len(LAST_COUNTS), ends),
        "moved": (arms, len(first_days(scenario.days)), len(names.places) + 1, len(names.places) + 1),
    }
