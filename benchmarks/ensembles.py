"""Ensembles: replicates on one thread, on two, and on two processes, which must give the same bits."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from statistics import median

import numpy as np

from benchmarks.complete import comparison
from benchmarks.sizes import Sizes
from benchmarks.tables import Table, Value
from benchmarks.timing import Time, timed
from trafficsim.engine.ensemble import Replicate, run_replicates
from trafficsim.engine.running import Running
from trafficsim.scenario import Scenario

WORDS = """\
The three arms of the complete model, {replicates} replicates x {customers:,} customers x {days} days, populations
and ties included. Processes are started anew each time (`spawn`), as an own executor may do."""
WORKERS = 2
ONE, TWO, PROCESSES = "1 thread", "2 threads", "2 processes"


def measure(sizes: Sizes) -> list[Table]:
    """A row for each way to share the work."""
    customers, days, replicates = sizes.ensemble
    case = comparison(customers, days)
    modes: dict[str, Callable[[], list[Replicate]]] = {
        ONE: partial(run_replicates, case, 1, range(replicates), Running(1)),
        TWO: partial(run_replicates, case, 1, range(replicates), Running(WORKERS)),
        PROCESSES: partial(_on_processes, case, replicates),
    }
    found: dict[str, list[Replicate]] = {}
    taken: dict[str, list[Time]] = {name: [] for name in modes}
    for _ in range(sizes.repeats):
        for name, run in modes.items():
            taken[name].append(timed(partial(_note, found, name, run)))
    rows = {name: _row(times, _speed(taken, name), _same(found[ONE], found[name])) for name, times in taken.items()}
    return [Table("ensembles", "Ensembles", WORDS.format(replicates=replicates, customers=customers, days=days), rows)]


def _note(found: dict[str, list[Replicate]], name: str, run: Callable[[], list[Replicate]]) -> None:
    found[name] = run()


def _on_processes(case: Scenario, replicates: int) -> list[Replicate]:
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as executor:
        return run_replicates(case, 1, range(replicates), Running(executor=executor))


def _same(a: list[Replicate], b: list[Replicate]) -> bool:
    """Whether two ensembles have the same bits."""
    return all(np.array_equal(x, y) for one, other in zip(a, b, strict=True) for x, y in zip(one, other, strict=True))


def _speed(taken: dict[str, list[Time]], name: str) -> float:
    return median(t.wall for t in taken[ONE]) / median(t.wall for t in taken[name])


def _row(times: list[Time], speed: float, same: bool) -> dict[str, Value]:  # noqa: FBT001 - a column
    return {"s": median(t.wall for t in times), "times as fast": speed, "same bits": "yes" if same else "no"}
