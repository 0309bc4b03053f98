"""Care: whose turn it is, how much of it the staff have time for, and what it does to who is looked after."""

import numpy as np
import pytest

from trafficsim.kernel.columns import FOLDED
from trafficsim.mechanisms.care import minutes_of_staff, minutes_wanted, share_answered, trust_after_care
from worlds import QUIET, after, different, enrol, one_step, standard_error, tallied, world_of

N = 2000
CARING = f"""{QUIET}
audiences: {{regulars: {{least_orders: 2}}}}
staff:
  manager: {{count: 2, serves: desk, wage_per_day: 300, hours_per_day: 5}}
care:
  words: {{pool: desk, by: manager, per_week: 7, minutes_each: 0.3}}
"""
"""Two people have 600 minutes a day for 2,000 members, whose turn it is every day for .3 minutes: just enough."""


def desk(changes=None):
    """Everybody is a contact of the manager's."""
    w = world_of(CARING, {"customers.count": N, **(changes or {})})
    enrol(w, "desk")
    return w


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("minutes", "wanted", "share"),
    [(600.0, 600.0, 1.0), (600.0, 0.0, 1.0), (0.0, 0.0, 1.0), (600.0, 1200.0, 0.5), (0.0, 5.0, 0.0)],
)
def test_the_share_that_staff_have_time_for(minutes, wanted, share):
    assert share_answered(minutes, wanted) == share


@pytest.mark.nojit
def test_minutes_of_a_day():
    assert minutes_of_staff(2.0, 5.0) == 600.0
    assert minutes_wanted(2000.0, 7.0, 0.3) == pytest.approx(600.0, rel=1e-12)
    assert minutes_wanted(2000.0, 0.5, 2.0) == pytest.approx(285.714, rel=1e-5)


@pytest.mark.nojit
def test_trust_after_care():
    assert trust_after_care(0.4, 0.1) == pytest.approx(0.46, abs=1e-12)


@pytest.mark.nojit
def test_all_are_looked_after_where_there_are_hours():
    w = desk({"care.words.trust_step": 0.1, "care.words.salience": 0.5, "care.words.cost_each": 1.5})
    tally = one_step(w, "care")
    assert tallied(tally, "care_given") == N
    assert tallied(tally, "care_missed") == 0
    assert tallied(tally, "perks") == N * 150
    assert np.allclose(w.columns.mind.trust, 0.3 + 0.1 * 0.7)
    assert np.allclose(w.columns.mind.salience, 0.5)
    assert np.all(w.columns.story.place == w.names.places.index("desk") + 1)


@pytest.mark.nojit
@pytest.mark.parametrize(
    "changes", [{"care.words.minutes_each": 0.6}, {"staff.manager.hours_per_day": 2.5}, {"staff.manager.count": 1}]
)
def test_twice_as_much_care_as_there_are_hours_leaves_half_unanswered(changes):
    """Within four standard errors; whom it strikes another day is drawn anew."""
    w = desk(changes)
    first, second = one_step(w, "care", 0), one_step(w, "care", 1)
    for tally in (first, second):
        assert tallied(tally, "care_missed") == pytest.approx(N / 2, abs=4 * standard_error(0.5, N))
        assert tallied(tally, "care_given") + tallied(tally, "care_missed") == N
    assert len(np.unique(w.columns.mind.trust)) == 3  # none, one of two days, both


@pytest.mark.nojit
def test_turns_come_so_often_a_week():
    tally = one_step(desk({"care.words.per_week": 0.7}), "care")
    assert tallied(tally, "care_given") == pytest.approx(0.1 * N, abs=4 * standard_error(0.1, N))


@pytest.mark.nojit
def test_care_is_for_an_audience_and_not_for_who_silenced_the_pool():
    w = desk({"care.words.to": "regulars"})
    w.columns.bought.orders[:500] = 2
    w.columns.member.status[1, :100] += FOLDED
    tally = one_step(w, "care")
    assert tallied(tally, "care_given") == 400
    assert np.array_equal(np.flatnonzero(w.columns.mind.salience), np.arange(100, 500))


@pytest.mark.nojit
def test_two_kinds_of_care_share_the_hours():
    more = {"pool": "club", "by": "manager", "per_week": 7, "minutes_each": 0.9}
    w = desk({"care.likes": more})
    enrol(w, "club", slice(0, 1000))
    tally = one_step(w, "care")  # 600 minutes for 600 + 900
    assert tallied(tally, "care_given") == pytest.approx(0.4 * 3000, abs=4 * standard_error(0.4, 3000))
    assert tallied(tally, "care_given") + tallied(tally, "care_missed") == 3000


@pytest.mark.nojit
def test_hours_can_change_on_a_date():
    dated = CARING + "events: {ill: {day: 3, set: {staff.manager.hours_per_day: 0}}}\n"
    w = world_of(dated)
    enrol(w, "desk")
    assert tallied(one_step(w, "care", 2), "care_missed") == 0
    assert tallied(one_step(w, "care", 3), "care_missed") == 200


@pytest.mark.nojit
def test_a_sample_is_answered_as_the_market_is():
    """One in a hundred of a market with the same two people: half of what is wanted, as in the whole."""
    w = world_of(CARING, {"customers.count": 500, "customers.each_stands_for": 100, "care.words.minutes_each": 0.024})
    enrol(w, "desk")
    tally = one_step(w, "care")
    assert tallied(tally, "care_given") == pytest.approx(250, abs=4 * standard_error(0.5, 500))


LIVING = {
    "customers.count": 9000,
    "days": 40,
    "customers.at_start": {"aware": 0.5, "bought": 0.3, "members": {"desk": 0.4}},
    "care.words.minutes_each": 0.5,
    "purchasing": {},
}


def test_threads_saving_and_forks_change_no_bit(tmp_path):
    whole, half = after(CARING, LIVING, threads=3), after(CARING, LIVING, until=23)
    half.save(tmp_path / "half.npz")
    assert different(whole, half.fork().run()) == []
    assert different(whole, world_of(CARING, LIVING).restore(tmp_path / "half.npz").run()) == []
    assert whole.counted("care_missed").sum() > 0


def test_who_is_looked_after_orders_more_and_others_as_before():
    changes = {**LIVING, "care.words.minutes_each": 0.01}
    with_care, without = (after(CARING, {**changes, **more}) for more in ({}, {"care": "off"}))
    member = with_care.columns.member.status[1] > 0
    orders = [w.columns.bought.orders for w in (without, with_care)]
    assert orders[1][member].sum() > 1.1 * orders[0][member].sum()
    assert np.array_equal(orders[0][~member], orders[1][~member])
    assert with_care.counted("wages").sum() == without.counted("wages").sum()
