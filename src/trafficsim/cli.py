"""The command line: arguments become calls of the functions that anyone can call from Python.

Exit status: 0 done, 1 failed while running, 2 bad input. Slow imports stand inside the commands that need them, so that
`--help` and `check` answer at once.
"""

import codecs
import io
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trafficsim.rounding import short

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from trafficsim.folder import RunFolder
    from trafficsim.language import Language
    from trafficsim.scenario import Scenario

app = typer.Typer(
    name="trafficsim",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ScenarioArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped case.")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="[ARM:]PATH=VALUE", help="Change a setting, of all arms or of one.")
]
SeedOption = Annotated[int, typer.Option(help="Decides who the customers are and what luck they meet.")]
LanguageOption = Annotated[
    str | None, typer.Option(metavar="en|zh", help="Of what is written; the scenario's unless given.")
]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Side by side; as many as processors unless given.")]


def main() -> None:
    """Run the command line; the entry point of the command `trafficsim`."""
    _speak_anywhere()
    with _mistakes_told():
        app()


def _speak_anywhere() -> None:
    """No character that a terminal or pipe can't take may end a run; plain ASCII is taken for a forgotten locale."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            forgotten = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if forgotten else stream.encoding, errors="replace")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"trafficsim {version('trafficsim')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Simulate how customers move between public platforms, stores and private pools."""


@app.command()
def compare(
    scenario: ScenarioArgument,
    replicates: Annotated[
        int, typer.Option(min=1, help="How often the world is run with other customers and luck.")
    ] = 16,
    precision: Annotated[
        float | None,
        typer.Option(min=0.001, help="Add replicates until profit differences are known within this share."),
    ] = None,
    until_decided: Annotated[
        bool, typer.Option("--until-decided", help="Add replicates until every profit difference has a sign.")
    ] = False,
    max_replicates: Annotated[
        int, typer.Option(min=1, help="The most that the two options above may add up to.")
    ] = 256,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    set_: SetOption = None,
    out: Annotated[Path | None, typer.Option(help="Where to write; results/NAME unless given.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a comparison that was interrupted.")] = False,
    language: Annotated[
        str | None, typer.Option(metavar="en|zh", help="Of the report and the pictures; the scenario's unless given.")
    ] = None,
    leans: Annotated[
        bool,
        typer.Option(
            "--leans", help="Also move each assumed number to both ends of its range, to say what the answer leans on."
        ),
    ] = False,
    excel: Annotated[bool, typer.Option("--excel", help="Also write all tables as a workbook, tables.xlsx.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Compare the arms of a scenario: the same customers, the same luck, another strategy."""
    case = _load(scenario, set_)
    needs = _needs(case, replicates, workers)
    enough = _enough(precision, until_decided)
    reader = _reader(language, case)
    _refuse_leaning(leans, case, replicates)
    _require(reader, excel)
    from trafficsim.folder import claim
    from trafficsim.study import compare as run_comparison

    folder = claim(out or Path("results") / case.name, case, seed, resume=resume)
    _announce_compilation()
    with _resumable(folder):
        _load_meanwhile("trafficsim.report")
        with _progress(f"replicates ({short(needs.customer_days)} customer-days)", replicates) as bar:
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
                repeat=_command(),
            )
        if leans:
            with _trials_on(workers) as executor:
                result = _leaning(case, result, workers, executor, folder)
        written = folder.write(case, result, _command(), language=reader, excel=excel)
    if as_json:
        from trafficsim.report.export import json_text

        _print_json(json_text(result))
    else:
        _print_answer(result, folder.path, written)


@app.command()
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
    out: Annotated[Path | None, typer.Option(help="Where to write; results/NAME_sweep unless given.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a sweep that was interrupted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Compare two arms over levels of a few settings: a map, a break-even line, or where they tie."""
    case = _load(scenario, set_)
    from trafficsim.folder import claim
    from trafficsim.plots import require_fonts
    from trafficsim.sweep_command import Asked, run_sweep

    require_fonts(case.language)
    asked = Asked.read(vary or [], with_ or [], solve, design, points, metric, arms, replicates, seed)
    units = asked.units(case)
    folder = claim(out or Path("results") / f"{case.name}_sweep", case, seed, resume=resume, sweep=asked.identity())
    _announce_compilation()
    with _resumable(folder):
        with _progress("replicates of points", units) as bar:
            done = bar and (lambda n: bar(completed=n))
            found = run_sweep(case, asked, workers=workers, folder=folder.kept, done=done)
        written = found.write(folder, case, _command())
    if as_json:
        _print_json(found.json_text())
    else:
        print(found.text(), end="")
        print(f"Written to {folder.path}: {', '.join(written)}")


@app.command()
def run(
    scenario: ScenarioArgument,
    arm: Annotated[str, typer.Option(help="Which arm.")],
    seed: SeedOption = 1,
    set_: SetOption = None,
    profile: Annotated[bool, typer.Option("--profile", help="Print what time each mechanism took instead.")] = False,
) -> None:
    """Run one arm once, and print a table by day."""
    case = _load(scenario, set_)
    if arm not in case.arms:
        raise typer.BadParameter(f"no arm {arm!r}; this scenario has {', '.join(case.arms)}", param_hint="--arm")
    _announce_compilation()
    from trafficsim.journal import as_text, by_day, profile_as_text
    from trafficsim.world import start

    world = start(case, arm, seed)
    print(profile_as_text(world) if profile else as_text(by_day(world.run(), case)))


@app.command()
def journey(
    scenario: ScenarioArgument,
    customer: Annotated[int | None, typer.Option(help="The customer's number, from 0.")] = None,
    pick: Annotated[
        str | None,
        typer.Option(
            metavar="apart|joiner|buyer|told|invited|lost|won_back",
            help="Look for a customer of this kind instead: the one whose orders differ most between the arms.",
            show_default="apart",
        ),
    ] = None,
    arms: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Which two arms.", show_default=False)
    ] = None,
    seed: SeedOption = 1,
    replicate: Annotated[int, typer.Option(min=0, help="Which replicate of a comparison.")] = 0,
    set_: SetOption = None,
    language: LanguageOption = None,
    out: Annotated[Path | None, typer.Option(help="Also write it here: FILE.html, FILE.csv or FILE.png.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Follow one customer in two worlds: everything that touched them, by day, and where the two arms part."""
    if customer is not None and pick is not None:
        raise typer.BadParameter("give --customer or --pick, not both")
    case = _load(scenario, set_)
    _announce_compilation()
    from trafficsim.journey_command import run_journey

    wanted = customer if customer is not None else pick or "apart"
    print(run_journey(case, wanted, arms, seed, replicate, language, out, as_json), end="")


@app.command()
def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files or shipped cases.")],
    replicates: Annotated[int, typer.Option(min=1, help="For foreseeing memory and time.")] = 16,
    workers: WorkersOption = None,
) -> None:
    """Validate scenarios without running them, and foresee what `compare` would take."""
    from trafficsim.scenario import ScenarioError

    bad = False
    for name in scenarios:
        try:
            case = _load(name, None)
            needs = _needs(case, replicates, workers)
        except ScenarioError as error:
            print(error, file=sys.stderr)
            bad = True
            continue
        print(
            f"{name}: fine. {len(case.arms)} arms x {replicates} replicates x {case.days} days:"
            f" about {needs.memory_bytes / 1e9:.1f} GB of memory,"
            f" {needs.seconds_low:.0f} to {needs.seconds_high:.0f} s, once compiled."
        )
    if bad:
        raise typer.Exit(2)


@app.command()
def claims(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO]...", help="Scenario files or shipped cases; all shipped that hold claims."),
    ] = None,
    robust: Annotated[
        bool, typer.Option("--robust", help="Also try assumed numbers at both ends of their ranges, one at a time.")
    ] = False,
    until_decided: Annotated[
        bool, typer.Option("--until-decided", help="Add replicates until no claim is undecided, in trials too.")
    ] = False,
    replicates: Annotated[
        int | None, typer.Option(min=1, help="How often the world is run; 16 unless given, 3 with --small.")
    ] = None,
    max_replicates: Annotated[int, typer.Option(min=1, help="The most that --until-decided may add up to.")] = 256,
    small: Annotated[
        bool, typer.Option("--small", help="A small sample of customers, to see that all claims can be evaluated.")
    ] = False,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: Annotated[Path, typer.Option(help="Where to write, one folder for each scenario.")] = Path("results/claims"),
    resume: Annotated[bool, typer.Option("--resume", help="Go on with tests that were interrupted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
) -> None:
    """Put the claims of scenarios to the test. A contradicted claim is a finding; one without a value ends with 1."""
    cases = _with_claims(scenarios)
    from trafficsim.study.equal_money import CannotEqualiseError
    from trafficsim.study.examine import SMALL_REPLICATES, examine, sampled

    many = replicates or (SMALL_REPLICATES if small else 16)
    cases = [sampled(case) for case in cases] if small else cases
    needs = [_needs(case, many, workers) for case in cases]
    _announce_compilation()
    found = []
    with _trials_on(workers) if robust else nullcontext() as executor:
        for case, need in zip(cases, needs, strict=True):
            try:
                with _testing(case, out, seed, many, need, robust, small, resume) as (folder, done):
                    examined = examine(
                        case,
                        many,
                        seed,
                        until_decided=until_decided,
                        max_replicates=max_replicates,
                        robust=robust,
                        small=small,
                        workers=workers,
                        executor=executor,
                        folder=folder.kept,
                        done=done,
                    )
                    folder.write_claims(examined)
            except CannotEqualiseError as error:
                print(f"{case.name}: {error}", file=sys.stderr)  # the other cases can still be tested
                continue
            found.append(examined)
            if not as_json:
                _print_claims(examined)
    _end_claims(found, as_json, missing=len(cases) - len(found))


@app.command("app")
def dashboard(
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="A scenario file or shipped case to begin with.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="Of the server; the first free one from 8501 unless given.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Open the dashboard: move levers and see what comes of it. It needs the extra [app] and no network."""
    from trafficsim.app import start

    if scenario is not None:
        _load(scenario, None)
    raise typer.Exit(start.serve(scenario, port, browser=not no_browser, tell=partial(print, flush=True)))


@app.command()
def new(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="Where to write, such as my.yaml.")] = None,
    kind: Annotated[str | None, typer.Option(help="shop, restaurant, online or durable.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    customers: Annotated[str | None, typer.Option(metavar="COUNT", help="People whom it could reach.")] = None,
    days_between_needs: Annotated[
        str | None, typer.Option(metavar="DAYS", help="Between two occasions on which one of them buys such a thing.")
    ] = None,
    price: Annotated[str | None, typer.Option(metavar="CNY", help="Of one usual purchase.")] = None,
    unit_cost: Annotated[str | None, typer.Option(metavar="CNY", help="Of its goods.")] = None,
    ad_budget: Annotated[str | None, typer.Option(metavar="CNY", help="A day, for advertisements; 0 for none.")] = None,
    pool: Annotated[str | None, typer.Option(help="The private pool: group, wecom, account or app.")] = None,
    staff: Annotated[str | None, typer.Option(metavar="COUNT", help="People who look after the pool.")] = None,
    wage: Annotated[str | None, typer.Option(metavar="CNY", help="A day, of each of them.")] = None,
    language: Annotated[str | None, typer.Option(help="en or zh: of the file and its reports.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: take what is usual for all that isn't given.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a commented scenario for a business of your own; on a terminal, asks for what isn't given."""
    from trafficsim.new import Terminal, write_new

    options = {
        "language": language, "kind": kind, "name": name, "customers": customers,
        "days_between_needs": days_between_needs, "price": price, "unit_cost": unit_cost, "ad_budget": ad_budget,
        "pool": pool, "staff": staff, "wage": wage,
    }  # fmt: skip
    someone = sys.stdin.isatty() and sys.stdout.isatty()
    terminal = Terminal(input, partial(print, file=sys.stderr)) if someone else None
    print(write_new(file, options, terminal, yes=yes, force=force))


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for editors."""
    import json

    from trafficsim.scenario import json_schema

    _print_json(json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n")


def _load(name: str, settings: list[str] | None) -> "Scenario":
    from trafficsim.scenario import load, parse_settings

    case = load(name)
    return case.replace(parse_settings(settings)) if settings else case


def _with_claims(names: list[str] | None) -> list["Scenario"]:
    """The scenarios named, or all shipped ones that hold claims; the mistakes of all of them at once."""
    from trafficsim.scenario import Mistake, ScenarioError, load, shipped

    found: list[Scenario] = []
    mistakes: list[Mistake] = []
    for name in dict.fromkeys(names or shipped()):
        try:
            found.append(load(name))
        except ScenarioError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ScenarioError(mistakes)
    silent = [case.name for case in found if not case.claims]
    if names and silent:
        raise typer.BadParameter(f"{', '.join(silent)}: no claims", param_hint="SCENARIO")
    return [case for case in found if case.claims]


@contextmanager
def _testing(
    case: "Scenario", out: Path, seed: int, replicates: int, needs: Any, robust: bool, small: bool, resume: bool
) -> Iterator[tuple["RunFolder", Callable[[int], None] | None]]:
    """The folder of a test and what to tell it of finished replicates."""
    from trafficsim.folder import claim
    from trafficsim.study.examine import planned

    path = out / (f"{case.name}-small" if small else case.name)
    folder = claim(path, case, seed, resume=resume and (path.exists() or not out.exists()))
    total = planned(case, replicates, robust=robust)
    customer_days = needs.customer_days * total // replicates
    with (
        _resumable(folder),
        _progress(f"{case.name} replicates ({short(customer_days)} customer-days)", total) as bar,
    ):
        told = count(1)  # more than planned are run where they are added until the answer is precise
        yield folder, bar and (lambda _: bar(advance=1, total=max(total, next(told))))


def _print_claims(examined: Any) -> None:
    from trafficsim import report

    _console().print(report.claims_table(examined))


def _end_claims(found: list[Any], as_json: bool, missing: int) -> None:
    import json

    from trafficsim import report

    if as_json:
        _print_json(
            json.dumps([report.claims_json(examined) for examined in found], ensure_ascii=False, indent=2) + "\n"
        )
    else:
        _console().print(report.summed_up(found))
    evaluated = all(examined.evaluated for examined in found)
    if not evaluated:
        print("Some claims can't be evaluated: a metric has no value in any replicate.", file=sys.stderr)
    if missing or not evaluated:
        raise typer.Exit(1)


def _needs(case: "Scenario", replicates: int, workers: int | None) -> Any:
    from trafficsim.scenario import estimate
    from trafficsim.scenario.needs import processors

    return estimate(case, replicates, workers or processors())


def _enough(precision: float | None, until_decided: bool) -> Any:
    if precision is None and not until_decided:
        return None
    if precision is not None and until_decided:
        raise typer.BadParameter("give --precision or --until-decided, not both")
    from trafficsim.study.comparison import decided, precise

    return precise(precision) if precision is not None else decided


def _reader(language: str | None, case: "Scenario") -> "Language":
    from trafficsim.language import LANGUAGES

    for known in LANGUAGES:
        if known == (language or case.language):
            return known
    raise typer.BadParameter(f"no language {language!r}; there are {', '.join(LANGUAGES)}", param_hint="--language")


def _load_meanwhile(module: str) -> None:
    """Import what writes the answer while replicates run; whoever imports it later waits, and meets its errors."""
    Thread(target=import_module, args=(module,)).start()


def _refuse_leaning(wanted: bool, case: "Scenario", replicates: int) -> None:
    if not wanted:
        return
    from trafficsim.study.robust import REPLICATES

    if len(case.arms) < 2:
        raise typer.BadParameter("one arm alone has no lead that could lean on anything", param_hint="--leans")
    if replicates < REPLICATES:
        raise typer.BadParameter(f"takes {REPLICATES} replicates or more (got {replicates})", param_hint="--leans")


@contextmanager
def _trials_on(workers: int | None) -> Iterator["Executor | None"]:
    """What trials of assumed numbers run on: processes, unless there is one worker."""
    from trafficsim.processes import processes
    from trafficsim.scenario.needs import processors

    many = workers or processors()
    if many == 1:
        yield None
        return
    with processes(many) as executor:
        yield executor


def _leaning(
    case: "Scenario", result: Any, workers: int | None, executor: "Executor | None", folder: "RunFolder"
) -> Any:
    from trafficsim.study.leaning import lean, planned

    total = planned(case)
    with _progress("replicates of assumed numbers", total) as bar:
        done = bar and (lambda _: bar(advance=1, total=total))
        return lean(case, result, workers=workers, executor=executor, folder=folder.kept, done=done)


def _require(language: "Language", excel: bool) -> None:
    """Say what is missing before anything runs; plotting loads slowly, and English needs no fonts but its own."""
    if language != "en":
        from trafficsim.plots import require_fonts

        require_fonts(language)
    if excel:
        from trafficsim.report import require_excel

        require_excel()


def _announce_compilation() -> None:
    from trafficsim.compiled import is_warm

    if not is_warm():
        print("Compiling the rules once for this machine; this takes about half a minute.", file=sys.stderr, flush=True)


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Callable[..., None] | None]:
    """A bar with the remaining time on standard error, if that is a terminal; yields what moves it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield partial(bar.update, bar.add_task(what, total=total))


@contextmanager
def _resumable(folder: "RunFolder") -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if _is_interrupted(error):
            print("\nInterrupted. What is finished is kept; add --resume to go on.", file=sys.stderr)
            raise SystemExit(1) from None
        if isinstance(error, Exception):
            folder.give_back()
        raise


def _is_interrupted(error: BaseException | None) -> bool:
    """Whether somebody stopped the run, be it in the middle of writing, where closing the file then fails too."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


@contextmanager
def _mistakes_told() -> Iterator[None]:
    """Bad input is told in plain lines with exit status 2, what fails in a run with 1; anything else is a defect."""
    try:
        yield
    except ValueError as error:
        from trafficsim.scenario import ScenarioError

        told = {"ScenarioError": 2, "FolderInUseError": 2, "SweepError": 2, "JourneyError": 2}
        told |= {"CannotEqualiseError": 1, "NobodyError": 1}  # found out by running
        told |= {"NoFontError": 1, "MissingExcelError": 1, "CannotStartError": 1}
        if not isinstance(error, ScenarioError) and type(error).__name__ not in told:
            raise
        print(error, file=sys.stderr)
        raise SystemExit(told.get(type(error).__name__, 2)) from None
    except BrokenPipeError:
        raise SystemExit(1) from None
    except RuntimeError as error:
        if type(error).__name__ != "BrokenProcessPool":
            raise
        print("The system ended a process, perhaps for want of memory; --workers 1 takes least.", file=sys.stderr)
        raise SystemExit(1) from None
    except OSError as error:
        print(f"{error.filename}: {error.strerror}" if error.filename else error, file=sys.stderr)
        raise SystemExit(1) from None


def _command() -> str:
    return shlex.join(["trafficsim", *sys.argv[1:]])


def _print_json(text: str) -> None:
    """JSON is UTF-8 whatever the locale."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(text, end="")


def _print_answer(result: Any, folder: Path, written: list[str]) -> None:
    from trafficsim import report

    console = _console()
    console.print(result.title, style="bold")
    for sentence in report.answer(result):
        console.print(sentence)
    console.print()
    console.print(report.terminal_table(result))
    console.print(f"Written to {folder}: {', '.join(written)}")


def _console() -> Any:
    """Standard output, 80 columns wide where it is no terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 80, highlight=False, soft_wrap=False)
