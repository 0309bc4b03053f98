"""What the dashboard asks: a case with levers and settings changed by hand, on a sample of its customers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from trafficsim.app.levers import Lever, changes
from trafficsim.books.metrics import MetricName
from trafficsim.results import Result, intervals
from trafficsim.results.intervals import Interval
from trafficsim.scenario import Scenario, parse_settings
from trafficsim.scenario.repeating import command
from trafficsim.study import compare
from trafficsim.study.examine import sampled
from trafficsim.words.asked import DEFAULT_SEED
from trafficsim.words.language import Language

CUSTOMERS = 20_000
REPLICATES = 8


@dataclass(frozen=True, eq=False)
class Question:
    """A case as its file has it, and as it is asked about, with how it is run and in which language it is told.

    `asked` is `written` with settings replaced, of the whole market; a run simulates `customers` of it at most. Both
    are in the file's language, `told` in the reader's: what is run and kept knows nothing of that.
    """

    written: Scenario
    asked: Scenario
    replicates: int = REPLICATES
    customers: int = CUSTOMERS
    seed: int = DEFAULT_SEED
    language: Language | None = None

    @cached_property
    def told(self) -> Scenario:
        """What is asked about, in the reader's language; None for that of the file."""
        return self.asked.in_language(self.language or self.asked.language)

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from the file."""
        return self.asked.digest != self.written.digest

    @cached_property
    def sample(self) -> Scenario:
        """The scenario that is run."""
        return sampled(self.asked, self.customers)

    @property
    def before(self) -> "Question":
        """The same about the case as its file has it."""
        return replace(self, asked=self.written)

    @cached_property
    def identity(self) -> tuple[str, int, int]:
        """Equal for questions that have the same answer."""
        return self.sample.digest, self.replicates, self.seed

    def answer(self) -> Result:
        """Run it; told in the language of its file.

        Raises:
            CannotEqualiseError: if `equal_budget` asks for what no advertising budget can bring about.
        """
        return compare(self.sample, self.replicates, self.seed)

    @property
    def command(self) -> str:
        """The command that asks the same."""
        return command("compare", self.sample, replicates=self.replicates, seed=self.seed)


def given(moved: Mapping[Lever, float], by_hand: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What levers change, and what the lines `path=value` (empty ones left out) change after them.

    Raises:
        ScenarioError: for lines that can't be read, or that give the same setting twice.
    """
    return changes(moved), parse_settings([line for line in by_hand.splitlines() if line.strip()])


def asked(written: Scenario, levers: Mapping[str, Any], by_hand: Mapping[str, Any]) -> Scenario:
    """The case with both applied, settings by hand last.

    Raises:
        ScenarioError: with the same messages as for a file.
    """
    scenario = written.replace(levers) if levers else written
    return scenario.replace(by_hand) if by_hand else scenario


def gain(now: Result, before: Result, name: MetricName, arm: str, confidence: float = 0.95) -> Interval:
    """By how much a metric of an arm rose, replicate by replicate: both met the same customers and random numbers.

    In the metric's unit; without limits where an arm is new or the replicates differ.
    """
    if arm not in before.arms or now.replicates != before.replicates:
        return intervals.UNKNOWN
    return now.estimate(name, arm).less(before.estimate(name, arm)).interval(confidence)
