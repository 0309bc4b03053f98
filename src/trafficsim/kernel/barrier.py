"""The barrier, where threads that share a run meet, and what they count together."""

import sys
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from trafficsim.compiled import part
from trafficsim.kernel.processor import entry_of

ARRIVED, BROKEN, TAKEN = range(3)
BARRIER = 3
"""Entries of a barrier, where threads that share a run meet; zeros at first."""
SPINS = 4000
"""Looks at the barrier before a thread lets others have the processor, a few microseconds."""


@intrinsic
def _count_on(typing: Any, barrier: Any, i: Any) -> Any:
    """One more at the barrier, in one piece; what it was before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        entry = entry_of(context, builder, signature, arguments, arguments[1])
        return builder.atomic_rmw("add", entry, ir.Constant(ir.IntType(64), 1), "seq_cst")

    del typing
    return types.int64(barrier, i), generate


@intrinsic
def _look(typing: Any, barrier: Any, i: Any) -> Any:
    """What stands at the barrier at this moment, whoever wrote it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        entry = entry_of(context, builder, signature, arguments, arguments[1])
        return builder.load_atomic(entry, "seq_cst", 8)

    del typing
    return types.int64(barrier, i), generate


@intrinsic
def _let_others_run(typing: Any) -> Any:
    """Give the processor away for a moment, where the system has a call for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del signature, arguments
        if sys.platform != "win32":
            kind = ir.FunctionType(ir.IntType(32), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])
        return context.get_dummy_value()

    del typing
    return types.void(), generate


def wait(barrier: Any, arrivals: int) -> bool:
    """Arrive at the barrier and wait until so many have in all; False if one of them has given up.

    Args:
        barrier: int64, shape `(BARRIER,)`: threads that have arrived so far, whether one has given up, work taken.
        arrivals: of all threads, since the beginning.
    """
    raise NotImplementedError("uncompiled code runs on one thread")


def _wait(barrier: Any, arrivals: int) -> bool:
    _count_on(barrier, np.uint64(ARRIVED))
    looks = 0
    while _look(barrier, np.uint64(ARRIVED)) < arrivals:
        if _look(barrier, np.uint64(BROKEN)) != 0:
            return False
        looks += 1
        if looks > SPINS:
            _let_others_run()
    return True


def take_next(barrier: Any) -> Any:
    """The number of the next piece of work, from 0 since the beginning: whoever is free takes it."""
    barrier[TAKEN] += 1
    return barrier[TAKEN] - 1


def _take_next(barrier: Any) -> Any:
    return _count_on(barrier, np.uint64(TAKEN))


@intrinsic
def _add_at_once(typing: Any, counts: Any, row: Any, column: Any, number: Any) -> Any:
    """Add to an entry in one piece, whoever else adds to it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        entry = entry_of(context, builder, signature, arguments, *arguments[1:3])
        builder.atomic_rmw("add", entry, arguments[3], "monotonic")
        return context.get_dummy_value()

    del typing
    return types.void(counts, row, column, number), generate


def add_shared(counts: Any, row: int, column: int, number: int) -> None:
    """Add to an entry of `counts` (int64, two dimensions) that other threads add to as well.

    Sums of whole numbers don't depend on who comes first, so results still repeat.
    """
    counts[row, column] += number


def _add_shared(counts: Any, row: int, column: int, number: int) -> None:
    _add_at_once(counts, np.int64(row), np.int64(column), np.int64(number))


def give_up(barrier: Any) -> None:
    """Tell those who wait at the barrier not to."""
    barrier[BROKEN] = 1


if not numba.config.DISABLE_JIT:
    wait, take_next, add_shared = part(_wait), part(_take_next), part(_add_shared)
