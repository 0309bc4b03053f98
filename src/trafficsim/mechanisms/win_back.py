"""Win-back: those who quit a pool are asked once more, at a cost; who declines, or quits again, is gone for good."""

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import marked, put_in_order
from trafficsim.columns import BACK, GONE, QUIT, Member, Mind, Sizes, Story, Traits
from trafficsim.compiled import allocating, number_at, part, rule
from trafficsim.mechanism import Records
from trafficsim.mechanisms.hooks import takes
from trafficsim.mechanisms.joining import (
    NO_UNIT,
    adds_today,
    count_members,
    move_in,
    seats,
    unit_room,
    unit_with_room,
    units_allowed,
)
from trafficsim.places import CONTACT_FORM, POOL_KIND
from trafficsim.quantities import Days, Money, Parameters, Strength, Weight, setting
from trafficsim.rng import day_key, uniform, word
from trafficsim.tally import JOINED, WIN_BACK, WON_BACK, Tally, cents

ASK, ORDER, TASTE = 0, 1, 2


class WinBack(Parameters):
    """Asking those who left once more."""

    after_days: Days = setting("mean days from leaving to being asked")
    worth: Money = setting("what it is worth to the customer", default=0.0)
    cost: Money = setting("what asking costs the brand, whatever the answer", default=0.0)
    intercept: Weight = setting("appeal of coming back", default=-3.2)
    per_trust: Weight = setting("appeal per unit of trust", default=2.5)
    per_worth: Weight = setting("appeal of worth far above the price, per unit of deal proneness", default=2.0)
    worth_half: Strength = setting("worth, as a share of the price, with half of that appeal", default=0.2)


@rule
def appeal_of_return(trust: float, worth: float, deal_prone: float, p: Records) -> float:
    """How much coming back appeals, in logits; `worth` is a share of the product's price, its appeal saturates."""
    felt = p.per_worth * deal_prone * worth / (worth + p.worth_half) if worth > 0.0 else 0.0
    return p.intercept + p.per_trust * trust + felt


@allocating
def win_back(
    day: int, asking: Records, product: Records, joining: Records, places: Records, staff: Records, memory: Records,
    traits: Traits, mind: Mind, story: Story, member: Member, sizes: Sizes, tally: Tally,
) -> None:  # fmt: skip
    """Some of those who quit are asked once more, as long as there is room for them; takers are back at once.

    One serial step, after today's joiners have found their places.

    Args:
        asking, product, joining, places, staff, memory: settings of the day's period.
        mind, story, member, sizes, tally: written.
    """
    if not (asking.on and joining.on):
        return
    for place in range(places.size):
        p = places[place]
        if p.on and p.kind == POOL_KIND:
            key = word(asking.key, p.key)
            queue = due(day, int(p.pool), key, asking.after_days, member)
            if queue.size > 0:
                ask_again(
                    day, place, queue, word(key, TASTE), asking, product, joining, places, staff, memory,
                    traits, mind, story, member, sizes, tally,
                )  # fmt: skip


@allocating
def due(day: int, pool: int, key: np.uint64, after_days: float, member: Member) -> NDArray[np.int64]:
    """Those whose turn to be asked has come, in an order drawn for the day; shape `(due,)`."""
    ids = marked(member.status[pool], QUIT)
    order = np.empty(ids.size, np.float64)
    count = find_due(ids, order, pool, day_key(key, day, ASK), day_key(key, day, ORDER), after_days, member)
    put_in_order(ids, order, count)
    return ids[:count]


@part
def find_due(
    ids: NDArray[np.int64], order: NDArray[np.float64], pool: int, ask: np.uint64, by: np.uint64, after_days: float,
    member: Member,
) -> int:  # fmt: skip
    """Keep the numbers of those who quit and whose turn has come, with the draw by which they are ordered; how many."""
    count = 0
    for k in range(ids.size):
        i = number_at(ids, k)
        if member.status[pool, i] == QUIT and uniform(ask, i) * after_days < 1.0:  # not those who are back
            ids[count], order[count] = i, uniform(by, i)
            count += 1
    return count


@part
def ask_again(
    day: int, place: int, queue: NDArray[np.int64], taste: np.uint64, asking: Records, product: Records,
    joining: Records, places: Records, staff: Records, memory: Records,
    traits: Traits, mind: Mind, story: Story, member: Member, sizes: Sizes, tally: Tally,
) -> None:  # fmt: skip
    """Ask those in the queue one after another; nobody is asked, or paid for, without a place to offer."""
    p = places[place]
    pool, unit = int(p.pool), NO_UNIT
    units, room = units_allowed(place, places, staff, mind.trust.size), unit_room(place, places, staff)
    adds = adds_today(day, place, places, staff) - tally[JOINED, place]
    free = min(adds, seats(place, places, staff) - count_members(pool, sizes))
    for k in range(queue.size):
        i = number_at(queue, k)
        unit = unit_with_room(sizes, pool, units, room, unit, p.form == CONTACT_FORM)
        if unit == NO_UNIT or free <= 0:
            break
        tally[WIN_BACK, place] += cents(asking.cost)
        worth = asking.worth / product.price
        logits = appeal_of_return(np.float64(mind.trust[i]), worth, np.float64(traits.deal_prone[i]), asking)
        if takes(uniform(taste, i), logits):
            move_in(i, BACK, day, place, unit, joining, places, memory, mind, story, member, sizes)
            free -= 1
            tally[WON_BACK, place] += 1
        else:
            member.status[pool, i] = GONE
