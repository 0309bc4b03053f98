"""Loops over chosen customers, whose rows are prefetched."""

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, lower_builtin, models, register_model

from trafficsim.kernel.processor import number_at, prefetch

AHEAD = 16
"""So many customers before its turn a row is prefetched: what a processor can wait for at once."""


def each_of(chosen: Any, n: int, *rows: Any) -> Any:
    """The numbers of the n first `chosen` customers, in a loop that prefetches their rows of these columns.

    A row is asked for `AHEAD` customers before its turn, one at a time, so that others are worked on while it comes.
    Entries that have had their turn may be written over.
    """
    del rows
    for k in range(n):
        yield int(chosen[k])


class _Loop(types.SimpleIteratorType):
    """What `each_of` is in compiled code."""

    def __init__(self, chosen: Any, rows: Any) -> None:
        self.chosen, self.rows = chosen, rows
        super().__init__(f"each_of({chosen}, {rows})", types.int64)


@register_model(_Loop)
class _LoopModel(models.StructModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        words = [("k", types.EphemeralPointer(types.int64)), ("n", types.int64), ("chosen", kind.chosen)]
        super().__init__(manager, kind, words + [(f"rows{k}", rows) for k, rows in enumerate(kind.rows)])


@intrinsic
def _begin(typing: Any, chosen: Any, n: Any, *rows: Any) -> Any:
    """The loop before its first turn."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        loop = context.make_helper(builder, signature.return_type)
        loop.k = cgutils.alloca_once(builder, ir.IntType(64))
        builder.store(ir.Constant(ir.IntType(64), 0), loop.k)
        loop.n = context.cast(builder, arguments[1], signature.args[1], types.int64)
        loop.chosen = arguments[0]
        for k in range(len(rows)):
            setattr(loop, f"rows{k}", builder.extract_value(arguments[2], k))
        return loop._getvalue()  # noqa: SLF001 - numba has no other way to a helper's value

    del typing
    held = types.Tuple(rows)
    return _Loop(chosen, held)(chosen, n, held), generate


@lower_builtin("getiter", _Loop)
def _iterated(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    del context, builder, signature
    return arguments[0]


@lower_builtin("iternext", _Loop)
def _next(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """The next turn: a pair of the customer's number and whether there is one."""
    (kind,) = signature.args
    loop, turn = context.make_helper(builder, kind, arguments[0]), context.make_helper(builder, signature.return_type)
    k = builder.load(loop.k)
    turn.second = builder.icmp_signed("<", k, loop.n)
    with builder.if_then(turn.second):
        rows = context.make_tuple(builder, kind.rows, [getattr(loop, f"rows{k}") for k in range(len(kind.rows))])
        takes = types.int64(kind.chosen, types.int64, types.int64, kind.rows)
        turn.first = context.compile_internal(builder, _turn, takes, (loop.chosen, k, loop.n, rows))
        builder.store(builder.add(k, ir.Constant(ir.IntType(64), 1)), loop.k)
    return turn._getvalue()  # noqa: SLF001 - numba has no other way to a helper's value


def _turn(chosen: Any, k: int, n: int, rows: Any) -> Any:
    """The k-th of the n first `chosen`; the rows of one who comes soon are prefetched, at first of two."""
    soon = min(2 * k, k + AHEAD)
    if soon < n:
        prefetch(rows, chosen[np.uint64(soon)])
    if k < AHEAD and soon + 1 < n:
        prefetch(rows, chosen[np.uint64(soon + 1)])
    return number_at(chosen, k)


if not numba.config.DISABLE_JIT:
    each_of = _begin
