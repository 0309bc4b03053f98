"""What a notebook shows while work goes on: why nothing happens at first, and how much is left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trafficsim.compiled import is_warm, why_not_cached
from trafficsim.words.language import Language, words

Done = Callable[[int], None]
BAR = "{n_fmt} of {total_fmt} {desc} |{bar:24}| {remaining} left"


def compiling(language: Language = "en") -> str:
    """Why nothing happens for a while; "" if the rules are compiled."""
    if is_warm():
        return ""
    say = words(language)
    if why_not_cached():
        return say("Compiling the rules; this takes about half a minute.")
    return say("Compiling the rules once for this machine; this takes about half a minute.")


def in_notebook() -> bool:
    """Whether Python runs behind a notebook; a terminal, IPython's too, is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


class _InPlace:
    """A stream that shows its last line at one place of a notebook's cell; an empty line leaves nothing there.

    On standard error each line would stay in the notebook's file, in the colour of errors.
    """

    def __init__(self) -> None:
        from IPython.display import display  # noqa: PLC0415 - there where a notebook is

        self.before = compiling()
        self._shown = display({"text/plain": self.before}, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def write(self, text: str) -> None:
        """Show a line in place of the last one."""
        line = text.strip("\r\n ")
        self._shown.update({"text/plain": f"{self.before}\n{line}".strip()}, raw=True)

    def flush(self) -> None:
        """All is shown."""


@contextmanager
def progress(
    total: int, done: Done | None, what: str = "replicates", *, adds_up: bool = False
) -> Iterator[Done | None]:
    """In a notebook, a bar with the remaining time that goes when the work is done; elsewhere nothing.

    Args:
        total: how many there are to do, as far as is known.
        done: what the caller wants to be called; then nothing else is shown.
        what: they are called.
        adds_up: it is called with how many are done so far, not with the number of the one that is.

    Yields:
        what to call for each that is done.
    """
    if done is not None or not in_notebook():
        yield done
        return
    from tqdm import tqdm  # noqa: PLC0415 - only notebooks need it

    shown = _InPlace()
    with tqdm(total=total, desc=what, leave=False, file=shown, ascii=False, bar_format=BAR) as bar:

        def moved(number: int) -> None:
            so_far = number if adds_up else bar.n + 1
            shown.before = ""
            bar.total = max(bar.total, so_far)
            bar.update(so_far - bar.n)

        try:
            yield moved
        finally:
            shown.before = ""
