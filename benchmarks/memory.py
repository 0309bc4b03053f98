"""Memory: what a customer takes, and the peak while everything is built. Each size in a process of its own.

As a program, `python -m benchmarks.memory complete CUSTOMERS POOLS` (or `mesa CUSTOMERS`) prints its numbers as JSON.
"""

import json
import resource
import sys
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import children
from benchmarks.complete import ARM, scenario
from benchmarks.mini import acquaintances, numbers
from benchmarks.sizes import Sizes
from benchmarks.tables import Table, Value, population
from trafficsim.engine.world import World, start

WORDS = """\
The complete model in processes of their own. State: the arrays of a world, ties of mean degree 10 included. Resident
and peak: memory of the process beyond that of a process that has run a tiny world, after building and a few days, and
at the highest point of building and running."""
DAYS = 3
KIB = 1024
STATE, PEAK = "state, bytes per customer", "peak of the process, GB"
PER_POOL = "each further pool"


def measure(sizes: Sizes) -> list[Table]:
    """A row for each size, for each number of pools, and for Mesa's mini model."""
    rows = {population(n): _row(n, ["complete", f"{n}", "1"]) for n in sizes.memory}
    few = sizes.memory[0]
    for pools in sizes.more_pools:
        rows[f"{population(few)}, {pools} pools"] = _row(few, ["complete", f"{few}", f"{pools}"])
    first, last = (float(row[STATE]) for row in (rows[population(few)], rows[f"{population(few)}, {pools} pools"]))
    rows[PER_POOL] = {STATE: (last - first) / (pools - 1)}
    rows[f"the mini model in Mesa, {population(few)}"] = _row(few, ["mesa", f"{few}"])
    return [Table("memory", "Memory", WORDS, rows)]


def _row(customers: int, arguments: list[str]) -> dict[str, Value]:
    found = json.loads(children.run(["-m", "benchmarks.memory", *arguments])[1])
    row: dict[str, Value] = {}
    if "state" in found:
        row[STATE] = found["state"] / customers
    row["resident, bytes per customer"] = (found["after"] - found["before"]) / customers
    row["peak, bytes per customer"] = (found["peak"] - found["before"]) / customers
    row[PEAK] = found["peak"] / 1e9
    return row


def state_bytes(world: World) -> int:
    """Bytes of a world's columns and ties."""
    columns = sum(array.nbytes for group in world.columns[:-1] for array in group)  # the last holds the same, as stored
    return int(columns + world.ties.indptr.nbytes + world.ties.indices.nbytes)


def resident() -> int:
    """Bytes of memory of this process now; its peak where the system does not tell."""
    return _told_by_linux("VmRSS") or peak()


def peak() -> int:
    """The most memory that this program ever had, in bytes.

    Linux' getrusage would also count what the process that started this one had.
    """
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _told_by_linux("VmHWM") or (most if sys.platform == "darwin" else most * KIB)


def _told_by_linux(what: str) -> int | None:
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return None
    return next(int(line.split()[1]) * KIB for line in lines if line.startswith(what))


def with_pools(customers: int, pools: int) -> Any:
    """The complete model, with further pools that nobody posts in."""
    further = {f"pool{k}": {"kind": "pool", "form": "account", "open_rate": 0.1} for k in range(1, pools)}
    return scenario(customers, DAYS).replace({"places": further} if further else {})


def of_complete(customers: int, pools: int) -> dict[str, int]:
    """Build a world, let a few days pass, and look."""
    start(with_pools(100, pools), ARM).run()
    before = resident()
    world = start(with_pools(customers, pools), ARM).run()
    return {"before": before, "after": resident(), "peak": peak(), "state": state_bytes(world)}


def of_mesa(customers: int) -> dict[str, int]:
    """The same for Mesa's mini model, without the ties that it is given."""
    from benchmarks.mini_mesa import MiniMesa  # noqa: PLC0415 - its memory belongs to this measurement alone

    ties = acquaintances(customers, 1)
    MiniMesa(acquaintances(100, 1), numbers(), 1).run(1)
    before = resident()
    model = MiniMesa(ties, numbers(), 1)
    model.run(1)
    return {"before": before, "after": resident(), "peak": peak()}


def main() -> None:
    """Measure one size, and print."""
    what, customers, *pools = sys.argv[1:]
    found = partial(of_complete, pools=int(pools[0])) if what == "complete" else of_mesa
    print(json.dumps(found(int(customers))))


if __name__ == "__main__":
    main()
