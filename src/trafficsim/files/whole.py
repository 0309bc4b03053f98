"""Files written whole or not at all: a reader, or a run that is cut off, never sees half of one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

UNFINISHED = re.compile(r"\.[0-9a-f]{32}\.part")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` once the block ends without an error.

    Folders that are missing are made. After an error `path` is as it was before and the unfinished file is gone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, because a file can only be renamed in one step within one file system.
    unfinished = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        if error.filename in {None, str(unfinished)}:  # writing to an open file names none
            error.filename = str(path)  # the only one that the reader knows
        raise
    finally:
        unfinished.unlink(missing_ok=True)


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV, whole or not at all; OSError if it can't be.

    UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding; pandas and R read over it.
    """
    write_whole(path, "\ufeff" + table.to_csv(index=False, lineterminator="\n"))


def remove_unfinished(folder: Path) -> None:
    """Remove what a process left in the folder that was killed while it wrote."""
    for path in folder.glob(".*.part"):
        if UNFINISHED.fullmatch(path.name):
            path.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | memoryview | str) -> None:
    """Write text (as UTF-8, line ends as they are) or bytes to `path`, whole or not at all; OSError if it can't be."""
    with whole(path) as unfinished:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
