"""The machine's own floor: how fast memory moves, and what one draw for each customer takes."""

from functools import partial

import numpy as np

from benchmarks.sizes import Sizes
from benchmarks.tables import Table, Value
from benchmarks.timing import Job, medians
from trafficsim.kernel import rng
from trafficsim.kernel.blocks import draw, select

WORDS = """\
What no program on this machine could do faster: copying memory (bytes read and written are both counted), and drawing
one keyed random flag for each customer, or selecting those flagged, without doing anything with them, by the very
functions that the kernels use."""
SHARE = 0.3
"""Drawn by the flags."""
BLOCK = 65_536
"""Customers in one call from Python, which are still near the processor."""
MORE = 5
"""Times as many measurements as elsewhere, since each is short."""


def measure(sizes: Sizes) -> list[Table]:
    """Copy and draw."""
    size, customers = sizes.floor
    source, target = np.ones(size, np.uint8), np.empty(size, np.uint8)
    flags, chosen = np.ones(BLOCK, np.uint8), np.empty(BLOCK, np.int64)
    key, limit = rng.stream(1, 0, "floor"), np.uint64(rng.threshold(SHARE))
    blocks = -(-customers // BLOCK)
    jobs: dict[str, Job] = {
        "copy": partial(np.copyto, target, source),
        "draw": partial(_times, blocks, partial(draw, flags, key, 0, BLOCK, limit)),
        "select": partial(_times, blocks, partial(select, chosen, flags, 0, BLOCK)),
    }
    for job in jobs.values():
        job()  # the first touch of memory, and compilation
    taken = medians({name: partial(_as_it_is, job) for name, job in jobs.items()}, MORE * sizes.repeats)
    ns = {name: t.wall / (blocks * BLOCK) * 1e9 for name, t in taken.items()}
    rows: dict[str, dict[str, Value]] = {
        "copy bandwidth": {"GB/s": 2.0 * size / taken["copy"].wall / 1e9},
        "draw a flag": {"ns per customer": ns["draw"]},
        "select into a list": {"ns per customer": ns["select"]},
    }
    return [Table("floor", "The machine's own floor", WORDS, rows)]


def _as_it_is(job: Job) -> Job:
    return job


def _times(count: int, job: Job) -> None:
    for _ in range(count):
        job()
