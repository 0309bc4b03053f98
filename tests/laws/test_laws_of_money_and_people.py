"""Law: customers, members and cents balance every day, exactly."""

import numpy as np
from law_worlds import LIVELY

from trafficsim.books.ledger import MONTH
from trafficsim.engine import world
from trafficsim.kernel.columns import BACK, GONE, NEVER, QUIT
from trafficsim.scenario import load_text

PRICE, UNIT_COST = 9000.0, 4000.0
CUTS_OF_MARGIN = ("discounts", "cost_of_goods", "commission", "delivery")

COMING_AND_GOING = {
    "places.vip_group.members_talk": True,
    "posts.vip_group.care_per_week": 1,
    "leaving": {"poaching": 0.1},
    "win_back": {"after_days": 20, "worth": 9, "cost": 1.85, "intercept": -1.0},
}


def nothing(_before, _after):
    """No check."""


def year_of(check=nothing):
    """Let a lively year pass and check the world after every day: `check(world before day 0, world now)`."""
    of = world.start(load_text(LIVELY, "lively").replace(COMING_AND_GOING), "base", seed=11)
    before = of.fork()
    for day in range(of.days):
        of.run(until=day + 1)
        check(before, of)
    return of


def so_far(of, counter):
    """A counter's numbers of all days together, shape `(entries,)` or `()`."""
    return of.counted(counter).sum(axis=0)


def whole_cents(amounts):
    return np.floor(np.asarray(amounts) + 0.5).astype(np.int64)


def test_everything_happens_in_the_lively_year():
    """Else the balances below would hold of nothing."""
    of = year_of()
    for counter in ("visits", "impressions", "orders", "joined", "left", "joined_by", "hooks", "wages", "tools"):
        assert so_far(of, counter).any(), counter
    for counter in ("poached", "won_back", "win_back", "margin_by_hook", "orders_of_cohort", "margin_of_cohort"):
        assert so_far(of, counter).any(), counter
    for counter in ("discounts", "commission", "delivery", "advertising", "content", "perks", "fixed_costs", "told"):
        assert so_far(of, counter).any(), counter


def test_people_balance_every_day():
    """What was counted equals what the columns say: contacts, buyers, orders, members and quitters."""

    def check(before, of):
        story, bought, member = of.columns.story, of.columns.bought, of.columns.member
        knew = np.sum(before.columns.story.aware_on != NEVER)
        assert knew + so_far(of, "aware").sum() == np.sum(story.aware_on != NEVER)
        assert so_far(of, "orders").sum() == bought.orders.sum(dtype=np.int64) - before.columns.bought.orders.sum()
        assert so_far(of, "orders").sum() == so_far(of, "orders_from").sum()
        assert so_far(of, "first_orders").sum() == np.sum(bought.first_order_on >= 0)
        assert so_far(of, "first_orders_touched").sum() == so_far(of, "first_orders").sum()
        assert so_far(of, "orders").sum() <= so_far(of, "recalled") <= so_far(of, "needs")
        assert so_far(of, "joined_by").sum() == so_far(of, "joined").sum()
        for pool, name in enumerate(of.names.pools):
            place = of.names.places.index(name)
            assert so_far(of, "joined")[place] == np.sum(member.joined_on[pool] >= 0)
            outside = np.sum((member.status[pool] == QUIT) | (member.status[pool] == GONE))
            assert so_far(of, "left")[place] == outside + so_far(of, "won_back")[place]
            assert so_far(of, "won_back")[place] >= np.sum(member.status[pool] == BACK)
            assert so_far(of, "poached")[place] <= so_far(of, "left")[place]
            came = so_far(of, "joined")[place] + so_far(of, "won_back")[place]
            stock = of.members[0, place] + came - so_far(of, "left")[place]
            assert of.members[of.day, place] == of.count_members(pool) == stock

    year_of(check)


def test_order_money_balances_every_day():
    """Every customer pays the same price, so that the lines can be added up from the columns alone."""

    def check(before, of):
        orders = of.columns.bought.orders.astype(np.int64) - before.columns.bought.orders
        basket = of.columns.traits.basket.astype(np.float64)
        gross, cuts = so_far(of, "gross_sales").sum(), so_far(of, "discounts").sum()
        assert gross == (orders * whole_cents(PRICE * basket)).sum()
        cost, count = (orders * UNIT_COST * basket).sum(), orders.sum()
        # A part of a cent counts as one by chance: half a cent at most is its standard deviation.
        assert abs(so_far(of, "cost_of_goods").sum() - cost) <= 5 * 0.5 * np.sqrt(count) + 1e-6 * cost
        assert gross - cuts == of.columns.bought.spend.sum(dtype=np.int64)
        assert so_far(of, "delivery").tolist() == (so_far(of, "orders") * np.array([0, 0, 350, 425])).tolist()
        margin = gross - sum(so_far(of, c).sum() for c in CUTS_OF_MARGIN)
        assert margin == so_far(of, "margin_from").sum()
        assert so_far(of, "margin_of_cohort").sum() == so_far(of, "margin_of_new").sum()
        assert so_far(of, "margin_by_hook").max(initial=0) <= margin  # whoever joined two pools counts for both
        assert so_far(of, "margin_of_new")[of.entries("route").index("start")] <= margin

    year_of(check)


def test_marketing_money_balances_every_day():
    """Each line is its count times its price, a whole number of cents; places, hooks and staff stand by name."""

    def check(_before, of):
        counters = ("hooks", "joined_by", "content", "posts", "wages", "tools", "perks", "win_back")
        today = {c: of.counted(c)[-1] for c in counters}
        assert (today["win_back"] % 185 == 0).all()
        assert today["hooks"].tolist() == (today["joined_by"] * [235, 0, 415]).tolist()
        assert today["content"].tolist() == (today["posts"] * [0, 0, 2000, 3000]).tolist()
        assert today["wages"].tolist() == [2 * 12055]
        assert today["tools"].tolist() == [0, 0, 0, 300]
        assert today["perks"][:3].tolist() == [0, 0, 0]
        assert abs(today["perks"][3] - of.members[of.day, 3] * 77 / MONTH) < 1  # a part of a cent by chance
        assert of.counted("fixed_costs")[-1].tolist() == [90_000, 0, 0, 0]

    year_of(check)


def test_advertising_spends_its_budget_on_impressions():
    """Only shown impressions are paid, at today's price; visitors come at random, so that a day's bill varies.

    Over the year it meets the budget within 1 %: a day has 1,990 visitors, give or take 39 (2 %), and 365 days average
    that to .1 %.
    """
    of = year_of()
    impressions, paid = of.counted("impressions")[:, 2], of.counted("advertising")[:, 2]
    thousand = 1000 * paid / impressions
    one_more = thousand[:199] / impressions[:199]  # impressions are whole, so that the price of a thousand is uneven
    assert (np.diff(thousand[:200]) > -1.01 * one_more).all()
    assert (thousand[:200] >= 6000 - 0.5).all()
    assert abs(paid.sum() / (365 * 10_000) - 1) < 0.01
