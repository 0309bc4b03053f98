"""The law of demand: dearer than the market sells less, by published elasticities, whoever changes the price."""

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
