"""The ledger: what a day costs whatever happens, and the members who follow from who joined, left and came back."""

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import part
from trafficsim.places import POOL_KIND, STORE_KIND
from trafficsim.records import Records
from trafficsim.rng import day_key, uniform
from trafficsim.tally import (
    FIXED_COSTS,
    JOINED,
    LEFT,
    MONTH,
    PERKS,
    TOOLS,
    WAGES,
    WON_BACK,
    Tally,
    added_up,
    cents_drawn,
)

PERK = 2
"""A draw of a place, which has draws of its own: see `visits.VISIT` and `joining.ADDS`."""


@part
def close(
    day: int, places: Records, staff: Records, before: NDArray[np.int64], tally: Tally, members: NDArray[np.int64]
) -> None:
    """Book the day's standing costs and count members.

    Args:
        places, staff: settings of the day's period.
        before: members of each place at the end of the day before, shape `(places,)`.
        tally: written.
        members: written, shape `(places,)`: members at the end of the day.
    """
    for row in range(staff.size):
        if staff[row].on:
            tally[WAGES, row] += added_up(staff[row].count * staff[row].wage_per_day, day, day + 1)
    for place in range(places.size):
        p = places[place]
        members[place] = before[place] + tally[JOINED, place] + tally[WON_BACK, place] - tally[LEFT, place]
        if p.on and p.kind == STORE_KIND:
            tally[FIXED_COSTS, place] += added_up(p.fixed_cost_per_day, day, day + 1)
        if p.on and p.kind == POOL_KIND:
            tally[TOOLS, place] += added_up(p.tool_cost_per_day, day, day + 1)
            u = uniform(day_key(p.key, day, PERK), 0)
            tally[PERKS, place] += cents_drawn(u, members[place] * p.perk_cost_per_member_month / MONTH)
