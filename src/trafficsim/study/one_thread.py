"""Linear algebra on one thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Let BLAS use one thread within: several change the last bits, and take longer for matrices of some hundred rows.

    Work that runs in parallel (`engine.running`) has threads of its own, which this leaves alone.
    """
    with _libraries().limit(limits=1):
        yield


@cache
def _libraries() -> Any:
    """Every BLAS that is loaded; finding them takes longer than what is limited may."""
    import numpy.linalg  # noqa: F401, PLC0415 - what is loaded later would not be found
    import scipy.linalg  # noqa: F401, PLC0415 - with a BLAS of its own
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - slow to import

    return ThreadpoolController()
