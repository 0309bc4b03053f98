"""Advertising: what a budget buys, who notices, and what wears out."""

import math

import numpy as np
import pytest

from trafficsim.books.routes import PAID
from trafficsim.kernel.columns import NEVER
from trafficsim.mechanisms.advertising import (
    campaign_runs,
    impressions_bought,
    left_unspent,
    most_who_notice,
    notices,
    price_of_impressions,
    price_of_thousand,
    seen_lately,
    shown_to_each,
    supply_of_day,
    whole_impressions,
)
from worlds import after, code, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

SAMPLE = {"customers.count": 50, "customers.each_stands_for": 10}
EVERYBODY = {"customers.count": 500, "places.lift.visits_per_week": 700}
"""Everybody looks at the medium every day: the chance to miss it is exp(-100)."""


def campaign(**settings):
    return {**EVERYBODY, "advertising": {"lift": {"budget_per_day": 60.0, "cpm": 60.0, "crowding": 0.0, **settings}}}


def daily(w, counter):
    return w.counted(counter)[:, code(w, "lift")]


@pytest.mark.parametrize(
    ("seen", "days", "left"),
    [(4.0, 0.0, 4.0), (4.0, 14.0, 2.0), (4.0, 28.0, 1.0), (0.0, 3.0, 0.0)],
)
def test_advertisements_are_forgotten(seen, days, left):
    assert seen_lately(seen, days, 14.0) == pytest.approx(left, abs=1e-12)


@pytest.mark.parametrize(
    ("bought", "visitors", "shown"),
    [(300.0, 100.0, 3.0), (50.0, 100.0, 0.5)],
)
def test_what_each_visitor_is_shown(bought, visitors, shown):
    assert shown_to_each(bought, visitors) == shown


@pytest.mark.parametrize(
    ("shown", "notice", "chance"),
    [(0.0, 0.03, 0.0), (10.0, 0.1, 0.6321205588), (1.0, 0.5, 0.3934693403)],
)
def test_the_most_who_notice(shown, notice, chance):
    """1 - exp(-1) and 1 - exp(-0.5)."""
    assert most_who_notice(shown, notice) == pytest.approx(chance, abs=1e-9)


@pytest.mark.parametrize(
    ("on", "place_on", "day", "runs"),
    [
        (True, True, 5.0, True),
        (True, True, 9.0, True),
        (True, True, 4.0, False),
        (True, True, 10.0, False),
        (False, True, 5.0, False),
        (True, False, 5.0, False),
    ],
)
def test_when_a_campaign_runs(on, place_on, day, runs):
    assert campaign_runs(on, place_on, day, 5.0, 10.0) == runs


@pytest.mark.parametrize(
    ("visitors", "per_visit", "supply"),
    [(100.0, 20.0, 2000.0), (0.0, 20.0, 0.0), (2.5, 2.0, 5.0)],
)
def test_the_supply_of_a_day(visitors, per_visit, supply):
    assert supply_of_day(visitors, per_visit) == supply


@pytest.mark.parametrize(
    ("budget", "price", "supply", "bought"),
    [(6000.0, 3000.0, 9999.0, 2000.0), (6000.0, 3000.0, 1500.0, 1500.0), (0.0, 3000.0, 1500.0, 0.0)],
)
def test_what_a_budget_buys(budget, price, supply, bought):
    assert impressions_bought(budget, price, supply) == bought


@pytest.mark.parametrize(
    ("u", "bought", "whole"),
    [(0.2, 3.7, 3), (0.4, 3.7, 4), (0.9, 3.0, 3)],
)
def test_impressions_are_whole(u, bought, whole):
    assert whole_impressions(u, bought) == whole


@pytest.mark.parametrize(
    ("bought", "price", "paid"),
    [(2000.0, 3000.0, 6000.0), (0.0, 3000.0, 0.0), (1.0, 500.0, 0.5)],
)
def test_what_impressions_cost(bought, price, paid):
    assert price_of_impressions(bought, price) == paid


@pytest.mark.parametrize(
    ("u", "budget", "paid", "left"),
    [
        (0.5, 6000.0, 4500.0, 1500),
        (0.5, 6000.0, 6000.0, 0),
        (0.5, 6000.0, 6000.9, 0),
        (0.2, 10.0, 7.3, 2),
        (0.4, 10.0, 7.3, 3),
    ],
)
def test_what_stays_unspent(u, budget, paid, left):
    assert left_unspent(u, budget, paid) == left


@pytest.mark.parametrize(
    ("day", "growth", "budget", "supply", "crowding", "price"),
    [
        (0, 0.0, 100.0, 1000.0, 0.0, 60.0),
        (0, 0.0, 100.0, 0.0, 1.0, 60.0),  # nobody there: the list price
        (365, 0.15, 100.0, 1000.0, 0.0, 69.0),
        (730, 0.5, 0.0, 1000.0, 1.0, 135.0),
        (0, 0.0, 120.0, 1000.0, 1.0, 120.0),  # the whole supply is bought at twice the price
        (0, 0.0, 60.0 * 1.25 / 4, 1000.0, 1.0, 75.0),  # a quarter of it at a quarter more
        (365, 0.5, 90.0 * 1.5, 1000.0, 0.5, 135.0),  # growth first, crowding upon it
    ],
)
def test_price_of_a_thousand_impressions(day, growth, budget, supply, crowding, price):
    assert price_of_thousand(float(day), 60.0, growth, budget, supply, crowding) == pytest.approx(price, rel=1e-12)


@pytest.mark.parametrize("budget", [0.1, 30.0, 2000.0])
@pytest.mark.parametrize("crowding", [0.2, 1.0, 7.0])
def test_the_price_solves_its_equation(budget, crowding):
    day, supply = 100.0, 300_000.0
    price = price_of_thousand(day, 60.0, 0.1, budget, supply, crowding)
    bought = 1000 * budget / price
    assert bought < supply
    assert price == pytest.approx(60 * 1.1 ** (day / 365) * (1 + crowding * bought / supply), rel=1e-12)


@pytest.mark.parametrize("budget", [121.0, 5_000.0, 1e6])
def test_the_price_ends_where_the_supply_does(budget):
    """A thousand impressions that cost 60 alone cost 120 when all are bought, whoever would pay more."""
    assert price_of_thousand(0.0, 60.0, 0.0, budget, 1000.0, 1.0) == 120.0


def test_a_budget_beyond_the_supply_stays_unspent():
    """500 visitors who can be shown 2 impressions each, at 60 a thousand, doubled by crowding: 120 a day."""
    shown = {"supply_per_visit": 2.0, "crowding": 1.0}
    spent = [after(until=5, changes=campaign(budget_per_day=budget, **shown)) for budget in (60.0, 120.0, 514.0, 1e6)]
    assert [daily(w, "impressions").tolist() == [1000] * 5 for w in spent] == [False, True, True, True]
    assert daily(spent[0], "advertising").tolist() == [6000] * 5
    assert [daily(w, "advertising").tolist() for w in spent[1:]] == [[12_000] * 5] * 3
    left = [daily(w, "unspent").tolist() for w in spent]
    assert left == [[0] * 5, [0] * 5, [39_400] * 5, [100_000_000 - 12_000] * 5]


@pytest.mark.parametrize(
    ("u", "shown", "notice", "seen", "noticed"),
    [
        (0.0001, 0.0, 0.02, 0.0, False),
        (0.63, 50.0, 0.02, 0.0, True),  # 1 - exp(-1) = 0.632
        (0.64, 50.0, 0.02, 0.0, False),
        (0.39, 50.0, 0.02, 4.0, True),  # four seen lately halve the chance: 1 - exp(-0.5) = 0.393
        (0.40, 50.0, 0.02, 4.0, False),
        (0.01, 1.0, 0.02, 0.0, True),
        (0.03, 1.0, 0.02, 0.0, False),
    ],
)
def test_who_notices(u, shown, notice, seen, noticed):
    assert notices(u, shown, notice, seen, 4.0) == noticed


def test_the_budget_buys_impressions_at_the_price():
    """60 yuan at 60 a thousand: 1,000 impressions for 6,000 cents each day."""
    w = after(changes=campaign())
    assert daily(w, "impressions").tolist() == [1000] * 30
    assert daily(w, "advertising").tolist() == [6000] * 30


def test_the_budget_is_spent_whoever_comes():
    """At 35 a thousand, 40 yuan buy 1,142.86 impressions: 1,142 or 1,143, a part of one by a draw of the day."""
    w = after(changes={**campaign(budget_per_day=40.0, cpm=35.0), "places.lift.visits_per_week": 2})
    assert np.unique(w.counted("visits")[:, code(w, "lift")]).size > 5
    assert set(daily(w, "impressions").tolist()) == {1142, 1143}
    assert daily(w, "advertising").tolist() == [4000] * 30


def test_budgets_below_a_cent_add_up():
    """0.3 cents a day are 0 or 1 cent, and nine cents in thirty days: four standard errors."""
    w = after(changes=campaign(budget_per_day=0.003, cpm=1.0))
    assert set(daily(w, "advertising").tolist()) == {0, 1}
    assert daily(w, "advertising").sum() == pytest.approx(9, abs=4 * math.sqrt(30 * 0.3 * 0.7))


def test_a_sample_buys_what_the_market_buys():
    """50 customers who stand for 10 people each see as much as 500, for the same sum, to the impression and cent."""
    changes = {**campaign(crowding=1.0), "places.lift.visits_per_week": 2}
    whole, sample = after(changes=changes), after(changes={**changes, **SAMPLE})
    assert daily(sample, "impressions").tolist() == daily(whole, "impressions").tolist()
    assert daily(sample, "advertising").tolist() == daily(whole, "advertising").tolist()


def test_no_more_is_shown_than_visitors_can_see():
    w = after(changes=campaign(budget_per_day=1e6, supply_per_visit=3.0, crowding=1.0))
    assert daily(w, "impressions").tolist() == [1500] * 30
    assert np.all(daily(w, "advertising") < 1e8)


def test_twice_the_budget_buys_less_than_twice_the_impressions():
    once, twice = (after(changes=campaign(budget_per_day=b, crowding=1.0)) for b in (300.0, 600.0))
    assert daily(once, "impressions").sum() < daily(twice, "impressions").sum()
    assert daily(twice, "impressions").sum() < 1.9 * daily(once, "impressions").sum()


def test_a_rising_price_buys_less():
    w = after(changes={**campaign(cpm_growth_per_year=1.0)})
    bought = [1000 / 2 ** (day / 365) for day in range(30)]
    assert daily(w, "impressions") == pytest.approx(bought, abs=1)  # rounded at random to a whole number


def test_a_medium_that_nobody_looks_at_costs_nothing():
    w = after(changes={**campaign(), "places.lift.visits_per_week": 0})
    assert not daily(w, "advertising").any()


def test_a_campaign_starts_with_its_first_day_and_stops_before_its_last():
    w = after(changes=campaign(from_day=5, until_day=9))
    assert np.flatnonzero(daily(w, "advertising")).tolist() == [5, 6, 7, 8]


def test_the_share_who_notice():
    """2 impressions a head, each noticed with 0.3: 1 - exp(-0.6)."""
    w = world_of(changes=campaign(notice=0.3))
    one_step(w, "visits")
    noticed = tallied(one_step(w, "advertising"), "noticed")
    chance = -math.expm1(-0.6)
    assert noticed == pytest.approx(500 * chance, abs=4 * standard_error(chance, 500))
    assert np.sum(w.columns.story.aware_on == 0) == noticed


def test_a_noticed_advertisement_leaves_a_memory_and_others_none():
    w = world_of(changes=campaign(notice=0.3))
    one_step(w, "visits", 4)
    one_step(w, "advertising", 4)
    mind, story = w.columns.mind, w.columns.story
    noticed = story.aware_on == 4
    assert np.all(story.route[noticed] == PAID)
    assert np.all(mind.salience[noticed] == np.float32(0.1))
    assert np.all(mind.acquaintance[noticed] == np.float32(0.1 * 0.05))
    assert np.all(mind.ads_seen[noticed] == 1)
    assert np.all(w.columns.today.met[0, noticed] == 1 << code(w, "lift"))
    assert np.all(story.place[noticed] == code(w, "lift") + 1)
    assert np.all(story.aware_on[~noticed] == NEVER)
    assert not mind.salience[~noticed].any()
    assert not mind.ads_seen[~noticed].any()


def test_noticed_advertisements_are_forgotten_by_half_after_a_fortnight():
    """20 impressions a head, each surely noticed: the chance to overlook all of them is below exp(-17)."""
    w = world_of(changes=campaign(budget_per_day=600.0, notice=1.0))
    for day in (0, 14):
        one_step(w, "visits", day)
        one_step(w, "advertising", day)
    assert np.all(w.columns.mind.ads_seen == 1.5)
    assert np.all(w.columns.mind.ad_on == 14)


def test_those_who_have_seen_many_notice_fewer():
    """Eight noticed lately, half of them count for one halving: a third of the hazard."""
    w = world_of(changes=campaign(notice=0.3))
    w.columns.mind.ads_seen[:] = 8
    one_step(w, "visits")
    noticed = tallied(one_step(w, "advertising"), "noticed")
    chance = -math.expm1(-0.2)
    assert noticed == pytest.approx(500 * chance, abs=4 * standard_error(chance, 500))


def test_wear_goes_by_its_own_half_life():
    """As above, but forgotten by half in a week: a quarter is left of the first one."""
    w = world_of(changes=campaign(budget_per_day=600.0, notice=1.0, wear_half_life_days=7.0))
    for day in (0, 14):
        one_step(w, "visits", day)
        one_step(w, "advertising", day)
    assert np.all(w.columns.mind.ads_seen == 1.25)


def test_wear_is_as_strong_as_the_campaign_says():
    """Two noticed ones halve the hazard: a fifth of it is left after eight."""
    w = world_of(changes=campaign(notice=0.3, wear_out=2.0))
    w.columns.mind.ads_seen[:] = 8
    one_step(w, "visits")
    noticed = tallied(one_step(w, "advertising"), "noticed")
    chance = -math.expm1(-0.12)
    assert noticed == pytest.approx(500 * chance, abs=4 * standard_error(chance, 500))


def test_a_noticed_advertisement_is_remembered_as_the_campaign_says():
    w = world_of(changes=campaign(budget_per_day=600.0, notice=1.0, salience=0.4))
    one_step(w, "visits")
    one_step(w, "advertising")
    assert np.all(w.columns.mind.salience == np.float32(0.4))


def test_who_did_not_come_is_not_shown_anything():
    w = world_of(changes={**campaign(notice=1.0), "places.lift.visits_per_week": 2})
    came = tallied(one_step(w, "visits"), "visits")
    assert 0 < tallied(one_step(w, "advertising"), "noticed") <= came < w.customers
    assert np.sum(w.columns.story.aware_on == 0) <= came


@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_on_busy_days_the_same_budget_buys_the_same_impressions_for_more_visitors(factor):
    """Shown to those who come, each the fewer the more come; without crowding the price stays, and so does the sum."""
    ad = {"feed": {"budget_per_day": 50, "cpm": 100, "crowding": 0.0, "supply_per_visit": 1000}}
    world = {"customers.count": 2000, "days": 20, "places.feed.visits_per_week": 2.0, "advertising": ad}
    plain, busy = after(changes=world), after(changes={**world, "calendar": {"months": {"jan": factor}}})
    assert busy.counted("impressions").sum() == pytest.approx(plain.counted("impressions").sum(), rel=0.05)
    assert np.all(busy.counted("impressions").sum(axis=1) <= 501)
    assert busy.counted("visits").sum() / plain.counted("visits").sum() == pytest.approx(
        (1 - np.exp(-factor * 2 / 7)) / (1 - np.exp(-2 / 7)), rel=0.05
    )


def test_without_visitors_nothing_is_shown_or_paid():
    ad = {"feed": {"budget_per_day": 50, "cpm": 100}}
    world = {"places.feed.visits_per_week": 2.0, "advertising": ad, "calendar": {"months": {"jan": 0.0}}}
    assert not after(changes=world).counted("advertising").any()
