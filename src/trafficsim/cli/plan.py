"""The command `plan`."""

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
    from trafficsim.study.planned import Plan
    from trafficsim.words.language import Language


def plan(
    scenario: ScenarioArgument,
    budget: Annotated[float, typer.Option(metavar="SUM", help="The most that may be spent up to the last day.")],
    lever: Annotated[
        list[str],
        typer.Option(metavar="PATH=LOW:HIGH | PATH=A,B", help="A setting to decide, with its range. Repeatable."),
    ],
    aim: Annotated[
        str,
        typer.Option(help="profit, present_value, revenue, orders, new_customers, members, or payback_day."),
    ] = "profit",
    risk: Annotated[
        str, typer.Option(help="average; worst, the mean of the worst tenth of worlds; or regret, the least of it.")
    ] = "average",
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[@DAY]<=VALUE", help="A further limit, such as 'spend@2024-03-31<=90000'. Repeatable."
        ),
    ] = None,
    arm: Annotated[
        str | None, typer.Option(help="The arm to plan for (default: the first that has all levers).")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Plan for so many days (default: the scenario's).")] = None,
    uncertain: Annotated[
        int, typer.Option(min=0, help="Plausible worlds, a power of two; 0 for the file's own numbers alone.")
    ] = 64,
    replicates: Annotated[int, typer.Option(min=2, help="Replicates where there are no plausible worlds.")] = 16,
    rounds: Annotated[int, typer.Option(min=0, help="Rounds of the search, four plans each.")] = 10,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    dask: DaskOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    add_arms: ArmsOption = None,
    language: LanguageOption = None,
    report: ReportOption = None,
    out: Annotated[Path | None, typer.Option(help="Output folder (default: results/NAME_plan).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted plan.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Find the best values of a few settings under a budget, and try them in worlds that they were not found in.

    Example: trafficsim plan restaurant --budget 60000 --lever posts.vip_group.per_week=1:7
    """
    case = scenario_of(scenario, set_, mechanism, add_arms, language=language)
    from trafficsim.cli.folder import add_to_report, claim_answer, refuse_report
    from trafficsim.plots import require_fonts

    reader = language_of(language) or case.language
    refuse_report(report, case)
    from trafficsim.study.plan_asked import parse_levers, parse_limit

    levers = parse_levers(lever)
    try:
        limits = [parse_limit(each, case) for each in limit or []]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--limit") from None
    asked: dict[str, Any] = {
        "budget": budget,
        "levers": levers,
        "aim": aim,
        "risk": risk,
        "limits": limits,
        "arm": arm,
        "days": days,
        "uncertain": uncertain or None,
        "replicates": replicates,
        "rounds": rounds,
    }
    from trafficsim.study.planning import checked, foreseen_points
    from trafficsim.study.planning import plan as run_plan

    with refused_as_asked():
        checked(case, **{name: asked[name] for name in ("budget", "levers", "aim", "risk", "limits", "arm", "days")})
    require_fonts(reader)
    folder = claim_answer("plan", asked, case, seed, out=out, resume=resume)
    announce_compilation(reader)
    with resumable(folder), cluster_at(dask) as executor:
        with progress(reader, "plans", foreseen_points(len(levers), rounds)) as bar:
            found = run_plan(
                case,
                **asked,
                seed=seed,
                workers=workers,
                executor=executor,
                folder=folder.kept,
                done=(lambda done: bar(completed=done)) if bar else None,
            )
        names = folder.write_plan(found, command_given(), reader)
    if report is not None:
        from trafficsim.report.beside import of_plan

        add_to_report(report, of_plan(found, reader))
    _print(found, reader, folder.path, names, as_json=as_json)
    if report is not None and not as_json:
        console().print(written_to(reader, report), markup=False)


def _print(found: "Plan", language: "Language", folder: Path, names: list[str], *, as_json: bool) -> None:
    from trafficsim.report.planned import as_plain, planned

    if as_json:
        print_json_answer("plan", as_plain(found, language))
        return
    print_sentences(found.scenario.title, planned(found, language), written_to(language, folder, names))
