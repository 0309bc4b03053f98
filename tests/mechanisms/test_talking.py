"""Talking: belonging follows the active share of each group, where members may talk."""

import numpy as np
import pytest

from trafficsim.kernel.columns import NEVER, QUIT
from trafficsim.mechanisms.talking import belonging_felt, gets_talking, own_unit, warmer
from worlds import after, enrol, one_step, world_of

pytestmark = pytest.mark.nojit


def group(talk=True, **changes):
    """A club with a post a day, whose 200 members sit in two groups of 100; nobody has read anything yet."""
    w = world_of(
        changes={
            "places.club.members_talk": talk,
            "places.club.group_size": 100,
            "posts": {"club": {"per_week": 7}},
            "talking": {"belonging_step": 0.5},
            **changes,
        }
    )
    enrol(w, "club")
    w.columns.member.unit[0, :] = np.arange(200) // 100
    return w


@pytest.mark.parametrize(
    ("posts", "talk", "talking"),
    [(1, True, True), (3, True, True), (0, True, False), (1, False, False)],
)
def test_what_gets_members_talking(posts, talk, talking):
    assert gets_talking(posts, talk) == talking


@pytest.mark.parametrize(
    ("warmth", "talk", "felt"),
    [(0.4, True, 0.4), (0.4, False, 0.0), (0.0, True, 0.0)],
)
def test_belonging_needs_talk(warmth, talk, felt):
    assert belonging_felt(warmth, talk) == felt


@pytest.mark.parametrize(
    ("belonging", "readers", "members", "step", "after_today"),
    [(0.0, 3.0, 10.0, 0.5, 0.15), (0.4, 0.0, 10.0, 0.1, 0.36), (0.3, 3.0, 10.0, 0.1, 0.3), (0.7, 0.0, 0.0, 0.5, 0.7)],
)
def test_belonging_closes_a_step_of_its_gap_to_the_active_share(belonging, readers, members, step, after_today):
    assert warmer(belonging, readers, members, step) == pytest.approx(after_today, abs=1e-15)


@pytest.mark.parametrize(("unit", "row"), [(0, 0), (3, 3), (NEVER, 4)])
def test_members_without_a_unit_share_the_last_row(unit, row):
    assert own_unit(unit, 5) == row


def test_each_group_has_a_warmth_of_its_own():
    """30 of the first hundred read, 80 of the second."""
    w = group()
    w.columns.member.read[0, :30] = 1
    w.columns.member.read[0, 120:] = 1
    one_step(w, "talking")
    assert w.columns.units.belonging[0, :2] == pytest.approx([0.15, 0.4], rel=1e-6)
    assert not w.columns.units.belonging[0, 2:].any()
    assert not w.columns.units.belonging[1].any()


def test_those_who_left_and_readers_of_other_pools_do_not_count():
    w = group()
    w.columns.member.read[0, :50] = 1
    w.columns.member.read[1, 50:100] = 1
    w.columns.member.status[0, 25:75] = QUIT
    one_step(w, "talking")
    assert w.columns.units.belonging[0, 0] == 0.25


def test_members_from_before_the_start_are_a_group_of_their_own():
    w = group()
    w.columns.member.unit[0, :40] = NEVER
    w.columns.member.read[0, :10] = 1
    one_step(w, "talking")
    assert w.columns.units.belonging[0, -1] == 0.125
    assert w.columns.units.belonging[0, 0] == 0


def test_nothing_grows_where_members_are_muted():
    w = group(talk=False)
    w.columns.member.read[0] = 1
    one_step(w, "talking")
    assert not w.columns.units.belonging.any()


def test_nothing_changes_on_a_day_without_posts():
    w = group(posts={"club": {"weekdays": ["mon"]}}, talking={"belonging_step": 0.1})
    w.columns.member.read[0] = 1
    one_step(w, "talking", 1)
    assert not w.columns.units.belonging.any()
    one_step(w, "talking", 7)
    assert w.columns.units.belonging[0, 0] == np.float32(0.1)


def test_belonging_of_a_group_that_reads_everything_nears_one():
    """After 20 posts 0.9 ** 20 of the gap are left. Everybody has an own propensity to read, here high enough."""
    w = group(posts={"club": {"per_week": 7, "tired_reading": 0.0}}, talking={"belonging_step": 0.1})
    w.columns.roll.opens[:] = 1
    w.run(until=20)
    assert w.columns.units.belonging[0, :2] == pytest.approx([1 - 0.9**20] * 2, rel=1e-5)


def test_a_talking_group_keeps_more_of_its_members_than_a_muted_one():
    """By far, once everybody reads: per_belonging 2 cuts the hazard to a seventh."""
    changes = {"leaving": {"hazard": 0.3}, "customers.at_start": {"aware": 1, "members": {"club": 1}}}
    left = {}
    for talk in (True, False):
        posts = {"posts": {"club": {"per_week": 7, "tiring": 0, "tiring_unread": 0}}, "places.club.members_talk": talk}
        left[talk] = after(changes={**changes, **posts}).counted("left").sum()
    assert 0 < left[True] < 0.8 * left[False]
