"""Draw, keep and select against plain NumPy."""

import numpy as np
import pytest

from trafficsim import blocks, rng

pytestmark = pytest.mark.nojit

KEY = rng.stream(3, 0, "blocks")
FIRST, SIZE = 4096, 1500


def uniforms():
    return rng.uniforms(KEY, FIRST + SIZE)[FIRST:]


@pytest.mark.parametrize("p", [0.0, 1e-3, 0.2, 0.999, 1.0])
def test_draw_flags_those_whose_uniform_is_below_the_probability(p):
    flags = np.full(SIZE, 9, np.uint8)
    limit = np.uint64(rng.threshold(p))
    blocks.draw(flags, KEY, FIRST, limit)
    assert flags.tolist() == (uniforms() < int(limit) / 2**32).astype(int).tolist()


@pytest.mark.parametrize("factor", [0.0, 0.25, 1.0, 2.0])
def test_draw_by_flags_each_with_its_own_probability_times_the_factor(factor):
    chances = np.linspace(0, 1, SIZE).astype(np.float32)
    flags = np.full(SIZE, 9, np.uint8)
    blocks.draw_by(flags, KEY, FIRST, chances, factor)
    limits = np.array([int(rng.threshold(factor * float(p))) for p in chances])
    assert flags.tolist() == (uniforms() < limits / 2**32).astype(int).tolist()


@pytest.mark.parametrize("factor", [0.0, 0.3, 1.0, 4.0])
def test_draw_by_misses_nobody_with_an_occasion(factor):
    """Whoever has at least one of Poisson many occasions is flagged, so that only the flagged need be looked at."""
    rates = np.linspace(0, 1, SIZE).astype(np.float32)
    flags = np.full(SIZE, 9, np.uint8)
    blocks.draw_by(flags, KEY, FIRST, rates, factor)
    some = [rng.poisson(float(u), float(r) * factor) > 0 for u, r in zip(uniforms(), rates, strict=True)]
    assert np.all(flags[some] == 1)
    assert sum(some) > 0 or factor == 0


@pytest.mark.parametrize(("p", "drawn"), [(0.0, 0), (1.0, SIZE)])
def test_draw_by_knows_never_and_always(p, drawn):
    flags = np.empty(SIZE, np.uint8)
    blocks.draw_by(flags, KEY, FIRST, np.full(SIZE, p, np.float32), 1.0)
    assert flags.sum() == drawn


@pytest.mark.parametrize("kind", [np.uint8, np.bool_])
def test_keep_clears_the_ineligible(kind):
    flags = np.array([0, 1, 0, 1], np.uint8)
    blocks.keep(flags, np.array([0, 0, 1, 1], kind))
    assert flags.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("flags", [[], [0], [1], [0, 1, 1, 0, 1], [1, 1, 1]])
def test_select_lists_the_flagged_in_order(flags):
    flags = np.array(flags, np.uint8)
    chosen = np.empty(flags.size, np.int64)
    count = blocks.select(chosen, flags)
    assert chosen[:count].tolist() == np.flatnonzero(flags).tolist()
