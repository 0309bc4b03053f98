"""optimising: the best point of a space under limits, found where the truth is known."""

import numpy as np
import pytest
from scipy.optimize import minimize

from trafficsim.study.optimising import NothingAllowedError, Space, Surface, learn, optimise

STEPS, HIGHEST = 200, 80.0
LEVEL, HALF = np.array([100.0, 60.0]), np.array([30.0, 20.0])
"""Two channels that saturate: what each brings at most, and the spend that brings 63 % of it."""
BUDGET = 50.0


def response(spend, level=LEVEL, half=HALF):
    return (level * (1.0 - np.exp(-spend / half))).sum(axis=-1)


def best_split(level, half, budget):
    """What setting marginal returns equal gives: level / half * exp(-spend / half) is the same in both channels."""
    a, b = half
    first = (a * b / (a + b)) * (budget / b + np.log(level[0] * b / (level[1] * a)))
    return np.array([first, budget - first])


class Channels:
    """Tries spends: what they bring, with noise, and what is left of the budget."""

    def __init__(self, noise, seed, level=LEVEL, half=HALF, budget=BUDGET):
        self.random, self.noise, self.budget = np.random.default_rng(seed), noise, budget
        self.level, self.half, self.found, self.left = level, half, [], []

    def look(self, points):
        spend = points / STEPS * HIGHEST
        self.found.append(response(spend, self.level, self.half) + self.random.normal(0.0, self.noise, len(points)))
        self.left.append((self.budget - spend.sum(axis=1))[:, None])
        return np.concatenate(self.found), np.concatenate(self.left)


def found_by(channels, levers=2, rounds=4, seed=1):
    space = Space((STEPS,) * levers, (True,) * levers)
    learned = optimise(space, channels.look, np.empty((0, levers), np.int64), rounds, seed)
    return learned.points[learned.best] / STEPS * HIGHEST


def test_two_saturating_channels_are_split_as_calculus_says():
    """Must reach: within 5 % of the analytic optimum, in the split as in what it brings."""
    best = best_split(LEVEL, HALF, BUDGET)
    found = found_by(Channels(0.0, 1))
    assert found == pytest.approx(best, rel=0.05)
    assert response(found) >= 0.999 * response(best)
    assert found.sum() <= BUDGET


def test_noise_does_not_lead_it_astray():
    """Noise of 2 % of what is at stake: what is found brings as good as all that there is, in each of two seeds."""
    best = response(best_split(LEVEL, HALF, BUDGET))
    for seed in range(2):
        assert response(found_by(Channels(2.0, seed), rounds=3, seed=seed)) >= 0.95 * best


@pytest.mark.slow
def test_six_channels():
    level, half = np.array([100.0, 80, 60, 40, 30, 10]), np.array([30.0, 40, 20, 10, 30, 20])
    bounds, budget = [(0.0, HIGHEST)] * 6, 120.0
    truth = minimize(
        lambda spend: -response(spend, level, half),
        np.full(6, 20.0),
        bounds=bounds,
        constraints={"type": "ineq", "fun": lambda spend: budget - spend.sum()},
    )
    found = found_by(Channels(1.0, 1, level, half, budget), levers=6, rounds=10)
    assert response(found, level, half) >= 0.97 * -truth.fun
    assert found.sum() <= budget


def test_the_same_seed_finds_the_same():
    first, second = (found_by(Channels(1.0, 3), rounds=1, seed=3) for _ in range(2))
    assert np.array_equal(first, second)


def test_choices_have_no_order_and_some_points_cannot_be():
    """Of five choices the middle one is best; the second lever may not be as high as the first is low."""
    space, tried = Space((4, 10), (False, True)), []

    def look(points):
        assert all(point[1] <= 7 for point in points.tolist())
        tried.extend(points.tolist())
        at = np.array(tried)
        return 10.0 * (at[:, 0] == 2) + at[:, 1], np.full((len(at), 1), 1.0)

    learned = optimise(space, look, np.empty((0, 2), np.int64), 2, 1, lambda points: points[:, 1] <= 7)
    assert learned.points[learned.best].tolist() == [2, 7]


def test_where_no_point_keeps_to_a_limit_it_says_so():
    with pytest.raises(NothingAllowedError):
        found_by(Channels(0.0, 1, budget=-1.0), rounds=1)


def test_points_beyond_a_limit_are_pulled_to_its_edge():
    space = Space((STEPS, STEPS), (True, True))
    points = np.vstack([space.star(), space.sobol(16, [1])])
    spend = points / STEPS * HIGHEST
    learned = learn(space, points, response(spend), (BUDGET - spend.sum(axis=1))[:, None])
    pulled = learned.pulled_in(np.array([[200, 200], [100, 200], [10, 10]])) / STEPS * HIGHEST
    assert pulled[:2].sum(axis=1) == pytest.approx(BUDGET, abs=1.5)
    assert pulled[2].tolist() == [4.0, 4.0]


def test_what_is_held_out_is_foretold_where_there_is_something_to_learn():
    random = np.random.default_rng(1)
    at = random.uniform(size=(40, 2))
    assert Surface(at, at @ [1.0, 2.0]).held_out() > 0.99
    assert Surface(at, random.normal(size=40)).held_out() < 0.5
