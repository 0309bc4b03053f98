"""The command `check`."""

import sys
from typing import Annotated

import typer

from trafficsim.cli.errors import BAD_INPUT
from trafficsim.cli.options import WorkersOption, needs_of, scenario_of


def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files or shipped cases.")],
    replicates: Annotated[int, typer.Option(min=1, help="For foreseeing memory and time.")] = 16,
    workers: WorkersOption = None,
) -> None:
    """Validate scenarios without running them, say what has no effect, and foresee what `compare` would take."""
    from trafficsim.scenario import ScenarioError

    bad = False
    for name in scenarios:
        try:
            case = scenario_of(name)
            needs = needs_of(case, replicates, workers)
        except ScenarioError as error:
            print(error, file=sys.stderr)
            bad = True
            continue
        print(
            f"{name}: fine. {len(case.arms)} arms x {replicates} replicates x {case.days} days:"
            f" about {needs.memory_bytes / 1e9:.1f} GB of memory,"
            f" {needs.seconds_low:.0f} to {needs.seconds_high:.0f} s, once compiled."
        )
        for note in case.notes(case.language):
            print(f"{name}: {note}")
    if bad:
        raise typer.Exit(BAD_INPUT)
