"""compare: every arm of a scenario with the same customers and random numbers, over replicates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trafficsim.engine.ensemble import Replicate, each_replicate
from trafficsim.engine.running import Running
from trafficsim.scenario import GivenScenario, Scenario, scenario_from
from trafficsim.scenario.needs import MOST_REPLICATES
from trafficsim.scenario.repeating import command
from trafficsim.study.equal_money import about_equal, equalise
from trafficsim.study.notebook import progress
from trafficsim.study.until import Enough, stopping_of
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

if TYPE_CHECKING:
    from trafficsim.files.packed import Packing
    from trafficsim.results import Result

BATCH = 8
"""Replicates added at a time until the answer is precise enough or decided."""


def compare(
    scenario: GivenScenario,
    replicates: int | range = 16,
    seed: int = DEFAULT_SEED,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    enough: Enough | None = None,
    max_replicates: int = 256,
    done: Callable[[int], None] | None = None,
    repeat: str | None = None,
    guess: Mapping[str, float] | None = None,
    without_pools: bool = True,
    uncertain: int | None = None,
) -> Result:
    """Run every arm of a scenario and compare the results.

    Args:
        scenario: from `load`; or the path of a file, the name of a shipped case, or the text of a scenario.
        replicates: how many, numbered from 0; with `enough`, how many to begin with. Or the numbers of some, such as
            `range(100, 200)`: a part that `merge` puts together with others, for which `enough` and `uncertain`, which
            are about the whole, can't be asked.
        seed: random seed; with a replicate's number it decides the population and all draws.
        workers: number of threads (default: CPU count). The result does not depend on it.
        executor: any `concurrent.futures.Executor` to use instead of threads.
        folder: where finished replicates are saved, to resume after an interruption.
        enough: asked after each batch whether there are enough replicates (see `precise` and `decided`). The result's
            intervals then hold at all these looks together (`Result.level`).
        max_replicates: the most that `enough` may lead to.
        done: progress callback, called with the number of each finished replicate.
        repeat: the command that repeats this, for the report; by default one is made, settings replaced since the
            file was read included.
        guess: where `equal_budget` asks for equal money, the factors of advertising to try first, by arm.
        without_pools: also run each arm with a pool without it, where no arm is just that, to tell what the pool caused
            (`Result.uplift`); these runs are no arms of the result.
        uncertain: in how many plausible worlds to run all arms besides (a power of two; see `sensitivity`), to tell
            what the answer is worth over all that is assumed (`Result.uncertain`).

    Raises:
        ScenarioError: if there is no such scenario, or it has mistakes.
        UncertainError: if plausible worlds can't be drawn.
        ValueError: for replicates, a seed or workers that can't be.
        CannotEqualiseError: if `equal_budget` asks for what no advertising budget can bring about.
    """
    scenario = scenario_from(scenario)
    part = isinstance(replicates, range)
    wanted, seed = asked.numbered("replicates", replicates, MOST_REPLICATES), asked.seed(seed)
    asked.whole("max_replicates", max_replicates, 1)
    if part and (enough is not None or uncertain is not None):
        about_all = "enough" if enough is not None else "uncertain"
        raise ValueError(f"{about_all} is about all replicates of a comparison (got {replicates!r}, a part)")
    drawable(scenario, uncertain)
    running = Running(workers, executor)
    equal = equalise(scenario, seed, guess, running=running) if scenario.equal_budget else None
    effective = equal.scenario if equal else scenario
    stopping = stopping_of(enough, scenario) if enough and max_replicates > len(wanted) else None
    many = f"{wanted.start}:{wanted.stop}" if part else len(wanted)
    repeat = repeat or command("compare", scenario, replicates=many, seed=seed)
    said = {"repeat": repeat, "equal_budget": about_equal(equal), "stopping": stopping}
    gathered, begun = _Gathered(effective, seed), 0
    with progress(len(wanted), done) as told:
        running = replace(running, folder=folder, done=told)
        while True:
            for n, one in each_replicate(effective, seed, wanted[begun:], running, without_pools=without_pools):
                gathered.put(n, one)
            begun, result = len(wanted), gathered.result(wanted).saying(**said)
            if stopping is None or enough is None:
                break
            reached = enough(result)
            if reached or len(wanted) >= max_replicates:
                result = result.stopped(replace(stopping, reached=reached))
                break
            wanted = range(min(len(wanted) + BATCH, max_replicates))
    return result if uncertain is None else _weighed(scenario, result, uncertain, replace(running, done=None))


def drawable(scenario: Scenario, uncertain: int | None) -> None:
    """Refuse worlds that can't be drawn before anything runs."""
    if uncertain is not None:
        from trafficsim.study.weighing import refuse  # noqa: PLC0415 - slow to import

        refuse(scenario, uncertain)


def _weighed(scenario: Scenario, result: Result, worlds: int, running: Running) -> Result:
    from trafficsim.study.weighing import sensitivity  # noqa: PLC0415 - slow to import

    found = sensitivity(scenario, worlds, seed=result.about.seed, result=result, **running.options)
    return result.saying(uncertain=found.found)


class _Gathered:
    """Replicates as they end, of which no more is held than their packed data."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self.seed = scenario, seed
        self.packing: Packing | None = None

    def put(self, number: int, replicate: Replicate) -> None:
        """Pack what a replicate found."""
        from trafficsim.files.packed import Packing  # noqa: PLC0415 - slow to import, for which none need wait to begin
        from trafficsim.study.dataset import counted  # noqa: PLC0415 - the same

        self.packing = self.packing or Packing("replicate")
        self.packing.put(number, counted(self.scenario, [replicate]))

    def result(self, numbers: range) -> Result:
        """The result of these replicates, all of which are there."""
        from trafficsim.results.result import Result  # noqa: PLC0415 - the same
        from trafficsim.study.dataset import described  # noqa: PLC0415 - the same

        if self.packing is None:
            raise ValueError("no replicate was run")
        return Result(self.packing.together(numbers).assign_attrs(described(self.scenario, self.seed).attributes()))
