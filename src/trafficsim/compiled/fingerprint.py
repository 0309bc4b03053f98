"""What decides the machine code: its fingerprint names the folder of compiled code, and the rules of a run.

numba's own cache looks only at the file that defines a function: an edited helper or constant in another file would
silently give old results. So this is a fingerprint of every source that can flow into a kernel, of the versions of
numba, NumPy, llvmlite and Python, of the settings that change the code, and of the processor.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import llvmlite
import numba
import numpy as np
from llvmlite import binding as llvm

PACKAGE = Path(__file__).resolve().parents[1]
PREFIX = "kernels-"
CODE_SETTINGS = ("BOUNDSCHECK", "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "ENABLE_AVX", "DEBUGINFO_DEFAULT")


@cache
def code_version() -> str:
    """A name for exactly this code on this machine, which differs wherever other machine code could come out."""
    sources = _sources()
    marks = (b"@rule", b"@kernel", b"@part", b"@allocating", b"@step")
    first = [name for name, text in sources.items() if any(mark in text for mark in marks)]
    return _hash(_within(sources, [*first, f"{PACKAGE.name}.compiled"]), *_of_machine())


@cache
def machine_version() -> str:
    """A name for the versions, settings and the processor that decide what machine code a source becomes."""
    return PREFIX + _hash({}, *_of_machine())


@cache
def source_version(module: str) -> str:
    """A hash of a module's source and of those that it imports, directly or not, from this package.

    The imports count because numba copies a constant's value into the code.
    """
    return _hash(_within(_sources(), [module, f"{PACKAGE.name}.compiled"]))


def _hash(sources: dict[str, bytes], *others: str) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name, source in sorted(sources.items()):
        digest.update(f"{name}\0{len(source)}\0".encode())
        digest.update(source)
    for other in others:
        digest.update(f"\0{other}".encode())
    return digest.hexdigest()


@cache
def _sources() -> dict[str, bytes]:
    """The source of every module of this package, by its name."""
    return {_module_name(path): path.read_bytes() for path in PACKAGE.rglob("*.py")}


def _within(sources: dict[str, bytes], first: list[str]) -> dict[str, bytes]:
    """The sources of some modules and of all that they import."""
    found: dict[str, bytes] = {}
    waiting = list(first)
    while waiting:
        name = waiting.pop()
        if name not in found and name in sources:
            found[name] = sources[name]
            waiting.extend(_imports(name, sources[name]))
    return found


@cache
def _imports(name: str, source: bytes) -> tuple[str, ...]:
    del name
    return tuple(_imported(source.decode()))


def _of_machine() -> tuple[str, ...]:
    return (*_versions(), *_settings(), *_processor())


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
