"""Money in currencies without, with two and with three decimals: counted in the smallest unit, and shown so."""

import numpy as np
import pytest

import trafficsim as ts
from trafficsim import plots
from trafficsim.engine.journal import by_day
from trafficsim.engine.mesa_model import TrafficModel
from trafficsim.engine.world import start
from trafficsim.market.currencies import decimals, minor_units
from trafficsim.report.voice import Voice
from trafficsim.scenario import load_text

SHOP = """
format: 1
title: Everybody buys
start: 2024-01-01
days: 20
customers:
  count: 120
  segments:
    all: {share: 1, days_between_needs: 2, fit: 0.5, fit_spread: 0, deal_prone: 0, deal_spread: 0, basket_spread: 0}
  ties: {mean: 0}
product: {price: 100, unit_cost: 40}
places:
  shop: {kind: store, fixed_cost_per_day: 1}
purchasing: {forgetting: false, intercept: 50, open_days: 1}
leaving: off
arms: {one: {}, other: {places: {shop: {fixed_cost_per_day: 2}}}}
"""
"""All baskets cost the price."""


def selling(currency, price, unit_cost):
    return load_text(SHOP, "shop").replace(
        {"currency": currency, "product.price": price, "product.unit_cost": unit_cost}
    )


@pytest.mark.parametrize(
    ("currency", "places"),
    [
        *[("CNY", 2), ("USD", 2), ("points", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("IDR", 0)],
        *[("kwd", 3), ("BHD", 3), ("TND", 3)],
    ],
)
def test_decimals_are_those_of_iso_4217(currency, places):
    assert decimals(currency) == places
    assert minor_units(currency) == 10**places


@pytest.mark.parametrize(
    ("currency", "price", "paid"),
    [
        ("CNY", 19.995, 20.0),  # half a fen is rounded up
        ("JPY", 1234.5, 1235.0),
        ("VND", 30_000_000.0, 30_000_000.0),
        ("IDR", 1_000_000_000.0, 1_000_000_000.0),
        ("KWD", 1.2345, 1.235),
        ("BHD", 0.001, 0.001),
    ],
)
def test_an_order_costs_whole_units_of_the_currency_everywhere(currency, price, paid):
    case = selling(currency, price, 0.0)
    result = ts.compare(case, replicates=2, seed=3)
    orders = result.data["orders"].sum(["day", "place"]).to_numpy()
    assert orders.min() > 500
    fixed = np.array([[20.0], [40.0]])
    assert result.values("revenue").to_numpy() == pytest.approx(orders * paid, rel=1e-12)
    assert result.values("profit").to_numpy() == pytest.approx(orders * paid - fixed, rel=1e-12)
    each = result.data["revenue_of_segment"].to_numpy()[..., 0] / 100
    assert each == pytest.approx(orders * paid, rel=1e-12)
    days = by_day(start(case, "one", 3).run(), case)
    assert days["revenue"].sum() == pytest.approx(orders[0, 0] * paid, rel=1e-12)
    model = TrafficModel(case, "one", 3)
    model.step()
    assert model.revenue == pytest.approx(model.last_day("orders") * paid, rel=1e-12)


def test_arms_that_are_alike_differ_by_exactly_nothing_with_three_decimals():
    case = selling("KWD", 1.2345, 0.7).replace({"other:places.shop.fixed_cost_per_day": 1})
    difference = ts.compare(case, replicates=2, seed=3).difference("profit", "other", "one").amount
    assert (difference.low, difference.middle, difference.high) == (0.0, 0.0, 0.0)


def test_a_journey_tells_what_was_paid_in_the_currencys_own_decimals():
    for currency, price, told in (("VND", 30_000_000.0, "VND 30,000,000"), ("KWD", 1.2345, "KWD 1.235")):
        found = ts.journey(selling(currency, price, 0.0), "buyer", ("one", "other"))
        assert f"{told}\n" in found.text() or f"{told}." in found.text() or f"{told} " in found.text()
        assert found.paid("one") == pytest.approx(found.orders("one") * minor_round(price, currency), rel=1e-12)


def minor_round(price, currency):
    return np.floor(price * minor_units(currency) + 0.5) / minor_units(currency)


@pytest.mark.parametrize(
    ("currency", "price", "shown"),
    [
        *[("CNY", 12.5, "CNY 12.5"), ("CNY", 12.0, "CNY 12"), ("JPY", 1200, "JPY 1,200")],
        *[("VND", 30_000_000, "VND 30,000,000"), ("KWD", 1.125, "KWD 1.125"), ("KWD", 1.1, "KWD 1.1")],
    ],
)
def test_a_price_is_written_with_the_decimals_that_it_has(currency, price, shown):
    assert Voice("en", currency).price(price) == shown


def test_dollars_in_a_title_or_currency_are_no_formula():
    case = selling("$\\q$", 10.0, 4.0).replace({"title": "From $5 to $\\frac$"})
    result = ts.compare(case, replicates=2, seed=3)
    assert "$\\q$" in plots.svg(result.pictures.overview()) or plots.png(result.pictures.overview())
