"""The command `power`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trafficsim.cli.options import (
    DaskOption,
    LanguageOption,
    MechanismOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    WorkersOption,
    cluster_at,
    language_of,
    scenario_of,
)
from trafficsim.cli.terminal import announce_compilation, console, print_json, progress, written_to

if TYPE_CHECKING:
    from trafficsim.study.powered import Power
    from trafficsim.words.language import Language

SUFFIXES = (".png", ".csv")


def power(
    scenario: ScenarioArgument,
    control: Annotated[str, typer.Argument(metavar="ARM", help="What the control group gets.")],
    treated: Annotated[str, typer.Argument(metavar="OTHER", help="What the test group gets.")],
    by: Annotated[str, typer.Option(help="Split customers (by lot) or regions.")] = "customers",
    share: Annotated[float, typer.Option(help="Share that is treated, 0 to 1.")] = 0.5,
    outcome: Annotated[str, typer.Option(help="What is counted of a customer: orders or revenue.")] = "orders",
    tests: Annotated[int, typer.Option(min=2, help="Simulated tests.")] = 300,
    wanted: Annotated[float, typer.Option("--power", help="Power that settles the question.")] = 0.8,
    alpha: Annotated[float, typer.Option(help="Chance of a false alarm.")] = 0.05,
    uncertain: Annotated[
        int | None, typer.Option(min=16, help="Also tell what knowing all is worth, over so many plausible worlds.")
    ] = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    dask: DaskOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    language: LanguageOption = None,
    out: Annotated[Path | None, typer.Option(help="Also write to FILE.png (power by size) or FILE.csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Simulate a split test of two arms many times: how often would it decide, and which is the cheapest that does?

    Example: trafficsim power restaurant nothing private --uncertain 64
    """
    if out is not None and out.suffix not in SUFFIXES:
        raise typer.BadParameter(f"{out}: must end in {' or '.join(SUFFIXES)}", param_hint="--out")
    case = scenario_of(scenario, set_, mechanism)
    reader = language_of(language) or case.language
    given: dict[str, Any] = {"by": by, "share": share, "outcome": outcome, "tests": tests, "wanted": wanted}
    with cluster_at(dask) as executor:
        announce_compilation()
        from trafficsim.study.powering import power as run_power

        with progress("tests", tests) as bar:
            try:
                found = run_power(
                    case,
                    control,
                    treated,
                    **given,
                    alpha=alpha,
                    uncertain=uncertain,
                    seed=seed,
                    workers=workers,
                    executor=executor,
                    done=(lambda done: bar(completed=done)) if bar else None,
                )
            except (ValueError, KeyError) as error:
                if type(error) not in {ValueError, KeyError}:  # those of ours are told by themselves
                    raise
                raise typer.BadParameter(str(error.args[0])) from None
    if out is not None:
        _write(found, out, reader)
    _print(found, reader, out, as_json=as_json)


def _write(found: "Power", out: Path, language: "Language") -> None:
    from trafficsim.files.whole import write_csv, write_whole

    if out.suffix == ".csv":
        write_csv(out, found.designs())
    else:
        from trafficsim.plots import png
        from trafficsim.plots.powered import power_curves

        write_whole(out, png(power_curves(found, language=language)))


def _print(found: "Power", language: "Language", out: Path | None, *, as_json: bool) -> None:
    from trafficsim.report.powered import as_plain, powered

    if as_json:
        print_json(json.dumps(as_plain(found), ensure_ascii=False, indent=1) + "\n")
        return
    shown = console()
    shown.print(found.scenario.title, style="bold", markup=False)
    for sentence in powered(found, language):
        shown.print(sentence, markup=False)
    if out is not None:
        shown.print(written_to(language, out), markup=False)
