"""The command `run`."""

from typing import Annotated

import typer

from trafficsim.cli.options import MechanismOption, ScenarioArgument, SeedOption, SetOption, scenario_of
from trafficsim.cli.terminal import announce_compilation


def run(
    scenario: ScenarioArgument,
    arm: Annotated[str, typer.Option(help="Arm to run.")],
    seed: SeedOption = 1,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    profile: Annotated[bool, typer.Option("--profile", help="Print the time spent in each mechanism instead.")] = False,
) -> None:
    """Run one arm once and print a table of daily totals."""
    case = scenario_of(scenario, set_, mechanism)
    if arm not in case.arms:
        raise typer.BadParameter(f"no arm {arm!r}; this scenario has {', '.join(case.arms)}", param_hint="--arm")
    announce_compilation()
    from trafficsim.engine.journal import as_text, by_day, profile_as_text
    from trafficsim.engine.world import start

    world = start(case, arm, seed)
    print(profile_as_text(world) if profile else as_text(by_day(world.run(), case)))
