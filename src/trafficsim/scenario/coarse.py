"""Samples that are too coarse for what the market shares: how far that moves what is counted, told with a number.

A sample of 1 in E meets in a window of E days as many as the market meets in a day (see `calendar.windows`). What is
left are three differences. A stage shorter than E days is one window of a smaller capacity. Who orders in a long window
orders several times, so that demand varies more than that of the market's many customers. And of a capacity of a few
simulated customers chance spares or lacks a larger part. All are told for a demand that is as large as the capacity,
where they are greatest.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from trafficsim.market.places import Pool, Staff, Store
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.stages import Periods, stages
from trafficsim.words.language import Sentence

AT = "customers.each_stands_for"
"""What all sentences are about."""
MOST_OFF = 0.1
"""What is off by more belongs before the answer."""
MEAN_EXCESS = 1.0 / math.sqrt(2.0 * math.pi)
"""Part of its standard deviation by which a normal demand exceeds, on average, a capacity as large as its mean."""
UNEQUAL = 4.0
"""Squared order rates of a store's customers over their squared mean, assumed: 1 + 1/k of gamma rates (negative
binomial orders) of shape k = 1/3. It is 2 where all have needs of shape 1 and the same liking, 5 for CDNOW's (0.24)."""


@dataclass(frozen=True)
class _Shared:
    """What customers share: its path, the counter that a coarse sample moves, and by what share it is off.

    `held` tells how many simulated customers (or their orders) it holds, `off` how far the counter is off, both by
    what each customer stands for.
    """

    path: str
    counter: Sentence
    held: Callable[[int], float]
    off: Callable[[int], float]


def too_coarse(periods: Periods) -> Iterator[Sentence]:
    """What the customers of an arm share that the sample is too coarse for; nothing where all are simulated."""
    customers = periods[0][1].customers
    each, people = customers.each_stands_for, customers.count * customers.each_stands_for
    if each == 1:
        return
    for path, total in dict.fromkeys(capacity for _, plan in periods for capacity in _capacities(plan)):
        if 0.0 < total < each:
            yield _less_than_one(path, total, each)
    for shared in _all_shared(periods):
        off = shared.off(each)
        if shared.held(each) >= 1.0 and abs(off) > MOST_OFF:
            yield Sentence.say(
                "Too coarse a sample: {what} has room for {held} simulated customers at a time; where as many want it, "
                "the number of {counter} is off by about {off} %. Take {sample}.",
                what=shared.path,
                held=f"{shared.held(each):,.3g}",
                counter=shared.counter,
                off=_signed(off),
                sample=_finer(shared.off, each, people),
            ).at(AT)
    yield from _too_few_to_talk(periods)


def _less_than_one(what: str, total: float, each: int) -> Sentence:
    return Sentence.say(
        "Too coarse a sample: {what} = {people}, less than one simulated customer, who stands for {each} "
        "people. Take customers.each_stands_for of {most} or less, and more customers.",
        what=what,
        people=f"{total:,.4g}",
        each=f"{each:,}",
        most=f"{max(math.floor(total), 1):,}",
    ).at(AT)


def _too_few_to_talk(periods: Periods) -> Iterator[Sentence]:
    """A circle that is a large part of all customers hears the same from each other, which the market doesn't."""
    customers = periods[0][1].customers
    if customers.ties.kind in {"mixed", "file"} or all(plan.word_of_mouth == "off" for _, plan in periods):
        return
    people = customers.count * customers.each_stands_for

    def off(each: int) -> float:
        return -customers.ties.mean * (each - 1) / people

    if abs(off(customers.each_stands_for)) > MOST_OFF:
        yield Sentence.say(
            "Too coarse a sample: each customer knows {mean} of only {count}, so that words come round and the number "
            "of those told is off by up to {off} %. Take {sample}.",
            mean=f"{customers.ties.mean:g}",
            count=f"{customers.count:,}",
            off=_signed(off(customers.each_stands_for)),
            sample=_finer(off, customers.each_stands_for, people),
        ).at(AT)


def _finer(off: Callable[[int], float], each: int, people: int) -> str:
    """A sample of the same people that is fine enough."""
    while each > 1 and abs(off(each)) > MOST_OFF:
        each //= 2
    return f"customers.each_stands_for: {each}, customers.count: {people // each}"


def _signed(off: float) -> str:
    return f"{100 * off:+.0f}"


def _capacities(plan: Plan) -> Iterator[tuple[str, float]]:
    """What can be held at all, or had over the whole run, in people or orders, by its path."""
    for name, place in plan.places.items():
        if isinstance(place, Store):
            for slot, entry in place.slots.items():
                path = f"places.{name}.slots.{slot}.seats"
                yield f"{path} / branches x days", entry.seats / place.branches * plan.days
        if isinstance(place, Pool):
            served = _serving(plan, name)
            if served:
                yield f"{_path(served)}: count x adds_per_day x days", _adds(served) * plan.days
            if room := _room(plan, name):
                yield room
            if place.form != "contact" and place.members_talk:
                yield f"places.{name}.group_size", place.group_size


def _serving(plan: Plan, pool: str) -> dict[str, Staff]:
    return {} if plan.staff == "off" else {key: s for key, s in plan.staff.items() if s.serves == pool}


def _path(staff: dict[str, Staff]) -> str:
    return " + ".join(f"staff.{key}" for key in staff)


def _adds(staff: dict[str, Staff]) -> float:
    return sum(s.count * s.adds_per_day for s in staff.values())


def _room(plan: Plan, name: str) -> tuple[str, float] | None:
    """What members of a pool take up, and how many it can hold; None where there is no limit."""
    pool, staff = plan.places[name], _serving(plan, name)
    if not isinstance(pool, Pool):
        return None
    if pool.form != "contact":
        return f"places.{name}: groups x group_size", pool.groups * pool.group_size
    if not staff:
        return None
    return f"{_path(staff)}: count x contacts", sum(s.count * s.contacts for s in staff.values())


def _all_shared(periods: Periods) -> Iterator[_Shared]:
    """All that customers share, each with what is off where the demand is as large."""
    in_force = _by_stage(periods)
    plans = [plan for plan, _ in in_force]
    for name in dict.fromkeys(name for plan in plans for name in plan.places):
        there = [(plan, days) for plan, days in in_force if name in plan.places]
        place = there[0][0].places[name]
        if isinstance(place, Store):
            for slot in place.slots:
                yield _seats(f"places.{name}.slots.{slot}.seats", name, slot, there)
        if isinstance(place, Pool):
            yield from _of_pool(name, there)


def _by_stage(periods: Periods) -> list[tuple[Plan, int]]:
    """The plan in force in each stage, and how many days that has."""
    numbers = stages(periods)
    return [
        ([plan for day, plan in periods if day <= days[0]][-1], days.size)
        for days in (np.flatnonzero(numbers == number) for number in np.unique(numbers))
    ]


def _window(days: int, each: int) -> float:
    """Days that share what can be had, of a stage of so many (see `calendar.windows`)."""
    return days / max(1, round(days / each))


def _seats(path: str, name: str, slot: str, there: list[tuple[Plan, int]]) -> _Shared:
    """Seats of a slot of one branch: how many more find none."""
    customers = there[0][0].customers
    stores = [(place, days) for plan, days in there if isinstance(place := plan.places[name], Store)]
    branches = stores[0][0].branches
    seated = [(place.slots[slot].seats / branches, days) for place, days in stores if place.slots[slot].seats]
    catchment = customers.count * customers.each_stands_for / branches

    def lost(seats: float, days: int, each: int) -> float:
        """Orders of the market that find no seat on a day."""
        share = _window(days, each) / each
        held = seats * share
        part = held % 1.0
        variance = held * (1.0 + UNEQUAL * held * each / catchment) + part * (1.0 - part)
        return MEAN_EXCESS * math.sqrt(variance) / share

    def off(each: int) -> float:
        if not seated or max(seats for seats, _ in seated) >= catchment:
            return 0.0
        found, right = (sum(days * lost(seats, days, e) for seats, days in seated) for e in (each, 1))
        return found / right - 1.0

    def held(each: int) -> float:
        return max((seats * _window(days, each) / each for seats, days in seated), default=0.0)

    return _Shared(path, Sentence.say("those turned away"), held, off)


def _members(path: str, room: float) -> _Shared:
    """Places of a pool: how many are empty that the market fills."""

    def off(each: int) -> float:
        return -min(MEAN_EXCESS * (math.sqrt(each / room) - math.sqrt(1.0 / room)), 1.0)

    return _Shared(path, Sentence.say("members"), lambda each: room / each, off)


def _of_pool(name: str, there: list[tuple[Plan, int]]) -> Iterator[_Shared]:
    plans = [plan for plan, _ in there]
    customers, days_in_all = plans[0].customers, plans[0].days
    people = customers.count * customers.each_stands_for
    rooms = [room for plan in plans if (room := _room(plan, name)) and 0 < room[1] < people]
    yield from (_members(path, room) for path, room in dict.fromkeys(rooms))
    served = [(_serving(plan, name), days) for plan, days in there]
    added = [(_adds(staff), days) for staff, days in served if staff and _adds(staff)]
    if not added:
        return

    def early(each: int) -> float:
        """Member-days of those who were added too early: a standard error of a window's adds, by up to a window."""
        shares = (
            days / days_in_all * _window(days, e) / days_in_all * math.sqrt(e / adds / _window(days, e)) * sign
            for adds, days in added
            for e, sign in ((each, 1.0), (1, -1.0))
        )
        return min(MEAN_EXCESS * sum(shares), 1.0)

    def held(each: int) -> float:
        return max(adds * _window(days, each) / each for adds, days in added)

    path = next(_path(staff) for staff, _ in served if staff)
    if max(adds for adds, _ in added) * days_in_all < people:
        yield _Shared(f"{path}: count x adds_per_day", Sentence.say("member-days"), held, early)
