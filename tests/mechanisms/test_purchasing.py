"""Purchasing: when needs arise and are decided, what is recalled and chosen, and what an order books and leaves."""

import math

import numpy as np
import pytest

from trafficsim.books.counters import ORDERS
from trafficsim.books.routes import ORGANIC, START, STORE, TOLD, TOUCHES
from trafficsim.kernel.columns import QUIT
from trafficsim.market.places import POOL_KIND, PUBLIC_KIND, STORE_KIND
from trafficsim.mechanisms.purchasing import (
    ANYWHERE,
    acquaintance_after_order,
    asked_of_market,
    can_order,
    can_use,
    chance_owed,
    channel_worth,
    chosen_over_rivals,
    cohort_of,
    delivery_of_order,
    discount_at,
    discount_now_usual,
    drawn_to,
    drawn_to_slot,
    goods_of_order,
    is_brought_home,
    is_new_customer,
    margin_of_order,
    offer_that_holds,
    owed_still,
    price_felt,
    price_of_order,
    seat_request,
    share_given,
    taken_off,
    trust_after_order,
    usual_by_now,
    usual_in_field,
    won_by_deal,
    worth_of_slots,
    worth_together,
)
from trafficsim.mechanisms.shared.memory import recall
from worlds import QUIET, after, code, different, enrol, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

ALWAYS = {"forgetting": False, "intercept": 50.0}
"""Everybody recalls and chooses the brand: exp(-45) are left."""
UNMOVED = {"trust_step": 0.0, "usual_discount_step": 0.0, "stocked": 0.0}
"""An order leaves trust, the usual discount and stocks as they are, so that orders of one day are alike."""


def buying(changes=None, **settings):
    return {"purchasing": {"open_days": 1, **settings}, **(changes or {})}


def needy(changes=None, rate=1.0, **settings):
    """A world in which everybody has so many occasions a day, decided at once."""
    w = world_of(changes=buying(changes, **settings))
    w.columns.roll.need_rate[:] = rate
    return w


@pytest.mark.parametrize(
    ("debt", "left"),
    [(0.0, 0.0), (0.6, 0.0), (1.0, 0.0), (2.5, 1.5)],
)
def test_what_is_owed_still(debt, left):
    assert owed_still(debt) == left


@pytest.mark.parametrize(
    ("acquaintance", "share", "now"),
    [(0.0, 0.9, 0.9), (0.5, 0.5, 0.75), (1.0, 0.9, 1.0), (0.3, 0.0, 0.3)],
)
def test_whoever_buys_knows_the_brand(acquaintance, share, now):
    assert acquaintance_after_order(acquaintance, share) == now


@pytest.mark.parametrize(
    ("u", "delivered", "cost"),
    [(0.1, False, 0), (0.2, True, 350), (0.9, True, 351)],
)
def test_what_delivery_costs(u, delivered, cost):
    assert delivery_of_order(u, 350.25, delivered) == cost


@pytest.mark.parametrize(
    ("price", "discount", "asked"), [(9000.0, 0.0, 1.0), (9000.0, 0.2, 0.8), (9900.0, 0.0, 1.1), (18000.0, 0.5, 1.0)]
)
def test_what_is_asked_as_a_multiple_of_the_markets_price(price, discount, asked):
    assert asked_of_market(price, 9000.0, discount) == pytest.approx(asked, abs=1e-12)


@pytest.mark.parametrize(
    ("asked", "usual", "deal_prone", "felt"),
    [
        (1.0, 0.0, 0.0, 0.0),  # the market's own price, exactly
        (1.0, 0.0, 1.0, 0.0),
        (0.5, 0.5, 1.0, 0.0),  # what is expected
        (1 / math.e, 0.0, 0.0, 1.0),
        (1 / math.e, 0.0, 0.5, 3.75),
        (math.e, 0.0, 0.0, -1.3),  # losses weigh 1.3 times as much
        (1.0, 1 - 1 / math.e, 1.0, -8.45),  # a missing discount is one
        (1.0, 1 - math.e, 0.0, 1.0),  # who is used to pay more gains
        (100.0, 0.0, 0.2, -2.73 * math.log(100)),
    ],
)
def test_what_a_price_adds_to_the_choice(asked, usual, deal_prone, felt):
    weights = world_of(changes=buying()).settings.purchasing[0, 0]
    assert price_felt(asked, usual, deal_prone, weights) == (pytest.approx(felt, abs=1e-12) if felt else 0.0)


@pytest.mark.parametrize(("felt", "won"), [(-1.0, 0.0), (0.0, 0.0), (math.log(2), 0.5), (50.0, 1.0)])
def test_what_a_deal_wins(felt, won):
    assert won_by_deal(felt) == pytest.approx(won, abs=1e-12)


@pytest.mark.parametrize(("deal_prone", "expected"), [(0.0, 0.0), (0.2, 0.03), (1.0, 0.15)])
def test_deals_are_expected_as_far_as_they_are_looked_for(deal_prone, expected):
    assert usual_in_field(0.15, deal_prone) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("u", "fit", "trust", "channels", "pull", "chosen"),
    [
        (0.062, 0.5, 0.0, 0.0, 0.0, True),  # 1 / (1 + exp(2.7)) = 0.0630
        (0.064, 0.5, 0.0, 0.0, 0.0, False),
        (0.49, 1.0, 0.8, 0.5, 0.0, True),  # -2.7 + 1 + 1.2 + 0.5 = 0
        (0.51, 1.0, 0.8, 0.5, 0.0, False),
        (0.26, 1.0, 0.8, 0.5, 1.0, True),  # rivals pull it to -1: 0.2689
        (0.27, 1.0, 0.8, 0.5, 1.0, False),
        (0.73, 1.0, 0.8, 1.5, 0.0, True),
        (0.74, 1.0, 0.8, 1.5, 0.0, False),
        (1e-12, 1.0, 1.0, -math.inf, 0.0, False),  # nowhere to buy
    ],
)
def test_the_choice_over_rivals(u, fit, trust, channels, pull, chosen):
    weights = world_of(changes=buying()).settings.purchasing[0, 0]
    assert chosen_over_rivals(u, fit, trust, channels, pull, weights) == chosen


@pytest.mark.parametrize(
    ("usual", "taken", "now"), [(0.15, 0.35, 0.21), (0.15, 0.15, 0.15), (0.15, 0.0, 0.105), (0.0, -0.1, -0.03)]
)
def test_what_is_expected_follows_what_is_paid(usual, taken, now):
    assert discount_now_usual(usual, taken, 0.3) == pytest.approx(now, abs=1e-12)


@pytest.mark.parametrize(("offer", "standing", "given"), [(0.2, 0.1, 0.2), (0.0, 0.1, 0.1), (0.1, 0.1, 0.1)])
def test_the_better_discount_is_given(offer, standing, given):
    w = world_of(changes={"places.shop.discount": standing})
    place = w.settings.places[0, code(w, "shop")]
    assert discount_at(offer, place) == given


@pytest.mark.parametrize(("debt", "chance"), [(0.0, 0.0), (0.6, 0.6), (1.0, 1.0), (2.5, 1.0)])
def test_a_whole_occasion_owed_is_surely_given_back(debt, chance):
    assert chance_owed(debt) == chance


@pytest.mark.parametrize(
    ("usual", "days", "now"),
    [
        (0.35, 0.0, 0.35),
        (0.35, 180.0, 0.25),  # half of the 0.20 above the 0.15 of the field is left
        (0.35, 360.0, 0.20),
        (0.15, 99.0, 0.15),
        (0.05, 180.0, 0.10),  # it is forgotten from below, too
    ],
)
def test_what_was_usual_is_on_its_way_to_what_is_usual_in_the_field(usual, days, now):
    assert usual_by_now(usual, 0.15, days, 180.0) == pytest.approx(now, abs=1e-12)


@pytest.mark.parametrize(
    ("offer", "until", "day", "usable"), [(0, 9, 5, False), (2, 6, 5, True), (2, 5, 5, False), (1, 4, 5, False)]
)
def test_an_offer_can_be_used_until_its_day(offer, until, day, usable):
    assert can_use(offer, until, day) == usable


@pytest.mark.parametrize(
    ("only", "slot", "discount"),
    [(ANYWHERE, ANYWHERE, 0.2), (ANYWHERE, 3, 0.2), (3, 3, 0.2), (3, 2, 0.0), (3, ANYWHERE, 0.0)],
)
def test_an_offer_of_one_slot_holds_nowhere_else(only, slot, discount):
    assert offer_that_holds(0.2, only, slot) == discount


@pytest.mark.parametrize(
    ("kind", "member", "branch_open", "can"),
    [
        (POOL_KIND, True, False, True),
        (POOL_KIND, False, True, False),
        (STORE_KIND, False, True, True),
        (STORE_KIND, True, False, False),
        (PUBLIC_KIND, False, False, True),
    ],
)
def test_who_can_order_where(kind, member, branch_open, can):
    assert can_order(kind, member, branch_open) == can


@pytest.mark.parametrize(
    ("felt", "convenience", "worth"), [(0.0, 0.0, 0.0), (0.5, 0.25, 0.75), (-1.0, 0.25, -0.75), (0.5, -2.0, -1.5)]
)
def test_what_a_channel_is_worth(felt, convenience, worth):
    assert channel_worth(felt, convenience) == worth


@pytest.mark.parametrize(
    ("worth", "best", "dissimilarity", "drawn"),
    [
        (0.7, 0.7, 0.3, 1.0),
        (0.4, 0.7, 0.3, math.exp(-1.0)),
        (0.4, 0.7, 0.6, math.exp(-0.5)),
        (-math.inf, 0.7, 0.3, 0.0),
        (-math.inf, -math.inf, 0.3, 0.0),  # nothing is open
    ],
)
def test_how_much_a_channel_draws_beside_the_best(worth, best, dissimilarity, drawn):
    assert drawn_to(worth, best, dissimilarity) == pytest.approx(drawn, abs=1e-12)


@pytest.mark.parametrize(
    ("drawn", "variety", "worth"),
    [
        (1.0, 1.0, 0.5),  # one channel
        (0.0, 1.0, 0.5),
        (2.0, 0.0, 0.5),  # two alike, of which one is as good as both
        (2.0, 1.0, 0.5 + 0.3 * math.log(2.0)),  # two of different kinds
        (2.0, 0.5, 0.5 + 0.15 * math.log(2.0)),
        (math.e, 1.0, 0.8),
    ],
)
def test_what_channels_are_worth_together(drawn, variety, worth):
    assert worth_together(0.5, drawn, variety, 0.3) == pytest.approx(worth, abs=1e-12)


@pytest.mark.parametrize(
    ("share", "more", "dissimilarity", "drawn"),
    [
        (0.3, 0.0, 1.0, 0.3),
        (0.3, 1.0, 1.0, 0.3 * math.e),
        (0.3, 1.0, 2.0, 0.3 * math.exp(0.5)),
        (0.0, 1.0, 1.0, 0.0),
        (1.0, 1e9, 1.0, math.exp(700.0)),  # a number still
        (1.0, -1e9, 1.0, math.exp(-700.0)),
    ],
)
def test_how_much_a_slot_draws(share, more, dissimilarity, drawn):
    assert drawn_to_slot(share, more, dissimilarity) == pytest.approx(drawn, rel=1e-12)


@pytest.mark.parametrize(
    ("drawn", "dissimilarity", "worth"),
    [(1.0, 1.0, -0.2), (math.e, 1.0, 0.8), (math.e, 2.0, 1.8), (math.exp(-1.0), 0.5, -0.7)],
)
def test_what_slots_add_to_the_choice_of_a_store(drawn, dissimilarity, worth):
    """-0.2 by the standing discount, and dissimilarity x ln(drawn); cutting slots into more of them changes nothing."""
    assert worth_of_slots(-0.2, drawn, dissimilarity) == pytest.approx(worth, abs=1e-12)


@pytest.mark.parametrize(
    ("u", "delivers", "brought"), [(0.69, 0.7, True), (0.71, 0.7, False), (0.01, 0.0, False), (0.99, 1.0, True)]
)
def test_what_is_brought_home(u, delivers, brought):
    assert is_brought_home(u, delivers) == brought


@pytest.mark.parametrize(("before", "slot", "wanted"), [(0, 0, 1), (0, 4, 5), (2, 4, 2)])
def test_the_first_seat_wanted_is_the_one_that_is_sought(before, slot, wanted):
    assert seat_request(before, slot) == wanted


@pytest.mark.parametrize(
    ("trust", "quality", "fit", "step", "after_it"),
    [
        (0.0, 0.5, 0.5, 0.1, 0.04),  # satisfaction 0.5 x (0.4 + 0.8 x 0.5) = 0.4
        (0.4, 0.5, 0.5, 0.1, 0.4),
        (0.9, 0.5, 0.5, 0.2, 0.8),  # a disappointment
        (0.0, 1.0, 1.0, 0.5, 0.5),  # satisfaction is at most 1
        (0.3, 1.0, 1.0, 0.0, 0.3),
    ],
)
def test_trust_moves_to_how_good_the_product_was(trust, quality, fit, step, after_it):
    assert trust_after_order(trust, quality, fit, step) == pytest.approx(after_it, abs=1e-12)


@pytest.mark.parametrize(
    ("price", "basket", "paid"), [(8990.0, 1.0, 8990), (8990.0, 0.5, 4495), (1001.0, 0.5, 501), (999.0, 0.1, 100)]
)
def test_an_order_costs_whole_cents(price, basket, paid):
    """500.5 are rounded up, as is 99.9."""
    assert price_of_order(price, basket) == paid


@pytest.mark.parametrize(
    ("gross", "discount", "cut"), [(1000, 0.0, 0), (1000, 0.25, 250), (1001, 0.5, 501), (333, 0.1, 33)]
)
def test_a_discount_takes_off_whole_cents(gross, discount, cut):
    assert taken_off(gross, discount) == cut


@pytest.mark.parametrize(
    ("u", "unit_cost", "basket", "goods"),
    [(0.5, 4000.0, 1.0, 4000), (0.74, 4001.0, 0.25, 1000), (0.76, 4001.0, 0.25, 1001), (0.5, 0.0, 3.0, 0)],
)
def test_what_goods_cost_is_rounded_by_a_draw(u, unit_cost, basket, goods):
    """1000.25 cents are 1001 in a quarter of draws."""
    assert goods_of_order(u, unit_cost, basket) == goods


@pytest.mark.parametrize(
    ("u", "paid", "share", "given"), [(0.5, 1000, 0.0, 0), (0.5, 1000, 0.18, 180), (0.4, 25, 0.1, 2), (0.6, 25, 0.1, 3)]
)
def test_what_others_get_of_an_order(u, paid, share, given):
    assert share_given(u, paid, share) == given


@pytest.mark.parametrize(
    ("costs", "margin"), [((0, 0, 0, 0), 1000), ((100, 400, 162, 350), -12), ((100, 400, 0, 0), 500)]
)
def test_what_an_order_leaves(costs, margin):
    assert margin_of_order(1000, *costs) == margin


@pytest.mark.parametrize(
    ("orders", "first_order_on", "new"), [(0, -1, True), (1, 0, True), (5, 30, True), (1, -1, False)]
)
def test_who_is_a_new_customer(orders, first_order_on, new):
    assert is_new_customer(orders, first_order_on) == new


@pytest.mark.parametrize(
    ("orders", "first_order_on", "day", "cohort"),
    [(0, -1, 0, 0), (0, -1, 28, 1), (0, -1, 55, 1), (3, 27, 90, 0), (3, 56, 90, 2)],
)
def test_the_cohort_is_the_month_of_the_first_order(orders, first_order_on, day, cohort):
    assert cohort_of(orders, first_order_on, day) == cohort


def test_whose_first_order_came_before_the_run_is_in_no_cohort():
    assert cohort_of(1, -1, 90) < 0


@pytest.mark.parametrize(
    ("fast", "slow", "chance"), [(0.0, 0.0, 0.0), (0.5, 0.5, 0.75), (1.0, 0.3, 1.0), (0.0, 0.3, 0.3)]
)
def test_either_memory_suffices_to_recall(fast, slow, chance):
    assert recall(float(fast), float(slow)) == pytest.approx(chance, abs=1e-15)


@pytest.mark.parametrize("rate", [0.1, 1.0, 3.0])
def test_occasions_of_a_day_are_counted_not_capped_at_one(rate):
    """Poisson occasions, so their number over everybody and all days has a standard error of its root."""
    w = needy({"customers.count": 500}, rate=rate).run(until=10)
    expected = 500 * 10 * rate
    assert w.counted("needs").sum() == pytest.approx(expected, abs=4 * math.sqrt(expected))


def test_need_rates_are_those_of_the_segment():
    """Gamma rates of mean 1/10 a day, shape 1: their mean over customers has a standard error of 0.1 / sqrt(n)."""
    w = world_of(changes={"customers.count": 2000})
    assert w.columns.roll.need_rate.mean() == pytest.approx(0.1, abs=4 * 0.1 / math.sqrt(2000))


def test_needs_are_decided_on_one_of_their_open_days():
    w = needy(rate=1.0, open_days=4)
    assert w.run(until=1).counted("needs")[0] > 0
    opened = int(w.columns.roll.open_needs.sum()) + w.counted("needs")[0]
    w.columns.roll.need_rate[:] = 0
    decided = w.run(until=8).counted("needs")
    assert decided.sum() == opened
    assert np.all(decided[:4] > 0)
    assert not decided[4:].any()
    assert not w.columns.roll.open_needs.any()


def test_a_further_need_is_decided_together_with_the_open_one():
    w = needy(rate=3.0, open_days=10)
    w.columns.roll.open_needs[:] = 1
    w.columns.roll.decide_on[:] = 1
    assert tallied(one_step(w, "purchasing", 0), "needs") == 0
    waiting = int(w.columns.roll.open_needs.sum())
    assert waiting > 600
    w.columns.roll.need_rate[:] = 0
    assert tallied(one_step(w, "purchasing", 1), "needs") == waiting


def test_a_further_need_does_not_wait_for_the_end_of_an_offer_with_another():
    w = needy(rate=3.0, open_days=2)
    w.columns.roll.open_needs[:] = 1
    w.columns.roll.decide_on[:] = 25
    one_step(w, "purchasing", 0)
    waiting = int(w.columns.roll.open_needs.sum())
    w.columns.roll.need_rate[:] = 0
    assert set(w.columns.roll.decide_on) == {0, 1, 25}
    assert 0 < tallied(one_step(w, "purchasing", 1), "needs") < waiting


def test_what_is_recalled():
    w = needy({"customers.count": 1000}, intercept=-50.0)
    w.columns.mind.salience[:] = 0.2
    w.columns.mind.acquaintance[:] = 0.5
    tally = one_step(w, "purchasing")
    needs = tallied(tally, "needs")
    assert needs > 800
    assert tallied(tally, "recalled") == pytest.approx(0.6 * needs, abs=4 * standard_error(0.6, needs))
    assert tallied(tally, "orders") == 0


def test_memories_fade_by_their_half_lives_before_they_are_asked():
    memory = {"acquaintance_half_life_days": 70.0, "days_to_drift": 36_500.0}
    w = needy({"customers.count": 1000, "customers.memory": memory, "days": 71}, intercept=-50.0)
    w.columns.mind.acquaintance[:] = 0.8
    tally = one_step(w, "purchasing", 70)
    needs = tallied(tally, "needs")
    assert tallied(tally, "recalled") == pytest.approx(0.4 * needs, abs=4 * standard_error(0.4, needs))


def test_who_never_heard_of_the_brand_does_not_recall_it():
    w = needy(intercept=50.0).run(until=5)
    assert w.counted("needs").sum() > 500
    assert w.counted("recalled").sum() == 0


def test_where_the_brand_always_comes_to_mind_it_does():
    w = needy(forgetting=False, intercept=-50.0).run(until=2)
    assert w.counted("recalled").tolist() == w.counted("needs").tolist()


def test_the_share_that_is_chosen():
    """-2.2 + 2 x 0.3 + 1.5 x 0.6 - 2 x 0.15 - 0.2 = -1.2, in the shop alone."""
    w = needy({"customers.count": 1000, "rivals": {"pull": 0.2}}, forgetting=False, **UNMOVED)
    w.columns.traits.fit[:] = 0.8
    w.columns.mind.trust[:] = 0.6
    tally = one_step(w, "purchasing")
    chance = 1 / (1 + math.exp(1.2))
    needs = tallied(tally, "needs")
    assert tallied(tally, "orders") == pytest.approx(needs * chance, abs=4 * standard_error(chance, needs))


CHANNELS = {
    "customers.count": 2000,
    "places": {
        "shop": {"kind": "store", "convenience": 0.15},
        "feed": {"kind": "public", "commission": 0.05, "discount": 0.25},
    },
}


@pytest.mark.parametrize("variety", [0.0, 0.4, 1.0])
def test_channels_share_orders_and_together_are_worth_the_best_and_their_variety(variety):
    """Worths 0.15 and -ln(0.75): shares exp(w / 0.3), chosen with -0.2 and these together.

    In full (1) that is the nested logit's inclusive value, 0.3 ln(sum).
    """
    w = needy(CHANNELS, forgetting=False, intercept=-0.2, per_trust=0.0, channel_variety=variety, **UNMOVED)
    tally = one_step(w, "purchasing")
    felt = -math.log(0.75)
    shop, feed = math.exp(0.15 / 0.3), math.exp(felt / 0.3)
    together = (1 - variety) * felt + variety * 0.3 * math.log(shop + feed)
    chance = 1 / (1 + math.exp(0.2 - together))
    needs, orders = tallied(tally, "needs"), tallied(tally, "orders")
    assert orders == pytest.approx(needs * chance, abs=4 * standard_error(chance, needs))
    in_shop = tally[ORDERS, code(w, "shop")]
    assert in_shop == pytest.approx(orders * shop / (shop + feed), abs=4 * standard_error(shop / (shop + feed), orders))


def chosen_in_a_day(**convenience):
    """Orders of a day over stores so convenient; each need's choice over rivals has the same draw in all worlds."""
    stores = {name: {"kind": "store", "convenience": c} for name, c in convenience.items()}
    w = needy({"customers.count": 2000, "places": stores}, forgetting=False, intercept=0.0, per_trust=0.0, **UNMOVED)
    return tallied(one_step(w, "purchasing"), "orders")


@pytest.mark.parametrize("at_hand", [0.0, 0.4, -0.7])
def test_a_door_alike_or_worse_wins_and_loses_no_orders(at_hand):
    alone = chosen_in_a_day(shop=at_hand)
    assert 200 < alone < 1800
    assert chosen_in_a_day(shop=at_hand, twin=at_hand) == alone
    assert chosen_in_a_day(shop=at_hand, twin=at_hand, third=at_hand) == alone
    assert chosen_in_a_day(shop=at_hand, nook=at_hand - 1.0) == alone


def test_a_better_door_wins_what_it_is_better_by():
    assert chosen_in_a_day(shop=0.0, better=0.8) == chosen_in_a_day(shop=0.8) > chosen_in_a_day(shop=0.0)


@pytest.mark.parametrize("at_hand", [10.0, 50.0, -50.0])
def test_channels_much_alike_and_worths_far_from_zero_stay_numbers(at_hand):
    """exp(10 / 0.01) is none: both channels have half of the orders, or nobody comes."""
    stores = {name: {"kind": "store", "convenience": at_hand} for name in ("shop", "twin")}
    w = needy({"customers.count": 2000, "places": stores}, forgetting=False, channel_dissimilarity=0.01, **UNMOVED)
    tally = one_step(w, "purchasing")
    orders = tallied(tally, "orders")
    assert (orders > 1500) == (at_hand > 0.0)
    assert tally[ORDERS, code(w, "shop")] == pytest.approx(orders / 2, abs=4 * standard_error(0.5, orders) + 1)


def test_the_dearer_taste_for_one_channel_grows_as_channels_grow_alike():
    """As dissimilarity falls, the better channel takes all: exp(-0.138 / 0.002) is left of the other."""
    w = needy(CHANNELS, channel_dissimilarity=0.002, **ALWAYS, **UNMOVED)
    tally = one_step(w, "purchasing")
    assert tallied(tally, "orders") > 1500
    assert tally[ORDERS, code(w, "shop")] == 0


def test_a_pool_sells_to_members_only():
    w = needy({"places.club.shop": True, "places.club.convenience": 20.0}, **ALWAYS)
    enrol(w, "club", slice(0, 100))
    w.columns.member.status[0, :30] = QUIT
    w.run(until=3)
    assert w.counted("orders")[:, code(w, "club")].sum() > 100
    members = np.arange(200)[30:100]
    at = w.columns.story.place
    assert set(np.flatnonzero(at == code(w, "club") + 1)) <= set(members.tolist())


def test_where_nothing_is_sold_nothing_is_bought():
    w = needy({"places": {"feed": {"kind": "public"}, "lift": {"kind": "paid"}, "shop": {"kind": "store"}}}, **ALWAYS)
    w.settings.places["sells"] = 0
    w.run(until=3)
    assert w.counted("recalled").sum() > 0
    assert w.counted("orders").sum() == 0


LINES = ("gross_sales", "discounts", "cost_of_goods", "commission", "delivery")


def test_an_order_line_in_whole_cents():
    """Basket of 1.5 at 19.99: 29.985 is 29.99; 15 % off 4.50; goods 10.995; 5 % of 25.49 to the platform 1.2745; 2.50.

    Half a cent of goods, and .45 of commission, are a whole one by an order's draw; four standard errors.
    """
    place = {"kind": "store", "discount": 0.15, "commission": 0.05, "delivery_cost": 2.5}
    product = {"price": 19.99, "unit_cost": 7.33, "quality": 0.7}
    w = needy({"customers.count": 20, "places": {"shop": place}, "product": product}, **ALWAYS)
    w.columns.traits.basket[:] = 1.5
    w.run(until=2)
    orders, total = w.counted("orders").sum(), {line: w.counted(line).sum() for line in LINES}
    assert orders > 20
    for name, cents in {"gross_sales": 2999, "discounts": 450, "delivery": 250}.items():
        assert total[name] == orders * cents
    for name, cents, part in (("cost_of_goods", 1099, 0.5), ("commission", 127, 0.45)):
        rounded_up = total[name] - orders * cents
        assert 0 < rounded_up < orders
        assert rounded_up == pytest.approx(part * orders, abs=4 * math.sqrt(part * (1 - part) * orders))
    costs = sum(total[line] for line in LINES if line != "gross_sales")
    assert w.counted("margin_from").sum() == total["gross_sales"] - costs
    assert np.array_equal(w.columns.bought.spend, w.columns.bought.orders.astype(int) * 2549)


def test_the_marks_of_an_order():
    """Trust of 0.3 closes 0.08 of its gap to 0.7 x 0.8; acquaintance of 0.2 closes 0.9 of its gap to 1."""
    w = needy({"customers.count": 50}, rate=0.3, **ALWAYS)
    w.columns.mind.acquaintance[:] = 0.2
    one_step(w, "purchasing", 0)
    mind, bought = w.columns.mind, w.columns.bought
    once, never = bought.orders == 1, bought.orders == 0
    assert once.any()
    assert never.any()
    assert np.all(mind.salience[once] == 1)
    assert np.all(mind.salience[never] == 0)
    assert mind.acquaintance[once] == pytest.approx(0.92, rel=1e-6)
    assert mind.trust[once] == pytest.approx(0.3 + 0.08 * (0.56 - 0.3), rel=1e-6)
    assert np.all(mind.trust[never] == np.float32(0.3))
    assert np.all(bought.first_order_on[once] == 0)
    assert np.all(bought.last_order_on[once] == 0)
    assert np.all(w.columns.today.met[0, once] == 1 << code(w, "shop"))
    assert np.all(w.columns.story.place[once] == code(w, "shop") + 1)


def need_once(w, day, customers=slice(None)):
    """These customers have one need each that is decided on a day."""
    w.columns.roll.open_needs[customers] = 1
    w.columns.roll.decide_on[customers] = day


def test_the_usual_discount_follows_what_is_paid_and_returns_with_its_half_life():
    """The field's 0.15, of which half is expected; a deal of 0.35: 0.075 + 0.3 x 0.275 = 0.1575.

    After 90 days 0.075 + 0.0825 / sqrt(2) are left, of which a full price takes 0.3.
    """
    prone = {"customers.segments.all.deal_prone": 0.5, "days": 91, "customers.count": 50}
    w = needy({**prone, "places.shop.discount": 0.35}, rate=0.0, **ALWAYS, stocked=0.0)
    need_once(w, 0)
    one_step(w, "purchasing", 0)
    assert w.columns.mind.usual_discount == pytest.approx(0.1575, rel=1e-6)
    w.settings.places["discount"] = 0.0
    need_once(w, 90)
    one_step(w, "purchasing", 90)
    assert w.columns.mind.usual_discount == pytest.approx(0.7 * (0.075 + 0.0825 / math.sqrt(2)), rel=1e-6)


def test_what_a_deal_wins_is_had_ahead():
    """At half of the price half of the orders are won, and .75 of each of these is one of the coming ones."""
    w = needy({"places.shop.discount": 0.5, "customers.count": 2000}, rate=0.0, **ALWAYS)
    need_once(w, 0, slice(0, 1000))
    one_step(w, "purchasing", 0)
    bought = w.columns.bought
    assert np.all(bought.stock[:1000] == 38)
    assert not bought.stock[1000:].any()
    w.settings.places["discount"] = 0.0
    need_once(w, 1)
    tally = one_step(w, "purchasing", 1)
    missing = np.sum(bought.orders[:1000] == 1)
    assert tallied(tally, "needs") == 2000
    assert tallied(tally, "orders") == 2000 - missing
    assert tallied(tally, "made_ahead") == missing
    assert missing == pytest.approx(380, abs=4 * standard_error(0.38, 1000))
    assert not bought.stock.any()


def test_what_is_usual_is_no_deal():
    """Who expects the discount has nothing ahead; nor has anybody where nothing is `stocked`."""
    half = {"places.shop.discount": 0.5, "customers.count": 100}
    used = needy(half, **ALWAYS, usual_discount_step=0.0)
    used.columns.mind.usual_discount[:] = 0.5
    never = needy(half, **ALWAYS, stocked=0.0)
    for w in (used, never):
        one_step(w, "purchasing", 0)
        assert w.columns.bought.orders.any()
        assert not w.columns.bought.stock.any()


@pytest.mark.parametrize(("today", "share"), [(4, 0.4), (5, 0.4), (6, 0.0)])
def test_an_offer_is_used_until_before_its_last_day(today, share):
    w = needy({"posts": {"club": {"per_week": 1, "discount": 0.4}}, "customers.count": 50}, **ALWAYS)
    w.columns.bought.offer[:] = 1
    w.columns.bought.offer_until[:] = 6
    tally = one_step(w, "purchasing", today)
    assert tallied(tally, "discounts") == pytest.approx(share * tallied(tally, "gross_sales"), abs=0.5)
    assert tallied(tally, "orders") > 20


def test_a_debt_takes_later_needs_away():
    """One need each was advanced; repaid in full, everybody with an occasion has one less."""
    plain, owing = needy(rate=1.5), needy(rate=1.5)
    owing.columns.roll.need_debt[:] = 1000
    needs = [tallied(one_step(w, "purchasing"), "needs") for w in (plain, owing)]
    paid = np.sum(owing.columns.roll.need_debt == 0)
    assert needs[0] - needs[1] == paid
    assert 100 < paid < 200
    assert set(np.unique(owing.columns.roll.need_debt).tolist()) == {0, 1000}


def test_a_debt_shrinks_by_one_for_each_occasion_that_it_takes():
    """Who owes 1.5 loses the first occasion surely, the second at even odds; who owes the most, all of them."""
    owing, most = (needy({"customers.count": 1000}, rate=2.0) for _ in range(2))
    occasions = tallied(one_step(needy({"customers.count": 1000}, rate=2.0), "purchasing"), "needs")
    owing.columns.roll.need_debt[:] = 1500
    most.columns.roll.need_debt[:] = 65_535
    needs = [tallied(one_step(w, "purchasing"), "needs") for w in (owing, most)]
    left, paid = owing.columns.roll.need_debt, 65_535 - most.columns.roll.need_debt.astype(int)
    assert set(left.tolist()) == {1500, 500, 0}
    assert (paid.sum(), needs[1]) == (1000 * occasions, 0)
    assert np.array_equal(left, np.maximum(1500 - paid, 0))
    first, second = np.sum(left <= 500), np.sum(left == 0)
    assert occasions - needs[0] == pytest.approx(first + second / 2, abs=4 * standard_error(0.5, second))


def test_a_partly_repaid_need_takes_its_share():
    plain, owing = (needy({"customers.count": 1000}, rate=5.0) for _ in range(2))
    owing.columns.roll.need_debt[:] = 600
    needs = [tallied(one_step(w, "purchasing"), "needs") for w in (plain, owing)]
    paid = np.sum(owing.columns.roll.need_debt == 0)
    assert needs[0] - needs[1] == pytest.approx(0.6 * paid, abs=4 * standard_error(0.6, paid))


def test_first_orders_are_counted_once_by_the_route_of_the_first_contact():
    w = world_of(changes=buying({"places.shop.visits_per_week": 3}, **ALWAYS))
    w.columns.roll.need_rate[:] = 0.2
    w.run(until=20)
    bought = w.columns.bought
    new = np.sum(bought.first_order_on >= 0)
    assert w.counted("first_orders")[:, STORE].sum() == w.counted("first_orders").sum() == new > 100
    assert w.counted("orders_from")[:, STORE].sum() == w.counted("orders").sum() == bought.orders.sum()
    assert w.counted("margin_of_new").tolist() == w.counted("margin_from").tolist()


def test_first_orders_are_also_counted_by_the_last_contact_before():
    """Ten whom each route, and a pool, touched last, and twenty who were never met; the second order counts nowhere."""
    w = needy(**ALWAYS)
    for touch in range(len(TOUCHES)):
        of = slice(10 * touch, 10 * touch + 10)
        w.columns.story.aware_on[of] = 0
        w.columns.story.route[of] = TOLD
        w.columns.story.last_touch[of] = touch
    w.columns.roll.need_rate[100:] = 0
    w.run(until=20)
    assert np.all(w.columns.bought.orders[:100] > 1)
    by_touch = dict(zip(TOUCHES, w.counted("first_orders_touched").sum(axis=0).tolist(), strict=True))
    assert by_touch == dict.fromkeys(TOUCHES, 10) | {"store": 30}
    by_route = w.counted("first_orders").sum(axis=0)
    assert (by_route[TOLD], by_route[STORE], by_route.sum()) == (80, 20, 100)


def test_who_bought_before_the_start_is_no_new_customer():
    start = {"aware": 1.0, "bought": 1.0}
    w = needy({"customers.at_start": start}, **ALWAYS).run(until=3)
    assert w.counted("orders_from")[:, START].sum() > 100
    assert w.counted("first_orders").sum() == 0
    assert w.counted("margin_of_new").sum() == 0
    assert w.columns.bought.orders.sum() == 200 + w.counted("orders").sum()


@pytest.mark.parametrize(("kind", "route"), [("store", STORE), ("public", ORGANIC)])
def test_a_buyer_becomes_aware_where_the_order_is_made(kind, route):
    """Without forgetting also strangers order; from then on they know the brand."""
    place = {"kind": kind, **({"commission": 0.05} if kind == "public" else {})}
    w = needy({"places": {"shop": {"kind": "store", "convenience": -40.0}, "here": place}}, **ALWAYS).run(until=3)
    bought, story = w.columns.bought, w.columns.story
    assert np.array_equal(story.aware_on, bought.first_order_on)
    assert np.all(story.route[bought.orders > 0] == route)
    assert w.counted("aware")[:, route].sum() == w.counted("first_orders")[:, route].sum() == np.sum(bought.orders > 0)


def test_rivals_pull_customers_away():
    orders = [
        after(changes=buying({"rivals": {"pull": pull}}, forgetting=False)).counted("orders").sum()
        for pull in (0.0, 1.0, 50.0)
    ]
    assert orders[0] > orders[1] > orders[2] == 0


def test_without_the_mechanism_nobody_buys():
    w = world_of()
    w.columns.roll.need_rate[:] = 1
    w.columns.mind.salience[:] = 1
    assert w.run(until=3).counted("needs").sum() == 0


@pytest.mark.parametrize("factor", [0.25, 2.0, 5.0])
def test_the_calendar_multiplies_needs(factor):
    """Poisson occasions: the standard error of their number is its root."""
    w = needy({"customers.count": 500, "calendar": {"months": {"jan": factor}}}, rate=0.4).run(until=10)
    expected = 500 * 10 * 0.4 * factor
    assert w.counted("needs").sum() == pytest.approx(expected, abs=4 * math.sqrt(expected))


def test_festivals_and_weekdays_fall_on_their_days():
    """Day 0 is a Monday; the factors multiply each other, and a day of no demand has no needs."""
    calendar = {"weekdays": {"wed": 0.0, "fri": 3.0}, "festivals": {"double": {"day": 3, "days": 2, "demand": 2.0}}}
    w = needy({"customers.count": 1000, "calendar": calendar}, rate=0.3).run(until=8)
    needs, expected = w.counted("needs"), 300.0 * np.array([1, 1, 0, 2, 6, 1, 1, 1])
    assert needs[2] == 0
    assert np.all(np.abs(needs - expected) <= 4 * np.sqrt(expected))


def test_nobody_orders_at_a_closed_branch_while_its_costs_run_on():
    shop = {"kind": "store", "branches": 4, "open_branches": 1, "fixed_cost_per_day": 80.0}
    w = needy({"places.shop": shop}, **ALWAYS).run(until=3)
    near = w.columns.traits.home < 16_384
    assert np.all(w.columns.bought.orders[~near] == 0)
    assert w.counted("orders").sum() == w.columns.bought.orders[near].sum() > 50
    assert w.counted("fixed_costs").sum(axis=1).tolist() == [8000] * 3


def test_branches_close_and_open_on_their_days():
    text = f"""{QUIET}
events:
  shut: {{day: 5, set: {{places.shop.open_branches: 0}}}}
  open: {{day: 8, set: {{places.shop.open_branches: 1}}}}
"""
    w = world_of(text, buying({"places.shop.branches": 2, "days": 12}, **ALWAYS))
    w.columns.roll.need_rate[:] = 1.0
    w.columns.traits.home[100:] = 65_535
    w.columns.traits.home[:100] = 0
    w.run(until=5)
    open_to_all = w.columns.bought.orders.copy()
    assert np.all(w.run(until=8).columns.bought.orders == open_to_all)
    w.run()
    assert np.all(w.columns.bought.orders[100:] == open_to_all[100:])
    assert w.columns.bought.orders[:100].sum() > open_to_all[:100].sum()
    daily = w.counted("orders").sum(axis=1)
    assert not daily[5:8].any()
    assert np.all(daily[8:] > 0)
    assert w.counted("needs")[5:8].min() > 0


def test_where_every_branch_is_open_branches_change_nothing():
    plain = needy({}, **ALWAYS).run(until=4)
    branched = needy({"places.shop.branches": 30, "places.shop.open_branches": 30}, **ALWAYS).run(until=4)
    assert different(plain, branched) == []


@pytest.mark.parametrize(
    ("settings", "share"),
    [
        ({}, 0.0),
        ({"delivery_cost": 6.0}, 1.0),
        ({"delivery_cost": 6.0, "delivers": 0.0}, 0.0),
        ({"delivers": 1.0}, 1.0),
        ({"delivery_cost": 6.0, "delivers": 0.3}, 0.3),
    ],
)
def test_the_share_of_orders_brought_home_and_what_it_costs(settings, share):
    w = needy({"places.shop": {"kind": "store", **settings}, "customers.count": 500}, **ALWAYS).run(until=3)
    orders, delivered = w.counted("orders").sum(), w.counted("delivered")[:, code(w, "shop")].sum()
    assert delivered == pytest.approx(share * orders, abs=4 * standard_error(share, orders))
    assert w.counted("delivery").sum() == delivered * (600 if "delivery_cost" in settings else 0)


def test_delivery_is_counted_by_the_place_that_sells():
    shops = {"shop": {"kind": "store"}, "feed": {"kind": "public", "commission": 0.0, "delivers": 1.0}}
    w = needy({"places": shops}, **ALWAYS).run(until=3)
    shop, feed = code(w, "shop"), code(w, "feed")
    assert w.counted("delivered")[:, feed].tolist() == w.counted("orders")[:, feed].tolist()
    assert w.counted("orders").sum(axis=0)[[shop, feed]].min() > 100
    assert not w.counted("delivered")[:, shop].any()


def test_a_customers_orders_and_spend_count_on_beyond_16_and_32_bits():
    w = needy(rate=3.0, **ALWAYS)
    w.columns.bought.orders[:] = 65_535
    w.columns.bought.spend[:] = 2**31 - 1
    tally = one_step(w, "purchasing")
    ordered, paid = tallied(tally, "orders"), tallied(tally, "gross_sales")
    assert ordered > w.customers
    assert int((w.columns.bought.orders.astype(np.int64) - 65_535).sum()) == ordered
    assert int((w.columns.bought.spend.astype(np.int64) - (2**31 - 1)).sum()) == paid


def test_a_price_at_the_markets_is_felt_by_nobody():
    """Whatever the level, and however strongly prices are felt."""
    worlds = [
        after(changes=buying({"product.price": price, "product.market_price": price}, forgetting=False, **weights))
        for price in (100, 9000)
        for weights in ({}, {"per_price": 9.0, "per_price_deal": 9.0})
    ]
    assert len({w.counted("orders").sum() for w in worlds}) == 1
    assert worlds[0].counted("orders").sum() > 20


def test_a_price_beyond_the_markets_sells_next_to_nothing():
    """A meal of 90 at 9,000: 100^-1.3 of the odds are left."""
    asked = [
        after(changes=buying({"product.price": p, "customers.count": 5000}, forgetting=False)) for p in (100, 9000)
    ]
    plain, dear = (int(w.counted("orders").sum()) for w in asked)
    assert plain > 1000
    assert dear < plain / 100


def test_perks_that_cost_by_the_order_are_paid_for_orders_of_members():
    """Wherever they order, also beside what a membership costs; 1.25 is whole cents."""
    perks = {"places.club.perk_cost_per_order": 1.25, "places.desk.perk_cost_per_order": 2.5}
    w = needy(perks, **ALWAYS)
    enrol(w, "club", slice(0, 100))
    enrol(w, "desk", slice(50, 150))
    w.columns.member.status[0, :20] = QUIT
    w.run(until=3)
    orders, paid = w.columns.bought.orders, w.counted("perks").sum(axis=0)
    assert orders[:20].any()
    assert paid[code(w, "club")] == 125 * orders[20:100].sum() > 0
    assert paid[code(w, "desk")] == 250 * orders[50:150].sum() > 0
    assert paid.sum() == paid[code(w, "club")] + paid[code(w, "desk")]
    assert w.counted("margin_from").sum() == (w.counted("gross_sales") - w.counted("cost_of_goods")).sum()


def test_perks_of_a_pool_that_an_arm_leaves_out_cost_nothing():
    w = needy({"places.club.perk_cost_per_order": 1.25}, **ALWAYS)
    w.settings.places["on"][:, code(w, "club")] = 0
    enrol(w, "club")
    w.run(until=2)
    assert w.columns.bought.orders.any()
    assert w.counted("perks").sum() == 0
