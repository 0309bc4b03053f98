"""Robust or fragile: whether a verdict turns when one assumed number is moved to either end of its range.

One number at a time, all else as it is. One run of a setting serves all claims of the scenario. Numbers that only turn
a verdict together are not found this way.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from trafficsim.engine.running import ALL_AT_HAND, Running, usable
from trafficsim.scenario import Scenario, ScenarioError
from trafficsim.scenario.claim_checks import against_no_pools
from trafficsim.scenario.claims import Claim
from trafficsim.study.claims import LEAST_FOR_A_MEDIAN, Status, Verdict, judge_claims, none_open
from trafficsim.study.comparison import compare
from trafficsim.study.equal_money import CannotEqualiseError
from trafficsim.study.uncertain import Changes, Number, numbers

REPLICATES = LEAST_FOR_A_MEDIAN
"""Of each setting: the fewest that allow a verdict on a crossover."""


@dataclass(frozen=True)
class Trial:
    """A number at one end of its range: the verdicts there, or the problem because of which it could not be run."""

    number: Number
    value: float
    verdicts: tuple[Verdict, ...] = ()
    problem: str = ""
    replicates: int = 0


@dataclass(frozen=True)
class Robustness:
    """What the trials did to one claim: which turned its verdict, in how many it became undecided or had no value.

    `status` is fragile if any trial turned the verdict, and robust if all trials decided and none turned it. It is
    unclear if none turned it, but chance or a missing value left some trial open. It is "" where there was no verdict.
    """

    status: str
    turned_by: tuple[tuple[Trial, Status], ...]
    undecided: int
    no_value: int
    trials: int


def try_out(
    scenario: Scenario,
    seed: int,
    *,
    replicates: int = REPLICATES,
    max_replicates: int = REPLICATES,
    claims: Mapping[str, Claim] | None = None,
    guess: Mapping[str, float] | None = None,
    running: Running = ALL_AT_HAND,
) -> list[Trial]:
    """Judge all claims of a scenario with each number at each end of its range, settings in parallel.

    Args:
        scenario: with claims.
        seed: as in the run whose verdicts are tried, so that the random numbers are the same.
        replicates: of each setting, to begin with.
        max_replicates: the most that are added to while a claim is undecided.
        claims: what to judge instead of the scenario's own claims.
        guess: factors of advertising that made arms spend the same in the run whose verdicts are tried, by arm.
        running: how, so many settings at a time. Much of a short trial is Python, so that `processes` use several
            processors better than threads. Its folder gets one for each setting, unless trials are run by an executor
            that may be on other machines; replicates that they hold are not run again. `done` is called once for each
            replicate that is there; with an executor, when its trial has ended.
    """
    running = replace(running, executor=usable(running.executor, [scenario]))
    executor, wanted = running.executor, [(number, end) for number in numbers(scenario) for end in number.ends]
    folder = running.folder if running.on_this_machine else None
    stopped = threading.Event()

    def tell(replicate: int) -> None:
        if stopped.is_set():
            raise InterruptedError
        running.tell(replicate)

    trial = partial(
        _trial,
        scenario,
        seed,
        (replicates, max_replicates),
        claims,
        guess,
        Running(1, None, folder, None if executor else tell),  # what runs elsewhere can't call back
    )
    found: dict[int, Trial] = {}
    try:
        for n, ended in running.side_by_side(trial, dict(enumerate(wanted)), [scenario]):
            found[n] = ended
            for replicate in range(ended.replicates if executor else 0):
                tell(replicate)
    except BaseException:
        stopped.set()
        raise
    return [found[n] for n in range(len(wanted))]


def robustness(verdict: Verdict, trials: Sequence[Trial]) -> Robustness:
    """What all trials did to the verdict on one claim."""
    found = [(t, v.status) for t in trials for v in t.verdicts if v.name == verdict.name]
    side = _side(verdict.status)
    turned = tuple((t, s) for t, s in found if side is not None and _side(s) is (not side))
    statuses = [s for _, s in found]
    undecided, no_value = statuses.count("undecided"), statuses.count("no_value")
    untouched = "unclear" if undecided or no_value else "robust"
    status = "" if side is None or not found else "fragile" if turned else untouched
    return Robustness(status, turned, undecided, no_value, len(found))


def _side(status: Status) -> bool | None:
    """Whether a claim comes out true; None where that is open."""
    return {"holds": True, "by_construction": True, "contradicted": False}.get(status)


def _trial(
    scenario: Scenario,
    seed: int,
    replicates: tuple[int, int],
    claims: Mapping[str, Claim] | None,
    guess: Mapping[str, float] | None,
    running: Running,
    number: Number,
    end: float,
) -> Trial:
    try:
        changed = moved(scenario, number, end)
        asked = changed.claims if claims is None else claims
        kept = running.folder / changed.digest[:16] if running.folder else None
        result = compare(
            changed,
            replicates[0],
            seed,
            **replace(running, folder=kept).options,
            enough=none_open(asked),
            max_replicates=replicates[1],
            guess=guess,
            without_pools=against_no_pools(asked.values()),
        )
    except (ScenarioError, CannotEqualiseError) as error:
        return Trial(number, end, problem=str(error).splitlines()[0])
    return Trial(number, end, tuple(judge_claims(asked, result)), replicates=result.replicates)


def moved(scenario: Scenario, number: Number, end: float) -> Scenario:
    """The scenario with a number at an end of its range, and what it takes along in proportion.

    Raises:
        ScenarioError: if that is no scenario, or the number is 0, to which nothing has a proportion.
    """
    return scenario.replace(Changes(scenario, [number])([end]))
