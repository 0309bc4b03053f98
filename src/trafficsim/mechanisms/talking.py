"""Talking: in groups whose members may talk to each other, belonging follows the share who take part.

Nobody posts in a muted group but the brand: it grows no warmth, and no rival meets its members there (see leaving).
"""

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import BLOCK, Scratch, select
from trafficsim.columns import Member, Today, Units
from trafficsim.compiled import allocating, part, rule
from trafficsim.mechanism import Records
from trafficsim.mechanisms.posts import posts_today
from trafficsim.memory import closer, flag_members
from trafficsim.places import POOL_KIND
from trafficsim.quantities import Parameters, Score, setting


class Talking(Parameters):
    """How fast a talking group grows warm or cold."""

    belonging_step: Score = setting(
        "share of the gap of belonging to the active share closed on a day with posts", default=0.1
    )


@rule
def warmer(belonging: float, readers: float, members: float, step: float) -> float:
    """A unit's belonging after a day with posts: closer to the share of its members who read one."""
    return closer(belonging, readers / members, step) if members > 0.0 else belonging


@rule
def own_unit(unit: int, units: int) -> int:
    """The row of a member's unit; members from before the start, who were given none, share the last."""
    return unit if unit >= 0 else units - 1


@allocating
def talk(
    day: int, talking: Records, posts: Records, places: Records, member: Member, today: Today, units: Units,
    scratch: Scratch,
) -> None:  # fmt: skip
    """The posts of today get members talking. One serial step, since a unit is shared.

    Args:
        talking, posts, places: settings of the day's period.
        units: written.
    """
    if not talking.on:
        return
    for row in range(posts.size):
        entry = posts[row]
        p = places[entry.place]
        if entry.on and p.on and p.kind == POOL_KIND and p.members_talk and posts_today(day, entry) > 0:
            gather(int(p.pool), talking.belonging_step, member, today, units, scratch)


@allocating
def gather(pool: int, step: float, member: Member, today: Today, units: Units, scratch: Scratch) -> None:
    """Each unit of a pool grows warmer or colder by how many of its members read a post today."""
    count = units.belonging.shape[1]
    members, readers = np.zeros(count, np.int64), np.zeros(count, np.int64)
    count_readers(pool, members, readers, member, today, scratch)
    warm(pool, step, members, readers, units)


@part
def warm(pool: int, step: float, members: NDArray[np.int64], readers: NDArray[np.int64], units: Units) -> None:
    """Each unit grows warmer or colder by the share of its members who read."""
    for unit in range(members.size):
        belonging = np.float64(units.belonging[pool, unit])
        units.belonging[pool, unit] = warmer(belonging, np.float64(readers[unit]), np.float64(members[unit]), step)


@part
def count_readers(
    pool: int, members: NDArray[np.int64], readers: NDArray[np.int64], member: Member, today: Today, scratch: Scratch
) -> None:
    """Count members, and today's readers among them, by unit; both of shape `(units,)`, written."""
    for lo in range(0, today.read.size, BLOCK):
        hi = min(lo + BLOCK, today.read.size)
        flag_members(scratch.flags, pool, member, lo, hi)
        n = select(scratch.chosen, scratch.flags, lo, hi)
        for k in range(n):
            i = scratch.chosen[k]
            unit = own_unit(int(member.unit[pool, i]), members.size)
            members[unit] += 1
            readers[unit] += (int(today.read[i]) >> pool) & 1


@part
def belonging_of(i: int, p: Records, member: Member, units: Units) -> float:
    """What member i of pool `p` feels for the unit: 0 where members may not talk."""
    if not p.members_talk:
        return 0.0
    pool = int(p.pool)
    return np.float64(units.belonging[pool, own_unit(int(member.unit[pool, i]), units.belonging.shape[1])])
