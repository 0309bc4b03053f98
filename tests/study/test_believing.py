"""For which beliefs a choice holds: other odds and other means of a number, by weighing the same worlds anew."""

import numpy as np
import pytest
from scipy.stats import qmc, truncnorm

from trafficsim.study.believing import belief, odds

pytestmark = pytest.mark.newest
ARMS = ("a", "b")


def sobol(worlds, numbers, seed=1):
    return qmc.Sobol(d=numbers, seed=np.random.default_rng(seed)).random(worlds)


def against_nothing(lead):
    """Profits of an arm and of one that earns nothing."""
    return np.stack([lead, np.zeros_like(lead)], axis=1)


def test_odds_are_those_at_which_gains_and_losses_are_the_same():
    # In three of four worlds 200 ahead, else 300 behind: 300 of 500 must be lost, 200 of 500 be won.
    found = odds(against_nothing(np.array([200.0, 200.0, 200.0, -300.0])), ARMS)
    assert (found.arm, found.share, found.needed) == ("b", 0.25, 0.4)
    assert odds(against_nothing(np.array([200.0, 0.0])), ARMS) is None


def test_odds_are_told_of_the_arm_that_needs_the_least_change():
    lead = np.array([200.0, 200.0, 200.0, -300.0])
    profits = np.stack([lead, np.zeros(4), np.array([-900.0, -900.0, 100.0, -900.0])], axis=1)
    assert odds(profits, ("a", "b", "c")).arm == "b"


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_lead_that_is_a_straight_line_turns_where_the_mean_is_its_zero(sign):
    # 90 - x over x of 0 to 120: whatever the weights, the mean lead is 90 - mean x. A cubic fits it without error.
    values = 120.0 * sobol(256, 1)[:, 0]
    values = values if sign > 0 else 120.0 - values
    lead = 90.0 - values if sign > 0 else values - 30.0
    found = belief("x", against_nothing(lead), values, values, ARMS)
    assert found.tips == pytest.approx(90.0 if sign > 0 else 30.0, abs=1e-9)
    assert found.arm == "b"
    assert found.mean == pytest.approx(60.0, abs=0.5)
    assert found.reach[0] < 30.0
    assert found.reach[1] > 90.0


def test_the_weights_count_as_many_worlds_as_the_distribution_they_make():
    # Tilted, a normal distribution is the same one moved; moved by d standard deviations exp(-d²) of the worlds count.
    values = truncnorm.ppf(sobol(2**14, 1)[:, 0], -8, 8)
    found = belief("x", against_nothing(1.0 - values), values, values, ARMS)
    assert found.tips == pytest.approx(1.0, abs=1e-9)
    # The slope is one of the steps tried, the first past the zero: 200 of them reach to where 16 worlds count, 2.63.
    assert found.effective / len(values) == pytest.approx(np.exp(-1.0), rel=2 * 2.63 / 200)


def test_what_other_numbers_do_is_not_taken_for_an_effect_of_this_one():
    # x and z act alone; told by x, z is noise of four times its variance. 256 worlds: the mean lead given x errs by
    # spread of z / sqrt(256), which moves the zero by that much.
    x, z = sobol(256, 2).T
    lead = 0.8 - x + 2.0 * (z - 0.5)
    found = belief("x", against_nothing(lead), x, x, ARMS)
    assert found.tips == pytest.approx(0.8, abs=3 * 2.0 / np.sqrt(12 * 256))


def test_the_interval_of_a_turning_mean_holds_it_in_nine_of_ten_samples():
    """Simulated, worlds drawn at random: the lead is 0.65 less the mean of x, and z is noise that grows with x."""
    held = []
    for seed in range(200):
        x, z = np.random.default_rng(seed).random((2, 256))
        found = belief("x", against_nothing(0.65 - x + 0.5 * (z - 0.5) * (0.5 + x)), x, x, ARMS, seed)
        held.append(found.between[0] <= 0.65 <= found.between[1])
    assert np.mean(held) == pytest.approx(0.9, abs=3 * np.sqrt(0.9 * 0.1 / 200))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_an_interval_has_no_end_where_the_choice_may_not_turn_within_reach(sign):
    x, z = np.random.default_rng(1).random((2, 256))
    found = belief("x", against_nothing(0.85 - x + 3.0 * (z - z.mean())), sign * x, sign * x, ARMS)
    assert found.between[1 if sign > 0 else 0] is None
    assert found.between[0 if sign > 0 else 1] is not None


def test_beyond_what_enough_worlds_tell_nothing_is_said():
    values = sobol(256, 1)[:, 0]
    found = belief("x", against_nothing(1.0 - values), values, values, ARMS)
    assert (found.tips, found.arm, found.effective) == (None, "", 0.0)
    assert 0.0 < found.reach[0] < 0.1
    assert 0.9 < found.reach[1] < 1.0
    few = belief("x", against_nothing(0.6 - values[:16]), values[:16], values[:16], ARMS)
    assert few.reach == (few.mean, few.mean)


def test_a_number_with_few_values_can_be_believed_to_have_the_last_one():
    values = np.round(sobol(256, 1)[:, 0])
    found = belief("x", against_nothing(0.9 - values), values, values, ARMS)
    assert found.tips == pytest.approx(0.9)
    assert found.reach == pytest.approx((0.0, 1.0))
