"""The command `data`."""

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
from trafficsim.cli.terminal import announce_compilation, console, written_to


def data(
    scenario: ScenarioArgument,
    arm: Annotated[str, typer.Option(help="Arm whose data are written.")],
    out: Annotated[Path | None, typer.Option(help="Output folder (default: results/NAME_ARM_data).")] = None,
    by: Annotated[str, typer.Option(metavar="day|week", help="What media are added up by.")] = "week",
    seed: SeedOption = 1,
    replicate: Annotated[int, typer.Option(min=0, help="Number of the replicate, each with its own customers.")] = 0,
    noise: Annotated[float, typer.Option(help="Error of measured revenue and impressions, as a share.")] = 0.0,
    lag: Annotated[int, typer.Option(help="Days by which sales are on file later.")] = 0,
    missing: Annotated[float, typer.Option(help="Share of rows of orders and journeys that are lost.")] = 0.0,
    last_touch: Annotated[
        bool, typer.Option("--last-touch", help="Of the contacts before an order only the last one is known.")
    ] = False,
    media_only: Annotated[
        bool,
        typer.Option("--media-only", help="Leave out orders, journeys and ties, which take by far the longest."),
    ] = False,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    language: LanguageOption = None,
) -> None:
    """Write what a business would have on file of an arm, for other tools, and the truth beside it.

    Order log, journeys, who knows whom, and marketing-mix tables for Robyn, Meridian and pymc-marketing; and what each
    channel truly brought.

    Example: trafficsim data restaurant --arm paid --out data
    """
    case = scenario_of(scenario, set_, mechanism)
    if arm not in case.arms:
        raise typer.BadParameter(f"no arm {arm!r}; this scenario has {', '.join(case.arms)}", param_hint="--arm")
    from trafficsim.study.exporting import DAYS_OF, Observation, export_data, refuse_used

    if by not in DAYS_OF:
        raise typer.BadParameter(f"{by!r} must be {' or '.join(DAYS_OF)}", param_hint="--by")
    observation, to = Observation(noise, lag, missing, last_touch), out or Path("results") / f"{case.name}_{arm}_data"
    refuse_used(to)
    announce_compilation(language_of(language) or case.language)
    found = export_data(case, arm, by=by, seed=seed, replicate=replicate, observation=observation, logs=not media_only)
    written = found.write(to)
    shown = console()
    shown.print(case.title, style="bold", markup=False)
    shown.print(found.truth.round(2).to_string(index=False), markup=False)
    shown.print(written_to(language_of(language) or case.language, to, written), markup=False)
