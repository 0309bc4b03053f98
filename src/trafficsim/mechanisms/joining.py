"""Joining: seats in groups, contacts and adds a day of staff are limited; first come in a fair, seeded order."""

import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import HOOKS, JOINED, JOINED_BY, JOINED_INVITED, REWARDS
from trafficsim.books.tally import cents_drawn
from trafficsim.compiled import allocating, part, rule
from trafficsim.kernel.blocks import ANY, BLOCK, REQUESTING, listed, mask_any, put_in_order, select
from trafficsim.kernel.columns import IN, own_unit
from trafficsim.kernel.draws import ADDS, HOOK_COST, JOIN_CHANCE, JOIN_QUEUE, PLACE_ROUNDING, REWARD
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.rng import day_key, uniform, word
from trafficsim.market.places import CONTACT_FORM, MAX_UNITS, POOL_KIND
from trafficsim.market.quantities import Parameters, Score, setting
from trafficsim.mechanisms.leaving import take_and_go
from trafficsim.mechanisms.shared.capacity import finds_room, left_of, paced, reopen, use
from trafficsim.mechanisms.shared.memory import closer, flag_members, remember

NO_LIMIT = 2_147_483_647
NO_UNIT = -1
NEW, RETURNING = 0, 1
"""Kinds of people whom staff add: those who wish to join, and those who are won back."""


class Joining(Parameters):
    """What joining itself does."""

    salience: Score = setting("share of the gap to full salience closed by joining", default=0.5)


@rule
def room_of(unit: int, room: float, rounding: float) -> int:
    """Members that the unit of this number holds if so many are to be expected of each.

    By systematic rounding: the first units together never hold a member more or less than they should. `rounding`, in
    (0, 1), is the pool's.
    """
    return math.floor((unit + 1) * room + rounding) - math.floor(unit * room + rounding)


@rule
def is_full(members: int, unit: int, room: float, rounding: float) -> bool:
    """Whether the unit of this number has all the members that it can hold (see `room_of`)."""
    return members >= room_of(unit, room, rounding)


@rule
def seats_of_groups(groups: float, group_size: float, rounding: float) -> int:
    """Members that so many groups of a size hold; part of one is a whole one by the pool's `rounding` in (0, 1)."""
    return math.floor(groups * group_size + rounding)


@rule
def groups_needed(groups: float, customers: float, group_size: float) -> int:
    """Groups that a pool may open: as many as are allowed, but no more than all customers could fill."""
    return int(min(groups, 1.0 + math.floor(customers / group_size)))


@rule
def units_of_staff(staff: float) -> int:
    """Units of a pool of one-to-one contacts: one for each of the staff, at least one and at most MAX_UNITS."""
    return max(1, min(int(staff), MAX_UNITS))


@rule
def adds_in_window(u: float, adds_per_day: float, days: float) -> int:
    """Members whom the staff can add in a window of so many days; part of one is a whole one in that share of them."""
    return math.floor(adds_per_day * days + u)


@rule
def yet_to_come(later: float, behind: float) -> float:
    """People expected to want the same place after this one: on later days of the window, and behind in the queue.

    Where nobody comes later the queue is served in its order, and those behind don't matter.
    """
    return later + (behind if later > 0.0 else 0.0)


@rule
def came_by_invitation(invite: float, told_by: int) -> bool:
    """Whether somebody who takes a hook owes that to an inviter: it is one of those, and `told_by` is no less than 0.

    Nobody has told them anything since they were invited.
    """
    return invite > 0.0 and told_by >= 0


@rule
def trust_after_referral(trust: float, step: float) -> float:
    """Trust of somebody whose invitation was taken: referring binds the referrer.

    Garnefeld et al. (2013), "Growing existing customers' revenue streams through customer referral programs".
    """
    return closer(trust, 1.0, step)


@step
def find_requests(f: Frame, first: int, last: int) -> None:
    """Mark those of customers first..last who wish for something that is shared: a place in a pool, or a seat."""
    mask_any(f.masks, REQUESTING, f.today.request, ANY, first, last)


@step
def join(f: Frame) -> None:
    """Today's wishes are met as far as there is room, in a fair, seeded order; the others may be asked again.

    One serial step: places in groups and the time of staff are shared.
    """
    reopen(f, 0, f.member.status.shape[0])
    asking = listed(f.masks, REQUESTING)
    if f.joining.on and asking.size > 0:
        for place in range(f.places.size):
            p = f.places[place]
            if p.on and p.kind == POOL_KIND:
                queue = queued(f, asking, place, word(p.key, f.day))
                if queue.size > 0:
                    admit(f, place, queue)
    clear_requests(f, asking)


@part
def clear_requests(f: Frame, asking: NDArray[np.int64]) -> None:
    """Nobody waits for a place any more; whoever found none may be asked again."""
    for i in each_of(asking, asking.size):
        f.today.request[i] = 0


@allocating
def queued(f: Frame, asking: NDArray[np.int64], place: int, key: np.uint64) -> NDArray[np.int64]:
    """Those who wish to join this pool, in an order drawn for the day; shape `(asking,)` or shorter."""
    ids, order = np.empty(asking.size, np.int64), np.empty(asking.size, np.float64)
    count = write_requests(f, ids, order, asking, place, word(key, JOIN_QUEUE))
    put_in_order(ids, order, count)
    return ids[:count]


@part
def write_requests(
    f: Frame,
    ids: NDArray[np.int64],
    order: NDArray[np.float64],
    asking: NDArray[np.int64],
    place: int,
    key: np.uint64,
) -> int:
    """Write who wishes to join this pool, and the draw by which they are ordered; returns how many there are."""
    count = 0
    for i in each_of(asking, asking.size):
        if f.hooks[f.today.request[i] - 1].into == place:
            ids[count] = i
            order[count] = uniform(key, i)
            count += 1
    return count


@part
def admit(f: Frame, place: int, queue: NDArray[np.int64]) -> None:
    """The first of the queue join as long as there is room, each in the unit that takes the next member."""
    p = f.places[place]
    pool, unit = p.pool, NO_UNIT
    allowed, room = units_allowed(f, place), unit_room(f, place)
    rounding, chance = uniform(p.key, PLACE_ROUNDING), day_key(p.key, f.day, JOIN_CHANCE)
    free = seats(f, place) - count_members(f, pool)
    adds, others = adds_of(f, place), queue.size - 1
    later = paced((f.units.used[pool, NEW] + others) * f.window.ahead)
    f.units.used[pool, NEW] += queue.size
    for k, i in enumerate(each_of(queue, queue.size, f.mind, f.story)):
        left = left_of(f, adds, pool)
        if left <= 0 or free <= 0:
            break
        if not finds_room(uniform(chance, i), left, yet_to_come(later, others - k)):
            continue
        unit = unit_with_room(f, pool, allowed, room, rounding, unit, p.form == CONTACT_FORM)
        if unit == NO_UNIT:
            break
        use(f, pool)
        free -= 1
        hook = f.today.request[i] - 1
        f.member.joined_on[pool, i] = f.day
        f.member.hook[pool, i] = hook + 1
        move_in(f, i, IN, place, unit)
        f.tally[JOINED, place] += 1
        f.tally[JOINED_BY, hook] += 1
        f.tally[HOOKS, hook] += cents_drawn(
            uniform(day_key(f.hooks[hook].key, f.day, HOOK_COST), i), f.hooks[hook].cost
        )
        if came_by_invitation(f.hooks[hook].invite, f.story.told_by[i]):
            reward(f, i, f.story.told_by[i], hook)
        take_and_go(f, i, place, hook)


@part
def move_in(f: Frame, i: int, status: int, place: int, unit: int) -> None:
    """Customer i is in this pool from now on, in this unit of it, which makes the brand be remembered."""
    pool = f.places[place].pool
    f.member.status[pool, i] = status
    f.member.unit[pool, i] = unit
    f.story.place[i] = place + 1
    remember(f, i, f.joining.salience)
    f.sizes[pool, unit] += 1


@part
def reward(f: Frame, i: int, inviter: int, hook: int) -> None:
    """Customer i joins by this inviter's invitation: it is rewarded, and the inviter trusts the brand more."""
    f.mind.trust[inviter] = trust_after_referral(f.mind.trust[inviter], f.hooks[hook].inviter_trust)
    f.tally[JOINED_INVITED, hook] += 1
    f.tally[REWARDS, hook] += cents_drawn(uniform(day_key(f.hooks[hook].key, f.day, REWARD), i), f.hooks[hook].reward)


@part
def adds_of(f: Frame, place: int) -> int:
    """How many members the staff who serve a pool can add in a window; without staff, customers add themselves."""
    served, adds = False, 0.0
    for row in range(f.staff.size):
        if f.staff[row].on and f.staff[row].serves == place:
            served = True
            adds += f.staff[row].count * f.staff[row].adds_per_day
    if not served:
        return NO_LIMIT
    return adds_in_window(uniform(day_key(f.places[place].key, f.window.opens, ADDS), 0), adds, f.window.days)


@part
def unit_room(f: Frame, place: int) -> float:
    """Members that one unit can hold: the places of a group, or the contacts of one of the staff.

    Of a sample they are rarely a whole number: see `room_of`.
    """
    if f.places[place].form != CONTACT_FORM:
        return f.places[place].group_size
    served, room = False, 0.0
    for row in range(f.staff.size):
        if f.staff[row].on and f.staff[row].serves == place:
            served = True
            room = max(room, f.staff[row].contacts)
    return room if served else float(NO_LIMIT)


@part
def seats(f: Frame, place: int) -> int:
    """Members that a pool can hold in all its units; part of one is rounded by a draw of the pool."""
    rounding = uniform(f.places[place].key, PLACE_ROUNDING)
    if f.places[place].form != CONTACT_FORM:
        return seats_of_groups(f.places[place].groups, f.places[place].group_size, rounding)
    served, contacts = False, 0.0
    for row in range(f.staff.size):
        if f.staff[row].on and f.staff[row].serves == place:
            served = True
            contacts += f.staff[row].count * f.staff[row].contacts
    return math.floor(contacts + rounding) if served else NO_LIMIT


@step
def count_units(f: Frame) -> None:
    """Write how many members each unit of each pool has, from the columns."""
    customers = f.member.status.shape[1]
    for pool in range(f.sizes.shape[0]):
        for unit in range(f.sizes.shape[1]):
            f.sizes[pool, unit] = 0
        for lo in range(0, customers, BLOCK):
            hi = min(lo + BLOCK, customers)
            flag_members(f, f.flags, pool, lo, hi)
            n = select(f.chosen, f.flags, lo, hi)
            for i in each_of(f.chosen, n):
                f.sizes[pool, own_unit(f.member.unit[pool, i], f.sizes.shape[1])] += 1


@part
def count_members(f: Frame, pool: int) -> int:
    """Members of a pool now, also those from before the start, who belong to no unit."""
    total = 0
    for unit in range(f.sizes.shape[1]):
        total += f.sizes[pool, unit]
    return total


@part
def units_allowed(f: Frame, place: int) -> int:
    """Units that a pool may have: groups, or staff (at least one) where contacts are one-to-one."""
    p = f.places[place]
    if p.form != CONTACT_FORM:
        return groups_needed(p.groups, f.customers, p.group_size)
    count = 0.0
    for row in range(f.staff.size):
        if f.staff[row].on and f.staff[row].serves == place:
            count += f.staff[row].count
    return units_of_staff(count)


@part
def unit_with_room(f: Frame, pool: int, units: int, room: float, rounding: float, unit: int, spread: bool) -> int:
    """The unit that takes the next member: the smallest if members are spread, else the first with room.

    Args:
        pool, units: whose units, and how many there may be.
        room, rounding: members that each of them can hold (see `room_of`).
        unit: which took a member before today, or NO_UNIT.

    Returns:
        its number, or NO_UNIT if all are full.
    """
    if not spread:
        unit = max(unit, 0)
        while unit < units and is_full(f.sizes[pool, unit], unit, room, rounding):
            unit += 1
        return unit if unit < units else NO_UNIT
    for k in range(unit + 1, units if unit != NO_UNIT else 0):  # those before it have taken theirs
        if f.sizes[pool, k] < f.sizes[pool, unit]:
            return k
    smallest = 0
    for k in range(1, units):
        if f.sizes[pool, k] < f.sizes[pool, smallest]:
            smallest = k
    return smallest if f.sizes[pool, smallest] < room else NO_UNIT
