"""Staff Moments: how many friends, counted as people and not as entries of lists, see a post."""

import math

import numpy as np
import pytest

from trafficsim.books.routes import STAFF
from trafficsim.kernel.columns import NEVER
from trafficsim.mechanisms.posts import moments_missed
from worlds import LIVELY, after, code, different, enrol, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

N = 1000


def staff(serves="shop", **settings):
    """Ten people with 100 friends each among 1,000 customers: the lists add up to everybody."""
    shown = {"friends": 100, "moments_per_week": 7, "moments_seen": 1.0}
    return {"customers.count": N, "staff": {"team": {"count": 10, "serves": serves, **shown, **settings}}}


def met_by(w, today=0):
    """Who sees a post on a day."""
    before = w.columns.story.aware_on.copy()
    w.columns.story.aware_on[:] = NEVER
    one_step(w, "posts", today)
    seen = w.columns.story.aware_on == today
    w.columns.story.aware_on[:] = np.where(before == NEVER, w.columns.story.aware_on, before)
    return seen


@pytest.mark.parametrize(
    ("per_day", "seen", "missed"),
    [
        (0.0, 0.5, 1.0),
        (1.0, 0.1, 0.9),
        (2.0, 0.1, 0.81),
        (0.5, 0.1, 0.95),  # a post every other day
        (0.5, 1.0, 0.5),
        (1.5, 0.2, 0.8 * 0.9),
        (3.0, 0.0, 1.0),
    ],
)
def test_the_chance_to_miss_one_persons_posts(per_day, seen, missed):
    assert moments_missed(per_day, seen) == pytest.approx(missed, rel=1e-12)


@pytest.mark.parametrize(
    ("settings", "mean"),
    [
        ({}, 1.0),
        ({"moments_seen": 0.3}, 0.3),
        ({"moments_per_week": 3.5}, 0.5),
        ({"moments_per_week": 14, "moments_seen": 0.5}, 0.75),
        ({"count": 30}, 3.0),
        ({"friends": 20}, 0.2),
    ],
)
def test_reach_by_people(settings, mean):
    """Of all customers, 1 - exp(-mean) see a post of a day."""
    w = world_of(changes=staff(**settings))
    found = tallied(one_step(w, "posts"), "moments_seen")
    reach = -math.expm1(-mean)
    assert found == pytest.approx(N * reach, abs=4 * standard_error(reach, N))
    assert np.sum(w.columns.story.aware_on == 0) == found


def test_overlapping_lists_reach_fewer_people_than_they_have_entries():
    """The lists have 1,000 entries; even if each friend sees a post every day, a third of the customers is in none."""
    w = after(changes=staff(), until=5)
    reached = np.sum(w.columns.story.aware_on != NEVER)
    share = -math.expm1(-1.0)
    assert reached == pytest.approx(N * share, abs=4 * standard_error(share, N))
    assert w.counted("moments_seen")[:, 0].tolist() == [reached] * 5


def test_who_is_a_friend_stays_one():
    """In a month everybody on a list is reached (but for a chance of 0.4^30 each), and nobody else ever is."""
    w = after(changes=staff(moments_seen=0.6))
    friends = met_by(world_of(changes=staff()))
    assert np.array_equal(w.columns.story.aware_on != NEVER, friends)


def test_two_teams_have_lists_of_their_own():
    """The names of staff, and nothing else, tell lists apart."""
    teams = staff()
    teams["staff"]["others"] = teams["staff"]["team"]
    w = world_of(changes=teams)
    tally = one_step(w, "posts")
    both, either = tallied(tally, "moments_seen"), np.sum(w.columns.story.aware_on == 0)
    share = -math.expm1(-2.0)
    assert either == pytest.approx(N * share, abs=4 * standard_error(share, N))
    assert either < both


def test_reach_is_that_of_reality_where_customers_stand_for_several_people():
    """100 people with 100 friends each among 10,000: the same share is reached as by 10 among 1,000."""
    w = world_of(changes={**staff(count=100), "customers.each_stands_for": 10})
    assert np.array_equal(met_by(w), met_by(world_of(changes=staff())))


def test_seeing_a_post_is_remembered_and_tires_nobody():
    w = world_of(changes=staff())
    seen = met_by(w, 3)
    mind = w.columns.mind
    assert np.all(mind.salience[seen] == np.float32(0.15))
    assert np.all(mind.acquaintance[seen] == np.float32(0.15 * 0.05))
    assert not mind.salience[~seen].any()
    assert not w.columns.roll.fatigue.any()
    assert np.all(w.columns.story.route[seen] == STAFF)
    assert np.all(w.columns.story.last_touch[seen] == STAFF)
    assert np.all(w.columns.today.met[0, seen] == 1 << code(w, "shop"))
    assert np.all(w.columns.story.place[seen] == code(w, "shop") + 1)


def test_moments_are_remembered_by_a_salience_of_their_own():
    w = world_of(changes=staff(moments_salience=0.4))
    seen = met_by(w)
    assert np.all(w.columns.mind.salience[seen] == np.float32(0.4))


def test_friends_of_those_who_serve_a_pool_are_met_but_not_yet_found_in_it():
    w = world_of(changes=staff("desk"))
    seen = met_by(w)
    assert np.all(w.columns.today.met[0, seen] == 1 << code(w, "desk"))
    assert not w.columns.story.place.any()


def test_members_see_moments_as_others_do():
    w = world_of(changes=staff("desk"))
    enrol(w, "desk", slice(500))
    assert np.array_equal(met_by(w), met_by(world_of(changes=staff("desk"))))


def test_hooks_where_the_staff_serve_ask_those_who_saw_a_post():
    hook = {"at": "shop", "in_person": True, "into": "club", "gives": "gift", "strength": 50.0}
    w = after(changes={**staff(), "hooks": {"gift": hook}}, until=1)
    assert np.array_equal(w.columns.member.joined_on[0] == 0, w.columns.story.aware_on == 0)
    assert w.counted("asked")[0, 0] == w.counted("moments_seen")[0, 0] > 500


@pytest.mark.parametrize("missing", [{"friends": 0}, {"moments_per_week": 0.0}, {"moments_seen": 0.0}, {"count": 0}])
def test_nobody_is_reached_without_friends_posts_or_staff(missing):
    assert not after(changes=staff(**missing), until=2).counted("moments_seen").any()


def test_moments_that_nobody_sees_change_nothing():
    silent, friendless = {"staff.hosts.moments_per_week": 0}, {"staff.hosts.friends": 0}
    assert different(after(LIVELY, silent, until=15), after(LIVELY, friendless, until=15)) == []
