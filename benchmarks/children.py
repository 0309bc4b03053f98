"""Commands in processes of their own: how long they take, from nothing to the end."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.timing import Time

ROOT = Path(__file__).parents[1]


def run(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> tuple[Time, str]:
    """Run this Python with arguments; the time by the clock and of its processors, and what it printed.

    Raises:
        RuntimeError: with what it complained about, if it failed.
    """
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, **(environment or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # who installs a package does not compile its sources each time
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, *arguments]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {ended.stderr}")
    return Time(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), ended.stdout
