"""Joining: seats in groups, contacts and adds a day of staff are limited; first come in a fair, seeded order."""

import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import BLOCK, Scratch, marked, put_in_order, select
from trafficsim.columns import Member, Mind, Story, Today
from trafficsim.compiled import allocating, fetch, part
from trafficsim.mechanism import Records
from trafficsim.memory import closer, flag_members, remember
from trafficsim.places import CONTACT_FORM, POOL_KIND
from trafficsim.quantities import Parameters, Score, setting
from trafficsim.rng import day_key, uniform, word
from trafficsim.tally import HOOKS, JOINED, JOINED_BY, REWARDS, Tally, cents

QUEUE, ADDS = 0, 1
NO_LIMIT = 2_147_483_647


class Joining(Parameters):
    """What joining itself does."""

    salience: Score = setting("share of the gap to full salience closed by joining", default=0.5)


@allocating
def join(
    day: int, joining: Records, places: Records, staff: Records, hooks: Records, memory: Records,
    mind: Mind, story: Story, member: Member, today: Today, scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """Today's wishes are met as far as there is room, in a fair, seeded order; the others may be asked again.

    One serial step: places in groups and the time of staff are shared.

    Args:
        joining, places, staff, hooks, memory: settings of the day's period.
        mind, story, member, today, tally: written.
    """
    wishing = marked(today.wish, 255)
    if joining.on and wishing.size > 0:
        for place in range(places.size):
            p = places[place]
            if p.on and p.kind == POOL_KIND:
                queue = queued(wishing, place, word(p.key, day), hooks, today)
                if queue.size > 0:
                    admit(
                        day, place, queue, joining, places, staff, hooks, memory, mind, story, member, today, scratch,
                        tally,
                    )  # fmt: skip
    forget_wishes(wishing, today)


@part
def forget_wishes(wishing: NDArray[np.int64], today: Today) -> None:
    """Whoever found no place may be asked again."""
    for k in range(wishing.size):
        today.wish[wishing[k]] = 0


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
        i = wishing[k]
        if hooks[int(today.wish[i]) - 1].into == place:
            ids[count] = i
            order[count] = uniform(key, i)
            count += 1
    return count


@allocating
def admit(
    day: int, place: int, queue: NDArray[np.int64], joining: Records, places: Records, staff: Records, hooks: Records,
    memory: Records, mind: Mind, story: Story, member: Member, today: Today, scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """The first of the queue join, each in the first unit with room."""
    p = places[place]
    pool = int(p.pool)
    sizes = np.zeros(units_allowed(place, places, staff, today.wish.size), np.int64)
    held = count_members(pool, sizes, member, scratch, today.wish.size)
    room = unit_room(place, places, staff)
    admitted = min(adds_today(day, place, places, staff), seats(place, places, staff) - held)
    let_in(
        queue, min(queue.size, admitted), day, place, sizes, room, joining, places, hooks, memory,
        mind, story, member, today, tally,
    )  # fmt: skip


@part
def let_in(
    queue: NDArray[np.int64], admitted: int, day: int, place: int, sizes: NDArray[np.int64], room: int,
    joining: Records, places: Records, hooks: Records, memory: Records, mind: Mind, story: Story, member: Member,
    today: Today, tally: Tally,
) -> None:  # fmt: skip
    """The first so many of the queue become members, as long as a unit has room; `sizes` of units are written."""
    p = places[place]
    pool, unit = int(p.pool), 0
    fetch(queue, queue.size, mind)
    for k in range(admitted):
        unit = unit_with_room(sizes, room, unit, p.form == CONTACT_FORM)
        if unit < 0:
            break
        i = queue[k]
        hook = int(today.wish[i]) - 1
        member.joined_on[pool, i] = np.int16(day)
        member.hook[pool, i] = np.uint8(hook + 1)
        member.unit[pool, i] = np.int16(unit)
        story.place[i] = np.uint8(place + 1)
        remember(mind, i, day, joining.salience, memory)
        sizes[unit] += 1
        tally[JOINED, place] += 1
        tally[JOINED_BY, hook] += 1
        tally[HOOKS, hook] += cents(hooks[hook].cost)
        if hooks[hook].invite > 0.0 and story.inviter[i] >= 0:
            reward(int(story.inviter[i]), hook, hooks, mind, tally)


@part
def reward(inviter: int, hook: int, hooks: Records, mind: Mind, tally: Tally) -> None:
    """Somebody joins by this inviter's invitation: it is rewarded, and referring binds the referrer.

    Garnefeld et al. (2013), "Growing existing customers' revenue streams through customer referral programs".
    """
    mind.trust[inviter] = closer(np.float64(mind.trust[inviter]), 1.0, hooks[hook].inviter_trust)
    tally[REWARDS, hook] += cents(hooks[hook].reward)


@part
def adds_today(day: int, place: int, places: Records, staff: Records) -> int:
    """How many members the staff who serve a pool can add today; without staff, customers add themselves."""
    served, adds = False, 0.0
    for row in range(staff.size):
        if staff[row].on and staff[row].serves == place:
            served = True
            adds += staff[row].count * staff[row].adds_per_day
    if not served:
        return NO_LIMIT
    return math.floor(adds + uniform(day_key(places[place].key, day, ADDS), 0))


@part
def unit_room(place: int, places: Records, staff: Records) -> int:
    """Members that one unit can hold: the places of a group, or the contacts of one of the staff."""
    if places[place].form != CONTACT_FORM:
        return int(places[place].group_size)
    served, room = False, 0.0
    for row in range(staff.size):
        if staff[row].on and staff[row].serves == place:
            served = True
            room = max(room, staff[row].contacts)
    return int(room) if served else NO_LIMIT


@part
def seats(place: int, places: Records, staff: Records) -> int:
    """Members that a pool can hold in all its units; where customers stand for several people, a unit may be cut."""
    if places[place].form != CONTACT_FORM:
        return math.floor(places[place].groups * places[place].group_size + 1e-9)
    served, contacts = False, 0.0
    for row in range(staff.size):
        if staff[row].on and staff[row].serves == place:
            served = True
            contacts += staff[row].count * staff[row].contacts
    return math.floor(contacts + 1e-9) if served else NO_LIMIT


@part
def count_members(pool: int, sizes: NDArray[np.int64], member: Member, scratch: Scratch, customers: int) -> int:
    """Members of a pool now, also those from before the start, who belong to no unit; adds those of units to `sizes`.

    Counted from the columns; `sizes` is as long as there may be units.
    """
    total = 0
    for lo in range(0, customers, BLOCK):
        hi = min(lo + BLOCK, customers)
        flag_members(scratch.flags, pool, member, lo, hi)
        n = select(scratch.chosen, scratch.flags, lo, hi)
        for k in range(n):
            unit = member.unit[pool, scratch.chosen[k]]
            if 0 <= unit < sizes.size:
                sizes[unit] += 1
        total += n
    return total


@part
def units_allowed(place: int, places: Records, staff: Records, customers: int) -> int:
    """Units that a pool may have: groups, or staff (at least one) where contacts are one-to-one."""
    p = places[place]
    if p.form != CONTACT_FORM:
        return int(min(math.ceil(p.groups), 1 + customers // max(int(p.group_size), 1)))
    count = 0.0
    for row in range(staff.size):
        if staff[row].on and staff[row].serves == place:
            count += staff[row].count
    return max(1, math.ceil(count))


@part
def unit_with_room(sizes: NDArray[np.int64], room: int, unit: int, spread: bool) -> int:
    """The unit that takes the next member: the smallest if members are spread, else the first with room; -1 if full."""
    if spread:
        smallest = 0
        for k in range(1, sizes.size):
            if sizes[k] < sizes[smallest]:
                smallest = k
        return smallest if sizes[smallest] < room else -1
    while unit < sizes.size and sizes[unit] >= room:
        unit += 1
    return unit if unit < sizes.size else -1
