"""Joining: who gets the places when there are fewer than wishes."""

import math

import numpy as np
import pytest

from trafficsim.kernel.columns import QUIT
from trafficsim.kernel.rng import uniform
from trafficsim.market.places import MAX_UNITS
from trafficsim.mechanisms.joining import (
    adds_in_window,
    came_by_invitation,
    groups_needed,
    is_full,
    room_of,
    seats_of_groups,
    trust_after_referral,
    units_of_staff,
    yet_to_come,
)
from worlds import after, code, enrol, one_step, world_of

pytestmark = pytest.mark.nojit

N = 200
"""Customers, all of whom are asked every day and wish to join."""


def wanted(pool="club", **changes):
    """Everybody is in the shop every day and wants to join a pool."""
    hook = {"at": "shop", "in_person": True, "into": pool, "gives": "gift", "cost": 3.25, "strength": 50.0}
    return {"places.shop.visits_per_week": 700, "hooks": {"gift": hook}, **changes}


def helpers(serves="desk", **settings):
    return {"staff": {"helpers": {"count": 2, "serves": serves, **settings}}}


def joined_by_day(w, pool):
    return w.counted("joined")[:, code(w, pool)].tolist()


def unit_sizes(w, pool):
    member = w.columns.member
    row = w.names.pools.index(pool)
    return np.bincount(member.unit[row][member.unit[row] >= 0]).tolist()


@pytest.mark.parametrize(
    ("unit", "room", "rounding", "holds"),
    [(0, 3.0, 0.5, 3), (4, 3.0, 0.9, 3), (0, 0.5, 0.4, 0), (1, 0.5, 0.4, 1), (0, 0.5, 0.6, 1), (1, 0.5, 0.6, 0)],
)
def test_the_room_of_a_unit(unit, room, rounding, holds):
    """Of units that hold half a member each every second one holds one."""
    assert room_of(unit, room, rounding) == holds


@pytest.mark.parametrize(
    ("members", "unit", "full"),
    [(0, 0, True), (0, 1, False), (1, 1, True), (2, 1, True)],
)
def test_whether_a_unit_is_full(members, unit, full):
    """The first unit holds nobody, the second one member."""
    assert is_full(members, unit, 0.5, 0.4) == full


@pytest.mark.parametrize(
    ("groups", "size", "rounding", "seats"),
    [(3.0, 40.0, 0.5, 120), (3.0, 2.5, 0.4, 7), (3.0, 2.5, 0.6, 8), (0.0, 40.0, 0.9, 0)],
)
def test_the_seats_of_groups(groups, size, rounding, seats):
    assert seats_of_groups(groups, size, rounding) == seats


@pytest.mark.parametrize(
    ("groups", "customers", "size", "needed"),
    [(10.0, 200.0, 100.0, 3), (2.0, 200.0, 100.0, 2), (10.0, 50.0, 100.0, 1)],
)
def test_no_more_groups_than_customers_fill(groups, customers, size, needed):
    assert groups_needed(groups, customers, size) == needed


@pytest.mark.parametrize(
    ("staff", "units"),
    [(0.0, 1), (3.0, 3), (1e6, MAX_UNITS)],
)
def test_units_of_the_staff(staff, units):
    assert units_of_staff(staff) == units


@pytest.mark.parametrize(
    ("u", "adds", "days", "whole"),
    [(0.5, 20.0, 1.0, 20), (0.5, 20.0, 7.0, 140), (0.2, 0.7, 1.0, 0), (0.4, 0.7, 1.0, 1)],
)
def test_adds_of_a_window(u, adds, days, whole):
    assert adds_in_window(u, adds, days) == whole


@pytest.mark.parametrize(
    ("later", "behind", "expected"),
    [(0.0, 9.0, 0.0), (2.5, 9.0, 11.5), (2.5, 0.0, 2.5)],
)
def test_who_is_yet_to_come(later, behind, expected):
    assert yet_to_come(later, behind) == expected


@pytest.mark.parametrize(
    ("trust", "step", "now"),
    [(0.2, 0.5, 0.6), (1.0, 0.5, 1.0), (0.2, 0.0, 0.2)],
)
def test_a_taken_invitation_binds_the_inviter(trust, step, now):
    assert trust_after_referral(trust, step) == pytest.approx(now, abs=1e-15)


@pytest.mark.parametrize(
    ("invite", "told_by", "invited"),
    [(0.2, 0, True), (0.2, 7, True), (0.2, -1, False), (0.0, 7, False)],
)
def test_who_came_by_invitation(invite, told_by, invited):
    assert came_by_invitation(invite, told_by) == invited


def test_without_limits_everybody_joins_at_once():
    w = after(changes=wanted(), until=3)
    assert joined_by_day(w, "club") == [N, 0, 0]
    assert np.all(w.columns.member.joined_on[0] == 0)
    assert np.all(w.columns.member.hook[0] == 1)
    assert np.all(w.columns.story.place == code(w, "club") + 1)
    assert w.counted("joined_by")[:, 0].tolist() == [N, 0, 0]


def test_the_hook_is_paid_for_those_who_joined():
    w = after(changes={**wanted(), **helpers("club", adds_per_day=20)}, until=3)
    assert w.counted("hooks")[:, 0].tolist() == [40 * 325] * 3


def test_joining_closes_half_of_the_gap_to_full_salience():
    w = world_of(changes=wanted())
    w.columns.today.request[:] = 1
    w.columns.mind.salience[:] = 0.5
    one_step(w, "joining", 0)
    assert np.all(w.columns.mind.salience == 0.75)
    assert not w.columns.today.request.any()


def test_groups_fill_one_after_another_and_no_further():
    w = after(changes=wanted(**{"places.club.group_size": 30, "places.club.groups": 4}), until=4)
    assert unit_sizes(w, "club") == [30, 30, 30, 30]
    assert joined_by_day(w, "club") == [120, 0, 0, 0]


def test_the_last_group_may_stay_half_empty():
    w = after(changes=wanted(**{"places.club.group_size": 60}), until=2)
    assert unit_sizes(w, "club") == [60, 60, 60, 20]


def test_a_place_that_became_free_is_taken_again():
    w = world_of(changes=wanted(**{"places.club.group_size": 30, "places.club.groups": 2})).run(until=1)
    member = w.columns.member
    quitters = np.flatnonzero(member.unit[0] == 0)[:7]
    member.status[0, quitters] = QUIT
    w.members[1, code(w, "club")] -= 7
    w.run(until=3)
    assert joined_by_day(w, "club") == [60, 7, 0]
    assert np.all(member.unit[0][member.joined_on[0] == 1] == 0)
    assert np.all(member.joined_on[0][quitters] == 0)


def test_staff_add_so_many_a_day_and_the_rest_join_later():
    w = after(changes=wanted("desk") | helpers(adds_per_day=15), until=9)
    assert joined_by_day(w, "desk") == [30] * 6 + [20, 0, 0]
    assert w.members[:10, code(w, "desk")].tolist() == [0, 30, 60, 90, 120, 150, 180, 200, 200, 200]


def test_staff_hold_so_many_contacts_and_share_them_evenly():
    w = after(changes=wanted("desk") | helpers(adds_per_day=15, contacts=37), until=5)
    assert joined_by_day(w, "desk") == [30, 30, 14, 0, 0]
    assert unit_sizes(w, "desk") == [37, 37]
    shared = after(changes=wanted("desk") | helpers(adds_per_day=15, contacts=37), until=1)
    assert unit_sizes(shared, "desk") == [15, 15]


def test_members_are_spread_over_all_the_staff_of_a_pool_whatever_row_they_stand_in():
    """Twelve people in three rows, where no row alone has as many, nor would groups of 500 need as many."""
    rows = {name: {"count": 4, "serves": "desk", "adds_per_day": 5} for name in ("early", "late", "night")}
    w = after(changes=wanted("desk", staff=rows), until=2)
    assert unit_sizes(w, "desk") == [10] * 12
    assert w.columns.units.belonging.shape[1] > 12


def test_staff_without_room_for_contacts_add_nobody():
    assert joined_by_day(after(changes=wanted("desk") | helpers(contacts=0), until=2), "desk") == [0, 0]


def test_staff_who_serve_a_group_limit_its_adds_but_not_its_seats():
    w = after(changes=wanted() | helpers("club", adds_per_day=45, contacts=1), until=3)
    assert joined_by_day(w, "club") == [90, 90, 20]
    assert unit_sizes(w, "club") == [N]


def test_without_staff_customers_add_themselves():
    assert joined_by_day(after(changes=wanted("desk"), until=1), "desk") == [N]


def test_sampled_staff_add_their_share_of_a_person_on_average():
    """Each customer stands for 40, so two helpers with 10 adds a day add half a customer, 25 in each half of the days.

    With 200 who wish for it every day, days get about the same: 100 in two windows of 50 days each.
    """
    w = after(changes={**wanted("desk"), **helpers(adds_per_day=10), "customers.each_stands_for": 40, "days": 100})
    daily = joined_by_day(w, "desk")
    assert (sum(daily[:50]), sum(daily[50:])) == (25, 25)
    assert max(daily) <= 5
    assert sum(daily[:25]) == pytest.approx(12.5, abs=4 * math.sqrt(25 / 4))


def test_sampled_staff_hold_their_share_of_contacts():
    """Two helpers with 100 contacts each are 200 people, who are five customers where each stands for 40."""
    settings = {**wanted("desk"), **helpers(contacts=100, adds_per_day=4000), "customers.each_stands_for": 40}
    assert sum(joined_by_day(after(changes=settings, until=3), "desk")) == 5


def test_sampled_groups_hold_their_share_of_people():
    """Three groups of 400 are 1,200 people, who are thirty customers where each stands for 40."""
    seats = {"places.club.group_size": 400, "places.club.groups": 3, "customers.each_stands_for": 40}
    assert sum(joined_by_day(after(changes=wanted(**seats), until=3), "club")) == 30


def test_members_before_the_start_take_seats():
    seats = {"places.club.group_size": 30, "places.club.groups": 2}
    w = world_of(changes=wanted(**seats))
    enrol(w, "club", slice(0, 45))
    w.run(until=3)
    assert joined_by_day(w, "club") == [15, 0, 0]


def test_the_queue_is_in_order_of_a_draw_not_of_numbers():
    """Of everybody, 40 are admitted; the mean of their numbers lies within four standard errors of the middle."""
    first = {}
    for seed in (1, 2):
        w = after(changes=wanted("desk") | helpers(adds_per_day=20), until=1, seed=seed)
        first[seed] = np.flatnonzero(w.columns.member.joined_on[1] == 0)
        error = math.sqrt((N**2 - 1) / 12 / 40 * (N - 40) / (N - 1))  # without replacement
        assert first[seed].mean() == pytest.approx((N - 1) / 2, abs=4 * error)
    assert first[1].tolist() != first[2].tolist()


def test_the_queue_is_drawn_anew_each_day():
    """Of the same 200 wishes, 40 are admitted; by chance, days have 40 x 40 / 200 = 8 in common (hypergeometric)."""
    admitted = []
    for today in (0, 1):
        w = world_of(changes=wanted("desk") | helpers(adds_per_day=20))
        w.columns.today.request[:] = 1
        one_step(w, "joining", today)
        admitted.append(set(np.flatnonzero(w.columns.member.joined_on[1] == today).tolist()))
    error = math.sqrt(40 * 0.2 * 0.8 * 160 / 199)
    assert len(admitted[0] & admitted[1]) == pytest.approx(8, abs=4 * error)


def test_pools_have_queues_of_their_own():
    """A limit on one pool leaves the other open."""
    hooks = {
        "one": {"at": "shop", "in_person": True, "into": "club", "gives": "gift", "strength": 50.0},
        "two": {"at": "shop", "in_person": True, "into": "desk", "gives": "gift", "strength": 50.0},
    }
    changes = {"places.shop.visits_per_week": 700, "hooks": hooks, **helpers(adds_per_day=5)}
    w = world_of(changes=changes)
    for step in ("visits", "hooks"):
        one_step(w, step, 0)
    wishes_for_club = np.sum(w.columns.today.request == 1)
    assert 10 < wishes_for_club < N - 10
    w = after(changes=changes, until=1)
    assert joined_by_day(w, "club") == [wishes_for_club]
    assert joined_by_day(w, "desk") == [10]


def test_without_the_mechanism_wishes_lapse():
    w = after(changes={**wanted(), "joining": "off"}, until=2)
    assert joined_by_day(w, "club") == [0, 0]
    assert not w.columns.today.request.any()
    assert w.counted("asked")[:, 0].tolist() == [N, N]


def test_draws_of_a_queue_are_distinct():
    """A tie in the order would be decided by number; with 52 bits none is expected among some thousands."""
    key = world_of(changes=wanted()).settings.places["key"][0, 3]
    assert len({uniform(key, i) for i in range(2000)}) == 2000
