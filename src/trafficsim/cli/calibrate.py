"""The command `calibrate`."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from trafficsim.cli.terminal import (
    announce_compilation,
    console,
    print_json_answer,
    print_sentences,
    progress,
    written_to,
)

if TYPE_CHECKING:
    from trafficsim.engine.running import Running
    from trafficsim.scenario import Scenario
    from trafficsim.words.language import Language


def calibrate(
    scenario: ScenarioArgument,
    counts: Annotated[
        Path | None,
        typer.Argument(
            metavar="[COUNTS]", help="Your counts by day, week or month: .csv or .xlsx (default: the scenario's facts)."
        ),
    ] = None,
    fit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH,PATH", help="Numbers to fit; * matches any name (default: all uncertain ones). Repeatable."
        ),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=SERIES", help="What a column is; - leaves it out. Repeatable."),
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="day|week|month", help="What each row is about (default: found out).")
    ] = None,
    arm: Annotated[str | None, typer.Option(help="The arm (strategy) that you followed.")] = None,
    held_out: Annotated[
        float, typer.Option(min=0.0, max=0.6, help="Share of the days, at the end, to foretell and not to fit.")
    ] = 0.25,
    waves: Annotated[int, typer.Option(min=1, help="Waves of runs at most.")] = 3,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    dask: DaskOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    out: Annotated[Path | None, typer.Option(help="Output folder (default: results/NAME_calibrated).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted calibration.")] = False,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Fit the assumed numbers of a scenario to your own counts, and say which of them the counts can't tell.

    Writes a calibrated scenario and a file of plausible worlds. Example: trafficsim calibrate my.yaml counts.csv

    Without counts, assumed numbers are moved within their ranges until the scenario meets its facts, as far as it can.
    """
    from trafficsim.data.dated import period_named
    from trafficsim.engine.running import Running
    from trafficsim.study.observing import parse_map

    period = None if by is None else period_named(by)
    if by is not None and period is None:
        raise typer.BadParameter(f"no period {by!r}; there are day, week, month", param_hint="--by")
    case = scenario_of(scenario, set_, mechanism)
    reader = language_of(language) or case.language
    paths = tuple(path.strip() for given in fit or () for path in given.split(",") if path.strip())
    if counts is None:
        _refuse({"--map": map_, "--by": by, "--arm": arm, "--resume": resume or None})
        with cluster_at(dask) as executor:
            _meet(case, paths, waves, (seed, Running(workers, executor), out, reader), as_json=as_json)
        return
    asked = {
        "fit": paths,
        "mapped": parse_map(map_ or []),
        "period": period,
        "arm": arm,
        "held_out": held_out,
        "waves": waves,
    }
    _require(reader)
    with cluster_at(dask) as executor:
        running = Running(workers, executor)
        found, folder, written = _run(case, counts, asked, (seed, running, out, resume, reader))
    if as_json:
        numbers = json.loads(found.table().to_json(orient="records"))  # which has null for what is no number
        print_json_answer("calibrate", {"scenario": case.name, "numbers": numbers})
        return
    _print(found, reader, folder, written)


def _refuse(given: dict[str, Any]) -> None:
    """Options that say something of counts mean nothing without any."""
    for option, value in given.items():
        if value is not None:
            raise typer.BadParameter("is about counts: give their file after the scenario", param_hint=option)


def _meet(
    case: "Scenario",
    paths: tuple[str, ...],
    waves: int,
    how: tuple[int, "Running", Path | None, "Language"],
    *,
    as_json: bool,
) -> None:
    """Move assumed numbers until the scenario meets its facts."""
    from trafficsim.cli.folder import claim
    from trafficsim.report.fact_words import facts_answer, facts_table, fit_as_json
    from trafficsim.study.meeting_facts import meet_facts, planned_points

    seed, running, out, reader = how
    points = planned_points(case, paths, waves)
    asked = {"facts": {"fit": paths, "waves": waves}}
    folder = claim(out or Path("results") / f"{case.name}_calibrated", case, seed, resume=False, sweep=asked)
    announce_compilation(reader)
    with resumable(folder), progress(reader, "points", points) as bar:
        done = bar and (lambda n: bar(completed=n, total=max(points, n)))
        found = meet_facts(
            case, fit=paths, waves=waves, seed=seed, workers=running.workers, executor=running.executor, done=done
        )
        written = folder.write_facts(case, found, command_given())
    if as_json:
        print_json_answer("calibrate-facts", fit_as_json(found))
        return
    found = replace(found, scenario=found.scenario.in_language(reader))
    console().print(facts_table(found, reader))
    print_sentences("", facts_answer(found, reader), written_to(reader, folder.path, written))


def _require(language: "Language") -> None:
    """Say what is missing before anything runs; plotting loads slowly, and English needs no fonts but its own."""
    if language != "en":
        from trafficsim.plots import require_fonts

        require_fonts(language)


def _run(
    case: "Scenario", counts: Path, asked: dict[str, Any], how: tuple[int, "Running", Path | None, bool, "Language"]
) -> tuple[Any, Path, list[str]]:
    from trafficsim.cli.folder import claim
    from trafficsim.study.calibrating import calibrate as run_calibration
    from trafficsim.study.calibrating import planned

    seed, running, out, resume, reader = how
    points = planned(case, counts, **asked)  # what is wrong is told before a folder is made
    identity = {**asked, "counts": str(counts), "mapped": dict(asked["mapped"])}
    folder = claim(
        out or Path("results") / f"{case.name}_calibrated", case, seed, resume=resume, sweep={"calibrate": identity}
    )
    announce_compilation(reader)
    with resumable(folder):
        with progress(reader, "points", points) as bar:
            done = bar and (lambda n: bar(completed=n, total=max(points, n)))
            found = run_calibration(
                case, counts, seed=seed, **replace(running, folder=folder.kept, done=done).options, **asked
            )
        found = replace(found, labels=case.in_language(reader).labels)
        return found, folder.path, folder.write_calibration(case, found, command_given(), reader)


def _print(found: Any, reader: "Language", folder: Path, written: list[str]) -> None:
    from trafficsim.report.calibration_words import calibration_answer, calibration_table

    notes = (note.said(reader) for note in found.observed.notes)
    print_sentences("", (*notes, *calibration_answer(found, reader)))
    console().print("", calibration_table(found, reader), sep="\n")
    print_sentences("", [], written_to(reader, folder, written))
