"""Draw, select, apply: the three shared primitives of every mechanism's kernel.

A mechanism works on blocks of customers that fit into the processor's nearest memory. First it draws a flag for
everyone, without a branch, so that the loop runs on vectors; then it keeps those who are eligible and compacts them
into a list; only those few are treated one by one by the mechanism's rule. All flags are bytes that hold 0 or 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import allocating, kernel, part
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.processor import BITS, bits_of, lowest_bit
from trafficsim.kernel.rng import GOLDEN, mixed, word

BLOCK = 4096
"""Customers in a block."""

U8, U64 = np.uint8, np.uint64
"""Positions are unsigned in the loops over a block: a signed one might count from the end, which no vector does."""
ANY = 255
"""All bits of a byte."""
Flags = NDArray[np.uint8]
Masks = NDArray[np.uint64]
"""A bit for each customer, shape `(kinds, customers / 64)`: whom a serial step is about.

Threads fill them in parallel, while the columns are in the cache, so that the serial step need not look at everybody.
"""
READERS, REQUESTING, QUITTERS, INVITERS, LISTENERS, SERVED, NAMED = range(7)
KINDS = 7


def no_masks(customers: int) -> Masks:
    """Masks of so many customers, no bit set."""
    return np.zeros((KINDS, -(-customers // BITS)), np.uint64)


@kernel
def clear(column: NDArray[Any], lo: int, hi: int) -> None:
    """Set a column of customers lo..hi to 0."""
    for j in range(hi - lo):
        column[U64(lo + j)] = 0


@kernel
def draw(flags: Flags, key: np.uint64, lo: int, hi: int, limit: np.uint64) -> None:
    """Set `flags[j]` where customer `lo + j` is drawn, up to customer hi (excluded).

    Args:
        flags: Written, shape `(hi - lo,)` or longer.
        key: The day's key of this draw.
        lo, hi: The block's customers.
        limit: `rng.threshold` of the probability. A customer is drawn exactly when `rng.uniform` of the same key is
            below `limit / 2**32`.
    """
    if limit == U64(0):
        clear(flags, 0, hi - lo)
        return
    state, last = U64(key) + U64(lo) * GOLDEN, highest_drawn(limit)
    for j in range(hi - lo):
        state += GOLDEN  # adding is cheaper than multiplying anew, as `word` does
        flags[j] = U8(U64(mixed(state)) <= last)


@part
def highest_drawn(limit: np.uint64) -> np.uint64:
    """The highest word whose upper 32 bits are below a limit of 1 or more; those of all words are below 2**32."""
    return (min(U64(limit), U64(1) << U64(32)) << U64(32)) - U64(1)


@kernel
def draw_by(flags: Flags, key: np.uint64, lo: int, hi: int, chances: NDArray[np.float32], factor: float) -> None:
    """Set `flags[j]` where customer `lo + j` is drawn with a probability of its own.

    The same customers are drawn as by `draw` with `rng.threshold(factor * chances[lo + j])`.

    Args:
        flags: Written, shape `(hi - lo,)` or longer.
        key: The day's key of this draw.
        lo, hi: The block's customers.
        chances: Probabilities of all customers, shape `(customers,)`.
        factor: Multiplies all of them.
    """
    state, whole = U64(key) + U64(lo) * GOLDEN, factor * 4294967296.0
    for j in range(hi - lo):
        state += GOLDEN
        high = float(np.uint32(U64(mixed(state)) >> U64(32)))
        flags[j] = U8(high + 0.5 < float(chances[U64(lo + j)]) * whole)


@kernel
def flag_equal(flags: Flags, column: NDArray[Any], value: int, lo: int, hi: int) -> None:
    """Set `flags[j]` where customer `lo + j` has this value; `column` has shape `(customers,)`."""
    for j in range(hi - lo):
        flags[j] = U8(column[U64(lo + j)] == value)


@kernel
def count(flags: Flags, lo: int, hi: int) -> int:
    """How many of the flags of customers lo..hi are set."""
    total = 0
    for j in range(hi - lo):
        total += int(flags[U64(j)])
    return total


@kernel
def select(chosen: NDArray[np.int64], flags: Flags, lo: int, hi: int) -> int:
    """Write the numbers of customers whose flag is set to the front of `chosen`, in order; return how many there are.

    Args:
        chosen: Written, as long as `flags`; what lies behind the returned number is left undefined.
        flags: Shape `(BLOCK,)`, or another multiple of 64. Flags behind those of the customers are cleared.
        lo, hi: The block's customers.
    """
    n = 0
    clear_behind(flags, hi - lo)
    for group in range(-(-(hi - lo) // BITS)):
        n = write_numbers(chosen, n, lo + BITS * group, bits_of(flags, BITS * group, ANY))
    return n


@part
def keep_chosen(chosen: NDArray[np.int64], n: int, key: np.uint64, limit: np.uint64) -> int:
    """Of the n first `chosen` keep those whom `draw` would draw; returns how many."""
    if limit == U64(0):
        return 0
    left, last = 0, highest_drawn(limit)
    for i in each_of(chosen, n):
        chosen[left] = i
        left += int(U64(word(key, i)) <= last)
    return left


@part
def clear_behind(flags: Flags, size: int) -> None:
    """Clear what stands behind so many flags, up to the next multiple of 64."""
    for j in range(size, -(-size // BITS) * BITS):
        flags[U64(j)] = 0


@part
def write_numbers(numbers: NDArray[np.int64], n: int, first: int, bits: np.uint64) -> int:
    """Write the number of each bit that is set, counted from `first`, behind the n numbers; returns how many then."""
    left = U64(bits)
    while left != U64(0):
        numbers[U64(n)] = first + lowest_bit(left)
        left &= left - U64(1)
        n += 1
    return n


@part
def mask_any(masks: Masks, kind: int, column: Flags, bits: int, lo: int, hi: int) -> None:
    """Mask those of customers lo..hi who have any of these bits, 255 for any value but 0; clear the others.

    Args:
        masks: written.
        kind: row of `masks`.
        column: shape `(customers,)`.
        lo: a multiple of 64.
    """
    for at in range(lo // BITS, hi // BITS):
        masks[kind, at] = bits_of(column, BITS * at, bits)
    if hi % BITS > 0:
        clear_mask(masks, kind, hi // BITS * BITS, hi)
        for i in range(hi // BITS * BITS, hi):
            if column[i] & U8(bits) != 0:
                mask_one(masks, kind, i)


@part
def mask_flagged(masks: Masks, kind: int, flags: Flags, lo: int, hi: int) -> None:
    """Mask those of customers lo..hi whose flag is set; clear the others. Arguments as in `select`."""
    clear_behind(flags, hi - lo)
    for group in range(-(-(hi - lo) // BITS)):
        masks[kind, lo // BITS + group] = bits_of(flags, BITS * group, ANY)


@part
def clear_mask(masks: Masks, kind: int, lo: int, hi: int) -> None:
    """Clear the bits of customers lo..hi, and of those behind them up to the next multiple of 64."""
    for at in range(lo // BITS, -(-hi // BITS)):
        masks[kind, at] = U64(0)


@part
def mask_one(masks: Masks, kind: int, i: int) -> None:
    """Set the bit of customer i, whatever is set already."""
    masks[kind, i // BITS] |= U64(1) << U64(i % BITS)


@allocating
def listed(masks: Masks, kind: int) -> NDArray[np.int64]:
    """The numbers of customers whose bit is set, in order."""
    found = np.empty(BITS * _count_words(masks, kind), np.int64)
    return found[: _write_set(found, masks, kind)]


@part
def _count_words(masks: Masks, kind: int) -> int:
    """How many words have any bit set."""
    some = 0
    for at in range(masks.shape[1]):
        some += int(masks[kind, at] != U64(0))
    return some


@part
def _write_set(found: NDArray[np.int64], masks: Masks, kind: int) -> int:
    """Write the numbers of customers whose bit is set; returns how many there are."""
    n = 0
    for at in range(masks.shape[1]):
        n = write_numbers(found, n, BITS * at, masks[kind, at])
    return n


@allocating
def put_in_order(ids: NDArray[np.int64], keys: NDArray[Any], size: int) -> None:
    """Put the first `size` numbers, which ascend, in the order of their keys; of equal keys the lower number first.

    They are dealt to as many buckets, evenly between the lowest and the highest key, so that most hold one or two of
    keys that are drawn; each bucket is put in order by heapsort (Williams 1964), so that no keys take long.
    """
    if size > 1:
        _deal(ids, keys, size, np.empty(size, np.int64), np.empty(size, keys.dtype), np.zeros(size + 1, np.int64))


@part
def _deal(
    ids: NDArray[np.int64], keys: NDArray[Any], size: int, all_ids: NDArray[np.int64], all_keys: NDArray[Any],
    ends: NDArray[np.int64],
) -> None:  # fmt: skip
    """Deal the numbers to buckets and put each in order. `all_ids`, `all_keys` and zeros `ends` are working memory."""
    least = most = keys[0]
    for k in range(size):
        all_ids[k], all_keys[k] = ids[k], keys[k]
        least, most = min(least, keys[k]), max(most, keys[k])
    wide = float(most - least)
    for k in range(size):
        ends[_bucket(keys[k] - least, wide, size) + 1] += 1
    for bucket in range(size):
        ends[bucket + 1] += ends[bucket]  # where the next one begins
    for k in range(size):
        bucket = _bucket(all_keys[k] - least, wide, size)
        ids[ends[bucket]], keys[ends[bucket]] = all_ids[k], all_keys[k]
        ends[bucket] += 1
    first = 0
    for bucket in range(size):
        _sort(ids, keys, first, ends[bucket])
        first = ends[bucket]


@part
def _bucket(above: Any, wide: float, buckets: int) -> int:
    """The bucket of a key that lies so far above the lowest one."""
    return min(int(float(above) / wide * buckets), buckets - 1) if wide > 0.0 else 0


@part
def _sort(ids: NDArray[np.int64], keys: NDArray[Any], first: int, last: int) -> None:
    """Heapsort of what stands at first..last."""
    for root in range((last - first) // 2 - 1, -1, -1):
        _sift_down(ids, keys, first, root, last - first)
    for end in range(last - first - 1, 0, -1):
        _swap(ids, keys, first, first + end)
        _sift_down(ids, keys, first, 0, end)


@part
def _sift_down(ids: NDArray[np.int64], keys: NDArray[Any], first: int, root: int, end: int) -> None:
    """Let what stands at the root of a heap that begins at `first` sink; positions from `end` on are no part of it."""
    at = root
    while 2 * at + 1 < end:
        child = 2 * at + 1
        if child + 1 < end and _comes_before(first + child, first + child + 1, ids, keys):
            child += 1
        if not _comes_before(first + at, first + child, ids, keys):
            break
        _swap(ids, keys, first + at, first + child)
        at = child


@part
def _swap(ids: NDArray[np.int64], keys: NDArray[Any], a: int, b: int) -> None:
    ids[a], ids[b] = ids[b], ids[a]
    keys[a], keys[b] = keys[b], keys[a]


@part
def _comes_before(a: int, b: int, ids: NDArray[np.int64], keys: NDArray[Any]) -> bool:
    return bool(keys[a] < keys[b]) or (bool(keys[a] == keys[b]) and bool(ids[a] < ids[b]))
