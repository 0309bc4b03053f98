"""How work is run: in parallel, on any executor. None of it changes what is found."""

import warnings
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from trafficsim.mechanisms.shared.own import only_here
from trafficsim.scenario import Scenario
from trafficsim.scenario.needs import processors
from trafficsim.words import asked

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


@dataclass(frozen=True)
class Running:
    """How work is run, which changes nothing that is found."""

    workers: int | None = None
    """Number of threads (compiled kernels release the GIL); by default the CPU count."""
    executor: Executor | None = None
    """Any other executor of `concurrent.futures`, used instead and left open."""
    folder: Path | None = None
    """Where what is finished is saved, to go on after an interruption."""
    done: Callable[[int], None] | None = None
    """Progress callback, called with a number as work goes on: who runs it says which."""

    @property
    def options(self) -> dict[str, Any]:
        """The same as options of a public function."""
        return vars(self).copy()

    @property
    def many(self) -> int:
        """Threads, as they were asked for or by default; ValueError for what is no number of them."""
        return processors() if self.workers is None else asked.whole("workers", self.workers, 1)

    def tell(self, number: int) -> None:
        """Call `done`, if there is anything to call."""
        if self.done:
            self.done(number)

    def side_by_side(
        self, function: Callable[..., Found], arguments: Mapping[Key, tuple[Any, ...]]
    ) -> Iterator[tuple[Key, Found]]:
        """Call a function with each of the arguments, in parallel; yields keys and results as they end.

        They are begun in the order given. After an error or an interruption, what has not begun is dropped.
        """
        scenarios = [part for given in arguments.values() for part in given if isinstance(part, Scenario)]
        with self._pool(scenarios) as pool:
            jobs: dict[Future[Found], Key] = {pool.submit(function, *given): key for key, given in arguments.items()}
            try:
                for job in as_completed(list(jobs)):
                    yield jobs.pop(job), job.result()  # forgotten here, so that results don't pile up
            finally:
                for job in jobs:
                    job.cancel()

    @contextmanager
    def _pool(self, scenarios: Iterable[Scenario]) -> Iterator[Executor]:
        if (executor := usable(self.executor, scenarios)) is not None:
            yield executor
            return
        pool = ThreadPoolExecutor(self.many)
        wait = True
        try:
            yield pool
        except KeyboardInterrupt:
            wait = False  # who interrupts is not kept for as long as a replicate takes
            raise
        finally:
            pool.shutdown(wait)


ALL_AT_HAND = Running()
"""On as many threads as processors; nothing is kept."""


def usable(executor: Executor | None, scenarios: Iterable[Scenario]) -> Executor | None:
    """The executor, or None, and said why, for processes that can't load a mechanism of one's own."""
    here = {name: None for scenario in scenarios for name in only_here(scenario.own)}
    if here and isinstance(executor, ProcessPoolExecutor):
        warnings.warn(
            f"{', '.join(here)}: defined in a notebook or program, which other processes can't load; runs stay in this "
            "process (a mechanism in a file of its own could run in several)",
            RuntimeWarning,
            stacklevel=3,
        )
        return None
    return executor
