"""Joining: seats in groups, contacts and adds a day of staff are limited; first come in a fair, seeded order."""

import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import ANY, BLOCK, WISHING, Marks, Scratch, listed, mark_any, put_in_order, select
from trafficsim.capacity import finds_room, left_of, paced, reopen, use
from trafficsim.columns import IN, Member, Mind, Sizes, Story, Today, Units, own_unit
from trafficsim.compiled import allocating, fetch_ahead, number_at, part, rule
from trafficsim.memory import closer, flag_members, remember
from trafficsim.places import CONTACT_FORM, MAX_UNITS, POOL_KIND
from trafficsim.quantities import Parameters, Score, setting
from trafficsim.records import Records
from trafficsim.rng import day_key, uniform, word
from trafficsim.tally import HOOKS, JOINED, JOINED_BY, REWARDS, Tally, cents_drawn

QUEUE, ADDS = 0, 1
ROUNDING, CHANCE = 3, 4
"""Draws of a pool; `ledger` has the one between."""
NO_LIMIT = 2_147_483_647
NO_UNIT = -1
NEW, RETURNING = 0, 1
"""Kinds of people whom staff add: those who wish to join, and those who are won back."""
COST, REWARD = 4, 5
"""Draws of a hook, which has draws of its own: see `hooks.TASTE`."""


class Joining(Parameters):
    """What joining itself does."""

    salience: Score = setting("share of the gap to full salience closed by joining", default=0.5)


@part
def find_wishes(first: int, last: int, today: Today, marks: Marks) -> None:
    """Mark those of customers first..last who wish for something that is shared: a place in a pool, or a seat."""
    mark_any(marks, WISHING, today.wish, ANY, first, last)


@allocating
def join(
    day: int, window: Records, joining: Records, places: Records, staff: Records, hooks: Records, memory: Records,
    mind: Mind, story: Story, member: Member, today: Today, marks: Marks, sizes: Sizes, units: Units, tally: Tally,
) -> None:  # fmt: skip
    """Today's wishes are met as far as there is room, in a fair, seeded order; the others may be asked again.

    One serial step: places in groups and the time of staff are shared.

    Args:
        window: the days that share the time of staff (see `calendar.windows`).
        joining, places, staff, hooks, memory: settings of the day's period.
        marks: by `find_wishes`.
        mind, story, member, today, sizes, units, tally: written.
    """
    reopen(day, 0, member.status.shape[0], window, units)
    wishing = listed(marks, WISHING)
    if joining.on and wishing.size > 0:
        for place in range(places.size):
            p = places[place]
            if p.on and p.kind == POOL_KIND:
                queue = queued(wishing, place, word(p.key, day), hooks, today)
                if queue.size > 0:
                    admit(
                        day, window, place, queue, joining, places, staff, hooks, memory, mind, story, member, today,
                        sizes, units, tally,
                    )  # fmt: skip
    forget_wishes(wishing, today)


@part
def forget_wishes(wishing: NDArray[np.int64], today: Today) -> None:
    """Nobody waits for a place any more; whoever found none may be asked again."""
    for k in range(wishing.size):
        today.wish[number_at(wishing, k)] = 0


@allocating
def queued(wishing: NDArray[np.int64], place: int, key: np.uint64, hooks: Records, today: Today) -> NDArray[np.int64]:
    """Those who wish to join this pool, in an order drawn for the day; shape `(wishing,)` or shorter."""
    ids, order = np.empty(wishing.size, np.int64), np.empty(wishing.size, np.float64)
    count = find_wishing(ids, order, wishing, place, word(key, QUEUE), hooks, today)
    put_in_order(ids, order, count)
    return ids[:count]


@part
def find_wishing(
    ids: NDArray[np.int64], order: NDArray[np.float64], wishing: NDArray[np.int64], place: int, key: np.uint64,
    hooks: Records, today: Today,
) -> int:  # fmt: skip
    """Write who wishes to join this pool, and the draw by which they are ordered; returns how many there are."""
    count = 0
    for k in range(wishing.size):
        i = number_at(wishing, k)
        if hooks[int(today.wish[i]) - 1].into == place:
            ids[count] = i
            order[count] = uniform(key, i)
            count += 1
    return count


@part
def admit(
    day: int, window: Records, place: int, queue: NDArray[np.int64], joining: Records, places: Records, staff: Records,
    hooks: Records, memory: Records, mind: Mind, story: Story, member: Member, today: Today, sizes: Sizes, units: Units,
    tally: Tally,
) -> None:  # fmt: skip
    """The first of the queue join as long as there is room, each in the unit that takes the next member."""
    p = places[place]
    pool, unit = int(p.pool), NO_UNIT
    allowed, room = units_allowed(place, places, staff, today.wish.size), unit_room(place, places, staff)
    luck, chance = uniform(p.key, ROUNDING), day_key(p.key, day, CHANCE)
    free = seats(place, places, staff) - count_members(pool, sizes)
    adds, others = adds_of(place, window, places, staff), queue.size - 1
    later = paced(np.float64(units.used[pool, NEW] + others) * window.ahead)
    units.used[pool, NEW] += queue.size
    for k in range(queue.size):
        left = left_of(adds, pool, window, units)
        if left <= 0 or free <= 0:
            break
        fetch_ahead(queue, k, queue.size, mind)
        fetch_ahead(queue, k, queue.size, story)
        i = number_at(queue, k)
        if not finds_room(uniform(chance, i), left, later + (others - k if later > 0.0 else 0.0)):
            continue
        unit = unit_with_room(sizes, pool, allowed, room, luck, unit, p.form == CONTACT_FORM)
        if unit == NO_UNIT:
            break
        use(pool, window, units)
        free -= 1
        hook = int(today.wish[i]) - 1
        member.joined_on[pool, i] = np.int16(day)
        member.hook[pool, i] = np.uint8(hook + 1)
        move_in(i, IN, day, place, unit, joining, places, memory, mind, story, member, sizes)
        tally[JOINED, place] += 1
        tally[JOINED_BY, hook] += 1
        tally[HOOKS, hook] += cents_drawn(uniform(day_key(hooks[hook].key, day, COST), i), hooks[hook].cost)
        if hooks[hook].invite > 0.0 and story.told_by[i] >= 0:  # nobody has told them anything since they were invited
            reward(i, int(story.told_by[i]), day, hook, hooks, mind, tally)


@part
def move_in(
    i: int, status: int, day: int, place: int, unit: int, joining: Records, places: Records, memory: Records,
    mind: Mind, story: Story, member: Member, sizes: Sizes,
) -> None:  # fmt: skip
    """Customer i is in this pool from now on, in this unit of it, which makes the brand be remembered."""
    pool = int(places[place].pool)
    member.status[pool, i] = np.uint8(status)
    member.unit[pool, i] = np.int16(unit)
    story.place[i] = np.uint8(place + 1)
    remember(mind, i, day, joining.salience, memory)
    sizes[pool, unit] += 1


@part
def reward(i: int, inviter: int, day: int, hook: int, hooks: Records, mind: Mind, tally: Tally) -> None:
    """Customer i joins by this inviter's invitation: it is rewarded, and referring binds the referrer.

    Garnefeld et al. (2013), "Growing existing customers' revenue streams through customer referral programs".
    """
    mind.trust[inviter] = closer(np.float64(mind.trust[inviter]), 1.0, hooks[hook].inviter_trust)
    tally[REWARDS, hook] += cents_drawn(uniform(day_key(hooks[hook].key, day, REWARD), i), hooks[hook].reward)


@part
def adds_of(place: int, window: Records, places: Records, staff: Records) -> int:
    """How many members the staff who serve a pool can add in a window; without staff, customers add themselves."""
    served, adds = False, 0.0
    for row in range(staff.size):
        if staff[row].on and staff[row].serves == place:
            served = True
            adds += staff[row].count * staff[row].adds_per_day
    if not served:
        return NO_LIMIT
    return math.floor(adds * window.days + uniform(day_key(places[place].key, window.opens, ADDS), 0))


@part
def unit_room(place: int, places: Records, staff: Records) -> float:
    """Members that one unit can hold: the places of a group, or the contacts of one of the staff.

    Of a sample they are rarely a whole number: see `room_of`.
    """
    if places[place].form != CONTACT_FORM:
        return np.float64(places[place].group_size)
    served, room = False, 0.0
    for row in range(staff.size):
        if staff[row].on and staff[row].serves == place:
            served = True
            room = max(room, staff[row].contacts)
    return room if served else float(NO_LIMIT)


@part
def seats(place: int, places: Records, staff: Records) -> int:
    """Members that a pool can hold in all its units; part of one is rounded by a draw of the pool."""
    luck = uniform(places[place].key, ROUNDING)
    if places[place].form != CONTACT_FORM:
        return math.floor(places[place].groups * places[place].group_size + luck)
    served, contacts = False, 0.0
    for row in range(staff.size):
        if staff[row].on and staff[row].serves == place:
            served = True
            contacts += staff[row].count * staff[row].contacts
    return math.floor(contacts + luck) if served else NO_LIMIT


@part
def count_units(sizes: Sizes, member: Member, scratch: Scratch) -> None:
    """Write how many members each unit of each pool has, from the columns."""
    customers = member.status.shape[1]
    for pool in range(sizes.shape[0]):
        for unit in range(sizes.shape[1]):
            sizes[pool, unit] = 0
        for lo in range(0, customers, BLOCK):
            hi = min(lo + BLOCK, customers)
            flag_members(scratch.flags, pool, member, lo, hi)
            n = select(scratch.chosen, scratch.flags, lo, hi)
            for k in range(n):
                sizes[pool, own_unit(int(member.unit[pool, number_at(scratch.chosen, k)]), sizes.shape[1])] += 1


@part
def count_members(pool: int, sizes: Sizes) -> int:
    """Members of a pool now, also those from before the start, who belong to no unit."""
    total = 0
    for unit in range(sizes.shape[1]):
        total += sizes[pool, unit]
    return total


@part
def units_allowed(place: int, places: Records, staff: Records, customers: int) -> int:
    """Units that a pool may have: groups, or staff (at least one) where contacts are one-to-one."""
    p = places[place]
    if p.form != CONTACT_FORM:
        return int(min(p.groups, 1.0 + math.floor(customers / p.group_size)))
    count = 0.0
    for row in range(staff.size):
        if staff[row].on and staff[row].serves == place:
            count += staff[row].count
    return max(1, min(int(count), MAX_UNITS))


@rule
def room_of(unit: int, room: float, luck: float) -> int:
    """Members that the unit of this number holds if so many are to be expected of each.

    By systematic rounding: the first units together never hold a member more or less than they should. `luck`, in
    (0, 1), is the pool's.
    """
    return math.floor((unit + 1) * room + luck) - math.floor(unit * room + luck)


@part
def unit_with_room(sizes: Sizes, pool: int, units: int, room: float, luck: float, unit: int, spread: bool) -> int:
    """The unit that takes the next member: the smallest if members are spread, else the first with room.

    Args:
        sizes: members of each unit.
        pool, units: whose units, and how many there may be.
        room, luck: members that each of them can hold (see `room_of`).
        unit: which took a member before today, or NO_UNIT.

    Returns:
        its number, or NO_UNIT if all are full.
    """
    if not spread:
        unit = max(unit, 0)
        while unit < units and sizes[pool, unit] >= room_of(unit, room, luck):
            unit += 1
        return unit if unit < units else NO_UNIT
    for k in range(unit + 1, units if unit != NO_UNIT else 0):  # those before it have taken theirs
        if sizes[pool, k] < sizes[pool, unit]:
            return k
    smallest = 0
    for k in range(1, units):
        if sizes[pool, k] < sizes[pool, smallest]:
            smallest = k
    return smallest if sizes[pool, smallest] < room else NO_UNIT
