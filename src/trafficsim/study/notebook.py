"""What a notebook shows while work goes on: why nothing happens at first, and how much is left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trafficsim.compiled import is_warm, why_not_cached

Done = Callable[[int], None]


def compiling() -> str:
    """Why nothing happens for a while; "" if the rules are compiled."""
    if is_warm():
        return ""
    once = "" if why_not_cached() else " once for this machine"
    return f"Compiling the rules{once}; this takes about half a minute."


def in_notebook() -> bool:
    """Whether Python runs behind a notebook; a terminal, IPython's too, is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


@contextmanager
def progress(total: int, done: Done | None, *, adds_up: bool = False) -> Iterator[Done | None]:
    """In a notebook, a bar with the remaining time that goes when the work is done; elsewhere nothing.

    Args:
        total: how many replicates there are to do, as far as is known.
        done: what the caller wants to be called; then nothing else is shown.
        adds_up: it is called with how many are done so far, not with the number of the one that is.

    Yields:
        what to call for each that is done.
    """
    if done is not None or not in_notebook():
        yield done
        return
    from tqdm import tqdm  # noqa: PLC0415 - only notebooks need it

    if said := compiling():
        sys.stderr.write(said + "\n")
    with tqdm(total=total, desc="replicates", leave=False) as bar:

        def moved(number: int) -> None:
            so_far = number if adds_up else bar.n + 1
            bar.total = max(bar.total, so_far)
            bar.update(so_far - bar.n)

        yield moved
