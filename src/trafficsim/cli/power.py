"""The command `power`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trafficsim.cli.errors import refused_as_asked, resumable
from trafficsim.cli.options import (
    ArmsOption,
    DaskOption,
    LanguageOption,
    MechanismOption,
    ReportOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    WorkersOption,
    cluster_at,
    command_given,
    language_of,
    scenario_of,
)
from trafficsim.cli.terminal import (
    announce_compilation,
    console,
    print_json_answer,
    print_sentences,
    progress,
    written_to,
)

if TYPE_CHECKING:
    from trafficsim.study.powered import Power
    from trafficsim.words.language import Language


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
    add_arms: ArmsOption = None,
    language: LanguageOption = None,
    report: ReportOption = None,
    out: Annotated[Path | None, typer.Option(help="Output folder (default: results/NAME_power).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume interrupted tests.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Simulate a split test of two arms many times: how often would it decide, and which is the cheapest that does?

    Example: trafficsim power restaurant nothing private --uncertain 64
    """
    case = scenario_of(scenario, set_, mechanism, add_arms, language=language)
    from trafficsim.cli.folder import add_to_report, claim_answer, refuse_report
    from trafficsim.plots import require_fonts
    from trafficsim.study.powering import checked
    from trafficsim.study.powering import power as run_power

    reader = language_of(language) or case.language
    refuse_report(report, case)
    asked: dict[str, Any] = {"by": by, "share": share, "outcome": outcome, "tests": tests, "wanted": wanted}
    asked |= {"alpha": alpha, "uncertain": uncertain}
    with refused_as_asked():
        checked(case, control, treated, **asked)
    require_fonts(reader)
    folder = claim_answer("power", [control, treated, asked], case, seed, out=out, resume=resume)
    announce_compilation(reader)
    with resumable(folder), cluster_at(dask) as executor:
        with progress(reader, "tests", tests) as bar:
            found = run_power(
                case,
                control,
                treated,
                **asked,
                seed=seed,
                workers=workers,
                executor=executor,
                folder=folder.kept,
                done=(lambda done: bar(completed=done)) if bar else None,
            )
        names = folder.write_power(found, command_given(), reader)
    if report is not None:
        from trafficsim.report.beside import of_power

        add_to_report(report, of_power(found, reader))
    _print(found, reader, folder.path, names, as_json=as_json)
    if report is not None and not as_json:
        console().print(written_to(reader, report), markup=False)


def _print(found: "Power", language: "Language", folder: Path, names: list[str], *, as_json: bool) -> None:
    from trafficsim.report.powered import as_plain, powered

    if as_json:
        print_json_answer("power", as_plain(found))
        return
    print_sentences(found.scenario.title, powered(found, language), written_to(language, folder, names))
