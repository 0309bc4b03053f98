"""Roles: customers who are made KOC or KOL, and partners who make themselves; what they cost and what they earn."""

import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import NAMED, Marks, add_mark, clear_marks, mark_any, put_in_order
from trafficsim.columns import Bought, Roll, Story
from trafficsim.compiled import allocating, number_at, part, rule
from trafficsim.records import Records
from trafficsim.rng import day_key, uniform, word
from trafficsim.tally import ATTENTION, MONTH, Tally, cents_drawn

KOC, KOL, PARTNER = 1, 2, 4
"""Bits of the column `role`."""
PICK_DAYS = 28
"""KOC and KOL are picked anew every four weeks."""
OPT_IN = 0
LUCK, ROUNDING, PAY = 0, 1, 2


@rule
def standing(orders: int, spend: int, luck: np.uint64) -> np.uint64:
    """A number by which buyers rank: first by orders, then by spend in cents, then by random bits.

    Orders take 16 bits and rank no further. Spend takes 31, as a float of 32 bits that tells sums apart by a part in 10
    million: such floats, from 0 on, rank as the integers with the same bits. Luck has what is left.
    """
    high, low = np.uint64(min(orders, 65_535)), np.uint64(np.float32(spend).view(np.uint32))
    return (high << np.uint64(48)) | (low << np.uint64(17)) | (np.uint64(luck) >> np.uint64(47))


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
def find_named(
    day: int, first: int, last: int, koc: Records, kol: Records, roll: Roll, bought: Bought, marks: Marks
) -> None:
    """Mark those of customers first..last who are KOC or KOL, or may be made so today."""
    if not (koc.on or kol.on):
        clear_marks(marks, NAMED, first, last)
        return
    mark_any(marks, NAMED, roll.role, KOC | KOL, first, last)
    if day % PICK_DAYS == 0:
        least = min(koc.least_orders if koc.on else math.inf, kol.least_orders if kol.on else math.inf)
        for i in range(first, last):
            if bought.orders[i] >= least:
                add_mark(marks, NAMED, i)


@allocating
def assign_roles(
    day: int, changed: int, served: NDArray[np.int64], named: NDArray[np.int64], koc: Records, kol: Records,
    partners: Records, roll: Roll, bought: Bought, tally: Tally,
) -> NDArray[np.int64]:  # fmt: skip
    """Every four weeks KOC and KOL are picked among the buyers; buyers become partners; the day's attention is paid.

    Args:
        changed: 1 if other settings were in force yesterday, so that anybody may become a partner today, else 0.
        served: who ordered today.
        named: by `find_named`.
        koc, kol, partners: settings of the day's period.
        roll, tally: written.

    Returns:
        the KOL of today, in the order of their numbers.
    """
    if koc.on and day % PICK_DAYS == 0:
        best = ranked(day, koc.key, named, koc.least_orders, bought)
        rounding = uniform(day_key(koc.key, day, ROUNDING), 0)
        grant(KOC, best[: math.floor(koc.share * best.size + rounding)], named, roll)
    if kol.on and day % PICK_DAYS == 0:
        grant(KOL, ranked(day, kol.key, named, kol.least_orders, bought)[: int(kol.count)], named, roll)
    if partners.on:
        opt_in(changed, served, partners, roll, bought)
    stars = np.empty(named.size, np.int64)
    count = find_stars(stars, named, roll)
    if koc.on:
        tally[ATTENTION, 0] += instalment(uniform(koc.key, PAY), count_koc(named, roll) * koc.cost_per_month, day)
    if kol.on:
        tally[ATTENTION, 0] += instalment(uniform(kol.key, PAY), count * kol.cost_per_month, day)
    return stars[:count]


@allocating
def ranked(
    day: int, key: np.uint64, named: NDArray[np.int64], least_orders: float, bought: Bought
) -> NDArray[np.int64]:
    """Buyers with so many orders, those with most orders first, then by spend, then by luck."""
    ids, standings = np.empty(named.size, np.int64), np.empty(named.size, np.uint64)
    count = write_standings(ids, standings, day_key(key, day, LUCK), named, least_orders, bought)
    put_in_order(ids, standings, count)
    return ids[:count][::-1]


@part
def write_standings(
    ids: NDArray[np.int64], standings: NDArray[np.uint64], luck: np.uint64, named: NDArray[np.int64],
    least_orders: float, bought: Bought,
) -> int:  # fmt: skip
    """Write who has so many orders, and the number by which each ranks; returns how many there are."""
    count = 0
    for k in range(named.size):
        i = number_at(named, k)
        if bought.orders[i] >= least_orders:
            ids[count] = i
            standings[count] = standing(int(bought.orders[i]), int(bought.spend[i]), word(luck, i))
            count += 1
    return count


@part
def grant(role: int, ids: NDArray[np.int64], named: NDArray[np.int64], roll: Roll) -> None:
    """These customers have the role from now on, and nobody else; whoever had it is one of the named."""
    for i in named:
        roll.role[i] &= np.uint8(255 - role)
    for i in ids:
        roll.role[i] |= np.uint8(role)


@part
def find_stars(stars: NDArray[np.int64], named: NDArray[np.int64], roll: Roll) -> int:
    """Write who of those with a name is a KOL; returns how many there are."""
    count = 0
    for k in range(named.size):
        stars[count] = named[k]
        count += int(roll.role[named[k]] & KOL != 0)
    return count


@part
def count_koc(named: NDArray[np.int64], roll: Roll) -> int:
    """How many of those with a name are KOC."""
    count = 0
    for k in range(named.size):
        count += int(roll.role[named[k]] & KOC != 0)
    return count


@part
def most_holders(kol: Records) -> float:
    """KOL that there may be at any time, whatever was in force when they were picked; `kol` is of all periods."""
    most = 0.0
    for t in range(kol.shape[0]):
        most = max(most, kol[t, 0].count)
    return most


@part
def opt_in(everybody: int, ids: NDArray[np.int64], partners: Records, roll: Roll, bought: Bought) -> None:
    """Those with enough orders become partners if they are of that kind: one draw per customer for all days.

    Looks at these customers, or at everybody if that is 1.
    """
    key = word(partners.key, OPT_IN)
    for k in range(roll.role.size if everybody else ids.size):
        i = k if everybody else ids[k]
        if bought.orders[i] >= partners.least_orders and uniform(key, i) < partners.opt_in:
            roll.role[i] |= np.uint8(PARTNER)


@part
def is_referred(i: int, day: int, partners: Records, roll: Roll, story: Story) -> bool:
    """Whether the last who told or invited customer i is a partner, and did so lately."""
    by, days = int(story.told_by[i]), day - int(story.told_on[i])
    return by >= 0 and days <= partners.within_days and int(roll.role[by]) & PARTNER != 0
