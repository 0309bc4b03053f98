"""How work is run: in parallel, on any executor. None of it changes what is found."""

import warnings
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from trafficsim.compiled import code_version
from trafficsim.mechanisms.shared.own import only_here
from trafficsim.scenario import Scenario
from trafficsim.scenario.needs import processors
from trafficsim.words import asked

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
AHEAD = 512
"""Jobs that are handed to an executor before the first of them ends: more than the processors of most clusters, and so
few that a scheduler holds megabytes of them, not gigabytes (assumed)."""


class OtherVersionError(ValueError):
    """A process that was given work has another version of the library, whose numbers may be others."""


@dataclass(frozen=True)
class Running:
    """How work is run, which changes nothing that is found."""

    workers: int | None = None
    """Number of threads (compiled kernels release the GIL); by default the CPU count."""
    executor: Executor | None = None
    """Any other executor of `concurrent.futures`, used instead and left open.

    It is given functions and arguments that can be pickled, some tens of kilobytes a job. Workers need no files of this
    process but those of mechanisms of one's own and of a past, by the same paths: whatever is saved is saved here.
    """
    folder: Path | None = None
    """Where what is finished is saved, to go on after an interruption."""
    done: Callable[[int], None] | None = None
    """Progress callback, called with a number as work goes on: who runs it says which."""

    @property
    def options(self) -> dict[str, Any]:
        """The same as options of a public function."""
        return vars(self).copy()

    @property
    def on_this_machine(self) -> bool:
        """Whether work is known to be done here, where the files of this process are."""
        return self.executor is None or isinstance(self.executor, ThreadPoolExecutor | ProcessPoolExecutor)

    @property
    def many(self) -> int:
        """Threads, as they were asked for or by default; ValueError for what is no number of them."""
        return processors() if self.workers is None else asked.whole("workers", self.workers, 1)

    def tell(self, number: int) -> None:
        """Call `done`, if there is anything to call."""
        if self.done:
            self.done(number)

    def side_by_side(
        self,
        function: Callable[..., Found],
        arguments: Mapping[Key, tuple[Any, ...]],
        scenarios: Iterable[Scenario],
    ) -> Iterator[tuple[Key, Found]]:
        """Call a function with each of the arguments, in parallel; yields keys and results as they end.

        They are begun in the order given. After an error or an interruption, what has not begun is dropped.

        Args:
            function: of a module, so that other processes find it.
            arguments: by key.
            scenarios: those that are among the arguments.

        Raises:
            OtherVersionError: if the executor's processes have another version of the library.
        """
        executor, version = usable(self.executor, scenarios), code_version()
        waiting = iter(arguments.items())
        jobs: dict[Future[Found], Key] = {}
        ended: SimpleQueue[Future[Found]] = SimpleQueue()
        with self._pool() if executor is None else nullcontext(executor) as pool:
            try:
                while True:
                    for key, given in islice(waiting, AHEAD - len(jobs)):
                        job = pool.submit(_of_version, version, function, *given)
                        jobs[job] = key
                        job.add_done_callback(ended.put)
                    if not jobs:
                        return
                    # `wait` of concurrent.futures takes the locks of all jobs each time, and an interruption in the
                    # middle of that would never give them back
                    job = ended.get()
                    yield jobs.pop(job), job.result()  # forgotten here, so that results don't pile up
            finally:
                for job in jobs:
                    job.cancel()

    @contextmanager
    def _pool(self) -> Iterator[Executor]:
        pool = ThreadPoolExecutor(self.many)
        wait = True
        try:
            yield pool
        except (KeyboardInterrupt, GeneratorExit):  # the latter where the interruption met who looks at what was found
            wait = False  # who interrupts is not kept for as long as a replicate takes
            raise
        finally:
            pool.shutdown(wait)


ALL_AT_HAND = Running()
"""On as many threads as processors; nothing is kept."""


def _of_version(version: str, function: Callable[..., Found], *given: Any) -> Found:
    """What a job is where it is done, which may be another machine."""
    if code_version() != version:
        raise OtherVersionError(
            "a worker has another version of trafficsim, numba or NumPy, or another kind of processor than this "
            "process, so that its numbers could differ: install the same versions on machines of one kind"
        )
    return function(*given)


def usable(executor: Executor | None, scenarios: Iterable[Scenario]) -> Executor | None:
    """The executor, or None, and said why, where other processes would have to load what only this one has.

    Threads alone are known to share it.
    """
    here = {name: None for scenario in scenarios for name in only_here(scenario.own)}
    if here and executor is not None and not isinstance(executor, ThreadPoolExecutor):
        warnings.warn(
            f"{', '.join(here)}: defined in a notebook or program, which other processes can't load; runs stay in this "
            "process (a mechanism in a file of its own could run in several)",
            RuntimeWarning,
            stacklevel=3,
        )
        return None
    return executor
