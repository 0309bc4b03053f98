"""The command `run`."""

from pathlib import Path
from typing import Annotated

import typer

from trafficsim.cli.options import (
    LanguageOption,
    MechanismOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    language_of,
    scenario_of,
)
from trafficsim.cli.terminal import announce_compilation


def run(
    scenario: ScenarioArgument,
    arm: Annotated[str, typer.Option(help="Arm to run.")],
    seed: SeedOption = 1,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    until: Annotated[int | None, typer.Option(min=1, help="Stop before this day (default: after the last).")] = None,
    save_state: Annotated[
        Path | None,
        typer.Option("--save-state", metavar="FILE", help="Save what the arm has come to, for compare --from."),
    ] = None,
    profile: Annotated[bool, typer.Option("--profile", help="Print the time spent in each mechanism instead.")] = False,
    language: LanguageOption = None,
) -> None:
    """Run one arm once and print a table of daily totals."""
    case = scenario_of(scenario, set_, mechanism)
    if arm not in case.arms:
        raise typer.BadParameter(f"no arm {arm!r}; this scenario has {', '.join(case.arms)}", param_hint="--arm")
    if save_state is not None and (until is None or profile):
        raise typer.BadParameter("takes --until DAY, and no --profile", param_hint="--save-state")
    if save_state is not None and until is not None and until >= case.days:
        raise typer.BadParameter(f"no day is left after {until}; the run has {case.days}", param_hint="--until")
    reader = language_of(language) or case.language
    announce_compilation(reader)
    from trafficsim.engine.journal import as_text, by_day, profile_as_text
    from trafficsim.engine.past import save_past
    from trafficsim.engine.world import start

    if save_state is not None and until is not None:
        world = save_past(case, arm, until, save_state, seed)
    else:
        world = start(case, arm, seed)
    print(profile_as_text(world) if profile else as_text(by_day(world.run(until), case), reader))
