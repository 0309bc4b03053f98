"""What an answer leans on: the lead of the best arm, with each assumed number at either end of its plausible range."""

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from trafficsim.engine.running import Running
from trafficsim.results import Result
from trafficsim.results.about import End, Influence, Leaning
from trafficsim.scenario import Scenario
from trafficsim.scenario.claims import Claim, Expectation, Surpassed
from trafficsim.study.claims import judge_claims
from trafficsim.study.equal_money import factors_of
from trafficsim.study.robust import REPLICATES, Trial, try_out
from trafficsim.study.uncertain import Number, numbers

LEAD = "lead"


def planned(scenario: Scenario) -> int:
    """Replicates that `lean` will run."""
    return REPLICATES * sum(len(number.ends) for number in numbers(scenario))


def lean(
    scenario: Scenario,
    result: Result,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> Result:
    """The same result, which now knows what its answer leans on, for its report and workbook.

    Each number of `robust.numbers` is moved to both ends of its range, one at a time, over the first six replicates.
    What is measured is how far the best arm is ahead in contribution profit: of the one that it is compared with
    (`Result.headline_pair`), and of every arm that could win, since the result doesn't decide between the two or since
    it is ahead at some end. Effects are seen against the lead in the same replicates.

    One number at a time: it tells nothing of numbers that act together, for which see `sensitivity`.

    Args:
        scenario: that of the result.
        result: from `compare`.
        workers: settings at a time, on number of threads (default: CPU count).
        executor: any other executor of `concurrent.futures`, used instead and left open (see `try_out`).
        folder: where finished replicates are saved, to resume after an interruption.
        done: progress callback, called for each finished replicate.

    Returns:
        The same data; `about.leaning` tells of each number how far the lead moves at both ends of its range.

    Raises:
        ValueError: if there is only one arm, or the result has too few replicates.
    """
    pair = result.headline_pair()
    if pair is None:
        raise ValueError("one arm alone has no lead that could lean on anything")
    if result.replicates < REPLICATES:
        raise ValueError(f"what an answer leans on takes {REPLICATES} replicates or more (got {result.replicates})")
    best, _ = pair
    claims = {arm: _ahead(best, arm) for arm in result.arms if arm != best}
    seed = result.about.seed
    trials = try_out(
        scenario,
        seed,
        claims=claims,
        guess=factors_of(result),
        running=Running(workers, executor, folder, done),
    )
    same = Result(result.data.isel(replicate=slice(REPLICATES))).stopped(None)
    here = {verdict.name: verdict.measured.middle for verdict in judge_claims(claims, same)}
    watched = _watched(result, pair, trials)
    leads = {arm: here[arm] for arm in watched}
    return result.saying(leaning=Leaning(best, REPLICATES, leads, _by_number(trials, watched)))


def _ahead(best: str, other: str) -> Claim:
    more = Surpassed(metric="profit", arm=other)
    return Claim(says=LEAD, source=LEAD, expect=Expectation(metric="profit", arm=best, more_than=more))


def _watched(result: Result, pair: tuple[str, str], trials: list[Trial]) -> list[str]:
    """The arm that the best one is compared with, then every other arm that could win."""
    best, other = pair
    ahead = {verdict.name for trial in trials for verdict in trial.verdicts if verdict.measured.middle < 0}
    rest = [arm for arm in result.arms if arm not in pair]
    return [other, *[arm for arm in rest if arm in ahead or not result.difference("profit", best, arm).amount.low > 0]]


def _by_number(trials: list[Trial], watched: list[str]) -> tuple[Influence, ...]:
    ends: dict[Number, list[End]] = {}
    for trial in trials:
        ends.setdefault(trial.number, []).append(_end(trial, watched))
    return tuple(Influence(n.path, n.value, (n.low, n.high), tuple(found)) for n, found in ends.items())


def _end(trial: Trial, watched: list[str]) -> End:
    """The lead over each of the watched arms with its interval; none where the trial could not be run."""
    by_arm = {verdict.name: verdict.measured for verdict in trial.verdicts if verdict.status != "no_value"}
    leads = {arm: (by_arm[arm].middle, by_arm[arm].low, by_arm[arm].high) for arm in watched if arm in by_arm}
    return End(trial.value, leads, trial.problem)
