"""The command `plan`."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trafficsim.cli.errors import resumable
from trafficsim.cli.options import (
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
from trafficsim.cli.terminal import announce_compilation, console, print_json, progress, written_to

if TYPE_CHECKING:
    from trafficsim.scenario import Scenario
    from trafficsim.study.planned import Limit, Plan
    from trafficsim.words.language import Language

LIMIT = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(?:@\s*([\d-]+)\s*)?(<=|>=)\s*(-?[\d.eE+]+)\s*")


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
    language: LanguageOption = None,
    report: ReportOption = None,
    out: Annotated[Path | None, typer.Option(help="Output folder (default: results/NAME_plan).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted plan.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Find the best values of a few settings under a budget, and try them in worlds that they were not found in.

    Example: trafficsim plan restaurant --budget 60000 --lever posts.vip_group.per_week=1:7
    """
    case = scenario_of(scenario, set_, mechanism)
    from trafficsim.cli.folder import add_to_report, claim, refuse_report, set_aside
    from trafficsim.plots import require_fonts

    reader = language_of(language) or case.language
    require_fonts(reader)
    refuse_report(report, case)
    levers, limits = _levers(lever), [_limit(each, case) for each in limit or []]
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

    try:
        checked(case, **{name: asked[name] for name in ("budget", "levers", "aim", "risk", "limits", "arm", "days")})
    except (ValueError, KeyError) as error:
        if type(error) not in {ValueError, KeyError}:  # those of ours are told by themselves
            raise
        raise typer.BadParameter(str(error.args[0])) from None
    usual, design = Path("results") / f"{case.name}_plan", {"plan": str(asked)}
    if out is None and not resume:
        set_aside(usual, case, seed, sweep=design)
    folder = claim(out or usual, case, seed, resume=resume, sweep=design)
    announce_compilation()
    with resumable(folder), cluster_at(dask) as executor:
        with progress("plans", foreseen_points(len(levers), rounds)) as bar:
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


def _levers(given: list[str]) -> dict[str, Any]:
    from trafficsim.scenario import Mistake, ScenarioError
    from trafficsim.scenario.errors import Where
    from trafficsim.study.planning import LEVER_LABEL
    from trafficsim.study.varying import parse_vary

    found: dict[str, Any] = {}
    for text in given:
        try:
            path, values = parse_vary(text)
        except ScenarioError as error:
            raise ScenarioError([Mistake(Where(LEVER_LABEL), m.path, m.says) for m in error.mistakes]) from None
        if values is None:
            says = "give its range or choices: PATH=LOW:HIGH or PATH=A,B"
            raise ScenarioError([Mistake(Where(LEVER_LABEL), text, says)])
        if path in found:
            raise ScenarioError([Mistake(Where(LEVER_LABEL), path, "is given twice")])
        found[path] = values
    return found


def _limit(text: str, case: "Scenario") -> "Limit":
    from trafficsim.study.planned import Limit

    found = LIMIT.fullmatch(text)
    try:
        name, on, sign, value = found.groups() if found else ("", None, "", "")
        day = None if on is None else int(on) if on.isdigit() else (dt.date.fromisoformat(on) - case.start).days
        return Limit(name, float(value), sign == "<=", day)
    except ValueError:
        says = f"{text!r}: give NAME<=VALUE, NAME>=VALUE or NAME@DAY<=VALUE, such as spend@2024-03-31<=90000"
        raise typer.BadParameter(says, param_hint="--limit") from None


def _print(found: "Plan", language: "Language", folder: Path, names: list[str], *, as_json: bool) -> None:
    from trafficsim.report.planned import as_plain, planned

    if as_json:
        print_json(json.dumps(as_plain(found), ensure_ascii=False, indent=1) + "\n")
        return
    shown = console()
    shown.print(found.scenario.title, style="bold", markup=False)
    for sentence in planned(found, language):
        shown.print(sentence, markup=False)
    shown.print(written_to(language, folder, names), markup=False)
