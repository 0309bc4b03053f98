"""Visits: who opens which platform today, and who walks past a store."""

import numpy as np

from trafficsim.books.counters import VISITS
from trafficsim.books.routes import STORE
from trafficsim.compiled import part, rule
from trafficsim.kernel.blocks import BLOCK, count, draw, select
from trafficsim.kernel.draws import VISIT
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records
from trafficsim.kernel.rng import chance_of_any, day_key, threshold, word
from trafficsim.market.places import STORE_KIND, branch_of, is_open
from trafficsim.market.quantities import Parameters, Score, setting
from trafficsim.mechanisms.shared.memory import forget_reading, meet, remember, touch


class Visits(Parameters):
    """How meeting a place by itself works on the memory."""

    in_sight: Score = setting("share of the gap to full salience closed by walking into a store", default=0.25)


@rule
def chance_to_visit(per_week: float, demand: float) -> float:
    """The chance that a customer opens a place on a day, of so many visits a week at a demand of 1."""
    return chance_of_any(per_week / 7.0 * demand)


@rule
def is_visitor(drawn: np.uint64, limit: np.uint64) -> bool:
    """Whether a customer comes by a draw of 64 bits, where `limit` of 2**32 equal ones do."""
    return bool(np.uint64(drawn) >> np.uint64(32) < limit)


@part
def visit_limit(f: Frame, place: Records) -> np.uint64:
    """How many of 2**32 equal draws open this place on a day of this demand."""
    return threshold(chance_to_visit(place.visits_per_week, f.demand) if f.visits.on and place.on else 0.0)


@part
def visit_key(f: Frame, place: Records) -> np.uint64:
    """The key of who opens this place today.

    Nobody needs to note who came: whoever asks draws again, and finds the same visitors.
    """
    return day_key(place.key, f.day, VISIT)


@part
def visits_now(f: Frame, i: int, place: Records, limit: np.uint64) -> bool:
    """Whether customer i opens this place today; `limit` is that of the place and the day."""
    return is_visitor(word(visit_key(f, place), i), limit)


@step
def visit(f: Frame, first: int, last: int) -> None:
    """Customers first..last open platforms and walk into stores. Yesterday's reading is forgotten."""
    forget_reading(f, first, last)
    for place in range(f.places.size):
        limit, key = visit_limit(f, f.places[place]), visit_key(f, f.places[place])
        if limit > np.uint64(0):
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                draw(f.flags, key, lo, hi, limit)
                if f.places[place].kind == STORE_KIND:
                    n = select(f.chosen, f.flags, lo, hi)
                    for i in each_of(f.chosen, n, f.mind):
                        walk_in(f, i, place)
                else:
                    f.tally[VISITS, place] += count(f.flags, lo, hi)


@part
def walk_in(f: Frame, i: int, place: int) -> None:
    """Customer i comes to a store, if the own branch is open."""
    if is_open(branch_of(f.traits.home[i], f.places[place].branches), f.places[place].open_branches):
        meet(f, i, place)
        touch(f, i, STORE)
        remember(f, i, f.visits.in_sight)
        f.tally[VISITS, place] += 1
