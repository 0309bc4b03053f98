"""Visits: how many open a platform, and what walking into a store leaves behind."""

import numpy as np
import pytest

from trafficsim.books.routes import STORE
from trafficsim.kernel.columns import NEVER
from trafficsim.market.places import branch_of, is_open
from trafficsim.mechanisms.visits import chance_to_visit, is_visitor
from worlds import after, code, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

ALWAYS = 700.0
"""Visits a week with which nobody misses a day: the chance to stay away is exp(-100)."""


@pytest.mark.parametrize(
    ("per_week", "demand", "chance"),
    [(0.0, 1.0, 0.0), (7.0, 1.0, 0.6321205588), (7.0, 0.5, 0.3934693403), (3.5, 1.0, 0.3934693403), (7.0, 0.0, 0.0)],
)
def test_the_chance_of_a_visit(per_week, demand, chance):
    """1 - exp(-1) and 1 - exp(-0.5)."""
    assert chance_to_visit(per_week, demand) == pytest.approx(chance, abs=1e-9)


@pytest.mark.parametrize(
    ("drawn", "limit", "comes"),
    [(0, 0, False), (0, 1, True), (1 << 32, 1, False), ((1 << 32) - 1, 1, True), ((1 << 64) - 1, 1 << 32, True)],
)
def test_who_comes(drawn, limit, comes):
    """The upper 32 bits of a draw are compared."""
    assert is_visitor(np.uint64(drawn), np.uint64(limit)) == comes


@pytest.mark.parametrize("per_week", [0.5, 2.0, 7.0, 21.0])
def test_the_share_who_open_a_platform_is_that_of_at_least_one_poisson_visit(per_week):
    days, customers = 40, 1000
    w = after(changes={"customers.count": customers, "days": days, "places.feed.visits_per_week": per_week})
    chance = 1 - np.exp(-per_week / 7)
    found = w.counted("visits")[:, code(w, "feed")].sum()
    assert found == pytest.approx(days * customers * chance, abs=4 * standard_error(chance, days * customers))


def test_whoever_asks_finds_the_visitors_of_the_tally():
    """A post that reaches every visitor, and an advertisement that nobody misses, meet as many as came."""
    world = {"places.feed.visits_per_week": 3, "posts": {"feed": {"per_week": 7, "reach": 1}}}
    ad = {"feed": {"budget_per_day": 1000, "cpm": 1, "notice": 1, "supply_per_visit": 1000, "crowding": 0}}
    w = after(changes={**world, "advertising": ad}, until=5)
    feed = code(w, "feed")
    assert np.array_equal(w.counted("reads")[:, feed], w.counted("visits")[:, feed])
    assert np.array_equal(w.counted("noticed")[:, feed], w.counted("visits")[:, feed])


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
    assert np.all(w.columns.today.met[0] == 1 << code(w, "shop"))
    assert np.all(mind.salience == np.float32(0.25))
    assert np.all(mind.acquaintance == np.float32(0.25 * 0.05))


@pytest.mark.parametrize("days", [1, 10, 29])
def test_a_second_walk_adds_to_what_the_half_lives_left(days):
    w = world_of(changes={"places.shop.visits_per_week": ALWAYS})
    one_step(w, "visits", 0)
    one_step(w, "visits", days)
    fast = 0.25 * 0.5 ** (days / 10)
    slow = 0.0125 * 0.5 ** (days / 365)
    assert w.columns.mind.salience == pytest.approx(fast + 0.25 * (1 - fast), rel=1e-6)  # of 32-bit numbers
    assert w.columns.mind.acquaintance == pytest.approx(slow + 0.0125 * (1 - slow), rel=1e-6)
    assert np.all(w.columns.story.aware_on == 0)


def test_opening_a_platform_alone_leaves_no_mark():
    w = world_of(changes={"places.feed.visits_per_week": ALWAYS})
    one_step(w, "visits", 0)
    assert np.all(w.columns.story.aware_on == NEVER)
    assert not w.columns.mind.salience.any()
    assert not w.columns.today.met.any()


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
def test_the_calendar_multiplies_the_rate_of_visits(factor):
    days, customers = 10, 1000
    calendar = {"calendar": {"months": {"jan": factor}}}
    w = after(changes={"customers.count": customers, "days": days, "places.feed.visits_per_week": 3.0, **calendar})
    chance = 1 - np.exp(-factor * 3 / 7)
    found = w.counted("visits")[:, code(w, "feed")].sum()
    assert found == pytest.approx(days * customers * chance, abs=4 * standard_error(chance, days * customers))


def test_only_those_who_live_near_an_open_branch_walk_in():
    w = world_of(
        changes={"places.shop": {"kind": "store", "visits_per_week": ALWAYS, "branches": 4, "open_branches": 3}}
    )
    w.columns.traits.home[:] = np.repeat([0, 16_384, 49_151, 49_152], 50)
    tally = one_step(w, "visits", 0)
    there = np.arange(200) < 150
    assert tallied(tally, "visits") == 150
    assert np.all((w.columns.today.met[0] != 0) == there)
    assert np.all((w.columns.story.aware_on == 0) == there)


@pytest.mark.parametrize(
    ("home", "branches", "branch"),
    [(0, 1, 0), (65_535, 1, 0), (32_767, 2, 0), (32_768, 2, 1), (65_535, 300, 299), (218, 300, 0), (219, 300, 1)],
)
def test_the_branch_of_a_home(home, branches, branch):
    assert branch_of(home, float(branches)) == branch


@pytest.mark.parametrize(
    ("branch", "number", "opened"),
    [(0, np.nan, True), (299, np.nan, True), (0, 0.0, False), (1, 2.0, True), (2, 2.0, False)],
)
def test_which_branches_are_open(branch, number, opened):
    assert is_open(branch, float(number)) == opened


def test_every_branch_has_its_part_of_the_homes():
    homes = world_of(changes={"customers.count": 4000}).columns.traits.home
    near = np.bincount([branch_of(int(home), 4.0) for home in homes])
    assert near == pytest.approx([1000] * 4, abs=4 * standard_error(0.25, 4000))
