"""What a run would take: memory, customer-days, time; and refusing what can't fit."""

import os
from dataclasses import dataclass

from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import COHORT_DAYS
from trafficsim.books.routes import ROUTES, TOUCHES
from trafficsim.files import HELD_BYTES
from trafficsim.kernel.columns import BY_ARM, GROUPS, Member, bytes_of, rows_of
from trafficsim.mechanisms.posts import counts_pushes
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.scenario.errors import Mistake, ScenarioError
from trafficsim.scenario.scenario import Scenario

TIE_BYTES = 4
"""Bytes per acquaintance of a customer: one index, listed at both ends."""
MADE_TIE_BYTES = 10
"""The same while ties are made, before there are columns: an index as chosen, twice turned around, and both ways."""
MAKING_BYTES = 60
"""Bytes of a customer meanwhile: where each of these rows begins, the segment and the class."""
COPIES = 2
"""The population as it is on day 0, and the copy on which an arm works; ties are shared."""
PLACE_BYTES = 1
"""Where each customer was four weeks ago, to count who moved."""
PEOPLE_BYTES = 20
"""Bytes of a customer's orders and joining in each world, to tell what a pool did to those who joined."""
COUNTED_BYTES = 8
"""Bytes of an entry (a place, hook, route ...) of a counter of a day."""
TIMES_HELD = 3
"""How often data that are not packed are held: as results, and while results are asked and written."""
PACKED_SHARE = 0.4
"""What data of replicates take, as a share, while they are packed and asked (measured: 0.37 for dearer_ads)."""
PROGRAM_BYTES = 350_000_000
"""Bytes of the program itself, with compiled code and results."""
FAST = 80e6
"""Customer-days that one worker computes in a second, when little happens on a day."""
SLOW = 20e6
"""The same, when much happens."""
START_SECONDS = 5.0
"""Loading the program, with compiled code in the cache, and what a report takes whatever its arms."""
RUN_SECONDS = 0.007
"""Of a world besides its customer-days, one after another: much of that is Python."""
ARM_SECONDS = 0.35, 0.8
"""Of an arm in tables, pictures and files: of a month, and of a year or among hundreds."""
MOST_REPLICATES = 1_000_000
"""Replicates are numbered below this; those that tell what arms spend come from there on."""
PILOTS = 4
"""Replicates that tell what an arm spends where arms are to spend the same."""
FACTORS_TRIED = 3
"""Factors of its advertising that an arm is run with until it spends what it should: 2 or 3 in shipped scenarios."""
POINT_BYTES = 100_000
"""Bytes of a point of a sweep: its scenario."""
JOB_BYTES = 2_000
"""Bytes of a replicate that waits for its turn."""


@dataclass(frozen=True)
class Needs:
    """Memory in bytes, customer-days over all worlds and replicates, and the range of time in seconds.

    Pilots for equal money are in the time alone.
    """

    memory_bytes: int
    customer_days: int
    seconds_low: float
    seconds_high: float


def estimate(scenario: Scenario, replicates: int, workers: int, *, without_pools: bool = True) -> Needs:
    """Estimate what a comparison takes. Each worker computes one replicate at a time, arm after arm.

    `without_pools` tells whether arms are also run without their pools where no arm is that.

    Raises:
        ScenarioError: if it needs more memory than the machine has; the position is that of customers.count.
    """
    customers = scenario.plan(scenario.baseline).customers
    worlds = len(scenario.arms) + (_runs_without_pools(scenario) if without_pools else 0)
    busy = max(1, min(workers, replicates))
    lengths = _lengths(scenario)
    counters = (*COUNTERS, *counters_of(scenario.own))
    counted = scenario.days * COUNTED_BYTES * len(counters) * max(lengths.values())
    kept = len(scenario.arms) * scenario.days * COUNTED_BYTES * sum(lengths[c.by] for c in counters)
    at_work = customers.count * bytes_per_customer(scenario, worlds) + counted + kept
    results = min(replicates * kept, HELD_BYTES) * TIMES_HELD + round(replicates * kept * PACKED_SHARE)
    memory = PROGRAM_BYTES + busy * at_work + results
    customer_days = customers.count * scenario.days * worlds * replicates
    _refuse_beyond(scenario, memory, "arms, days and replicates")
    # Workers beyond the processors wait for each other; pilots take all processors.
    one_by_one = customer_days / min(busy, processors()) + _pilot_days(scenario) / min(PILOTS, processors())
    told = START_SECONDS + RUN_SECONDS * worlds * replicates
    seconds = [
        told + one_by_one / rate + each * len(scenario.arms)
        for rate, each in zip((FAST, SLOW), ARM_SECONDS, strict=True)
    ]
    return Needs(memory, customer_days, *seconds)


def seconds_at_least(customer_days: float, workers: int) -> float:
    """The least time in seconds that so many days of customers take in all, whatever they are run for."""
    return START_SECONDS + customer_days / min(workers, processors()) / FAST


def estimate_worlds(scenario: Scenario, worlds: int, replicates: int, pilots: int, workers: int) -> Needs:
    """Estimate what plausible worlds take: what is kept of each is a few numbers.

    Args:
        scenario: as its worlds are run, customers sampled.
        worlds, replicates: how many, and of each world.
        pilots: replicates that tell in each world what an arm spends, where arms are to spend the same.
        workers: worlds at a time.

    Raises:
        ScenarioError: if one at a time needs more memory than the machine has.
    """
    busy = max(1, min(workers, worlds))
    of_one = estimate(scenario, busy, busy, without_pools=False)
    customers, arms = scenario.plan(scenario.baseline).customers.count, len(scenario.arms)
    tried = pilots * (1 + FACTORS_TRIED * (len(scenario.equal_budget) - 1)) if scenario.equal_budget else 0
    customer_days = customers * scenario.days * worlds * (arms * replicates + tried)
    told = START_SECONDS + RUN_SECONDS * worlds * (arms * replicates + tried)
    seconds = [told + customer_days / min(busy, processors()) / rate for rate in (FAST, SLOW)]
    return Needs(of_one.memory_bytes + worlds * POINT_BYTES, customer_days, *seconds)


def refuse_world_beyond_memory(scenario: Scenario) -> None:
    """Refuse a world of one arm, alone, that this machine can't hold.

    Raises:
        ScenarioError: at the position of customers.count.
    """
    counted = scenario.days * COUNTED_BYTES * len(COUNTERS) * max(_lengths(scenario).values())
    people = scenario.plan(scenario.baseline).customers.count * bytes_per_customer(scenario, worlds=0, copies=1)
    _refuse_beyond(scenario, PROGRAM_BYTES + people + counted, "days")


def _pilot_days(scenario: Scenario) -> int:
    """Customer-days of the pilots for equal money: of the arm that all others follow, and of each of these."""
    if not scenario.equal_budget:
        return 0
    followed = scenario.equal_sum is None  # else all are scaled to a sum that is given
    runs = followed + FACTORS_TRIED * (len(scenario.equal_budget) - followed)
    return scenario.plan(scenario.baseline).customers.count * scenario.days * PILOTS * runs


def _runs_without_pools(scenario: Scenario) -> int:
    """Runs of arms without their pools that are no arms themselves, once advertising is scaled for equal money."""
    followed = scenario.equal_sum is None
    for number, arm in enumerate(scenario.equal_budget[: -1 if followed else None]):
        scenario = scenario.with_advertising(
            arm, 2.0 + number
        )  # by how much isn't known yet: each by a number of its own
    return len(scenario.counterfactuals().runs)


def bytes_per_customer(scenario: Scenario, worlds: int, copies: int = COPIES) -> int:
    """Bytes that a customer takes in a replicate of so many worlds, one at work, or while ties are made if more."""
    ties = scenario.plan(scenario.baseline).customers.ties
    pools = sum(scenario.kind(place) == "pool" for place in scenario.names("places"))
    edges = 0.0 if ties.kind == "mixed" else ties.mean
    state = sum(bytes_of(group) for name, group in GROUPS.items() if group is not Member and name not in BY_ARM)
    state += rows_of(len(scenario.names("places"))) - 1  # the row for eight places is among them
    columns = copies * (state + pools * bytes_of(Member))
    pushes = any(counts_pushes(plan.posts) for arm in scenario.arms for _, plan in scenario.periods(arm))
    own = sum(mechanism.bytes_per_customer for mechanism in scenario.own) + (pools + 1) * pushes
    at_work = columns + own + TIE_BYTES * (edges + 1) + PEOPLE_BYTES * worlds + PLACE_BYTES
    return round(max(at_work, MADE_TIE_BYTES * edges + MAKING_BYTES))


def sweep_beyond_memory(points: int, replicates: int) -> str:
    """Why a sweep of so many points, each so many times, does not fit into this machine; nothing if it does.

    What one point takes while it runs is told by `estimate`.
    """
    needed, available = points * (POINT_BYTES + replicates * JOB_BYTES), memory_of_machine()
    if available is None or needed <= available:
        return ""
    return (
        f"{points:,} points of {replicates:,} replicates each need about {_gigabytes(needed)} of memory;"
        f" this machine has {_gigabytes(available)}"
    )


def _lengths(scenario: Scenario) -> dict[str, int]:
    """How many entries each dimension has that counters are broken down by; a counter without one has one."""
    slots = {
        f"{name}.{slot}"
        for arm in scenario.arms
        for name, place in scenario.plan(arm).places.items()
        for slot in getattr(place, "slots", {})
    }
    fixed = {"": 1, "route": len(ROUTES), "touch": len(TOUCHES), "slot": len(slots)}
    fixed["region"] = len(scenario.base.customers.regions)
    return fixed | {
        "place": len(scenario.names("places")),
        "hook": len(scenario.names("hooks")),
        "staff": len(scenario.names("staff")),
        "cohort": -(-scenario.days // COHORT_DAYS),
    }


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_of_machine() -> int | None:
    """Bytes of memory of this machine; None where the system doesn't say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _refuse_beyond(scenario: Scenario, needed: int, for_what: str) -> None:
    count, available = scenario.node("customers.count"), memory_of_machine()
    if available is None or needed <= available or count is None:
        return
    says = (
        f"{count.value} customers need about {_gigabytes(needed)} of memory with these {for_what};"
        f" this machine has {_gigabytes(available)}"
    )
    raise ScenarioError([Mistake(count.where, "customers.count", says)])


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
