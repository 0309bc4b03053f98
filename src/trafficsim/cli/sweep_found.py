"""What a sweep finds, or solving for one setting: running it, and telling it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd
from rich.console import Console

from trafficsim.cli.folder import RunFolder
from trafficsim.cli.sweep_asked import Asked
from trafficsim.cli.terminal import COLUMNS
from trafficsim.engine.running import Running
from trafficsim.report import sweep_answer, sweep_table
from trafficsim.report.answer import variation_only
from trafficsim.scenario import Scenario
from trafficsim.study import Solution, SweepResult, solve, sweep
from trafficsim.study.solving import solution_table
from trafficsim.words.folding import folded
from trafficsim.words.language import Language


class Found(Protocol):
    """An outcome that can be told and written."""

    def text(self, language: Language) -> str:
        """What the terminal shows."""

    def as_plain(self) -> tuple[str, dict[str, Any]]:
        """The same for programs: the name of the answer, and what it holds."""

    def write(self, folder: RunFolder, command: str, language: Language) -> list[str]:
        """Write all files; returns their names."""


def run_sweep(scenario: Scenario, asked: Asked, running: Running) -> Found:
    """Do what was asked for."""
    same: dict[str, Any] = {
        "with_": asked.with_,
        "arms": asked.arms,
        "metric": asked.metric,
        "replicates": asked.replicates,
        "seed": asked.seed,
        **running.options,
    }
    if asked.solve is not None:
        setting, span = asked.solve
        return _Solved(scenario, solve(scenario, setting, span, vary=asked.vary, **same))
    return _Swept(scenario, sweep(scenario, asked.vary, design=asked.design, points=asked.points, **same))


@dataclass(frozen=True)
class _Swept:
    scenario: Scenario
    result: SweepResult

    def text(self, language: Language) -> str:
        result = self.result
        return _printed(result.title, sweep_answer(result, language), sweep_table(result, language))

    def as_plain(self) -> tuple[str, dict[str, Any]]:
        result = self.result
        about = {"scenario": result.data.attrs["scenario"], "metric": result.metric, "arms": list(result.pair)}
        about["labels"] = dict(self.scenario.labels)
        lines = {"break_even": _records(result.break_even())} if result.is_grid else {}
        found = {"replicates": result.replicates, "points": _records(result.table()), **lines}
        return "sweep", about | found

    def write(self, folder: RunFolder, command: str, language: Language) -> list[str]:
        return folder.write_sweep(self.result, command, language)


@dataclass(frozen=True)
class _Solved:
    scenario: Scenario
    solutions: list[Solution]

    def text(self, language: Language) -> str:
        sentences = [sentence for solution in self.solutions for sentence in solution.sentences(language)]
        return _printed(self.scenario.title, [*sentences, variation_only(language)], None)

    def as_plain(self) -> tuple[str, dict[str, Any]]:
        first = self.solutions[0]
        about = {"metric": first.metric, "arms": list(first.arms), "replicates": first.replicates}
        about["labels"] = dict(self.scenario.labels)
        return "sweep-solve", {**about, "break_even": _records(solution_table(self.solutions))}

    def write(self, folder: RunFolder, command: str, _: Language) -> list[str]:
        return folder.write_solved(solution_table(self.solutions), self.solutions[0].replicates, command)


def _printed(title: str, sentences: Sequence[str], table: Any) -> str:
    console = Console(width=COLUMNS, highlight=False)
    with console.capture() as printed:
        console.print(title, style="bold", markup=False)
        for sentence in sentences:
            console.print(folded(sentence, COLUMNS), markup=False)
        if table is not None:
            console.print()
            console.print(table)
    return printed.get()


def _records(table: pd.DataFrame) -> Any:
    """Rows as built-in types; what is no finite number becomes null."""
    return json.loads(table.to_json(orient="records"))
