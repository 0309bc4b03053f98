"""Draw, keep and select against plain NumPy."""

import numpy as np
import pytest

from trafficsim.compiled import kernel
from trafficsim.kernel import blocks, rng

pytestmark = pytest.mark.nojit

KEY = rng.stream(3, 0, "blocks")
FIRST, SIZE = 4096, 1500


@kernel
def mask_any(masks, kind, column, bits, lo, hi):
    blocks.mask_any(masks, kind, column, bits, lo, hi)


@kernel
def mask_flagged(masks, kind, flags, lo, hi):
    blocks.mask_flagged(masks, kind, flags, lo, hi)


@kernel
def clear_and_add(masks, kind, lo, hi, i):
    blocks.clear_mask(masks, kind, lo, hi)
    blocks.mask_one(masks, kind, i)


@kernel
def keep_chosen(chosen, n, key, limit):
    return blocks.keep_chosen(chosen, n, key, limit)


@kernel
def listed(masks, kind):
    return blocks.listed(masks, kind)


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


@pytest.mark.parametrize("chance", [0.0, 1e-9, 0.3, 1.0])
def test_keep_chosen_keeps_those_who_are_drawn(chance):
    limit, drawn, chosen = np.uint64(rng.threshold(chance)), np.empty(SIZE, np.uint8), np.arange(FIRST, FIRST + SIZE, 3)
    blocks.draw(drawn, KEY, FIRST, FIRST + SIZE, limit)
    kept = keep_chosen(chosen, 400, KEY, limit)
    assert chosen[:kept].tolist() == [i for i in range(FIRST, FIRST + 1200, 3) if drawn[i - FIRST]]


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


def all_marked(customers):
    return ~blocks.no_masks(customers)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 63, 64, 65, 1000])
@pytest.mark.parametrize("bits", [255, 1, 6, 128, 0])
@pytest.mark.parametrize("often", [0.0, 0.05, 0.9])
def test_those_with_any_of_the_bits_are_marked_and_listed(size, bits, often):
    """Whoever was marked before is not, and other kinds are left alone."""
    draw = np.random.default_rng(size)
    column = (draw.integers(0, 256, size) * (draw.random(size) < often)).astype(np.uint8)
    masks = all_marked(size)
    mask_any(masks, blocks.NAMED, column, bits, 0, size)
    assert listed(masks, blocks.NAMED).tolist() == np.flatnonzero(column & np.uint8(bits)).tolist()
    assert masks[: blocks.NAMED].tolist() == all_marked(size)[: blocks.NAMED].tolist()


def test_parts_of_the_customers_are_marked_one_by_one_as_all_together():
    column = np.random.default_rng(1).integers(0, 2, 1000).astype(np.uint8)
    masks = blocks.no_masks(1000)
    for lo, hi in ((640, 1000), (0, 128), (128, 640)):
        mask_any(masks, blocks.READERS, column, 255, lo, hi)
    assert listed(masks, blocks.READERS).tolist() == np.flatnonzero(column).tolist()


@pytest.mark.parametrize("flags", [[], [0], [1], [0, 1, 1, 0, 1], [1] * 64, [0] * 63 + [1, 1], [0] * 30 + [1] * 93])
def test_the_flagged_are_marked_and_nobody_else_of_the_block(flags):
    lo, hi = 128, 128 + len(flags)
    scratch = np.ones(128, np.uint8)
    scratch[: len(flags)] = flags
    masks = all_marked(hi)
    mask_flagged(masks, blocks.REQUESTING, scratch, lo, hi)
    assert listed(masks, blocks.REQUESTING).tolist() == [*range(128), *(lo + np.flatnonzero(flags)).tolist()]


@pytest.mark.parametrize("i", [64, 70, 127, 128, 149])
def test_marks_are_taken_and_added(i):
    masks = all_marked(150)
    clear_and_add(masks, blocks.QUITTERS, 64, 150, i)
    assert listed(masks, blocks.QUITTERS).tolist() == [*range(64), i]


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
