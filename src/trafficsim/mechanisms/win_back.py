"""Win-back: those who quit a pool are asked once more, at a cost; who declines, or quits again, is gone for good."""

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import WIN_BACK, WON_BACK
from trafficsim.books.tally import cents_drawn
from trafficsim.compiled import allocating, part, rule
from trafficsim.kernel.blocks import (
    BLOCK,
    QUITTERS,
    Flags,
    clear_mask,
    listed,
    mask_one,
    put_in_order,
    select,
)
from trafficsim.kernel.columns import BACK, GONE, QUIT
from trafficsim.kernel.draws import ASK, ASK_CHANCE, ASK_COST, ASK_TASTE, ORDER, PLACE_ROUNDING
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records
from trafficsim.kernel.rng import day_key, uniform, word
from trafficsim.market.places import CONTACT_FORM, POOL_KIND
from trafficsim.market.quantities import (
    AudienceName,
    Days,
    Money,
    Parameters,
    Phrase,
    Strength,
    Weight,
    setting,
)
from trafficsim.mechanisms.hooks import appeal_of_worth, share_of_price, takes
from trafficsim.mechanisms.joining import (
    NEW,
    NO_UNIT,
    RETURNING,
    adds_of,
    count_members,
    move_in,
    seats,
    unit_room,
    unit_with_room,
    units_allowed,
)
from trafficsim.mechanisms.shared.audiences import belongs_to
from trafficsim.mechanisms.shared.capacity import finds_room, left_of, reserved, use


class WinBack(Parameters):
    """Asking those who left once more."""

    after_days: Days = setting("mean days from leaving to being asked")
    to: AudienceName | None = setting(
        "who is asked; everybody unless given",
        default=None,
        phrase=Phrase("only “{value}” are asked", "只邀请“{value}”"),
    )
    worth: Money = setting("what it is worth to the customer", default=0.0)
    cost: Money = setting("what asking costs the brand, whatever the answer", default=0.0)
    intercept: Weight = setting("appeal of coming back", default=-3.2)
    per_trust: Weight = setting("appeal per unit of trust", default=2.5)
    per_worth: Weight = setting("appeal of worth far above the price, per unit of deal proneness", default=2.0)
    worth_half: Strength = setting("worth, as a share of the price, with half of that appeal", default=0.2)


@rule
def appeal_of_return(trust: float, worth: float, deal_prone: float, p: Records) -> float:
    """How much coming back appeals, in logits; `worth` is a share of the product's price, its appeal saturates."""
    felt = appeal_of_worth(worth, p.worth_half, p.per_worth, deal_prone)
    return p.intercept + p.per_trust * trust + felt


@rule
def is_asked_again(u: float, status: int, after_days: float) -> bool:
    """Whether it is somebody's turn to be asked today: of those who quit, one in so many is asked each day."""
    return status == QUIT and u * after_days < 1.0


@rule
def can_be_offered(unit: int, free: float, left: float) -> bool:
    """Whether there is a place to offer: a unit with room, a seat in the pool, and time of its staff."""
    return unit != NO_UNIT and free > 0 and left > 0.0


@step
def find_quitters(f: Frame, first: int, last: int) -> None:
    """Mark those of customers first..last who quit a pool and whose turn to be asked has come."""
    if not (f.win_back.on and f.joining.on):
        return
    clear_mask(f.masks, QUITTERS, first, last)
    for place in range(f.places.size):
        p = f.places[place]
        if p.on and p.kind == POOL_KIND:
            ask, pool = day_key(word(f.win_back.key, p.key), f.day, ASK), p.pool
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_quitters(f, f.flags, pool, lo, hi)
                n = select(f.chosen, f.flags, lo, hi)
                for i in each_of(f.chosen, n):
                    if is_due(f, i, pool, ask):
                        mask_one(f.masks, QUITTERS, i)


@part
def is_due(f: Frame, i: int, pool: int, ask: np.uint64) -> bool:
    """Whether customer i quit, is not back, is to be asked at all, and has a turn today.

    Nobody has on the day of joining: who leaves at once with a gift is found from the next day on.
    """
    due = is_asked_again(uniform(ask, i), f.member.status[pool, i], f.win_back.after_days)
    return due and f.member.joined_on[pool, i] < f.day and belongs_to(f, i, f.win_back.to)


@part
def flag_quitters(f: Frame, flags: Flags, pool: int, lo: int, hi: int) -> None:
    """Set `flags[j]` where customer `lo + j` quit a pool and was not asked since."""
    for j in range(hi - lo):
        flags[j] = f.member.status[pool, lo + j] == QUIT


@step
def win_back(f: Frame) -> None:
    """Some of those who quit are asked once more, as long as there is room for them; takers are back at once.

    One serial step, after today's joiners have found their places.
    """
    if not (f.win_back.on and f.joining.on):
        return
    quitters = listed(f.masks, QUITTERS)
    for place in range(f.places.size):
        p = f.places[place]
        if p.on and p.kind == POOL_KIND:
            key = word(f.win_back.key, p.key)
            queue = due(f, p.pool, key, quitters)
            if queue.size > 0:
                ask_again(f, place, queue, key)


@allocating
def due(f: Frame, pool: int, key: np.uint64, quitters: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those whose turn to be asked has come, in an order drawn for the day; shape `(due,)`."""
    ids, order = np.empty(quitters.size, np.int64), np.empty(quitters.size, np.float64)
    count = find_due(f, ids, order, pool, day_key(key, f.day, ASK), day_key(key, f.day, ORDER), quitters)
    put_in_order(ids, order, count)
    return ids[:count]


@part
def find_due(
    f: Frame,
    ids: NDArray[np.int64],
    order: NDArray[np.float64],
    pool: int,
    ask: np.uint64,
    by: np.uint64,
    quitters: NDArray[np.int64],
) -> int:
    """Write whose turn has come in this pool, and the draw by which they are ordered; returns how many there are."""
    count = 0
    for i in each_of(quitters, quitters.size):
        if is_due(f, i, pool, ask):
            ids[count], order[count] = i, uniform(by, i)
            count += 1
    return count


@part
def ask_again(f: Frame, place: int, queue: NDArray[np.int64], key: np.uint64) -> None:
    """Ask those in the queue one after another; nobody is asked, or paid for, without a place to offer."""
    p = f.places[place]
    pool, unit, taste = p.pool, NO_UNIT, word(key, ASK_TASTE)
    allowed, room = units_allowed(f, place), unit_room(f, place)
    rounding, chance = uniform(p.key, PLACE_ROUNDING), day_key(key, f.day, ASK_CHANCE)
    free = seats(f, place) - count_members(f, pool)
    adds, kept = adds_of(f, place), reserved(f, pool, NEW)
    for i in each_of(queue, queue.size):
        left = left_of(f, adds, pool) - kept
        unit = unit_with_room(f, pool, allowed, room, rounding, unit, p.form == CONTACT_FORM)
        if not can_be_offered(unit, free, left):
            break
        if not finds_room(uniform(chance, i), left, reserved(f, pool, RETURNING)):
            continue
        f.tally[WIN_BACK, place] += cents_drawn(uniform(word(taste, ASK_COST), i), f.win_back.cost)
        worth = share_of_price(f.win_back.worth, f.product.market_price)
        logits = appeal_of_return(f.mind.trust[i], worth, f.traits.deal_prone[i], f.win_back)
        if takes(uniform(taste, i), logits):
            move_in(f, i, BACK, place, unit)
            use(f, pool)
            f.units.used[pool, RETURNING] += 1
            free -= 1
            f.tally[WON_BACK, place] += 1
        else:
            f.member.status[pool, i] = GONE
