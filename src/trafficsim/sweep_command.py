"""What the command `sweep` does with its arguments: a sweep, or solving for one setting."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import pandas as pd
from rich.console import Console

from trafficsim.folder import RunFolder
from trafficsim.report import sweep_answer, sweep_table
from trafficsim.report.answer import LUCK_ONLY
from trafficsim.scenario import Scenario, estimate
from trafficsim.study import Solution, SweepResult, solve, sweep
from trafficsim.study.designs import Design, design_points
from trafficsim.study.solving import solution_table, solvable
from trafficsim.study.swept import pair_of
from trafficsim.study.varying import (
    Span,
    SweepError,
    Values,
    axes_of,
    followers_of,
    parse_vary,
    parse_with,
    scenarios_of,
)

COLUMNS = 80


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line, parsed."""

    vary: dict[str, Values]
    with_: dict[str, str]
    solve: tuple[str, Span] | None
    design: Design
    points: int | None
    metric: str
    arms: tuple[str, str] | None
    replicates: int
    seed: int

    @classmethod
    def read(
        cls, vary: Sequence[str], with_: Sequence[str], solve: str | None, design: str, points: int | None, metric: str,
        arms: tuple[str, str] | None, replicates: int, seed: int,
    ) -> "Asked":  # fmt: skip
        """Parse the options.

        Raises:
            ScenarioError: for settings that can't be read.
            SweepError: for options that don't go together.
        """
        if not vary and solve is None:
            raise SweepError("nothing to do: give --vary PATH=..., or --solve PATH=low:high")
        if solve is not None and design != "grid":
            raise SweepError("--solve goes with a grid only")
        varied, moving = _once("--vary", map(parse_vary, vary)), _once("--with", map(parse_with, with_))
        solved = parse_vary(solve) if solve is not None else None
        if solved is not None and not isinstance(solved[1], Span):
            raise SweepError(f"--solve: {solve}: must look like path=low:high or path=low:high:log")
        return cls(
            varied, moving, cast("tuple[str, Span] | None", solved), cast("Design", design), points, metric, arms,
            replicates, seed,
        )  # fmt: skip

    def identity(self) -> dict[str, Any]:
        """What makes it another sweep of the same scenario; which arms and metric are looked at does not."""
        asked = asdict(self)
        return {name: value for name, value in asked.items() if name not in {"metric", "arms", "seed"}}

    def units(self, scenario: Scenario) -> int | None:
        """Check everything, and say how many replicates of points will be run; None if nobody can know.

        Raises:
            ScenarioError, SweepError: with all that is wrong.
        """
        pair_of(scenario.arms, scenario.baseline, self.arms, self.metric)
        spans = dict([self.solve]) if self.solve else {}
        axes = axes_of(scenario, {**self.vary, **spans})
        if self.solve:
            solvable(axes[-1])
        points = design_points(axes, self.design, self.points, self.seed)
        for one in scenarios_of(scenario, axes, followers_of(scenario, self.with_), points):
            estimate(one, 1, 1)
        return None if self.solve else len(points) * self.replicates


class Found(Protocol):
    """An outcome that can be told and written."""

    def text(self) -> str:
        """What the terminal shows."""

    def json_text(self) -> str:
        """The same for programs."""

    def write(self, folder: RunFolder, scenario: Scenario, command: str) -> list[str]:
        """Write all files; returns their names."""


def run_sweep(
    scenario: Scenario, asked: Asked, *, workers: int | None, folder: Path, done: Callable[[int], None] | None
) -> Found:
    """Do what was asked for."""
    same: dict[str, Any] = {
        "with_": asked.with_,
        "arms": asked.arms,
        "metric": asked.metric,
        "replicates": asked.replicates,
        "seed": asked.seed,
        "workers": workers,
        "folder": folder,
        "done": done,
    }
    if asked.solve is not None:
        setting, span = asked.solve
        return _Solved(scenario.title, solve(scenario, setting, span, vary=asked.vary, **same))
    return _Swept(sweep(scenario, asked.vary, design=asked.design, points=asked.points, **same))


@dataclass(frozen=True)
class _Swept:
    result: SweepResult

    def text(self) -> str:
        return _printed(self.result.title, sweep_answer(self.result), sweep_table(self.result))

    def json_text(self) -> str:
        result = self.result
        about = {"scenario": result.data.attrs["scenario"], "metric": result.metric, "arms": list(result.pair)}
        lines = {"break_even": _records(result.break_even())} if result.is_grid else {}
        return _json({**about, "replicates": result.replicates, "points": _records(result.table()), **lines})

    def write(self, folder: RunFolder, scenario: Scenario, command: str) -> list[str]:
        return folder.write_sweep(scenario, self.result, command)


@dataclass(frozen=True)
class _Solved:
    title: str
    solutions: list[Solution]

    def text(self) -> str:
        sentences = [sentence for solution in self.solutions for sentence in solution.sentences()]
        return _printed(self.title, [*sentences, LUCK_ONLY], None)

    def json_text(self) -> str:
        first = self.solutions[0]
        about = {"metric": first.metric, "arms": list(first.arms), "replicates": first.replicates}
        return _json({**about, "break_even": _records(solution_table(self.solutions))})

    def write(self, folder: RunFolder, scenario: Scenario, command: str) -> list[str]:
        return folder.write_solved(scenario, solution_table(self.solutions), self.solutions[0].replicates, command)


def _once(option: str, given: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in given:
        if path in found:
            raise SweepError(f"{option}: {path}: is given twice")
        found[path] = value
    return found


def _printed(title: str, sentences: Sequence[str], table: Any) -> str:
    console = Console(width=COLUMNS, highlight=False)
    with console.capture() as printed:
        console.print(title, style="bold")
        for sentence in sentences:
            console.print(sentence)
        if table is not None:
            console.print()
            console.print(table)
    return printed.get()


def _records(table: pd.DataFrame) -> Any:
    """Rows as built-in types; what is no finite number becomes null."""
    return json.loads(table.to_json(orient="records"))


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
