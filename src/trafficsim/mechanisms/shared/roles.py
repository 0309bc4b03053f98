"""Roles: customers who are made KOC or KOL, and partners who make themselves; what they cost and what they earn."""

import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import ATTENTION
from trafficsim.books.tally import MONTH, cents_drawn
from trafficsim.compiled import allocating, part, rule
from trafficsim.kernel.blocks import NAMED, SERVED, clear_mask, listed, mask_any, mask_one, put_in_order
from trafficsim.kernel.draws import OPT_IN, PAY, ROLE_ROUNDING, TIE_BREAK
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame
from trafficsim.kernel.records import Records
from trafficsim.kernel.rng import day_key, uniform, word

KOC, KOL, PARTNER = 1, 2, 4
"""Bits of the column `role`."""
PICK_DAYS = 28
"""KOC and KOL are picked anew every four weeks."""


@rule
def standing(orders: int, spend: int, tie_break: np.uint64) -> np.uint64:
    """A number by which buyers rank: first by orders, then by spend in cents, then by random bits.

    Orders take 16 bits and rank no further. Spend takes 31, as a float of 32 bits that tells sums apart by a part in 10
    million: such floats, from 0 on, rank as the integers with the same bits. The draw has what is left.
    """
    high, low = np.uint64(min(orders, 65_535)), np.uint64(np.float32(spend).view(np.uint32))
    return (high << np.uint64(48)) | (low << np.uint64(17)) | (np.uint64(tie_break) >> np.uint64(47))


@rule
def instalment(u: float, per_month: float, day: int) -> int:
    """What is paid today, in whole cents, of so many cents a month: days add up to months without a rounding error.

    `u` in (0, 1), the same on all days, decides when parts of a cent have become a whole one.
    """
    return cents_drawn(u, per_month * (day + 1) / MONTH) - cents_drawn(u, per_month * day / MONTH)


@rule
def times_as_often(role: int, koc: Records, partners: Records) -> float:
    """How many times as often someone with these roles tells."""
    times = koc.times if koc.on and role & KOC else 1.0
    return times * (partners.times if partners.on and role & PARTNER else 1.0)


@part
def find_named(f: Frame, first: int, last: int) -> None:
    """Mark those of customers first..last who are KOC or KOL, or may be made so today."""
    if not (f.koc.on or f.kol.on):
        clear_mask(f.masks, NAMED, first, last)
        return
    mask_any(f.masks, NAMED, f.roll.role, KOC | KOL, first, last)
    if f.day % PICK_DAYS == 0:
        least = min(f.koc.least_orders if f.koc.on else math.inf, f.kol.least_orders if f.kol.on else math.inf)
        for i in range(first, last):
            if f.bought.orders[i] >= least:
                mask_one(f.masks, NAMED, i)


@allocating
def assign_roles(f: Frame) -> None:
    """Every four weeks KOC and KOL are picked among the buyers; buyers become partners; the day's attention is paid."""
    named = listed(f.masks, NAMED)
    if f.koc.on and f.day % PICK_DAYS == 0:
        best = ranked(f, f.koc.key, named, f.koc.least_orders)
        rounding = uniform(day_key(f.koc.key, f.day, ROLE_ROUNDING), 0)
        grant(f, KOC, best[: math.floor(f.koc.share * best.size + rounding)], named)
    if f.kol.on and f.day % PICK_DAYS == 0:
        grant(f, KOL, ranked(f, f.kol.key, named, f.kol.least_orders)[: int(f.kol.count)], named)
    if f.partners.on:
        opt_in(f, f.changed, listed(f.masks, SERVED))
    if f.koc.on:
        pay_attention(f, uniform(f.koc.key, PAY), count_role(f, KOC, named) * f.koc.cost_per_month)
    if f.kol.on:
        pay_attention(f, uniform(f.kol.key, PAY), count_role(f, KOL, named) * f.kol.cost_per_month)


@part
def pay_attention(f: Frame, u: float, per_month: float) -> None:
    """The day's instalment of what attention to a role costs in cents a month (see `instalment`)."""
    f.tally[ATTENTION, 0] += instalment(u, per_month, f.day)


@allocating
def ranked(f: Frame, key: np.uint64, named: NDArray[np.int64], least_orders: float) -> NDArray[np.int64]:
    """Buyers with so many orders, those with most orders first, then by spend, then by chance."""
    ids, standings = np.empty(named.size, np.int64), np.empty(named.size, np.uint64)
    count = write_standings(f, ids, standings, day_key(key, f.day, TIE_BREAK), named, least_orders)
    put_in_order(ids, standings, count)
    return ids[:count][::-1]


@part
def write_standings(
    f: Frame,
    ids: NDArray[np.int64],
    standings: NDArray[np.uint64],
    tie_break: np.uint64,
    named: NDArray[np.int64],
    least_orders: float,
) -> int:
    """Write who has so many orders, and the number by which each ranks; returns how many there are."""
    count = 0
    for i in each_of(named, named.size):
        if f.bought.orders[i] >= least_orders:
            ids[count] = i
            standings[count] = standing(f.bought.orders[i], f.bought.spend[i], word(tie_break, i))
            count += 1
    return count


@part
def grant(f: Frame, role: int, ids: NDArray[np.int64], named: NDArray[np.int64]) -> None:
    """These customers have the role from now on, and nobody else; whoever had it is one of the named."""
    for i in named:
        f.roll.role[i] &= 255 - role
    for i in ids:
        f.roll.role[i] |= role


@part
def find_stars(f: Frame, stars: NDArray[np.int64], named: NDArray[np.int64]) -> int:
    """Write who of those with a name is a KOL, in the order of their numbers; returns how many there are."""
    count = 0
    for k in range(named.size):
        stars[count] = named[k]
        count += int(f.roll.role[named[k]] & KOL != 0)
    return count


@part
def count_role(f: Frame, role: int, named: NDArray[np.int64]) -> int:
    """How many of those with a name have the role."""
    count = 0
    for k in range(named.size):
        count += int(f.roll.role[named[k]] & role != 0)
    return count


@part
def opt_in(f: Frame, everybody: int, ids: NDArray[np.int64]) -> None:
    """Those with enough orders become partners if they are of that kind: one draw per customer for all days.

    Looks at these customers, or at everybody if that is 1.
    """
    key = word(f.partners.key, OPT_IN)
    for k in range(f.customers if everybody else ids.size):
        i = k if everybody else ids[k]
        if f.bought.orders[i] >= f.partners.least_orders and uniform(key, i) < f.partners.opt_in:
            f.roll.role[i] |= PARTNER


@part
def is_referred(f: Frame, i: int) -> bool:
    """Whether the last who told or invited customer i is a partner, and did so lately."""
    by, days = f.story.told_by[i], f.day - f.story.told_on[i]
    return by >= 0 and days <= f.partners.within_days and f.roll.role[by] & PARTNER != 0
