"""Visits: who opens which platform today, and who walks past a store."""

import math

import numpy as np

from trafficsim.blocks import BLOCK, draw, select, set_bit
from trafficsim.columns import U1, U2, Mind, Story, Today, Traits
from trafficsim.compiled import allocating, part
from trafficsim.mechanism import Records
from trafficsim.memory import STORE, meet, remember, touch
from trafficsim.places import STORE_KIND, branch_of, is_open
from trafficsim.quantities import Parameters, Score, setting
from trafficsim.rng import chance_of_any, day_key, threshold
from trafficsim.tally import VISITS, Tally

VISIT = 0


class Visits(Parameters):
    """How meeting a place by itself works on the memory."""

    in_sight: Score = setting("share of the gap to full salience closed by walking into a store", default=0.25)


@allocating
def visit(
    day: int, first: int, last: int, demand: float, places: Records, visits: Records, memory: Records, traits: Traits,
    mind: Mind, story: Story, today: Today, tally: Tally,
) -> None:  # fmt: skip
    """Customers first..last open platforms and walk into stores.

    Args:
        demand: visits of the day as a multiple of ordinary days.
        places, visits, memory: settings of the day's period.
        mind, story, today, tally: written.
    """
    today.visited[first:last] = 0
    today.read[first:last] = 0
    if not visits.on:
        return
    flags, chosen = np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.int64)
    for place in range(places.size):
        p = places[place]
        if p.on and p.visits_per_week > 0.0:
            limit = threshold(chance_of_any(p.visits_per_week / 7.0 * demand))
            key = day_key(p.key, day, VISIT)
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                draw(flags[: hi - lo], key, lo, limit)
                if p.kind == STORE_KIND and not math.isnan(p.open_branches):
                    keep_near_open(flags[: hi - lo], traits.home[lo:hi], p.branches, p.open_branches)
                tally[VISITS, place] += set_bit(today.visited[lo:hi], flags[: hi - lo], place)
                if p.kind == STORE_KIND:
                    n = select(chosen, flags[: hi - lo])
                    for k in range(n):
                        i = lo + chosen[k]
                        meet(i, place, places, story, today)
                        touch(story, i, day, STORE, tally)
                        remember(mind, i, day, visits.in_sight, memory)


@part
def keep_near_open(flags: U1, home: U2, branches: float, open_branches: float) -> None:
    """Clear the flags of those whose branch is closed, all of shape `(block,)`."""
    for j in range(flags.size):
        flags[j] &= np.uint8(is_open(branch_of(int(home[j]), branches), open_branches))
