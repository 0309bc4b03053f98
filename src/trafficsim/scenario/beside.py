"""Files that a scenario may name: those beside it or below."""

import os
from pathlib import Path


def refused(file: Path, folder: Path) -> str:
    """Why a file isn't read, if so: else a scenario of somebody else's could lead to any file of whoever runs it."""
    if not folder.is_dir():
        return "a scenario that lies in no folder can't name files; give it by its path"
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
        return f"must lie beside the scenario or in a folder below, wherever links lead (got {file})"
    return "" if file.is_file() else f"no such file: {file}"
