"""The decorators: rules, parts and kernels, which Python may call, and steps, which the loop over days calls.

All are plain numba, compiled when they are first called. What compiled code calls is compiled without an entry from
Python and without reference counts, which numba would take for every array: for a function of many columns that costs
more than its body.
"""

from collections.abc import Callable
from functools import cache, cached_property, update_wrapper
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba import types

from trafficsim.compiled.cache import KernelCache
from trafficsim.files.sources import PACKAGE

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS = {"error_model": "numpy"}
INSIDE = OPTIONS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""For what only compiled code calls."""


class Compiled:
    """A function that Python calls as it is written, and compiled code as a part of its own.

    Attributes:
        py_func: the function as it is written.
        options: what numba is told of it, which decides its code as well.
    """

    def __init__(self, function: Callable[..., Any], *, counts: bool = False, nogil: bool = False) -> None:
        update_wrapper(self, function)
        self.py_func: Any = function
        self._counts, self._nogil = counts, nogil
        self.options = f"{counts} {nogil}"
        self._entry: dict[str, Any] = {}

    def __call__(self, *arguments: Any) -> Any:
        """What the function gives, compiled."""
        return self.entry(*arguments)

    @cached_property
    def entry(self) -> Any:
        """Python's way in."""
        return self._kept(numba.njit(self.py_func, nogil=self._nogil, **self._entry, **OPTIONS), "")

    @cached_property
    def inside(self) -> Any:
        """What compiled code calls."""
        dispatcher = self._kept(numba.njit(self.py_func, _nrt=self._counts, **INSIDE), "inside.")
        dispatcher.__class__ = _for_any_constant(cast("Any", type(dispatcher)))
        return dispatcher

    def _kept(self, dispatcher: Any, prefix: str) -> Any:
        """Cache its machine code, that of pieces too, so that an edit compiles what lies between it and a step."""
        if PACKAGE in Path(self.py_func.__code__.co_filename).resolve().parents:  # others' code has no fingerprint
            dispatcher._cache = KernelCache(self.py_func, type(self).__module__, prefix)  # noqa: SLF001 - numba offers no public way to choose a cache
        return dispatcher

    @property
    def _numba_type_(self) -> Any:
        return types.Dispatcher(self.inside)


@cache
def _for_any_constant(dispatcher: Any) -> Any:
    """A dispatcher that compiles once for all constants of a type, where numba would compile anew for each."""

    class ForAnyConstant(dispatcher):  # type: ignore[misc]
        def get_call_template(self, args: Any, kws: Any) -> Any:
            plain = types.unliteral
            return super().get_call_template(tuple(map(plain, args)), {name: plain(kind) for name, kind in kws.items()})

    return ForAnyConstant


def rule(function: Function) -> Function:
    """Compile a scalar pure function that steps call, and that people and tests can call without a model.

    Division by zero gives infinity or NaN, as in NumPy. With `NUMBA_DISABLE_JIT=1` the function is returned as it is.
    """
    return _compiled(function)


def part(function: Function) -> Function:
    """Compile a part of a step: a function of a frame, or of arrays, that makes no arrays of its own.

    A function that makes an array, takes a slice of one, or calls one that does, is `allocating` instead; numba refuses
    it here.
    """
    return _compiled(function)


def allocating(function: Function) -> Function:
    """Compile a part that makes arrays or slices of its own."""
    return _compiled(function, counts=True)


def kernel(function: Function) -> Function:
    """Compile a loop over arrays. It runs without the interpreter's lock, so that runs can share a pool of threads.

    Called by other compiled code it must make no arrays.
    """
    return _compiled(function, nogil=True)


def _compiled(function: Function, **options: Any) -> Function:
    return function if numba.config.DISABLE_JIT else Compiled(function, **options)  # type: ignore[return-value]
