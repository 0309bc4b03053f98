"""The ledger: what a day costs whatever happens, and the members who follow from who joined, left and came back."""

from trafficsim.books.counters import FIXED_COSTS, JOINED, LEFT, PERKS, SET_UP, TOOLS, WAGES, WON_BACK
from trafficsim.books.tally import MONTH, added_up, cents_drawn
from trafficsim.kernel.draws import PERK
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.rng import day_key, uniform
from trafficsim.market.places import POOL_KIND, STORE_KIND


@step
def close(f: Frame) -> None:
    """Book the day's standing costs and count members."""
    for row in range(f.staff.size):
        if f.staff[row].on:
            f.tally[WAGES, row] += added_up(f.staff[row].count * f.staff[row].wage_per_day, f.day, f.day + 1)
    for place in range(f.places.size):
        p = f.places[place]
        f.members_after[place] = (
            f.members_before[place] + f.tally[JOINED, place] + f.tally[WON_BACK, place] - f.tally[LEFT, place]
        )
        if p.exists and f.day == p.opens_on:
            f.tally[SET_UP, place] += added_up(p.set_up_cost, 0, 1)
        if p.exists and p.kind == STORE_KIND:
            f.tally[FIXED_COSTS, place] += added_up(p.fixed_cost_per_day, f.day, f.day + 1)
        if p.exists and p.kind == POOL_KIND:
            f.tally[TOOLS, place] += added_up(p.tool_cost_per_day, f.day, f.day + 1)
        if p.on and p.kind == POOL_KIND:
            u = uniform(day_key(p.key, f.day, PERK), 0)
            f.tally[PERKS, place] += cents_drawn(u, f.members_after[place] * p.perk_cost_per_member_month / MONTH)
