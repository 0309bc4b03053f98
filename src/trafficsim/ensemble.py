"""Ensembles: replicates side by side on any executor; finished ones survive an interruption.

The unit of work is one replicate with all its arms: they share population and ties, and telling what a pool did to
those who joined needs the same people in both arms.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim.columns import BEFORE_START
from trafficsim.compiled import cache_folder
from trafficsim.files import write_whole
from trafficsim.people import last_counts
from trafficsim.scenario import Scenario
from trafficsim.scenario.needs import processors
from trafficsim.world import gather, start

Integers = NDArray[np.int64]
SEAL_BYTES = 32


class Replicate(NamedTuple):
    """What one replicate found, in simulated customers and cents (not yet scaled by `each_stands_for`)."""

    tallies: Integers
    """Shape `(arms, days, counters, width)`."""
    members: Integers
    """Members at the end of each day, shape `(arms, days, places)`."""
    aware_at_start: Integers
    """Customers who knew the brand before day 0, shape `(arms,)`."""
    joiners: Integers
    """Customers who joined any pool in the run, shape `(arms,)`."""
    joiner_orders_in: Integers
    """Orders in the run of the joiners of the first arm, as they were in the second, shape `(arms, arms)`."""
    other_orders: Integers
    """Orders in the run of all other customers, shape `(arms,)`."""
    last_counts: Integers
    """People counted at the end (see `people.last_counts`), shape `(arms, counts, width)`."""


def run_replicate(scenario: Scenario, seed: int, replicate: int) -> Replicate:
    """All arms of one replicate, with the same customers and the same luck; one arm at a time is in memory."""
    crowd = gather(scenario, seed, replicate)
    before = crowd.columns.bought.orders
    segments, hooks = len(scenario.plan(scenario.baseline).customers.segments), len(scenario.names("hooks"))
    worlds, orders, joined, counted = [], [], [], []
    for arm in scenario.arms:
        world = start(scenario, arm, seed, replicate, crowd).run()
        orders.append(world.columns.bought.orders - before)
        counted.append(last_counts(world.columns, orders[-1], segments, hooks))
        joined.append((world.columns.member.joined_on >= 0).any(axis=0))
        world.release()
        worlds.append(world)
    return Replicate(
        tallies=np.stack([w.tallies for w in worlds]),
        members=np.stack([w.members[1:] for w in worlds]),
        aware_at_start=np.full(len(worlds), np.sum(crowd.columns.story.aware_on == BEFORE_START), np.int64),
        joiners=np.array([j.sum() for j in joined], np.int64),
        joiner_orders_in=np.array([[o[j].sum(dtype=np.int64) for o in orders] for j in joined]),
        other_orders=np.array([o[~j].sum(dtype=np.int64) for o, j in zip(orders, joined, strict=True)]),
        last_counts=np.stack(counted),
    )


def run_replicates(
    scenario: Scenario,
    seed: int,
    replicates: Sequence[int],
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> list[Replicate]:
    """Run replicates side by side; the results come in the order of `replicates` and don't depend on the workers.

    Args:
        scenario: what to run.
        seed: together with a replicate's number, decides all luck.
        replicates: their numbers.
        workers: threads (compiled kernels let go of the interpreter's lock); by default as many as processors.
        executor: any other executor of `concurrent.futures`, used instead and left open.
        folder: where finished replicates are kept. Those of this scenario, seed and version that it already holds are
            read, not run; a file that is damaged or of another run is not trusted: its replicate is run again.
        done: called with a replicate's number when it is there.
    """
    run = f"{scenario.digest} {seed} {cache_folder().name}"
    found = {n: kept for n in replicates if folder and (kept := _kept(folder, n, run)) is not None}
    for n in found:
        _tell(done, n)
    missing = [n for n in replicates if n not in found]
    with _pool(executor, workers) as pool:
        jobs = {pool.submit(run_replicate, scenario, seed, n): n for n in missing}
        for job in _as_completed(jobs):
            n = jobs[job]
            found[n] = job.result()
            if folder:
                _keep(folder, n, run, found[n])
            _tell(done, n)
    return [found[n] for n in replicates]


@contextmanager
def _pool(executor: Executor | None, workers: int | None) -> Iterator[Executor]:
    if executor is not None:
        yield executor
        return
    with ThreadPoolExecutor(workers or processors()) as pool:
        yield pool


def _as_completed(jobs: Iterable[Future[Replicate]]) -> Iterator[Future[Replicate]]:
    """Jobs as they end; after an error or an interruption, what has not begun is dropped."""
    try:
        yield from as_completed(jobs)
    finally:
        for job in jobs:
            job.cancel()


def _tell(done: Callable[[int], None] | None, replicate: int) -> None:
    if done:
        done(replicate)


def _path(folder: Path, replicate: int) -> Path:
    return folder / f"{replicate:06d}.replicate"


def _keep(folder: Path, replicate: int, run: str, found: Replicate) -> None:
    """Write a replicate: NumPy's archive behind a seal of the run and the content."""
    arrays: dict[str, Any] = found._asdict()
    archive = BytesIO()
    np.savez_compressed(archive, **arrays)
    content = archive.getvalue()
    write_whole(_path(folder, replicate), _seal(run, replicate, content) + content)


def _kept(folder: Path, replicate: int, run: str) -> Replicate | None:
    """A replicate that was kept; None where there is none, or its seal says that it is damaged or of another run."""
    path = _path(folder, replicate)
    kept = path.read_bytes() if path.is_file() else b""
    seal, content = kept[:SEAL_BYTES], kept[SEAL_BYTES:]
    if seal != _seal(run, replicate, content):
        return None
    with np.load(BytesIO(content)) as arrays:
        return Replicate(**{name: arrays[name] for name in Replicate._fields})


def _seal(run: str, replicate: int, content: bytes) -> bytes:
    return hashlib.blake2b(f"{run} {replicate}\0".encode() + content, digest_size=SEAL_BYTES).digest()
