"""Starsim's own SIR beside the mini model: another way of putting agents into columns.

Starsim needs an environment of its own: `python -m venv DIR; DIR/bin/pip install starsim`, then
`python -m benchmarks --starsim-python DIR/bin/python`.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.sizes import Sizes
from benchmarks.tables import Table, Value, population

SCRIPT = Path(__file__).with_name("starsim_script.py")
NOT_INSTALLED = "skipped: not installed"
STEPS = 20
WORDS = """\
Starsim's own SIR on a random network of mean degree 10, as its documentation sets it up. It does less in a step than
the mini model in a day (no visits, posts, pool or purchases), so that the comparison favours Starsim."""


def measure(sizes: Sizes, python: str | None) -> list[Table]:
    """A row for each number of agents; texts where Starsim is not installed."""
    python = python or (sys.executable if importlib.util.find_spec("starsim") else None)
    rows = {population(agents): _row(python, agents, sizes.repeats) for agents in sizes.starsim}
    return [Table("starsim", "Starsim", WORDS, rows)]


def _row(python: str | None, agents: int, repeats: int) -> dict[str, Value]:
    if python is None:
        return {"ns per agent and step": NOT_INSTALLED, "version": NOT_INSTALLED}
    command = [python, str(SCRIPT), str(agents), str(STEPS), str(repeats)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own script
    found = json.loads(printed.splitlines()[-1])
    return {"ns per agent and step": float(found["ns"]), "version": str(found["version"])}
