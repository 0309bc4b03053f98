"""Emulators, history matching and weights against cases whose answer is known."""

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc
from threadpoolctl import threadpool_info, threadpool_limits

from trafficsim.study.emulating import MOST_COMPONENTS, Emulator, basis, luck_of, screened
from trafficsim.study.fitting import DRAWS, CannotFitError, Summaries, design_size, fit
from trafficsim.study.matching import CUT, OFF, effective, narrowed, resampled, target, weighed

WEEKS = 12
SLOPES = np.array([[3.0, 0.0, 0.0], [0.0, 6.0, 0.0]])
"""Of two series on three unknowns, of which the third does nothing."""


def mean_of(points):
    level, growth = points @ SLOPES[0], points @ SLOPES[1]
    weeks = np.arange(WEEKS)
    return np.hstack([20.0 + level[:, None] + 0.0 * weeks, 30.0 + growth[:, None] * weeks / WEEKS])


def simulator(seed, spread=0.5, curve=0.0):
    rng = np.random.default_rng(seed)

    def run(points, _first):
        means = mean_of(points) + curve * points[:, :1] ** 2
        return means[:, None] + rng.normal(0.0, spread, (len(points), 2, 2 * WEEKS))

    return run


def summaries(data, share=1.0, fitted=None):
    weeks = np.stack([np.tile(np.arange(WEEKS), 2), np.repeat([0.0, 1.0], WEEKS)], axis=1)
    everything = np.ones(data.size, bool) if fitted is None else fitted
    return Summaries(data, np.abs(data) / 2.0, weeks, everything, share)


@pytest.fixture(scope="module")
def design():
    at = qmc.Sobol(3, seed=np.random.default_rng(1)).random(64)
    return at, simulator(2, curve=4.0)(at, 0)


def test_luck_has_the_variance_of_a_run():
    runs = np.random.default_rng(1).normal(0.0, 3.0, (4000, 2, 5))
    np.testing.assert_allclose(luck_of(runs).std(axis=0), 3.0, rtol=0.05)


def test_scores_say_what_differs_between_points_and_nothing_of_the_rest(design):
    at, runs = design
    found = basis(runs)
    many = found.vectors.shape[1]
    assert 2 <= many <= MOST_COMPONENTS
    np.testing.assert_allclose(found.vectors.T @ found.vectors, np.eye(many), atol=1e-12)
    assert np.abs(found.unreached(mean_of(at) + 4.0 * at[:, :1] ** 2)).max() < 1.0
    np.testing.assert_allclose(np.diag(found.luck).mean(), 1.0, rtol=0.3)


def test_an_emulator_knows_how_far_it_is_off(design):
    at, runs = design
    emulator = Emulator(at, runs)
    elsewhere = np.random.default_rng(3).random((400, 3))
    true = emulator.basis.scores(mean_of(elsewhere) + 4.0 * elsewhere[:, :1] ** 2)
    mean, variance = emulator.at(elsewhere)
    apart = (true - mean) / np.sqrt(variance)
    assert 0.4 < np.sqrt((apart**2).mean()) < 1.8
    assert np.sqrt(variance.mean()) < 1.0


def test_the_unknowns_that_matter_are_picked():
    rng = np.random.default_rng(1)
    at = rng.random((256, 20))
    runs = simulator(1)(at[:, [4, 11, 7]], 0)
    assert {4, 11} <= set(screened(at, runs, most=4))
    assert screened(at[:, :3], runs).tolist() == [0, 1, 2]


def test_narrowing_finds_what_is_left_and_how_much():
    def distance(points):
        return np.sqrt(((points - 0.3) ** 2).sum(axis=1)) * CUT / 0.05

    start = qmc.Sobol(3, seed=np.random.default_rng(1)).random(2048)
    left = narrowed(distance, start, np.random.default_rng(2))
    assert left.level == CUT
    assert (distance(left.points) <= CUT).all()
    assert left.share == pytest.approx(4.0 / 3.0 * np.pi * 0.05**3, rel=0.35)
    np.testing.assert_allclose(left.points.mean(axis=0), 0.3, atol=0.004)
    np.testing.assert_allclose(left.points.std(axis=0), 0.05 / np.sqrt(5.0), rtol=0.15)


def test_narrowing_stops_where_nothing_comes_nearer():
    start = np.random.default_rng(1).random((512, 2))
    left = narrowed(lambda points: 10.0 + points[:, 0], start, np.random.default_rng(2))
    assert 10.0 < left.level < 10.6


def test_weighing_gives_the_normal_distribution_that_it_is_given():
    def log(points):
        return stats.norm.logpdf(points[:, 0], 0.5, 0.02) + stats.norm.logpdf(points[:, 1], 0.4, 0.1)

    found = weighed(log, np.random.default_rng(1).random((2048, 3)), np.random.default_rng(2))
    np.testing.assert_allclose(found.mean(axis=0), [0.5, 0.4, 0.5], atol=0.03)
    np.testing.assert_allclose(found.std(axis=0), [0.02, 0.1, np.sqrt(1 / 12)], rtol=0.15)


def test_resampling_keeps_the_weights():
    chosen = resampled(np.array([0.5, 0.0, 0.25, 0.25]), 1000, np.random.default_rng(1))
    np.testing.assert_allclose(np.bincount(chosen, minlength=4), [500, 0, 250, 250], atol=1)
    assert effective(np.full(8, 0.125)) == pytest.approx(8)
    assert effective(np.array([1.0, 0.0])) == 1


@pytest.mark.parametrize(("off", "least", "most"), [(0.0, 0.0, 0.02), (0.1, 0.05, 0.2)])
def test_what_no_score_can_say_tells_how_large_a_fading_discrepancy_is(off, least, most, design):
    at, runs = design
    rng = np.random.default_rng(5)
    data = mean_of(np.array([[0.5, 0.5, 0.5]]))[0] + 1.0
    wave = np.tile(np.where(np.arange(WEEKS) % 6 < 3, 1.0, -1.0), 2)
    data = data + rng.normal(0.0, 0.5, data.size) + off * data / 2.0 * wave
    given = summaries(data)
    found = target(Emulator(at, runs).basis, data, given.slopes, given.weeks, luck_of(runs), 1.0)
    fading = {kind.size: weight for kind, weight in zip(OFF, found.weights, strict=True) if not kind.lasts}
    inside = sum(weight for size, weight in fading.items() if least <= size <= most)
    assert inside > 0.9 * sum(fading.values())
    assert len(found.discrepancy) == len(found.weights) == len(OFF)


def test_a_fit_is_the_exact_answer_where_there_is_one():
    """Two straight lines with normal noise, of which regression gives standard errors."""
    truth = np.array([[0.4, 0.6, 0.5]])
    data = mean_of(truth)[0] + np.random.default_rng(8).normal(0.0, 0.5, 2 * WEEKS)
    found = fit(simulator(9), 3, summaries(data), 1)
    errors = [0.5 / np.sqrt(WEEKS) / 3.0, 0.5 / np.sqrt(((6.0 * np.arange(WEEKS) / WEEKS) ** 2).sum())]
    mean, spread = found.weights @ found.points, found.points.std(axis=0)
    assert found.reached
    assert len(found.points) == DRAWS
    np.testing.assert_array_less(np.abs(mean[:2] - truth[0, :2]), 3.5 * np.array(errors))
    # the discrepancy that can't be ruled out widens what is exact without it
    np.testing.assert_array_less(0.6 * np.array(errors), spread[:2])
    np.testing.assert_array_less(spread[:2], 3.0 * np.array(errors))
    assert spread[2] > 0.8 / np.sqrt(12)


def test_data_that_no_point_reaches_are_told():
    data = mean_of(np.array([[0.5, 0.5, 0.5]]))[0] + 40.0 * (np.arange(2 * WEEKS) % 2)
    found = fit(simulator(9), 3, summaries(data), 1, most_waves=1)
    far = fit(simulator(9), 3, summaries(data + 300.0), 1, most_waves=1)
    assert found.off.mean(axis=0)[0] < 0.01
    assert not far.reached


def test_points_that_cannot_be_are_left_out_and_too_few_are_told():
    def half(points, first):
        runs = simulator(1)(points, first)
        runs[points[:, 2] > 0.5] = np.nan
        return runs

    data = mean_of(np.array([[0.5, 0.5, 0.2]]))[0]
    assert (fit(half, 3, summaries(data), 1, most_waves=1).points[:, 2] <= 0.5).all()
    with pytest.raises(CannotFitError, match="the ranges hardly ever go together"):
        fit(lambda points, first: half(points, first) * np.nan, 3, summaries(data), 1)


def test_designs_are_powers_of_two_of_ten_times_the_unknowns():
    assert [design_size(d) for d in (1, 5, 8, 12, 50)] == [32, 64, 128, 128, 256]


def test_a_fit_s_linear_algebra_has_one_thread_and_gives_the_others_back():
    def threads():
        return {of["num_threads"] for of in threadpool_info() if of["user_api"] == "blas"}

    run, within = simulator(10), []

    def watched(points, first):
        within.append(threads())
        return run(points, first)

    data = simulator(11)(np.full((1, 3), 0.5), 0)[0, 0]
    with threadpool_limits(2):
        fit(watched, 3, summaries(data), seed=1, most_waves=1)
        assert within == [{1}] * 2
        assert threads() == {2}
