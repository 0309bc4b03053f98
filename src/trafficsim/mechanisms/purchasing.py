"""Purchasing: needs arise, the brand is recalled or not, chosen over rivals or not, through one of its channels."""

import math
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from trafficsim.books.counters import (
    COMMISSION,
    COST_OF_GOODS,
    DELIVERED,
    DELIVERY,
    DISCOUNTS,
    FIRST_ORDERS,
    FIRST_ORDERS_OF_REGION,
    FIRST_ORDERS_TOUCHED,
    GROSS_SALES,
    MADE_AHEAD,
    MARGIN_BY_HOOK,
    MARGIN_FROM,
    MARGIN_OF_COHORT,
    MARGIN_OF_NEW,
    MARGIN_OF_REGION,
    NEEDS,
    ORDERS,
    ORDERS_FROM,
    ORDERS_OF_COHORT,
    ORDERS_OF_REGION,
    PARTNER_PAY,
    PERKS,
    RECALLED,
    SALES_OF_REGION,
    SECOND_ORDERS,
    STORE_ORDERS_OF_REGION,
)
from trafficsim.books.metrics import COHORT_DAYS
from trafficsim.books.routes import ORGANIC, STORE
from trafficsim.books.tally import cents, cents_drawn
from trafficsim.compiled import part, rule
from trafficsim.kernel.blocks import BLOCK, draw_by, flag_equal, select
from trafficsim.kernel.columns import BEFORE_START, NEVER
from trafficsim.kernel.draws import CHANNEL, CHOICE, DECIDE, DELAY, HANDOVER, NEED, PARTS, RECALL, REPAY, SLOT
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records
from trafficsim.kernel.rng import day_key, poisson, uniform, word
from trafficsim.market.places import POOL_KIND, STORE_KIND, branch_of, is_open
from trafficsim.market.quantities import Days, Parameters, Score, Share, Weight, setting
from trafficsim.mechanisms.shared.memory import (
    closer,
    debt_of,
    experienced,
    fade,
    faded,
    is_away,
    is_member,
    meet,
    open_need,
    owe,
    recall_now,
    touch,
)
from trafficsim.mechanisms.shared.regions import region_of
from trafficsim.mechanisms.shared.roles import is_referred
from trafficsim.mechanisms.tiers import book_tiers, convenience_for

ANYWHERE = -1
"""In place of a slot's name: the offer holds whenever and wherever the customer buys."""
STOCK_PARTS = 100.0
"""Parts of an order in which `stock` is told."""
MOST_DRAWN = 700.0
"""Beyond it exp is no number any more; a slot that draws so much more than another has all orders long before."""


class Purchasing(Parameters):
    """How an occasion becomes an order, and what an order leaves behind."""

    open_days: Annotated[int, Field(ge=1, le=60)] = setting(
        "a need is decided on a day drawn evenly from so many days, its first included", default=3
    )
    forgetting: bool = setting("off: the brand always comes to mind (for the NBD law and for monopolies)", default=True)
    intercept: Weight = setting("choice of the brand over rivals at fit 0.5, no trust, expected price", default=-2.7)
    per_fit: Weight = setting("weight of fit above one half", default=2.0)
    per_trust: Weight = setting("weight of trust", default=1.5)
    per_price: Weight = setting(
        "weight of what is asked below what the customer expects to pay, per unit of their logarithms' difference",
        default=1.0,
        source="with per_price_deal, fitted to an own-price elasticity of -2.62 (Bijmolt, van Heerde and Pieters 2005)",
    )
    per_price_deal: Weight = setting(
        "further weight for a fully deal-prone customer",
        default=5.5,
        source="with per_price; that it is so much larger keeps what a 35 % discount does to later value (Lewis 2006)",
    )
    loss_aversion: Annotated[float, Field(ge=1, le=10)] = setting(
        "how many times as much it weighs to pay more than expected as to pay less by as much",
        default=1.3,
        source="that losses weigh more: Kalyanaram and Winer 1995, Neumann and Böckenholt 2014; by how much: assumed",
    )
    stocked: Share = setting(
        "how much of an order that a deal wins is had ahead, of the brand's own later ones",
        default=0.75,
        source="fitted: a promotion borrows a third of its bump, .10 to .55 (van Heerde, Leeflang and Wittink 2004)",
    )
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
    usual_discount_step: Score = setting(
        "share of the gap between the usual discount and what was paid that an order closes", default=0.3
    )
    usual_discount_half_life_days: Days = setting("half-life of the way back to the usual discount", default=180.0)


@rule
def asked_of_market(price: float, market: float, discount: float) -> float:
    """What the brand asks after a discount, as a multiple of what the market asks before any."""
    return price * (1.0 - discount) / market


@rule
def price_felt(asked: float, usual: float, deal_prone: float, p: Records) -> float:
    """What a price adds to the choice, in logits: nothing if it is the expected one, more below, less above it.

    What is expected is what the market asks less the discount that the customer is used to: a reference price that
    adapts (Kalyanaram and Winer 1995, "Empirical generalizations from reference price research"; Mazumdar, Raj and
    Sinha 2005, "Reference price research"). The scale is logarithmic, as elasticities are compared across price levels.

    Args:
        asked: what the brand asks, as a multiple of what the market asks before discounts (see `asked_of_market`).
        usual: the discount that the customer expects, as a share of what the market asks, below 1; negative for who is
            used to pay more.
        deal_prone: the customer's, 0 to 1.
        p: weights.
    """
    gap = math.log((1.0 - usual) / asked)
    weight = p.per_price + p.per_price_deal * deal_prone
    return weight * gap if gap >= 0.0 else weight * p.loss_aversion * gap


@rule
def won_by_deal(felt: float) -> float:
    """The share of the orders at a price that would not have come at the expected one: what it adds, in logits.

    For a brand that is chosen rarely the odds are the chance, and exp(-felt) of the orders had come anyway.
    """
    return -math.expm1(-felt) if felt > 0.0 else 0.0


@rule
def chosen_over_rivals(u: float, fit: float, trust: float, channels: float, pull: float, p: Records) -> bool:
    """Whether the brand is chosen: a logit of fit, trust and the worth of its channels against the rivals' pull.

    Args:
        u: uniform draw in (0, 1).
        fit, trust: of the customer, 0 to 1.
        channels: what all channels are worth together (see `worth_together`), in logits; minus infinity for none.
        pull: what rivals do today to win customers, in logits.
        p: weights.
    """
    logits = p.intercept + p.per_fit * (fit - 0.5) + p.per_trust * trust + channels - pull
    return u < 1.0 / (1.0 + math.exp(-logits))


@rule
def discount_now_usual(usual: float, taken: float, step: float) -> float:
    """The discount that a customer expects after taking one: closer to it, be it deeper or less deep.

    Both are shares of what the market asks, negative if more was paid. The share of the gap that a purchase closes is
    what reference price models call one less the carry-over.
    """
    return closer(usual, taken, step)


@rule
def chance_owed(debt: float) -> float:
    """The chance that an occasion was had already, since an offer brought it forward: surely if a whole one is owed."""
    return min(debt, 1.0)


@rule
def owed_still(debt: float) -> float:
    """Occasions that a customer owes after one that may have been had already (see `chance_owed`), never below 0."""
    return debt - chance_owed(debt)


@rule
def usual_by_now(usual: float, usual_in_field: float, days: float, half_life_days: float) -> float:
    """The discount that a customer expects so many days after the last order, as shares of what the market asks.

    What was paid is forgotten: what was usual then is on its way to what is usual in the field.
    """
    return usual_in_field + faded(usual - usual_in_field, days, half_life_days)


@rule
def usual_in_field(discount: float, deal_prone: float) -> float:
    """The discount that a customer expects who has not bought: that of the field, as far as they look for deals.

    Who buys at deals expects lower prices than who doesn't look for them (Mazumdar and Papatla 2000, "An investigation
    of reference price segments"). Shares of what the market asks; `deal_prone` is 0 to 1.
    """
    return discount * deal_prone


@rule
def can_use(offer: int, until: int, day: int) -> bool:
    """Whether a customer holds an offer (0 for none) and can still use it, which they can until a day (excluded)."""
    return offer > 0 and day < until


@rule
def offer_that_holds(offer: float, only: int, slot: int) -> float:
    """The discount of an offer in a slot, 0 if it holds in another one only.

    `only` is the slot to which it is confined, or ANYWHERE; so is `slot` where a place has no slots.
    """
    if only == ANYWHERE:
        return offer
    return offer if only == slot else 0.0


@rule
def discount_at(offer: float, place: Records) -> float:
    """The better of the offer in hand and the place's standing discount."""
    return max(offer, place.discount)


@rule
def can_order(kind: int, member: bool, branch_open: bool) -> bool:
    """Whether a customer can order at a place that sells: a pool as its member, a store if the home branch is open."""
    if kind == POOL_KIND:
        return member
    return kind != STORE_KIND or branch_open


@rule
def channel_worth(felt: float, convenience: float) -> float:
    """What a channel is worth to a customer, in logits: what its discount adds, and its convenience."""
    return felt + convenience


@rule
def drawn_to(worth: float, best: float, dissimilarity: float) -> float:
    """How much a customer is drawn to a channel, as a multiple of the best one: exp of the gap / dissimilarity.

    Orders are shared in proportion: the lower level of a nested logit (McFadden 1978, "Modelling the choice of
    residential location").
    """
    return math.exp((worth - best) / dissimilarity) if worth > -math.inf else 0.0


@rule
def worth_together(best: float, drawn: float, variety: float, dissimilarity: float) -> float:
    """What several channels are worth together: the best of them, and a share of the variety that a logit sees in more.

    A logit takes each further alternative for one of another kind: two doors alike would win customers from rivals by
    their number. How much of that is true is a parameter (Ackerberg and Rysman 2005, "Unobserved product
    differentiation in discrete-choice models"). Where none of it is, a door alike adds nothing, a better one what it is
    better by, and a worse one takes nothing away.

    Args:
        best: worth of the best channel, in logits; minus infinity if nothing is open.
        drawn: how much the customer is drawn to all of them, as a multiple of the best (see `drawn_to`).
        variety: the parameter, 0 to 1.
        dissimilarity: how different they feel.
    """
    if drawn <= 1.0:  # one channel, or none
        return best
    return best + variety * dissimilarity * math.log(drawn)


@rule
def drawn_to_slot(share: float, more: float, dissimilarity: float) -> float:
    """How much customers are drawn to a slot: its share of demand, times exp of what is felt more / dissimilarity."""
    return share * math.exp(min(max(more / dissimilarity, -MOST_DRAWN), MOST_DRAWN))


@rule
def worth_of_slots(standing: float, drawn: float, dissimilarity: float) -> float:
    """What discounts that differ by slot add to the choice of a store: the inclusive value of its slots, in logits.

    Slots weigh by their shares, which sum to 1, so that cutting a day into more of them adds nothing (Ben-Akiva and
    Lerman 1985, "Discrete choice analysis", on the size of alternatives).

    Args:
        standing: what the store's standing discount adds.
        drawn: how much the customer is drawn to all slots together (see `drawn_to_slot`).
        dissimilarity: how different they feel.
    """
    return standing + dissimilarity * math.log(drawn)


@rule
def is_brought_home(u: float, delivers: float) -> bool:
    """Whether an order is delivered, by the share of the channel's orders that are."""
    return u < delivers


@rule
def seat_request(request: int, slot: int) -> int:
    """The slot that a customer wants, plus 1: who needs several things on one day comes once, to the first one's."""
    return request if request > 0 else slot + 1


@rule
def trust_after_order(trust: float, quality: float, fit: float, step: float) -> float:
    """Trust after an order: closer to how good the product was to a customer of this fit, all 0 to 1."""
    return closer(trust, experienced(quality, fit), step)


@rule
def acquaintance_after_order(acquaintance: float, share: float) -> float:
    """Acquaintance after an order, 0 to 1: whoever has bought knows the brand, and a share of the gap is closed."""
    return closer(acquaintance, 1.0, share)


@rule
def price_of_order(price: float, basket: float) -> int:
    """What an order costs before discounts, in whole cents."""
    return cents(price * basket)


@rule
def taken_off(gross: int, discount: float) -> int:
    """What a discount takes off an order of so many cents, in whole cents."""
    return cents(gross * discount)


@rule
def goods_of_order(u: float, unit_cost: float, basket: float) -> int:
    """What the goods of an order cost the brand, in whole cents; `u` decides about parts of one."""
    return cents_drawn(u, unit_cost * basket)


@rule
def share_given(u: float, paid: int, share: float) -> int:
    """What the brand gives to a platform, or to a partner, of an order for which so many cents were paid."""
    return cents_drawn(u, paid * share)


@rule
def delivery_of_order(u: float, cost: float, delivered: bool) -> int:
    """What bringing an order home costs the brand, in whole cents, by a draw; nothing if it is not delivered."""
    return cents_drawn(u, cost) if delivered else 0


@rule
def margin_of_order(gross: int, cut: int, goods: int, kept: int, delivery: int) -> int:
    """What an order leaves, in cents: its price less discount, goods, the platform's commission and delivery."""
    return gross - cut - goods - kept - delivery


@rule
def is_new_customer(orders: int, first_order_on: int) -> bool:
    """Whether a customer's first order is this one, or was in the run: none from before the start has a day."""
    return orders == 0 or first_order_on >= 0


@rule
def cohort_of(orders: int, first_order_on: int, day: int) -> int:
    """The cohort of a customer who orders today, by the month of the first order; below 0 if that came before the run.

    Months are of COHORT_DAYS days. `orders` is how many there were before.
    """
    return (day if orders == 0 else first_order_on) // COHORT_DAYS


@step
def purchase(f: Frame, first: int, last: int) -> None:
    """Needs of customers first..last arise, and those due today are decided."""
    if not f.purchasing.on:
        return
    need = day_key(f.purchasing.key, f.day, NEED)
    decide, delay = day_key(f.purchasing.key, f.day, DECIDE), day_key(f.purchasing.key, f.day, DELAY)
    for lo in range(first, last, BLOCK):
        hi = min(lo + BLOCK, last)
        draw_by(f.flags, need, lo, hi, f.roll.need_rate, f.demand)  # at least those with an occasion
        n = select(f.chosen, f.flags, lo, hi)
        for i in each_of(f.chosen, n):
            arise(f, i, need, delay)
        flag_equal(f.flags, f.roll.decide_on, f.day, lo, hi)
        n = select(f.chosen, f.flags, lo, hi)
        n = keep_recalled(f, f.chosen, n, decide)
        for i in each_of(f.chosen, n, f.traits, f.bought, f.story):
            key, waiting = word(decide, i), 0
            for number in range(f.roll.open_needs[i]):
                f.tally[NEEDS, 0] += 1
                if uniform(word(key, RECALL), number) < chance_to_recall(f, i):
                    f.tally[RECALLED, 0] += 1
                    waiting += decide_need(f, i, number, key)
            f.roll.open_needs[i] = waiting


@part
def arise(f: Frame, i: int, need: np.uint64, delay: np.uint64) -> None:
    """Today's occasions of customer i, less those that an offer brought forward earlier, open as needs."""
    count = poisson(uniform(need, i), f.roll.need_rate[i] * f.demand)
    if f.roll.need_debt[i] > 0:
        count -= repaid(f, i, count)
    if count > 0:
        open_need(f, i, count, int(uniform(delay, i) * f.purchasing.open_days))


@part
def repaid(f: Frame, i: int, count: int) -> int:
    """How many of customer i's occasions are owed to offers that brought them forward; the debt shrinks."""
    key, debt, fallen = word(day_key(f.purchasing.key, f.day, REPAY), i), debt_of(f, i), 0
    for number in range(count):
        if debt > 0.0:
            share = chance_owed(debt)
            debt = owed_still(debt)
            if uniform(key, number) < share:
                fallen += 1
    owe(f, i, debt)
    return fallen


@part
def keep_recalled(f: Frame, chosen: NDArray[np.int64], n: int, decide: np.uint64) -> int:
    """Keep those of the n first `chosen` to whom the brand comes to mind for any need of today; returns how many.

    The needs of all others end here: nearly all, so that only for the few that stay more has to be looked at.
    """
    left = 0
    for i in each_of(chosen, n, f.mind):
        key, chance = word(word(decide, i), RECALL), chance_to_recall(f, i)
        needs, recalled = f.roll.open_needs[i], 0
        for number in range(needs):
            recalled |= int(uniform(key, number) < chance)
        if recalled and f.purchasing.forgetting and is_away(f, i):  # last, since hardly any come to it
            recalled = 0
        chosen[left] = i
        left += recalled
        f.tally[NEEDS, 0] += needs * (1 - recalled)
        f.roll.open_needs[i] = needs * recalled
    return left


@part
def chance_to_recall(f: Frame, i: int) -> float:
    """The chance that the brand comes to customer i's mind when a need is decided."""
    return recall_now(f, i) if f.purchasing.forgetting else 1.0


@part
def decide_need(f: Frame, i: int, number: int, key: np.uint64) -> int:
    """One need of customer i, who recalls the brand: is it chosen over rivals, and where is it bought?

    At a store with slots it only wants a seat; `seating` makes it an order, or loses it. Returns 1 then: it stays open.
    """
    usual = usual_now(f, i)
    offer, only = offer_in_hand(f, i), slot_of_offer(f, i)
    inclusive = channel_worths(f, i, offer, only, usual) + convenience_for(f, i)
    u = uniform(word(key, CHOICE), number)
    if chosen_over_rivals(u, f.traits.fit[i], f.mind.trust[i], inclusive, f.rivals.pull, f.purchasing):
        if f.bought.stock[i] > 0 and is_in_stock(f, i, uniform(word(key, REPAY), number)):
            f.tally[MADE_AHEAD, 0] += 1
            return 0
        place = pick_channel(uniform(word(key, CHANNEL), number), f.worths, f.places.size)
        delivered = is_brought_home(uniform(word(key, HANDOVER), number), f.places[place].delivers)
        if f.places[place].has_slots and not delivered:
            u = uniform(word(key, SLOT), number)
            slot = pick_slot(f, u, i, place, offer, only, usual)
            f.today.request[i] = seat_request(f.today.request[i], slot)
            return 1
        discount = discount_at(offer_that_holds(offer, only, ANYWHERE), f.places[place])
        order(f, i, place, discount, usual, delivered)
    return 0


@part
def stock_up(f: Frame, i: int, orders: float) -> None:
    """Customer i has had so much of a later order already, to the nearest part of one."""
    f.bought.stock[i] = min(math.floor(f.bought.stock[i] + STOCK_PARTS * orders + 0.5), 255)


@part
def is_in_stock(f: Frame, i: int, u: float) -> bool:
    """Whether what customer i would order was had already, at a deal; the stock shrinks, and nothing is bought."""
    stock = f.bought.stock[i] / STOCK_PARTS
    f.bought.stock[i] = math.floor(STOCK_PARTS * owed_still(stock) + 0.5)
    return u < chance_owed(stock)


@part
def usual_now(f: Frame, i: int) -> float:
    """The discount that customer i expects today: on its way back to what is usual in the field.

    What an order before the start left is told as of the start.
    """
    days = f.day - max(f.bought.last_order_on[i], BEFORE_START)
    return usual_by_now(
        f.mind.usual_discount[i],
        usual_in_field(f.memory.usual_discount, f.traits.deal_prone[i]),
        days,
        f.purchasing.usual_discount_half_life_days,
    )


@part
def offer_in_hand(f: Frame, i: int) -> float:
    """The discount of an offer that customer i read and can still use, else 0."""
    if not can_use(f.bought.offer[i], f.bought.offer_until[i], f.day):
        return 0.0
    return f.posts[f.bought.offer[i] - 1].discount


@part
def slot_of_offer(f: Frame, i: int) -> int:
    """The name of the only slot in which customer i's offer in hand holds, ANYWHERE if it holds everywhere."""
    if not can_use(f.bought.offer[i], f.bought.offer_until[i], f.day):
        return ANYWHERE
    return f.posts[f.bought.offer[i] - 1].slot


@part
def channel_worths(f: Frame, i: int, offer: float, only: int, usual: float) -> float:
    """Write how much customer i is drawn to each open channel (0 elsewhere); return what all are worth together.

    Minus infinity if nothing is open. `only` is the slot to which the offer is confined, or ANYWHERE.
    """
    best, anywhere, total = -math.inf, offer_that_holds(offer, only, ANYWHERE), 0.0
    common = felt_by(f, i, anywhere, usual)  # once, since most channels ask the same and a logarithm takes its time
    for place in range(f.places.size):
        p = f.places[place]
        f.worths[place] = -math.inf
        if p.on and p.sells and reachable(f, i, p):
            if only != ANYWHERE and p.has_slots:
                felt = felt_over_slots(f, i, place, offer, only, usual)
            else:
                felt = felt_by(f, i, p.discount, usual) if p.discount > anywhere else common
            f.worths[place] = channel_worth(felt, p.convenience)
            best = max(best, f.worths[place])
    for place in range(f.places.size):
        f.worths[place] = drawn_to(f.worths[place], best, f.purchasing.channel_dissimilarity)
        total += f.worths[place]
    return worth_together(best, total, f.purchasing.channel_variety, f.purchasing.channel_dissimilarity)


@part
def felt_by(f: Frame, i: int, discount: float, usual: float) -> float:
    """What the price after a discount adds to the choice of customer i, who expects the usual one."""
    asked = asked_of_market(f.product.price, f.product.market_price, discount)
    return price_felt(asked, usual, f.traits.deal_prone[i], f.purchasing)


@part
def slot_discount(f: Frame, row: int, offer: float, only: int) -> float:
    """The discount in a slot: the standing one of its store, or an offer that holds in this slot."""
    p = f.places[f.slots[row].store]
    return discount_at(offer_that_holds(offer, only, f.slots[row].name), p)


@part
def slot_weight(f: Frame, row: int, i: int, offer: float, only: int, usual: float) -> float:
    """How much customer i is drawn to a slot by what is felt there beyond the store's standing discount."""
    if not f.slots[row].on:
        return 0.0
    standing, discount, more = f.places[f.slots[row].store].discount, slot_discount(f, row, offer, only), 0.0
    if discount > standing:
        more = felt_by(f, i, discount, usual) - felt_by(f, i, standing, usual)
    return drawn_to_slot(f.slots[row].share, more, f.purchasing.slot_dissimilarity)


@part
def felt_over_slots(f: Frame, i: int, place: int, offer: float, only: int, usual: float) -> float:
    """What discounts that differ by slot add to the choice of a store by customer i."""
    total = 0.0
    for row in range(f.slots.size):
        if f.slots[row].store == place:
            total += slot_weight(f, row, i, offer, only, usual)
    standing = felt_by(f, i, f.places[place].discount, usual)
    return worth_of_slots(standing, total, f.purchasing.slot_dissimilarity)


@part
def pick_slot(f: Frame, u: float, i: int, place: int, offer: float, only: int, usual: float) -> int:
    """The slot of a store that a uniform draw picks in proportion to how much they draw customer i."""
    for row in range(f.slots.size):
        f.weights[row] = 0.0
        if f.slots[row].store == place:
            f.weights[row] = slot_weight(f, row, i, offer, only, usual)
    return pick_channel(u, f.weights, f.slots.size)


@part
def reachable(f: Frame, i: int, place: Records) -> bool:
    """Whether customer i can order at a place that sells."""
    member = place.kind == POOL_KIND and is_member(f, i, place.pool)
    branch = branch_of(f.traits.home[i], place.branches)
    return can_order(place.kind, member, is_open(branch, place.open_branches))


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
def order(f: Frame, i: int, place: int, discount: float, usual: float, delivered: bool) -> int:
    """Customer i orders: the line is booked, and buying leaves its mark on memory, trust and habit.

    Returns the cents paid.
    """
    if f.story.aware_on[i] == NEVER:  # without forgetting also strangers order
        touch(f, i, STORE if f.places[place].kind == STORE_KIND else ORGANIC)
    paid = book(f, i, place, discount, delivered)
    fade(f, i)
    f.mind.salience[i] = 1.0
    f.mind.acquaintance[i] = acquaintance_after_order(f.mind.acquaintance[i], f.purchasing.acquaintance)
    trust, fit = f.mind.trust[i], f.traits.fit[i]
    f.mind.trust[i] = trust_after_order(trust, f.product.quality, fit, f.purchasing.trust_step)
    asked = asked_of_market(f.product.price, f.product.market_price, discount)
    f.mind.usual_discount[i] = discount_now_usual(usual, 1.0 - asked, f.purchasing.usual_discount_step)
    stock_up(f, i, f.purchasing.stocked * won_by_deal(price_felt(asked, usual, f.traits.deal_prone[i], f.purchasing)))
    meet(f, i, place)
    f.today.served[i] = place + 1
    if f.bought.orders[i] == 0:
        f.bought.first_order_on[i] = f.day
    f.bought.orders[i] += 1
    f.bought.last_order_on[i] = f.day
    return paid


@part
def book(f: Frame, i: int, place: int, discount: float, delivered: bool) -> int:
    """Book an order line in whole cents; returns what the customer pays.

    Customers pay whole cents; what the brand pays has parts of a cent rounded by the order's draw.
    """
    p, route, u = f.places[place], f.story.route[i], uniform(day_key(f.product.key, f.day, PARTS), i)
    gross = price_of_order(f.product.price, f.traits.basket[i])
    cut = taken_off(gross, discount)
    goods = goods_of_order(u, f.product.unit_cost, f.traits.basket[i])
    kept = share_given(u, gross - cut, p.commission)
    delivery = delivery_of_order(u, p.delivery_cost, delivered)
    margin = margin_of_order(gross, cut, goods, kept, delivery)
    f.tally[ORDERS, place] += 1
    f.tally[ORDERS_FROM, route] += 1
    f.tally[GROSS_SALES, place] += gross
    f.tally[DISCOUNTS, place] += cut
    f.tally[COST_OF_GOODS, place] += goods
    f.tally[COMMISSION, place] += kept
    f.tally[DELIVERY, place] += delivery
    f.tally[DELIVERED, place] += int(delivered)
    f.tally[MARGIN_FROM, route] += margin
    book_perks(f, i, u)
    if f.partners.on and is_referred(f, i):
        f.tally[PARTNER_PAY, 0] += share_given(u, gross - cut, f.partners.share_of_order)
    f.bought.spend[i] += gross - cut
    if f.bought.orders[i] == 0:
        f.tally[FIRST_ORDERS, route] += 1
        f.tally[FIRST_ORDERS_TOUCHED, f.story.last_touch[i]] += 1
    elif f.bought.orders[i] == 1:
        f.tally[SECOND_ORDERS, 0] += 1
    if is_new_customer(f.bought.orders[i], f.bought.first_order_on[i]):
        f.tally[MARGIN_OF_NEW, route] += margin
    book_origin(f, i, margin)
    book_region(f, i, p.kind == STORE_KIND, gross - cut, margin)
    return gross - cut


@part
def book_region(f: Frame, i: int, at_store: bool, paid: int, margin: int) -> None:
    """Book an order to the region in which customer i lives; comes before it is written into the purchase history."""
    region = region_of(f, i)
    if region >= 0:
        f.tally[ORDERS_OF_REGION, region] += 1
        f.tally[STORE_ORDERS_OF_REGION, region] += int(at_store)
        f.tally[FIRST_ORDERS_OF_REGION, region] += int(f.bought.orders[i] == 0)
        f.tally[SALES_OF_REGION, region] += paid
        f.tally[MARGIN_OF_REGION, region] += margin


@part
def book_perks(f: Frame, i: int, u: float) -> None:
    """Book what an order of customer i costs in perks of the pools that they are in; `u` decides about parts of a cent.

    An order's own line, beside what a membership costs by the month (see `ledger.close`); the margin is before perks.
    """
    for place in range(f.places.size):
        p = f.places[place]
        if p.perk_cost_per_order > 0.0 and p.on and is_member(f, i, p.pool):
            f.tally[PERKS, place] += cents_drawn(u, p.perk_cost_per_order)
    book_tiers(f, i, u)


@part
def book_origin(f: Frame, i: int, margin: int) -> None:
    """Book an order to the hook of each pool joined, and to the cohort of the first order if that was in the run.

    Comes before the order is written into the purchase history.
    """
    for pool in range(f.member.hook.shape[0]):
        if f.member.hook[pool, i] > 0:
            f.tally[MARGIN_BY_HOOK, f.member.hook[pool, i] - 1] += margin
    cohort = cohort_of(f.bought.orders[i], f.bought.first_order_on[i], f.day)
    if cohort >= 0:
        f.tally[ORDERS_OF_COHORT, cohort] += 1
        f.tally[MARGIN_OF_COHORT, cohort] += margin
