"""Tiers: members of an audience have perks of their own, and all others what they had before."""

import numpy as np
import pytest

from trafficsim.mechanisms.tiers import perks_together
from worlds import QUIET, after, code, different, enrol, one_step, tallied, world_of

N = 200
TIERED = f"""{QUIET}
audiences: {{regulars: {{least_orders: 2}}, readers: {{least_reading: 0}}}}
tiers:
  gold: {{pool: club, to: regulars, perk_cost_per_member_month: 7.3, perk_cost_per_order: 1.85}}
"""


def tiered(changes=None, text=TIERED):
    """Two hundred members of the club, of whom the first fifty have ordered twice."""
    w = world_of(text, changes)
    enrol(w, "club")
    w.columns.bought.orders[:50] = 2
    return w


@pytest.mark.nojit
@pytest.mark.parametrize(("of_pool", "of_tiers", "together"), [(0.3, 0.0, 0.3), (0.3, 0.4, 0.7), (0.8, 0.5, 1.0)])
def test_perks_of_pool_and_tiers_add_up(of_pool, of_tiers, together):
    assert perks_together(of_pool, of_tiers) == together


@pytest.mark.nojit
def test_members_of_a_tier_are_counted_and_cost_their_perks():
    """7.3 a month are 24 cents a day, and no part of one."""
    tally = one_step(tiered(), "tiers")
    assert tallied(tally, "in_tiers") == 50
    assert tallied(tally, "perks") == 50 * 24


@pytest.mark.nojit
def test_parts_of_a_cent_add_up_over_members():
    """7.5 a month are 24 cents and 66 hundredths a day; 2,000 draws are off by a fifth of their mean's error."""
    w = world_of(TIERED, {"customers.count": 2000, "tiers.gold.perk_cost_per_member_month": 7.5})
    enrol(w, "club")
    w.columns.bought.orders[:] = 2
    assert tallied(one_step(w, "tiers"), "perks") == pytest.approx(2000 * 750 * 12 / 365, abs=4 * 0.5 * 2000**0.5)


@pytest.mark.nojit
def test_who_quit_is_in_no_tier():
    w = tiered()
    w.columns.member.status[0, :20] = 2
    assert tallied(one_step(w, "tiers"), "in_tiers") == 30


BUYING = {"purchasing": {"forgetting": False, "intercept": -1.0}, "customers.count": 2000, "days": 40}


def orders(changes):
    """Orders of those who are in the tier from the start, and of others, within forty days."""
    w = world_of(TIERED, {**BUYING, "audiences.regulars": {"least_orders": 0, "segments": ["all"]}, **changes})
    enrol(w, "club", slice(0, 1000))
    return w.run()


def test_members_of_a_tier_order_more_and_others_as_before():
    """No price of a channel differs, nobody talks, so that nobody else meets a change: bit for bit."""
    plain, gold = orders({"tiers.gold.convenience": 0.0}), orders({"tiers.gold.convenience": 1.0})
    bought = [w.columns.bought.orders for w in (plain, gold)]
    assert np.array_equal(bought[0][1000:], bought[1][1000:])
    assert bought[1][:1000].sum() > 1.3 * bought[0][:1000].sum()
    paid = gold.counted("perks").sum() - plain.counted("perks").sum()
    assert paid == 185 * (int(bought[1][:1000].sum()) - int(bought[0][:1000].sum()))
    assert plain.counted("in_tiers")[:, code(plain, "club")].tolist() == [1000] * 40


def test_a_perk_of_a_tier_keeps_its_members_alone():
    changes = {
        "customers.count": 4000,
        "days": 60,
        "posts": {"club": {"per_week": 7}},
        "leaving": {"hazard": 0.2},
        "audiences.regulars": {"least_reading": 1, "least_orders": 0},
    }
    found = []
    for perk in (0.0, 1.0):
        w = world_of(TIERED, {**changes, "tiers.gold.perk": perk})
        enrol(w, "club")
        found.append(w.run().columns)
    regular = found[0].roll.opens >= 1
    stay = [columns.member.status[0] % 2 for columns in found]
    assert stay[1][regular].sum() > 1.1 * stay[0][regular].sum()
    assert np.array_equal(stay[0][~regular], stay[1][~regular])


def test_two_tiers_add_up():
    """All are in both: the second costs as much as the first."""
    second = {"pool": "club", "to": "readers", "perk_cost_per_member_month": 7.3}
    tally = one_step(tiered({"audiences.regulars.least_orders": 0, "tiers.silver": second}), "tiers")
    assert tallied(tally, "in_tiers") == 2 * N
    assert tallied(tally, "perks") == 2 * N * 24


def test_a_tier_without_perks_changes_nothing_but_what_is_counted():
    free = {"tiers.gold.perk_cost_per_member_month": 0, "tiers.gold.perk_cost_per_order": 0}
    members = {"customers.at_start.members.club": 0.5, "audiences.regulars.least_orders": 0}
    with_tier, without = (after(TIERED, {**BUYING, **members, **more}) for more in (free, {"tiers": "off"}))
    assert different(with_tier, without) == ["tallies"]
    assert with_tier.counted("in_tiers").sum() > 0 == without.counted("in_tiers").sum()
    assert with_tier.counted("perks").sum() == 0
