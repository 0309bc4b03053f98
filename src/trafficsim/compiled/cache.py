"""The cache: compiled code is kept in the user's cache folder.

numba's own cache looks only at the file that defines a function: an edited helper or constant in another file would
silently give old results. So here the folder's name is a fingerprint of every source that can flow into a kernel, of
the versions of numba, NumPy, llvmlite and Python, of the settings that change the code, and of the processor.
"""

import hashlib
import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from llvmlite import binding as llvm
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, _CacheLocator
from numba.core.runtime import rtsys

PACKAGE = Path(__file__).resolve().parents[1]
KEPT_FOLDERS = 3
FOLDER_PREFIX = "kernels-"
CODE_SETTINGS = ("BOUNDSCHECK", "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "ENABLE_AVX", "DEBUGINFO_DEFAULT")


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


class KernelCache(FunctionCache):  # type: ignore[misc]
    """numba's cache in our folder. Whatever goes wrong with a file, the answer is to compile, never to stop."""

    _impl_class = _CompileResults

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        locator = self._impl.locator
        self._cache_file = _Files(locator.get_cache_path(), self._impl.filename_base, locator.get_source_stamp())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Compiled code for these types, or None."""
        # numba would first load all that it knows of Python and NumPy, a quarter of a second that only compiling needs.
        try:
            rtsys.initialize(target_context)
            return self._load_overload(sig, target_context)
        except Exception:  # noqa: BLE001 - a damaged pickle can raise anything
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep compiled code, if it can be kept."""
        with suppress(OSError):
            super().save_overload(sig, data)
