"""The command `data`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from rich.table import Table

    from trafficsim.scenario import Scenario
    from trafficsim.study.exporting import ExportedData
    from trafficsim.words.language import Language


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
    case = scenario_of(scenario, set_, mechanism, language=language)
    if arm not in case.arms:
        raise typer.BadParameter(f"no arm {arm!r}; this scenario has {', '.join(case.arms)}", param_hint="--arm")
    from trafficsim.study.exporting import DAYS_OF, Observation, export_data, refuse_used

    if by not in DAYS_OF:
        raise typer.BadParameter(f"{by!r} must be {' or '.join(DAYS_OF)}", param_hint="--by")
    observation, to = Observation(noise, lag, missing, last_touch), out or Path("results") / f"{case.name}_{arm}_data"
    refuse_used(to)
    reader = language_of(language) or case.language
    announce_compilation(reader)
    found = export_data(case, arm, by=by, seed=seed, replicate=replicate, observation=observation, logs=not media_only)
    written = found.write(to)
    shown = console()
    shown.print(case.title, style="bold", markup=False)
    shown.print(_truth(found, case, reader))
    shown.print(written_to(reader, to, written), markup=False)


def _truth(found: "ExportedData", case: "Scenario", language: "Language") -> "Table":
    """What each channel brought, in words; the files keep their keys."""
    from rich.table import Table
    from rich.text import Text

    from trafficsim.report.voice import Voice
    from trafficsim.words import rounding
    from trafficsim.words.called import called

    voice = Voice(language, case.currency)
    say, table = voice.say, Table(box=None, pad_edge=False)
    table.add_column(say("channel"))
    for heading in (say("spend"), say("extra revenue"), say("true return on spend")):
        table.add_column(heading, justify="right")
    for row in found.truth.itertuples():
        money = (voice.money(float(value)) for value in (row.spend, row.incremental_revenue))
        table.add_row(Text(called(row.channel, case.labels)), *money, rounding.fixed(float(row.roas), 2))
    return table
