"""Arrays saved in files with a checksum and an identity: a file of another run, or a damaged one, is ignored."""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from trafficsim.files.whole import write_whole

SEAL_BYTES = 32
QUICKLY = 1
"""How hard deflate tries: more takes three times as long, and leaves a fifth less."""


def keep(path: Path, of: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays, whole or not at all: NumPy's archive behind a seal of the content and of what it is the outcome."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=QUICKLY) as entries:
        for name, array in arrays.items():
            with entries.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array)
    write_whole(path, sealed(of, archive.getvalue()))


def kept(path: Path, of: str, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, NDArray[Any]] | None:
    """The arrays that were saved; None where there are none, or they are damaged, of another run or of other shapes.

    Args:
        path: where they were saved.
        of: what they are the outcome of; the seal says whether it is so.
        shapes: of each array, by its name.
    """
    content = unsealed(of, path.read_bytes()) if path.is_file() else None
    if content is None:
        return None
    try:
        with np.load(BytesIO(content)) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except (ValueError, EOFError, BadZipFile, AttributeError):  # a seal says what was sealed, not by whom
        return None
    numbers = all(array.dtype.kind in "iuf" for array in found.values())
    return found if numbers and {name: array.shape for name, array in found.items()} == dict(shapes) else None


def sealed(of: str, content: bytes) -> bytes:
    """Bytes behind a seal of themselves and of what they are the outcome."""
    return _seal(of, content) + content


def unsealed(of: str, bytes_: bytes) -> bytes | None:
    """The content of sealed bytes; None if a bit of it changed, or it is of something else."""
    seal, content = bytes_[:SEAL_BYTES], bytes_[SEAL_BYTES:]
    return content if seal == _seal(of, content) else None


def _seal(of: str, content: bytes) -> bytes:
    return hashlib.blake2b(f"{of}\0".encode() + content, digest_size=SEAL_BYTES).digest()
