"""against: all arms when rivals do each of theirs: the table, the best answers, and what not moving costs."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trafficsim.books.metrics import MetricName, metric
from trafficsim.engine.running import Running
from trafficsim.results import intervals
from trafficsim.results.intervals import Interval
from trafficsim.scenario import GivenScenario, Scenario, scenario_from
from trafficsim.scenario.against import ALONE, joined
from trafficsim.study.equal_money import factors_for
from trafficsim.study.evaluating import evaluate
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

Array = NDArray[np.float64]


class NoRivalError(ValueError):
    """Nothing is said of what rivals may do."""


@dataclass(frozen=True)
class Answer:
    """What to do when rivals do something, all paired by replicate.

    Attributes:
        rival: their arm.
        best: the own arm that comes out best on average.
        ahead: of `next`, the second best; how far, with its interval.
        staying: what it costs to stay with the baseline instead: the best less the baseline.
        harm: what their arm costs whoever stays with the baseline, beside rivals as the file has them.
    """

    rival: str
    best: str
    next: str
    ahead: Interval
    staying: Interval
    harm: Interval

    @property
    def sure(self) -> bool:
        """Whether the best can be told from the next."""
        return self.ahead.low > 0.0


@dataclass(frozen=True)
class Facing:
    """All arms when rivals do each of theirs.

    Attributes:
        scenario: as it was given.
        metric: its name.
        arms, rivals: own arms, and those of rivals, the first of which is what the file says.
        payoffs: the metric by replicate, `(arms, rivals, replicates)`.
        answers: by arm of the rivals.
        safest: the arm whose worst case is best (maximin: Wald 1950).
        least_regret: the arm whose greatest regret over rivals' arms is least (Savage 1951).
        replicates, seed: of all.
        scaled: by what the advertising of arms was multiplied for equal money; empty where that isn't asked for.
    """

    scenario: Scenario
    metric: MetricName
    arms: tuple[str, ...]
    rivals: tuple[str, ...]
    payoffs: Array
    answers: tuple[Answer, ...]
    safest: str
    least_regret: str
    replicates: int
    seed: int
    scaled: Mapping[str, float]

    def estimate(self, arm: str, rival: str) -> Interval:
        """The metric of `arm`, one of `arms`, when rivals do `rival`, one of `rivals`, with its interval.

        Raises:
            KeyError: for another name.
        """
        asked.one_of("arm", arm, self.arms)
        asked.one_of("arm of rivals", rival, self.rivals)
        return intervals.mean(self.payoffs[self.arms.index(arm), self.rivals.index(rival)])

    def table(self) -> pd.DataFrame:
        """A row for each arm and arm of rivals: the metric, and how far the arm is behind the best answer to them.

        Returns:
            Columns rival, arm, the metric by its name with low and high, and behind (the best answer less this arm, 0
            for itself) with behind_low and behind_high; 95 % intervals.
        """
        rows = []
        for n, rival in enumerate(self.rivals):
            best = self.arms.index(self.answers[n].best)
            for k, arm in enumerate(self.arms):
                value = self.estimate(arm, rival)
                behind = intervals.mean(self.payoffs[best, n] - self.payoffs[k, n])
                row = {"rival": rival, "arm": arm, self.metric: value.middle, "low": value.low, "high": value.high}
                rows.append(row | {"behind": behind.middle, "behind_low": behind.low, "behind_high": behind.high})
        return pd.DataFrame(rows)


def against(
    scenario: GivenScenario,
    rivals: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    name: MetricName = "profit",
    replicates: int = 16,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> Facing:
    """Run all arms of a scenario when rivals do each of theirs, with the same customers and luck.

    Where arms are to spend the same (`equal_budget`), advertising is scaled as `compare` does it, while rivals do what
    the file says: budgets are set before rivals act. What arms then spend may differ.

    Differences are paired over replicates, with intervals of Student's t corrected for skewness (Hall 1992). The safest
    arm is that of the best worst case (Wald 1950), the one of least regret as in Savage (1951).

    Args:
        scenario: as for `compare`; with what rivals may do under `against`, or given here.
        rivals: further arms of rivals, by name, as a scenario has them: `{"pool": {"rival_pool": {}}}`.
        name: of a metric of the whole run that adds up, of which more is better.
        replicates: two or more.
        seed: random seed.
        workers, executor, folder: as for `evaluate`.
        done: progress callback, called when all is done.

    Returns:
        The metric of each arm under each of rivals' (money in currency units), with 95 % intervals, the best answers
        and what not moving costs.

    Raises:
        ScenarioError: if there is no such scenario, or it or an arm of rivals has mistakes.
        NoRivalError: if nothing is said of rivals, or there is one arm alone to answer with.
        CannotEqualiseError: if no advertising budget makes arms spend the same that are to.
        ValueError: for a ratio, a metric of which less is better, and numbers that can't be.
        KeyError: for an unknown metric.
    """
    scenario = scenario_from(scenario)
    if rivals:
        scenario = scenario.adding({"against": rivals})
    entry = metric(name)
    if entry.ratio is not None or entry.better != "more":
        raise ValueError(f"{name} is no sum of which more is better; ask for profit, orders or members")
    if len(scenario.rival_arms) < 2:
        raise NoRivalError("nothing is said of what rivals may do: give their arms under against")
    if len(scenario.arms) < 2:
        raise NoRivalError("one arm alone has no answers: give two or more")
    replicates = asked.whole("replicates", replicates, 2)
    seed, case = asked.seed(seed), scenario.facing()
    arms, theirs = scenario.arms, scenario.rival_arms
    scaled = dict(factors_for(scenario, seed, Running(workers, executor)))
    for arm, factor in scaled.items():
        for rival in theirs:
            case = case.with_advertising(joined(arm, rival), factor)
    how: dict[str, Any] = {"workers": workers, "executor": executor, "folder": folder, "done": done}
    data = evaluate(case, [{}], [name], replicates=replicates, seed=seed, **how)[name].isel(point=0)
    payoffs = np.array([[data.sel(arm=joined(arm, rival)).to_numpy() for rival in theirs] for arm in arms])
    mean = payoffs.mean(axis=2)
    answers = tuple(_answer(payoffs, n, scenario) for n in range(len(theirs)))
    return Facing(
        scenario,
        name,
        arms,
        theirs,
        payoffs,
        answers,
        arms[int(np.argmax(mean.min(axis=1)))],
        arms[int(np.argmin((mean.max(axis=0) - mean).max(axis=1)))],
        replicates,
        seed,
        scaled,
    )


def _answer(payoffs: Array, rival: int, scenario: Scenario) -> Answer:
    """The best answer to an arm of rivals."""
    arms, stay = scenario.arms, scenario.arms.index(scenario.baseline)
    first, second = np.argsort(-payoffs[:, rival].mean(axis=1), kind="stable")[:2]
    return Answer(
        scenario.rival_arms[rival],
        arms[first],
        arms[second],
        intervals.mean(payoffs[first, rival] - payoffs[second, rival]),
        intervals.mean(payoffs[first, rival] - payoffs[stay, rival]),
        intervals.mean(payoffs[stay, scenario.rival_arms.index(ALONE)] - payoffs[stay, rival]),
    )
