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
    return PREFIX + _fingerprint()


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
    waiting.append(f"{PACKAGE.name}.compiled")
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
