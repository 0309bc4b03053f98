"""What processors can do that Python has no words for: bring rows near, and look at many bytes at once."""

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from trafficsim.compiled import part
from trafficsim.kernel.frame import At, place_at

WORD = 8
"""Bytes of the widest entry of a column; rows are wider."""


def entry_of(context: Any, builder: Any, signature: Any, arguments: Any, *at: Any, reads: bool = True) -> Any:
    """For intrinsics: where an entry of their first argument, an array, lies."""
    kind = signature.args[0]
    if isinstance(kind, At):
        place = place_at(context, builder, kind, arguments[0], *((index, types.int64) for index in at), reads=reads)
        return builder.bitcast(place, context.get_data_type(getattr(kind, "entry", types.uint8)).as_pointer())
    array = context.make_array(kind)(context, builder, arguments[0])
    return cgutils.get_item_pointer(context, builder, kind, array, list(at), wraparound=False)


@intrinsic
def prefetch(typing: Any, columns: Any, i: Any) -> Any:
    """The processor's hint that customer i's rows of these columns, a tuple, will be needed soon.

    Nothing is read, so that there need be no such row.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        for number, kind in enumerate(signature.args[0]):
            column = builder.extract_value(arguments[0], number)
            takes = types.void(kind, signature.args[1])
            _hint(
                context,
                builder,
                kind,
                entry_of(context, builder, takes, (column, arguments[1]), arguments[1], reads=False),
            )
        return context.get_dummy_value()

    del typing
    return types.void(columns, i), generate


def _hint(context: Any, builder: Any, kind: Any, row: Any) -> None:
    """For lowering: the hint for one row."""
    word, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
    hint = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(ir.VoidType(), [pointer, word, word, word]), "llvm.prefetch.p0"
    )
    to_write, keep, data = (ir.Constant(word, value) for value in (0, 3, 1))
    begin = builder.bitcast(row, pointer)
    size = kind.stride if isinstance(kind, At) else context.get_abi_sizeof(context.get_data_type(kind.dtype))
    builder.call(hint, [begin, to_write, keep, data])
    if size > WORD:  # a row may begin on one line of memory and end on the next
        builder.call(hint, [builder.gep(begin, [ir.Constant(word, size - 1)]), to_write, keep, data])


MOST_CUSTOMERS = 2**31
"""Numbers of customers are below this."""


@intrinsic
def _number_at(typing: Any, chosen: Any, k: Any) -> Any:
    """An entry that is known to be the number of a customer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        entry = builder.load(entry_of(context, builder, signature, arguments, arguments[1]))
        bounds = [ir.Constant(ir.IntType(64), bound) for bound in (0, MOST_CUSTOMERS)]
        entry.set_metadata("range", builder.module.add_metadata(bounds))
        return entry

    del typing
    return types.int64(chosen, k), generate


def number_at(chosen: Any, k: int) -> Any:
    """The k-th of the `chosen` customers, a number from 0: columns need not ask whether it counts from the end."""
    return chosen[k]


def _compiled_number_at(chosen: Any, k: int) -> Any:
    return _number_at(chosen, np.uint64(k))


@intrinsic
def _zeros_below(typing: Any, bits: Any) -> Any:
    """How many zeros stand below the lowest one of 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del context, signature
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    del typing
    return types.uint64(bits), generate


def lowest_bit(bits: Any) -> Any:
    """The number of the lowest bit that is set, of 64 bits that are not all 0."""
    return (int(bits) & -int(bits)).bit_length() - 1


def _lowest_bit(bits: Any) -> Any:
    return _zeros_below(bits)


BITS = 64
"""Bytes that are looked at together: a bit of a word for each."""


@intrinsic
def _bits_of(typing: Any, column: Any, first: Any, mask: Any) -> Any:
    """One comparison of 64 bytes, whose results lie side by side as bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        entry = entry_of(context, builder, signature, arguments, arguments[1])
        lanes = ir.VectorType(ir.IntType(8), BITS)
        held = builder.load(builder.bitcast(entry, lanes.as_pointer()))
        held.align = 1
        one = builder.insert_element(ir.Constant(lanes, None), arguments[2], ir.Constant(ir.IntType(32), 0))
        alike = ir.Constant(ir.VectorType(ir.IntType(32), BITS), [0] * BITS)
        masks = builder.shuffle_vector(one, ir.Constant(lanes, ir.Undefined), alike)
        found = builder.icmp_unsigned("!=", builder.and_(held, masks), ir.Constant(lanes, None))
        return builder.bitcast(found, ir.IntType(BITS))

    del typing
    return types.uint64(column, first, mask), generate


def bits_of(column: Any, first: int, mask: int) -> Any:
    """Which of the 64 entries of a column of bytes from `first` on have any of the mask's bits: a bit for each."""
    some = (column[first : first + BITS] & np.uint8(mask)) != 0
    return np.uint64(int.from_bytes(np.packbits(some, bitorder="little").tobytes(), "little"))


def _compiled_bits_of(column: Any, first: int, mask: int) -> Any:
    return _bits_of(column, np.uint64(first), np.uint8(mask))


if not numba.config.DISABLE_JIT:
    lowest_bit, number_at, bits_of = part(_lowest_bit), part(_compiled_number_at), part(_compiled_bits_of)
