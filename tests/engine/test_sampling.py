"""A sample tells the same of a market at any size: what customers share, and what the brand does whoever they are."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trafficsim.books.counters import COUNTERS
from trafficsim.market.calendar import windows
from trafficsim.report.answer import caveats
from trafficsim.scenario import load
from trafficsim.study import compare

CASES = Path(__file__).parents[1] / "data" / "cases"


def market(case, people, each, changes=None):
    """A case with a market of so many people, each customer standing for so many of them."""
    sample = {"customers.count": people // each, "customers.each_stands_for": each}
    return load(CASES / f"{case}.yaml").replace({**sample, **(changes or {})})


def total(result, counter, arm):
    """A counter's sum over the run, shape `(replicates,)`."""
    return result.data[counter].sel(arm=arm).to_numpy().reshape(result.replicates, -1).sum(axis=1)


# What the brand does whoever its customers are


@pytest.mark.parametrize("each", [1, 50, 5000, 10_000])
def test_what_the_brand_does_whoever_its_customers_are_is_counted_in_full(each):
    """Over 30 days: tools at 30 a day, a rent of 10, one host for 5, 2 posts a week at 7.35, and a budget of 0.4.

    Two posts a week are 8 by day 30, which cost 58.80.
    """
    changes = {"days": 30, "places.club.tool_cost_per_day": 30, "posts.club.cost_each": 7.35}
    changes["advertising.feed.budget_per_day"] = 0.4
    result = compare(market("small_shop", 100_000, each, changes), 1)
    expected = {"tools": 90_000, "fixed_costs": 30_000, "wages": 15_000, "posts": 8, "content": 5_880}
    for counter, in_full in expected.items():
        assert total(result, counter, "private").tolist() == [in_full], counter
    assert total(result, "advertising", "paid").tolist() == [1_200]


def test_what_is_counted_in_full_is_what_no_customer_does():
    """The reads, orders and members of a sample are times what a customer stands for; posts, media and pay are not."""
    in_full = {c.name for c in COUNTERS if c.times(7500) == 1}
    assert in_full == {
        "impressions", "posts", "advertising", "content", "wages", "tools", "set_up", "fixed_costs", "unspent",
    }  # fmt: skip
    assert {c.times(7500) for c in COUNTERS} == {1, 7500}


# What can be had in a day


def differs(a, b):
    """The difference of two means over its standard error (Welch)."""
    return (a.mean() - b.mean()) / math.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)


def test_a_sample_is_turned_away_as_often_as_the_market():
    """About 89 who want one of 8 seats a day find none; in a sample of 600 with seats rounded by the day far more.

    Four standard errors of replicates: one honest comparison in some 15,000 exceeds them.
    """
    whole, sample = compare(market("seats", 6000, 1), 24), compare(market("seats", 6000, 10), 96, seed=1)
    for counter in ("orders", "turned_away"):
        found = [total(result, counter, "nothing") for result in (whole, sample)]
        assert abs(differs(*found)) < 4, counter
    assert 60 < total(whole, "turned_away", "nothing").mean() < 120


def test_a_sample_adds_as_many_members_as_the_market():
    """Two people add eight a day, of more who wish: 480 in 60 days, whom a sample of 600 misses by 2 % at most.

    Day by day it had 416, since adds were lost when nobody wished to join. The 2 % are what is kept for people who
    don't come: less than one of the 8 adds at the end of a window, in some windows.
    """
    staff = {"staff.host": {"count": 2, "serves": "club", "adds_per_day": 4}, "advertising.feed.budget_per_day": 200}
    whole = total(compare(market("small_shop", 6000, 1, staff), 8), "joined", "private")
    sample = total(compare(market("small_shop", 6000, 10, staff), 96, seed=1), "joined", "private")
    assert whole.mean() == pytest.approx(480, abs=1)
    assert sample.mean() == pytest.approx(480, rel=0.02)


def test_contacts_below_one_customer_are_held_by_some_replicates():
    """5,000 contacts are five sixths of a customer who stands for 6,000: a replicate in six holds nobody."""
    adds = {"staff.host.adds_per_day": 50_000}
    case = load(CASES / "city.yaml").replace({"customers.at_start.aware": 1, "hooks.gift.strength": 50, **adds})
    most = compare(case, 24).data["members"].sel(arm="private").sum("place").max("day").to_numpy()
    assert set(most.tolist()) == {0, 6000}
    assert most.mean() == pytest.approx(5000, abs=4 * 6000 * math.sqrt(5 / 36 / 24))


@pytest.mark.parametrize("each", [1, 10])
def test_a_pool_that_fills_up_is_told_with_the_day(each):
    """The day on which the median replicate has as many members as two groups of 20 people hold."""
    result = compare(market("small_shop", 600, each, {"places.club.groups": 2, "places.club.group_size": 20}), 5)
    members = result.data["members"].sel(arm="private", place="club").transpose("replicate", "day").to_numpy()
    assert members.max() <= 40
    day = sorted(next(day for day, many in enumerate(own) if many == 40) for own in members)[2]
    date = pd.Timestamp(result.data["date"].to_numpy()[day])
    told = f"In “private”, pool “club” was full on {date.day} {date:%b %Y} for the first time"
    assert [note.startswith(told) for note in caveats(result) if "was full" in note] == [True]
    roomy = compare(market("small_shop", 600, each), 2)
    assert not any("was full" in note for note in caveats(roomy))


def test_care_for_which_the_staff_have_no_time_is_told_and_a_sample_tells_the_same():
    """One host has 2 hours a day for members who want 5 minutes each day: more and more of them go without.

    Shares of some thousand turns agree within 3 points, four standard errors of what differs from run to run.
    """
    words = {"pool": "club", "by": "host", "per_week": 7, "minutes_each": 5}
    care = {"hooks.gift.strength": 50, "staff.host.hours_per_day": 2, "private:care": {"words": words}}
    shares = []
    for each, replicates in ((1, 4), (10, 40)):
        result = compare(market("small_shop", 600, each, care), replicates)
        missed, given = (total(result, of, "private").mean() for of in ("care_missed", "care_given"))
        shares.append(missed / (missed + given))
        told = f"In “private”, “host” had no time for {100 * shares[-1]:.0f}% of the care that was due"
        assert [note.startswith(told) for note in caveats(result) if "had no time" in note] == [True]
    assert 0.2 < shares[0] < 0.95
    assert shares[1] == pytest.approx(shares[0], abs=0.03)


# Parts of a cent


@pytest.mark.parametrize(
    ("changes", "line", "number_of", "cents"),
    [
        ({"hooks.gift.cost": 0.004}, "hooks", "joined", 0.4),
        ({"places.shop.delivery_cost": 0.002}, "delivery", "delivered", 0.2),
        ({"product.unit_cost": 0.003}, "cost_of_goods", "orders", 0.3),
    ],
)
def test_parts_of_a_cent_of_what_customers_do_add_up(changes, line, number_of, cents):
    """Each costs less than half a cent, which would be nothing for ever; four standard errors, at most 1/2 each."""
    alike = {f"customers.segments.{segment}.basket_spread": 0 for segment in ("near", "far")}
    result = compare(market("small_shop", 6000, 1, changes | alike), 4, seed=1)
    number = int(total(result, number_of, "private").sum())
    assert number > 100
    assert total(result, line, "private").sum() == pytest.approx(cents * number, abs=4 * math.sqrt(number / 4))


def test_a_commission_below_a_cent_adds_up():
    """A ten-thousandth of 20 yuan is a fifth of a cent."""
    result = compare(market("small_shop", 6000, 1, {"places.feed.commission": 0.0001, "product.price": 20}), 4, seed=1)
    at = result.data.sel(arm="private", place="feed")
    orders, paid = int(at["orders"].sum()), int((at["gross_sales"] - at["discounts"]).sum())
    assert orders > 100
    assert int(at["commission"].sum()) == pytest.approx(paid / 10_000, abs=4 * math.sqrt(orders / 4))


@pytest.mark.parametrize(
    ("path", "yuan", "line", "cents"),
    [
        ("places.club.tool_cost_per_day", 0.003, "tools", 18),
        ("posts.club.cost_each", 0.003, "content", 5),
        ("staff.host.wage_per_day", 0.0025, "wages", 15),
    ],
)
def test_parts_of_a_cent_of_what_the_brand_does_add_up(path, yuan, line, cents):
    """60 days at 0.3 and 0.25 cents, 17 posts at 0.3: 18, 15 and 5.1 cents."""
    result = compare(market("small_shop", 6000, 1, {path: yuan}), 1)
    assert total(result, line, "private").tolist() == [cents]


def test_perks_below_half_a_cent_a_day_add_up():
    """Of 0.0003 yuan a member and month, what is paid on a day is off by at most half a cent (standard deviation)."""
    result = compare(market("small_shop", 6000, 1, {"places.club.perk_cost_per_member_month": 0.0003}), 4, seed=1)
    members = int(result.data["members"].sel(arm="private").sum())
    expected = members * 0.03 * 12 / 365
    assert expected > 10
    assert total(result, "perks", "private").sum() == pytest.approx(expected, abs=4 * math.sqrt(4 * 60 / 4))


# Windows


def test_days_alike_share_what_can_be_had_within_a_stage():
    """Of 1 in 2, two ordinary days share, and two busy ones; other settings are in force from day 4 on."""
    found = windows(np.array([1.0, 2, 1, 2, 1, 1]), np.array([0, 0, 0, 0, 1, 1]), 2)
    assert found.opens.tolist() == [0, 1, 0, 1, 4, 4]
    assert found.days.tolist() == [2] * 6
    assert found.row.tolist() == [0, 1, 0, 1, 0, 0]
    assert found.ahead == pytest.approx([1, 2 / 3, 0, 0, 1 / 7, 0])


def test_each_day_stands_alone_where_everybody_is_simulated():
    """The short way says what windows of a day each say: nearly 1 takes the long way to them."""
    demand, stage = np.array([1.0, 2, 1, 2, 3, 1, 1]), np.zeros(7, int)
    short, long = (windows(demand, stage, each) for each in (1, 1.0000001))
    assert short.tolist() == long.tolist()
