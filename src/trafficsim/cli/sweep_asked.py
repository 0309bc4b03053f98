"""What a sweep is asked on the command line."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from trafficsim.scenario import Scenario
from trafficsim.scenario.needs import sweep_beyond_memory
from trafficsim.study.designs import Design, design_points
from trafficsim.study.solving import solvable
from trafficsim.study.swept import pair_of
from trafficsim.study.varying import (
    Span,
    SweepError,
    Values,
    parse_vary,
    parse_with,
    points_of,
    varied,
)


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line, parsed."""

    vary: dict[str, Values | None]
    with_: dict[str, str]
    solve: tuple[str, Span | None] | None
    design: Design
    points: int | None
    metric: str
    arms: tuple[str, str] | None
    replicates: int
    seed: int

    def identity(self) -> dict[str, Any]:
        """What makes it another sweep of the same scenario; which arms and metric are looked at does not."""
        asked = asdict(self)
        return {name: value for name, value in asked.items() if name not in {"metric", "arms", "seed"}}

    def units(self, scenario: Scenario) -> int | None:
        """Check everything, and say how many points will be run; None if nobody can know.

        Raises:
            ScenarioError, SweepError: with all that is wrong.
        """
        pair_of(scenario.arms, scenario.baseline, self.arms, self.metric)
        spans = dict([self.solve]) if self.solve else {}
        axes, followers = varied(scenario, {**self.vary, **spans}, self.with_)
        if self.solve:
            solvable(axes[-1])
        points = design_points(axes, self.design, self.points, self.seed)
        if too_many := sweep_beyond_memory(len(points), self.replicates):
            raise SweepError(too_many)
        points_of(scenario, axes, followers, points)
        return None if self.solve else len(points)


def parsed(
    vary: Sequence[str], with_: Sequence[str], solve: str | None, design: str
) -> tuple[dict[str, Values | None], dict[str, str], tuple[str, Span | None] | None, Design]:
    """The options that say which settings vary, and how, as `Asked` has them.

    Raises:
        ScenarioError: for settings that can't be read.
        SweepError: for options that don't go together.
    """
    if not vary and solve is None:
        raise SweepError("nothing to do: give --vary PATH=..., or --solve PATH=low:high")
    if solve is not None and design != "grid":
        raise SweepError("--solve goes with a grid only")
    given, moving = _once("--vary", map(parse_vary, vary)), _once("--with", map(parse_with, with_))
    solved = parse_vary(solve) if solve is not None else None
    if solved is not None and not isinstance(solved[1], Span | None):
        raise SweepError(f"--solve: {solve}: must look like path=low:high or path=low:high:log, or be a path alone")
    return given, moving, cast("tuple[str, Span | None] | None", solved), cast("Design", design)


def _once(option: str, given: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in given:
        if path in found:
            raise SweepError(f"{option}: {path}: is given twice")
        found[path] = value
    return found
