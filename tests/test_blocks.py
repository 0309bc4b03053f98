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


def test_draw_by_flags_each_with_its_own_probability():
    chances = np.linspace(0, 1, SIZE).astype(np.float32)
    flags = np.full(SIZE, 9, np.uint8)
    blocks.draw_by(flags, KEY, FIRST, chances, 1.0)
    limits = np.array([int(rng.threshold(float(p))) for p in chances])
    assert flags.tolist() == (uniforms() < limits / 2**32).astype(int).tolist()


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
