"""The command `claims`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trafficsim.cli.errors import FAILED, resumable
from trafficsim.cli.options import (
    DaskOption,
    LanguageOption,
    MechanismOption,
    SeedOption,
    WorkersOption,
    cluster_at,
    help_language,
    language_of,
    load_own,
    needs_of,
    trials_on,
)
from trafficsim.cli.terminal import announce_compilation, console, heard, print_json_answer, progress
from trafficsim.words.rounding import short

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from trafficsim.cli.folder import RunFolder
    from trafficsim.scenario import Scenario
    from trafficsim.words.language import Language


def claims(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO]...", help="Scenario files or shipped cases (default: all)."),
    ] = None,
    robust: Annotated[
        bool, typer.Option("--robust", help="Also test each assumed number at both ends of its range.")
    ] = False,
    until_decided: Annotated[
        bool, typer.Option("--until-decided", help="Add replicates until nothing is undecided, also under --robust.")
    ] = False,
    replicates: Annotated[
        int | None, typer.Option(min=1, help="Replicates per arm (default: 16, or 3 with --small).")
    ] = None,
    max_replicates: Annotated[int, typer.Option(min=1, help="Upper limit for --until-decided.")] = 256,
    small: Annotated[
        bool, typer.Option("--small", help="Use a small sample, only to check that claims can be evaluated.")
    ] = False,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    dask: DaskOption = None,
    out: Annotated[Path, typer.Option(help="Output folder, with a subfolder per scenario.")] = Path("results/claims"),
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted run.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
    language: LanguageOption = None,
    mechanism: MechanismOption = None,
) -> None:
    """Test the facts and claims of scenarios by simulation.

    Facts come first: where a scenario misses what was observed, what its claims come to is marked so. The exit code is
    1 if some fact or claim has no value. A missed fact and a contradicted claim are results, not failures.
    """
    load_own(mechanism)
    reader, cases = language_of(language), _with_claims(scenarios)
    from trafficsim.scenario.claim_checks import against_no_pools
    from trafficsim.study.examine import SMALL_REPLICATES, sampled

    many = replicates or (SMALL_REPLICATES if small else 16)
    cases = [case.in_language(reader) for case in cases] if reader else cases
    cases = [sampled(case) for case in cases] if small else cases
    needs = [needs_of(case, many, workers, without_pools=against_no_pools(case.tested.values())) for case in cases]
    asked = _Asked(many, seed, until_decided, max_replicates, robust, small, workers, out, resume)
    announce_compilation(reader or help_language(sys.argv))
    found = []
    with cluster_at(dask) as cluster, trials_on(workers, cluster) if robust else nullcontext(cluster) as executor:
        for case, need in zip(cases, needs, strict=True):
            examined = _examined(case, asked, need.customer_days, executor)
            if examined is None:
                continue
            found.append(examined)
            if not as_json:
                _print_claims(examined, reader)
    _end(found, reader, as_json, missing=len(cases) - len(found))


@dataclass(frozen=True)
class _Asked:
    """How all scenarios are tested."""

    replicates: int
    seed: int
    until_decided: bool
    max_replicates: int
    robust: bool
    small: bool
    workers: int | None
    out: Path
    resume: bool


def _with_claims(names: list[str] | None) -> list["Scenario"]:
    """The scenarios named, or all shipped ones that hold facts or claims; the mistakes of all of them at once."""
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
    silent = [case.name for case in found if not case.tested]
    if names and silent:
        raise typer.BadParameter(f"{', '.join(silent)}: no facts or claims", param_hint="SCENARIO")
    return [case for case in found if case.tested]


def _examined(case: "Scenario", asked: _Asked, customer_days: int, executor: "Executor | None") -> Any:
    """What became of the claims of a scenario, once written; None, and said why, if its arms can't cost the same."""
    from trafficsim.study.equal_money import CannotEqualiseError
    from trafficsim.study.examine import examine

    try:
        with _testing(case, asked, customer_days) as (folder, done):
            examined = examine(
                case,
                asked.replicates,
                asked.seed,
                until_decided=asked.until_decided,
                max_replicates=asked.max_replicates,
                robust=asked.robust,
                small=asked.small,
                workers=asked.workers,
                executor=executor,
                folder=folder.kept,
                done=done,
            )
            folder.write_claims(examined)
    except CannotEqualiseError as error:
        print(heard(f"{case.name}: {error}"), file=sys.stderr)  # the other cases can still be tested
        return None
    return examined


@contextmanager
def _testing(
    case: "Scenario", asked: _Asked, customer_days: int
) -> Iterator[tuple["RunFolder", Callable[[int], None] | None]]:
    """The folder of a test and what to tell it of finished replicates."""
    from trafficsim.cli.folder import claim
    from trafficsim.study.examine import planned

    path = asked.out / (f"{case.name}-small" if asked.small else case.name)
    folder = claim(path, case, asked.seed, resume=asked.resume and (path.exists() or not asked.out.exists()))
    total = planned(case, asked.replicates, robust=asked.robust)
    in_all = short(customer_days * total // asked.replicates, language=case.language)
    text = "{case} replicates ({customer_days} customer-days)"
    with resumable(folder), progress(case.language, text, total, case=case.name, customer_days=in_all) as bar:
        told = count(1)  # more than planned are run where they are added until the answer is precise
        yield folder, bar and (lambda _: bar(advance=1, total=max(total, next(told))))


def _print_claims(examined: Any, reader: "Language | None") -> None:
    from trafficsim import report

    console().print(report.claims_table(examined, reader))


def _end(found: list[Any], reader: "Language | None", as_json: bool, missing: int) -> None:
    _print_all(found, reader, as_json)
    evaluated = all(examined.evaluated for examined in found)
    if not evaluated:
        says = "Some facts or claims can't be evaluated: a metric has no value in any replicate."
        print(heard(says), file=sys.stderr)
    if missing or not evaluated:
        raise typer.Exit(FAILED)


def _print_all(found: list[Any], reader: "Language | None", as_json: bool) -> None:
    from trafficsim import report

    if as_json:
        print_json_answer("claims", {"scenarios": [report.claims_json(examined) for examined in found]})
    else:
        console().print(report.summed_up(found, reader))
