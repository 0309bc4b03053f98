"""Medians of repeated measurements, taken in turns, so that a busy spell of the machine falls on all alike."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

Job = Callable[[], object]
Prepare = Callable[[], Job]


class Time(NamedTuple):
    """Seconds: by the clock, and of all processors together for this process.

    With one thread, a clock that ran much longer than the processor says that the machine was busy with other things.
    """

    wall: float
    cpu: float


def timed(job: Job) -> Time:
    """How long a job takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    job()
    return Time(time.perf_counter() - wall, time.process_time() - cpu)


def measured(jobs: Mapping[str, Prepare], repeats: int) -> dict[str, list[Time]]:
    """So many measurements of each job by name; what prepares a job is not timed, and is done anew for each."""
    taken: dict[str, list[Time]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, prepare in jobs.items():
            taken[name].append(_once(prepare))
    return taken


def middle(times: Sequence[Time]) -> Time:
    """The median of some measurements."""
    return Time(median(t.wall for t in times), median(t.cpu for t in times))


def medians(jobs: Mapping[str, Prepare], repeats: int) -> dict[str, Time]:
    """The median time of each job by name."""
    return {name: middle(times) for name, times in measured(jobs, repeats).items()}


def _once(prepare: Prepare) -> Time:
    job = prepare()
    gc.collect()
    return timed(job)
