"""The command `compare`."""

from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trafficsim.cli.errors import resumable
from trafficsim.cli.options import (
    ArmsOption,
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
    needs_of,
    replicates_of,
    scenario_of,
    trials_on,
)
from trafficsim.cli.terminal import (
    announce_compilation,
    print_answer,
    print_json_of,
    print_written,
    progress,
    require,
)
from trafficsim.words.rounding import short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from trafficsim.cli.folder import RunFolder
    from trafficsim.scenario import Scenario
    from trafficsim.words.language import Language

REPORT = "trafficsim.report"
On = tuple[int | None, "Executor | None"]
"""Workers, and a cluster to use instead if there is one."""
MANY_CUSTOMER_DAYS = 100_000_000
"""Runs from so many on, which take a second or more, are worth a process that draws beside this one."""


def compare(
    scenario: ScenarioArgument,
    replicates: Annotated[
        str,
        typer.Option(
            metavar="N|FIRST:END",
            help="Replicates per arm, each with its own random numbers; 100:200 runs numbers 100 to 199 alone, for "
            "merge.",
        ),
    ] = "16",
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
    dask: DaskOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    add_arms: ArmsOption = None,
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
    levers: Annotated[
        list[str] | None,
        typer.Option(
            "--levers",
            "--lever",
            metavar="PATH=LOW:HIGH[:log]",
            help="Put a slider for this setting into the report, which then answers offline what arms come to where it "
            "is moved. Repeatable, up to six.",
        ),
    ] = None,
    past: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Go on from a state saved by run --save-state, all arms alike."),
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="Also write all tables to an Excel workbook, tables.xlsx.")
    ] = False,
    board: Annotated[
        bool, typer.Option("--board", help="Also write one page for a board: board.pdf, and the same as board.png.")
    ] = False,
    slides: Annotated[
        bool, typer.Option("--slides", help="Also write a few slides: slides.pdf, 16:9, an answer and a picture each.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Compare the arms (strategies) of a scenario on one population with common random numbers.

    Example: trafficsim compare restaurant --set private:posts.vip_group.per_week=1
    """
    case = scenario_of(scenario, set_, mechanism, add_arms, language=language)
    numbers = replicates_of(replicates)
    many = len(numbers) if isinstance(numbers, range) else numbers
    needs = needs_of(case, many, workers)
    enough = _enough(precision, until_decided)
    if isinstance(numbers, range):
        about_all = {"precision": precision, "until_decided": until_decided, "leans": leans, "uncertain": uncertain}
        _refuse_of_part(replicates, **about_all, levers=levers)
    reader = language_of(language) or case.language
    if leans:
        _refuse_leaning(case, many)
    _refuse_uncertain(case, uncertain)
    spans = _spans(case, levers, many)
    require(reader, excel)
    with cluster_at(dask) as executor, _beside(needs.customer_days, workers) as beside:
        from trafficsim.cli.folder import claim, set_aside
        from trafficsim.study import compare as run_comparison

        of_past = _past_of(case, past, seed, leans=leans, uncertain=uncertain, levers=levers)
        if out is None and not resume:
            set_aside(Path("results") / case.name, case, seed, past=of_past)
        folder = claim(out or Path("results") / case.name, case, seed, resume=resume, past=of_past)
        announce_compilation(reader)
        with resumable(folder):
            _load_meanwhile(REPORT)
            what = "replicates ({customer_days} customer-days)"
            with progress(reader, what, many, customer_days=short(needs.customer_days, language=reader)) as bar:
                # More than planned are run where they are added until the answer is precise.
                told = count(1)
                done = bar and (lambda _: bar(advance=1, total=max(many, next(told))))
                result = run_comparison(
                    case,
                    numbers,
                    seed,
                    workers=workers,
                    executor=executor,
                    folder=folder.kept,
                    enough=enough,
                    max_replicates=max_replicates,
                    past=past,
                    done=done,
                    repeat=command_given(),
                )
            on = workers, executor
            if leans:
                result = _leaning(case, result, on, folder, reader)
            if uncertain is not None:
                result = _weighed(case, result, uncertain, on, folder, reader)
            if spans:
                result = _levered(case, result, spans, on, folder, reader)
            if not as_json:  # what a reader waits for comes before the pictures
                print_answer(result, reader)
            wanted = {"excel": excel, "board": board, "slides": slides}
            written = folder.write(result, command_given(), language=reader, **wanted, beside=beside)
    if as_json:
        print_json_of(result, reader)
    else:
        print_written(reader, folder.path, written)


def _enough(precision: float | None, until_decided: bool) -> Any:
    if precision is None and not until_decided:
        return None
    if precision is not None and until_decided:
        raise typer.BadParameter("give --precision or --until-decided, not both")
    from trafficsim.study.until import decided, precise

    return precise(precision) if precision is not None else decided


def _refuse_of_part(part: str, **options: Any) -> None:
    """What is about all replicates can't be asked of some."""
    for name, value in options.items():
        if value:
            option = f"--{name.replace('_', '-')}"
            says = f"is about all replicates, --replicates {part} runs a part: leave one of them out"
            raise typer.BadParameter(says, param_hint=option)


def _past_of(case: "Scenario", past: Path | None, seed: int, **options: Any) -> str | None:
    """The hash of the past to go on from, checked before a folder is made."""
    if past is None:
        return None
    for name, value in options.items():
        if value:
            raise typer.BadParameter("moves numbers on which the past of --from hangs", param_hint=f"--{name}")
    from trafficsim.engine.past import read_past, refuse_other

    found = read_past(past)
    refuse_other(case, found, seed)
    return found.digest


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


def _spans(case: "Scenario", given: list[str] | None, replicates: int) -> dict[str, Any]:
    """What `--levers` asks for, refused before anything runs."""
    if not given:
        return {}
    from trafficsim.study.comparison import movable
    from trafficsim.study.varying import parse_vary

    if replicates < 2:
        raise typer.BadParameter(f"takes 2 replicates or more (got {replicates})", param_hint="--levers")
    asked_for = [parse_vary(each) for each in given]
    spans = dict(asked_for)
    if twice := next((path for n, (path, _) in enumerate(asked_for) if path in dict(asked_for[:n])), None):
        raise typer.BadParameter(f"{twice}: is given twice", param_hint="--levers")
    movable(case, spans)
    return spans


def _levered(
    case: "Scenario", result: Any, spans: dict[str, Any], on: On, folder: "RunFolder", reader: "Language"
) -> Any:
    from trafficsim.engine.running import Running
    from trafficsim.study.levering import levers, planned

    total = planned(len(spans))
    with progress(reader, "points of the levers", total) as bar:
        told = count(1)
        done = bar and (lambda _: bar(advance=1, total=max(total, next(told))))
        return levers(case, spans, result, **Running(*on, folder.kept, done).options)


def _weighed(case: "Scenario", result: Any, worlds: int, on: On, folder: "RunFolder", reader: "Language") -> Any:
    from trafficsim.engine.running import Running
    from trafficsim.study.weighing import sensitivity

    with progress(reader, "plausible worlds", worlds) as bar:
        done = bar and (lambda n: bar(completed=n, total=worlds))
        running = Running(*on, folder.kept, done)
        found = sensitivity(case, worlds, seed=result.about.seed, result=result, **running.options)
    return result.saying(uncertain=found.found)


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


def _leaning(case: "Scenario", result: Any, on: On, folder: "RunFolder", reader: "Language") -> Any:
    workers, cluster = on
    with trials_on(workers, cluster) as executor:
        from trafficsim.study.leaning import lean, planned

        total = planned(case)
        with progress(reader, "replicates of assumed numbers", total) as bar:
            done = bar and (lambda _: bar(advance=1, total=total))
            return lean(case, result, workers=workers, executor=executor, folder=folder.kept, done=done)
