"""Processes for work that is largely Python, which threads of one process do one after the other.

They end with the process that began them, however that ends.
"""

import atexit
import gc
import os
import signal
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection

WAY_GIVEN = 10
"""Niceness of a process that prepares what is needed later: a tenth of what others get (assumed)."""


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """An executor of processes, begun as they are needed; in a script it belongs under `if __name__ == "__main__"`.

    After an error or an interruption they end at once, in the middle of their work; else when the work is done.
    """
    context = get_context("spawn")  # copying a process whose threads hold locks may hang
    alive, held = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_depend, initargs=(alive,))
    try:
        yield pool
        pool.shutdown()
    finally:
        held.close()
        pool.shutdown(cancel_futures=True)
        alive.close()


def load(module: str) -> None:
    """Import a module ahead of the work that asks for it, in time that nobody else wants, where the system lets one."""
    if hasattr(os, "nice"):
        os.nice(WAY_GIVEN)
    import_module(module)


def _depend(alive: Connection) -> None:
    """In a process of its own: leave interruptions to the one that began it, and end when that one does, and soon."""
    atexit.register(gc.freeze)  # a third of a second, when much has been imported, of looking for garbage
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.filterwarnings("ignore", message="Compiled code")  # the process that began this one says it
    threading.Thread(target=_end_after, args=(alive,), daemon=True).start()


def _end_after(alive: Connection) -> None:
    """Nothing is ever sent: there is something to read only when the other end is closed, if need be by its death."""
    try:
        alive.poll(None)
    finally:
        os._exit(1)
