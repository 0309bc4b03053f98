"""The command `compare`."""

from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any

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
    needs_of,
    scenario_of,
    trials_on,
)
from trafficsim.cli.terminal import announce_compilation, console, print_json, progress, written_to
from trafficsim.words.rounding import short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from trafficsim.cli.folder import RunFolder
    from trafficsim.scenario import Scenario
    from trafficsim.words.language import Language

REPORT = "trafficsim.report"
MANY_CUSTOMER_DAYS = 100_000_000
"""Runs from so many on, which take a second or more, are worth a process that draws beside this one."""


def compare(
    scenario: ScenarioArgument,
    replicates: Annotated[int, typer.Option(min=1, help="Replicates per arm, each with its own random numbers.")] = 16,
    precision: Annotated[
        float | None,
        typer.Option(
            min=0.001, help="Add replicates up to this relative precision of profit differences, such as 0.1."
        ),
    ] = None,
    until_decided: Annotated[
        bool, typer.Option("--until-decided", help="Add replicates until every profit difference has a sign.")
    ] = False,
    max_replicates: Annotated[int, typer.Option(min=1, help="Upper limit for --precision and --until-decided.")] = 256,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    out: Annotated[Path | None, typer.Option(help="Output folder (default: results/NAME).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted comparison.")] = False,
    language: LanguageOption = None,
    leans: Annotated[
        bool,
        typer.Option("--leans", help="Sensitivity analysis: also run each assumed number at both ends of its range."),
    ] = False,
    uncertain: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Also run all arms in N plausible worlds (a power of two, such as 256), drawn from the ranges of all "
            "uncertain numbers: how sure the answer is, and what to measure first.",
        ),
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="Also write all tables to an Excel workbook, tables.xlsx.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Compare the arms (strategies) of a scenario on one population with common random numbers.

    Example: trafficsim compare restaurant --set private:posts.vip_group.per_week=1
    """
    case = scenario_of(scenario, set_, mechanism)
    needs = needs_of(case, replicates, workers)
    enough = _enough(precision, until_decided)
    reader = language_of(language) or case.language
    if leans:
        _refuse_leaning(case, replicates)
    _refuse_uncertain(case, uncertain)
    _require(reader, excel)
    with _beside(needs.customer_days, workers) as beside:
        from trafficsim.cli.folder import claim
        from trafficsim.study import compare as run_comparison

        folder = claim(out or Path("results") / case.name, case, seed, resume=resume)
        announce_compilation()
        with resumable(folder):
            _load_meanwhile(REPORT)
            with progress(f"replicates ({short(needs.customer_days)} customer-days)", replicates) as bar:
                # More than planned are run where they are added until the answer is precise.
                done = bar and (lambda n: bar(advance=1, total=max(replicates, n + 1)))
                result = run_comparison(
                    case,
                    replicates,
                    seed,
                    workers=workers,
                    folder=folder.kept,
                    enough=enough,
                    max_replicates=max_replicates,
                    done=done,
                    repeat=command_given(),
                )
            if leans:
                result = _leaning(case, result, workers, folder)
            if uncertain is not None:
                result = _weighed(case, result, uncertain, workers, folder)
            written = folder.write(case, result, command_given(), language=reader, excel=excel, beside=beside)
    _print_result(result, reader, folder.path, written, as_json)


def _enough(precision: float | None, until_decided: bool) -> Any:
    if precision is None and not until_decided:
        return None
    if precision is not None and until_decided:
        raise typer.BadParameter("give --precision or --until-decided, not both")
    from trafficsim.study.until import decided, precise

    return precise(precision) if precision is not None else decided


def _refuse_leaning(case: "Scenario", replicates: int) -> None:
    from trafficsim.study.robust import REPLICATES

    if len(case.arms) < 2:
        raise typer.BadParameter("one arm alone has no lead that could lean on anything", param_hint="--leans")
    if replicates < REPLICATES:
        raise typer.BadParameter(f"takes {REPLICATES} replicates or more (got {replicates})", param_hint="--leans")


def _refuse_uncertain(case: "Scenario", worlds: int | None) -> None:
    """Worlds that can't be drawn, before anything runs."""
    if worlds is not None:
        from trafficsim.study.comparison import drawable

        drawable(case, worlds)


def _weighed(case: "Scenario", result: Any, worlds: int, workers: int | None, folder: "RunFolder") -> Any:
    from trafficsim.study.weighing import sensitivity

    with progress("plausible worlds", worlds) as bar:
        done = bar and (lambda n: bar(completed=n, total=worlds))
        found = sensitivity(
            case, worlds, seed=result.about.seed, result=result, workers=workers, folder=folder.kept, done=done
        )
    return result.saying(uncertain=found.found)


def _require(language: "Language", excel: bool) -> None:
    """Say what is missing before anything runs; plotting loads slowly, and English needs no fonts but its own."""
    if language != "en":
        from trafficsim.plots import require_fonts

        require_fonts(language)
    if excel:
        from trafficsim.report import require_excel

        require_excel()


def _load_meanwhile(module: str) -> None:
    """Import what writes the answer while replicates run; whoever imports it later waits, and meets its errors."""
    Thread(target=import_module, args=(module,)).start()


@contextmanager
def _beside(customer_days: int, workers: int | None) -> "Iterator[Executor | None]":
    """A process that will draw half of the pictures, if much is to be run: it loads what it needs meanwhile."""
    from trafficsim.files.processes import load, processes
    from trafficsim.scenario.needs import processors

    if customer_days < MANY_CUSTOMER_DAYS or (workers or processors()) == 1:
        yield None
        return
    with processes(1) as executor:
        executor.submit(load, REPORT)
        yield executor


def _leaning(case: "Scenario", result: Any, workers: int | None, folder: "RunFolder") -> Any:
    with trials_on(workers) as executor:
        from trafficsim.study.leaning import lean, planned

        total = planned(case)
        with progress("replicates of assumed numbers", total) as bar:
            done = bar and (lambda _: bar(advance=1, total=total))
            return lean(case, result, workers=workers, executor=executor, folder=folder.kept, done=done)


def _print_result(result: Any, reader: "Language", folder: Path, written: list[str], as_json: bool) -> None:
    if as_json:
        from trafficsim.report.export import json_text

        print_json(json_text(result))
    else:
        from trafficsim.results.labelled import labelled

        _print_answer(labelled(result), reader)
        console().print(written_to(reader, folder, written))


def _print_answer(result: Any, reader: "Language") -> None:
    from trafficsim import report

    shown = console()
    shown.print(result.title, style="bold")
    for sentence in report.answer(result, language=reader):
        shown.print(sentence)
    shown.print()
    shown.print(report.terminal_table(result, language=reader))
