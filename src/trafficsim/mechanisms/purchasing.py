"""Purchasing: needs arise, the brand is recalled or not, chosen over rivals or not, through one of its channels."""

import math
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from trafficsim.blocks import BLOCK, Scratch, draw_by, flag_equal, select
from trafficsim.columns import NEVER, Bought, Member, Mind, Roll, Story, Today, Traits
from trafficsim.compiled import fetch_ahead, number_at, part, rule
from trafficsim.memory import (
    ORGANIC,
    STORE,
    closer,
    debt_of,
    experienced,
    fade,
    faded,
    is_member,
    meet,
    open_need,
    owe,
    recall_now,
    touch,
)
from trafficsim.metrics import COHORT_DAYS
from trafficsim.places import POOL_KIND, STORE_KIND, branch_of, is_open
from trafficsim.quantities import Days, Parameters, Score, Weight, setting
from trafficsim.records import Records
from trafficsim.rng import day_key, poisson, uniform, word
from trafficsim.roles import is_referred
from trafficsim.tally import (
    COMMISSION,
    COST_OF_GOODS,
    DELIVERED,
    DELIVERY,
    DISCOUNTS,
    FIRST_ORDERS,
    FIRST_ORDERS_TOUCHED,
    GROSS_SALES,
    MARGIN_BY_HOOK,
    MARGIN_FROM,
    MARGIN_OF_COHORT,
    MARGIN_OF_NEW,
    NEEDS,
    ORDERS,
    ORDERS_FROM,
    ORDERS_OF_COHORT,
    PARTNER_PAY,
    RECALLED,
    Tally,
    cents,
    cents_drawn,
)

NEED, DELAY, REPAY, DECIDE = 0, 1, 2, 3
RECALL, CHOICE, CHANNEL, HANDOVER, SLOT = 0, 1, 2, 3, 4
PARTS = 0
"""A draw of the product: where parts of a cent go."""
ANYWHERE = -1
"""In place of a slot's name: the offer holds whenever and wherever the customer buys."""
MOST_DRAWN = 700.0
"""Beyond it exp is no number any more; a slot that draws so much more than another has all orders long before."""


class Purchasing(Parameters):
    """How an occasion becomes an order, and what an order leaves behind."""

    open_days: Annotated[int, Field(ge=1, le=60)] = setting(
        "a need is decided on a day drawn evenly from so many days, its first included", default=3
    )
    forgetting: bool = setting("off: the brand always comes to mind (for the NBD law and for monopolies)", default=True)
    intercept: Weight = setting("choice of the brand over rivals at fit 0.5, no trust, usual price", default=-2.2)
    per_fit: Weight = setting("weight of fit above one half", default=2.0)
    per_trust: Weight = setting("weight of trust", default=1.5)
    per_discount: Weight = setting("weight of the discount beyond the usual one", default=2.0)
    per_discount_deal: Weight = setting("further weight for a fully deal-prone customer", default=10.0)
    channel_dissimilarity: Annotated[float, Field(gt=0, le=1)] = setting(
        "how different the brand's channels feel: the lower, the more orders go to the best of them (logit)",
        default=0.3,
        source="form: McFadden 1978; value assumed",
    )
    channel_variety: Score = setting(
        "what a further channel as good as the best adds to the choice of the brand: 0 nothing, 1 as much as a choice "
        "of its own kind (nested logit)",
        default=0.0,
        source="form: Ackerberg and Rysman 2005; assumed, since a channel that mimics another takes its sales"
        " (Deleersnyder et al. 2002)",
    )
    slot_dissimilarity: Annotated[float, Field(gt=0, le=10)] = setting(
        "how different the times of day feel: the higher, the fewer shift for an offer of one slot (logit)", default=1.0
    )
    trust_step: Score = setting("share of the gap between trust and satisfaction closed by an order", default=0.08)
    acquaintance: Score = setting("share of the gap to full acquaintance closed by an order", default=0.9)
    usual_discount_step: Score = setting("share of a deeper deal that becomes usual", default=0.3)
    usual_discount_half_life_days: Days = setting("half-life of the way back to the usual discount", default=180.0)


@rule
def discount_felt(
    discount: float, usual: float, deal_prone: float, per_discount: float, per_discount_deal: float
) -> float:
    """What a discount adds to the choice: only what goes beyond the usual one counts, and a missing one hurts."""
    return (per_discount + per_discount_deal * deal_prone) * (discount - usual)


@rule
def chosen_over_rivals(u: float, fit: float, trust: float, channels: float, pull: float, p: Records) -> bool:
    """Whether the brand is chosen: a logit of fit, trust and the worth of its channels against the rivals' pull."""
    logits = p.intercept + p.per_fit * (fit - 0.5) + p.per_trust * trust + channels - pull
    return u < 1.0 / (1.0 + math.exp(-logits))


@rule
def discount_now_usual(usual: float, taken: float, step: float) -> float:
    """The discount that a customer expects after taking one: deeper deals become usual, full prices change nothing."""
    return usual + step * max(taken - usual, 0.0)


@part
def purchase(
    day: int, first: int, last: int, demand: float, purchasing: Records, product: Records, rivals: Records,
    places: Records, slots: Records, posts: Records, memory: Records, partners: Records, traits: Traits, roll: Roll,
    mind: Mind, story: Story, bought: Bought, member: Member, today: Today, scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """Needs of customers first..last arise, and those due today are decided.

    Args:
        demand: needs of the day as a multiple of ordinary days.
        purchasing, product, rivals, places, slots, posts, memory, partners: settings of the day's period.
        roll, mind, story, bought, today, tally: written.
    """
    if not purchasing.on:
        return
    need = day_key(purchasing.key, day, NEED)
    decide, delay = day_key(purchasing.key, day, DECIDE), day_key(purchasing.key, day, DELAY)
    for lo in range(first, last, BLOCK):
        hi = min(lo + BLOCK, last)
        draw_by(scratch.flags, need, lo, hi, roll.need_rate, demand)  # at least those with an occasion
        n = select(scratch.chosen, scratch.flags, lo, hi)
        for k in range(n):
            arise(number_at(scratch.chosen, k), day, need, demand, delay, purchasing, roll)
        flag_equal(scratch.flags, roll.decide_on, day, lo, hi)
        n = select(scratch.chosen, scratch.flags, lo, hi)
        n = keep_recalled(scratch.chosen, n, day, decide, purchasing, memory, roll, mind, tally)
        for k in range(n):
            fetch_ahead(scratch.chosen, k, n, traits)
            fetch_ahead(scratch.chosen, k, n, bought)
            fetch_ahead(scratch.chosen, k, n, story)
            i = number_at(scratch.chosen, k)
            key, waiting = word(decide, i), 0
            for number in range(roll.open_needs[i]):
                tally[NEEDS, 0] += 1
                if uniform(word(key, RECALL), number) < chance_to_recall(i, day, purchasing, memory, mind):
                    tally[RECALLED, 0] += 1
                    waiting += decide_need(
                        i, day, number, key, purchasing, product, rivals, places, slots, posts, memory, partners,
                        traits, roll, mind, story, bought, member, today, scratch.worths, scratch.weights, tally,
                    )  # fmt: skip
            roll.open_needs[i] = np.uint8(waiting)


@part
def arise(i: int, day: int, need: np.uint64, demand: float, delay: np.uint64, purchasing: Records, roll: Roll) -> None:
    """Today's occasions of customer i, less those that an offer brought forward earlier, open as needs."""
    count = poisson(uniform(need, i), np.float64(roll.need_rate[i]) * demand)
    if roll.need_debt[i] > 0:
        count -= repaid(i, day, count, purchasing, roll)
    if count > 0:
        open_need(i, day, count, uniform(delay, i), purchasing.open_days, roll)


@part
def repaid(i: int, day: int, count: int, purchasing: Records, roll: Roll) -> int:
    """How many of customer i's occasions are owed to offers that brought them forward; the debt shrinks."""
    key, debt, fallen = word(day_key(purchasing.key, day, REPAY), i), debt_of(i, roll), 0
    for number in range(count):
        if debt > 0.0:
            share = min(debt, 1.0)
            debt -= share
            if uniform(key, number) < share:
                fallen += 1
    owe(i, debt, roll)
    return fallen


@part
def keep_recalled(
    chosen: NDArray[np.int64], n: int, day: int, decide: np.uint64, purchasing: Records, memory: Records, roll: Roll,
    mind: Mind, tally: Tally,
) -> int:  # fmt: skip
    """Keep those of the n first `chosen` to whom the brand comes to mind for any need of today; returns how many.

    The needs of all others end here: nearly all, so that only for the few that stay more has to be looked at.
    """
    left = 0
    for k in range(n):
        fetch_ahead(chosen, k, n, mind)
        i = number_at(chosen, k)
        key, chance = word(word(decide, i), RECALL), chance_to_recall(i, day, purchasing, memory, mind)
        needs, recalled = int(roll.open_needs[i]), 0
        for number in range(needs):
            recalled |= int(uniform(key, number) < chance)
        chosen[left] = i
        left += recalled
        tally[NEEDS, 0] += needs * (1 - recalled)
        roll.open_needs[i] = np.uint8(needs * recalled)
    return left


@part
def chance_to_recall(i: int, day: int, purchasing: Records, memory: Records, mind: Mind) -> float:
    """The chance that the brand comes to customer i's mind when a need is decided."""
    return recall_now(i, day, memory, mind) if purchasing.forgetting else 1.0


@part
def decide_need(
    i: int, day: int, number: int, key: np.uint64, purchasing: Records, product: Records, rivals: Records,
    places: Records, slots: Records, posts: Records, memory: Records, partners: Records, traits: Traits, roll: Roll,
    mind: Mind, story: Story, bought: Bought, member: Member, today: Today, worths: NDArray[np.float64],
    weights: NDArray[np.float64], tally: Tally,
) -> int:  # fmt: skip
    """One need of customer i, who recalls the brand: is it chosen over rivals, and where is it bought?

    At a store with slots it only wants a seat; `seating` makes it an order, or loses it. Returns 1 then: it stays open.
    """
    usual = usual_now(i, day, purchasing, memory, mind, bought)
    offer, only = offer_in_hand(i, day, posts, bought), slot_of_offer(i, day, posts, bought)
    inclusive = channel_worths(i, offer, only, usual, worths, purchasing, places, slots, traits, member)
    u = uniform(word(key, CHOICE), number)
    if chosen_over_rivals(u, np.float64(traits.fit[i]), np.float64(mind.trust[i]), inclusive, rivals.pull, purchasing):
        place = pick_channel(uniform(word(key, CHANNEL), number), worths, places.size)
        delivered = uniform(word(key, HANDOVER), number) < places[place].delivers
        if places[place].has_slots and not delivered:
            u = uniform(word(key, SLOT), number)
            slot = pick_slot(u, i, place, offer, only, usual, weights, purchasing, places, slots, traits)
            want_seat(i, slot, today)
            return 1
        discount = discount_at(offer if only == ANYWHERE else 0.0, places[place])
        order(
            i, day, place, discount, usual, delivered, purchasing, product, places, memory, partners,
            traits, roll, mind, story, bought, member, today, tally,
        )  # fmt: skip
    return 0


@part
def want_seat(i: int, slot: int, today: Today) -> None:
    """Note that customer i wants a seat. Who needs several things on one day comes once, to the first one's slot."""
    if today.wish[i] == 0:
        today.wish[i] = np.uint8(slot + 1)


@part
def usual_now(i: int, day: int, purchasing: Records, memory: Records, mind: Mind, bought: Bought) -> float:
    """The discount that customer i expects today: on its way back to what is usual in the field."""
    above = np.float64(mind.usual_discount[i]) - memory.usual_discount
    days = np.float64(day) - np.float64(bought.last_order_on[i])
    return memory.usual_discount + faded(above, days, purchasing.usual_discount_half_life_days)


@part
def offer_in_hand(i: int, day: int, posts: Records, bought: Bought) -> float:
    """The discount of an offer that customer i read and can still use, else 0."""
    if bought.offer[i] == 0 or bought.offer_until[i] <= day:
        return 0.0
    return posts[int(bought.offer[i]) - 1].discount


@part
def slot_of_offer(i: int, day: int, posts: Records, bought: Bought) -> int:
    """The name of the only slot in which customer i's offer in hand holds, ANYWHERE if it holds everywhere."""
    if bought.offer[i] == 0 or bought.offer_until[i] <= day:
        return ANYWHERE
    return posts[int(bought.offer[i]) - 1].slot


@rule
def discount_at(offer: float, place: Records) -> float:
    """The better of the offer in hand and the place's standing discount."""
    return max(offer, place.discount)


@part
def channel_worths(
    i: int, offer: float, only: int, usual: float, worths: NDArray[np.float64], purchasing: Records, places: Records,
    slots: Records, traits: Traits, member: Member,
) -> float:  # fmt: skip
    """Write how much customer i is drawn to each open channel (0 elsewhere); return what all are worth together.

    Minus infinity if nothing is open. `only` is the slot to which the offer is confined, or ANYWHERE.
    """
    best, anywhere = -math.inf, offer if only == ANYWHERE else 0.0
    for place in range(places.size):
        p = places[place]
        worths[place] = -math.inf
        if p.on and p.sells and reachable(i, p, traits, member):
            if only != ANYWHERE and p.has_slots:
                felt = felt_over_slots(i, place, offer, only, usual, purchasing, places, slots, traits)
            else:
                felt = felt_by(i, discount_at(anywhere, p), usual, purchasing, traits)
            worths[place] = felt + p.convenience
            best = max(best, worths[place])
    for place in range(places.size):
        worths[place] = drawn_to(worths[place], best, purchasing.channel_dissimilarity)
    return worth_together(best, worths, places.size, purchasing)


@rule
def drawn_to(worth: float, best: float, dissimilarity: float) -> float:
    """How much a customer is drawn to a channel, as a multiple of the best one: exp of the gap / dissimilarity.

    Orders are shared in proportion: the lower level of a nested logit (McFadden 1978, "Modelling the choice of
    residential location").
    """
    return math.exp((worth - best) / dissimilarity) if worth > -math.inf else 0.0


@part
def worth_together(best: float, drawn: NDArray[np.float64], places: int, purchasing: Records) -> float:
    """What several channels are worth together: the best of them, and a share of the variety that a logit sees in more.

    A logit takes each further alternative for one of another kind: two doors alike would win customers from rivals by
    their number. How much of that is true is a parameter (Ackerberg and Rysman 2005, "Unobserved product
    differentiation in discrete-choice models"). Where none of it is, a door alike adds nothing, a better one what it is
    better by, and a worse one takes nothing away.
    """
    total = 0.0
    for place in range(places):
        total += drawn[place]
    if total <= 1.0:  # one channel, or none
        return best
    return best + purchasing.channel_variety * purchasing.channel_dissimilarity * math.log(total)


@part
def felt_by(i: int, discount: float, usual: float, purchasing: Records, traits: Traits) -> float:
    """What a discount adds to the choice of customer i."""
    prone = np.float64(traits.deal_prone[i])
    return discount_felt(discount, usual, prone, purchasing.per_discount, purchasing.per_discount_deal)


@part
def slot_discount(row: int, offer: float, only: int, places: Records, slots: Records) -> float:
    """The discount in a slot: the standing one of its store, or an offer that holds in this slot."""
    p = places[int(slots[row].store)]
    return discount_at(offer if only == ANYWHERE or only == slots[row].name else 0.0, p)


@rule
def drawn_to_slot(share: float, more: float, dissimilarity: float) -> float:
    """How much customers are drawn to a slot: its share of demand, times exp of what is felt more / dissimilarity."""
    return share * math.exp(min(max(more / dissimilarity, -MOST_DRAWN), MOST_DRAWN))


@part
def slot_weight(
    row: int, i: int, offer: float, only: int, usual: float, purchasing: Records, places: Records, slots: Records,
    traits: Traits,
) -> float:  # fmt: skip
    """How much customer i is drawn to a slot by what is felt there beyond the store's standing discount."""
    if not slots[row].on:
        return 0.0
    standing = places[int(slots[row].store)].discount
    felt = felt_by(i, slot_discount(row, offer, only, places, slots), usual, purchasing, traits)
    more = felt - felt_by(i, standing, usual, purchasing, traits)
    return drawn_to_slot(slots[row].share, more, purchasing.slot_dissimilarity)


@part
def felt_over_slots(
    i: int, place: int, offer: float, only: int, usual: float, purchasing: Records, places: Records, slots: Records,
    traits: Traits,
) -> float:  # fmt: skip
    """What discounts that differ by slot add to the choice of a store: the inclusive value of its slots.

    Slots weigh by their shares, which sum to 1, so that cutting a day into more of them adds nothing (Ben-Akiva and
    Lerman 1985, "Discrete choice analysis", on the size of alternatives).
    """
    total = 0.0
    for row in range(slots.size):
        if slots[row].store == place:
            total += slot_weight(row, i, offer, only, usual, purchasing, places, slots, traits)
    standing = felt_by(i, places[place].discount, usual, purchasing, traits)
    return standing + purchasing.slot_dissimilarity * math.log(total)


@part
def pick_slot(
    u: float, i: int, place: int, offer: float, only: int, usual: float, weights: NDArray[np.float64],
    purchasing: Records, places: Records, slots: Records, traits: Traits,
) -> int:  # fmt: skip
    """The slot of a store that a uniform draw picks in proportion to the weights, which are written."""
    for row in range(slots.size):
        weights[row] = 0.0
        if slots[row].store == place:
            weights[row] = slot_weight(row, i, offer, only, usual, purchasing, places, slots, traits)
    return pick_channel(u, weights, slots.size)


@part
def reachable(i: int, place: Records, traits: Traits, member: Member) -> bool:
    """Whether customer i can order at a place that sells: a pool as its member, a store if the home branch is open."""
    if place.kind == POOL_KIND:
        return is_member(i, int(place.pool), member)
    return place.kind != STORE_KIND or is_open(branch_of(int(traits.home[i]), place.branches), place.open_branches)


@part
def pick_channel(u: float, worths: NDArray[np.float64], places: int) -> int:
    """The channel (or slot) that a uniform draw picks in proportion to the worths; -1 if all are 0."""
    total = 0.0
    for place in range(places):
        total += worths[place]
    left, pick = u * total, -1
    for place in range(places):
        if worths[place] > 0.0:
            pick = place
            left -= worths[place]
            if left < 0.0:
                break
    return pick


@part
def order(
    i: int, day: int, place: int, discount: float, usual: float, delivered: bool, purchasing: Records, product: Records,
    places: Records, memory: Records, partners: Records, traits: Traits, roll: Roll, mind: Mind, story: Story,
    bought: Bought, member: Member, today: Today, tally: Tally,
) -> int:  # fmt: skip
    """Customer i orders: the line is booked, and buying leaves its mark on memory, trust and habit.

    Returns the cents paid.
    """
    if story.aware_on[i] == NEVER:  # without forgetting also strangers order
        touch(story, i, day, STORE if places[place].kind == STORE_KIND else ORGANIC, tally)
    paid = book(
        i, day, place, discount, delivered, product, places, partners, traits, roll, story, bought, member, tally
    )  # fmt: skip
    fade(mind, i, day, memory)
    mind.salience[i] = 1.0
    mind.acquaintance[i] = closer(np.float64(mind.acquaintance[i]), 1.0, purchasing.acquaintance)
    satisfaction = experienced(product.quality, np.float64(traits.fit[i]))
    mind.trust[i] = closer(np.float64(mind.trust[i]), satisfaction, purchasing.trust_step)
    mind.usual_discount[i] = discount_now_usual(usual, discount, purchasing.usual_discount_step)
    meet(i, place, places, story, today)
    today.served[i] = np.uint8(place + 1)
    if bought.orders[i] == 0:
        bought.first_order_on[i] = np.int16(day)
    bought.orders[i] += np.uint32(1)
    bought.last_order_on[i] = np.int16(day)
    return paid


@part
def book(
    i: int, day: int, place: int, discount: float, delivered: bool, product: Records, places: Records,
    partners: Records, traits: Traits, roll: Roll, story: Story, bought: Bought, member: Member, tally: Tally,
) -> int:  # fmt: skip
    """Book an order line in whole cents; returns what the customer pays.

    Customers pay whole cents; what the brand pays has parts of a cent rounded by the order's draw.
    """
    p, route, u = places[place], int(story.route[i]), uniform(day_key(product.key, day, PARTS), i)
    gross = cents(product.price * np.float64(traits.basket[i]))
    cut = cents(gross * discount)
    goods = cents_drawn(u, product.unit_cost * np.float64(traits.basket[i]))
    kept = cents_drawn(u, (gross - cut) * p.commission)
    delivery = cents_drawn(u, p.delivery_cost) if delivered else 0
    margin = gross - cut - goods - kept - delivery
    tally[ORDERS, place] += 1
    tally[ORDERS_FROM, route] += 1
    tally[GROSS_SALES, place] += gross
    tally[DISCOUNTS, place] += cut
    tally[COST_OF_GOODS, place] += goods
    tally[COMMISSION, place] += kept
    tally[DELIVERY, place] += delivery
    tally[DELIVERED, place] += int(delivered)
    tally[MARGIN_FROM, route] += margin
    if partners.on and is_referred(i, day, partners, roll, story):
        tally[PARTNER_PAY, 0] += cents_drawn(u, (gross - cut) * partners.share_of_order)
    bought.spend[i] += np.int64(gross - cut)
    if bought.orders[i] == 0:
        tally[FIRST_ORDERS, route] += 1
        tally[FIRST_ORDERS_TOUCHED, int(story.last_touch[i])] += 1
    if bought.orders[i] == 0 or bought.first_order_on[i] >= 0:
        tally[MARGIN_OF_NEW, route] += margin
    book_origin(i, day, margin, bought, member, tally)
    return gross - cut


@part
def book_origin(i: int, day: int, margin: int, bought: Bought, member: Member, tally: Tally) -> None:
    """Book an order to the hook of each pool joined, and to the cohort of the first order if that was in the run.

    Comes before the order is written into the purchase history.
    """
    for pool in range(member.hook.shape[0]):
        if member.hook[pool, i] > 0:
            tally[MARGIN_BY_HOOK, int(member.hook[pool, i]) - 1] += margin
    first_order_on = day if bought.orders[i] == 0 else int(bought.first_order_on[i])
    if first_order_on >= 0:
        cohort = first_order_on // COHORT_DAYS
        tally[ORDERS_OF_COHORT, cohort] += 1
        tally[MARGIN_OF_COHORT, cohort] += margin
