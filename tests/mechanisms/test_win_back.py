"""Win-back: who is asked once more, who comes back, and what it costs."""

import math

import numpy as np
import pytest

from trafficsim.kernel.columns import BACK, GONE, IN, QUIT
from trafficsim.mechanisms.joining import NO_UNIT
from trafficsim.mechanisms.win_back import appeal_of_return, can_be_offered, is_asked_again
from worlds import after, code, enrol, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

N = 1000
SURE, NEVER_TAKEN = 50.0, -50.0


def quitters(changes=None, customers=N, **win_back):
    """Everybody was in the club and quit; all are asked on the first day unless said otherwise."""
    asking = {"after_days": 1.0, "cost": 1.85, "intercept": SURE, **win_back}
    w = world_of(changes={"customers.count": customers, "win_back": asking, **(changes or {})})
    enrol(w, "club")
    w.columns.member.status[0, :] = QUIT
    w.members[0] = 0
    return w


@pytest.mark.parametrize(
    ("u", "status", "after_days", "asked"),
    [
        (0.19, QUIT, 5.0, True),
        (0.21, QUIT, 5.0, False),
        (0.99, QUIT, 1.0, True),
        (0.01, IN, 5.0, False),
        (0.01, GONE, 5.0, False),
        (0.01, BACK, 5.0, False),
    ],
)
def test_whose_turn_it_is(u, status, after_days, asked):
    """One in five of those who quit."""
    assert is_asked_again(u, status, after_days) == asked


@pytest.mark.parametrize(
    ("unit", "free", "left", "can"),
    [(0, 1.0, 0.5, True), (NO_UNIT, 1.0, 0.5, False), (0, 0.0, 0.5, False), (0, 1.0, 0.0, False)],
)
def test_what_can_be_offered(unit, free, left, can):
    assert can_be_offered(unit, free, left) == can


@pytest.mark.parametrize(
    ("trust", "worth", "deal_prone", "logits"),
    [
        (0.0, 0.0, 0.0, -3.2),
        (0.4, 0.0, 1.0, -2.2),
        (0.0, 0.2, 1.0, -2.2),  # half of what worth can do
        (0.0, 0.6, 0.5, -2.45),  # three quarters, for half a bargain hunter
        (1.0, 0.6, 0.0, -0.7),
    ],
)
def test_what_appeals(trust, worth, deal_prone, logits):
    """By default -3.2 + 2.5 trust + 2 deal x worth / (worth + 0.2)."""
    asking = world_of(changes={"win_back": {"after_days": 1}}).settings.win_back[0, 0]
    assert appeal_of_return(trust, worth, deal_prone, asking) == pytest.approx(logits, abs=1e-12)


def test_what_appeals_by_weights_of_its_own():
    """-1 + 1 x 0.5 + 4 x 0.5 x 0.5."""
    settings = {"after_days": 1, "intercept": -1.0, "per_trust": 1.0, "per_worth": 4.0, "worth_half": 0.6}
    asking = world_of(changes={"win_back": settings}).settings.win_back[0, 0]
    assert appeal_of_return(0.5, 0.6, 0.5, asking) == pytest.approx(0.5, abs=1e-12)


def test_takers_are_back_in_and_each_asking_is_paid_for():
    w = quitters()
    tally = one_step(w, "win_back", 4)
    member = w.columns.member
    assert tallied(tally, "won_back") == N
    assert tallied(tally, "win_back") == N * 185
    assert np.all(member.status[0] == BACK)
    assert not member.status[1:].any()
    assert np.all(member.joined_on[0] == -2)
    assert np.bincount(member.unit[0]).tolist() == [500, 500]
    assert np.all(w.columns.story.place == code(w, "club") + 1)
    assert np.all(w.columns.mind.salience == 0.5)


def test_who_declines_is_gone_for_good():
    w = quitters(intercept=NEVER_TAKEN)
    assert tallied(one_step(w, "win_back", 0), "win_back") == N * 185
    assert np.all(w.columns.member.status[0] == GONE)
    assert tallied(one_step(w, "win_back", 1), "win_back") == 0


def test_the_share_of_takers():
    """-2 + 2.5 x 0.3 (trust) + 2 x 0.5 x 40 / (40 + 20) (worth of 40 at a price of 100)."""
    w = quitters(intercept=-2.0, worth=40)
    w.columns.traits.deal_prone[:] = 0.5
    found = tallied(one_step(w, "win_back"), "won_back")
    chance = 1 / (1 + math.exp(2 - 0.75 - 2 / 3))
    assert found == pytest.approx(N * chance, abs=4 * standard_error(chance, N))


def test_the_turn_comes_once_in_so_many_days():
    w = quitters(after_days=8.0)
    found = tallied(one_step(w, "win_back"), "won_back")
    assert found == pytest.approx(N / 8, abs=4 * standard_error(1 / 8, N))


def test_taste_is_one_draw_for_all_days():
    takers = []
    for today in (0, 3):
        w = quitters(intercept=-1.0)
        one_step(w, "win_back", today)
        takers.append(np.flatnonzero(w.columns.member.status[0] == BACK).tolist())
    assert takers[0] == takers[1]
    assert 100 < len(takers[0]) < N - 100


def test_members_and_those_gone_for_good_are_left_alone():
    w = quitters()
    w.columns.member.status[0, :300] = IN
    w.columns.member.status[0, 300:400] = GONE
    assert tallied(one_step(w, "win_back"), "win_back") == 600 * 185


def test_nobody_is_asked_without_a_place_to_offer():
    """Two groups of a hundred have room for 150 besides 50 members; the others keep their turn."""
    w = quitters({"places.club.groups": 2, "places.club.group_size": 100})
    w.columns.member.status[0, :50] = IN
    w.columns.member.unit[0, :50] = 0
    tally = one_step(w, "win_back")
    assert tallied(tally, "win_back") == 150 * 185
    assert np.sum(w.columns.member.status[0] == QUIT) == N - 200
    assert np.bincount(w.columns.member.unit[0][w.columns.member.status[0] % 2 == 1]).tolist() == [100, 100]


def test_staff_add_those_who_come_back_too():
    w = quitters({"staff": {"helpers": {"count": 2, "serves": "club", "adds_per_day": 20}}})
    assert tallied(one_step(w, "win_back"), "won_back") == 40


@pytest.mark.parametrize("changes", [{"joining": "off"}, {"win_back": "off"}])
def test_nobody_comes_back_where_it_is_switched_off(changes):
    assert tallied(one_step(quitters(changes), "win_back"), "win_back") == 0


def test_who_left_on_the_day_of_joining_is_asked_from_the_next_day_on():
    w = quitters()
    w.columns.member.joined_on[0, :40] = 3
    one_step(w, "win_back", 3)
    assert not np.any(w.columns.member.status[0, :40] == BACK)
    assert np.any(w.columns.member.status[0, 40:] == BACK)
    one_step(w, "win_back", 4)
    assert np.any(w.columns.member.status[0, :40] == BACK)


def test_members_balance_and_nobody_comes_back_twice():
    """Everybody quits when a post comes, is asked the next day, comes back, and quits for good."""
    w = after(
        changes={
            "customers.at_start": {"aware": 1, "members": {"club": 1}},
            "posts": {"club": {"per_week": 7}},
            "leaving": {"hazard": 50, "per_trust": 0, "folds": 0},
            "win_back": {"after_days": 2, "intercept": SURE},
        }
    )
    member, club = w.columns.member, code(w, "club")
    left, back = w.counted("left")[:, club], w.counted("won_back")[:, club]
    assert back.sum() == np.sum((member.status[0] == BACK) | (member.status[0] == GONE)) > 150
    assert left.sum() == np.sum((member.status[0] == QUIT) | (member.status[0] == GONE)) + back.sum()
    assert np.array_equal(w.members[1:, club], w.members[0, club] + np.cumsum(back - left))
    assert w.members[-1, club] == w.count_members(0)
