"""A dask cluster as an executor: worlds run on workers of other machines, if need be while some of them die."""

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager

PATIENCE_SECONDS = 10
"""How long a scheduler may take to answer, and its first worker to be there (assumed)."""


class ClusterError(ValueError):
    """A cluster that can't be used, or was lost: one plain line."""


@contextmanager
def dask_cluster(address: str) -> Iterator[Executor]:
    """An executor that runs on the workers of a dask scheduler; work of a worker that dies is done by another one.

    Args:
        address: of the scheduler, such as tcp://10.0.0.5:8786.

    Raises:
        ClusterError: if dask isn't installed, nothing answers, there is no worker, or workers die again and again.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and slow to import
        from distributed.comm.core import CommClosedError  # noqa: PLC0415 - the same
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - the same
    except ImportError:
        raise ClusterError("dask is not installed; pip install 'trafficsim[dask]' installs it") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what fails is told by whoever sees it fail
    try:
        client = Client(address, timeout=PATIENCE_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise ClusterError(
            f"no dask scheduler answers at {address} within {PATIENCE_SECONDS} s; `dask scheduler` starts one and "
            "prints its address"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        except TimeoutError:
            raise ClusterError(
                f"the dask scheduler at {address} has no workers; `dask worker {address}` starts some"
            ) from None
        try:
            yield client.get_executor(pure=False)  # what is asked twice is run twice
        except KilledWorker:
            raise ClusterError("several dask workers died at the same work, perhaps for want of memory") from None
        except (CancelledError, CommClosedError):
            raise ClusterError(f"the dask scheduler at {address} was lost") from None
