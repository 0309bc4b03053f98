"""Draw, keep and select against plain NumPy."""

import numpy as np
import pytest

from trafficsim import blocks, rng
from trafficsim.compiled import kernel

pytestmark = pytest.mark.nojit

KEY = rng.stream(3, 0, "blocks")
FIRST, SIZE = 4096, 1500


@kernel
def marked(column, bits):
    return blocks.marked(column, bits)


@kernel
def put_in_order(ids, keys, size):
    blocks.put_in_order(ids, keys, size)


def uniforms():
    return rng.uniforms(KEY, FIRST, FIRST + SIZE)


def of_all(chances):
    """Chances of all customers, of whom the block's come last."""
    return np.concatenate([np.full(FIRST, 0.5), chances]).astype(np.float32)


@pytest.mark.parametrize("p", [0.0, 1e-3, 0.2, 0.999, 1.0])
def test_draw_flags_those_whose_uniform_is_below_the_probability(p):
    flags = np.full(SIZE, 9, np.uint8)
    limit = np.uint64(rng.threshold(p))
    blocks.draw(flags, KEY, FIRST, FIRST + SIZE, limit)
    drawn = uniforms() < int(limit) / 2**32
    assert flags.tolist() == drawn.astype(int).tolist()
    assert blocks.count(flags, FIRST, FIRST + SIZE) == drawn.sum()


def test_keep_drawn_clears_those_who_are_not_drawn():
    limit, flags, other = np.uint64(rng.threshold(0.4)), np.ones(SIZE, np.uint8), np.empty(SIZE, np.uint8)
    flags[::3] = 0
    blocks.draw(other, KEY, FIRST, FIRST + SIZE, limit)
    blocks.keep_drawn(flags, KEY, FIRST, FIRST + SIZE, limit)
    other[::3] = 0
    assert flags.tolist() == other.tolist()


@pytest.mark.parametrize("factor", [0.0, 0.25, 1.0, 2.0])
def test_draw_by_flags_each_with_its_own_probability_times_the_factor(factor):
    chances = np.linspace(0, 1, SIZE).astype(np.float32)
    flags = np.full(SIZE, 9, np.uint8)
    blocks.draw_by(flags, KEY, FIRST, FIRST + SIZE, of_all(chances), factor)
    limits = np.array([int(rng.threshold(factor * float(p))) for p in chances])
    assert flags.tolist() == (uniforms() < limits / 2**32).astype(int).tolist()


@pytest.mark.parametrize("factor", [0.0, 0.3, 1.0, 4.0])
def test_draw_by_misses_nobody_with_an_occasion(factor):
    """Whoever has at least one of Poisson many occasions is flagged, so that only the flagged need be looked at."""
    rates = np.linspace(0, 1, SIZE).astype(np.float32)
    flags = np.full(SIZE, 9, np.uint8)
    blocks.draw_by(flags, KEY, FIRST, FIRST + SIZE, of_all(rates), factor)
    some = [rng.poisson(float(u), float(r) * factor) > 0 for u, r in zip(uniforms(), rates, strict=True)]
    assert np.all(flags[some] == 1)
    assert sum(some) > 0 or factor == 0


@pytest.mark.parametrize(("p", "drawn"), [(0.0, 0), (1.0, SIZE)])
def test_draw_by_knows_never_and_always(p, drawn):
    flags = np.empty(SIZE, np.uint8)
    blocks.draw_by(flags, KEY, FIRST, FIRST + SIZE, of_all(np.full(SIZE, p)), 1.0)
    assert flags.sum() == drawn


@pytest.mark.parametrize("bit", [0, 3, 7])
def test_flag_bit_sets_the_flags_of_those_who_have_it(bit):
    bits, flags = np.arange(100, dtype=np.uint8) * np.uint8(0x9D), np.full(60, 9, np.uint8)
    blocks.flag_bit(flags, bits, bit, 40, 100)
    assert flags.tolist() == ((bits[40:] >> np.uint8(bit)) & 1).tolist()


@pytest.mark.parametrize("kind", [np.uint8, np.int16])
def test_flag_equal_sets_the_flags_of_those_with_the_value(kind):
    column, flags = np.arange(100).astype(kind) % 7, np.full(60, 9, np.uint8)
    blocks.flag_equal(flags, column, 3, 40, 100)
    assert flags.tolist() == (column[40:] == 3).astype(int).tolist()


def test_clear_leaves_others_as_they_are():
    column = np.full(100, 5, np.uint32)
    blocks.clear(column, 40, 90)
    assert np.flatnonzero(column == 0).tolist() == list(range(40, 90))
    assert np.all(column[column != 0] == 5)


@pytest.mark.parametrize("flags", [[], [0], [1], [0, 1, 1, 0, 1], [1, 1, 1], [0] * 8 + [0, 1], [0] * 30 + [1] * 33])
def test_select_lists_the_flagged_in_order(flags):
    scratch, size = np.ones(64, np.uint8), len(flags)
    scratch[:size] = flags
    chosen = np.empty(64, np.int64)
    count = blocks.select(chosen, scratch, 500, 500 + size)
    assert chosen[:count].tolist() == (500 + np.flatnonzero(flags)).tolist()


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 64, 1000])
@pytest.mark.parametrize("bits", [255, 1, 6, 128])
@pytest.mark.parametrize("often", [0.0, 0.05, 0.9])
def test_marked_finds_those_with_any_of_the_bits(size, bits, often):
    draw = np.random.default_rng(size)
    column = (draw.integers(0, 256, size) * (draw.random(size) < often)).astype(np.uint8)
    assert marked(column, bits).tolist() == np.flatnonzero(column & np.uint8(bits)).tolist()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 100, 1001])
@pytest.mark.parametrize("highest", [1, 2, 50, 2**40, 2**64 - 1])
@pytest.mark.parametrize("skewed", [1, 8])
@pytest.mark.parametrize("kind", [np.float64, np.uint64])
def test_put_in_order_sorts_by_key_and_then_by_number(size, highest, skewed, kind):
    """Also where nearly all keys are near the lowest, so that a bucket holds many."""
    keys = (highest * np.random.default_rng(size).random(size) ** skewed).astype(kind)
    ids = np.arange(size) * 3
    expected = np.argsort(keys, kind="stable")
    in_order = keys[expected]
    put_in_order(ids, keys, size)
    assert ids.tolist() == (3 * expected).tolist()
    assert keys.tolist() == in_order.tolist()


def test_only_the_first_are_put_in_order():
    ids, keys = np.array([1, 2, 3, 4]), np.array([0.5, 0.25, 0.75, 0.0])
    put_in_order(ids, keys, 3)
    assert ids.tolist() == [2, 1, 3, 4]
    assert keys.tolist() == [0.25, 0.5, 0.75, 0.0]
