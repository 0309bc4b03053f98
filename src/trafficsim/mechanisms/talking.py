"""Talking: in groups whose members may talk to each other, belonging follows the share who take part.

Nobody posts in a muted group but the brand: it grows no warmth, and no rival meets its members there (see leaving).
"""

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import BLOCK, READERS, Marks, Scratch, listed, mark_flagged
from trafficsim.columns import Member, Sizes, Units, own_unit
from trafficsim.compiled import allocating, number_at, part, rule
from trafficsim.mechanisms.posts import posts_today
from trafficsim.memory import closer, flag_all_readers, is_member
from trafficsim.places import POOL_KIND
from trafficsim.quantities import Parameters, Score, setting
from trafficsim.records import Records


class Talking(Parameters):
    """How fast a talking group grows warm or cold."""

    belonging_step: Score = setting(
        "share of the gap of belonging to the active share closed on a day with posts", default=0.1
    )


@rule
def warmer(belonging: float, readers: float, members: float, step: float) -> float:
    """A unit's belonging after a day with posts: closer to the share of its members who read one."""
    return closer(belonging, readers / members, step) if members > 0.0 else belonging


@part
def find_readers(first: int, last: int, talking: Records, member: Member, marks: Marks, scratch: Scratch) -> None:
    """Mark those of customers first..last who read a post of a pool today."""
    if talking.on:
        for lo in range(first, last, BLOCK):
            hi = min(lo + BLOCK, last)
            flag_all_readers(scratch.flags, member, lo, hi)
            mark_flagged(marks, READERS, scratch.flags, lo, hi)


@allocating
def talk(
    day: int, talking: Records, posts: Records, places: Records, member: Member, marks: Marks, sizes: Sizes,
    units: Units,
) -> None:  # fmt: skip
    """The posts of today get members talking. One serial step, since a unit is shared.

    Args:
        talking, posts, places: settings of the day's period.
        marks: by `find_readers`.
        sizes: members of each unit.
        units: written.
    """
    if not talking.on:
        return
    readers = listed(marks, READERS)
    for row in range(posts.size):
        entry = posts[row]
        p = places[entry.place]
        if entry.on and p.on and p.kind == POOL_KIND and p.members_talk and posts_today(day, entry) > 0:
            gather(int(p.pool), talking.belonging_step, readers, member, sizes, units)


@allocating
def gather(pool: int, step: float, readers: NDArray[np.int64], member: Member, sizes: Sizes, units: Units) -> None:
    """Each unit of a pool grows warmer or colder by how many of its members read a post of it today."""
    reading = np.zeros(sizes.shape[1], np.int64)
    count_readers(pool, reading, readers, member)
    warm(pool, step, reading, sizes, units)


@part
def count_readers(pool: int, reading: NDArray[np.int64], readers: NDArray[np.int64], member: Member) -> None:
    """Count members who read, by unit, shape `(units,)`, written."""
    for k in range(readers.size):
        i = number_at(readers, k)
        if member.read[pool, i] > 0 and is_member(i, pool, member):
            reading[own_unit(int(member.unit[pool, i]), reading.size)] += 1


@part
def warm(pool: int, step: float, reading: NDArray[np.int64], sizes: Sizes, units: Units) -> None:
    """Each unit grows warmer or colder by the share of its members who read."""
    for unit in range(reading.size):
        belonging, members = np.float64(units.belonging[pool, unit]), np.float64(sizes[pool, unit])
        units.belonging[pool, unit] = warmer(belonging, np.float64(reading[unit]), members, step)


@part
def belonging_of(i: int, p: Records, member: Member, units: Units) -> float:
    """What member i of pool `p` feels for the unit: 0 where members may not talk."""
    if not p.members_talk:
        return 0.0
    pool = int(p.pool)
    return np.float64(units.belonging[pool, own_unit(int(member.unit[pool, i]), units.belonging.shape[1])])
