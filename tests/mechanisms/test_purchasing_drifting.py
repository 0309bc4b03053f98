"""Drifting away: somebody whom nothing of the brand touches stops thinking of it, some sooner than others."""

import math

import numpy as np
import pytest

from trafficsim.kernel.rng import stream
from trafficsim.mechanisms.shared.memory import DRIFT_CLASSES, days_until, drift_class, has_drifted
from worlds import one_step, tallied, world_of

N = 4000


NEVER_BACK = 36_500.0


@pytest.mark.nojit
@pytest.mark.parametrize(("u", "rate", "days"), [(0.0, 0.01, 0.0), (0.393469, 0.01, 50.0), (0.5, 0.1, 6.931)])
def test_times_are_exponential(u, rate, days):
    """1 - exp(-0.5) = .393469, and half have gone after ln 2 / rate."""
    assert days_until(u, rate) == pytest.approx(days, abs=1e-3)


@pytest.mark.nojit
@pytest.mark.parametrize(("u", "cls"), [(1e-12, 0), (0.5, DRIFT_CLASSES // 2), (1 - 2.0**-53, DRIFT_CLASSES - 1)])
def test_classes_hold_equally_many(u, cls):
    assert drift_class(u) == cls


@pytest.mark.nojit
def test_who_has_drifted_away_stays_so_until_the_next_contact_or_their_return():
    key, rates = np.uint64(stream(1, 0, "memory")), np.full(DRIFT_CLASSES, 0.02)
    for i in range(50):
        gone = [has_drifted(key, rates, 1e9, i, 3, days) for days in range(200)]
        assert gone == sorted(gone)
    assert has_drifted(key, rates, 1e9, 0, -(2**15), 10_000)
    back = [has_drifted(key, rates, 40.0, 0, 3, days) for days in range(1000)]
    assert back != sorted(back)


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("days", "rate", "back"), [(5, 0.05, 0.02), (30, 0.05, 0.02), (100, 0.05, 0.02), (400, 0.05, 0.02), (3, 40.0, 90.0)]
)
def test_who_is_away_is_as_in_a_chain_of_two_states(days, rate, back):
    """rate / (rate + back) x (1 - exp(-(rate + back) days)), within four standard errors."""
    key, n = np.uint64(stream(1, 0, "memory")), 2000
    rates = np.full(DRIFT_CLASSES, rate)
    away = rate / (rate + back) * -math.expm1(-(rate + back) * days)
    found = np.mean([has_drifted(key, rates, 1 / back, i, 0, days) for i in range(n)])
    assert found == pytest.approx(away, abs=4 * math.sqrt(away * (1 - away) / n))


def remembering(days, **memory):
    """Everybody bought so many days before day 0 and needs a lot on it; what is recalled does not fade."""
    plain = {"salience_half_life_days": 36_500.0, "acquaintance_half_life_days": 36_500.0}
    w = world_of(
        changes={
            "customers.count": N,
            "customers.memory": {**plain, **memory},
            "customers.segments.all.days_between_needs": 0.1,
            "purchasing": {"open_days": 1, "intercept": -50.0},
        }
    )
    w.columns.mind.salience[:] = 1.0
    w.columns.mind.memory_on[:] = -days
    return w


def recalled(w):
    """The share of needs at which the brand comes to mind."""
    tally = one_step(w, "purchasing")
    return tallied(tally, "recalled") / tallied(tally, "needs")


@pytest.mark.parametrize("days", [10, 60, 300])
@pytest.mark.parametrize("shape", [0.6, 1000.0])
def test_those_who_stay_are_as_many_as_in_a_gamma_mixture_of_exponentials(days, shape):
    """Lomax: (1 + days / (shape x mean days))^-shape; of customers all alike exp(-days / mean days).

    Four standard errors, and .001 for the classes, which end where a few customers would drift away at once.
    """
    stay = (1 + days / (shape * 60)) ** -shape
    found = recalled(remembering(days, days_to_drift=60.0, drift_shape=shape, days_to_return=NEVER_BACK))
    assert found == pytest.approx(stay, abs=0.001 + 4 * math.sqrt(stay * (1 - stay) / N))


def test_a_contact_brings_the_brand_back_with_what_was_remembered_of_it():
    """After 300 days hardly anybody of a mean of 3 days is left; whoever reads a post today recalls it as before."""
    changes = {"customers.count": 200, "posts": {"club": {"per_week": 7, "salience": 0.0}}}
    changes["customers.at_start"] = {"members": {"club": 1.0}}
    changes["customers.memory"] = {
        "days_to_return": NEVER_BACK,
        "days_to_drift": 3.0,
        "drift_shape": 1000.0,
        "acquaintance_half_life_days": 36_500.0,
    }
    w = world_of(changes={**changes, "purchasing": {"open_days": 1, "intercept": -50.0}})
    w.columns.roll.need_rate[:] = 10.0
    w.columns.roll.opens[:] = 1.0
    w.columns.mind.acquaintance[:] = 1.0
    w.columns.mind.memory_on[:] = -300
    assert recalled(w) == 0.0
    one_step(w, "posts")
    assert recalled(w) > 0.99


def test_arms_meet_the_same_drift():
    a, b = (remembering(60, days_to_drift=60.0) for _ in range(2))
    b.columns.mind.trust[:] = 1.0
    assert recalled(a) == recalled(b)
