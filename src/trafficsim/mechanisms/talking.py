"""Talking: in groups whose members may talk to each other, belonging follows the share who take part.

Nobody posts in a muted group but the brand: it grows no warmth, and no rival meets its members there (see leaving).
"""

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import marked
from trafficsim.columns import Member, Sizes, Today, Units, own_unit
from trafficsim.compiled import allocating, part, rule
from trafficsim.mechanism import Records
from trafficsim.mechanisms.posts import posts_today
from trafficsim.memory import closer, is_member
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


@allocating
def talk(
    day: int, talking: Records, posts: Records, places: Records, member: Member, today: Today, sizes: Sizes,
    units: Units,
) -> None:  # fmt: skip
    """The posts of today get members talking. One serial step, since a unit is shared.

    Args:
        talking, posts, places: settings of the day's period.
        sizes: members of each unit.
        units: written.
    """
    if not talking.on:
        return
    for row in range(posts.size):
        entry = posts[row]
        p = places[entry.place]
        if entry.on and p.on and p.kind == POOL_KIND and p.members_talk and posts_today(day, entry) > 0:
            gather(int(p.pool), talking.belonging_step, member, today, sizes, units)


@allocating
def gather(pool: int, step: float, member: Member, today: Today, sizes: Sizes, units: Units) -> None:
    """Each unit of a pool grows warmer or colder by how many of its members read a post today."""
    readers = np.zeros(sizes.shape[1], np.int64)
    count_readers(pool, readers, marked(today.read, 1 << pool), member)
    warm(pool, step, readers, sizes, units)


@part
def count_readers(pool: int, readers: NDArray[np.int64], who: NDArray[np.int64], member: Member) -> None:
    """Count readers by unit, shape `(units,)`, written."""
    for k in range(who.size):
        if is_member(who[k], pool, member):
            readers[own_unit(int(member.unit[pool, who[k]]), readers.size)] += 1


@part
def warm(pool: int, step: float, readers: NDArray[np.int64], sizes: Sizes, units: Units) -> None:
    """Each unit grows warmer or colder by the share of its members who read."""
    for unit in range(readers.size):
        belonging, members = np.float64(units.belonging[pool, unit]), np.float64(sizes[pool, unit])
        units.belonging[pool, unit] = warmer(belonging, np.float64(readers[unit]), members, step)


@part
def belonging_of(i: int, p: Records, member: Member, units: Units) -> float:
    """What member i of pool `p` feels for the unit: 0 where members may not talk."""
    if not p.members_talk:
        return 0.0
    pool = int(p.pool)
    return np.float64(units.belonging[pool, own_unit(int(member.unit[pool, i]), units.belonging.shape[1])])
