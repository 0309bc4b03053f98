"""Laws of prices: dearer sells less, a deal sells more, the deeper the more, and borrows from the weeks after it."""

import math

import pytest
from law_worlds import scenario, total

from trafficsim.engine import world

BRAND = {
    "days": 182,
    "customers__count": 40_000,
    "customers__at_start": {"aware": 0.6, "bought": 0.3},
    "customers__segments__all__fit": 0.6,
}
ARMS = {"arms": {"plain": {}, "dearer": {"product": {"price": 99}}, "cheaper": {"product": {"price": 81}}}}


def orders(of, arm="base"):
    """Orders of half a year of a brand that people know."""
    return total(world.start(of, arm, 1).run(), "orders")


def test_the_own_price_elasticity_is_as_published():
    """Between -1 and -4.5, as nearly all of 1,851 published ones; -2.62 on average (Bijmolt et al. 2005)."""
    of = scenario(**BRAND).adding(ARMS)
    plain = orders(of, "plain")
    for arm, change in (("dearer", 1.1), ("cheaper", 0.9)):
        assert -4.5 < math.log(orders(of, arm) / plain) / math.log(change) < -1.0


@pytest.mark.parametrize("both", [True, False])
def test_a_replaced_price_leaves_the_market_where_it_was(both):
    """What a sweep, `--set` and a slider do is what an arm does; the level of the category moves both."""
    of = scenario(**BRAND)
    asked = of.replace({"product.price": 99, **({"product.market_price": 99} if both else {})})
    assert asked.plan("base").product.market_price == (99 if both else 90)
    assert orders(asked) == (orders(of) if both else orders(of.adding(ARMS), "dearer"))


def test_an_event_and_moved_numbers_leave_it_too():
    of = scenario(**BRAND)
    dated = of.adding({"events": {"dearer": {"day": 0, "set": {"product.price": 99}}}})
    changes = {"product.price": 99.0}
    moved = of.moved(of.moving(changes), changes)
    asked = of.replace(changes)
    assert orders(dated) == orders(moved) == orders(asked) < orders(of)
    again = asked.replace({"product.price": 90})
    assert again.plan("base").product.market_price == 90


def sale(discount):
    """Orders of two weeks with a discount in the shop, and of the eight weeks after them, in four seeds."""
    changed = {day: {"day": day, "set": {"places.shop.discount": off}} for day, off in ((91, discount), (105, 0))}
    events = {f"on_day_{day}": event for day, event in changed.items()}
    of = scenario(**BRAND | {"days": 161}).adding({"events": events})
    orders = sum(world.start(of, "base", seed).run().counted("orders").sum(axis=1) for seed in range(4))
    return int(orders[91:105].sum()), int(orders[105:].sum())


def test_a_deal_sells_more_the_deeper_it_is_and_borrows_from_what_comes_after():
    """20 % off sells 1.73 times as much (Bijmolt et al. 2005; 1.4 to 2.1), a third of which later weeks lack (.10 to
    .55; van Heerde, Leeflang and Wittink 2004)."""
    plain, later = sale(0)
    offs = {discount: sale(discount) for discount in (0.1, 0.2, 0.4)}
    assert plain < offs[0.1][0] < offs[0.2][0] < offs[0.4][0]
    assert 1.4 < offs[0.2][0] / plain < 2.1
    for during, after in list(offs.values())[1:]:
        assert 0.10 < (later - after) / (during - plain) < 0.55


def test_an_offer_in_a_pool_sells_more_the_deeper_it_is():
    pool = {"kind": "pool", "form": "account", "open_rate": 0.4}
    members = {"aware": 1, "bought": 1, "bought_within_days": 365, "members": {"club": 1}}
    of = scenario(days=42, customers__count=40_000, customers__at_start=members, places__club=pool)
    sold = [
        orders(of.adding({"posts": {"club": {"per_week": 1, "offers_per_week": 1, "discount": discount}}}))
        for discount in (0.0, 0.1, 0.2, 0.4)
    ]
    assert sold == sorted(set(sold))
    assert sold[-1] > 1.5 * sold[0]
