"""Visits: how many open a platform, and what walking into a store leaves behind."""

import numpy as np
import pytest

from trafficsim.columns import NEVER
from trafficsim.memory import STORE
from worlds import after, code, one_step, standard_error, world_of

pytestmark = pytest.mark.nojit

ALWAYS = 700.0
"""Visits a week with which nobody misses a day: the chance to stay away is exp(-100)."""


@pytest.mark.parametrize("per_week", [0.5, 2.0, 7.0, 21.0])
def test_the_share_who_open_a_platform_is_that_of_at_least_one_poisson_visit(per_week):
    days, customers = 40, 1000
    w = after(changes={"customers.count": customers, "days": days, "places.feed.visits_per_week": per_week})
    chance = 1 - np.exp(-per_week / 7)
    found = w.counted("visits")[:, code(w, "feed")].sum()
    assert found == pytest.approx(days * customers * chance, abs=4 * standard_error(chance, days * customers))


def test_the_visited_places_of_the_columns_are_those_of_the_tally():
    w = world_of(changes={"places.feed.visits_per_week": 3, "places.lift.visits_per_week": 2})
    w.run(until=5)
    for place in range(len(w.names.places)):
        assert np.sum((w.columns.today.visited >> np.uint32(place)) & 1) == w.counted("visits")[4, place]


def test_yesterdays_visits_are_forgotten():
    w = world_of(changes={"places.feed.visits_per_week": ALWAYS})
    one_step(w, "visits", 0)
    assert np.all(w.columns.today.visited == 1 << code(w, "feed"))
    w.settings.places["visits_per_week"] = 0.0
    one_step(w, "visits", 1)
    assert not w.columns.today.visited.any()


def test_a_place_that_nobody_visits_is_empty():
    assert not after().counted("visits").any()


def test_without_the_mechanism_nobody_goes_anywhere():
    w = after(changes={"visits": "off", "places.feed.visits_per_week": 7, "places.shop.visits_per_week": 7})
    assert not w.counted("visits").any()
    assert np.all(w.columns.story.aware_on == NEVER)


def test_walking_into_a_store_makes_aware_and_leaves_a_memory():
    w = world_of(changes={"places.shop.visits_per_week": ALWAYS})
    one_step(w, "visits", 3)
    mind, story = w.columns.mind, w.columns.story
    assert np.all(story.aware_on == 3)
    assert np.all(story.route == STORE)
    assert np.all(story.last_touch == STORE)
    assert np.all(story.place == code(w, "shop") + 1)
    assert np.all(w.columns.today.met == 1 << code(w, "shop"))
    assert np.all(mind.salience == np.float32(0.25))
    assert np.all(mind.acquaintance == np.float32(0.25 * 0.05))


def test_a_second_walk_adds_to_what_the_half_lives_left():
    w = world_of(changes={"places.shop.visits_per_week": ALWAYS})
    one_step(w, "visits", 0)
    one_step(w, "visits", 10)
    fast = 0.25 * 0.5
    slow = 0.0125 * 0.5 ** (10 / 70)
    assert w.columns.mind.salience == pytest.approx(fast + 0.25 * (1 - fast), rel=1e-6)  # of 32-bit numbers
    assert w.columns.mind.acquaintance == pytest.approx(slow + 0.0125 * (1 - slow), rel=1e-6)
    assert np.all(w.columns.story.aware_on == 0)


def test_opening_a_platform_alone_leaves_no_mark():
    w = world_of(changes={"places.feed.visits_per_week": ALWAYS})
    one_step(w, "visits", 0)
    assert np.all(w.columns.story.aware_on == NEVER)
    assert not w.columns.mind.salience.any()
    assert not w.columns.today.met.any()
