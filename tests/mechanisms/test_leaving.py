"""Leaving: who quits, who has more reason to, and that left is left."""

import math

import numpy as np
import pytest

from trafficsim.kernel import rng
from trafficsim.kernel.columns import BACK, GONE, IN, NEVER, QUIT
from trafficsim.mechanisms.leaving import hazard_to_quit, is_newer, leaves, status_after_leaving, trust_after_poaching
from worlds import after, code, enrol, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

INDIFFERENT = {"per_fatigue": 0.0, "per_trust": 0.0, "per_perk": 0.0, "per_deal": 0.0}
"""Nothing moves the hazard but the own reservation."""


def club(changes=None, *, read=slice(None), **leaving):
    """Everybody is a member of the club, and some read a post there today."""
    w = world_of(changes={"leaving": leaving, **(changes or {})})
    enrol(w, "club")
    w.columns.member.read[w.names.pools.index("club"), read] = 1
    return w


@pytest.mark.parametrize(
    ("u", "posts", "hazard", "gone"),
    [
        (0.39, 1.0, 0.5, True),
        (0.40, 1.0, 0.5, False),
        (0.63, 2.0, 0.5, True),
        (0.64, 2.0, 0.5, False),
        (0.01, 0.0, 9.0, False),
        (0.01, 3.0, 0.0, False),
    ],
)
def test_who_leaves(u, posts, hazard, gone):
    """1 - exp(-0.5) = 0.3935, 1 - exp(-1) = 0.6321."""
    assert leaves(u, posts, hazard) == gone


@pytest.mark.parametrize(
    ("trust", "lost", "left"),
    [(0.5, 0.3, 0.35), (0.5, 1.0, 0.0), (0.5, 0.0, 0.5), (0.0, 0.3, 0.0)],
)
def test_what_trust_a_rival_leaves(trust, lost, left):
    assert trust_after_poaching(trust, lost) == pytest.approx(left, abs=1e-15)


@pytest.mark.parametrize(
    ("status", "then"),
    [(IN, QUIT), (BACK, GONE)],
)
def test_who_leaves_again_is_gone(status, then):
    assert status_after_leaving(status) == then


@pytest.mark.parametrize(
    ("joined", "since", "newest", "newer"),
    [(-2, 0, -1, True), (5, 3, 0, True), (3, 3, 0, False), (2, 3, 0, False), (-2, -1, 4, False)],
)
def test_which_pool_is_the_newest(joined, since, newest, newer):
    assert is_newer(joined, since, newest) == newer


@pytest.mark.parametrize(
    ("state", "log_hazard"),
    [
        ({}, 0.0),
        ({"fatigue": 2.0}, 0.7),
        ({"trust": 0.3}, -1.5),
        ({"perk": 0.5, "match": 0.6}, -0.6),
        ({"perk": 0.0, "match": 1.0}, 0.0),
        ({"deal_prone": 1.0}, 2.5),
        ({"reservation": -1.0}, -0.7),
        ({"fatigue": 1.0, "trust": 0.5, "perk": 1.0, "match": 0.5, "deal_prone": 0.2, "reservation": 2.0}, -1.25),
    ],
)
def test_the_hazard_to_quit(state, log_hazard):
    """0.2 exp(0.35 fatigue - 5 trust - 2 perk x match + 2.5 deal + 0.7 reservation), the weights by default."""
    nothing = {
        "fatigue": 0.0,
        "trust": 0.0,
        "match": 0.0,
        "perk": 0.0,
        "belonging": 0.0,
        "deal_prone": 0.0,
        "reservation": 0.0,
    }
    weights = club().settings.leaving[0, 0]
    found = hazard_to_quit(*{**nothing, **state}.values(), weights)
    assert found == pytest.approx(0.2 * math.exp(log_hazard), rel=1e-12)


def test_the_share_of_readers_who_quit():
    w = club({"customers.count": 1000}, hazard=0.5, spread=0.0, **INDIFFERENT)
    tally = one_step(w, "leaving", 3)
    chance = -math.expm1(-0.5)
    assert tallied(tally, "left") == np.sum(w.columns.member.status[0] == QUIT)
    assert tallied(tally, "left") == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000))


def test_only_readers_quit():
    w = club(read=slice(0, 60), hazard=50.0, spread=0.0, **INDIFFERENT)
    one_step(w, "leaving", 3)
    assert np.flatnonzero(w.columns.member.status[0] == QUIT).tolist() == list(range(60))


def test_without_the_mechanism_nobody_quits():
    w = club({"leaving": "off"})
    assert tallied(one_step(w, "leaving", 3), "left") == 0


def test_those_with_the_least_reservation_stay():
    """The reservation is the customer's own draw for this pool; hazards of 0.05 exp(2 z) part the two groups widely."""
    w = club(hazard=0.05, spread=2.0, **INDIFFERENT)
    place = code(w, "club")
    key = rng.word(np.uint64(rng.word(w.settings.leaving["key"][0, 0], w.settings.places["key"][0, place])), 1)
    reservation = rng.normals(np.uint64(key), 0, 200)
    for today in range(10):
        one_step(w, "leaving", today)
    left = w.columns.member.status[0] == QUIT
    chance = -np.expm1(-10 * 0.05 * np.exp(2 * reservation))  # of having left in ten days
    error = math.sqrt(np.sum(chance * (1 - chance)))
    assert left.sum() == pytest.approx(chance.sum(), abs=4 * error)
    assert reservation[left].min() > reservation[~left].min()
    assert reservation[left].mean() > reservation[~left].mean() + 1


@pytest.mark.parametrize("posts", [1, 2, 5])
def test_each_post_of_a_day_may_make_a_reader_quit(posts):
    """A hazard of 0.2 for each post that everybody reads: 1 - exp(-0.2 posts) leave on the day, 18, 33 and 63 %."""
    changes = {
        "customers.count": 2000,
        "places.club.open_rate": 1.0,
        "posts": {"club": {"per_week": 7.0 * posts, "tired_reading": 0.0}},
        "leaving": {"hazard": 0.2, "spread": 0.0, **INDIFFERENT},
    }
    w = world_of(changes=changes)
    enrol(w, "club")
    w.columns.roll.opens[:] = 1.0
    w.run(until=1)
    assert w.counted("reads").sum() == 2000 * posts
    chance = -math.expm1(-0.2 * posts)
    assert w.counted("left").sum() == pytest.approx(2000 * chance, abs=4 * standard_error(chance, 2000))


def daily_rates(spread):
    """Shares of the remaining readers who quit, in the first five days and in days 20 to 40."""
    w = club({"customers.count": 2000, "days": 40}, hazard=0.05, spread=spread, **INDIFFERENT)
    here = []
    for today in range(40):
        here.append(int(np.sum(w.columns.member.status[0] == IN)))
        w.columns.member.read[w.names.pools.index("club")] = w.columns.member.status[0] == IN
        one_step(w, "leaving", today)
    here.append(int(np.sum(w.columns.member.status[0] == IN)))
    return [(here[a] - here[b]) / sum(here[a:b]) for a, b in ((0, 5), (20, 40))]


def test_retention_rises_with_tenure_if_reservations_differ():
    early, late = daily_rates(spread=1.5)
    assert early > 1.5 * late


def test_retention_is_constant_if_they_do_not():
    early, late = daily_rates(spread=0.0)
    chance = -math.expm1(-0.05)
    assert early == pytest.approx(chance, abs=4 * math.sqrt(chance / 8000))  # at least 8,000 reader-days each
    assert late == pytest.approx(chance, abs=4 * math.sqrt(chance / 8000))


def test_the_trusting_stay_longer():
    w = club({"customers.count": 1000}, hazard=2.0)
    w.columns.mind.trust[:500] = 0.1
    w.columns.mind.trust[500:] = 0.6
    one_step(w, "leaving", 0)
    left = w.columns.member.status[0] == QUIT
    assert left[:500].sum() > 2 * left[500:].sum() > 0


def test_who_left_never_comes_back_and_is_not_asked_or_pushed():
    """Everybody is asked every day by a hook that nobody can resist, and many quit whenever they read."""
    w = world_of(
        changes={
            "places.shop.visits_per_week": 700,
            "hooks": {"gift": {"at": "shop", "in_person": True, "into": "club", "gives": "gift", "strength": 50.0}},
            "posts": {"club": {"per_week": 7}},
            "leaving": {"hazard": 1.0, **INDIFFERENT},
        }
    )
    gone = np.zeros(200, bool)
    for today in range(15):
        w.run(until=today + 1)
        left = w.columns.member.status[0] == QUIT
        assert np.all(left[gone])
        assert not np.any(w.columns.member.read[:, gone])
        gone = left
    assert w.counted("joined").sum() == w.counted("asked").sum() == 200
    assert w.counted("left").sum() == gone.sum() > 150
    assert np.all(w.columns.member.joined_on[0] == 0)


def test_who_left_is_found_in_the_newest_pool_that_is_left():
    w = club({"places.third": {"kind": "pool", "form": "app", "open_rate": 1}}, hazard=50.0, spread=0.0, **INDIFFERENT)
    member, place = w.columns.member, w.columns.story.place
    place[:] = code(w, "club") + 1
    desk, third = w.names.pools.index("desk"), w.names.pools.index("third")
    member.joined_on[desk, :40] = 3
    member.joined_on[third, :20] = 7
    member.status[desk, :40] = member.status[third, :20] = IN
    member.status[third, :10] = QUIT
    one_step(w, "leaving", 9)
    assert np.all(place[:10] == code(w, "desk") + 1)
    assert np.all(place[10:20] == code(w, "third") + 1)
    assert np.all(place[20:40] == code(w, "desk") + 1)
    assert np.all(place[40:] == 0)


def test_quitting_one_pool_leaves_the_other():
    w = club(hazard=50.0, spread=0.0, **INDIFFERENT)
    enrol(w, "desk")
    one_step(w, "leaving", 1)
    assert np.all(w.columns.member.status[w.names.pools.index("club")] == QUIT)
    assert np.all(w.columns.member.status[w.names.pools.index("desk")] == IN)


def test_a_pool_loses_members_of_whom_nobody_reads_none():
    w = after(changes={"customers.at_start": {"members": {"club": 0.5}}, "leaving": {"hazard": 50.0}})
    assert w.members[0, code(w, "club")] > 0
    assert np.all(w.members[:, code(w, "club")] == w.members[0, code(w, "club")])
    assert np.all(w.columns.member.joined_on[1] == NEVER)
