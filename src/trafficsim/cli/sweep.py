"""The command `sweep`."""

from pathlib import Path
from typing import Annotated

import typer

from trafficsim.cli.errors import resumable
from trafficsim.cli.options import (
    DaskOption,
    LanguageOption,
    MechanismOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    WorkersOption,
    cluster_at,
    command_given,
    language_of,
    scenario_of,
)
from trafficsim.cli.terminal import announce_compilation, print_json_answer, progress, written_to


def sweep(
    scenario: ScenarioArgument,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=1,2,5 | PATH=LOW:HIGH[:N][:log] | PATH",
            help="Setting to vary, with levels or a range (its plausible one if none is given); * matches any name. "
            "Repeatable.",
        ),
    ] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option(
            "--with", metavar="PATH=NUMBER*PATH", help="Setting that follows another one in proportion. Repeatable."
        ),
    ] = None,
    solve: Annotated[
        str | None,
        typer.Option(metavar="PATH=LOW:HIGH[:log] | PATH", help="Find where two arms tie, at each point of --vary."),
    ] = None,
    design: Annotated[str, typer.Option(help="grid (all combinations), latin (hypercube) or sobol.")] = "grid",
    points: Annotated[int | None, typer.Option(min=1, help="Number of points of a latin or sobol design.")] = None,
    metric: Annotated[str, typer.Option(help="Metric to compare.")] = "profit",
    arms: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="The two arms: A minus B.", show_default=False)
    ] = None,
    replicates: Annotated[
        int, typer.Option(min=1, help="Replicates per point; all points share the random numbers.")
    ] = 8,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    dask: DaskOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    out: Annotated[Path | None, typer.Option(help="Output folder (default: results/NAME_sweep).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted sweep.")] = False,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Compare two arms over a range of settings: a map, a break-even line, or where they tie.

    Example: trafficsim sweep suitability --vary product.price=10:5000:8:log
    """
    case = scenario_of(scenario, set_, mechanism, language=language)
    from trafficsim.cli.folder import claim
    from trafficsim.cli.sweep_asked import Asked, parsed
    from trafficsim.cli.sweep_found import run_sweep
    from trafficsim.engine.running import Running
    from trafficsim.plots import require_fonts

    reader = language_of(language) or case.language
    settings = parsed(vary or [], with_ or [], solve, design)
    asked = Asked(*settings, points=points, metric=metric, arms=arms, replicates=replicates, seed=seed)
    units = asked.units(case)
    require_fonts(reader)
    folder = claim(out or Path("results") / f"{case.name}_sweep", case, seed, resume=resume, sweep=asked.identity())
    announce_compilation(reader)
    with resumable(folder), cluster_at(dask) as executor:
        with progress(reader, "points", units) as bar:
            running = Running(workers, executor, folder.kept, done=bar and (lambda n: bar(completed=n)))
            found = run_sweep(case, asked, running)
        written = found.write(folder, command_given(), reader)
    if as_json:
        print_json_answer(*found.as_plain())
    else:
        print(found.text(reader), end="")
        print(written_to(reader, folder.path, written))
