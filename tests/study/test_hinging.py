"""What a choice hinges on, against cases with a closed form."""

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from trafficsim.study import hinging

WEIGHTS = np.array([3.0, 2.0, 1.0, 0.5, 0.0, 0.0])
MEAN = 1.0


def normal(many=512, seed=1, columns=WEIGHTS.size):
    """Standard normal numbers, as evenly as worlds are drawn."""
    return stats.norm.ppf(qmc.Sobol(columns, seed=np.random.default_rng(seed)).random(many))


def loss(spread, mean=MEAN):
    """What knowing a normal difference exactly is worth to who chooses between it and nothing (unit normal loss)."""
    if spread == 0:
        return 0.0
    return spread * stats.norm.pdf(mean / spread) - mean * stats.norm.cdf(-mean / spread)


def linear(noise=0.0, seed=1, many=512, replicates=2):
    """Profits of an arm of normal profit and of one of none, `(worlds, arms, replicates)`, and the numbers."""
    numbers = normal(many, seed)
    luck = np.random.default_rng(seed).normal(0, noise, (many, replicates))
    profit = (MEAN + numbers @ WEIGHTS)[:, None] + luck
    return np.stack([profit, np.zeros_like(profit)], axis=1), numbers


def test_information_about_a_normal_difference_is_worth_its_unit_loss():
    profits, numbers = linear()
    assert hinging.perfect_information(profits) == pytest.approx(loss(np.sqrt(np.sum(WEIGHTS**2))), rel=0.02)
    for column, weight in zip(numbers.T, WEIGHTS, strict=True):
        worth, chance = hinging.partial_information(profits.mean(axis=2), column, 1)
        # What other numbers add is noise here: a standard error of about sd / sqrt(worlds) in means of maxima.
        assert worth == pytest.approx(loss(weight), abs=3 * np.sqrt(np.sum(WEIGHTS**2)) / np.sqrt(512) / 2)
        assert (worth > chance) == (weight >= 1.0)


def test_nothing_is_worth_knowing_where_one_arm_always_earns_most():
    """To the bit: what rounding leaves is no money."""
    numbers = normal(256)
    profits = np.stack([1e6 + numbers @ WEIGHTS, 9e5 + 2 * numbers @ WEIGHTS], axis=1)
    assert hinging.perfect_information(np.repeat(profits[:, :, None], 2, axis=2)) == 0.0
    assert hinging.perfect_information(profits[:, :, None]) == 0.0
    assert hinging.partial_information(profits, numbers[:, 0], 1) == (0.0, 0.0)


def test_luck_is_not_paid_for():
    profits, _ = linear(noise=30.0)
    rest = np.abs(profits[:, 0]).mean()
    naive = profits.mean(axis=2).max(axis=1).mean() - profits.mean(axis=(0, 2)).max()
    assert naive > 2 * loss(np.sqrt(np.sum(WEIGHTS**2)))
    assert hinging.perfect_information(profits) < 0.1 * rest
    assert hinging.perfect_information(profits) < naive / 2


def test_numbers_without_influence_are_worth_more_than_chance_in_one_case_in_twenty():
    above = []
    for seed in range(40):
        profits, _ = linear(seed=seed, many=128)
        unrelated = np.random.default_rng(515_000 + seed).normal(size=(128, 5))
        for column in unrelated.T:
            worth, chance = hinging.partial_information(profits.mean(axis=2), column, seed)
            above.append(worth > chance)
    assert sum(above) <= stats.binom.ppf(0.999, 200, 0.05)


def product(numbers):
    """Two numbers alone, one only together with the first, all from -1 to 1; the rest does nothing."""
    return 2 * numbers[:, 0] + numbers[:, 1] + 3 * numbers[:, 0] * numbers[:, 2]


def even(many=256, seed=1, columns=10):
    return 2 * qmc.Sobol(columns, seed=np.random.default_rng(seed)).random(many) - 1


FIRST = np.array([4 / 3, 1 / 3, 0, *[0] * 7]) / (4 / 3 + 1 / 3 + 1)
TOTAL = np.array([4 / 3 + 1, 1 / 3, 1, *[0] * 7]) / (4 / 3 + 1 / 3 + 1)


def test_indices_are_those_of_a_known_function():
    numbers = even()
    found = hinging.indices(product(numbers), numbers, 1)
    assert [middle for middle, _, _ in found.first] == pytest.approx(FIRST, abs=0.03)
    assert [middle for middle, _, _ in found.total] == pytest.approx(TOTAL, abs=0.03)
    assert found.fit > 0.98


def test_intervals_of_indices_include_the_error_of_the_emulator():
    """With noise as large as half of the signal, 90 % intervals hold the truth of what matters in most samples."""
    inside = []
    for seed in range(25):
        numbers = even(seed=seed)
        lead = product(numbers)
        noisy = lead + np.random.default_rng(seed).normal(0, np.sqrt(lead.var() / 2), lead.size)
        found = hinging.indices(noisy, numbers, seed)
        inside += [found.first[n][1] <= FIRST[n] <= found.first[n][2] for n in (0, 1)]
        inside += [found.total[n][1] <= TOTAL[n] <= found.total[n][2] for n in (0, 1, 2)]
    # 125 intervals, five of a sample that depend on each other; 80 % is what an interval of 90 % may fall to by chance
    # in 25 independent samples, and is still of use
    assert np.mean(inside) >= 0.8


def test_luck_has_its_share_whatever_random_numbers_worlds_share():
    random = np.random.default_rng(1)
    assumptions, common = random.normal(0, 3, (4096, 1)), np.array([[5.0, -5.0]])
    alone = random.normal(0, 4, (4096, 2))
    assert hinging.luck(assumptions + alone) == pytest.approx(16 / 25, abs=0.03)
    assert hinging.luck(np.repeat(assumptions, 2, axis=1)) == pytest.approx(0, abs=1e-12)
    # What a replicate adds to all worlds alike is luck, and makes no world differ from another.
    assert hinging.luck(assumptions + common) == pytest.approx(50 / 59, abs=0.01)
    assert np.isnan(hinging.luck(assumptions))


def test_the_lead_at_both_ends_is_that_of_the_curve():
    numbers = even(many=512)
    ends, leads = hinging.at_ends(product(numbers), numbers[:, 0])
    assert ends == pytest.approx((-0.9, 0.9), abs=0.01)
    assert leads == pytest.approx((-1.8, 1.8), abs=0.1)


def test_a_rule_is_found_and_told_by_worlds_that_it_has_not_seen():
    numbers = even(many=512, columns=6)
    turned = (numbers[:, 1] > 0.2) & (numbers[:, 4] <= -0.1)
    first, *_ = hinging.turning(turned, numbers)
    assert {(number, above) for number, above, _ in first.conditions} == {(1, True), (4, False)}
    assert {number: limit for number, _, limit in first.conditions} == pytest.approx({1: 0.2, 4: -0.1}, abs=0.06)
    assert first.density > 0.9
    assert first.coverage > 0.9
    assert first.worlds == pytest.approx(256 * 0.4 * 0.45, abs=8)


def test_there_is_no_rule_where_hardly_anything_turns_or_by_chance():
    numbers = even(many=512, columns=6)
    assert hinging.turning(numbers[:, 0] > 0.95, numbers) == []
    assert hinging.turning(numbers[:, 0] > -0.95, numbers) == []
    random = np.random.default_rng(1)
    assert all(hinging.turning(random.random(512) < 0.3, numbers) == [] for _ in range(5))


def test_a_number_with_few_values_or_one_is_described_by_fewer_powers():
    assert hinging.orthonormal(np.array([1.0, 2.0] * 8)).shape == (16, 1)
    assert hinging.orthonormal(np.ones(16)).shape == (16, 0)
    basis = hinging.orthonormal(np.arange(16.0))
    assert basis.T @ basis / 16 == pytest.approx(np.eye(3))
    assert basis.mean(axis=0) == pytest.approx(np.zeros(3))
    numbers = even()
    numbers[:, 5] = 1.0
    found = hinging.indices(product(numbers), numbers, 1)
    assert found.first[5] == (0.0, 0.0, 0.0)
