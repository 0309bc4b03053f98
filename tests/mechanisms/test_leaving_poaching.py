"""Leaving: what drives readers out, what keeps them, and whom rivals poach."""

import math

import numpy as np
import pytest

from trafficsim.kernel.columns import BACK, BEFORE_START, GONE, IN, QUIT
from trafficsim.mechanisms.leaving import hazard_to_be_poached
from worlds import code, enrol, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

N = 1000
NOBODY_QUITS, EVERYBODY_QUITS = 0.0, 50.0


def readers(talk=False, rivals=0.0, **leaving):
    """Everybody is a member of the club and read a post today; without fatigue, trust 0.3, fit 0.5."""
    changes = {"customers.count": N, "places.club.members_talk": talk, "rivals.pull": rivals}
    changes["posts"] = {"club": {"per_week": 7}}
    w = world_of(changes={**changes, "leaving": {"spread": 0.0, "per_interest": 0.0, "folds": 0.0, **leaving}})
    enrol(w, "club")
    w.columns.member.unit[0, :] = 0
    w.columns.member.joined_on[w.names.pools.index("club")] = BEFORE_START
    w.columns.member.read[w.names.pools.index("club")] = 1
    w.columns.story.place[:] = code(w, "club") + 1
    return w


@pytest.mark.parametrize(
    ("belonging", "pull", "poaching", "hazard"),
    [
        (0.0, 0.0, 0.1, 0.1),
        (1.0, 3.0, 0.1, 0.0),
        (0.5, 0.0, 0.1, 0.05),
        (0.0, math.log(3), 0.1, 0.3),
        (0.0, 9.0, 0.0, 0.0),
    ],
)
def test_the_hazard_to_be_poached(belonging, pull, poaching, hazard):
    assert hazard_to_be_poached(belonging, pull, poaching) == pytest.approx(hazard, rel=1e-12)


@pytest.mark.parametrize("belonging", [0.0, 0.5])
def test_the_share_who_quit(belonging):
    """Hazard 0.5 exp(-5 x 0.3 + 1 - 2 x belonging)."""
    w = readers(talk=True, hazard=0.5)
    w.columns.roll.fatigue[:] = 1 / 0.25
    w.columns.units.belonging[0, 0] = belonging
    found = tallied(one_step(w, "leaving"), "left")
    chance = -math.expm1(-0.5 * math.exp(-0.5 - 2 * belonging))
    assert found == pytest.approx(N * chance, abs=4 * standard_error(chance, N))
    assert found == np.sum(w.columns.member.status[0] == QUIT)


def test_belonging_counts_for_nothing_once_a_group_is_muted():
    talking, muted = readers(talk=True, hazard=0.5), readers(hazard=0.5)
    for w in (talking, muted):
        w.columns.units.belonging[0, 0] = 1
    assert tallied(one_step(talking, "leaving"), "left") < tallied(one_step(muted, "leaving"), "left") / 3


def test_only_those_who_were_sent_posts_leave_and_go_where_they_are_then_found():
    w = readers(hazard=EVERYBODY_QUITS, per_trust=0.0)
    enrol(w, "desk", slice(0, 10))
    w.columns.roll.fatigue_on[:100] = 3
    tally = one_step(w, "leaving", 3)
    assert tallied(tally, "left") == 100
    assert np.all(w.columns.member.status[0, 100:] == IN)
    assert np.all(w.columns.member.status[1, :10] == IN)
    assert np.all(w.columns.story.place[:10] == code(w, "desk") + 1)
    assert np.all(w.columns.story.place[10:100] == 0)
    assert np.all(w.columns.story.place[100:] == code(w, "club") + 1)


def test_the_share_who_are_poached():
    """Hazard 0.2 x exp(0.7) x (1 - 0.25). Trust falls by a tenth."""
    w = readers(talk=True, rivals=0.7, hazard=NOBODY_QUITS, poaching=0.2, poached_trust=0.1)
    w.columns.units.belonging[0, 0] = 0.25
    tally = one_step(w, "leaving")
    chance = -math.expm1(-0.15 * math.exp(0.7))
    gone = w.columns.member.status[0] == QUIT
    assert gone.sum() == pytest.approx(N * chance, abs=4 * standard_error(chance, N))
    assert tallied(tally, "poached") == tallied(tally, "left") == gone.sum()
    assert w.columns.mind.trust[gone] == pytest.approx(0.27, rel=1e-6)
    assert np.all(w.columns.mind.trust[~gone] == np.float32(0.3))


def test_nobody_is_poached_from_a_muted_group():
    w = readers(rivals=5.0, hazard=NOBODY_QUITS, poaching=50.0)
    assert tallied(one_step(w, "leaving"), "left") == 0


def test_whoever_quits_anyway_is_not_poached():
    w = readers(talk=True, hazard=EVERYBODY_QUITS, per_trust=0.0, poaching=50.0)
    tally = one_step(w, "leaving")
    assert tallied(tally, "left") == N
    assert tallied(tally, "poached") == 0


def test_quitting_again_after_coming_back_is_for_good():
    w = readers(hazard=EVERYBODY_QUITS, per_trust=0.0)
    w.columns.member.status[0, :30] = BACK
    w.columns.roll.fatigue_on[:] = 5
    one_step(w, "leaving", 5)
    assert np.all(w.columns.member.status[0, :30] == GONE)
    assert np.all(w.columns.member.status[0, 30:] == QUIT)
