"""The command `sweep`."""

from pathlib import Path
from typing import Annotated

import typer

from trafficsim.cli.errors import resumable
from trafficsim.cli.options import (
    LanguageOption,
    MechanismOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    WorkersOption,
    command_given,
    language_of,
    scenario_of,
)
from trafficsim.cli.terminal import announce_compilation, print_json, progress, written_to


def sweep(
    scenario: ScenarioArgument,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=1,2,5 | PATH=LOW:HIGH[:N][:log]",
            help="A setting and its levels, or a span; * in a path stands for any name.",
        ),
    ] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="PATH=NUMBER*PATH", help="A setting that moves with another one."),
    ] = None,
    solve: Annotated[
        str | None,
        typer.Option(metavar="PATH=LOW:HIGH[:log]", help="Find where two arms tie, at each point of --vary."),
    ] = None,
    design: Annotated[str, typer.Option(help="grid (all combinations), latin or sobol.")] = "grid",
    points: Annotated[int | None, typer.Option(min=1, help="How many, unless the design is a grid.")] = None,
    metric: Annotated[str, typer.Option(help="What is compared.")] = "profit",
    arms: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Which two arms: A less B.", show_default=False)
    ] = None,
    replicates: Annotated[int, typer.Option(min=1, help="At each point, with the same customers and luck.")] = 8,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    out: Annotated[Path | None, typer.Option(help="Where to write; results/NAME_sweep unless given.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a sweep that was interrupted.")] = False,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Compare two arms over levels of a few settings: a map, a break-even line, or where they tie."""
    case = scenario_of(scenario, set_, mechanism)
    from trafficsim.cli.folder import claim
    from trafficsim.cli.sweep_asked import Asked
    from trafficsim.cli.sweep_found import run_sweep
    from trafficsim.plots import require_fonts

    reader = language_of(language) or case.language
    require_fonts(reader)
    asked = Asked.read(vary or [], with_ or [], solve, design, points, metric, arms, replicates, seed)
    units = asked.units(case)
    folder = claim(out or Path("results") / f"{case.name}_sweep", case, seed, resume=resume, sweep=asked.identity())
    announce_compilation()
    with resumable(folder):
        with progress("replicates of points", units) as bar:
            done = bar and (lambda n: bar(completed=n))
            found = run_sweep(case, asked, workers=workers, folder=folder.kept, done=done)
        written = found.write(folder, case, command_given(), reader)
    if as_json:
        print_json(found.json_text())
    else:
        print(found.text(reader), end="")
        print(written_to(reader, folder.path, written))
