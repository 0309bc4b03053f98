"""Removing members: whom the brand does not want in a pool leaves it for good."""

import numpy as np
import pytest

from trafficsim.kernel.columns import GONE
from worlds import QUIET, after, code, enrol, one_step, tallied, world_of

SCREENED = f"""{QUIET}
audiences: {{hunters: {{hooks: [gift], most_orders: 0, least_days_in_pool: 30}}}}
hooks:
  gift: {{at: shop, into: club, gives: gift}}
  know_how: {{at: shop, into: club, gives: know_how}}
"""


@pytest.mark.nojit
@pytest.mark.parametrize("leaving", ["off", {}])
def test_the_brand_removes_whom_it_does_not_want(leaving):
    """Of a hundred who came by the gift 60 days ago half ordered since; fifty came last week; fifty by know-how."""
    w = world_of(SCREENED, {"places.club.removes": "hunters", "days": 61, "leaving": leaving})
    enrol(w, "club")
    member = w.columns.member
    member.joined_on[0, :], member.joined_on[0, 100:150] = 0, 53
    member.hook[0, :], member.hook[0, 150:] = 1, 2
    w.columns.bought.orders[:50] = 1
    tally = one_step(w, "leaving", 60)
    assert tallied(tally, "removed") == tallied(tally, "left") == 50
    assert np.array_equal(np.flatnonzero(member.status[0] == GONE), np.arange(50, 100))
    assert tallied(one_step(w, "leaving", 60), "removed") == 0


def test_removing_hunters_makes_perks_cheaper_and_the_pool_smaller():
    """Nobody is asked back or joins again; everybody is in the same pool or out of it as was counted."""
    hunters = {"hooks": ["gift"], "most_orders": 0, "least_days_in_pool": 10}
    of = {
        "customers.count": 4000,
        "days": 90,
        "places.shop": {"visits_per_week": 1},
        "places.club.perk_cost_per_member_month": 3,
        "hooks.know_how": "off",
        "hooks.gift": {"worth": 20, "in_person": True},
        "purchasing": {},
        "audiences.hunters": hunters,
    }
    kept, screened = (after(SCREENED, {**of, "places.club.removes": whom}) for whom in (None, "hunters"))
    club = code(kept, "club")
    assert kept.counted("removed").sum() == 0 < screened.counted("removed")[:, club].sum()
    assert screened.counted("perks").sum() < 0.8 * kept.counted("perks").sum()
    assert screened.members[-1, club] < kept.members[-1, club]
    assert screened.members[-1, club] == screened.count_members(0)
    assert np.sum(screened.columns.member.status[0] == GONE) == screened.counted("removed").sum()
