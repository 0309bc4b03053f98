"""Seating: the seats of a store's times of day are limited; first come, in a fair, seeded order, or members first."""

import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import ORDERS_IN, SALES_IN, TURNED_AWAY
from trafficsim.compiled import allocating, part, rule
from trafficsim.kernel.blocks import REQUESTING, listed, put_in_order
from trafficsim.kernel.draws import FLEXIBLE, OTHER_SLOT, ROOM, SEAT_CHANCE, SEAT_QUEUE
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.rng import day_key, uniform, word
from trafficsim.market.places import POOL_KIND, branch_of
from trafficsim.market.quantities import Parameters, Score, setting
from trafficsim.mechanisms.joining import clear_requests, find_requests
from trafficsim.mechanisms.purchasing import (
    offer_in_hand,
    order,
    pick_channel,
    slot_discount,
    slot_of_offer,
    slot_weight,
    usual_now,
)
from trafficsim.mechanisms.shared.capacity import finds_room, left_of, reopen, reserved, use
from trafficsim.mechanisms.shared.memory import closer, is_member

SEATED_FIRST, OTHERS = 0, 1
"""Kinds of people who want a seat."""
DELIVERED = False
"""Whoever sits down is served there."""


class Seating(Parameters):
    """What finding no seat does."""

    trust_lost: Score = setting("share of trust lost by a customer whose order finds no seat", default=0.0)


@rule
def turn(u: float, seated_first: bool) -> float:
    """Where in the queue for seats somebody stands, lowest first: by a fair draw in (0, 1), others after members."""
    return u + (0.0 if seated_first else 1.0)


@rule
def takes_another(u: float, flexible: float) -> bool:
    """Whether somebody who finds the wanted slot full takes another, as this share of its customers would."""
    return u < flexible


@rule
def seats_of_branch(u: float, seats: float, days: float, branches: float) -> int:
    """Seats that a slot has in one of so many branches in a window of so many days.

    `seats` are those of a day in all branches; part of one is a whole one in that share of windows, by `u` in (0, 1).
    """
    return math.floor(seats * days / branches + u)


@rule
def left_for(kind: int, left: float, kept: float) -> float:
    """Seats that are left for this kind of people: those who are seated first leave others but what they don't need.

    `kept` is how many seats more of those are expected to want in the same window.
    """
    return left - kept if kind == OTHERS else left


@rule
def has_one_to_spare(left: float, more: float) -> bool:
    """Whether a slot has a seat beside those that so many more people are expected to take."""
    return left - more >= 1.0


@rule
def trust_without_seat(trust: float, lost: float) -> float:
    """Trust of somebody who is turned away: a share of it is lost."""
    return closer(trust, 0.0, lost)


@step
def find_seekers(f: Frame, first: int, last: int) -> None:
    """Mark those of customers first..last who want a seat today."""
    if f.seating.on:
        find_requests(f, first, last)


@step
def seat(f: Frame) -> None:
    """Orders of today that want a seat find one or are lost to rivals, in a fair, seeded order.

    One serial step: seats are shared. Who comes later may find the wanted slot full; a flexible customer then takes a
    seat in another slot of the same branch that has room, at the discount of that slot. Each order of a customer
    needs a seat of its own.
    """
    if not f.seating.on or f.slots.size == 0:
        return
    reopen(f, f.slots[0].first, f.units.used.shape[0])
    wanting = listed(f.masks, REQUESTING)
    for place in range(f.places.size):
        if f.places[place].has_slots:
            key = word(word(f.seating.key, f.places[place].key), f.day)
            queue = queued_for_seats(f, wanting, place, key)
            seat_queue(f, queue, place, key)
    forget_seats(f, wanting)


@part
def seat_queue(f: Frame, queue: NDArray[np.int64], place: int, key: np.uint64) -> None:
    """Those in the queue look for seats one after another."""
    for i in each_of(queue, queue.size, f.bought, f.mind, f.story):
        find_seats(f, i, place, key)


@part
def forget_seats(f: Frame, wanting: NDArray[np.int64]) -> None:
    """Nobody wants a seat any more."""
    clear_requests(f, wanting)
    for k in range(wanting.size):
        f.roll.open_needs[wanting[k]] = 0


@allocating
def queued_for_seats(f: Frame, wanting: NDArray[np.int64], place: int, key: np.uint64) -> NDArray[np.int64]:
    """Those who want a seat in this store, in an order drawn for the day, members with seats first before others."""
    ids, order_of = np.empty(wanting.size, np.int64), np.empty(wanting.size, np.float64)
    count = find_wanting(f, ids, order_of, wanting, place, key)
    put_in_order(ids, order_of, count)
    return ids[:count]


@part
def find_wanting(
    f: Frame,
    ids: NDArray[np.int64],
    order_of: NDArray[np.float64],
    wanting: NDArray[np.int64],
    place: int,
    key: np.uint64,
) -> int:
    """Write who wants a seat in this store, and the draw by which they are ordered; returns how many there are."""
    count = 0
    for k in range(wanting.size):
        i = wanting[k]
        if f.slots[f.today.request[i] - 1].store == place:
            ids[count] = i
            order_of[count] = turn(uniform(word(key, SEAT_QUEUE), i), is_seated_first(f, i))
            count += 1
    return count


@part
def is_seated_first(f: Frame, i: int) -> bool:
    """Whether customer i is a member of a pool whose members are seated before others."""
    for place in range(f.places.size):
        p = f.places[place]
        if p.on and p.kind == POOL_KIND and p.seats_first and is_member(f, i, p.pool):
            return True
    return False


@part
def find_seats(f: Frame, i: int, place: int, key: np.uint64) -> None:
    """Customer i's orders of today, one after another, take seats as long as there are any."""
    branch = branch_of(f.traits.home[i], f.places[place].branches)
    wanted, kind = f.today.request[i] - 1, SEATED_FIRST if is_seated_first(f, i) else OTHERS
    chance = word(word(key, SEAT_CHANCE), i)
    offer, only = offer_in_hand(f, i), slot_of_offer(f, i)
    for number in range(f.roll.open_needs[i]):
        usual = usual_now(f, i)
        row = wanted
        if not has_seat(f, uniform(chance, number), wanted, branch, kind):
            row = -1
            if takes_another(uniform(word(key, FLEXIBLE), i), f.slots[wanted].flexible):
                u = uniform(word(word(key, OTHER_SLOT), i), number)
                row = other_slot(f, u, i, place, branch, offer, only, usual)
        if row < 0:
            f.tally[TURNED_AWAY, wanted] += 1
            f.mind.trust[i] = trust_without_seat(f.mind.trust[i], f.seating.trust_lost)
        else:
            use(f, f.slots[row].first + branch)
            discount = slot_discount(f, row, offer, only)
            paid = order(f, i, place, discount, usual, DELIVERED)
            f.tally[ORDERS_IN, row] += 1
            f.tally[SALES_IN, row] += paid


@part
def has_seat(f: Frame, u: float, row: int, branch: int, kind: int) -> bool:
    """Whether somebody who wants this slot finds a seat in this branch; notes that somebody of this kind wanted one.

    Those who are seated first leave nothing for others but what no more of them are expected to want.
    """
    limit = f.slots[row].first + branch
    left = left_for(kind, float(seats_left(f, row, branch)), reserved(f, limit, SEATED_FIRST))
    found = finds_room(u, left, reserved(f, limit, kind))
    f.units.used[limit, kind] += 1
    return found


@part
def seats_left(f: Frame, row: int, branch: int) -> int:
    """Seats of a slot of a branch that are left in a window; part of a seat is a whole one in that share of windows."""
    u = uniform(day_key(f.slots[row].key, f.window.opens, ROOM), branch)
    whole = seats_of_branch(u, f.slots[row].seats, f.window.days, f.places[f.slots[row].store].branches)
    return left_of(f, whole, f.slots[row].first + branch)


@part
def has_spare(f: Frame, row: int, branch: int) -> bool:
    """Whether a slot of a branch has a seat more than those who want this slot are expected to take."""
    limit = f.slots[row].first + branch
    more = reserved(f, limit, SEATED_FIRST) + reserved(f, limit, OTHERS)
    return has_one_to_spare(seats_left(f, row, branch), more)


@part
def other_slot(
    f: Frame,
    u: float,
    i: int,
    place: int,
    branch: int,
    offer: float,
    only: int,
    usual: float,
) -> int:
    """A slot of this store with room that a uniform draw picks as customers choose slots; -1 if all are full."""
    for row in range(f.slots.size):
        f.weights[row] = 0.0
        if f.slots[row].store == place and f.slots[row].on and has_spare(f, row, branch):
            f.weights[row] = slot_weight(f, row, i, offer, only, usual)
    return pick_channel(u, f.weights, f.slots.size)
