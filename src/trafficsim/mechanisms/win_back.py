"""Win-back: those who quit a pool are asked once more, at a cost; who declines, or quits again, is gone for good."""

import numpy as np
from numpy.typing import NDArray

from trafficsim.blocks import (
    BLOCK,
    QUITTERS,
    Flags,
    Marks,
    Scratch,
    add_mark,
    clear_marks,
    listed,
    put_in_order,
    select,
)
from trafficsim.capacity import finds_room, left_of, reserved, use
from trafficsim.columns import BACK, GONE, QUIT, Member, Mind, Sizes, Story, Traits, Units
from trafficsim.compiled import allocating, kernel, number_at, part, rule
from trafficsim.mechanisms.hooks import takes
from trafficsim.mechanisms.joining import (
    NEW,
    NO_UNIT,
    RETURNING,
    ROUNDING,
    adds_of,
    count_members,
    move_in,
    seats,
    unit_room,
    unit_with_room,
    units_allowed,
)
from trafficsim.places import CONTACT_FORM, POOL_KIND
from trafficsim.quantities import Days, Money, Parameters, Strength, Weight, setting
from trafficsim.records import Records
from trafficsim.rng import day_key, uniform, word
from trafficsim.tally import WIN_BACK, WON_BACK, Tally, cents_drawn

ASK, ORDER, TASTE, COST, CHANCE = 0, 1, 2, 3, 4


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


@part
def find_quitters(
    day: int, first: int, last: int, asking: Records, joining: Records, places: Records, member: Member, marks: Marks,
    scratch: Scratch,
) -> None:  # fmt: skip
    """Mark those of customers first..last who quit a pool and whose turn to be asked has come.

    Args:
        asking, joining, places: settings of the day's period.
        marks: written.
    """
    if not (asking.on and joining.on):
        return
    clear_marks(marks, QUITTERS, first, last)
    for place in range(places.size):
        p = places[place]
        if p.on and p.kind == POOL_KIND:
            ask, pool = day_key(word(asking.key, p.key), day, ASK), int(p.pool)
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_quitters(scratch.flags, pool, member, lo, hi)
                n = select(scratch.chosen, scratch.flags, lo, hi)
                for k in range(n):
                    if is_due(number_at(scratch.chosen, k), pool, ask, asking, member):
                        add_mark(marks, QUITTERS, number_at(scratch.chosen, k))


@part
def is_due(i: int, pool: int, ask: np.uint64, asking: Records, member: Member) -> bool:
    """Whether customer i quit, is not back, and has a turn to be asked today."""
    return bool(member.status[pool, i] == QUIT) and uniform(ask, i) * asking.after_days < 1.0


@kernel
def flag_quitters(flags: Flags, pool: int, member: Member, lo: int, hi: int) -> None:
    """Set `flags[j]` where customer `lo + j` quit a pool and was not asked since."""
    for j in range(hi - lo):
        flags[j] = np.uint8(member.status[pool, np.uint64(lo + j)] == np.uint8(QUIT))


@allocating
def win_back(
    day: int, window: Records, asking: Records, product: Records, joining: Records, places: Records, staff: Records,
    memory: Records, traits: Traits, mind: Mind, story: Story, member: Member, marks: Marks, sizes: Sizes, units: Units,
    tally: Tally,
) -> None:  # fmt: skip
    """Some of those who quit are asked once more, as long as there is room for them; takers are back at once.

    One serial step, after today's joiners have found their places.

    Args:
        window: the days that share the time of staff (see `calendar.windows`).
        asking, product, joining, places, staff, memory: settings of the day's period.
        marks: by `find_quitters`.
        mind, story, member, sizes, units, tally: written.
    """
    if not (asking.on and joining.on):
        return
    quitters = listed(marks, QUITTERS)
    for place in range(places.size):
        p = places[place]
        if p.on and p.kind == POOL_KIND:
            key = word(asking.key, p.key)
            queue = due(day, int(p.pool), key, quitters, asking, member)
            if queue.size > 0:
                ask_again(
                    day, window, place, queue, key, asking, product, joining, places, staff, memory,
                    traits, mind, story, member, sizes, units, tally,
                )  # fmt: skip


@allocating
def due(
    day: int, pool: int, key: np.uint64, quitters: NDArray[np.int64], asking: Records, member: Member
) -> NDArray[np.int64]:
    """Those whose turn to be asked has come, in an order drawn for the day; shape `(due,)`."""
    ids, order = np.empty(quitters.size, np.int64), np.empty(quitters.size, np.float64)
    count = find_due(ids, order, pool, day_key(key, day, ASK), day_key(key, day, ORDER), quitters, asking, member)
    put_in_order(ids, order, count)
    return ids[:count]


@part
def find_due(
    ids: NDArray[np.int64], order: NDArray[np.float64], pool: int, ask: np.uint64, by: np.uint64,
    quitters: NDArray[np.int64], asking: Records, member: Member,
) -> int:  # fmt: skip
    """Write whose turn has come in this pool, and the draw by which they are ordered; returns how many there are."""
    count = 0
    for k in range(quitters.size):
        i = number_at(quitters, k)
        if is_due(i, pool, ask, asking, member):
            ids[count], order[count] = i, uniform(by, i)
            count += 1
    return count


@part
def ask_again(
    day: int, window: Records, place: int, queue: NDArray[np.int64], key: np.uint64, asking: Records, product: Records,
    joining: Records, places: Records, staff: Records, memory: Records,
    traits: Traits, mind: Mind, story: Story, member: Member, sizes: Sizes, units: Units, tally: Tally,
) -> None:  # fmt: skip
    """Ask those in the queue one after another; nobody is asked, or paid for, without a place to offer."""
    p = places[place]
    pool, unit, taste = int(p.pool), NO_UNIT, word(key, TASTE)
    allowed, room = units_allowed(place, places, staff, mind.trust.size), unit_room(place, places, staff)
    luck, chance = uniform(p.key, ROUNDING), day_key(key, day, CHANCE)
    free = seats(place, places, staff) - count_members(pool, sizes)
    adds, kept = adds_of(place, window, places, staff), reserved(pool, NEW, window, units)
    for k in range(queue.size):
        i = number_at(queue, k)
        left = left_of(adds, pool, window, units) - kept
        unit = unit_with_room(sizes, pool, allowed, room, luck, unit, p.form == CONTACT_FORM)
        if unit == NO_UNIT or free <= 0 or left <= 0.0:
            break
        if not finds_room(uniform(chance, i), left, reserved(pool, RETURNING, window, units)):
            continue
        tally[WIN_BACK, place] += cents_drawn(uniform(word(taste, COST), i), asking.cost)
        worth = asking.worth / product.price
        logits = appeal_of_return(np.float64(mind.trust[i]), worth, np.float64(traits.deal_prone[i]), asking)
        if takes(uniform(taste, i), logits):
            move_in(i, BACK, day, place, unit, joining, places, memory, mind, story, member, sizes)
            use(pool, window, units)
            units.used[pool, RETURNING] += 1
            free -= 1
            tally[WON_BACK, place] += 1
        else:
            member.status[pool, i] = GONE
