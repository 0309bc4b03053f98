"""Draw, select, apply: the three shared primitives of every mechanism's kernel.

A mechanism works on blocks of customers that fit into the processor's nearest memory. First it draws a flag for
everyone, without a branch, so that the loop runs on vectors; then it keeps those who are eligible and compacts them
into a list; only those few are treated one by one by the mechanism's rule. All flags are bytes that hold 0 or 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import kernel
from trafficsim.rng import word

BLOCK = 4096
"""Customers in a block."""

U8, U64 = np.uint8, np.uint64
Flags = NDArray[np.uint8]


@kernel
def draw(flags: Flags, key: np.uint64, first: int, limit: np.uint64) -> None:
    """Set `flags[j]` where customer `first + j` is drawn.

    Args:
        flags: Written, shape `(block,)`.
        key: The day's key of this draw.
        first: Number of the block's first customer.
        limit: `rng.threshold` of the probability. A customer is drawn exactly when `rng.uniform` of the same key is
            below `limit / 2**32`.
    """
    key, limit = U64(key), U64(limit)
    for j in range(flags.size):
        flags[j] = U8((word(key, first + j) >> U64(32)) < limit)


@kernel
def draw_by(flags: Flags, key: np.uint64, first: int, chances: NDArray[np.float32], factor: float) -> None:
    """Set `flags[j]` where customer `first + j` is drawn with a probability of its own.

    The same customers are drawn as by `draw` with `rng.threshold(factor * chances[j])`.

    Args:
        flags: Written, shape `(block,)`.
        key: The day's key of this draw.
        first: Number of the block's first customer.
        chances: Probabilities of the block's customers, shape `(block,)`.
        factor: Multiplies all of them.
    """
    key, whole = U64(key), factor * 4294967296.0
    for j in range(flags.size):
        high = float(np.uint32(word(key, first + j) >> U64(32)))
        flags[j] = U8(high + 0.5 < float(chances[j]) * whole)


@kernel
def keep(flags: Flags, eligible: NDArray[Any]) -> None:
    """Clear the flags of those who are not `eligible` (0 or 1, or booleans), both of shape `(block,)`."""
    for j in range(flags.size):
        flags[j] = U8(flags[j] & U8(eligible[j]))


@kernel
def select(chosen: NDArray[np.int64], flags: Flags) -> int:
    """Write the positions whose flag is set to the front of `chosen`, in order, and return how many there are.

    `chosen` must be at least as long as `flags`; what lies behind the returned number is left undefined.
    """
    count = 0
    for j in range(flags.size):
        chosen[count] = j
        count += int(flags[j])
    return count


@kernel
def set_bit(bits: NDArray[np.uint32], flags: Flags, bit: int) -> int:
    """Set a bit where a flag is set, both of shape `(block,)`; returns how many flags are set."""
    mask = np.uint32(1) << np.uint32(bit)
    count = 0
    for j in range(flags.size):
        bits[j] |= mask * np.uint32(flags[j])
        count += int(flags[j])
    return count


@kernel
def keep_bit(flags: Flags, bits: NDArray[np.uint32], bit: int) -> None:
    """Clear the flags where a bit is not set, both of shape `(block,)`."""
    for j in range(flags.size):
        flags[j] &= U8((bits[j] >> np.uint32(bit)) & np.uint32(1))
