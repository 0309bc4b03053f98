"""Arms without their pools: what an arm's pools caused is what happens in it less what happens without them.

Everything else stays as it is on every date, so that the two differ by the pools alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trafficsim.market.places import Pool
from trafficsim.scenario.schema import Plan

Periods = tuple[tuple[int, Plan], ...]
OF_POOLS = ("care", "hooks", "joining", "leaving", "talking", "tiers", "win_back")
"""Sections that speak of pools alone: every hook leads into one, every tier and all care is of one."""


@dataclass(frozen=True)
class Counterfactuals:
    """By arm with a pool, its counterfactual: a number in the list of all arms (in their order) and then `runs`.

    `runs` are those counterfactuals that are no arm of the scenario; arms that differ by their pools alone share one.
    """

    of: dict[str, int]
    runs: tuple[Periods, ...]


def counterfactuals(arms: Mapping[str, Periods]) -> Counterfactuals:
    """The counterfactual of every arm that has a pool: the same arm without pools, an arm of the scenario if one is."""
    worlds = [periods if _is_without(periods) else () for periods in arms.values()]
    bare = [without_pools(periods) if periods else () for periods in worlds]
    of = {}
    for arm, periods in arms.items():
        if has_pool(periods):
            wanted = without_pools(periods)
            if wanted not in bare:
                bare.append(wanted)
            of[arm] = bare.index(wanted)
    return Counterfactuals(of, tuple(bare[len(arms) :]))


def has_pool(periods: Periods) -> bool:
    """Whether anybody can be in a pool: by a hook, or a member from the start; no event can add what day 0 lacks."""
    plan = periods[0][1]
    members = any(share > 0.0 for share in plan.customers.at_start.members.values())
    return bool(_pools(plan)) and (members or (bool(plan.hooks) and plan.hooks != "off"))


def without_pools(periods: Periods) -> Periods:
    """The same plans without pools, the hooks into them, posts in them and the staff who serve them.

    A period that begins with a change of pools alone is one with the period before.
    """
    found: list[tuple[int, Plan]] = []
    for day, plan in periods:
        bare = _without_pools(plan)
        if not found or bare != found[-1][1]:
            found.append((day, bare))
    return tuple(found)


def _is_without(periods: Periods) -> bool:
    """Whether an arm already is as if it had no pools: nobody can be in one, and nobody works for one.

    Staff who serve a pool without members may still have friends who see their Moments.
    """
    return not has_pool(periods) and not any(_serving_pools(plan) for _, plan in periods)


def _without_pools(plan: Plan) -> Plan:
    pools, serving = _pools(plan), _serving_pools(plan)
    changes = {
        "places": _less(plan.places, pools),
        "posts": _less(plan.posts, pools),
        "staff": _less(plan.staff, serving),
    }
    return plan.model_copy(update=changes | dict.fromkeys(OF_POOLS, "off"))


def _less(entries: Any, names: set[str]) -> Any:
    """A section without some of its entries; "off" if none is left."""
    left = {} if entries == "off" else {name: entry for name, entry in entries.items() if name not in names}
    return left or "off"


def _pools(plan: Plan) -> set[str]:
    return {name for name, place in plan.places.items() if isinstance(place, Pool)}


def _serving_pools(plan: Plan) -> set[str]:
    staff = plan.staff if isinstance(plan.staff, dict) else {}
    pools = _pools(plan)
    return {name for name, people in staff.items() if people.serves in pools}
