"""python -m benchmarks.first_answer: from an edit of a scenario to the next answer on the screen, once compiled.

The restaurant with 8 replicates; each time another price, so that nothing is read from the last run. The bar of issue
"the first thirty seconds" is 6 seconds on an idle machine of two cores; pictures follow.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

BAR = 6.0
"""Seconds."""
REPLICATES, TIMES = 8, 5


def first_answer(price: int, folder: Path) -> tuple[float, float]:
    """Seconds until the answer is printed, and until all is written."""
    command = [sys.executable, "-m", "trafficsim", "compare", "restaurant", "--replicates", str(REPLICATES)]
    command += ["--set", f"product.price={price}", "--out", str(folder / str(price))]
    began, answered = time.perf_counter(), float("nan")
    at_once = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=at_once) as run:  # noqa: S603 - our command
        for line in run.stdout or ():
            if "In brackets" in line:
                answered = time.perf_counter() - began
    return answered, time.perf_counter() - began


def main() -> int:
    """Print the times; status 1 where the median is over the bar."""
    with tempfile.TemporaryDirectory() as folder:
        first_answer(89, Path(folder))  # code is compiled, files are in the system's cache
        taken = [first_answer(90 + number, Path(folder)) for number in range(1, TIMES + 1)]
    answered, written = (median(times) for times in zip(*taken, strict=True))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"answer after {answered:.1f} s (bar {BAR:g} s), all written after {written:.1f} s; load {load:.1f}")
    return int(answered > BAR)


if __name__ == "__main__":
    sys.exit(main())
