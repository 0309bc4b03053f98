"""Talking: in groups whose members may talk to each other, belonging follows the share who take part.

Nobody posts in a muted group but the brand: it grows no warmth, and no rival meets its members there (see leaving).
"""

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import allocating, part, rule
from trafficsim.kernel.blocks import BLOCK, READERS, listed, mask_flagged
from trafficsim.kernel.columns import own_unit
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records
from trafficsim.market.places import POOL_KIND
from trafficsim.market.quantities import Parameters, Score, setting
from trafficsim.mechanisms.posts import posts_today
from trafficsim.mechanisms.shared.memory import closer, flag_all_readers, is_member


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
def gets_talking(posts: int, members_talk: bool) -> bool:
    """Whether a day's posts get the members of a pool talking: in a muted group nobody posts but the brand."""
    return members_talk and posts > 0


@rule
def belonging_felt(belonging: float, members_talk: bool) -> float:
    """What a member feels for a unit of this warmth, 0 to 1: nothing where members may not talk."""
    return belonging if members_talk else 0.0


@step
def find_readers(f: Frame, first: int, last: int) -> None:
    """Mark those of customers first..last who read a post of a pool today."""
    if f.talking.on:
        for lo in range(first, last, BLOCK):
            hi = min(lo + BLOCK, last)
            flag_all_readers(f, f.flags, lo, hi)
            mask_flagged(f.masks, READERS, f.flags, lo, hi)


@step
def talk(f: Frame) -> None:
    """The posts of today get members talking. One serial step, since a unit is shared."""
    if not f.talking.on:
        return
    readers = listed(f.masks, READERS)
    for row in range(f.posts.size):
        entry = f.posts[row]
        p = f.places[entry.place]
        if entry.on and p.on and p.kind == POOL_KIND and gets_talking(posts_today(f, entry), bool(p.members_talk)):
            gather(f, p.pool, f.talking.belonging_step, readers)


@allocating
def gather(f: Frame, pool: int, step: float, readers: NDArray[np.int64]) -> None:
    """Each unit of a pool grows warmer or colder by how many of its members read a post of it today."""
    reading = np.zeros(f.sizes.shape[1], np.int64)
    count_readers(f, pool, reading, readers)
    warm(f, pool, step, reading)


@part
def count_readers(f: Frame, pool: int, reading: NDArray[np.int64], readers: NDArray[np.int64]) -> None:
    """Count members who read, by unit, shape `(units,)`, written."""
    for i in each_of(readers, readers.size):
        if f.member.read[pool, i] > 0 and is_member(f, i, pool):
            reading[own_unit(f.member.unit[pool, i], reading.size)] += 1


@part
def warm(f: Frame, pool: int, step: float, reading: NDArray[np.int64]) -> None:
    """Each unit grows warmer or colder by the share of its members who read."""
    for unit in range(reading.size):
        members = f.sizes[pool, unit]
        if members > 0:  # nearly all units of a small sample have none
            belonging = f.units.belonging[pool, unit]
            f.units.belonging[pool, unit] = warmer(belonging, np.float64(reading[unit]), members, step)


@part
def belonging_of(f: Frame, i: int, p: Records) -> float:
    """What member i of pool `p` feels for the unit: 0 where members may not talk."""
    pool = p.pool
    unit = own_unit(f.member.unit[pool, i], f.units.belonging.shape[1])
    return belonging_felt(f.units.belonging[pool, unit], bool(p.members_talk))
