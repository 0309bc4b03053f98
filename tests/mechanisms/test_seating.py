"""Seating: who finds a seat when there are fewer than wishes, and how offers for idle hours relieve the peak."""

import math

import numpy as np
import pytest

from trafficsim.kernel import rng
from trafficsim.kernel.columns import QUIT
from trafficsim.kernel.rng import uniform, word
from trafficsim.mechanisms.seating import (
    OTHERS,
    SEATED_FIRST,
    has_one_to_spare,
    left_for,
    seats_of_branch,
    takes_another,
    trust_without_seat,
    turn,
)
from worlds import QUIET, after, code, enrol, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

N = 200
"""Customers, who all want to order at the shop on day 0."""
ALWAYS = {"open_days": 1, "forgetting": False, "intercept": 50.0, "trust_step": 0.0, "usual_discount_step": 0.0}
"""Everybody recalls and chooses the brand: exp(-45) are left."""


def shop(slots, **settings):
    """A shop with slots, given as name: (share, seats) or (share, seats, flexible)."""
    keys = ("share", "seats", "flexible")
    entries = {name: {"flexible": 0.0, **dict(zip(keys, slot, strict=False))} for name, slot in slots.items()}
    return {"places.shop": {"kind": "store", "slots": entries, **settings}, "purchasing": ALWAYS}


def hungry(changes, orders=1):
    """A world in which everybody decides so many needs on day 0, and never has another one."""
    w = world_of(changes=changes)
    w.columns.roll.need_rate[:] = 0
    w.columns.roll.open_needs[:] = orders
    w.columns.roll.decide_on[:] = 0
    return w


def served(w):
    """Who ordered."""
    return np.flatnonzero(w.columns.bought.orders)


def by_slot(w, counter):
    """A counter over all days, by the name of the slot."""
    names = [name.split(".")[1] for name in w.names.slots]
    return dict(zip(names, w.counted(counter).sum(axis=0).tolist(), strict=True))


def with_offer(w, *, discount, customers=slice(None)):
    """Put an offer of the club into these customers' hands."""
    w.settings.posts["discount"] = discount
    w.columns.bought.offer[customers] = 1
    w.columns.bought.offer_until[customers] = 30
    return w


IDLE_OFFER = {"posts": {"club": {"per_week": 0.0, "offer_slot": "idle"}}}


@pytest.mark.parametrize(
    ("u", "first", "place"),
    [(0.25, True, 0.25), (0.75, True, 0.75), (0.25, False, 1.25)],
)
def test_members_stand_before_others(u, first, place):
    assert turn(u, first) == place


@pytest.mark.parametrize(
    ("u", "flexible", "takes"),
    [(0.49, 0.5, True), (0.51, 0.5, False), (0.01, 0.0, False), (0.99, 1.0, True)],
)
def test_who_takes_another_slot(u, flexible, takes):
    assert takes_another(u, flexible) == takes


@pytest.mark.parametrize(
    ("u", "seats", "days", "branches", "whole"),
    [
        (0.5, 12.0, 1.0, 3.0, 4),
        (0.4, 10.0, 1.0, 4.0, 2),
        (0.6, 10.0, 1.0, 4.0, 3),
        (0.4, 10.0, 2.0, 4.0, 5),
        (0.9, 0.0, 7.0, 1.0, 0),
    ],
)
def test_seats_of_a_branch_in_a_window(u, seats, days, branches, whole):
    assert seats_of_branch(u, seats, days, branches) == whole


@pytest.mark.parametrize(
    ("kind", "left"),
    [(SEATED_FIRST, 5.0), (OTHERS, 3.5)],
)
def test_others_are_left_what_members_do_not_need(kind, left):
    assert left_for(kind, 5.0, 1.5) == left


@pytest.mark.parametrize(
    ("left", "more", "spare"),
    [(3.0, 2.0, True), (3.0, 2.1, False), (0.0, 0.0, False), (1.0, 0.0, True)],
)
def test_whether_a_slot_has_a_seat_to_spare(left, more, spare):
    assert has_one_to_spare(left, more) == spare


@pytest.mark.parametrize(
    ("trust", "lost", "left"),
    [(0.5, 0.2, 0.4), (0.5, 0.0, 0.5), (0.5, 1.0, 0.0)],
)
def test_trust_of_who_is_turned_away(trust, lost, left):
    assert trust_without_seat(trust, lost) == pytest.approx(left, abs=1e-15)


def test_no_slot_serves_more_than_its_seats_and_the_others_are_turned_away():
    w = hungry(shop({"lunch": (0.5, 30), "dinner": (0.5, 40)})).run(until=1)
    away, seated = by_slot(w, "turned_away"), by_slot(w, "orders_in")
    assert seated == {"lunch": 30, "dinner": 40}
    assert sum(away.values()) == N - 70
    assert w.counted("orders").sum() == len(served(w)) == 70
    assert away["lunch"] + 30 == pytest.approx(N / 2, abs=4 * standard_error(0.5, N))


def test_customers_come_by_the_shares_of_the_slots():
    w = hungry(shop({"peak": (0.7, 2000), "idle": (0.3, 2000)}) | {"customers.count": 2000})
    w.run(until=1)
    assert by_slot(w, "orders_in")["peak"] == pytest.approx(1400, abs=4 * standard_error(0.7, 2000))
    assert by_slot(w, "orders_in")["idle"] == 2000 - by_slot(w, "orders_in")["peak"]


def test_every_day_has_its_seats():
    w = world_of(changes=shop({"all": (1.0, 7)}))
    w.columns.roll.need_rate[:] = 1.0
    assert w.run(until=5).counted("orders_in")[:, 0].tolist() == [7] * 5


def test_no_wish_outlives_its_day():
    w = hungry(shop({"all": (1.0, 7)})).run(until=1)
    assert not w.columns.today.request.any()
    assert not w.columns.roll.open_needs.any()
    assert w.run(until=3).counted("orders").sum() == 7


def test_the_order_of_the_queue_is_drawn_by_seed_store_and_day():
    w = hungry(shop({"all": (1.0, 60)})).run(until=1)
    key = word(word(rng.stream(1, 0, "seating"), w.settings.places["key"][0, code(w, "shop")]), 0)
    draws = [uniform(word(np.uint64(key), 0), i) for i in range(N)]
    assert served(w).tolist() == sorted(np.argsort(draws)[:60].tolist())


def test_another_day_seats_others():
    def on(day):
        w = hungry(shop({"all": (1.0, 60)}))
        w.columns.roll.decide_on[:] = day
        return set(served(w.run(until=day + 1)).tolist())

    both = len(on(0) & on(1))
    assert both == pytest.approx(18, abs=4 * math.sqrt(60 * 0.3 * 0.7 * 140 / 199))  # hypergeometric


@pytest.mark.parametrize(("members", "seats"), [(40, 60), (40, 40), (40, 25)])
def test_members_are_seated_before_others(members, seats):
    w = hungry(shop({"all": (1.0, seats)}) | {"places.club.seats_first": True})
    enrol(w, "club", slice(N - members, N))
    w.run(until=1)
    assert len(served(w)) == seats
    assert np.sum(served(w) >= N - members) == min(members, seats)


def test_members_of_other_pools_and_those_who_left_wait_like_everybody():
    w = hungry(shop({"all": (1.0, 60)}) | {"places.club.seats_first": True})
    plain = hungry(shop({"all": (1.0, 60)})).run(until=1)
    enrol(w, "desk", slice(0, 40))
    enrol(w, "club", slice(40, 80))
    w.columns.member.status[w.names.pools.index("club"), 40:80] = QUIT
    assert served(w.run(until=1)).tolist() == served(plain).tolist()


def test_each_branch_is_full_by_itself():
    w = hungry(shop({"all": (1.0, 40)}, branches=4))
    w.columns.traits.home[:] = np.repeat([0, 20_000, 40_000, 65_535], [5, 60, 70, 65])
    w.run(until=1)
    assert np.bincount(np.repeat([0, 1, 2, 3], [5, 60, 70, 65])[served(w)]).tolist() == [5, 10, 10, 10]
    assert by_slot(w, "turned_away") == {"all": N - 35}


def test_seats_of_a_closed_branch_are_closed():
    w = hungry(shop({"all": (1.0, 40)}, branches=4, open_branches=3))
    w.columns.traits.home[:] = np.repeat([0, 20_000, 40_000, 65_535], 50)
    w.run(until=1)
    assert np.bincount(served(w) // 50, minlength=4).tolist() == [10, 10, 10, 0]
    assert by_slot(w, "turned_away") == {"all": 120}


def test_the_flexible_take_a_seat_in_another_slot():
    w = hungry(shop({"peak": (0.9, 10, 1.0), "idle": (0.1, N)})).run(until=1)
    assert by_slot(w, "orders_in") == {"peak": 10, "idle": N - 10}
    assert by_slot(w, "turned_away") == {"peak": 0, "idle": 0}


def test_the_flexible_are_lost_too_when_every_slot_is_full():
    w = hungry(shop({"peak": (0.9, 10, 1.0), "idle": (0.1, 60, 1.0)})).run(until=1)
    assert by_slot(w, "orders_in") == {"peak": 10, "idle": 60}
    assert sum(by_slot(w, "turned_away").values()) == N - 70


def test_the_flexible_share_is_that_of_the_slot():
    w = hungry(shop({"peak": (1.0, 0, 0.4), "idle": (0.0, N)}))
    w.settings.slots["share"] = [[1e-12, 1.0]]  # idle, peak: nobody's wish, but a place to go
    w.run(until=1)
    assert by_slot(w, "orders_in")["idle"] == pytest.approx(80, abs=4 * standard_error(0.4, N))
    assert by_slot(w, "orders_in")["idle"] + by_slot(w, "turned_away")["peak"] == N


def test_of_a_fractional_seat_there_is_a_whole_one_on_that_share_of_days():
    """One seat for four times as many people: a quarter of a seat for the customers who stand for them."""
    changes = shop({"all": (1.0, 1)}) | {"customers.each_stands_for": 4, "days": 100, "customers.count": 20}
    w = world_of(changes=changes)
    w.columns.roll.need_rate[:] = 5.0
    seated = w.run().counted("orders_in")[:, 0]
    assert set(seated.tolist()) == {0, 1}
    assert seated.sum() == pytest.approx(25, abs=4 * standard_error(0.25, 100))


def test_who_needs_several_things_on_a_day_comes_once():
    w = hungry(shop({"lunch": (0.5, 3 * N), "dinner": (0.5, 3 * N)}), orders=3)
    before = one_step(w, "purchasing")
    assert tallied(before, "orders") == 0
    assert np.all(w.columns.roll.open_needs == 3)
    seats = np.bincount(w.columns.today.request, minlength=3)[1:]
    tally = one_step(w, "seating")
    assert tallied(tally, "orders") == 3 * N
    assert seats.sum() == N
    rows = [c for c in range(2) if seats[c]]
    assert len(rows) == 2
    assert np.all(w.columns.bought.orders == 3)


def test_needs_that_want_a_seat_are_open_until_seating_and_others_are_not():
    """At even odds some of three needs fall to rivals; as many orders follow as needs were left open."""
    changes = shop({"lunch": (0.5, 3 * N), "dinner": (0.5, 3 * N)})
    w = hungry({**changes, "purchasing": {**ALWAYS, "intercept": -0.5}}, orders=3)
    before = one_step(w, "purchasing")
    waiting = w.columns.roll.open_needs.copy()
    assert set(waiting.tolist()) == {0, 1, 2, 3}
    assert np.array_equal(waiting > 0, w.columns.today.request > 0)
    assert (tallied(before, "needs"), tallied(before, "orders")) == (3 * N, 0)
    after_ = one_step(w, "seating")
    assert (tallied(after_, "needs"), tallied(after_, "orders")) == (0, waiting.sum())
    assert np.array_equal(w.columns.bought.orders, waiting)
    assert not w.columns.roll.open_needs.any()


def test_needs_that_are_decided_later_stay_open_beyond_seating():
    w = hungry(shop({"all": (1.0, 7)}))
    w.columns.roll.decide_on[100:] = 1
    w.run(until=1)
    assert w.columns.roll.open_needs.tolist() == [0] * 100 + [1] * 100
    assert w.run(until=2).counted("turned_away")[:, 0].tolist() == [93, 93]


def test_a_hook_that_found_no_room_asks_for_no_seat_and_a_seat_not_found_for_no_membership():
    """Both wait in one column, at different times of the day: the same people are served as without the hook."""
    hook = {"at": "shop", "into": "club", "gives": "gift", "strength": 50.0, "in_person": True}
    full = {"places.club.groups": 1, "places.club.group_size": 1, "hooks": {"gift": hook}}
    slots = {"lunch": (0.5, 30), "dinner": (0.5, 40)}
    plain, hooked = (hungry(shop(slots, visits_per_week=700) | more) for more in ({}, full))
    for w in (plain, hooked):
        enrol(w, "club", [0])
        w.columns.roll.open_needs[150:] = 0
        w.run(until=3)
    assert hooked.counted("asked")[:, 0].tolist() == [N - 1] * 3
    assert not hooked.counted("joined").any()
    for counter in ("orders", "orders_in", "turned_away"):
        assert hooked.counted(counter).tolist() == plain.counted(counter).tolist()
    assert plain.counted("turned_away").sum() == 150 - 70
    assert np.array_equal(served(hooked), served(plain))


def test_each_order_needs_a_seat_of_its_own():
    w = hungry(shop({"all": (1.0, 100)}), orders=3).run(until=1)
    orders = w.columns.bought.orders
    assert w.counted("orders").sum() == orders.sum() == 100
    assert by_slot(w, "turned_away") == {"all": 3 * N - 100}
    assert np.bincount(orders).tolist() == [N - 34, 1, 0, 33]  # the last one to be served gets what is left


def test_an_order_with_a_seat_leaves_the_same_marks_as_one_without():
    """Seats for all: the customers and their orders are those of a shop without slots, to the bit."""
    plain = hungry({"purchasing": ALWAYS}, orders=2).run(until=3)
    seated = hungry(shop({"lunch": (0.5, 3 * N), "dinner": (0.5, 3 * N)}), orders=2).run(until=3)
    for group in ("mind", "story", "bought"):
        for name, array in getattr(plain.columns, group)._asdict().items():
            assert np.array_equal(array, getattr(getattr(seated.columns, group), name)), name
    for counter in ("orders", "gross_sales", "discounts", "cost_of_goods", "first_orders", "margin_from", "needs"):
        assert plain.counted(counter).tolist() == seated.counted(counter).tolist()


def test_sales_by_slot_are_the_sales_of_the_shop():
    w = hungry(shop({"lunch": (0.5, 30), "dinner": (0.5, 40)}, discount=0.1)).run(until=1)
    assert by_slot(w, "sales_in") == {"lunch": 30 * 9000, "dinner": 40 * 9000}
    assert w.counted("gross_sales").sum() - w.counted("discounts").sum() == 70 * 9000


def test_an_offer_for_idle_hours_draws_orders_there():
    """40 % off, weighed by 1: shares 0.8 and 0.2 / 0.6, so 0.294 of the orders instead of 0.2."""
    changes = shop({"peak": (0.8, 5000), "idle": (0.2, 5000)}) | IDLE_OFFER | {"customers.count": 2000}
    w = with_offer(hungry(changes), discount=0.4).run(until=1)
    pull = 0.2 / 0.6
    share = pull / (0.8 + pull)
    seated = by_slot(w, "orders_in")
    assert seated["idle"] == pytest.approx(2000 * share, abs=4 * standard_error(share, 2000))
    assert by_slot(w, "sales_in") == {"peak": seated["peak"] * 10_000, "idle": seated["idle"] * 6_000}


@pytest.mark.parametrize("dissimilarity", [0.5, 4.0])
def test_the_more_alike_times_of_day_are_the_more_shift(dissimilarity):
    """40 % off, weighed by 1, is felt as -ln 0.6 / dissimilarity."""
    changes = shop({"peak": (0.8, 5000), "idle": (0.2, 5000)}) | IDLE_OFFER | {"customers.count": 2000}
    changes |= {"purchasing": {**ALWAYS, "slot_dissimilarity": dissimilarity}}
    w = with_offer(hungry(changes), discount=0.4).run(until=1)
    pull = 0.2 * 0.6 ** (-1.0 / dissimilarity)
    share = pull / (0.8 + pull)
    assert by_slot(w, "orders_in")["idle"] == pytest.approx(2000 * share, abs=4 * standard_error(share, 2000))


def test_an_offer_for_idle_hours_relieves_the_peak_and_raises_idle_revenue():
    """Weighed by 1 + 5.5 x 0.3, 40 % off lifts the idle share from 0.2 to 0.49, at 60 % of the price."""
    slots = {"peak": (0.8, 80), "idle": (0.2, 150)}
    offered = with_offer(hungry(shop(slots) | IDLE_OFFER), discount=0.4)
    offered.columns.traits.deal_prone[:] = 0.3
    plain, offered = hungry(shop(slots)).run(until=1), offered.run(until=1)
    assert by_slot(plain, "turned_away")["peak"] > by_slot(offered, "turned_away")["peak"]
    assert by_slot(plain, "sales_in")["idle"] < by_slot(offered, "sales_in")["idle"]
    assert by_slot(plain, "sales_in")["peak"] == by_slot(offered, "sales_in")["peak"] == 80 * 10_000


def test_the_worth_of_a_store_grows_with_an_offer_for_one_slot():
    """ln(0.5 + 0.5 / 0.6) = 0.288 more than at no discount: -1 becomes -0.712."""
    choice = ALWAYS | {"intercept": -1.0, "per_trust": 0.0}
    changes = shop({"peak": (0.5, 5000), "idle": (0.5, 5000)}) | IDLE_OFFER | {"customers.count": 2000}
    changes |= {"purchasing": choice, "customers.memory": {"usual_discount": 0.0}}
    chance = 1 / (1 + math.exp(1 - math.log(0.5 + 0.5 / 0.6)))
    w = with_offer(hungry(changes), discount=0.4).run(until=1)
    assert w.counted("orders").sum() == pytest.approx(2000 * chance, abs=4 * standard_error(chance, 2000))


def test_an_offer_for_a_slot_does_not_hold_where_there_are_none():
    changes = shop({"idle": (1.0, N)}) | IDLE_OFFER | {"places.stall": {"kind": "store", "convenience": 40.0}}
    w = with_offer(hungry(changes), discount=0.4).run(until=1)
    assert w.counted("orders")[:, code(w, "stall")].sum() == N
    assert w.counted("discounts").sum() == 0


def test_who_is_moved_pays_the_price_of_the_slot_that_is_left():
    """With an offer for idle hours in hand: where idle is full the peak is taken at full price, and the other way."""
    for wanted, free, cut in (("idle", "peak", 0), ("peak", "idle", 4000)):
        slots = {wanted: (1.0, 0, 1.0), free: (0.0, N)}
        w = with_offer(hungry(shop(slots) | IDLE_OFFER), discount=0.4)
        w.settings.slots["share"] = [[1.0, 1e-12]]
        w.run(until=1)
        assert by_slot(w, "orders_in") == {wanted: 0, free: N}
        assert w.counted("discounts").sum() == N * cut


def test_being_turned_away_costs_trust():
    w = hungry(shop({"all": (1.0, 50)}) | {"seating": {"trust_lost": 0.25}})
    w.columns.mind.trust[:] = 0.8
    w.run(until=1)
    there = w.columns.bought.orders == 1
    assert np.all(w.columns.mind.trust[there] == np.float32(0.8))
    assert w.columns.mind.trust[~there] == pytest.approx(0.6, rel=1e-6)


def test_delivered_orders_need_no_seat():
    w = hungry(shop({"all": (1.0, 10)}, delivers=0.5, delivery_cost=6.0)).run(until=1)
    delivered = w.counted("delivered").sum()
    assert delivered == pytest.approx(N / 2, abs=4 * standard_error(0.5, N))
    assert by_slot(w, "orders_in") == {"all": 10}
    assert by_slot(w, "turned_away") == {"all": N - delivered - 10}
    assert w.counted("delivery").sum() == 600 * delivered


def test_two_stores_have_queues_and_seats_of_their_own():
    second = {"kind": "store", "slots": {"all": {"share": 1.0, "seats": 30, "flexible": 1.0}}}
    w = hungry(shop({"all": (1.0, 20, 1.0)}) | {"places.stall": second}).run(until=1)
    assert w.names.slots == ("shop.all", "stall.all")
    assert w.counted("orders_in")[0].tolist() == [20, 30]
    assert w.counted("orders")[0, [code(w, "shop"), code(w, "stall")]].tolist() == [20, 30]


ARMS = """
arms:
  plain: {}
  lunch: {places: {shop: {slots: {noon: {share: 0.5, seats: 9}, night: {share: 0.5, seats: 9}}}}}
  dinner: {places: {shop: {slots: {early: {share: 0.5, seats: 4}, night: {share: 0.5, seats: 3}}}}}
"""


def test_arms_may_have_slots_of_their_own():
    """All arms know the slots of all; an arm without any lives as if there were none."""

    def lived(arm):
        w = world_of(QUIET + ARMS, {"purchasing": ALWAYS}, arm=arm)
        w.columns.roll.need_rate[:] = 1.0
        return w.run(until=3)

    plain, lunch, dinner = (lived(arm) for arm in ("plain", "lunch", "dinner"))
    assert plain.names.slots == ("shop.early", "shop.night", "shop.noon")
    assert plain.counted("orders_in").sum(axis=0).tolist() == [0, 0, 0]
    assert lunch.counted("orders_in").sum(axis=0).tolist() == [0, 27, 27]
    assert dinner.counted("orders_in").sum(axis=0).tolist() == [12, 9, 0]
    alone = world_of(QUIET, {"purchasing": ALWAYS})
    alone.columns.roll.need_rate[:] = 1.0
    alone.run(until=3)
    for counter in ("needs", "orders", "gross_sales", "discounts", "margin_from"):
        assert plain.counted(counter).tolist() == alone.counted(counter).tolist()


def test_without_the_mechanism_stores_never_fill():
    w = hungry(shop({"all": (1.0, 7)}) | {"seating": "off"}).run(until=1)
    assert w.counted("orders").sum() == N
    assert not w.counted("orders_in").any()


def test_where_nobody_wants_a_seat_all_stay_free():
    w = after(changes=shop({"all": (1.0, 7)}) | {"purchasing": "off"})
    assert not w.counted("orders_in").any()
    assert not w.counted("turned_away").any()


def test_times_of_day_much_alike_stay_numbers():
    """40 % off, weighed by 2, over 0.001 is exp(800), which is no number: everybody takes the offered slot."""
    changes = shop({"peak": (0.8, 5000), "idle": (0.2, 5000)}) | IDLE_OFFER
    changes |= {"purchasing": {**ALWAYS, "slot_dissimilarity": 0.001}}
    assert by_slot(with_offer(hungry(changes), discount=0.4).run(until=1), "orders_in") == {"peak": 0, "idle": N}
