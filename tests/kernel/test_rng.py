"""The generator: published vectors, independence, and the picks and counts that are built on it.

Statistical tests use fixed seeds, so they pass or fail for good. Each rejects at a p-value below `ALPHA`; with some 40
p-values, a correct generator would have failed somewhere on about one choice of seeds in 2,500.
"""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from trafficsim.kernel import rng

pytestmark = pytest.mark.nojit

ALPHA = 1e-5
N = 20_000
U64 = np.uint64
KEY = rng.stream(7, 0, "test")


def plain(function):
    """The uncompiled function."""
    return getattr(function, "py_func", function)


def draws(key, n=N):
    return rng.uniforms(U64(key), 0, n)


@pytest.mark.parametrize(
    ("seed", "outputs"),
    [
        (
            1234567,
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
        ),
        (0, [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]),
    ],
)
def test_words_are_the_published_outputs(seed, outputs):
    assert [int(rng.word(U64(seed), i)) for i in range(len(outputs))] == outputs


@pytest.mark.parametrize("kind", [int, np.int32, np.int64, np.uint32, np.uint64])
def test_the_type_of_a_position_makes_no_difference(kind):
    assert int(rng.word(KEY, kind(41))) == int(rng.word(KEY, 41))


@pytest.mark.parametrize("key", [0, 5, 2**63 - 1, 2**63, 2**64 - 1])
def test_compiled_and_plain_agree_to_the_bit(key):
    for who in (0, 1, 2**31, 2**40):
        bits = U64(rng.word(U64(key), who))
        assert int(plain(rng.word)(U64(key), who)) == int(bits)
        assert plain(rng.unit)(bits) == rng.unit(bits)
        assert plain(rng.normal)(U64(key), who) == rng.normal(U64(key), who)
        assert plain(rng.below)(U64(key), who, 1000) == rng.below(U64(key), who, 1000)


def test_values_are_the_same_on_every_machine():
    """Written down once; they hold compiled and uncompiled, on any processor."""
    assert rng.uniform(KEY, 7) == 0.8936351037467066
    assert rng.normal(KEY, 7) == pytest.approx(-0.04956322800430018, rel=1e-15)
    assert [rng.below(KEY, who, 1000) for who in range(5)] == [220, 899, 296, 553, 315]


def test_compiled_and_plain_counts_agree_to_the_bit():
    for u, mean in itertools.product((1e-16, 1e-9, 0.3, 0.9), (0.0, 1e-12, 0.1, 2.0, 30.0)):
        assert plain(rng.poisson)(u, mean) == rng.poisson(u, mean)


def test_the_arrays_hold_the_scalars():
    assert draws(KEY, 50).tolist() == [rng.uniform(KEY, i) for i in range(50)]
    assert rng.normals(KEY, 0, 50).tolist() == [rng.normal(KEY, i) for i in range(50)]


def test_a_unit_stays_strictly_inside_its_interval():
    assert rng.unit(U64(0)) == 2.0**-53
    assert rng.unit(U64(2**64 - 1)) == 1.0 - 2.0**-53


def test_day_and_pair_keys_are_words_of_words():
    assert int(rng.day_key(KEY, 3, 2)) == int(rng.word(U64(rng.word(KEY, 3)), 2))
    assert int(rng.pair_key(KEY, 3)) == int(rng.word(KEY, 3))


def test_streams_are_stable_across_versions_and_machines():
    assert int(rng.stream(1, 0, "visits", "review_site")) == 16158797301965704909


def test_streams_depend_on_every_part_and_its_border():
    parts = [
        (1, 0, "a", "bc"),
        (1, 0, "ab", "c"),
        (1, 0, "abc"),
        (1, 1, "abc"),
        (2, 0, "abc"),
        (10, 0),
        (1, 0),
        (1, 0, "0"),
    ]
    assert len({int(rng.stream(*part)) for part in parts}) == len(parts)


def test_draws_are_uniform():
    assert stats.kstest(draws(KEY), "uniform").pvalue > ALPHA


@pytest.mark.parametrize("lag", [1, 2, 3, 64, 4096])
def test_neighbours_are_uncorrelated(lag):
    u = draws(KEY)
    assert stats.pearsonr(u[:-lag], u[lag:]).pvalue > ALPHA


@np.errstate(over="ignore")
def related_keys():
    """Pairs of keys that a run uses side by side."""
    on = lambda day, draw=0: rng.day_key(KEY, day, draw)  # noqa: E731 - a table's shorthand
    return {
        "consecutive days": (on(10), on(11)),
        "a week apart": (on(10), on(17)),
        "draws of a day": (on(10, 0), on(10, 1)),
        "day and draw exchanged": (on(1, 2), on(2, 1)),
        "streams": (rng.stream(1, 0, "visits"), rng.stream(1, 0, "hooks")),
        "replicates": (rng.stream(1, 0, "visits"), rng.stream(1, 1, "visits")),
        "seeds": (rng.stream(1, 0, "visits"), rng.stream(2, 0, "visits")),
        "neighbouring tellers": (rng.pair_key(KEY, 5), rng.pair_key(KEY, 6)),
        "a key and its pair key": (KEY, rng.pair_key(KEY, 0)),
    }


@pytest.mark.parametrize("name", related_keys())
def test_related_keys_give_independent_draws(name):
    a, b = (draws(key) for key in related_keys()[name])
    assert stats.pearsonr(a, b).pvalue > ALPHA
    cells = np.histogram2d(a, b, bins=16, range=[(0, 1), (0, 1)])[0]
    assert stats.chisquare(cells.ravel()).pvalue > ALPHA


@pytest.mark.parametrize("lag", [1, 17])
def test_related_keys_are_not_shifted_copies(lag):
    """Keyed by day, the sequence of one day must not be that of another, moved along."""
    a, b = draws(rng.day_key(KEY, 10, 0)), draws(rng.day_key(KEY, 11, 0))
    assert stats.pearsonr(a[lag:], b[:-lag]).pvalue > ALPHA
    assert stats.pearsonr(a[:-lag], b[lag:]).pvalue > ALPHA


def test_one_customer_is_independent_from_day_to_day():
    u = np.array([rng.uniform(U64(rng.day_key(KEY, day, 0)), 123) for day in range(2_000)])
    assert stats.kstest(u, "uniform").pvalue > ALPHA
    assert stats.pearsonr(u[:-1], u[1:]).pvalue > ALPHA


def test_normals_are_normal():
    assert stats.kstest(rng.normals(KEY, 0, N), "norm").pvalue > ALPHA


def test_picks_from_nothing_and_from_one():
    assert rng.below(KEY, 3, 0) == -1
    assert rng.below(KEY, 3, 1) == 0


def test_picks_are_even():
    counts = np.bincount([rng.below(KEY, who, 10) for who in range(N)], minlength=10)
    assert counts.size == 10
    assert stats.chisquare(counts).pvalue > ALPHA


@pytest.mark.parametrize("n", [1, 10, 999])
def test_one_more_candidate_takes_its_share_and_moves_no_other_pick(n):
    before = np.array([rng.below(KEY, who, n) for who in range(N)])
    after = np.array([rng.below(KEY, who, n + 1) for who in range(N)])
    moved = before != after
    assert (after[moved] == n).all()
    assert stats.binomtest(int(moved.sum()), N, 1 / (n + 1)).pvalue > ALPHA


@pytest.mark.parametrize("mean", [0.01, 0.5, 3.0, 30.0])
def test_counts_follow_the_poisson_distribution(mean):
    """The count of `u` is the inverse of the survival function, at every u that is not within rounding of a step."""
    u = draws(KEY, 2_000)
    found = np.array([rng.poisson(x, mean) for x in u])
    clear = stats.poisson.isf(u - 1e-12, mean) == stats.poisson.isf(u + 1e-12, mean)
    assert clear.mean() > 0.99
    assert (found == stats.poisson.isf(u, mean))[clear].all()


@pytest.mark.parametrize("mean", [1e-12, 0.01, 0.5, 3.0])
def test_small_draws_give_some_and_large_ones_none(mean):
    chance = rng.chance_of_any(mean)
    assert chance == pytest.approx(mean if mean < 1e-9 else 1 - math.exp(-mean), rel=1e-9)
    assert rng.poisson(chance, mean) == 0
    assert rng.poisson(math.nextafter(chance, 0.0), mean) >= 1


@pytest.mark.parametrize("mean", [1e-4, 0.03, 0.2, 0.6, 0.9, 1.5, 4.0])
def test_bounds_that_spare_the_exponential_change_no_count(mean):
    """On both sides of each bound, and at draws of any size."""
    square, cube = mean**2 / 2, mean**3 / 6
    bounds = np.array([square, mean - square, mean - square + cube, cube, square - 2 * cube, rng.chance_of_any(mean)])
    near = np.concatenate([bounds * (1 - 1e-9), bounds * (1 + 1e-9), draws(KEY, 500), mean * draws(KEY, 500)])
    some = rng.chance_of_any(mean)
    none = 1 - some if mean < 1 else math.exp(-mean)
    for u in near[(near > 0) & (near < 1)]:
        assert rng.poisson(u, mean) == rng.poisson_from(u, mean, some, none)


@pytest.mark.parametrize(
    ("u", "scale", "x", "is_below"),
    [
        (0.39, 0.4, 0.0, True),
        (0.4, 0.4, 0.0, False),
        (0.361, 0.4, 0.1, True),  # 0.4 exp(-0.1) = 0.3619
        (0.363, 0.4, 0.1, False),
        (0.99, 3.0, 1.0, True),  # 3 exp(-1) = 1.1
        (0.018, 1.0, 4.0, True),  # exp(-4) = 0.0183, where the lower bound is negative
        (0.019, 1.0, 4.0, False),
        (1e-300, 1.0, 800.0, False),
        (2.0**-53, 0.0, 0.0, False),
    ],
)
def test_what_is_below_an_exponential(u, scale, x, is_below):
    assert rng.below_exp(u, scale, x) == is_below


@pytest.mark.parametrize("x", [0.0, 1e-17, 1e-9, 1e-4, 0.03, 0.3, 1.0, 1.6, 3.0, 40.0])
@pytest.mark.parametrize("scale", [1e-9, 0.4, 1.0, 7.0])
def test_bounds_that_spare_the_exponential_change_no_decision(scale, x):
    """On both sides of each bound, right at the exponential, and at draws of any size."""
    most, exact = 1 - x + x**2 / 2, scale * math.exp(-x)
    bounds = np.array([exact, scale * most, scale * (most - x**3 / 6)])
    near = [np.nextafter(bounds, 0), bounds, np.nextafter(bounds, 1), bounds * (1 - 1e-9), bounds * (1 + 1e-9)]
    for u in np.concatenate([*near, draws(KEY, 500), scale * draws(KEY, 500)]):
        if 0 < u < 1:
            assert rng.below_exp(u, scale, x) == (u < exact)


def test_nothing_expected_gives_nothing():
    assert rng.poisson(2.0**-53, 0.0) == 0


@pytest.mark.parametrize("mean", [0.5, 30.0])
def test_the_smallest_draw_ends_with_a_finite_count(mean):
    assert rng.poisson(2.0**-53, mean) < 150


@pytest.mark.parametrize(
    ("p", "limit"), [(0.0, 0), (-1.0, 0), (2.0**-32, 1), (0.5, 2**31), (1.0, 2**32), (7.0, 2**32), (1e-11, 0)]
)
def test_thresholds(p, limit):
    assert int(rng.threshold(p)) == limit


@pytest.mark.parametrize("p", [0.0, 1e-11, 2.0**-33, 0.3, 0.5, 1.0 - 2.0**-34])
def test_a_threshold_above_a_probability_leaves_nobody_out(p):
    """At most 2**-31 wider than the probability."""
    limit = int(rng.threshold_above(p)) / 2**32
    assert p < limit <= p + 2.0**-31
