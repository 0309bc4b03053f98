"""The cache: compiled code is stored in the user's cache folder, sealed, where nobody else can write.

Code is loaded only from a folder that is trusted (`trust`), and only with its seal unbroken: a flipped bit in machine
code may give other, plausible numbers. Whatever is wrong, the answer is a warning and to compile, never to stop.
"""

import hashlib
import pickle
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import numba

from trafficsim.compiled.fingerprint import PREFIX, code_version, machine_version, version_of
from trafficsim.files.cache_folder import cache_root, make_folder
from trafficsim.files.sealed import sealed, unsealed
from trafficsim.files.trust import fault, is_trusted
from trafficsim.files.whole import whole

try:  # numba has no public door to its results
    from numba.core.compiler import CompileResult
    from numba.core.runtime import rtsys
    from numba.core.serialize import dumps
except ImportError:
    CompileResult = None

SUFFIX = ".code"
OTHER_FOLDER = "TRAFFICSIM_CACHE_DIR names another folder"


class CompiledCodeWarning(RuntimeWarning):
    """Compiled code could not be cached, or the cache could not be used; it costs time only."""


def is_warm() -> bool:
    """Whether the cache has code for exactly this version on this machine, so that nothing is compiled first."""
    if numba.config.DISABLE_JIT:
        return True
    folder = cache_folder()
    return folder is not None and not why_not_cached() and _seen(folder).is_file()


@cache
def cache_folder() -> Path | None:
    """The folder for code compiled by these versions for this machine, which may not exist yet; None without a home.

    It lies in `TRAFFICSIM_CACHE_DIR` if that is set, else in the platform's folder for caches.
    """
    root = cache_root()
    return root and root.resolve() / machine_version()


def _seen(folder: Path) -> Path:
    """The empty file that tells that code of exactly these sources was kept, or found kept."""
    return folder / f"{code_version()}.seen"


def _mark_seen(folder: Path) -> None:
    if not _seen(folder).is_file():
        for other in folder.glob("*.seen"):
            other.unlink(missing_ok=True)
        _seen(folder).touch(mode=0o600)


def why_not_cached() -> str:
    """Why compiled code isn't cached, in one phrase; "" if it is."""
    folder = cache_folder()
    if CompileResult is None:
        return f"numba {numba.__version__} was never tried"
    if folder is None:
        return "this user has no home folder"
    try:
        return fault(folder)
    except OSError as error:
        return f"{error.filename}: {error.strerror}"


class KernelCache:
    """Where a kernel's dispatcher finds its machine code: what numba asks of a cache, over sealed files of ours."""

    def __init__(self, function: FunctionType, machinery: str, prefix: str = "") -> None:
        self._name = f"{prefix}{function.__module__}.{function.__qualname__}"
        self._function, self._machinery = function, machinery

    @property
    def cache_path(self) -> str:
        """The folder, for numba's statistics."""
        return str(cache_folder() or "")

    def holds(self, sig: Any) -> bool:
        """Whether there is compiled code for these types."""
        path = self._path(sig)
        return path is not None and not why_not_cached() and path.exists()

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Compiled code for these types, or None."""
        path = self._path(sig)
        if reason := why_not_cached():
            warn_not_cached(f"Compiled code is not cached: {reason}; {OTHER_FOLDER}.")
        elif path is not None and path.exists():
            try:
                result = _loaded(path, sig, target_context)
            except Exception:  # noqa: BLE001 - a damaged pickle can raise anything
                warn_not_cached(f"Compiled code in {path.parent} is damaged; it is compiled again.")
            else:
                with suppress(OSError):  # a folder that may only be read
                    _mark_seen(path.parent)
                return result
        return None

    def save_overload(self, sig: Any, result: Any) -> None:
        """Keep compiled code, if it can be kept."""
        path = self._path(sig)
        if path is None or why_not_cached() or result.library.has_dynamic_globals:
            return
        # Left out: the environments of all that was linked in, since loading them would load their modules.
        *parts, _ = result._reduce()  # noqa: SLF001 - numba offers no public way to write its results
        try:
            make_folder(path.parent, PREFIX)
            for old in path.parent.glob(f"{self._name}-{_short(repr(sig))}.*{SUFFIX}"):  # of other sources
                old.unlink(missing_ok=True)
            _mark_seen(path.parent)
            with whole(path) as unfinished:
                unfinished.touch(mode=0o600)
                unfinished.write_bytes(sealed(path.name, dumps((sig, *parts, ()))))
        except OSError as error:
            warn_not_cached(f"Compiled code is not cached: {path.parent}: {error.strerror}; {OTHER_FOLDER}.")

    def flush(self) -> None:
        """Forget what is kept of this function."""
        for path in (cache_folder() or Path()).glob(f"{self._name}-*{SUFFIX}"):
            path.unlink(missing_ok=True)

    def _path(self, sig: Any) -> Path | None:
        folder = cache_folder()
        return folder and folder / f"{self._name}-{_short(repr(sig))}.{self._version(sig)}{SUFFIX}"

    def _version(self, sig: Any) -> str:
        """What tells code of other sources, or for another layout of what it takes, from this."""
        layouts = {getattr(kind, "layout", "") for kind in getattr(sig, "args", sig)}
        return _short(f"{sorted(layouts)}\0{version_of(self._function, self._machinery)}")


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _loaded(path: Path, sig: Any, target_context: Any) -> Any:
    """Raises whatever damaged files can lead to; ValueError for a broken seal."""
    with path.open("rb") as file:
        content = unsealed(path.name, file.read()) if is_trusted(file.fileno()) else None
    if content is None:
        raise ValueError(path)
    # numba would first load all that it knows of Python and NumPy, a quarter of a second that only compiling needs.
    rtsys.initialize(target_context)
    of, *parts = pickle.loads(content)  # noqa: S301 - from a folder where nobody else can write
    return CompileResult._rebuild(target_context, *parts) if of == sig else None  # noqa: SLF001 - as above


def warn_not_cached(says: str) -> None:
    """Say once, whoever asks for the code, what costs time."""
    warnings.warn(says, CompiledCodeWarning, stacklevel=1)
