"""Compilation: what turns a readable scalar rule and a loop over columns into machine code, once per machine.

`rule` marks a scalar pure function, `kernel` a loop over columns. Both compile on first use. Neither uses fast
mathematics or numba's own threads, so that the bits of a result never depend on how the compiler ordered a sum.

Compiled code is kept in the user's cache folder. numba's own cache looks only at the file that defines a function: an
edited helper or constant in another file would silently give old results. So here the folder's name is a fingerprint of
every source that can flow into a kernel, of the versions of numba, NumPy, llvmlite and Python, of the settings that
change the code, and of the processor.
"""

import gc
import hashlib
import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import numba
import numpy as np
from llvmlite import binding as llvm
from llvmlite import ir
from numba.core import cgutils, event, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, _CacheLocator
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, Flags
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.datamodel.models import ArrayModel
from numba.core.datamodel.packer import ArgPacker
from numba.core.lowering import Lower
from numba.core.registry import CPUDispatcher, cpu_target
from numba.core.runtime import rtsys
from numba.core.targetconfig import ConfigStack
from numba.core.typed_passes import BaseNativeLowering, IRLegalization, NativeLowering, NopythonRewrites
from numba.core.untyped_passes import (
    FindLiterallyCalls,
    InlineClosureLikes,
    InlineInlinables,
    LiteralPropagationSubPipelinePass,
    LiteralUnroll,
    MakeFunctionToJitFunction,
    WithLifting,
)
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])

PACKAGE = Path(__file__).resolve().parent
KEPT_FOLDERS = 3
FOLDER_PREFIX = "kernels-"
OPTIONS = {"nopython": True, "boundscheck": None, "error_model": "numpy"}
CODE_SETTINGS = ("BOUNDSCHECK", "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "ENABLE_AVX", "DEBUGINFO_DEFAULT")
FOR_OTHERS = {
    FindLiterallyCalls, InlineInlinables, LiteralPropagationSubPipelinePass, LiteralUnroll, WithLifting,
}  # fmt: skip
"""Passes of numba that look for what no code here holds."""
FOR_ARRAYS = {IRLegalization, InlineClosureLikes, MakeFunctionToJitFunction, NopythonRewrites}
"""Passes of numba that look for arrays which a function makes, and for closures, or say when an array can go."""


def rule(function: Function) -> Function:
    """Compile a scalar pure function that kernels call, and that people and tests can call without a model.

    Division by zero gives infinity or NaN, as in NumPy. With `NUMBA_DISABLE_JIT=1` the function is returned as it is.
    """
    return _compiled(function)


def kernel(function: Function) -> Function:
    """Compile a loop over columns. It runs without the interpreter's lock, so that runs can share a pool of threads.

    One that makes arrays can't be called by other kernels: the piece that they would take is a `part`.

    Division by zero gives infinity or NaN, as in NumPy. With `NUMBA_DISABLE_JIT=1` the function is returned as it is.
    """
    return _compiled(function, nogil=True)


def part(function: Function) -> Function:
    """Compile a piece of a kernel that only kernels call, and that makes no arrays of its own.

    Without an entry from Python, and without reference counts: for a function of many columns they cost more than its
    body, and in what is called for each block a twentieth of a run. Calling one from Python without a kernel crashes;
    tests go through `World`. A function that makes an array, takes a slice of one, or calls one that does, is
    `allocating` instead; numba refuses it here.
    """
    return _part(function, _PartCompiler, _nrt=False)


def allocating(function: Function) -> Function:
    """Compile a piece of a kernel that only kernels call, and that makes arrays or slices of its own."""
    return _part(function, _PieceCompiler)


WORD = 8
"""Bytes of the widest entry of a column; rows are wider."""


@intrinsic  # type: ignore[untyped-decorator]
def _prefetch(typing: Any, rows: Any, i: Any) -> Any:
    """The processor's hint that a row will be needed soon."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        row = cgutils.get_item_pointer(context, builder, kind, array, [arguments[1]], wraparound=False)
        word, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
        hint = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [pointer, word, word, word]), "llvm.prefetch.p0"
        )
        to_write, keep, data = (ir.Constant(word, value) for value in (0, 3, 1))
        begin, size = builder.bitcast(row, pointer), context.get_abi_sizeof(context.get_data_type(kind.dtype))
        builder.call(hint, [begin, to_write, keep, data])
        if size > WORD:  # a row may begin on one line of memory and end on the next
            builder.call(hint, [builder.gep(begin, [ir.Constant(word, size - 1)]), to_write, keep, data])
        return context.get_dummy_value()

    del typing
    return types.void(rows, i), generate


def fetch(chosen: Any, n: int, rows: Any) -> None:
    """Bring the rows of the n first `chosen` customers near, all at once: a rule would wait for each in turn."""


def _fetch(chosen: Any, n: int, rows: Any) -> None:
    for k in range(n):
        _prefetch(rows, np.uint64(chosen[np.uint64(k)]))


MOST_CUSTOMERS = 2**31
"""Numbers of customers are below this."""


@intrinsic  # type: ignore[untyped-decorator]
def _number_at(typing: Any, chosen: Any, k: Any) -> Any:
    """An entry that is known to be the number of a customer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        entry = builder.load(cgutils.get_item_pointer(context, builder, kind, array, [arguments[1]], wraparound=False))
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


AHEAD = 16
"""Rows that are brought near while as many before them are worked on: what a processor can wait for at once."""


def fetch_ahead(chosen: Any, k: int, n: int, rows: Any) -> None:
    """At the k-th of the n first `chosen` customers, bring the rows of some who come soon near."""


def _fetch_ahead(chosen: Any, k: int, n: int, rows: Any) -> None:
    if k % AHEAD == 0:
        for soon in range(k + AHEAD if k > 0 else 0, min(k + 2 * AHEAD, n)):
            _prefetch(rows, np.uint64(chosen[np.uint64(soon)]))


@intrinsic  # type: ignore[untyped-decorator]
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


@intrinsic  # type: ignore[untyped-decorator]
def _bits_of(typing: Any, column: Any, first: Any, mask: Any) -> Any:
    """One comparison of 64 bytes, whose results lie side by side as bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        entry = cgutils.get_item_pointer(context, builder, kind, array, [arguments[1]], wraparound=False)
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


ARRIVED, BROKEN, TAKEN = range(3)
GATE = 3
"""Entries of a gate, where threads that share a run meet; zeros at first."""
SPINS = 4000
"""Looks at the gate before a thread lets others have the processor, a few microseconds."""


@intrinsic  # type: ignore[untyped-decorator]
def _count_on(typing: Any, gate: Any, i: Any) -> Any:
    """One more at the gate, in one piece; what it was before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        entry = cgutils.get_item_pointer(context, builder, kind, array, [arguments[1]], wraparound=False)
        return builder.atomic_rmw("add", entry, ir.Constant(ir.IntType(64), 1), "seq_cst")

    del typing
    return types.int64(gate, i), generate


@intrinsic  # type: ignore[untyped-decorator]
def _look(typing: Any, gate: Any, i: Any) -> Any:
    """What stands at the gate at this moment, whoever wrote it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        entry = cgutils.get_item_pointer(context, builder, kind, array, [arguments[1]], wraparound=False)
        return builder.load_atomic(entry, "seq_cst", 8)

    del typing
    return types.int64(gate, i), generate


@intrinsic  # type: ignore[untyped-decorator]
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


def wait(gate: Any, arrivals: int) -> bool:
    """Arrive at the gate and wait until so many have in all; False if one of them has given up.

    Args:
        gate: int64, shape `(GATE,)`: threads that have arrived so far, whether one has given up, work taken.
        arrivals: of all threads, since the beginning.
    """
    raise NotImplementedError("uncompiled code runs on one thread")


def _wait(gate: Any, arrivals: int) -> bool:
    _count_on(gate, np.uint64(ARRIVED))
    looks = 0
    while _look(gate, np.uint64(ARRIVED)) < arrivals:
        if _look(gate, np.uint64(BROKEN)) != 0:
            return False
        looks += 1
        if looks > SPINS:
            _let_others_run()
    return True


def take_next(gate: Any) -> Any:
    """The number of the next piece of work, from 0 since the beginning: whoever is free takes it."""
    gate[TAKEN] += 1
    return gate[TAKEN] - 1


def _take_next(gate: Any) -> Any:
    return _count_on(gate, np.uint64(TAKEN))


@intrinsic  # type: ignore[untyped-decorator]
def _add_at_once(typing: Any, counts: Any, row: Any, column: Any, number: Any) -> Any:
    """Add to an entry in one piece, whoever else adds to it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        entry = cgutils.get_item_pointer(context, builder, kind, array, arguments[1:3], wraparound=False)
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


def give_up(gate: Any) -> None:
    """Tell those who wait at the gate not to."""
    gate[BROKEN] = 1


def is_warm() -> bool:
    """Whether compiled code for exactly this version on this machine is at hand, so that no one-time wait is due."""
    if numba.config.DISABLE_JIT:
        return True
    with suppress(OSError):
        return any(cache_folder().glob("*.nbi"))
    return False


@cache
def cache_folder() -> Path:
    """The folder for compiled code of this version on this machine; it may not exist yet.

    It lies in `TRAFFICSIM_CACHE_DIR` if that is set, else in the platform's folder for caches.
    """
    return _cache_root() / (FOLDER_PREFIX + _fingerprint())


def _compiled(function: Function, **options: Any) -> Function:
    if numba.config.DISABLE_JIT:
        return function
    options |= OPTIONS | {"no_cfunc_wrapper": True}
    entry: Any = _Entry(function, targetoptions=options, pipeline_class=_EntryCompiler)
    if PACKAGE in Path(function.__code__.co_filename).resolve().parents:  # others' code is not in the fingerprint
        entry._cache = _KernelCache(function)  # noqa: SLF001 - numba offers no public way to choose a cache
    return entry  # type: ignore[no-any-return]


def _part(function: Function, compiler: type[Compiler], **options: Any) -> Function:
    """A piece is kept by those who call it, so it needs no cache of its own."""
    if numba.config.DISABLE_JIT:
        return function
    piece: Any = _Piece(
        function, targetoptions=OPTIONS | {"no_cpython_wrapper": True} | options, pipeline_class=compiler
    )
    return piece  # type: ignore[no-any-return]


class _Entry(CPUDispatcher):  # type: ignore[misc]
    """Python's way into a rule or kernel; compiled code that calls it takes its `piece` instead, which has none."""

    @cached_property
    def piece(self) -> Any:
        return part(self.py_func)

    @property
    def _numba_type_(self) -> Any:
        return types.Dispatcher(self.piece)


class _Piece(CPUDispatcher):  # type: ignore[misc]
    """Compiled once for all constants of a type, where numba would compile anew for each."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        plain = types.misc.unliteral
        return super().get_call_template(tuple(map(plain, args)), {name: plain(kind) for name, kind in kws.items()})


class _Uncollected(event.Listener):  # type: ignore[misc]
    """Lets Python's garbage wait while something compiles, which takes a tenth off the time."""

    def __init__(self) -> None:
        self.running, self.was_on = 0, False

    def on_start(self, event: Any) -> None:
        del event
        if self.running == 0:
            self.was_on = gc.isenabled()
            gc.disable()
        self.running += 1

    def on_end(self, event: Any) -> None:
        del event
        self.running -= 1
        if self.running == 0 and self.was_on:
            gc.enable()
            gc.freeze()
            gc.unfreeze()  # among the oldest objects, which are hardly ever searched for garbage


event.register("numba:compile", _Uncollected())


class _NoEnvironment:
    """What numba tells of a function's globals, which code that is never called by itself has no use for."""

    def set_env(self, name: str, env: Any) -> None:
        pass


class _Library(JITCodeLibrary):  # type: ignore[misc]
    """Code of ours, which remembers by name what it holds and calls: asking LLVM takes a while."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.fresh: list[str] = []
        self.held: list[str] = []
        self.called: list[str] = []

    def add_ir_module(self, ir_module: Any) -> None:
        self.fresh = [function.name for function in ir_module.functions if not function.is_declaration]
        self.called += [function.name for function in ir_module.functions if function.is_declaration]
        super().add_ir_module(ir_module)

    def add_llvm_module(self, ll_module: Any) -> None:
        if self.held:
            super().add_llvm_module(ll_module)
        else:
            self._optimize_functions(ll_module)
            self._final_module = ll_module
        self.held += self.fresh

    def _optimize_functions(self, ll_module: Any) -> None:
        """As numba does, but the passes are made once, and those functions left out that are only declared."""
        codegen: Any = self._codegen
        ll_module.data_layout = codegen._data_layout  # noqa: SLF001 - what numba's own method takes
        passes, builder = codegen._function_pass_manager()  # noqa: SLF001 - the same
        for name in self.fresh:
            passes.run(ll_module.get_function(name), builder)


class _PartLibrary(_Library):
    """Code that is only linked into that of its callers: the entry makes it quick and turns it into machine code.

    numba would do both for each function and everything that it calls, once on every level of the calls.
    """

    @property
    def codegen(self) -> Any:
        return _NoEnvironment()

    def get_pointer_to_function(self, name: str) -> int:
        del name
        return 0

    def finalize(self) -> None:
        """Nothing is linked in here: the entry links each part once, where every level of calls would again."""
        self._raise_if_finalized()
        self._reload_init.update(*(library._reload_init for library in self._linking_libraries))  # noqa: SLF001
        for name in self.held:
            function = self._final_module.get_function(name)
            if function.linkage == llvm.Linkage.external:
                function.linkage = "linkonce_odr"  # as numba has it where it links
        self._finalized = True

    def alone(self) -> Any:
        """The module of this part, for an entry that links all others itself."""
        self._ensure_finalized()
        return self._final_module

    def _get_module_for_linking(self) -> Any:
        """For other people's code, which expects that all below is linked in."""
        module = self.alone().clone()
        _link(module, self.called, self._linking_libraries)
        return module


class _EntryLibrary(_Library):
    """Machine code of an entry, with everything that it calls linked in, which nobody else calls.

    So LLVM may take in what is called once, and leave away arguments that are not used: a group of columns is many
    words, and passing them costs more than most rules do.
    """

    def finalize(self) -> None:
        _link(self._final_module, self.called, self._linking_libraries)
        self._reload_init.update(*(library._reload_init for library in self._linking_libraries))  # noqa: SLF001
        self._linking_libraries: list[Any] = []
        super().finalize()

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == llvm.Linkage.linkonce_odr:
                function.linkage = "internal"
        super()._optimize_final_module()


def _link(module: Any, called: list[str], libraries: Iterable[Any]) -> None:
    """Link into a module all that it calls, and all that this calls in turn.

    Asked for by name, one after another: LLVM takes in no function of a library that nothing has asked for yet, and
    code which it has found to be dead asks for nothing.
    """
    found = {name: part for part in _below(libraries) for name in part[1]}
    wanted = [*called]
    while wanted:
        name = wanted.pop()
        if name in found and _is_missing(module, name):
            part, _, calls = found[name]
            module.link_in(part, preserve=True)
            wanted += calls


def _below(libraries: Iterable[Any]) -> Iterator[tuple[Any, list[str], list[str]]]:
    """The modules of libraries and of the parts below them, with the names of what each holds and calls."""
    met: set[Any] = set()
    waiting = list(libraries)
    while waiting:
        library = waiting.pop()
        if library not in met:
            met.add(library)
            if isinstance(library, _PartLibrary):
                yield library.alone(), library.held, library.called
                waiting += library._linking_libraries  # noqa: SLF001 - numba tells it nowhere else
            else:
                module = library._get_module_for_linking()  # noqa: SLF001 - as numba links
                yield module, _names(module, declared=False), _names(module, declared=True)


def _names(module: Any, *, declared: bool) -> list[str]:
    return [function.name for function in module.functions if function.is_declaration == declared]


def _is_missing(module: Any, name: str) -> bool:
    """Whether a module calls a function that it doesn't hold."""
    try:
        return bool(module.get_function(name).is_declaration)
    except NameError:
        return False


class _Types(tuple[Any, ...]):
    """Types of arguments. numba spells them out for each pass, and that of a record takes pages."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{len(self)} types"


class _Flags(Flags):  # type: ignore[misc]
    """numba compares all flags with those of earlier calls whenever one of its own functions is called."""

    def values(self) -> Any:
        if getattr(self, "seen", None) != self._values:
            self.seen, self.all = dict(self._values), super().values()
        return self.all


class _PassedArray(ArrayModel):  # type: ignore[misc]
    """How pieces pass an array to each other: without what its type and shape tell, and without Python's object.

    numba passes seven words or more, each of which is an instruction at both ends. A group is many arrays.
    """

    kept: tuple[str, ...] = ("meminfo", "data")

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind)
        self.ndim, self.dtype = kind.ndim, kind.dtype
        sizes = ("shape",) if kind.layout == "C" else ("shape", "strides")
        self.paths = [self.path(name) for name in self.kept]
        self.paths += [self.path(name, k) for name in sizes for k in range(self.ndim)]

    def path(self, name: str, *inside: int) -> tuple[int, ...]:
        return (self.get_field_position(name), *inside)

    def get_argument_type(self) -> Any:
        return tuple(_type_at(self.get_value_type(), path) for path in self.paths)

    def as_argument(self, builder: Any, value: Any) -> Any:
        return tuple(builder.extract_value(value, path) for path in self.paths)

    def from_argument(self, builder: Any, value: Any) -> Any:
        target: Any = cpu_target.target_context
        size = ir.Constant(ir.IntType(64), target.get_abi_sizeof(target.get_data_type(self.dtype)))
        held, items = dict(zip(self.paths, value, strict=True)), ir.Constant(ir.IntType(64), 1)
        for k in reversed(range(self.ndim)):
            inner = k == self.ndim - 1
            held.setdefault(self.path("strides", k), size if inner else builder.mul(items, size))
            items = held[self.path("shape", k)] if inner else builder.mul(items, held[self.path("shape", k)])
        held |= {self.path("nitems"): items, self.path("itemsize"): size}
        array = _constant(self.get_value_type(), held)
        for path, word in held.items():
            if not isinstance(word, ir.Constant):
                array = builder.insert_value(array, word, path)
        return array

    def traverse(self, builder: Any) -> Any:
        """What may count references: numba would look through all words of the array each time."""
        return super().traverse(builder)[: self.get_field_position("meminfo") + 1]


class _UncountedArray(_PassedArray):
    """The same for parts, which count no references."""

    kept = ("data",)


def _type_at(kind: Any, path: Iterable[int]) -> Any:
    """The type of what stands at a place in a struct."""
    for at in path:
        kind = kind.gep(ir.Constant(ir.IntType(32), at))
    return kind


def _constant(kind: Any, held: dict[tuple[int, ...], Any], *path: int) -> Any:
    """A struct of zeros but for the constants among what stands at these places."""
    if path in held:
        return held[path] if isinstance(held[path], ir.Constant) else ir.Constant(kind, None)
    if isinstance(kind, ir.Aggregate):
        inside = range(len(kind))
        return ir.Constant(kind, [_constant(_type_at(kind, (k,)), held, *path, k) for k in inside])
    return ir.Constant(kind, None)


@cache
def _models(model: type[_PassedArray]) -> Any:
    """What numba knows of how values are held, with another way to pass arrays."""
    manager = cpu_target.target_context.data_model_manager.copy()
    manager.register(types.Array, model)
    return manager


class _Passed(tuple[Any, ...]):  # noqa: SLOT001 - a tuple can't have slots and an attribute
    """Types of the arguments of a piece, which knows how they are passed."""

    packer: ArgPacker


def _packer(kinds: Any) -> ArgPacker:
    """What passes arguments of these types: for pieces their own, for all others numba's."""
    if isinstance(kinds, _Passed):
        return kinds.packer
    return ArgPacker(cpu_target.target_context.data_model_manager, kinds)


class _Lower(Lower):  # type: ignore[misc]
    """Writes a function for LLVM."""

    def __init__(self, context: Any, library: Any, fndesc: Any, *rest: Any, **named: Any) -> None:
        if isinstance(library, _EntryLibrary):
            models = _models(_PassedArray)
        else:
            models = _models(_PassedArray if context.enable_nrt else _UncountedArray)
            fndesc.argtypes = _Passed(fndesc.argtypes)
            fndesc.argtypes.packer = ArgPacker(models, fndesc.argtypes)
        super().__init__(context, library, fndesc, *rest, **named)
        self.context.data_model_manager = models


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(BaseNativeLowering):  # type: ignore[misc]
    """The pass that has a function written."""

    _name = "our_lowering"
    lowering_class = _Lower


class _PieceCompiler(Compiler):  # type: ignore[misc]
    """Leaves out the passes that look for what pieces don't hold."""

    left_out = frozenset(FOR_OTHERS)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.state.flags = _Flags(self.state.flags)

    def define_pipelines(self) -> Any:
        self.state.args = _Types(self.state.args)
        (whole,) = super().define_pipelines()
        short = PassManager("piece")
        short.passes.extend(
            (_Lowering if made_by is NativeLowering else made_by, what)
            for made_by, what in whole.passes
            if made_by not in self.left_out
        )
        short.finalize()
        return [short]


class _PartCompiler(_PieceCompiler):
    """Leaves out what looks for arrays too."""

    left_out = frozenset(FOR_OTHERS | FOR_ARRAYS)


class _EntryCompiler(_PieceCompiler):
    """Makes machine code of an entry alone: all that it calls, numba's own functions too, is linked into it."""

    def define_pipelines(self) -> Any:
        self.state.library = _EntryLibrary(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        self.state.library.enable_object_caching()
        flags = ConfigStack.top_or_none()  # what is called asks for these, and would be compiled anew for each entry
        flags.no_cpython_wrapper = True
        flags.discard("no_cfunc_wrapper")
        flags.discard("release_gil")
        return super().define_pipelines()

    def compile_extra(self, func: Any) -> Any:
        target: Any = cpu_target.target_context
        lent = {
            "create_cfunc_wrapper": _no_wrapper,
            "get_abi_sizeof": _remembered(target.get_abi_sizeof),
        }
        with _lent(target.codegen(), _library_class=_PartLibrary), _lent(target, **lent):
            return super().compile_extra(func)


@contextmanager
def _lent(owner: Any, **attributes: Any) -> Iterator[None]:
    """Give an object of numba's other attributes for a while: under its lock, so that no other code is meant."""
    for name, value in attributes.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name in attributes:
            delattr(owner, name)  # what its class says counts again


def _no_wrapper(*_: Any) -> None:
    """Nobody calls numba's own functions from C."""


def _remembered(size_of: Callable[[Any], int]) -> Callable[[Any], int]:
    """Sizes of LLVM types, each of which numba asks LLVM for with a module of its own, for every variable."""
    known: dict[int, tuple[Any, int]] = {}

    def size(kind: Any) -> int:
        if id(kind) not in known:
            known[id(kind)] = kind, size_of(kind)  # kept, so that no other type can have its place
        return known[id(kind)][1]

    return size


def _cache_root() -> Path:
    """Where this user's programs keep what they can make again."""
    if chosen := os.environ.get("TRAFFICSIM_CACHE_DIR"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.path.expanduser(base)) / "trafficsim"  # noqa: PTH111 - Path.expanduser raises where there is no home


def _fingerprint() -> str:
    """A hash of everything that decides what machine code comes out."""
    digest = hashlib.blake2b(digest_size=16)
    for name, source in sorted(_kernel_sources().items()):
        digest.update(f"{name}\0{len(source)}\0".encode())
        digest.update(source)
    for part in (*_versions(), *_settings(), *_processor()):
        digest.update(f"\0{part}".encode())
    return digest.hexdigest()


def _kernel_sources() -> dict[str, bytes]:
    """Module name -> source of every module with rules or kernels, and of those that it imports from this package.

    The imports count because numba copies a constant's value into the code.
    """
    sources = {_module_name(path): path.read_bytes() for path in PACKAGE.rglob("*.py")}
    waiting = [
        name
        for name, text in sources.items()
        if any(decorator in text for decorator in (b"@rule", b"@kernel", b"@part", b"@allocating"))
    ]
    waiting.append(_module_name(Path(__file__).resolve()))
    found: dict[str, bytes] = {}
    while waiting:
        name = waiting.pop()
        if name not in found and name in sources:
            found[name] = sources[name]
            waiting.extend(_imported(found[name].decode()))
    return found


def _module_name(path: Path) -> str:
    parts = (PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(source: str) -> Iterator[str]:
    """Names of this package's modules that a source may import (and some that are not modules)."""
    pattern = rf"(?:from|import)\s+({PACKAGE.name}(?:\.\w+)*)(?:\s+import\s+(\([^)]*\)|[^\n]*))?"
    for module, names in re.findall(pattern, source):
        if module != PACKAGE.name:
            yield module
        yield from (f"{module}.{name}" for name in re.findall(r"\w+", names))


def _versions() -> tuple[str, ...]:
    return numba.__version__, np.__version__, llvmlite.__version__, sys.version


def _settings() -> list[str]:
    """Settings that change the code, bounds checks above all: checked and unchecked code must not mix."""
    return [f"{name}={getattr(numba.config, name, None)}" for name in CODE_SETTINGS]


def _processor() -> tuple[str, ...]:
    return llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def _make_folder(folder: Path) -> None:
    """Create the folder and let go of the oldest others.

    Raises:
        OSError: where the folder cannot be made.
    """
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    ours = [path for path in folder.parent.glob(FOLDER_PREFIX + "*") if path.is_dir()]
    for old in sorted(ours, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_FOLDERS:]:
        shutil.rmtree(old, ignore_errors=True)


class _Locator(_CacheLocator):  # type: ignore[misc]
    """Tells numba where compiled code lies; the folder's fingerprint says all that it depends on."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        self._py_file = file
        self._module = function.__module__
        self._line = function.__code__.co_firstlineno

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> "_Locator":
        return cls(function, file)

    def ensure_cache_path(self) -> None:
        _make_folder(cache_folder())
        tempfile.TemporaryFile(dir=cache_folder()).close()

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def get_source_stamp(self) -> str:
        return cache_folder().name

    def get_disambiguator(self) -> str:
        return f"{self._module}-{self._line}"


class _Files(IndexDataCacheFile):  # type: ignore[misc]
    """The index and data files, with names that two processes which compile at once cannot both pick."""

    def _data_name(self, number: int) -> str:
        return str(super()._data_name(number)).replace(".nbc", f".{uuid.uuid4().hex[:8]}.nbc")


class _CompileResults(CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = [_Locator]  # noqa: RUF012 - numba's own attribute

    def reduce(self, cres: Any) -> Any:
        *rest, _ = super().reduce(cres)
        return *rest, ()  # numba would keep the environments of all that was linked in, and load their modules


class _KernelCache(FunctionCache):  # type: ignore[misc]
    """numba's cache in our folder. Whatever goes wrong with a file, the answer is to compile, never to stop."""

    _impl_class = _CompileResults

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        locator = self._impl.locator
        self._cache_file = _Files(locator.get_cache_path(), self._impl.filename_base, locator.get_source_stamp())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        # numba would first load all that it knows of Python and NumPy, a quarter of a second that only compiling needs.
        try:
            rtsys.initialize(target_context)
            return self._load_overload(sig, target_context)
        except Exception:  # noqa: BLE001 - a damaged pickle can raise anything
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):
            super().save_overload(sig, data)


if not numba.config.DISABLE_JIT:
    cpu_target.target_context.get_arg_packer = _packer  # for others' code too, which may call pieces
    fetch, fetch_ahead, lowest_bit = part(_fetch), part(_fetch_ahead), part(_lowest_bit)
    wait, take_next, add_shared = part(_wait), part(_take_next), part(_add_shared)
    number_at, bits_of = part(_compiled_number_at), part(_compiled_bits_of)
