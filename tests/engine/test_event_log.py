"""The log of a world: it adds up to what was counted, and changes no bit of what happens."""

import numpy as np
import pytest

from comparisons import lively
from trafficsim.books.routes import INVITED, ORGANIC, PAID, POOL, STAFF, STORE, TOLD
from trafficsim.engine.event_log import logged
from trafficsim.engine.world import start


@pytest.fixture(scope="module")
def both():
    """The restaurant in which everything happens, with its log, and the same as it runs by itself."""
    world = start(lively(), "both", 3)
    return world, logged(world), start(lively(), "both", 3).run()


def test_logging_changes_no_bit(both):
    world, _, alone = both
    assert (world.tallies == alone.tallies).all()
    for name, column in world.named_columns():
        assert (column == dict(alone.named_columns())[name]).all(), name


def test_orders_add_up_to_what_was_counted(both):
    world, log, _ = both
    shape = world.days, len(world.names.places)
    fields = {"orders": "orders", "gross_sales": "list_price", "discounts": "discount", "cost_of_goods": "goods",
              "commission": "commission", "delivery": "delivery"}  # fmt: skip
    for counter, name in fields.items():
        found = np.zeros(shape, np.int64)
        for order in log.orders:
            found[order.day, order.place] += getattr(order, name)
        assert (found == world.counted(counter)).all(), counter
        assert found.any(), counter
    assert sum(o.margin for o in log.orders) == world.counted("margin_from").sum()
    spent = np.zeros(world.customers, np.int64)
    for order in log.orders:
        spent[order.customer] += order.paid
    assert (spent == world.columns.bought.spend).all()


def test_contacts_add_up_to_what_was_counted(both):
    world, log, _ = both
    places = len(world.names.places)
    noticed = np.zeros((world.days, places), np.int64)
    for contact in log.contacts:
        if contact.route == PAID:
            noticed[contact.day, contact.place] += 1
    assert (noticed == world.counted("noticed")).all()
    assert {c.route for c in log.contacts} == {ORGANIC, PAID, POOL, STAFF, STORE, TOLD, INVITED}
    first = {}
    for contact in log.contacts:
        first.setdefault(contact.customer, contact)
    aware_on, route = world.columns.story.aware_on, world.columns.story.route
    for customer in np.flatnonzero(aware_on >= 0).tolist():
        assert (first[customer].day, first[customer].route) == (aware_on[customer], route[customer])
    invited = [c for c in log.contacts if c.route == INVITED]
    assert all(c.by >= 0 for c in log.contacts if c.route in {TOLD, INVITED})
    assert len(invited) <= world.counted("invited").sum()


def test_members_are_those_who_joined_and_did_not_leave(both):
    world, log, _ = both
    for pool, name in enumerate(world.names.pools):
        place = world.names.places.index(name)
        apart = sum(1 if move.inside else -1 for move in log.moves if move.pool == place)
        assert world.members[0, place] + apart == world.count_members(pool)
        assert any(move.hook >= 0 for move in log.moves if move.pool == place and move.inside)
