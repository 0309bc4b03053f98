"""Interest in a group fades, fresh on joining and with each order; in other pools what is new about them does."""

import numpy as np
import pytest

from trafficsim.mechanisms.posts import interest, interest_left
from worlds import enrol, one_step, tallied, world_of

pytestmark = pytest.mark.nojit

POSTS = {"club": {"per_week": 7}, "desk": {"per_week": 7}}


@pytest.mark.parametrize(
    ("days", "half_life", "left"),
    [(0, 28.0, 1.0), (28, 28.0, 0.5), (56, 28.0, 0.25), (28, 56.0, 0.5**0.5), (365, 36_500.0, 0.5**0.01)],
)
def test_interest_halves(days, half_life, left):
    assert interest_left(days, half_life) == pytest.approx(left, abs=1e-15)


@pytest.mark.parametrize(
    ("fresh", "in_group", "novelty", "times"),
    [
        (1.0, True, 3.0, 1.0),
        (0.25, True, 3.0, 0.25),
        (1.0, False, 1.0, 2.0),
        (0.5, False, 3.0, 2.5),
        (0.0, False, 1.0, 1.0),
    ],
)
def test_in_a_group_all_interest_fades_and_elsewhere_what_is_new(fresh, in_group, novelty, times):
    assert interest(fresh, in_group, novelty) == times


def members(pool, **columns):
    """A world at day 56 whose customers are members of a pool that everybody reads, with what they bought."""
    fades = {"customers.memory": {"interest_half_life_days": 28.0, "novelty": 2.0}, "places.desk.open_rate": 0.5}
    w = world_of(changes={"posts": POSTS, "customers.count": 4000, "days": 60, **fades})
    enrol(w, pool)
    w.columns.roll.opens[:] = 1.0
    w.columns.member.joined_on[:] = 0
    for name, value in columns.items():
        getattr(w.columns.bought, name)[:] = value
    return w


@pytest.mark.parametrize(
    ("pool", "bought", "chance"),
    [
        ("club", {}, 0.25),
        ("club", {"orders": 1, "last_order_on": 28}, 0.5),
        ("club", {"orders": 1, "last_order_on": -50}, 0.25),
        ("desk", {}, 0.75),
        ("desk", {"orders": 1, "last_order_on": 56}, 0.75),
    ],
)
def test_who_reads_after_eight_weeks(pool, bought, chance):
    """A quarter of the interest in a group is left; an order four weeks ago has renewed it, one before joining has not.
    Of contacts half read, and of what is new, twice that, a quarter is left too."""
    w = members(pool, **bought)
    reads = tallied(one_step(w, "posts", 56), "reads")
    assert reads / w.customers == pytest.approx(chance, abs=4 * np.sqrt(0.25 / w.customers))
