"""Visits: who opens which platform today, and who walks past a store."""

import numpy as np

from trafficsim.blocks import BLOCK, Scratch, count, draw, select
from trafficsim.columns import Member, Mind, Story, Today, Traits
from trafficsim.compiled import fetch_ahead, number_at, part
from trafficsim.memory import STORE, forget_reading, meet, remember, touch
from trafficsim.places import STORE_KIND, branch_of, is_open
from trafficsim.quantities import Parameters, Score, setting
from trafficsim.records import Records
from trafficsim.rng import chance_of_any, day_key, threshold, word
from trafficsim.tally import VISITS, Tally

VISIT = 0


class Visits(Parameters):
    """How meeting a place by itself works on the memory."""

    in_sight: Score = setting("share of the gap to full salience closed by walking into a store", default=0.25)


@part
def visit_limit(place: Records, demand: float, visits: Records) -> np.uint64:
    """How many of 2**32 equal draws open this place on a day of this demand."""
    return threshold(chance_of_any(place.visits_per_week / 7.0 * demand) if visits.on and place.on else 0.0)


@part
def visit_key(place: Records, day: int) -> np.uint64:
    """The key of who opens this place today.

    Nobody needs to note who came: whoever asks draws again, and finds the same visitors.
    """
    return day_key(place.key, day, VISIT)


@part
def visits_now(i: int, day: int, place: Records, limit: np.uint64) -> bool:
    """Whether customer i opens this place today; `limit` is that of the place and the day."""
    return bool(np.uint64(word(visit_key(place, day), i)) >> np.uint64(32) < limit)


@part
def visit(
    day: int, first: int, last: int, demand: float, places: Records, visits: Records, memory: Records, traits: Traits,
    mind: Mind, story: Story, member: Member, today: Today, scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """Customers first..last open platforms and walk into stores. Yesterday's reading is forgotten.

    Args:
        demand: visits of the day as a multiple of ordinary days.
        places, visits, memory: settings of the day's period.
        mind, story, member, today, tally: written.
    """
    forget_reading(member, first, last)
    for place in range(places.size):
        limit, key = visit_limit(places[place], demand, visits), visit_key(places[place], day)
        if limit > np.uint64(0):
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                draw(scratch.flags, key, lo, hi, limit)
                if places[place].kind == STORE_KIND:
                    n = select(scratch.chosen, scratch.flags, lo, hi)
                    for k in range(n):
                        fetch_ahead(scratch.chosen, k, n, mind)
                        i = number_at(scratch.chosen, k)
                        walk_in(i, day, place, places, visits, memory, traits, mind, story, today, tally)
                else:
                    tally[VISITS, place] += count(scratch.flags, lo, hi)


@part
def walk_in(
    i: int, day: int, place: int, places: Records, visits: Records, memory: Records, traits: Traits,
    mind: Mind, story: Story, today: Today, tally: Tally,
) -> None:  # fmt: skip
    """Customer i comes to a store, if the own branch is open."""
    if is_open(branch_of(int(traits.home[i]), places[place].branches), places[place].open_branches):
        meet(i, place, places, story, today)
        touch(story, i, day, STORE, tally)
        remember(mind, i, day, visits.in_sight, memory)
        tally[VISITS, place] += 1
