"""Dated events: changed settings are in force from their day on, and change nothing else."""

import numpy as np
import pytest

from worlds import LIVELY, QUIET, after, code, different, one_step, world_of

pytestmark = pytest.mark.nojit

SELLING = QUIET.replace(
    "purchasing: off", "purchasing: {open_days: 1, forgetting: false, intercept: 50, trust_step: 0}"
)


def with_event(text, day, settings):
    inner = ", ".join(f"{path}: {value}" for path, value in settings.items())
    return text + f"events: {{change: {{day: {day}, set: {{{inner}}}}}}}\n"


@pytest.mark.parametrize("day", [0, 1, 12, 29])
def test_a_dearer_price_holds_from_its_day_on(day):
    w = after(with_event(SELLING, day, {"product.price": 130}))
    orders, sales = w.counted("orders").sum(axis=1), w.counted("gross_sales").sum(axis=1)
    assert orders.min() > 0
    price = np.where(np.arange(30) < day, 10_000, 13_000)
    assert sales.tolist() == (price * orders).tolist()


def test_before_its_day_an_event_changes_nothing():
    plain, changed = world_of(SELLING), world_of(with_event(SELLING, 12, {"product.price": 130, "rivals.pull": 50}))
    assert different(plain.run(until=12), changed.run(until=12)) == []
    assert different(plain.run(until=13), changed.run(until=13)) != []


def test_an_event_that_sets_what_holds_already_changes_nothing():
    plain = after(LIVELY)
    again = after(LIVELY + "  same: {day: 11, set: {product.unit_cost: 38.25, visits.in_sight: 0.25}}\n")
    assert different(plain, again) == []


def test_events_add_up_in_order_of_their_days():
    text = SELLING + (
        "events:\n"
        "  second: {day: 20, set: {product.price: 300}}\n"
        "  first: {day: 10, set: {product.price: 200, product.unit_cost: 50}}\n"
    )
    w = after(text)
    orders = w.counted("orders").sum(axis=1)
    price = np.repeat([10_000, 20_000, 30_000], 10)
    cost = np.repeat([4_000, 5_000, 5_000], 10)
    assert w.counted("gross_sales").sum(axis=1).tolist() == (price * orders).tolist()
    assert w.counted("cost_of_goods").sum(axis=1).tolist() == (cost * orders).tolist()


def test_a_dated_change_of_reach_moves_visits_from_that_day():
    w = after(with_event(QUIET, 7, {"places.feed.visits_per_week": 700}))
    assert w.counted("visits")[:, code(w, "feed")].tolist() == [0] * 7 + [200] * 23


def test_a_mechanism_steps_with_the_settings_of_the_day():
    w = world_of(with_event(QUIET, 7, {"places.shop.visits_per_week": 700, "visits.in_sight": 0.5}))
    one_step(w, "visits", 6)
    assert not w.columns.mind.salience.any()
    one_step(w, "visits", 7)
    assert np.all(w.columns.mind.salience == 0.5)


def test_demand_multiplies_needs_on_its_days_alone():
    world = {"customers.count": 4000, "days": 20, "customers.segments.all.need_shape": 1000}
    often = "events: {rush: {every: week, on: wed, days: 2, times: {demand: 3}}}\n"
    needs = after(SELLING + often, world).counted("needs")
    rush = np.isin(np.arange(20) % 7, (2, 3))  # day 0 is a Monday
    for days, demand in ((rush, 3.0), (~rush, 1.0)):
        mean = days.sum() * 4000 / 10 * demand  # one need in ten days
        assert abs(needs[days].sum() - mean) < 5 * np.sqrt(mean)  # five standard deviations of a Poisson number


def test_a_members_day_of_every_month_shows_in_its_sales():
    months = SELLING + "events: {club: {every: month, on: 8, times: {product.price: 0.5, demand: 2}}}\n"
    w = after(months, {"days": 91, "customers.count": 2000})
    orders, sales = w.counted("orders").sum(axis=1), w.counted("gross_sales").sum(axis=1)
    club = np.isin(np.arange(91), (7, 38, 67))
    assert sales.tolist() == (np.where(club, 5_000, 10_000) * orders).tolist()
    assert orders[club].min() > orders[~club].max()
