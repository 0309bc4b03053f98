"""The user's folder for what can be made again: where it lies, that it is closed to others, and what of it is ours."""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

KEPT_FOLDERS = 3
TAG = "CACHEDIR.TAG"
MARK = "Signature: 8a477f597d28d172789f06886806bc55\n# Code that trafficsim compiled; it may be removed.\n"
"""What marks a folder as ours, so that it may be removed; programs for backups know the first line (bford.info)."""


def cache_root() -> Path | None:
    """Where this user's programs keep what they can make again; None where that can't be known."""
    if chosen := os.environ.get("TRAFFICSIM_CACHE_DIR"):
        folder = os.path.expanduser(chosen)  # noqa: PTH111 - Path.expanduser raises where there is no home
        return None if folder.startswith("~") else Path(folder)
    home = os.path.expanduser("~")  # noqa: PTH111 - the same
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or f"{home}/AppData/Local"
    elif sys.platform == "darwin":
        base = f"{home}/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or f"{home}/.cache"
    # Without a home these would be folders of the working directory, or of the whole machine.
    return Path(base, "trafficsim") if Path(base).is_absolute() and not base.startswith("//") else None


def make_folder(folder: Path, prefix: str) -> None:
    """Create a folder, marked as ours and closed to others, and remove the oldest ones beside it that bear our mark.

    `prefix` begins the names of those that may be removed; three stay.

    Raises:
        OSError: where the folder cannot be made.
    """
    if (folder / TAG).is_file():
        return
    _make_closed(folder)
    (folder / TAG).write_text(MARK, encoding="ascii", newline="")
    ours = [path for path in folder.parent.glob(f"{prefix}*") if _is_ours(path)]
    for old in sorted(ours, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_FOLDERS:]:
        shutil.rmtree(old, ignore_errors=True)


def _make_closed(folder: Path) -> None:
    """Create a folder and those above it that are missing, each for this user alone."""
    if not folder.is_dir():
        _make_closed(folder.parent)
        with suppress(FileExistsError):  # another process was quicker
            folder.mkdir(mode=0o700)


def _is_ours(folder: Path) -> bool:
    with suppress(OSError):
        return not folder.is_symlink() and (folder / TAG).read_bytes() == MARK.encode()
    return False
