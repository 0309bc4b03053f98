"""What decides the machine code: its fingerprint names the folder of compiled code, and the rules of a run.

numba's own cache looks only at the file that defines a function: an edited helper or constant in another file would
silently give old results. So this is a fingerprint of every source that can flow into a kernel, of the versions of
numba, NumPy, llvmlite and Python, of the settings that change the code, and of the processor.
"""

import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import llvmlite
import numba
import numpy as np
from llvmlite import binding as llvm

from trafficsim.files.sources import PACKAGE, module_sources, with_imported

PREFIX = "kernels-"
CONSTANTS = (bool, int, float, complex, str, bytes, tuple, np.generic, np.dtype, type(None))
CODE_SETTINGS = ("BOUNDSCHECK", "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "ENABLE_AVX", "DEBUGINFO_DEFAULT")


@cache
def code_version() -> str:
    """A name for exactly this code on this machine, which differs wherever other machine code could come out."""
    sources = module_sources()
    marks = (b"@rule", b"@kernel", b"@part", b"@allocating", b"@step")
    first = [name for name, text in sources.items() if any(mark in text for mark in marks)]
    return _hash(with_imported(sources, [*first, f"{PACKAGE.name}.compiled"]), *_of_machine())


@cache
def machine_version() -> str:
    """A name for the versions, settings and the processor that decide what machine code a source becomes."""
    return PREFIX + _hash({}, *_of_machine())


@cache
def version_of(function: FunctionType, machinery: str) -> str:
    """A hash of all that the machine code of a function comes from.

    That is its own code and that of compiled functions that it reaches; constants, whose values numba copies; and the
    sources of modules of anything else that it names, of `machinery`, and of what these import from this package.
    """
    found, modules, waiting = {}, {machinery, f"{PACKAGE.name}.compiled"}, [function]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found[at] = [
                f"{at.__module__}.{at.__qualname__} {at.__defaults__}",
                *_code(at.__code__),
            ]
            for name, value in _named(at):
                if hasattr(value, "py_func"):
                    waiting.append(value.py_func)
                    found[at].append(f"{name} = {type(value).__name__} {getattr(value, 'options', '')}")
                elif isinstance(value, np.ndarray):
                    found[at].append(f"{name} = {value.dtype} {value.shape} {value.tobytes()!r}")
                elif isinstance(value, CONSTANTS):
                    found[at].append(f"{name} = {value!r}")
                else:
                    module = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
                    modules.add(module)
                    found[at].append(f"{name} = {module}.{getattr(value, '__qualname__', '')}")
    return _hash(with_imported(module_sources(), sorted(modules)), *sorted(map(repr, found.values())))


def _named(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What the names in a function stand for, but for those of Python itself."""
    names = sorted(_names(function.__code__))  # a set has another order in each process
    yield from ((name, function.__globals__[name]) for name in names if name in function.__globals__)
    closure = [cell.cell_contents for cell in function.__closure__ or ()]
    yield from zip(function.__code__.co_freevars, closure, strict=True)


def _names(code: CodeType) -> set[str]:
    inner = (_names(const) for const in code.co_consts if isinstance(const, CodeType))
    return {*code.co_names}.union(*inner)


def _code(code: CodeType) -> Iterator[str]:
    """What a function does, wherever in its file it stands."""
    yield f"{code.co_code!r} {code.co_argcount} {code.co_names} {code.co_varnames} {code.co_freevars}"
    for const in code.co_consts:
        ordered = sorted(map(repr, const)) if isinstance(const, frozenset) else const
        yield from _code(const) if isinstance(const, CodeType) else (repr(ordered),)


def _hash(sources: dict[str, bytes], *others: str) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name, source in sorted(sources.items()):
        digest.update(f"{name}\0{len(source)}\0".encode())
        digest.update(source)
    for other in others:
        digest.update(f"\0{other}".encode())
    return digest.hexdigest()


def _of_machine() -> tuple[str, ...]:
    versions = numba.__version__, np.__version__, llvmlite.__version__, sys.version
    processor = llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    return *versions, *_settings(), *processor


def _settings() -> list[str]:
    """Settings that change the code, bounds checks above all: checked and unchecked code must not mix."""
    return [f"{name}={getattr(numba.config, name, None)}" for name in CODE_SETTINGS]
