"""Seating: the seats of a store's times of day are limited; first come, in a fair, seeded order, or members first."""

import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import WISHING, Marks, listed, put_in_order
from trafficsim.capacity import finds_room, left_of, reopen, reserved, use
from trafficsim.columns import Bought, Member, Mind, Roll, Story, Today, Traits, Units
from trafficsim.compiled import allocating, fetch_ahead, part
from trafficsim.mechanisms.joining import forget_wishes
from trafficsim.mechanisms.purchasing import (
    offer_in_hand,
    order,
    pick_channel,
    slot_discount,
    slot_of_offer,
    slot_weight,
    usual_now,
)
from trafficsim.memory import closer, is_member
from trafficsim.places import POOL_KIND, branch_of
from trafficsim.quantities import Parameters, Score, setting
from trafficsim.records import Records
from trafficsim.rng import day_key, uniform, word
from trafficsim.tally import ORDERS_IN, SALES_IN, TURNED_AWAY, Tally

QUEUE, FLEXIBLE, OTHER, ROOM, CHANCE = 0, 1, 2, 3, 4
SEATED_FIRST, OTHERS = 0, 1
"""Kinds of people who want a seat."""
DELIVERED = False
"""Whoever sits down is served there."""


class Seating(Parameters):
    """What finding no seat does."""

    trust_lost: Score = setting("share of trust lost by a customer whose order finds no seat", default=0.0)


@allocating
def seat(
    day: int, window: Records, seating: Records, purchasing: Records, product: Records, places: Records, slots: Records,
    posts: Records, memory: Records, partners: Records, traits: Traits, roll: Roll, mind: Mind, story: Story,
    bought: Bought, member: Member, today: Today, marks: Marks, units: Units, tally: Tally,
) -> None:  # fmt: skip
    """Orders of today that want a seat find one or are lost to rivals, in a fair, seeded order.

    One serial step: seats are shared. Who comes later may find the wanted slot full; a flexible customer then takes a
    seat in another slot of the same branch that has room, at the discount of that slot. Each order of a customer
    needs a seat of its own.

    Args:
        window: the days that share seats (see `calendar.windows`).
        seating, purchasing, product, places, slots, posts, memory, partners: settings of the day's period.
        marks: by `joining.find_wishes`.
        roll, mind, story, bought, today, units, tally: written.
    """
    if not seating.on or slots.size == 0:
        return
    reopen(day, int(slots[0].first), units.used.shape[0], window, units)
    wanting = listed(marks, WISHING)
    weights = np.empty(slots.size, np.float64)
    for place in range(places.size):
        if places[place].has_slots:
            key = word(word(seating.key, places[place].key), day)
            queue = queued_for_seats(wanting, place, key, places, slots, member, today)
            seat_queue(
                queue, day, window, place, key, weights, seating, purchasing, product, places, slots, posts, memory,
                partners, traits, roll, mind, story, bought, member, today, units, tally,
            )  # fmt: skip
    forget_seats(wanting, roll, today)


@part
def seat_queue(
    queue: NDArray[np.int64], day: int, window: Records, place: int, key: np.uint64, weights: NDArray[np.float64],
    seating: Records, purchasing: Records, product: Records, places: Records, slots: Records, posts: Records,
    memory: Records, partners: Records, traits: Traits, roll: Roll, mind: Mind, story: Story, bought: Bought,
    member: Member, today: Today, units: Units, tally: Tally,
) -> None:  # fmt: skip
    """Those in the queue look for seats one after another."""
    for k in range(queue.size):
        fetch_ahead(queue, k, queue.size, bought)
        fetch_ahead(queue, k, queue.size, mind)
        fetch_ahead(queue, k, queue.size, story)
        find_seats(
            queue[k], day, window, place, key, weights, seating, purchasing, product, places, slots, posts, memory,
            partners, traits, roll, mind, story, bought, member, today, units, tally,
        )  # fmt: skip


@part
def forget_seats(wanting: NDArray[np.int64], roll: Roll, today: Today) -> None:
    """Nobody wants a seat any more."""
    forget_wishes(wanting, today)
    for k in range(wanting.size):
        roll.open_needs[wanting[k]] = 0


@allocating
def queued_for_seats(
    wanting: NDArray[np.int64], place: int, key: np.uint64, places: Records, slots: Records, member: Member,
    today: Today,
) -> NDArray[np.int64]:  # fmt: skip
    """Those who want a seat in this store, in an order drawn for the day, members with seats first before others."""
    ids, order_of = np.empty(wanting.size, np.int64), np.empty(wanting.size, np.float64)
    count = find_wanting(ids, order_of, wanting, place, key, places, slots, member, today)
    put_in_order(ids, order_of, count)
    return ids[:count]


@part
def find_wanting(
    ids: NDArray[np.int64], order_of: NDArray[np.float64], wanting: NDArray[np.int64], place: int, key: np.uint64,
    places: Records, slots: Records, member: Member, today: Today,
) -> int:  # fmt: skip
    """Write who wants a seat in this store, and the draw by which they are ordered; returns how many there are."""
    count = 0
    for k in range(wanting.size):
        i = wanting[k]
        if slots[int(today.wish[i]) - 1].store == place:
            ids[count] = i
            order_of[count] = uniform(word(key, QUEUE), i) + (0.0 if is_seated_first(i, places, member) else 1.0)
            count += 1
    return count


@part
def is_seated_first(i: int, places: Records, member: Member) -> bool:
    """Whether customer i is a member of a pool whose members are seated before others."""
    for place in range(places.size):
        p = places[place]
        if p.on and p.kind == POOL_KIND and p.seats_first and is_member(i, int(p.pool), member):
            return True
    return False


@part
def find_seats(
    i: int, day: int, window: Records, place: int, key: np.uint64, weights: NDArray[np.float64],
    seating: Records, purchasing: Records, product: Records, places: Records, slots: Records, posts: Records,
    memory: Records, partners: Records, traits: Traits, roll: Roll, mind: Mind, story: Story, bought: Bought,
    member: Member, today: Today, units: Units, tally: Tally,
) -> None:  # fmt: skip
    """Customer i's orders of today, one after another, take seats as long as there are any.

    `weights`, shape `(slots,)`, is working memory.
    """
    branch = branch_of(int(traits.home[i]), places[place].branches)
    wanted, kind = int(today.wish[i]) - 1, SEATED_FIRST if is_seated_first(i, places, member) else OTHERS
    chance = word(word(key, CHANCE), i)
    offer, only = offer_in_hand(i, day, posts, bought), slot_of_offer(i, day, posts, bought)
    for number in range(roll.open_needs[i]):
        usual = usual_now(i, day, purchasing, memory, mind, bought)
        row = wanted
        if not has_seat(uniform(chance, number), wanted, branch, kind, window, places, slots, units):
            row = -1
            if uniform(word(key, FLEXIBLE), i) < slots[wanted].flexible:
                u = uniform(word(word(key, OTHER), i), number)
                row = other_slot(
                    u, i, window, place, branch, offer, only, usual, weights, purchasing, places, slots, traits, units
                )  # fmt: skip
        if row < 0:
            tally[TURNED_AWAY, wanted] += 1
            mind.trust[i] = closer(np.float64(mind.trust[i]), 0.0, seating.trust_lost)
        else:
            use(int(slots[row].first) + branch, window, units)
            discount = slot_discount(row, offer, only, places, slots)
            paid = order(
                i, day, place, discount, usual, DELIVERED, purchasing, product, places, memory, partners,
                traits, roll, mind, story, bought, member, today, tally,
            )  # fmt: skip
            tally[ORDERS_IN, row] += 1
            tally[SALES_IN, row] += paid


@part
def has_seat(
    u: float, row: int, branch: int, kind: int, window: Records, places: Records, slots: Records, units: Units
) -> bool:
    """Whether somebody who wants this slot finds a seat in this branch; notes that somebody of this kind wanted one.

    Those who are seated first leave nothing for others but what no more of them are expected to want.
    """
    limit = int(slots[row].first) + branch
    left = float(seats_left(row, branch, window, places, slots, units))
    if kind == OTHERS:
        left -= reserved(limit, SEATED_FIRST, window, units)
    found = finds_room(u, left, reserved(limit, kind, window, units))
    units.used[limit, kind] += 1
    return found


@part
def seats_left(row: int, branch: int, window: Records, places: Records, slots: Records, units: Units) -> int:
    """Seats of a slot of a branch that are left in a window; part of a seat is a whole one in that share of windows."""
    seats = slots[row].seats * window.days / places[int(slots[row].store)].branches
    whole = math.floor(seats + uniform(day_key(slots[row].key, window.opens, ROOM), branch))
    return left_of(whole, int(slots[row].first) + branch, window, units)


@part
def has_spare(row: int, branch: int, window: Records, places: Records, slots: Records, units: Units) -> bool:
    """Whether a slot of a branch has a seat more than those who want this slot are expected to take."""
    limit = int(slots[row].first) + branch
    more = reserved(limit, SEATED_FIRST, window, units) + reserved(limit, OTHERS, window, units)
    return seats_left(row, branch, window, places, slots, units) - more >= 1.0


@part
def other_slot(
    u: float, i: int, window: Records, place: int, branch: int, offer: float, only: int, usual: float,
    weights: NDArray[np.float64], purchasing: Records, places: Records, slots: Records, traits: Traits, units: Units,
) -> int:  # fmt: skip
    """A slot of this store with room that a uniform draw picks as customers choose slots; -1 if all are full."""
    for row in range(slots.size):
        weights[row] = 0.0
        if slots[row].store == place and slots[row].on and has_spare(row, branch, window, places, slots, units):
            weights[row] = slot_weight(row, i, offer, only, usual, purchasing, places, slots, traits)
    return pick_channel(u, weights, slots.size)
