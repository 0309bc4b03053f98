"""The decorators: rules and kernels, which Python calls, and pieces, which only kernels call."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import types
from numba.core.compiler import Compiler
from numba.core.registry import CPUDispatcher

from trafficsim.compiled.cache import KernelCache
from trafficsim.compiled.compiler import EntryCompiler, PartCompiler, PieceCompiler
from trafficsim.compiled.fingerprint import PACKAGE

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS = {"nopython": True, "boundscheck": None, "error_model": "numpy"}


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
    return _part(function, PartCompiler, _nrt=False)


def allocating(function: Function) -> Function:
    """Compile a piece of a kernel that only kernels call, and that makes arrays or slices of its own."""
    return _part(function, PieceCompiler)


def _compiled(function: Function, **options: Any) -> Function:
    if numba.config.DISABLE_JIT:
        return function
    options |= OPTIONS | {"no_cfunc_wrapper": True}
    entry: Any = _Entry(function, targetoptions=options, pipeline_class=EntryCompiler)
    if PACKAGE in Path(function.__code__.co_filename).resolve().parents:  # others' code is not in the fingerprint
        entry._cache = KernelCache(function)  # noqa: SLF001 - numba offers no public way to choose a cache
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
