"""A scenario whose claims are put to the test: one comparison, and on demand one for each assumed number's ends."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from trafficsim.engine.running import Running
from trafficsim.results.pictures import Pictured
from trafficsim.results.stopping import Stopping
from trafficsim.scenario import Scenario
from trafficsim.scenario.claim_checks import against_no_pools
from trafficsim.study.claims import Verdict, judge, none_open
from trafficsim.study.comparison import compare
from trafficsim.study.equal_money import factors_of
from trafficsim.study.robust import REPLICATES, Robustness, Trial, robustness, try_out
from trafficsim.study.uncertain import numbers
from trafficsim.words.asked import DEFAULT_SEED

SMALL_REPLICATES = 3
SMALL_CUSTOMERS = 2000


@dataclass(frozen=True)
class Examined:
    """A scenario and the verdicts on its claims.

    `trials` is None unless its assumed numbers were tried, `stopping` unless replicates were added until no claim was
    undecided.
    """

    scenario: Scenario
    verdicts: tuple[Verdict, ...]
    replicates: int
    seed: int
    trials: tuple[Trial, ...] | None = None
    small: bool = False
    stopping: Stopping | None = None
    pictures = Pictured()

    def robustness(self, verdict: Verdict) -> Robustness | None:
        """What the trials did to a verdict."""
        return None if self.trials is None else robustness(verdict, self.trials)

    @property
    def evaluated(self) -> bool:
        """Whether every claim could be evaluated."""
        return all(verdict.status != "no_value" for verdict in self.verdicts)


def examine(
    scenario: Scenario,
    replicates: int = 16,
    seed: int = DEFAULT_SEED,
    *,
    until_decided: bool = False,
    max_replicates: int = 256,
    robust: bool = False,
    small: bool = False,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> Examined:
    """Judge the claims of a scenario.

    Args:
        scenario: with claims.
        replicates: how many; with `until_decided`, how many to begin with.
        seed: random seed; with a replicate's number it decides the population and all draws.
        until_decided: add replicates until no claim is undecided, `max_replicates` at most; and with `robust` in each
            trial, as many as the claims themselves took.
        max_replicates: the most that `until_decided` may lead to.
        robust: also move each assumed number to both ends of its range (see `robust`).
        small: whether `scenario` is a sample made by `sampled`; only noted.
        workers: number of threads (default: CPU count).
        executor: any `concurrent.futures.Executor` to use instead. Where it is of this machine, it is for the trials of
            `robust` alone: the claims themselves run on threads first, which leaves the compiled engine for other
            processes to load.
        folder: where finished replicates are saved, to resume after an interruption.
        done: progress callback, called for each finished replicate.

    Raises:
        CannotEqualiseError: if `equal_budget` asks for what no advertising budget can bring about.
    """
    enough = none_open(scenario.tested) if until_decided else None
    running = Running(workers, executor, folder, done)
    result = compare(
        scenario,
        replicates,
        seed,
        **replace(running, executor=None if running.on_this_machine else executor).options,
        enough=enough,
        max_replicates=max_replicates,
        without_pools=against_no_pools(scenario.tested.values()),
    )
    verdicts = tuple(judge(scenario, result))
    trials = None
    if robust:
        most = max(REPLICATES, result.replicates) if until_decided else REPLICATES
        trials = tuple(
            try_out(
                scenario,
                seed,
                max_replicates=most,
                guess=factors_of(result),
                running=running,
            )
        )
    return Examined(scenario, verdicts, result.replicates, seed, trials, small, result.stopping)


def planned(scenario: Scenario, replicates: int, *, robust: bool) -> int:
    """Replicates that a test will run, as far as it can be foreseen."""
    return replicates + robust * REPLICATES * sum(len(number.ends) for number in numbers(scenario))


def sampled(scenario: Scenario, customers: int = SMALL_CUSTOMERS) -> Scenario:
    """The same scenario with a sample of at most so many customers, each of whom stands for more.

    Days stay: claims name them. The market stays as large as it is, but for rounding. A population
    whose ties come from a file can't be sampled and stays as it is.
    """
    people = scenario.plan(scenario.baseline).customers
    if people.count <= customers or people.ties.kind == "file":
        return scenario
    market = people.count * people.each_stands_for
    stands_for = math.ceil(market / customers)
    return scenario.replace({"customers.count": round(market / stands_for), "customers.each_stands_for": stands_for})
